# SPDX-License-Identifier: Apache-2.0
# What the log says of a near miss: what would have matched, which directive
# to set; and that doing so helps. Never accepted, never more than one a second
# for each block.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

my @blocks = qw(scheme port slash noslash forwarded forwardedheader host query project
                transcoded type uncovered sha256 none rate other);
my $blocks = join '', map { <<"EOT" } @blocks;
<Location /$_>
    <SignalWireWebhook $_>
    </SignalWireWebhook>
</Location>
EOT

my $conf = <<'EOT' . $blocks;
ScriptAliasMatch "^/(?!media)" @APPS@/echo.cgi
SignalWireSigningKey @KEY@
SignalWireSigningKey project=p-2 @KEY2@
SignalWirePublicURL  https://hooks.example.com
<LocationMatch "^/$">
    <SignalWireWebhook root>
    </SignalWireWebhook>
</LocationMatch>
<Location /trusted>
    <SignalWireWebhook trusted>
        SignalWireTrustedProxy 127.0.0.1
    </SignalWireWebhook>
</Location>
<Location /media>
    <SignalWireWebhook media>
    </SignalWireWebhook>
</Location>
EOT
my $s = server(conf => $conf, files => { 'htdocs/media/hello.mp3' => 'music',
    'htdocs/media/call.php/x.mp3' => 'code' });

# A request that is refused as a mismatch, and what its log line must say. If
# that is to set a SignalWirePublicURL, it is done and tried further below.
my @advised;
sub near {
    my ($name, $request, @says) = @_;
    my $line = qr{:error\].* SW0103: $request->{method} \S+ refused \(\w+\): signature-mismatch: };
    answers $s, $name, $request, 403, log => $line;
    my ($last) = ($s->log->lines($line))[-1];
    like $last, $_, "  $name: the log names it" for @says;
    push @advised, [ $name, $request,
        "SignalWirePublicURL $1" ] if $last =~ m{set SignalWirePublicURL (https?:\S+)};
}
sub form { my ($target, @more) = @_; POST $target, form => 'Secret=body&B=2', sign => 'form', @more }

my $set = sub { my ($url) = @_; (qr{it was made for \Q$url\E/}, qr{set SignalWirePublicURL \Q$url\E(?: |$)}) };

near 'http for https', form('/scheme', url => 'http://hooks.example.com/scheme'),
    $set->('http://hooks.example.com');
near 'a port', form('/port', url => 'https://hooks.example.com:' . $s->port . '/port'),
    $set->('https://hooks.example.com:' . $s->port);
near 'another host', form('/host', host => 'www.example.com', url => 'http://www.example.com/host'),
    $set->('http://www.example.com');
