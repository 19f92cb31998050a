# SPDX-License-Identifier: Apache-2.0
# The tables of the vocabulary row by row: which kind a body is (F1-F21, J1-J18
# and their order), and when its state is final.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Kinds;
use SW::Test;

# Each line: an event, and the bodies that are of that kind.
sub kinds {
    my ($table) = @_;
    for my $line (split /\n/, $table) {
        my ($rule, $event, @bodies) = split ' ', $line;
        is fields_of_body($_)->{EVENT}, $event, "$rule: $_" for @bodies;
    }
}

subtest 'forms' => sub {
    kinds(<<'EOT');
F1  fax.incoming         FaxSid=1  CallSid=1&FaxSid=1  FaxSid=1&MessageSid=1&MessageStatus=sent
F1  fax.status           FaxSid=1&FaxStatus=received  FaxStatus=  FaxStatus=sent&StreamEvent=x
F2  voice.stream         StreamEvent=stream-started  StreamEvent=x&CallSid=1&ConferenceSid=1
F3  voice.transcription  TranscriptionStatus=completed  TranscriptionSid=1  TranscriptionEvent=x
F3  voice.transcription  TranscriptionSid=1&RecordingStatus=x
F4  voice.recording      RecordingStatus=completed
F4  voice.recording      RecordingStatus=completed&ConferenceSid=1&StatusCallbackEvent=x
F5  conference.document  ConferenceSid=1  ConferenceSid=1&CallSid=1&DialCallStatus=completed
F5  conference.status    ConferenceSid=1&StatusCallbackEvent=x  ConferenceSid=1&EventName=x
F6  voice.dial           DialCallStatus=busy  DialCallSid=1  DialCallSID=1
F6  voice.dial           CallSid=1&DialCallSID=1&HangupDirection=x
F6  voice.dial           DialCallStatus=completed&QueueResult=bridged
F7  queue.result         QueueResult=leave  QueueResult=bridged&DequeingCallSid=1
F8  queue.dequeue        DequeingCallSid=1  DequeueingCallSid=1  DequeingCallSid=1&QueuePosition=1
F9  queue.wait           QueuePosition=1  CurrentQueueSize=1  AvgQueueTime=1
F9  queue.wait           AvgQueueTime=1&ReferCallStatus=x
F10 voice.refer          ReferCallStatus=x  ReferSipResponseCode=202  NotifySipResponseCode=200
F10 voice.refer          ReferCallStatus=x&VirtualAgentStatus=x
F11 voice.virtualagent   VirtualAgentStatus=failed
F11 voice.virtualagent   VirtualAgentStatus=failed&PaymentMethod=x&For=x
F12 voice.incoming       CallSid=1&PaymentMethod=x  CallSid=1&For=x  CallSid=1&Result=success
F12 pay.status           PaymentMethod=x&For=x&Result=success  CallSid=1&Attempt=1&For=x&Digits=1
F13 voice.sms            CallSid=1&SmsSid=1  CallSid=1&SmsStatus=sent  CallSid=1&SmsSid=1&Digits=1
F13 voice.incoming       CallSid=1&SmsSid=1&MessageSid=1
F14 message.status       MessageSid=1&MessageStatus=sent  SmsSid=1&MessageStatus=received
F14 message.status       SmsMessageSid=1&MessageStatus=
F14 message.status       MessageSid=1&SmsStatus=sent  SmsSid=1&SmsStatus=delivered
F14 message.status       MessageSid=1&SmsStatus=
F14 message.incoming     MessageSid=1  SmsSid=1  SmsMessageSid=1  SmsSid=1&SmsStatus=received
F14 message.incoming     MessageSid=1&SmsStatus=receiving
-   unknown              From=x&To=x  MessageStatus=sent  AnsweredBy=x  Digits=1
-   unknown              CallStatus=ringing&Timestamp=x  x=
F15 voice.amd            CallSid=1&AnsweredBy=human
F15 voice.amd            CallSid=1&MachineDetectionDuration=1
N1  voice.outgoing       CallSid=1&MachineDetectionDuration=1&CallStatus=in-progress
N1  voice.outgoing       CallSid=1&AnsweredBy=human&CallStatus=in-progress
N1  voice.status         CallSid=1&AnsweredBy=human&CallStatus=in-progress&Timestamp=x
N6  voice.status         CallSid=1&CallStatus=completed  CallSid=1&CallStatus=busy
N6  voice.status         CallSid=1&CallStatus=no-answer  CallSid=1&CallStatus=canceled
N6  voice.status         CallSid=1&CallStatus=failed&Direction=outbound-api&ErrorCode=20429
N6  voice.dial           CallSid=1&CallStatus=completed&DialCallStatus=completed
N6  voice.gather         CallSid=1&CallStatus=completed&Digits=hangup
F16 voice.gather.partial CallSid=1&UnstableSpeechResult=x  CallSid=1&StableSpeechResult=x
F16 voice.gather.partial CallSid=1&StableSpeechResult=x&SequenceNumber=1
F17 voice.status         CallSid=1&CallbackSource=x  CallSid=1&SequenceNumber=0
F17 voice.status         CallSid=1&CallDuration=1
F17 voice.status         CallSid=1&HangupBy=x  CallSid=1&HangupDirection=x  CallSid=1&AudioInMos=4
F17 voice.status         CallSid=1&SipResultCode=200  CallSid=1&SipInviteResultPhrase=OK
F17 voice.status         CallSid=1&CallStatus=x&Timestamp=x  CallSid=1&HangupBy=x&RecordingUrl=x
F17 voice.incoming       CallSid=1&Timestamp=x  CallSid=1&CallStatus=x
F18 voice.record         CallSid=1&RecordingUrl=x  CallSid=1&RecordingDuration=1
F18 voice.record         CallSid=1&RecordingSid=1&Digits=1
F19 voice.gather         CallSid=1&Digits=1  CallSid=1&Digits=  CallSid=1&SpeechResult=x
F19 voice.gather         CallSid=1&Confidence=1
F19 voice.gather         CallSid=1&Digits=1&Direction=outbound-api
F20 voice.outgoing       CallSid=1&Direction=outbound-api  CallSid=1&Direction=outbound-dial
F20 voice.outgoing       CallSid=1&Direction=outbound
F21 voice.incoming       CallSid=1  CallSid=  CallSid=1&Direction=inbound
F21 voice.incoming       CallSid=1&faxsid=1&DIGITS=1&recordingStatus=x
EOT
    my @names = qw(PaymentMethod PaymentCardNumber PaymentCardType PaymentConfirmationCode
                   PaymentToken PaymentError PayErrorCode ConnectorError ProfileId Attempt
                   ErrorType);
    kinds("F12 pay.status $_=x&For=x\nF12 pay.result $_=x&Result=success") for @names;
};

