# SPDX-License-Identifier: Apache-2.0
# What proxies do to a URL: the log says what the signature was made for, and
# doing what it says lets the request pass; in report mode as in require mode.
# And what the other refusals say of the request.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

my @basic = (Authorization => 'Basic ' . MIME::Base64::encode_base64('user:hush', ''));
my $secret = 'user:hush@';

# name => [ target received, URL signed, fields, what the line says ]; with a
# directive, it is followed below. HERE is the section of the case.
my %case = (
    'login-scheme'  => [ 'HERE', "http://${secret}hooks.example.com/HERE", [@basic], 'set SignalWirePublicURL http://hooks.example.com' ],
    'login-port'    => [ 'HERE', "https://${secret}hooks.example.com:8443/HERE", [ @basic, 'X-Forwarded-Port' => 8443 ],
        'set SignalWirePublicURL https://hooks.example.com:8443' ],
    'login-host'    => [ 'HERE', "https://${secret}b.example.net/HERE", [ @basic, 'X-Forwarded-Host' => 'a.example.net, b.example.net' ],
        'which X-Forwarded-Host (a list) names: if that is this server in public, set SignalWirePublicURL https://b.example.net' ],
    'original-host' => [ 'HERE', 'https://o.example.net/HERE', [ 'X-Original-Host' => 'o.example.net' ],
        'which X-Original-Host names: if that is this server in public, set SignalWirePublicURL https://o.example.net' ],
    'proxied'       => [ 'HERE', 'https://p.example.net/HERE', [ 'X-Forwarded-Host' => 'p.example.net', 'X-Forwarded-Port' => 8080 ],
        'set SignalWirePublicURL https://p.example.net' ],
    'prefix'        => [ 'HERE/in?a=1', PUBLIC . '/app/HERE/in?a=1', [ 'X-Forwarded-Prefix' => '/app' ],
        'whose path X-Forwarded-Prefix names: if that is this server in public, set SignalWirePublicURL '
            . PUBLIC . '/app/HERE in a block in <Location "/HERE">' ],
    'prefix-scheme' => [ 'HERE', 'http://hooks.example.com/app/HERE', [ 'X-Forwarded-Prefix' => '/app' ],
        'set SignalWirePublicURL http://hooks.example.com/app/HERE in a block in <Location "/HERE">' ],
    'original-uri'  => [ 'HERE?a=1', PUBLIC . '/hook?a=1', [ 'X-Original-URI' => '/hook?a=1' ],
        'whose path X-Original-URI names: if that is this server in public, set SignalWirePublicURL '
            . PUBLIC . '/hook in a block in <Location "/HERE">' ],
    'rewrite-url'   => [ 'HERE/x', PUBLIC . '/hook/x', [ 'X-Rewrite-URL' => '/hook/x' ],
        'set SignalWirePublicURL ' . PUBLIC . '/hook in a block in <Location "/HERE">' ],
    'slash-scheme'  => [ 'HERE', 'http://hooks.example.com/HERE/', [],
        'set SignalWirePublicURL http://hooks.example.com/HERE/ in a block in <Location "/HERE">' ],
    'plus'          => [ 'HERE?Body=a%20b', PUBLIC . '/HERE?Body=a+b', [], 'percent-encoded in another way' ],
    'colon'         => [ 'HERE?Body=12%3A30', PUBLIC . '/HERE?Body=12:30', [], 'percent-encoded in another way' ],
    'hex-case'      => [ 'HERE?Body=12%3A30', PUBLIC . '/HERE?Body=12%3a30', [], 'percent-encoded in another way' ],
    'over-encoded'  => [ 'HERE?Body=%62-%7E', PUBLIC . '/HERE?Body=b-~', [], 'percent-encoded in another way' ],
    'parameter'     => [ 'HERE?a=1&Body=2&c=3', PUBLIC . '/HERE?a=1&c=3', [], 'without parameter 2 of its query' ],
    'parameters'    => [ 'HERE?a=1&Body=2&c=3', PUBLIC . '/HERE?a=1', [], 'without parameters 2 to 3 of its query' ],
    'bare'          => [ 'HERE?', PUBLIC . '/HERE', [], 'a bare ? or & more or less' ],
    'ampersand'     => [ 'HERE?a=1&', PUBLIC . '/HERE?a=1', [], 'a bare ? or & more or less' ],
    'sorted'        => [ 'HERE?Body=2&a=1', PUBLIC . '/HERE?a=1&Body=2', [], 'sorted' ],
);

