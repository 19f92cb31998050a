# SPDX-License-Identifier: Apache-2.0
# SignalWireExport: where the fields go, how a value is written there, how much
# of them, and what SIGNALWIRE_TIME makes of the four formats.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Fields;
use SW::Test;

my %export = (
    server  => '',
    none    => 'SignalWireExport none',
    env     => 'SignalWireExport env',
    headers => 'SignalWireExport Headers',
    params  => 'SignalWireExport params',
    all     => 'SignalWireExport params headers env',
);
my $blocks = join '', map { <<"EOT" } sort keys %export;
<LocationMatch "^/(cgi|backend)/$_\\b">
    <SignalWireWebhook $_>
        $export{$_}
    </SignalWireWebhook>
</LocationMatch>
EOT

my $conf = <<"EOT";
SignalWireSigningKey  \@KEY\@
SignalWirePublicURL   https://hooks.example.com
SignalWireExport      env
ScriptAlias /cgi \@APPS\@/echo.cgi
ProxyPass /backend \@BACKEND\@
CustomLog logs/fields.log "%U %{SIGNALWIRE_EVENT}e %{SIGNALWIRE_EVENT}n %{SIGNALWIRE_PARAM_BODY}n"
$blocks
<Location /cgi/none/inner>
    <SignalWireWebhook inner>
        SignalWireExport env
    </SignalWireWebhook>
</Location>
<Location /cgi/params/inner>
    <SignalWireWebhook inner>
    </SignalWireWebhook>
</Location>
<Location /cgi/all/inner>
    <SignalWireWebhook inner>
        SignalWireExport none
    </SignalWireWebhook>
</Location>
EOT

my $form = 'MessageSid=m1&From=%2B15550100123&Body=a+b';
my %event = (EVENT => 'message.incoming', FORMAT => 'form', RESPONSE => 'cxml', ID => 'm1',
             MESSAGE_ID => 'm1', FROM => '+15550100123', BODY => 'a b');

each_mpm {
    my $s = server(modules => 'proxy proxy_http', conf => $conf);
    where($s);
    in_headers($s);
    in_env($s);
    params($s);
    sizes($s);
    finish;
    in_notes($s);
};

subtest 'SIGNALWIRE_TIME' => \&times;

subtest 'configtest' => sub {
    my $block = sub { <<"EOT" };
<Location />
    <SignalWireWebhook>
        SignalWireVerify off
        $_[0]
    </SignalWireWebhook>
</Location>
EOT
    passes $_, $block->("SignalWireExport $_"), qr/Syntax OK/
        for 'none', 'env', 'ENV headers', 'params';
    refuses $_, $block->("SignalWireExport $_"), qr/SignalWireExport.*expected/s
        for 'cookies', 'env none';
    passes 'a default of the server', "SignalWireExport params\n" . $block->(''), qr/Syntax OK/;
};

finish;
done_testing;

sub signed { my ($target, $body) = @_; return POST($target, form => $body, sign => 'form') }

# Which of the names an application sees.
sub where {
    my ($s) = @_;
    my @fields = sort keys %event, qw(WEBHOOK VERIFIED VERDICT KEY LOG_ID);
    my @params = map { "PARAM_$_" } qw(BODY FROM MESSAGESID);
    my $sees = sub {
        my ($block, $env, $headers) = @_;
        my $reply = answers $s, "$block: CGI", signed("/cgi/$block", $form), 200, app => 'cgi';
        is_deeply [ sort keys %{ env_fields($reply) } ], $env, "$block: in the environment";
        is_deeply [ sort keys %{ header_fields($reply) } ], $headers,
            "$block: in the request's fields";
        my ($name) = $block =~ /\A(\w+)\z/ or return;
        $reply = answers $s, "$block: backend", signed("/backend/$block", $form), 200,
            app => 'backend';
        is_deeply [ sort keys %{ header_fields($reply) } ], $headers, "$block: at the backend";
    };
    $sees->('server',     [@fields], []);
    $sees->('none',       [], []);
    $sees->('env',        [@fields], []);
    $sees->('headers',    [], [@fields]);
    $sees->('params',     [@params], []);
    $sees->('all',        [ sort @fields, @params ], [@fields]);
    $sees->('none/inner', [@fields], []);
    $sees->('all/inner',  [], []);
    $sees->('params/inner', [@params], []);
}