# What an operator's own URL says decides nothing that SignalWire says otherwise.
subtest "operator's queries" => sub {
    my $message = 'MessageSid=m&Body=x&NumMedia=0';
    my $call    = 'CallSid=c&Direction=inbound&CallStatus';
    my @table   = (
        [ 'message.status',   "$message&MessageStatus=sent", qw(CallSid FaxSid ConferenceSid) ],
        [ 'message.incoming', $message, qw(CallSid FaxSid ConferenceSid DialCallSid) ],
        [ 'voice.incoming',   "$call=ringing", qw(MessageSid FaxSid ConferenceSid Digits For) ],
        [ 'voice.status',     "$call=busy", qw(MessageSid SmsSid FaxSid ConferenceSid) ],
        [ 'voice.gather',     "$call=in-progress&Digits=4", qw(MessageSid FaxSid ConferenceSid) ],
        [ 'fax.status',       'FaxSid=f&FaxStatus=sent', qw(CallSid MessageSid ConferenceSid) ],
        [ 'voice.recording',  'CallSid=c&RecordingSid=r&RecordingStatus=absent', qw(FaxSid) ],
    );
    for (@table) {
        my ($event, $query, @own) = @$_;
        for my $own ('', map { "&$_=own" } @own) {
            is fields_of_request('GET', "/?x$own&$query")->{EVENT}, $event, "GET: $own&$query";
            is fields_of_request('POST', "/?x$own", form => $query)->{EVENT}, $event,
                "POST with $own: $query";
        }
    }
};

