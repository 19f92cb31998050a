# SPDX-License-Identifier: Apache-2.0
# Every fixture of t/callbacks, signed, through a CGI program, PHP and a proxied
# backend: exactly the fields of EXPECTED.json and EXPECTED-MORE.json.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Fields;
use SW::Test;

my $conf = <<'EOT';
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
MaxKeepAliveRequests 0
ScriptAlias /cgi @APPS@/echo.cgi
Alias /php @APPS@/echo.php
<Location />
    <SignalWireWebhook all>
    </SignalWireWebhook>
</Location>
EOT

my @names = qw(
    EVENT FORMAT RESPONSE ID DEDUPE TERMINAL EVENT_TYPE TYPE PROJECT_ID SPACE_ID CALL_ID
    PARENT_CALL_ID PEER_CALL_ID SEGMENT_ID NODE_ID TAG CONTROL_ID SESSION_ID MESSAGE_ID FAX_ID
    CONFERENCE_ID RECORDING_ID TRANSCRIPTION_ID QUEUE_ID STREAM_ID FROM TO DIRECTION CALLER_NAME
    FORWARDED_FROM STATUS REASON ERROR_CODE ERROR_MESSAGE SIP_CODE HANGUP_BY TIMESTAMP SEQUENCE
    DURATION BODY NUM_SEGMENTS NUM_MEDIA MEDIA_URL_0 MEDIA_TYPE_0 DIGITS SPEECH_RESULT CONFIDENCE
    RECORDING_URL RECORDING_DURATION TRANSCRIPT NUM_PAGES ANSWERED_BY NAME QUEUE_POSITION
    QUEUE_SIZE FUNCTION);

my %expected = fixtures();

each_mpm {
    my $php = need 'PHP-FPM', SW::PHP::fpm();
    my $s = server(modules => 'proxy proxy_http proxy_fcgi', conf => join '', $conf,
        "ProxyPass /backend \@BACKEND\@\n", $php
        ? "<Files *.php>\nSetHandler \"\@FPM\@\"\n</Files>\n" : ());
    delivers($s, 'cgi', '/cgi', 'env');
    delivers($s, 'php-fpm-fcgi', '/php', 'env') if $php;
    delivers($s, 'backend', '/backend/x');
};

subtest 'mod_php' => sub {
    need 'mod_php', SW::PHP::mod_php() or return;
    my $s = server(mpm => 'prefork', mod_php => SW::PHP::mod_php(), conf => $conf . <<'EOT');
<Files *.php>
    SetHandler application/x-httpd-php
</Files>
PHPIniDir conf
EOT
    delivers($s, 'php-apache2handler', '/php', 'env');
    finish;
};

subtest 'HTTP/2' => sub {
    need 'curl', program('curl') or return;
    my $s = server(modules => 'http2 proxy proxy_http',
        conf => "Protocols h2c http/1.1\nProxyPass /backend \@BACKEND\@\n$conf");
    for my $target ('/cgi', '/backend/x') {
        my @env = $target eq '/cgi' ? 'env' : ();
        for my $file (grep { /[+](?:crlf|mms11|sip|deepvars|star)\b/ } sort keys %expected) {
            my $request = fixture($file, $target, headers => [ 'SignalWire-Digits' => 'forged' ]);
            my $reply = curl($s, $request, 'http', '--http2-prior-knowledge');
            check_reply $s, "$target: $file arrives", $request, $reply, 200;
            is_deeply published($reply), { map { $_ => $expected{$file} } 'headers', @env },
                "$target: $file";
        }
    }
    finish;
};

subtest 'the fixtures' => sub {
    my %used = map { map { $_ => 1 } keys %$_ } values %expected;
    is join(' ', grep { !$used{$_} } @names), '', 'every canonical field is expected somewhere';
    my @files = map { m{([^/]+)\z} } glob SW::Config::source_dir() . '/t/callbacks/*';
    is_deeply [ sort grep { !/^EXPECTED/ } @files ], [ sort keys %expected ],
        'every fixture has its expectation';
};

finish;
done_testing;

# All fixtures, on one connection.
sub delivers {
    my ($s, $app, $target, @env) = @_;
    my $client = SW::Client->new($s->port);
    for my $file (sort keys %expected) {
        my $request = fixture($file, $target, keep => 1);
        my $reply = $client->send(bytes_of $request)->response($request->{method});
        check_reply $s, "$app: $file arrives", $request, $reply, 200, app => $app;
        is_deeply published($reply), { map { $_ => $expected{$file} } 'headers', @env },
            "$app: $file";
    }
}