# Of the first request to each block.
sub in_notes {
    my ($s) = @_;
    my %line = map { split ' ', $_, 2 } reverse split /\n/, $s->read_file('logs/fields.log');
    is $line{'/cgi/env'},  'message.incoming message.incoming -', 'notes have the same names';
    is $line{'/cgi/all'},  'message.incoming message.incoming a b', 'and the parameters';
    is $line{'/cgi/none'}, '- - -', 'or nothing';
}

# What a header can carry, and the rest in percent-encoding.
sub in_headers {
    my ($s) = @_;
    my %written = (
        'plain text'            => 'plain text',
        "one\r\nX-Injected: 1"  => 'one%0D%0AX-Injected: 1',
        "caf\xc3\xa9"           => 'caf%C3%A9',
        '100% sure, 50%25'      => '100%25 sure, 50%2525',
        ' leading'              => '%20leading',
        'trailing '             => 'trailing%20',
        ' '                     => '%20',
        "\ttab\x7f"             => '%09tab%7F',
        "\x01~!\"#\$&'()*+,;:="  => "%01~!\"#\$&'()*+,;:=",
        ''                      => '',
    );
    for my $body (sort keys %written) {
        my $coded = $body =~ s/(.)/sprintf '%%%02x', ord $1/gesr;
        my $reply = answers $s, "written as '$written{$body}'",
            signed('/backend/headers', "MessageSid=m1&Body=$coded"),
            200, report => { };
        is $reply->report->{headers}{'signalwire-body'}, $written{$body}, "reads '$written{$body}'";
        ok !exists $reply->report->{headers}{'x-injected'}, 'nothing is injected';
        utf8::decode(my $text = $body);
        is header_fields($reply)->{BODY}, $text, 'and back';
    }
}

# Environment: every byte but NUL, and UTF-8.
sub in_env {
    my ($s) = @_;
    my @rows = (
        [ 'line ends'        => '%0D%0A%0A%09',      "\r\n\n\t" ],
        [ 'no NUL'           => '%00a%00%00b%00',    'ab' ],
        [ 'latin-1'          => 'a%e9b',             "a\x{fffd}b" ],
        [ 'overlong'         => 'a%c0%afb',          qr/\Aa\x{fffd}+b\z/ ],
        [ 'a surrogate'      => 'a%ed%a0%80b',       qr/\Aa\x{fffd}+b\z/ ],
        [ 'beyond U+10FFFF'  => 'a%f4%90%80%80b',    qr/\Aa\x{fffd}+b\z/ ],
        [ 'cut off'          => 'a%e2%82',           qr/\Aa\x{fffd}+\z/ ],
        [ 'NUL in between'   => 'a%c3%00%a9b',       qr/\Aa(?:\x{fffd}+|\x{e9})b\z/ ],
        [ 'the last of all'  => '%f4%8f%bf%bf',      "\x{10ffff}" ],
    );
    for (@rows) {
        my ($name, $coded, $text) = @$_;
        my $reply = answers $s, "environment: $name",
            signed('/cgi/env', "MessageSid=m1&Body=$coded"), 200,
            env => { SIGNALWIRE_BODY => $text };
    }
}