my $sections = sub { join '', map { my $name = $_; map { <<"EOT" } '', 'report-' } sort keys %case };
<Location /$_$name>
    <SignalWireWebhook $_$name>
        SignalWireVerify @{[ $_ ? 'report' : 'require' ]}
    </SignalWireWebhook>
</Location>
EOT
my $conf = <<'EOT';
ScriptAliasMatch "^/" @APPS@/echo.cgi
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
<Location /none>
    <SignalWireWebhook none>
    </SignalWireWebhook>
</Location>
<LocationMatch "^/mat[c]h/">
    <SignalWireWebhook match>
    </SignalWireWebhook>
</LocationMatch>
<Location /project>
    <SignalWireWebhook project>
        SignalWireSigningKey project=p-2 @KEY@
    </SignalWireWebhook>
</Location>
<Location /other-project>
    <SignalWireWebhook other-project>
        SignalWireSigningKey project=p-2 @KEY@
    </SignalWireWebhook>
</Location>
<Location /hash>
    <SignalWireWebhook hash>
    </SignalWireWebhook>
</Location>
<Location /secret>
    <SignalWireWebhook secret>
        SignalWireVerify off
        SignalWireSharedSecret token "s3cr+t"
    </SignalWireWebhook>
</Location>
<Location /forwarded>
    <SignalWireWebhook forwarded>
        SignalWirePublicURL    none
        SignalWireTrustedProxy 127.0.0.1
    </SignalWireWebhook>
</Location>
<Location /unknown>
    <SignalWireWebhook unknown>
        SignalWirePublicURL    none
    </SignalWireWebhook>
</Location>
EOT
my $s = server(conf => $conf . $sections->());
$s->log->expect(qr/SW0003/, 'any');

sub sent {
    my ($section, $case) = @_;
    my ($target, $url, $fields) = map { ref ? $_ : s/\bHERE\b/$section/gr } @$case;
    return POST "/$target", form => 'A=secret', sign => 'form', url => $url, headers => $fields;
}