subtest 'JSON' => sub {
    kinds(<<'EOT');
J1  swml.call           {"call":{"call_id":"1"}}
J1  swml.call           {"message":{"message_id":"1"},"call":{"call_id":"1"}}
J1  unknown             {"call":{}}  {"call":"call_id"}  {"call":["call_id"]}
J2  swml.message        {"message":{"message_id":"1"}}
J2  swml.message        {"message":{"message_id":"1"},"sidecar_event":{}}
J2  unknown             {"message":{}}  {"message":"1"}
J3  ai.sidecar          {"sidecar_event":{}}  {"call_info":{},"sidecar_event":{"type":"x"}}
J3  unknown             {"sidecar_event":"x"}
J4  swaig.function      {"function":"f","argument":{}}
J4  swaig.function      {"function":"f","argument":{},"action":"fetch_conversation"}
J4  unknown             {"function":"f"}  {"function":"f","argument":"{}"}
J4  unknown             {"function":{},"argument":{}}
J5  swaig.signature     {"functions":[]}  {"action":"get_signature"}
J5  swaig.signature     {"functions":["f"],"call_info":{}}
J5  unknown             {"functions":"f"}  {"action":"get_Signature"}
J6  ai.post_prompt      {"post_prompt_data":{}}  {"action":"post_conversation"}
J6  ai.post_prompt      {"post_prompt_data":{},"call_info":{}}
J7  ai.load_conversation {"action":"fetch_conversation"}
J7  ai.load_conversation {"action":"fetch_conversation","call_info":{}}
J8  ai.debug            {"call_info":{}}
J8  ai.debug            {"call_info":{},"event_category":"brand","event_type":"x"}
J8  unknown             {"call_info":"x"}
J9  tendlc.status       {"event_category":"brand","event_type":"calling.call.state"}
J9  unknown             {"event_category":"brand"}  {"event_category":1,"event_type":2}
J10 call.transcript     {"event_type":"calling.transcript.completed"}
J10 call.transcript     {"event_type":"calling.transcript.failed"}
J10 call.conference     {"event_type":"calling.conference"}
J10 call.error          {"event_type":"calling.error"}  {"event_type":"calling.call.error"}
J10 call.ai             {"event_type":"calling.call.ai"}
J10 call.ai.sidecar     {"event_type":"calling.ai.sidecar"}
J10 call.script.warning {"event_type":"calling.script.warning"}
J10 message.status      {"event_type":"messaging.state"}
J10 message.incoming    {"event_type":"messaging.receive"}
J10 video.room.started  {"event_type":"video.room.started"}
J10 video.room.started  {"event_type":"video.room.started","room_id":"1"}
J10 unknown             {"event_type":"fax.received"}  {"event_type":5}
J10 unknown             {"event_type":"x.calling.call.state"}
J10 call.state          {"event_type":"calling.call.state"}
J10 call.state          {"event_type":"calling.call.state","cardnumber":1,"transaction_id":1}
J11 pay.connector       {"cardnumber":"4","transaction_id":"1"}
J11 pay.connector       {"cardnumber":"4","transaction_id":"1","jsonrpc":"2.0","method":"x"}
J11 unknown             {"cardnumber":"4"}  {"transaction_id":"1"}
J12 mcp.request         {"jsonrpc":"2.0","method":"x"}
J12 unknown             {"jsonrpc":"1.0","method":"x"}  {"jsonrpc":"2.0"}
J13 call.state          {"call_id":"1","call_state":"x"}
J13 call.state          {"call_id":"1","call_state":"x","control_id":"1"}
J13 unknown             {"call_id":"1"}  {"call_state":"x"}
J14 call.collect        {"call_id":"1","control_id":"1","result":{}}
J14 call.detect         {"call_id":"1","control_id":"1","detect":{}}
J14 call.fax            {"call_id":"1","control_id":"1","fax":{}}
J14 call.tap            {"call_id":"1","control_id":"1","tap":{}}
J14 call.record         {"call_id":"1","control_id":"1","record":{}}
J14 call.pay            {"call_id":"1","control_id":"1","for":"x"}
J14 call.control        {"call_id":"1","control_id":"1","state":"x"}
J14 call.control        {"call_id":"1","control_id":"1"}
J15 message.status      {"status":"x","message_id":"1"}
J15 message.status      {"status":"x","id":"1","number_of_segments":1}
J15 message.status      {"status":"x","id":"1","error_code":null}
J15 message.status      {"status":"x","id":"1","from":"1","to":"1"}
J15 unknown             {"status":"x","id":"1"}  {"status":"x","id":"1","from":"1"}
J15 unknown             {"status":"x"}
J16 message.incoming    {"message_id":"1","body":"x"}  {"message_id":"1","media":[]}
J16 unknown             {"message_id":"1"}
J17 video.event         {"room_id":"1"}  {"room_session_id":"1"}  {"room_name":"x"}
J18 voice.incoming      {"CallSid":"1"}  {"CallSid":"1","Digits":{}}
J18 message.incoming    {"MessageSid":"1"}
J18 fax.status          {"FaxSid":"1","FaxStatus":"sent"}
J18 voice.outgoing      {"CallSid":1,"Direction":"outbound-api"}
-   unknown             []  [{"call":{"call_id":"1"}}]  {}  {"Call":{"call_id":"1"}}
-   unknown             {"x":{"CallSid":"1"}}
EOT
    my @relay = qw(state connect record play collect detect fax tap stream refer pay queue
                   receive dial send_digits hold denoise echo transcribe);
    kinds(qq(J10 call.$_ {"event_type":"calling.call.$_"})) for @relay;
};

