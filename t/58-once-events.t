# SPDX-License-Identifier: Apache-2.0
# SignalWireOnce by kind of event: two events of one second both run, and a
# callback that comes again, byte for byte, does not.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Fields;
use SW::Test;
use Time::HiRes qw(sleep time);

my $conf = <<'EOT';
LogLevel warn signalwire:info
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
CustomLog "@ROOT@/logs/once.log" "%{SIGNALWIRE_ONCE}e"
ScriptAlias / @APPS@/echo.cgi/
<Location "/">
    <SignalWireWebhook once>
        SignalWireOnce On
    </SignalWireWebhook>
</Location>
EOT

# Bodies with a * for what tells two events apart. The application runs for each
# of both, and for neither of their repeats.
my $RFC = 'Timestamp=Tue%2C+03+Mar+2026+09%3A15%3A44+%2B0000';
my %apart = (
    'conference.status' =>
        "ConferenceSid=f1&StatusCallbackEvent=participant-mute&CallSid=c1&$RFC&SequenceNumber=*",
    'voice.transcription' =>
        "TranscriptionSid=t1&TranscriptionEvent=transcription-content&$RFC&SequenceId=*",
    'voice.status'    => "CallSid=c2&CallStatus=ringing&$RFC&SequenceNumber=*",
    'voice.recording' => 'RecordingSid=r1&RecordingStatus=in-progress&RecordingDuration=*',
    'voice.stream'    => "StreamSid=s1&StreamEvent=stream-error&$RFC&StreamError=*",
    'fax.status'      => 'FaxSid=f2&FaxStatus=sending&Timestamp=2026-01-13T21%3A54%3A4*Z',
    'message.status'  => '{"id":"m1","status":"sent","number_of_segments":1,"timestamp":"1.0*"}',
    'call.detect'     => '{"event_type":"calling.call.detect","timestamp":1772529344.12026*,'
        . '"params":{"call_id":"c3","control_id":"d1","detect":{"params":{"event":"READY"}}}}',
    'ai.post_prompt'   => '{"action":"post_conversation","call_id":"a.b.c","ai_end_date":*}',
    'message.incoming' => '{"message_id":"m*","from":"+15550100123","body":"hi","media":[]}',
);
# What tells nothing apart runs each time.
my %each = (
    'a document'            => 'CallSid=c4&CallStatus=ringing',
    'an answered document'  => 'CallSid=c4&CallStatus=in-progress&AnsweredBy=human&Direction=outbound-api',
    'an action of <Sms>'    => 'CallSid=c4&SmsSid=s4&SmsStatus=sending',
    'a recording resumed'   => '{"call_id":"c4","control_id":"r4","record":{},"state":"recording"}',
    'a report without time' => '{"action":"post_conversation","call_id":"c4"}',
);
# What happens once has a key without a time.
my %once = (
    'a call that was not dialled' => 'CallSid=c5&CallStatus=failed&ErrorCode=20429',
    'a callback of <Sms>'         => 'CallSid=c5&SmsSid=s5&SmsStatus=sent',
    'a delivery'                  => 'MessageSid=m5&MessageStatus=delivered',
);

each_mpm {
    my $s = server(conf => $conf);
    # One after the other, since a line is written after its reply.
    my $sent = 0;
    my $once = sub {
        my ($name, $body) = @_;
        my @body = $body =~ /\A\{/ ? (json => $body, sign => 'sha1') : (form => $body, sign => 'form');
        answers $s, "$name: $body", POST('/status', @body), 200;
        my (@log, $end);
        $sent++;
        for ($end = time + 10; @log < $sent && time < $end; sleep 0.01) {
            @log = split /\n/, $s->read_file('logs/once.log');
        }
        return $log[-1];
    };
    my $runs = sub {
        my ($name, $want, @bodies) = @_;
        is join(' ', map { $once->($name, $_) } @bodies), $want, $name;
    };
    for my $kind (sort keys %apart) {
        my ($one, $two) = map { $apart{$kind} =~ s/\*/$_/r } 1, 2;
        $runs->($kind, 'first first repeat repeat', $one, $two, $one, $two);
    }
    $runs->($_, '- -', ($each{$_}) x 2) for sort keys %each;
    $runs->($_, 'first repeat', ($once{$_}) x 2) for sort keys %once;
};

finish;
done_testing;
