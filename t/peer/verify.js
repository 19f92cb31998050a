// SPDX-License-Identifier: Apache-2.0
// What SignalWire's own validators say of requests, and how theirs would sign.
//
//     node verify.js PEER-DIRECTORY REQUESTS
//
// REQUESTS is a JSON list of {key, url, type, body, signature}. Express parses
// the body of the compatibility API's validator; here the parsers that Express
// uses do it. A validator that throws does not accept.
const fs = require('fs');
const path = require('path');
const querystring = require('querystring');

const [peers, file] = process.argv.slice(2);
const modules = path.join(path.resolve(peers), 'node_modules', '@signalwire');
const compat = require(path.join(modules, 'compatibility-api', 'lib', 'webhooks', 'webhooks.js'));
const webapi = require(path.join(modules, 'web-api'));

function parsed({ type, body }) {
    if (type === 'application/json') return JSON.parse(body);
    if (type === 'application/x-www-form-urlencoded') return { ...querystring.parse(body, null, null, { maxKeys: 0 }) };
    return {};
}

function accepts(validate) {
    try {
        return validate() === true;
    } catch (error) {
        return false;
    }
}

function judge(r) {
    const request = () => ({ body: parsed(r), rawBody: r.body, header: (name) => name === 'X-SignalWire-Signature' ? r.signature : undefined });
    return {
        compat: accepts(() => compat.validateExpressRequest(request(), r.key, { url: r.url })),
        webapi: accepts(() => webapi.validateRequest(r.key, r.signature, r.url, r.body)),
        signature: r.type === 'application/json' ? null : compat.getExpectedTwilioSignature(r.key, r.url, parsed(r)),
    };
}

console.warn = () => {};
process.stdout.write(JSON.stringify(JSON.parse(fs.readFileSync(file, 'utf8')).map(judge)));
