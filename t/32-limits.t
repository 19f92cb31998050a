# SPDX-License-Identifier: Apache-2.0
# SignalWireMaxBody; bodies that stall or break; what a refused client sees.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

my $conf = <<'EOT';
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
ScriptAliasMatch "^/" @APPS@/echo.cgi
Timeout 1
<Location /small>
    <SignalWireWebhook small>
        SignalWireMaxBody 1000
    </SignalWireWebhook>
</Location>
<Location /default>
    <SignalWireWebhook default>
    </SignalWireWebhook>
</Location>
<Location /httpd>
    LimitRequestBody 500
    <SignalWireWebhook httpd>
    </SignalWireWebhook>
</Location>
<Location /report>
    <SignalWireWebhook report>
        SignalWireVerify report
        SignalWireMaxBody 10
    </SignalWireWebhook>
</Location>
EOT

sub signed { my ($target, $length, @how) = @_; POST $target, body => 'x' x $length, sign => 'sha1', @how }

each_mpm {
    my $s = server(conf => $conf);
    my @large = (log => qr/SW0109: POST \/small refused \(small\): body-too-large: .*1000 bytes/);

    answers $s, 'announced: the limit', signed('/small', 1000), 200;
    answers $s, 'announced: one byte more', signed('/small', 1001), 413, @large;
    answers $s, 'streamed: the limit', signed('/small', 1000, chunked => 300), 200;
    answers $s, 'streamed: one byte more', signed('/small', 1001, chunked => 300), 413, @large;
    answers $s, 'streamed: far more', signed('/small', 300_000, chunked => 7000), 413, @large;
    answers $s, 'the default: the limit', signed('/default', 262_144), 200;
    answers $s, 'the default: one byte more', signed('/default', 262_145), 413,
        log => qr/SW0109: .*262144 bytes/;

    # Without a limit of its own: reports of AI agents are often longer.
    my $json = sub { my ($n, @how) = @_; POST '/default', body => '{"a":"' . 'x' x ($n - 8) . '"}', sign => 'sha1', @how };
    my @type = (type => 'application/json');
    answers $s, 'JSON: the limit', $json->(1_048_576, @type), 200;
    answers $s, 'JSON: one byte more', $json->(1_048_577, @type), 413,
        log => qr/SW0109: POST \/default refused \(default\): .* SignalWireMaxBody of 1048576 bytes: it has 1048577 bytes/;
    answers $s, 'JSON: streamed, one byte more', $json->(1_048_577, @type, chunked => 9999), 413,
        log => qr/SW0109: .*1048576 bytes$/;
    answers $s, 'JSON of no type', $json->(300_000), 200;
    answers $s, 'JSON called text', $json->(300_000, type => 'text/plain'), 200;
    answers $s, 'a form of no type', POST('/default', body => 'A=' . 'x' x 300_000, sign => 'sha1'), 413,
        log => qr/SW0109: .*262144 bytes/;
    answers $s, 'JSON called a form', $json->(300_000, type => 'application/x-www-form-urlencoded'), 413,
        log => qr/SW0109: .*262144 bytes: it has 300000 bytes/;
    answers $s, 'JSON where a limit is set', POST('/small', json => '"' . 'x' x 999 . '"', sign => 'sha1'), 413, @large;

    answers $s, 'a huge announcement is answered before the body',
        POST('/small', body => '', length => 9_000_000_000,
        headers => [ 'X-SignalWire-Signature' => '0' x 40 ]), 413, @large;
    answers $s, 'unsigned: 403, however large', POST('/small', body => 'x' x 5000), 403, log => qr/SW0101/;

    answers $s, "httpd's smaller limit: announced", signed('/httpd', 501), 413,
        log => qr/SW0115: POST \/httpd refused \(httpd\): .*larger than LimitRequestBody/;
    answers $s, "httpd's smaller limit: streamed", signed('/httpd', 501, chunked => 100), 413,
        log => qr/SW0115: .*larger than LimitRequestBody/;

    # The connection after a refusal: goes on after 403, closed by httpd after 413.
    for my $unread (POST('/small', body => 'x' x 5000, keep => 1),
        POST('/small', body => 'x' x 5000, keep => 1, chunked => 700)) {
        my $client = SW::Client->new($s->port);
        $s->log->expect(qr/SW0101/);
        $client->send(bytes_of($unread), bytes_of(signed('/small', 10, keep => 1)));
        my @status = map { $_ ? $_->status : 'none' } map { $client->response } 1 .. 2;
        is "@status", '403 200', 'keep-alive: the request after an unread body';
    }
    for my $large (signed('/small', 1001, keep => 1), signed('/small', 1001, keep => 1, chunked => 100)) {
        my $client = SW::Client->new($s->port)->send(bytes_of $large);
        $s->log->expect(qr/SW0109/);
        is $client->response->header('Connection'), 'close', 'keep-alive: 413 says that it is the last';
        ok $client->closed, 'keep-alive: and it is';
    }

    # Every refusal says the same, and nothing of the reason.
    my %body;
    for my $refused (
        [ qr/SW0101/, POST('/small', form => 'A=1') ],
        [ qr/SW0102/, POST('/small', form => 'A=1', headers => [ 'X-SignalWire-Signature' => 'x' ]) ],
        [ qr/SW0103/, POST('/small', form => 'A=1', sign => 'form', key => KEY2) ],
        [ qr/SW0103/, POST('/default', form => 'A=1', sign => 'form', url => 'http://hooks.example.com/default') ])
    {
        $s->log->expect($refused->[0]);
        my $reply = talk($s, $refused->[1]);
        $body{ $reply->body } = 1;
        is $reply->status, 403, "refused: $refused->[0]";
    }
    is keys %body, 1, 'the body of a refusal is constant';
    unlike join('', keys %body), qr/sign|SW\d|webhook|key/i, 'and gives no reason';

    # Stalled and broken bodies, in every mode.
    for my $block (qw(default report)) {
        my $announced = signed("/$block", 10, keep => 1);
        my $chunked   = signed("/$block", 10, keep => 1, chunked => 5);
        wire($s, "$block: stalled", 408, head_of($announced), 'xxx');
        wire($s, "$block: stalled in chunks", 408, head_of($chunked), "5\r\nxxxxx\r\n");
        wire($s, "$block: a chunk without a size", 400, head_of($chunked), "5\r\nxxxxx\r\nyy\r\n");
        wire($s, "$block: broken off", 400, head_of($announced), 'xxx', undef);
        wire($s, "$block: broken off in chunks", 400, head_of($chunked), "5\r\nxx", undef);
    }
};

finish;
done_testing;

# Sends bytes and then nothing more (undef: closes its side), and compares the
# status; a client that broke off may get none.
sub wire {
    my ($s, $name, $status, @bytes) = @_;
    my $breaks_off = !defined $bytes[-1];
    pop @bytes if $breaks_off;
    my $why = $status == 408 ? 'longer than Timeout or RequestReadTimeout allow' : 'badly framed';
    $s->log->expect(qr/SW0115: POST .* refused .*: body-unreadable: .*$why$/);
    my $client = SW::Client->new($s->port)->send(@bytes)->flush;
    shutdown $client->{socket}, 1 if $breaks_off;
    my $reply = $client->response;
    my $good = $reply ? $reply->status == $status && $reply->header('X-App') eq '' : $breaks_off;
    my @bad = $s->log->complaints;
    ok $good && !@bad, "$name: $status" or diag join "\n", $reply ? $reply->status : 'no reply', @bad;
}
