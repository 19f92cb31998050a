# SPDX-License-Identifier: Apache-2.0
# SignalWireSignatureType, and bodySHA256, which only one type consults.
use FindBin; use lib "$FindBin::Bin/lib";
use Digest::SHA qw(sha256_hex);
use SW::Test;

my @types = qw(any form body sha256);
my $s = server(conf => <<'EOT' . join '', map { <<"EOT" } @types);
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
ScriptAliasMatch "^/" @APPS@/echo.cgi
EOT
<Location /$_>
    <SignalWireWebhook $_>
        SignalWireSignatureType $_
    </SignalWireWebhook>
</Location>
EOT

my $form = 'From=%2B15551230001&Body=a+b';
my %accepted = (any => 'form sha1 sha256', form => 'form', body => 'sha1 sha256', sha256 => 'sha256');

for my $type (@types) {
    for my $scheme (qw(form sha1 sha256)) {
        my $good = $accepted{$type} =~ /\b$scheme\b/;
        answers $s, "$type: signed as $scheme", POST("/$type", form => $form, sign => $scheme), $good ? 200 : 403,
            log => $good ? undef : qr/SW0104: POST \/$type refused \($type\): signature-type: /,
            env => $good ? { SIGNALWIRE_VERIFIED => $scheme } : {};
    }
}

# SHA-256 beside another signature (docs/signature-rules.md, R3).
my %sign = map { $_->[0] => $_->[1]->(KEY, PUBLIC . '/any', $form) }
           [ form => \&sign_form ], [ sha1 => \&sign_sha1 ], [ sha256 => \&sign_sha256 ];
sub both {
    my ($name, $one, $sha256, $status, $how) = @_;
    my @fields = ('X-SignalWire-Signature' => $one, 'X-SignalWire-SHA256-Signature' => $sha256);
    answers $s, $name, POST('/any', form => $form, headers => \@fields), $status,
        log => $status == 200 ? undef : qr/SW010[23]/, env => $status == 200 ? { SIGNALWIRE_VERIFIED => $how } : {};
}
both 'SHA-256 decides beside a wrong SHA-1', '0' x 40, $sign{sha256}, 200, 'sha256';
both 'a wrong SHA-256 beside a right SHA-1', $sign{sha1}, '0' x 64, 403;
both 'an empty SHA-256 beside a right SHA-1', $sign{sha1}, '', 403;
both 'a form signature decides beside a wrong SHA-256', $sign{form}, '0' x 64, 200, 'form';

# bodySHA256 binds a body that a form signature covers otherwise not.
my $json = '{"a":1}';
my $sum  = sha256_hex($json);
sub bound {
    my ($name, $query, $status, $log, @what) = @_;
    @what = (json => $json) if !@what;
    my $signature = sign_form(KEY, PUBLIC . "/any?$query", '');
    answers $s, $name, POST("/any?$query", @what, headers => [ 'X-SignalWire-Signature' => $signature ]),
        $status, log => $log;
}
bound 'bodySHA256: right', "bodySHA256=$sum", 200;
bound 'bodySHA256: twice and right', "bodySHA256=$sum&x&bodySHA256=$sum", 200;
bound 'bodySHA256: wrong', 'bodySHA256=' . '0' x 64, 403, qr/SW0108: POST \/any refused \(any\): body-hash/;
bound 'bodySHA256: one of two wrong', "bodySHA256=$sum&bodySHA256=0", 403, qr/SW0108/;
bound 'bodySHA256: empty', 'bodySHA256=', 403, qr/SW0108/;
bound 'no bodySHA256: the URL alone vouches for no body', 'x=1', 403, qr/SW0103/;
bound 'no bodySHA256: nor for a form', 'x=1', 403, qr/SW0103/, form => $form;
bound 'no bodySHA256: but for none at all', 'x=1', 200, undef, body => '';

finish;
done_testing;