# Beside what the body holds.
subtest 'which format' => sub {
    my $is = sub {
        my ($name, $fields, $event, $format) = @_;
        is_deeply [ @$fields{qw(EVENT FORMAT)} ], [ $event, $format ], $name;
    };
    my $typed = sub { return fields_of_request('POST', '/', type => $_[0], body => $_[1]) };
    my $json = '{"call":{"call_id":"1"}}';
    $is->("JSON as $_", $typed->($_, $json), 'swml.call', 'json')
        for 'application/json', 'text/json', 'text/swaig', 'application/vnd.signalwire+json',
            'APPLICATION/JSON; charset=utf-8', 'text/plain', 'application/octet-stream';
    $is->('JSON, first byte', $typed->('text/plain', "\r\n\t $json"), 'swml.call', 'json');
    $is->('JSON without a type', fields_of_request('POST', '/', body => $json),
        'swml.call', 'json');
    $is->('a form as text', $typed->('text/plain', 'CallSid=1'), 'voice.incoming', 'form');
    $is->('a form that looks like JSON', fields_of_request('POST', '/', form => '{=1&CallSid=1'),
        'voice.incoming', 'form');
    $is->('neither', $typed->('text/plain', 'Hello.'), 'unknown', undef);
    $is->("$_ is not looked into", $typed->($_, $json), 'unknown', undef)
        for 'audio/wav', 'video/mp4', 'image/png', 'font/woff', 'multipart/form-data; boundary=x';

    $is->('the query of a GET', fields_of_request('GET', '/?CallSid=1'), 'voice.incoming', 'query');
    $is->('not that of a POST', fields_of_request('POST', '/?CallSid=1'), 'unknown', undef);
    $is->("$_ by its body", fields_of_request($_, '/?CallSid=1&Digits=1', form => 'MessageSid=1'),
        'message.incoming', 'form') for 'POST', 'PUT';
};