sub params {
    my ($s) = @_;
    my $is = sub {
        my ($name, $request, %want) = @_;
        answers $s, "params: $name", $request, 200,
            env => { map { ("SIGNALWIRE_PARAM_$_" => $want{$_}) } keys %want };
    };
    my $names = 'CallSid=1&AudioInMos=4.1&SipHeader_X-Foo=f&Unique-ID=u&a.b=1&%c3%a9=e';
    $is->('names', signed('/cgi/params', $names), CALLSID => 1, AUDIOINMOS => '4.1',
        SIPHEADER_X_FOO => 'f', UNIQUE_ID => 'u', A_B => 1, __ => 'e');
    $is->('the first of those that collide',
        signed('/cgi/params', 'CallSid=1&a-b=1&a_b=2&A.B=3&CallSid=2'), A_B => 1, CALLSID => 1);
    $is->('the query of a GET', GET('/cgi/params?CallSid=1&x=%0a', sign => 'form'),
        CALLSID => 1, X => "\n");
    $is->('body and query', signed('/cgi/params?Q=q&From=query', 'CallSid=1&From=body'),
        Q => 'q', FROM => 'body');
    my $json = '{"call":{"call_id":"c1","headers":[{"name":"X-A"},{"name":"X-B","value":null}]},'
        . '"vars":{"user":{"name":"Zo\u00eb"},"n":0.10,"big":9223372036854775808,"exp":1E+2,'
        . '"neg":-0.0,"ok":true,"a-b":1,"a_b":2,"list":["x",["y"]],"none":[],"empty":{}}}';
    $is->('JSON', POST('/cgi/params', json => $json, sign => 'sha1'),
        CALL_CALL_ID => 'c1', CALL_HEADERS_0_NAME => 'X-A', CALL_HEADERS_1_VALUE => '',
        VARS_USER_NAME => "Zo\x{eb}", VARS_N => '0.10', VARS_BIG => '9223372036854775808',
        VARS_EXP => '1E+2', VARS_NEG => '-0.0', VARS_OK => 'true', VARS_A_B => 1,
        VARS_LIST_0 => 'x', VARS_LIST_1_0 => 'y', VARS_NONE => undef, VARS_EMPTY => undef,
        VARS => undef);
    $is->('an array', POST('/cgi/params', json => '["a",{"b":1}]', sign => 'sha1'),
        0 => 'a', '1_B' => 1);
}

sub sizes {
    my ($s) = @_;
    my $message = sub { my ($n) = @_; return 'MessageSid=m1&From=f&Body=' . 'x' x $n };
    my $env = sub {
        my ($name, $n, $body, $log) = @_;
        answers $s, "environment: $name", signed('/cgi/env', $message->($n)), 200, log => $log,
            env => { SIGNALWIRE_BODY => $body, SIGNALWIRE_FROM => 'f', SIGNALWIRE_KEY => 1 };
    };
    $env->('8 KiB', 8192, 'x' x 8192);
    $env->('8 KiB and one', 8193, undef, qr/SW0119: .*BODY/);

    my $many = 'MessageSid=m1&From=f&' . join '&', map { "MediaUrl$_=" . $_ % 10 x 4000 } 0 .. 10;
    my $reply = answers $s, 'environment: 32 KiB together', signed('/cgi/env', $many), 200,
        log => qr/SW0119: .*MEDIA_URL_/,
        env => { SIGNALWIRE_MEDIA_URL_0 => '0' x 4000, SIGNALWIRE_FROM => 'f',
                 SIGNALWIRE_KEY => 1 };
    my $length = length join '', values %{ env_fields($reply) };
    cmp_ok $length, '<=', 32_768, 'environment: no more than that';
    cmp_ok $length, '>', 28_000, 'environment: and no less';
    my ($line) = $s->log->lines(qr/SW0119: .*MEDIA_URL_/);
    unlike $line, qr/(\d)\1{99}/, 'the log has names, no values';

    answers $s, 'parameters are counted, too', signed('/cgi/all', $many), 200,
        log => [ qr/SW0119: /, qr/SW0120: / ], env => { SIGNALWIRE_VERIFIED => 'form' };

    my $fields = sub {
        my ($name, $form, $log, %want) = @_;
        my $reply = answers $s, "headers: $name", signed('/backend/headers', $form), 200,
            log => $log;
        my $got = $reply->report->{headers};
        is $got->{"signalwire-$_"}, $want{$_}, "headers: $name: $_" for sort keys %want;
        my @ours = grep { /\Asignalwire-/ } keys %$got;
        my @free = grep { !/-(?:webhook|verified|verdict|key)\z/ } @ours;
        cmp_ok length(join '', @$got{@free}), '<=', 8192, "headers: $name: no more than 8 KiB";
        is_deeply [ @$got{map { "signalwire-$_" } qw(webhook verified verdict key event from)} ],
            [ qw(headers form verified 1 message.incoming f) ], "headers: $name: these always";
    };
    $fields->('6 KiB', $message->(6144), undef, body => 'x' x 6144);
    $fields->('more than 8 KiB', $message->(8192), qr/SW0120: .*BODY/i, body => undef);
    $fields->('3 KiB that are written with 9', 'MessageSid=m1&From=f&Body=' . '%C3%A9' x 1536,
        qr/SW0120: .*BODY/i, body => undef);
    $fields->('several', $many, qr/SW0120: .*MEDIA/i,
        'media-url-0' => '0' x 4000, 'media-url-3' => undef);
}

