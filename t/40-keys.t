# SPDX-License-Identifier: Apache-2.0
# The keys of deliveries, kind by kind: which parameters make DEDUPE.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Fields;
use SW::Kinds;
use SW::Test;

# Each line: the parameters that make the key, changed one at a time, and
# others that do not.
subtest 'keys of deliveries' => sub {
    my $table = <<'EOT';
CallSid=1&CallStatus=1&SequenceNumber=1&Timestamp=1 | CallDuration=1 From=1
RecordingSid=1&RecordingStatus=1&RecordingDuration=1&Timestamp=1 | RecordingUrl=1 CallSid=1
TranscriptionSid=1&TranscriptionStatus=1 | TranscriptionText=1
TranscriptionSid=1&TranscriptionEvent=1&SequenceId=1&Timestamp=1 | TranscriptionData=1 Track=1
StreamSid=1&StreamEvent=1&StreamError=1&Timestamp=1 | StreamName=1
CallSid=1&AnsweredBy=1&MachineDetectionDuration=1&Timestamp=1 | From=1
ConferenceSid=1&StatusCallbackEvent=1&CallSid=1&Timestamp=1&SequenceNumber=1 | Muted=1
CallSid=1&For=1&Attempt=1&ErrorType=1 | PaymentMethod=1 PaymentCardNumber=1
MessageSid=1&MessageStatus=1&ErrorCode=1&Timestamp=1 | Body=1 NumSegments=1
FaxSid=1&FaxStatus=1&Timestamp=1 | NumPages=1
EOT
    for my $line (split /\n/, $table) {
        my ($key, $others) = split / \| /, $line;
        my $first = fields_of_body($key);
        isnt $first->{DEDUPE}, undef, "$first->{EVENT} has one";
        for my $name ($key =~ /(\w+)=/g) {
            my $other = fields_of_body($key =~ s/\b$name=1/$name=2/r);
            is $other->{EVENT}, $first->{EVENT}, "$first->{EVENT}: of the same kind";
            isnt $other->{DEDUPE}, $first->{DEDUPE}, "$first->{EVENT}: $name belongs to it";
        }
        is fields_of_body("$key&$_")->{DEDUPE}, $first->{DEDUPE}, "$first->{EVENT}: $_ does not"
            for split ' ', $others;
    }
    isnt fields_of_body('RecordingSid=a&RecordingStatus=b%7Cc')->{DEDUPE},
         fields_of_body('RecordingSid=a%7Cb&RecordingStatus=c')->{DEDUPE},
         'values do not run into one another';

    my $json = <<'EOT';
call_id call_state timestamp   {"call_id":"1","call_state":"1","timestamp":"1"}
call_id state timestamp        calling.call.refer{"call_id":"1","state":"1"}
call_id connect_state timestamp calling.call.connect{"call_id":"1","connect_state":"1"}
peer                           calling.call.connect{"call_id":"c","peer":{"call_id":"1"}}
call_id control_id state timestamp calling.call.record{"call_id":"1","control_id":"1","state":"1"}
call_id control_id state timestamp calling.call.play{"call_id":"1","control_id":"1","state":"1"}
call_id control_id state timestamp calling.call.tap{"call_id":"1","control_id":"1","state":"1"}
call_id control_id state timestamp calling.call.stream{"call_id":"1","control_id":"1","state":"1"}
call_id control_id for timestamp calling.call.pay{"call_id":"1","control_id":"1","for":"1"}
call_id control_id timestamp   calling.call.collect{"call_id":"1","control_id":"1"}
type                           calling.call.collect{"call_id":"c","result":{"type":"1"}}
call_id control_id timestamp   calling.call.detect{"call_id":"1","control_id":"1"}
event                          calling.call.detect{"call_id":"c","detect":{"params":{"event":"1"}}}
call_id control_id timestamp   calling.call.fax{"call_id":"1","control_id":"1"}
type                           calling.call.fax{"call_id":"c","fax":{"type":"1"}}
number                         calling.call.fax{"call_id":"c","fax":{"params":{"number":1}}}
id status timestamp            calling.call.queue{"id":"1","status":"1"}
conference_id status           calling.conference{"conference_id":"1","status":"1"}
call_id timestamp              calling.conference{"conference_id":"c","call_id":"1"}
id timestamp                   calling.transcript.failed{"id":"1"}
call_id control_id state       {"call_id":"1","control_id":"1","state":"1"}
id status error_code           {"id":"1","status":"1","error_code":"1"}
timestamp                      {"id":"1","status":"1","error_code":null,"timestamp":"1"}
message_id timestamp           {"message_id":"1","body":"x","timestamp":"1"}
brand_id event_at event_type   {"event_category":"1","event_type":"1","brand_id":"1","event_at":"1"}
state                          {"event_category":"c","event_type":"e","brand_id":"b","state":"1"}
call_id ai_session_id          {"action":"post_conversation","call_id":"1","ai_session_id":"1"}
ai_end_date                    {"action":"post_conversation","call_id":"c","ai_end_date":1}
call_id tick_id                {"call_info":{"call_id":"1"},"sidecar_event":{"tick_id":1}}
type ts                        {"call_info":{"call_id":"c"},"sidecar_event":{"type":"1","ts":1}}
EOT
    for my $line (split /\n/, $json) {
        my ($body, @names) = reverse split ' ', $line;
        $body = enveloped($body);
        my $first = fields_of_body($body);
        isnt $first->{DEDUPE}, undef, "$first->{EVENT} has one";
        for my $name (@names) {
            my $value = $name eq 'peer' ? qr/"peer":\{"call_id":"\K1/ : qr/"$name":"?\K1/;
            isnt fields_of_body($body =~ s/$value/2/r)->{DEDUPE}, $first->{DEDUPE},
                "$first->{EVENT}: $name belongs to it";
        }
    }
    is fields_of_body($_)->{DEDUPE}, undef, "none: $_" for
        'CallSid=1', 'CallSid=1&Digits=1', 'CallSid=1&StableSpeechResult=x', 'MessageSid=1',
        'FaxSid=1', 'x=1', 'CallSid=1&SmsSid=1&SmsStatus=sending', 'Result=success&PaymentMethod=x',
        '{"call":{"call_id":"1"}}', '{"message":{"message_id":"1"}}',
        '{"call_info":{"call_id":"1"}}',
        '{"function":"f","argument":{},"call_id":"1"}', '{"room_id":"1"}', '{}',
        '{"call_id":"1","control_id":"1","record":{},"state":"recording"}',
        '{"action":"post_conversation","call_id":"1"}',
        'calling.call.hold{"call_id":"1"}';
};

finish;
done_testing;