my (%request, %followed);
for my $name (sort keys %case) {
    my $says = quotemeta $case{$name}[3] =~ s/\bHERE\b/$name/gr;
    $request{$name} = sent($name, $case{$name});
    answers $s, $name, $request{$name}, 403, log => qr/:error\].* SW0103: POST \S+ refused \($name\): .*$says(?!:\d)/;
    my ($line) = reverse $s->log->lines(qr/\($name\)/);
    my ($url, $location) = $line =~ /set SignalWirePublicURL (\S+?)(?: in a block in <Location "(\S+)">| or, |$)/;
    $followed{$name} = [ $url, $location // "/$name" ] if $url;
    like $line, qr/SignalWirePublicURL cannot help/, "$name: no directive helps, and it says so" if !$url;
    answers $s, "$name: reported", sent("report-$name", $case{$name}), 200,
        log => qr/:warn\].* SW0103: POST \S+ would be refused \(report-$name\): .*it was made for http/;
}
answers $s, 'no literal section', POST('/match/x', form => 'A=1', sign => 'form', url => PUBLIC . '/app/match/x',
    headers => [ 'X-Forwarded-Prefix' => '/app' ]), 403,
    log => qr{SW0103: .*set SignalWirePublicURL https://hooks\.example\.com/app/match/x in a block in <Location "/match/x">};
answers $s, 'a prefix that nobody names', POST('/none', form => 'A=1', sign => 'form', url => PUBLIC . '/app/none'), 403,
    log => qr/SW0103: .*no near miss found: .*a proxy has cut is restored by a SignalWirePublicURL with a path$/;

# The faults of the other refusals, by field, parameter and directive.
my $hex = 'ab' x 20;
answers $s, "malformed: $_->[1]", POST('/none', form => 'A=1', headers => [ "X-SignalWire-$_->[0]" => $_->[2] ]), 403,
    log => qr/SW0102: POST \/none refused \(none\): malformed-signature: SignalWireVerify asks .*: X-SignalWire-$_->[0] $_->[1]$/
    for [ Signature => 'is empty', '' ], [ Signature => 'came twice, or is a list', "$hex, $hex" ],
        [ Signature => 'is in quotes', "\"$hex\"" ], [ Signature => 'has upper-case hex digits', uc $hex ],
        [ Signature => 'begins with the name of a digest.*', "sha1=$hex" ],
        [ Signature => 'has 42 hex digits instead of 40', $hex . 'ab' ],
        [ Signature => 'is base64 of the alphabet for URLs.*', '-_' . 'a' x 25 . '=' ],
        [ Signature => 'is base64 without the = at its end', 'zz' . 'a' x 25 ],
        [ 'SHA256-Signature' => 'is not 64 hex digits', 'x' ];
ok !(grep { /$hex/i } $s->log->lines(qr/SW0102/)), 'without its value';
answers $s, "hash: $_->[0]", POST("/hash?bodySHA256=$_->[1]", form => 'A=1', sign => 'form'), 403,
    log => qr/SW0108: .*SignalWireVerify asks .*: $_->[0]$/
    for [ 'it is empty', '' ], [ 'it has not 64 digits', 'ab' ], [ 'it has upper-case digits', 'AB' x 32 ],
        [ 'it is the hash of another body, or of none', 'ab' x 32 ],
        [ 'there are several, and each must be the hash', 'ab' x 32 . '&bodySHA256=' . 'ab' x 32 ];
answers $s, "secret: $_->[0]", POST("/secret$_->[1]", form => 'A=1'), 403,
    log => qr/SW0112: .* SignalWireSharedSecret: parameter token \Q$_->[0]\E$/
    for [ 'is missing', '' ], [ 'is missing', '?TOKEN=s3cr%2Bt' ], [ 'is empty', '?token=' ],
        [ 'came more than once', '?token=s3cr%2Bt&token=x' ], [ 'is wrong', '?token=oops' ],
        [ 'is not percent-encoded: write + as %2B, % as %25', '?token=s3cr+t' ];
answers $s, 'the right secret', POST('/secret?token=s3cr%2Bt', form => 'A=1'), 200;
answers $s, 'a project without a key', POST('/project', form => 'AccountSid=p%0A-%22%C3%A9' . 'x' x 100, sign => 'form',
    key => KEY2), 403,
    log => qr/SW0114: .* SignalWireSigningKey .*: the callback is of project "p%0A-"%C3%A9x{50,58}"; if that is yours, set SignalWireSigningKey project=/;
answers $s, 'no project', POST('/other-project', form => 'From=1', sign => 'form'), 403,
    log => qr/SW0114: .*: the callback names no project, several, .* only a SignalWireSigningKey without project= serves it; the key/;
answers $s, 'lists of a trusted proxy', POST('/forwarded', form => 'A=1', sign => 'form',
    headers => [ 'X-Forwarded-Host' => 'a.example.net, b.example.net' ]), 403,
    log => qr/SW0107: .* SignalWireTrustedProxy .*"a\.example\.net, b\.example\.net".*set SignalWirePublicURL/;
answers $s, 'X-Original-Host', POST('/unknown', form => 'A=1', sign => 'form', host => 'inner.example.net',
    headers => [ 'X-Original-Host' => 'o.example.net' ]), 403,
    log => qr/SW0105: .*Host "inner\.example\.net".*X-Original-Host "o\.example\.net".*set SignalWirePublicURL/;

# Doing what the log says helps.
cmp_ok keys %followed, '>=', 10, 'there was advice';
$s->graceful($conf . $sections->() . join '', map { my ($url, $location) = @{ $followed{$_} }; <<"EOT" } sort keys %followed);
<Location $location>
    <SignalWireWebhook $_>
        SignalWirePublicURL $url
    </SignalWireWebhook>
</Location>
EOT
answers $s, "$_: helped by SignalWirePublicURL $followed{$_}[0]", $request{$_}, 200 for sort keys %followed;

my @log = $s->log->lines(qr/SW01/);
for my $hidden (KEY, KEY2, 'hush', $basic[1], 'A=secret', 'Body=', 's3cr', 'oops',
    map { sign_form(KEY, PUBLIC . "/$_", 'A=secret') } keys %case) {
    ok !(grep { /\Q$hidden\E/ } @log), "the log does not hold $hidden";
}

finish;
done_testing;