near 'a slash too few', form('/slash', url => PUBLIC . '/slash/'),
    qr{made for https://hooks\.example\.com/slash/}, qr/slash/, qr/SignalWirePublicURL/;
near 'a slash too many', form('/noslash/', url => PUBLIC . '/noslash'),
    qr{made for https://hooks\.example\.com/noslash\b}, qr/SignalWirePublicURL/;

my @proxied = ('X-Forwarded-Proto' => 'https', 'X-Forwarded-Host' => 'front.example.com');
my $front = sub { my ($target) = @_; ('X-SignalWire-Signature' => sign_form(KEY,
    "https://front.example.com$target", 'A=1')) };
near 'forwarded by a stranger', POST('/forwarded', form => 'A=1', headers => [ @proxied, $front->('/forwarded') ]),
    $set->('https://front.example.com'), qr/SignalWireTrustedProxy 127\.0\.0\.1/;
near 'forwarded by somebody trusted',
    POST('/trusted', form => 'A=1', headers => [ @proxied, $front->('/trusted') ]),
    $set->('https://front.example.com');
near 'Forwarded', POST('/forwardedheader', form => 'A=1', headers => [
    Forwarded => 'proto=https;host=front.example.com', $front->('/forwardedheader') ]),
        $set->('https://front.example.com');

near 'a sorted query', form('/query?b=2&a=1', url => PUBLIC . '/query?a=1&b=2'), qr/sorted/;
near 'a key of another project', POST('/project', form => 'AccountSid=p-1', sign => 'form', key => KEY2),
    qr/project=p-2/, qr/SignalWireSigningKey/;
near 'the other scheme', POST('/transcoded', form => 'A=1', headers => [
    'X-SignalWire-Signature' => unpack 'H*',
        MIME::Base64::decode_base64(sign_form(KEY, PUBLIC . '/transcoded', 'A=1')) ]),
    qr/other scheme/, qr/SignalWireSignatureType/;
near 'another content type', form('/type', type => 'text/plain'), qr{Content-Type is "text/plain"},
    qr/SignalWireSignatureType/;
near 'the URL alone', POST('/uncovered', json => '{"a":1}', headers => [
    'X-SignalWire-Signature' => sign_form(KEY, PUBLIC . '/uncovered', '') ]), qr/URL alone/, qr/SignalWireVerify/;
near 'a wrong SHA-256 beside a right SHA-1', POST('/sha256', json => '{"a":1}', headers => [
    'X-SignalWire-Signature' => sign_sha1(KEY, PUBLIC . '/sha256', '{"a":1}'),
        'X-SignalWire-SHA256-Signature' => '0' x 64 ]),
    qr/X-SignalWire-SHA256-Signature beside it is wrong/;
near 'nothing near', form('/none', key => 'another key'),
    qr{expected a signature for https://hooks\.example\.com/none by one of 2 key},
    qr/SignalWireSigningKey/;

# One a second for each block, and five at once for somebody who tries by hand.
my $start = time;
near "flood $_", form('/rate', key => 'another key') for 1 .. 12;
my $seconds = time - $start + 1;
my @all = $s->log->lines(qr/SW0103: .*\(rate\)/);
my $diagnosed = grep { !/not diagnosed/ } @all;
is @all, 12, 'each refusal has its line';
is scalar(grep { /no near miss found/ } @all[0 .. 4]), 5, 'the first five are diagnosed';
cmp_ok $diagnosed, '<=', 5 + $seconds, 'but then one a second at the most';
is scalar(grep { /no near miss found|not diagnosed: each block has one diagnosis a second, and at most five at once/ } @all), 12,
    'each line has a diagnosis, or says why there is none';
near 'another block meanwhile', form('/other', key => 'another key'), qr/no near miss found/;

# Credentials that came as Basic are part of what is tried, not of what is said.
my @hush = (Authorization => 'Basic ' . MIME::Base64::encode_base64('user:hush', ''));
near 'credentials', POST('/', form => 'A=1', headers => [
    @hush, 'X-SignalWire-Signature' => sign_form(KEY, "https://user:hush\@$_", 'A=1') ])
        for 'hooks.example.com', 'other.example.com/';

# What SignalWire fetches without signing.
my $advice = qr{SW0101:\ GET\ /media/hello\.mp3\ refused\ .*
    (<LocationMatch\ .*?>)\ with\ (<SignalWireWebhook>)\ (SignalWireVerify\ off)\ (<\S+>)}x;
answers $s, 'a media file', GET('/media/hello.mp3'), 403, log => $advice;
my $exempt = join "\n", ($s->log->lines($advice))[0] =~ $advice, '</LocationMatch>';
answers $s, 'a script', GET('/media/call.php'), 403, log => qr/SW0101/;
unlike +($s->log->lines(qr/call\.php/))[-1], qr/LocationMatch/, 'a script is no media file';

# Doing what the log says helps.
cmp_ok @advised, '>=', 6, 'there was advice';
my $followed = join '', map { my ($name, $request, $set) = @$_; <<"EOT" } @advised;
<Location $request->{target}>
    <SignalWireWebhook>
        $set
    </SignalWireWebhook>
</Location>
EOT
$s->graceful("$conf$followed$exempt\n");
answers $s, "$_->[0]: helped by $_->[2]", $_->[1], 200 for @advised;
answers $s, 'a media file: helped by an exemption', GET('/media/hello.mp3'), 200, app => '', body => 'music';
answers $s, 'a script with the name of a media file is none', GET('/media/call.php/x.mp3'), 403, log => qr/SW0101/;

# Nothing secret in any line.
my @log = $s->log->lines(qr/SW01/);
my @signatures = map { sign_form(KEY, PUBLIC . "/$_", 'Secret=body&B=2') } 'none', 'scheme';
for my $secret (KEY, KEY2, @signatures, 'body&', 'Secret', 'b=2', 'another key', 'hush', $hush[1]) {
    ok !(grep { /\Q$secret\E/ } @log), "the log does not hold $secret";
}

finish;
done_testing;
