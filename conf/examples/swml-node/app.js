// SPDX-License-Identifier: Apache-2.0
//
// Dynamic SWML: greets known callers by name, and forwards the call depending on
// the number called. The idea is that of SignalWire's guide to handling incoming
// calls from code.
//
// Configured by the environment: GREETINGS names a file like greetings.json,
// which is read at start, PORT the port. The <SignalWireWebhook> block of
// swml-node.conf verifies requests. The port is open on 127.0.0.1 only, so that
// no client can bypass the block.
'use strict';

const fs = require('fs');
const http = require('http');
const path = require('path');

const file = process.env.GREETINGS || path.join(__dirname, 'greetings.json');
const greetings = JSON.parse(fs.readFileSync(file, 'utf8'));
const callers = new Map(Object.entries(greetings.callers));
const numbers = new Map(Object.entries(greetings.numbers));

http.createServer((request, response) => {
    request.resume();   // header fields have all values of the body
    if (field(request, 'Event') === 'swml.call') {
        const document = answer(field(request, 'From'), field(request, 'To'));
        response.setHeader('Content-Type', 'application/json');
        response.end(JSON.stringify(document));
    } else {
        // A callback wants no document; other documents are not served.
        response.statusCode = field(request, 'Response') === 'none' ? 204 : 404;
        response.end();
    }
}).listen(Number(process.env.PORT || 8083), '127.0.0.1');

// A field of the event. mod_signalwire percent-encodes UTF-8; anything else is no
// value, and must not end the process.
function field(request, name) {
    try {
        return decodeURIComponent(request.headers[`signalwire-${name.toLowerCase()}`] || '');
    } catch {
        return '';
    }
}

function answer(from, to) {
    const number = numbers.get(to);
    const main = [
        { answer: {} },
        { play: { url: `say:${greeting(from, number)}` } },
        number && number.forward ? { connect: { to: number.forward } } : { hangup: {} },
    ];
    return { version: '1.0.0', sections: { main } };
}

function greeting(from, number) {
    const who = callers.get(from) || spoken(from);
    const hello = who ? `Hello ${who}` : 'Hello';
    return number ? `${hello}, this is ${number.name}.` : `${hello}.`;
}

// SWML evaluates ${...} and %{...} in its strings, and callers choose their names:
// only digits are spoken.
function spoken(from) {
    const match = /^\+?\d{0,11}(\d{4})$/.exec(from);
    return match ? `caller ${[...match[1]].join(' ')}` : '';
}
