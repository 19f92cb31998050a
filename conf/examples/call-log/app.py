# SPDX-License-Identifier: Apache-2.0
"""Call-status log: one line, a JSON object, for each change of a call's status.

The idea is that of SignalWire's guide to voice status callbacks. Forms, queries
and JSON make no difference here: mod_signalwire sends the values as header
fields.

Configured by the environment: CALL_LOG names the file, PORT the port. The
<SignalWireWebhook> block of call-log.conf verifies requests. The port is open on
127.0.0.1 only, so that no client can bypass the block.
"""

import fcntl
import json
import os
from datetime import datetime, timezone
from urllib.parse import unquote

from flask import Flask, request

CALL_LOG = os.environ.get("CALL_LOG", "/var/lib/signalwire/call-log/calls.log")
EVENTS = ("voice.status", "call.state")
FIELDS = ("Call-Id", "Status", "Direction", "From", "To", "Caller-Name",
          "Duration", "Reason", "Sip-Code")

app = Flask(__name__)


@app.route("/call-log", methods=["GET", "POST"])
def call_status():
    if field("Event") in EVENTS:
        append(entry())
    return "", 204


def field(name):
    """A field of the event. mod_signalwire percent-encodes UTF-8."""
    return unquote(request.headers.get("SignalWire-" + name, ""))


def entry():
    line = {"time": field("Time") or now()}
    for name in FIELDS:
        if value := field(name):
            line[name.lower().replace("-", "_")] = value
    return line


def now():
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def append(line):
    """JSON in ASCII: no value can start a line of its own, or control the
    terminal of a reader of the log."""
    with open(CALL_LOG, "a", opener=private) as log:
        fcntl.flock(log, fcntl.LOCK_EX)
        log.write(json.dumps(line) + "\n")


def private(path, flags):
    return os.open(path, flags, 0o600)


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ.get("PORT", "8081")))
