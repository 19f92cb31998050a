#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# Goes on when the file WORD.go appears in the directory DONE, says a lot, and
# leaves there at its end what it got. WORD is the end of the path; "fail-..."
# ends without any head.
use Digest::SHA qw(sha256_hex);

binmode STDIN;
my $body = do { local $/; <STDIN> } // '';
my ($word) = $ENV{PATH_INFO} =~ m{([\w-]+)\z};
open my $begun, '>', "$ENV{DONE}/$word.begun" or die "$ENV{DONE}/$word.begun: $!\n";
for (1 .. 1000) {
    last if -e "$ENV{DONE}/$word.go";
    select undef, undef, undef, 0.01;
}
$| = 1;
if ($word !~ /^fail-/) {
    print "Content-Type: text/plain\n\n";
    print 'x' x 1000, "\n" for 1 .. 300;
}
open my $out, '>', "$ENV{DONE}/$word" or die "$ENV{DONE}/$word: $!\n";
print {$out} sha256_hex($body), ' ', $ENV{SIGNALWIRE_EVENT} // $ENV{HTTP_SIGNALWIRE_EVENT} // 'none';
close $out;
rename "$ENV{DONE}/$word", "$ENV{DONE}/$word.done";
