# SPDX-License-Identifier: Apache-2.0
# What the log says of a near miss: what would have matched, which directive
# to set. Never accepted, never more than one a second for each block.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

my @blocks = qw(scheme port slash noslash forwarded forwardedheader host query project
                transcoded type uncovered none rate other);
my $blocks = join '', map { <<"EOT" } @blocks;
<Location /$_>
    <SignalWireWebhook $_>
    </SignalWireWebhook>
</Location>
EOT

my $s = server(files => { 'htdocs/media/hello.mp3' => 'music', 'htdocs/media/index.php' => 'code' }, conf => <<'EOT' . $blocks);
SignalWireSigningKey @KEY@
SignalWireSigningKey project=p-2 @KEY2@
SignalWirePublicURL  https://hooks.example.com
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

# A request that is refused as a mismatch, and what its log line must say.
sub near {
    my ($name, $request, @says) = @_;
    my $line = qr{:error\].* SW0103: $request->{method} \S+ refused \(\w+\): signature-mismatch: };
    answers $s, $name, $request, 403, log => $line;
    my ($last) = ($s->log->lines($line))[-1];
    like $last, $_, "  $name: the log names it" for @says;
}
sub form { my ($target, @more) = @_; POST $target, form => 'Secret=body&B=2', sign => 'form', @more }

my $set = sub { my ($url) = @_; (qr{it was made for \Q$url\E/}, qr{set SignalWirePublicURL \Q$url\E(?: |$)}) };

near 'http for https', form('/scheme', url => 'http://hooks.example.com/scheme'), $set->('http://hooks.example.com');
near 'a port', form('/port', url => 'https://hooks.example.com:' . $s->port . '/port'),
    $set->('https://hooks.example.com:' . $s->port);
near 'another host', form('/host', host => 'www.example.com', url => 'http://www.example.com/host'), $set->('http://www.example.com');
near 'a slash too few', form('/slash', url => PUBLIC . '/slash/'), qr{made for https://hooks\.example\.com/slash/}, qr/slash/, qr/SignalWirePublicURL/;
near 'a slash too many', form('/noslash/', url => PUBLIC . '/noslash'), qr{made for https://hooks\.example\.com/noslash\b}, qr/SignalWirePublicURL/;

my @proxied = ('X-Forwarded-Proto' => 'https', 'X-Forwarded-Host' => 'front.example.com');
my $front = sub { my ($target) = @_; ('X-SignalWire-Signature' => sign_form(KEY, "https://front.example.com$target", 'A=1')) };
near 'forwarded by a stranger', POST('/forwarded', form => 'A=1', headers => [ @proxied, $front->('/forwarded') ]),
    $set->('https://front.example.com'), qr/SignalWireTrustedProxy 127\.0\.0\.1/;
near 'forwarded by somebody trusted', POST('/trusted', form => 'A=1', headers => [ @proxied, $front->('/trusted') ]),
    $set->('https://front.example.com');
near 'Forwarded', POST('/forwardedheader', form => 'A=1', headers => [
    Forwarded => 'proto=https;host=front.example.com', $front->('/forwardedheader') ]), $set->('https://front.example.com');

near 'a sorted query', form('/query?b=2&a=1', url => PUBLIC . '/query?a=1&b=2'), qr/sorted/;
near 'a key of another project', POST('/project', form => 'AccountSid=p-1', sign => 'form', key => KEY2),
    qr/project=p-2/, qr/SignalWireSigningKey/;
near 'the other scheme', POST('/transcoded', form => 'A=1', headers => [
    'X-SignalWire-Signature' => unpack 'H*', MIME::Base64::decode_base64(sign_form(KEY, PUBLIC . '/transcoded', 'A=1')) ]),
    qr/other scheme/, qr/SignalWireSignatureType/;
near 'another content type', form('/type', type => 'text/plain'), qr{Content-Type is "text/plain"}, qr/SignalWireSignatureType/;
near 'the URL alone', POST('/uncovered', json => '{"a":1}', headers => [
    'X-SignalWire-Signature' => sign_form(KEY, PUBLIC . '/uncovered', '') ]), qr/URL alone/, qr/SignalWireVerify/;
near 'nothing near', form('/none', key => 'another key'), qr{expected a signature for https://hooks\.example\.com/none by one of 2 key},
    qr/SignalWireSigningKey/;

# One a second for each block.
my $start = time;
near "flood $_", form('/rate', key => 'another key') for 1 .. 8;
my $seconds = time - $start + 1;
my @all = $s->log->lines(qr/SW0103: .*\(rate\)/);
my $diagnosed = grep { !/not diagnosed/ } @all;
is @all, 8, 'each refusal has its line';
cmp_ok $diagnosed, '>=', 1, 'the first is diagnosed';
cmp_ok $diagnosed, '<=', $seconds, 'but one a second at the most';
near 'another block meanwhile', form('/other', key => 'another key'), qr/no near miss found/;

# What SignalWire fetches without signing.
answers $s, 'a media file', GET('/media/hello.mp3'), 403,
    log => qr/SW0101: GET \/media\/hello\.mp3 refused .*LocationMatch.*mp3.*SignalWireVerify off/;
answers $s, 'a script', GET('/media/index.php'), 403, log => qr/SW0101/;
unlike +($s->log->lines(qr/index\.php/))[-1], qr/LocationMatch/, 'a script is no media file';

# Nothing secret in any line.
my @log = $s->log->lines(qr/SW01/);
my @signatures = map { sign_form(KEY, PUBLIC . "/$_", 'Secret=body&B=2') } 'none', 'scheme';
for my $secret (KEY, KEY2, @signatures, 'body&', 'Secret', 'b=2', 'another key') {
    ok !(grep { /\Q$secret\E/ } @log), "the log does not hold $secret";
}

finish;
done_testing;