# Each line: a body with * in it, the states that are final, and others.
subtest 'final states' => sub {
    my $table = <<'EOT';
CallSid=1&CallStatus=*            | completed failed |
CallSid=1&SmsSid=1&SmsStatus=*    | sent failed |
CallSid=1&CallStatus=*&HangupBy=1 | completed busy failed no-answer canceled | ringing queued
RecordingStatus=*                 | completed absent failed | in-progress
TranscriptionStatus=*             | completed failed |
StreamEvent=*                     | stream-stopped stream-error | stream-started
ConferenceSid=1&EventName=*       | conference-end | conference-start participant-leave
MessageSid=1&MessageStatus=*      | delivered undelivered failed received | queued sending sent
SmsSid=1&MessageStatus=*&NumMedia=0 | delivered | sent receiving
SmsSid=1&MessageStatus=*&NumMedia=2 | delivered sent | sending queued
FaxStatus=*                       | delivered received no-answer busy | queued processing sending
FaxStatus=*                       | failed canceled | receiving
{"call_id":"1","call_state":"*"}  | ended | created queued ringing answered ending
calling.call.state{"call_state":"*"}      | ended | created ringing
calling.call.connect{"connect_state":"*"} | failed disconnected | connecting connected
calling.call.record{"state":"*"}          | finished no_input error | recording paused
calling.call.play{"state":"*"}            | finished error | playing paused
calling.call.collect{"result":{"type":"*"}} | digit speech no_input no_match | start_of_input
calling.call.collect{"result":{"type":"*"}} | finished error |
calling.call.detect{"detect":{"params":{"event":"*"}}} | finished | HUMAN MACHINE READY NOT_READY
calling.call.fax{"fax":{"type":"*"}}      | finished | page
calling.call.tap{"state":"*"}             | finished | tapping
calling.call.stream{"state":"*"}          | finished | streaming
calling.call.pay{"for":"*"}               | payment-completed payment-failed | payment-card-number
calling.call.pay{"for":"*"}               | payment-canceled | payment-processing
calling.call.queue{"status":"*"}          | leave dequeue | enqueue
calling.conference{"status":"*"}          | conference-end | participant-leave record-stop
calling.transcript.*{"id":"1"}            | completed failed |
{"message_id":"1","status":"*"}           | delivered undelivered failed read | queued sent
{"sidecar_event":{"type":"*"}}            | final | start turn stop error
EOT
    for my $line (split /\n/, $table) {
        my ($body, @states) = split /\s*\|\s*/, $line;
        for my $final (1, 0) {
            for my $state (split ' ', $states[ 1 - $final ] // '') {
                my $this = $body =~ s/\*/$state/r;
                is fields_of_body($this)->{TERMINAL}, $final, "$final: $this";
            }
        }
    }
    is fields_of_body($_)->{TERMINAL}, undef, "none: $_" for
        'CallSid=1&CallStatus=in-progress', 'CallSid=1&DialCallStatus=completed',
        'CallSid=1&SmsSid=1&SmsStatus=invalid', 'CallSid=1&StableSpeechResult=x',
        'CallSid=1&AnsweredBy=human', 'For=x&Attempt=1', 'ReferCallStatus=failed', 'MessageSid=1',
        'FaxSid=1', 'x=1', '{"call":{"call_id":"1","call_state":"ended"}}',
        '{"call_id":"1","control_id":"1","state":"finished"}', '{"action":"post_conversation"}',
        'calling.call.refer{"state":"success"}', 'calling.call.hold{"state":"finished"}',
        '{"event_category":"brand","event_type":"x","state":"completed"}',
        '{"call_info":{},"session_end":{}}';
};

# Fields with more than one source: which wins.
subtest 'precedence' => sub {
    my @rows = (
        [ MESSAGE_ID => m => 'SmsMessageSid=c&SmsSid=b&MessageSid=m' ],
        [ MESSAGE_ID => b => 'SmsMessageSid=c&SmsSid=b' ],
        [ SIP_CODE   => n => 'CallSid=1&ReferSipResponseCode=r&NotifySipResponseCode=n' ],
        [ SIP_CODE   => 9 =>
            'calling.call.refer{"sip_refer_response_code":8,"sip_notify_response_code":9}' ],
        [ DIRECTION  => outbound => 'CallSid=1&Direction=outbound-api' ],
        [ DIRECTION  => outbound => 'CallSid=1&Direction=outbound-dial' ],
        [ DIRECTION  => inbound  => 'CallSid=1&Direction=inbound' ],
        [ DIRECTION  => outbound => 'calling.call.fax{"fax":{"params":{"direction":"send"}}}' ],
        [ DIRECTION  => inbound => 'calling.call.fax{"fax":{"params":{"direction":"receive"}}}' ],
        [ TERMINAL   => 1 => 'MessageSid=1&MessageStatus=queued&MessageStatus=delivered' ],
        [ STATUS     => x => '{"call_id":"1","call_state":"y","call_state":"x"}' ],
        [ CALL_ID    => 'true' => '{"call":{"call_id":true}}' ],
        [ CALL_ID    => '1.50e+3' => '{"call":{"call_id":1.50e+3}}' ],
        [ TAG        => '' => '{"call":{"call_id":"1","tag":null}}' ],
        [ TAG        => undef, '{"call":{"call_id":"1","tag":{}}}' ],
        [ EVENT_TYPE => 'barge,hold' => '{"call_info":{},"barge":{},"hold":{}}' ],
        [ STATUS     => collecting => 'calling.call.collect{"state":"collecting"}' ],
        [ TERMINAL   => 0 => 'calling.call.collect{"final":false,"result":{"type":"speech"}}' ],
        [ STATUS     => 'delivered' => 'messaging.state{"message_state":"delivered"}' ],
        [ MEDIA_URL_10 => x => 'MessageSid=1&MediaUrl10=x' ],
        [ NUM_MEDIA  => 2 => '{"message":{"message_id":"1","media":[{"url":"u"},{}]}}' ],
    );
    is fields_of_body($_->[2])->{ $_->[0] }, $_->[1], "$_->[0]: $_->[2]" for @rows;
};

finish;
done_testing;
