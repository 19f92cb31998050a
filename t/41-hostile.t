# SPDX-License-Identifier: Apache-2.0
# Whatever a body holds: the request that verifies goes through, with nothing
# injected, and one log line where something was left out.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Fields;
use SW::Test;

my $conf = <<'EOT';
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
SignalWireExport     env headers params
SignalWireMaxBody    4194304
MaxKeepAliveRequests 0
ScriptAlias /cgi @APPS@/echo.cgi
ProxyPass /backend @BACKEND@
<Location />
    <SignalWireWebhook all>
    </SignalWireWebhook>
</Location>
EOT

my $mega = 'x' x 1_048_576;
my $call = '"call":{"call_id":"c1"}';
my $deep = sub { my ($n) = @_; return "{$call,\"x\":" . '[' x $n . ']' x $n . '}' };
my $tag  = sub { my ($text) = @_; return qq({"call":{"call_id":"c1","tag":"$text"}}) };

# Name, body, fields that must come of it, and the log lines.
my ($unreadable, $env, $headers) = (qr/SW0118: /, qr/SW0119: /, qr/SW0120: /);
my @forms = (
    [ 'broken escapes' => 'MessageSid=m1&Body=%zz%4&%=%&%G1=x&%', { BODY => '%zz%4' } ],
    [ 'invalid UTF-8'  => "MessageSid=m1&Body=%ff\xfe&%ff\xfe=\xc3", { BODY => "\x{fffd}" x 2 } ],
    [ 'NUL'            => "MessageSid=m1%00&Bo%00dy=x&Body=a%00b\0&\0=\0&From%00=f",
        { ID => 'm1', BODY => 'ab', FROM => undef } ],
    [ 'line ends'      => 'MessageSid=m1%0d%0aX-Injected:+1&Body=%0d%0a%0d%0aX-Injected:+1'
        . '&X%0d%0aX-Injected:+1=%0aX_INJECTED=1&From=%0aX_INJECTED=1',
        { FROM => "\nX_INJECTED=1" } ],
    [ 'names of others' => 'MessageSid=m1&LD_PRELOAD=x&PATH=/x&=x&%3d=x&SIGNALWIRE_KEY=9'
        . '&HTTP_PROXY=x&X-Injected=x', { KEY => '1' } ],
    [ '10,000 parameters' => join('&', 'MessageSid=m1', map { "name$_=a+value" } 1 .. 10_000),
        { ID => 'm1' }, $env ],
    [ '10,000 times one' => 'MessageSid=m1' . '&Body=x' x 10_000, { BODY => 'x' } ],
    [ 'one long value' => "MessageSid=m1&Body=$mega", { BODY => undef }, $env, $headers ],
    [ 'one long name'  => "MessageSid=m1&$mega=x", { ID => 'm1' }, $env ],
    [ 'odd numbers'    => 'MessageSid=m1&' . join('&', map { "MediaUrl$_=n$_" } qw(0 00 1x -1 +2
        99 4294967296 18446744073709551616 99999999999999999999999 %00 1%00)) . '&MediaUrl0=last',
        { MEDIA_URL_0 => 'last', MEDIA_URL_1 => undef, MEDIA_URL_99 => 'n99' } ],
    [ 'longer as UTF-8' => 'MessageSid=m1&Body=' . "\xff" x 3000, { BODY => undef },
        $env, $headers ],
);
my @json = (
    [ 'empty'          => '', { EVENT => 'unknown' } ],
    [ '64 deep'        => $deep->(63), { EVENT => 'swml.call', CALL_ID => 'c1' } ],
    [ 'duplicates'     => '{"call":1,"call":{"call_id":"x","call_id":"c1"}}', { CALL_ID => 'c1' } ],
    [ '1e999'          => '{"call_id":"c1","call_state":1e999,"timestamp":1e999}',
        { EVENT => 'call.state', STATUS => '1e999', TIMESTAMP => '1e999', TIME => undef } ],
    [ 'huge numbers'   => "{$call,\"x\":" . '9' x 5000 . ',"y":-0.' . '0' x 5000 . '1e-1}',
        { EVENT => 'swml.call' } ],
    [ 'one long value' => qq({"message":{"message_id":"m1","body":"$mega"}}),
        { EVENT => 'swml.message', ID => 'm1', BODY => undef }, $env, $headers ],
    [ 'one long name'  => qq({$call,"$mega":1}), { CALL_ID => 'c1' }, $env ],
    [ '10,000 names'   => "{$call," . join(',', map { qq("name$_":"a value") } 1 .. 10_000) . '}',
        { CALL_ID => 'c1' }, $env ],
    [ 'line ends'      => '{"call":{"call_id":"c1\r\n\r\nX-Injected: 1"},'
        . '"\r\nX-Injected: 1":"\nX_INJECTED=1"}', { CALL_ID => "c1\r\n\r\nX-Injected: 1" } ],
    [ '10,000 media'   => '{"message":{"message_id":"m1","media":['
        . join(',', map { qq({"url":"https://files.example.net/$_"}) } 1 .. 10_000) . ']}}',
        { ID => 'm1', NUM_MEDIA => 10_000, MEDIA_URL_0 => 'https://files.example.net/1' }, $env ],
    [ 'a million values' => "{$call,\"x\":[" . '1,' x 999_999 . '1]}', { CALL_ID => 'c1' }, $env ],
    [ 'an odd event_type' => '{"event_type":"calling.call.x\r\nX-Injected: 1"}',
        { EVENT => 'unknown' } ],
    [ 'a long one'     => '{"event_type":"video.' . 'x' x 9000 . '"}', { EVENT => 'unknown' },
        $env ],
    [ 'NUL'            => $tag->('a\u0000b\u0000'), { TAG => 'ab' } ],
    [ 'only NUL'       => $tag->('\u0000'), { TAG => '' } ],
    [ 'NUL in names'   => '{"call":{"call_id":"c1","\u0000":1},"ca\u0000ll":1}',
        { CALL_ID => 'c1' } ],
    [ 'half a character' => $tag->('\ud800'), { TAG => "\x{fffd}" } ],
    [ 'the other half' => $tag->('\udc00x'), { TAG => "\x{fffd}x" } ],
    [ 'halves reversed' => $tag->('\udc00\ud800'), { TAG => "\x{fffd}" x 2 } ],
    [ 'both halves'    => $tag->('\ud83d\ude80'), { TAG => "\x{1f680}" } ],
    [ 'invalid UTF-8'  => $tag->("\xff\xfe"), { TAG => "\x{fffd}" x 2 } ],
    [ 'and in names'   => qq({$call,"\xff\xc3\x28":"x"}), { CALL_ID => 'c1' } ],
    [ 'odd names'      => qq({$call,"":1,".":2,"a.b":3,"a":{"b":4},"[0]":5,"_":6,"\xc3\xa9":7}),
        { CALL_ID => 'c1' } ],
    [ 'dots in names'  => '{"call.call_id":"x","message.message_id":"y"}',
        { EVENT => 'unknown', CALL_ID => undef } ],
    [ 'objects'        => '{"call":{"call_id":{"x":1},"from":["+1"],"tag":{}}}',
        { CALL_ID => undef, FROM => undef, TAG => undef } ],
    map { [ $_->[0] => $_->[1], { EVENT => 'unknown', CALL_ID => undef }, $unreadable ] } (
        [ 'blanks'           => "\r\n " ],
        [ 'cut off'          => "{$call,\"x\":[1," ],
        [ 'something after' => "{$call}x" ],
        [ 'a comma too many' => "{$call,}" ],
        [ 'single quotes'    => "{'call':{'call_id':'c1'}}" ],
        [ '65 deep'          => $deep->(64) ],
        [ '200 deep'         => $deep->(200) ],
        [ '100,000 deep'     => $deep->(100_000) ],
        [ 'never closed'     => '[' x 1_000_000 ],
        [ 'objects, too'     => '{"a":' x 200_000 ],
        [ 'zeros'            => '[' . '0' x 99_999 . ']' ],
        [ 'minus zeros'      => '[' . '-0' x 50_000 . ']' ],
        [ 'no number'        => "{$call,\"x\":01}" ],
        [ 'NaN'              => "{$call,\"x\":NaN}" ],
        [ 'a broken escape'  => $tag->('\u12g4') ],
        [ 'a raw NUL'        => $tag->("\0") ],
        [ 'a raw control'    => $tag->("\x01") ],
        [ 'byte order mark'  => "\xef\xbb\xbf{$call}" ],
        [ 'UTF-16'           => join '', map { "$_\0" } split //, "{$call}" ],
        [ 'a text'           => '"call"' ],
        [ 'a number'         => '5' ],
    ),
);

each_mpm {
    my $s = server(modules => 'proxy proxy_http', conf => $conf);
    for my $target ('/cgi', '/backend') {
        comes($s, $target, form => @$_) for @forms;
        comes($s, $target, json => @$_) for @json;
    }
    is_json($s);
    ok !$s->log->lines(qr/X-Injected|xxxxxxxxxx|9999999999|a value/), 'the log shows no values';
};

finish;
done_testing;

# One value that is JSON or is not.
sub is_json {
    my ($s) = @_;
    my $client = SW::Client->new($s->port);
    my $event = sub {
        my ($value) = @_;
        my $request = POST('/backend', json => "{$call,\"x\":$value}", sign => 'sha1', keep => 1);
        return header_fields($client->send(bytes_of $request)->response)->{EVENT};
    };
    my @good = (split(' ', <<'EOT'), "\t[\n1\r, 2 ] ", '"' . '\\' x 1000 . '"');
[] {} [[]] [{}] {"":""} {"a":1,"a":{"a":[]}} 0 -0 1.5 1E5 1e-07 -0.0e+0 true false null
"" "\"" "\\" "\/\b\f\n\r\t\u00aF" "'"
EOT
    my @bad = (split(' ', <<'EOT'), '', '[1 2]', '{"a" 1}', qq("\n"), map { chr } 0 .. 47);
[ ] [} {] [1,] [,1] [,] [1;2] {1:2} {"a"} {"a":} {"a":1,} {,} {"a":1:2} {a:1} {null:1} {"a":1"b":2}
- -- + +1 .5 1. 1.e5 1e 1e+ 00 -01 0x1 1_000 Infinity -Infinity NaN tru nul True TRUE truefalse
" "\" "\x41" "\'" "\u" "\u123" "\u{41}" "\U0041" 'x' `x` x "x"y "x""y" [1"2"] 1/**/ //x
EOT
    is $event->($_), 'swml.call', "JSON: $_" for @good;
    $s->log->expect(qr/SW0118/, scalar @bad);
    is $event->($_), 'unknown', "no JSON: $_" for @bad;
    is join("\n", $s->log->complaints), '', 'and each is said';
}

sub comes {
    my ($s, $target, $kind, $name, $body, $fields, @log) = @_;
    my $request = POST($target, $kind => $body, sign => $kind eq 'form' ? 'form' : 'sha1');
    my $reply = answers $s, "$target: $kind, $name", $request, 200, log => \@log;
    my $report = $reply->report;
    my $got = { %{ header_fields($reply) }, %{ env_fields($reply) } };
    $fields ||= {};
    is_deeply { map { $_ => $got->{$_} } keys %$fields }, $fields, "$target: $kind, $name: fields";
    is $got->{VERIFIED}, $kind eq 'form' ? 'form' : 'sha1',
        "$target: $kind, $name: the verdict, always";
    my @names = grep { !/\ASIGNALWIRE_PARAM_[A-Z0-9_]*\z/ }
                keys %{ $report->{env} || $report->{headers} || {} };
    my @bad = grep { /INJECTED|\ALD_PRELOAD\z|\AHTTP_PROXY\z|[^A-Z0-9_-]/i } @names;
    is @names > 5 ? "@bad" : 'no names', '', "$target: $kind, $name: nothing injected";
    return $reply;
}
