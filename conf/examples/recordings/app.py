# SPDX-License-Identifier: Apache-2.0
"""Recordings by mail: makes a message of each recording, and of each
transcription, and leaves it in a folder for a mailer to send.

The idea is that of SignalWire's guides to recording and transcription status
callbacks.

Configured by the environment: OUTBOX names the folder, MAIL_FROM and MAIL_TO
the addresses, PORT the port. The <SignalWireWebhook> block of recordings.conf
verifies requests. The port is open on 127.0.0.1 only, so that no client can
bypass the block.
"""

import os
import tempfile
import uuid
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime
from urllib.parse import unquote

from flask import Flask, request

OUTBOX = os.environ.get("OUTBOX", "/var/spool/signalwire/recordings")
MAIL_FROM = os.environ.get("MAIL_FROM", "telephone@example.com")
MAIL_TO = os.environ.get("MAIL_TO", "office@example.com")

app = Flask(__name__)


@app.route("/recordings", methods=["GET", "POST"])
def recorded():
    kind = field("Event")
    if kind in ("voice.recording", "call.record"):
        if field("Status") in ("completed", "finished") and field("Recording-Url"):
            keep(recording())
    elif kind in ("voice.transcription", "call.transcript"):
        if field("Status") == "completed":
            keep(transcription())
    return "", 204


def field(name):
    """A field of the event. mod_signalwire percent-encodes UTF-8."""
    return unquote(request.headers.get("SignalWire-" + name, ""))


def recording():
    return message("Recording", field("Recording-Id") or field("Recording-Url"), [
        f"Length: {field('Recording-Duration') or field('Duration') or '?'} s",
        field("Recording-Url"),
    ])


def transcription():
    return message("Transcription", field("Transcription-Id") or field("Id"), [
        transcript(),
        field("Recording-Url"),
    ])


def transcript():
    """A text that is too long for header fields is missing there, but is in
    the body, which arrives unchanged."""
    if "SignalWire-Transcript" in request.headers:
        return field("Transcript")
    if field("Format") == "form":
        return request.form.get("TranscriptionText", "")
    body = request.get_json(force=True, silent=True)
    params = body.get("params") if isinstance(body, dict) else None
    return str(params.get("text") or "") if isinstance(params, dict) else ""


def message(what, identity, lines):
    """The Message-ID is made from the identity, hence the same when SignalWire
    repeats a callback."""
    caller = field("From")
    mail = EmailMessage(policy=SMTP)
    mail["From"] = MAIL_FROM
    mail["To"] = MAIL_TO
    mail["Date"] = localtime()
    mail["Message-ID"] = f"<{uuid.uuid5(uuid.NAMESPACE_URL, what + ' ' + identity)}@signalwire>"
    mail["Subject"] = one_line(f"{what} of a call" + (f" from {caller}" if caller else ""))
    mail.set_content(plain("\n\n".join([f"Call: {field('Call-Id')}", *lines])) + "\n")
    return mail


def one_line(text):
    """EmailMessage refuses line breaks in a header: replace them."""
    return "".join(c if c.isprintable() else " " for c in text)[:200]


def plain(text):
    return "".join(c for c in text if c.isprintable() or c == "\n")


def keep(mail):
    """smtplib.SMTP("localhost").send_message(mail) would send it instead.
    No part of the file name came over the wire."""
    name = mail["Message-ID"].strip("<>").partition("@")[0] + ".eml"
    with tempfile.NamedTemporaryFile(dir=OUTBOX, delete=False) as file:
        file.write(mail.as_bytes())
    os.replace(file.name, os.path.join(OUTBOX, name))


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ.get("PORT", "8082")))
