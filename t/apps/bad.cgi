#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Answers as the path says: with a reply that the test has written into the
# directory REPLIES, or wrongly in a way that no file can.
cat >/dev/null
case $PATH_INFO in
/silent)
    ;;
/headless)
    echo 'Can'\''t locate Some/Module.pm'
    ;;
/killed)
    cat "$REPLIES/half"
    kill -KILL $$
    ;;
/failing)
    cat "$REPLIES/half"
    exit 1
    ;;
/endless)                   # ends when the client has got its answer
    cat "$REPLIES/large"
    for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        test ! -e "$REPLIES/answered" || exit 0
        sleep 0.1
    done
    : >"$REPLIES/waited"
    ;;
*)
    exec cat "$REPLIES$PATH_INFO"
    ;;
esac
