// SPDX-License-Identifier: Apache-2.0
// Documents as builders of others write them: SignalWire's compatibility API
// and Twilio's library, whose documents SignalWire takes too.
//
//     node documents.js PEER-DIRECTORY
//
// Prints a JSON list of {name, channel, text}.
const path = require('path');

const [peers] = process.argv.slice(2);
const modules = path.join(path.resolve(peers), 'node_modules');
const compat = require(path.join(modules, '@signalwire', 'compatibility-api')).RestClient.LaML;
const twiml = path.join(modules, 'twilio', 'lib', 'twiml');
const builders = {
    compatibility: compat,
    twilio: {
        VoiceResponse: require(path.join(twiml, 'VoiceResponse.js')),
        MessagingResponse: require(path.join(twiml, 'MessagingResponse.js')),
        FaxResponse: require(path.join(twiml, 'FaxResponse.js')),
    },
};
const url = 'https://hooks.example.com/next?a=1&b=<2>';
const text = 'Grüße & "Größe" <b> 日本 😀';

// What is built in a call; false: not by this library.
const call = {
    empty: () => {},
    say: (r) => { r.say(text); r.say({ voice: 'alice', language: 'en-GB', loop: 2 }, 'Hello'); },
    ssml: (r) => {
        const say = r.say({ voice: 'Polly.Joanna' }, 'Hello');
        say.break_ ? say.break_({ strength: 'weak', time: '100ms' }) : say.break({ time: '100ms' });
        say.emphasis({ level: 'strong' }, text);
        say.prosody({ pitch: '-10%', rate: '85%', volume: '-6dB' }, 'slowly');
    },
    play: (r) => { r.play({ loop: 0 }, url); r.play({ digits: 'wwww3' }); },
    pause: (r) => { r.pause({ length: 3 }); r.pause(); },
    gather: (r) => {
        const gather = r.gather({ input: 'dtmf speech', numDigits: 1, timeout: 5, action: url, hints: text,
            partialResultCallback: url, actionOnEmptyResult: true, speechTimeout: 'auto', finishOnKey: '' });
        gather.say('Press a key');
        gather.pause({ length: 1 });
        gather.play(url);
    },
    record: (r) => r.record({ action: url, maxLength: 60, playBeep: false, transcribe: true, transcribeCallback: url,
        recordingStatusCallback: url, recordingStatusCallbackEvent: 'in-progress completed', trim: 'do-not-trim' }),
    dial: (r) => r.dial({ callerId: '+15550100123', timeout: 20, record: 'record-from-answer-dual' }, '+15550100456'),
    numbers: (r) => {
        const dial = r.dial({ action: url, method: 'GET' });
        dial.number({ url, sendDigits: 'ww1', statusCallbackEvent: 'initiated ringing answered completed' }, '+15550100456');
        dial.number('+15550100789');
    },
    sip: (r) => r.dial().sip({ username: 'u', password: 'p&<' }, 'sip:alice@example.com?x-a=1'),
    client: (r) => r.dial().client({ url }, 'alice'),
    conference: (r) => r.dial().conference({ beep: 'onEnter', startConferenceOnEnter: false, waitUrl: url,
        statusCallbackEvent: 'start end join', statusCallback: url }, 'Room & 12'),
    queue: (r) => { r.enqueue({ waitUrl: url, action: url }, 'support'); r.dial().queue({ url }, 'support'); },
    leave: (r) => { r.leave(); r.hangup(); },
    reject: (r) => r.reject({ reason: 'busy' }),
    redirect: (r) => r.redirect({ method: 'POST' }, url),
    refer: (r) => r.refer({ action: url }).sip('sip:alice@example.com'),
    sms: (r) => r.sms({ to: '+15550100123', from: '+15550100456' }, text),
    echo: (r) => r.echo({ timeout: 10 }),
    stream: (r) => {
        const stream = r.start().stream({ name: 'one', url: 'wss://example.com/audio', track: 'both_tracks' });
        stream.parameter({ name: 'a', value: text });
        r.stop().stream({ name: 'one' });
    },
    connect: (r) => r.connect().stream({ url: 'wss://example.com/audio' }),
    room: (r) => r.connect().room('Room'),
    agent: (r) => r.connect({ action: url }).virtualAgent({ connectorName: 'project' }),
    pay: (r) => {
        const pay = r.pay({ chargeAmount: '10.00', action: url, paymentConnector: 'x', tokenType: 'one-time' });
        pay.prompt({ for: 'payment-card-number', attempt: '1 2', errorType: 'timeout' }).say('Your card');
        pay.parameter({ name: 'a', value: '1' });
    },
    ai: (r) => {
        const connect = r.connect();
        if (!connect.ai) return false;
        const ai = connect.ai({ voice: 'en-US-Neural2-F', hints: 'a,b' });
        ai.setEngine('gcloud');
        ai.setPostPromptURL(url);
        ai.prompt({ confidence: 0.6, bargeConfidence: 0.1, temperature: 1, frequencyPenalty: -0.5 }, text);
        ai.postPrompt({ topP: 0.5 }, 'Sum up');
        ai.languages().language({ code: 'en-US', name: 'English', voice: 'x' });
        const swaig = ai.swaig();
        swaig.defaults({ webHookURL: url }).addMetaData('tenant', 'seven');
        swaig.function({ name: 'weather', purpose: 'tells the weather', argument: 'city' }).addMetaData('a', 'b');
        return true;
    },
};
const message = {
    empty: () => {},
    message: (r) => r.message(text),
    attributes: (r) => r.message({ to: '+15550100123', from: '+15550100456', action: url, method: 'POST' }, text),
    media: (r) => {
        const sent = r.message();
        sent.body(text);
        sent.media('https://example.com/a.png');
        sent.media('https://example.com/b.png?a=1&b=2');
    },
    redirect: (r) => { r.message('first'); r.redirect(url); },
};
const fax = { receive: (r) => r.receive({ action: url, mediaType: 'application/pdf', pageSize: 'a4' }) };

const documents = [];
for (const [library, classes] of Object.entries(builders)) {
    const build = (channel, Response, cases) => {
        for (const [name, make] of Object.entries(cases)) {
            const response = new Response();
            if (make(response) === false) continue;
            documents.push({ name: `${library}, ${channel}: ${name}`, channel, text: response.toString() });
        }
    };
    build('call', classes.VoiceResponse, call);
    build('message', classes.MessagingResponse, message);
    build('fax', classes.FaxResponse, fax);
}
process.stdout.write(JSON.stringify(documents));