sub times {
    my $s = server(modules => 'proxy proxy_http', conf => <<'EOT');
MaxKeepAliveRequests 0
<Location />
    <SignalWireWebhook all>
        SignalWireVerify off
    </SignalWireWebhook>
</Location>
ProxyPass / @BACKEND@/
EOT
    my $client = SW::Client->new($s->port);
    my $time = sub {
        my ($json) = @_;
        my $request = POST('/', json => qq({"call_id":"1","call_state":"x","timestamp":$json}),
            keep => 1);
        return header_fields($client->send(bytes_of $request)->response);
    };
    my @good = ('Tue, 03 Mar 2026 09:15:44 +0000', 'Tue, 03 Mar 2026 09:15:44 +0200',
        'Tue, 3 Mar 2026 09:15:44 -0530', '2026-03-03T09:15:44',
        'Thu, 29 Feb 2024 23:59:59 -0001', '2026-03-03T09:15:44Z', '2026-03-03T09:15:44.12Z',
        '2026-03-03T09:15:44.123456789Z', '2026-01-01T00:30:00+01:00',
        '2025-12-31T23:30:00.5-05:30');
    my @numbers = qw(1772529344 1772529344.120267 1772529344.5 1.772529344120267e9 1.7725293E+9
                     17725293441e-1 1772529344123456 1772529344000000);
    is $time->(qq("$_"))->{TIME}, rfc3339($_), "TIME of $_" for @good;
    is $time->($_)->{TIME}, rfc3339($_), "TIME of the number $_" for @numbers;
    is $time->(qq("$_"))->{TIME}, rfc3339($_), "TIME of the text $_" for @numbers;
    is $time->('"Tue, 03 Mar 2026 09:15:44 +02:00"')->{TIME}, '2026-03-03T07:15:44.000Z', 'a zone with a colon';
    is $time->('"Tue, 03 Mar 2026 09:15:44"')->{TIME}, '2026-03-03T09:15:44.000Z', 'no zone is UTC';
    for my $garbage ('', ' ', 'now', '2026-13-03T09:15:44Z', '2026-03-32T09:15:44Z',
        '2026-03-03T25:15:44Z', '1e',
        '2026-03-03T09:15:44Zulu', 'Tue, 03 Foo 2026 09:15:44 +0000', '1772529344x', '0x1F', 'nan',
        'Tue, 99 Mar 2026 09:15:44 +0000', '2026-02-29T09:15:44Z', '1772529344 1',
        'Tue, 03 Mar 2026 09:15:44 EST', 'Tue, 03 Mar 2026 09:15:44 +0000 x', '1e400',
        '9' x 400, '1e-400x') {
        my $fields = $time->(qq("$garbage"));
        is $fields->{TIME}, undef, "no TIME of '" . substr($garbage, 0, 40) . q(');
        is $fields->{TIMESTAMP}, $garbage, 'TIMESTAMP is as sent';
    }
    is $time->($_)->{TIME}, undef, "no TIME of $_" for qw(1e999 -1e999 null true [] {});
    finish;
}
