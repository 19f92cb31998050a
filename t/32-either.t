# SPDX-License-Identifier: Apache-2.0
# SignalWireVerify either: a signature that is there must be right, and a
# request without one must have the shared secret.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

my $s = server(files => { 'conf/secret' => [ "s3cret\n", 0600 ] }, conf => <<'EOT');
SignalWirePublicURL https://hooks.example.com
ScriptAliasMatch "^/" @APPS@/echo.cgi
<Location /agent>
    <SignalWireWebhook agent>
        SignalWireVerify       either
        SignalWireSigningKey   @KEY@
        SignalWireSharedSecret token file:conf/secret
    </SignalWireWebhook>
</Location>
<Location /agent/signed>
    Require signalwire verified
</Location>
<Location /agent/tls>
    <SignalWireWebhook tls>
        SignalWireRequireTLS On
    </SignalWireWebhook>
</Location>
EOT

my $json = '{"function":"f","argument":{},"call_id":"c"}';
my @json = (json => $json);
my %event = (SIGNALWIRE_EVENT => 'swaig.function', SIGNALWIRE_WEBHOOK => 'agent');
my %unsigned = (%event, SIGNALWIRE_VERIFIED => undef, SIGNALWIRE_VERDICT => 'no-signature', SIGNALWIRE_KEY => undef);
my $secret = qr/SW0112: POST \S+ refused \(agent\): shared-secret/;

answers $s, 'signed, no secret', POST('/agent', @json, sign => 'sha1'), 200, env => { %event, SIGNALWIRE_VERIFIED => 'sha1' };
answers $s, 'signed, a wrong secret', POST('/agent?token=x', @json, sign => 'sha1'), 200,
    env => { SIGNALWIRE_VERIFIED => 'sha1' };
answers $s, 'the secret, not signed', POST('/agent?token=s3cret', @json), 200, env => \%unsigned;
answers $s, 'neither', POST('/agent', @json), 403, log => $secret;
answers $s, 'a wrong secret', POST('/agent?token=s3cre', @json), 403, log => $secret;
answers $s, 'the secret twice', POST('/agent?token=s3cret&token=s3cret', @json), 403, log => $secret;
answers $s, 'the secret, wrongly signed', POST('/agent?token=s3cret', @json, sign => 'sha1', key => KEY2), 403,
    log => qr/SW0103: .* refused \(agent\)/;
answers $s, 'the secret, badly signed', POST('/agent?token=s3cret', @json,
    headers => [ 'X-SignalWire-Signature' => '' ]), 403, log => qr/SW0102/;
answers $s, 'the secret, a body too large', POST('/agent?token=s3cret', json => '"' . 'x' x 1_048_576 . '"'), 413,
    log => qr/SW0109/;
answers $s, 'Require signalwire verified: signed', POST('/agent/signed', @json, sign => 'sha1'), 200;
answers $s, 'Require signalwire verified: the secret alone', POST('/agent/signed?token=s3cret', @json), 403,
    log => qr/AH01630/;
answers $s, 'SignalWireRequireTLS: the secret alone', POST('/agent/tls?token=s3cret', @json), 403, log => qr/SW0111/;
finish;

# A block that could let everybody in does not start.
for my $missing ([ 'SignalWireSigningKey', 'SW0001' ], [ 'SignalWireSharedSecret', 'SW0040' ]) {
    my ($directive, $id) = @$missing;
    my $conf = <<'EOT' =~ s/^ +\Q$directive\E .*\n//mr;
<Location /agent>
    <SignalWireWebhook agent>
        SignalWireVerify       either
        SignalWirePublicURL    https://hooks.example.com
        SignalWireSigningKey   @KEY@
        SignalWireSharedSecret token file:conf/secret
    </SignalWireWebhook>
</Location>
EOT
    my ($ok, $text) = SW::Server->configtest(files => { 'conf/secret' => [ "s3cret\n", 0600 ] }, conf => $conf);
    ok !$ok, "without $directive";
    like $text, qr/$id: <SignalWireWebhook> block "agent" .*: expected a $directive/, '  and the reason';
}

done_testing;
