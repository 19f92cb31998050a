# SPDX-License-Identifier: Apache-2.0
# SignalWireVerify: what an absent and a wrong signature mean in each mode,
# what the application learns of it, and "Require signalwire verified".
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

my $conf = <<'EOT';
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
ScriptAliasMatch "^/" @APPS@/echo.cgi
CustomLog logs/published.log "%U env=%{SIGNALWIRE_VERIFIED}e note=%{SIGNALWIRE_VERIFIED}n"

<Location /require>
    <SignalWireWebhook calls>
    </SignalWireWebhook>
</Location>
<Location /optional>
    <SignalWireWebhook>
        SignalWireVerify Optional
        <RequireAny>
            Require all granted
        </RequireAny>
    </SignalWireWebhook>
</Location>
<Location /report>
    <SignalWireWebhook trial>
        SignalWireVerify report
        SignalWireMaxBody 1000
    </SignalWireWebhook>
</Location>
<Location /report/guarded>
    <SignalWireWebhook guarded>
        SignalWireSharedSecret token file:conf/secret
        SignalWireRequireTLS On
    </SignalWireWebhook>
</Location>
<Location /off>
    <SignalWireWebhook open>
        SignalWireVerify off
    </SignalWireWebhook>
</Location>
EOT

my $form  = 'CallSid=c1&From=%2B15551230001';
my $json  = '{"call":{"call_id":"c1"}}';
my @wrong = (form => "$form&x", headers => [ 'X-SignalWire-Signature' => sign_form(KEY, PUBLIC . '/x', $form) ]);

each_mpm {
    my $s = server(conf => $conf, files => { 'conf/secret' => [ 'open sesame', 0600 ] });

    # require
    my $published = sub {
        my ($how) = @_;
        return { SIGNALWIRE_WEBHOOK => 'calls', SIGNALWIRE_VERIFIED => $how,
                 SIGNALWIRE_VERDICT => 'verified', SIGNALWIRE_KEY => '1' };
    };
    answers $s, 'require: a signed form', POST('/require', form => $form, sign => 'form'), 200,
        env => $published->('form');
    answers $s, 'require: signed JSON', POST('/require', json => $json, sign => 'sha1'), 200,
        env => $published->('sha1');
    answers $s, 'require: SHA-256 besides SHA-1', POST('/require', json => $json, sign => 'sha256'), 200,
        env => $published->('sha256');
    answers $s, 'require: a signed GET', GET('/require?A=1', sign => 'form'), 200, env => $published->('form');
    answers $s, 'require: unsigned', POST('/require', form => $form), 403,
        log => qr{SW0101: POST /require refused \(calls\): no-signature: };
    answers $s, 'require: wrongly signed', POST('/require', @wrong), 403,
        log => qr{SW0103: POST /require refused \(calls\): signature-mismatch: };
    answers $s, "require: $_->[0]", POST('/require', form => $form, headers => $_->[1]), 403,
        log => qr{SW0102: POST /require refused \(calls\): malformed-signature: } for
        [ 'an empty field',      [ 'X-SignalWire-Signature' => '' ] ],
        [ 'no digest at all',    [ 'X-SignalWire-Signature' => 'yes' ] ],
        [ 'upper-case hex',      [ 'X-SignalWire-Signature' => uc sign_sha1(KEY, PUBLIC . '/require', $form) ] ],
        [ 'the field twice',     [ map { ('X-SignalWire-Signature' => $_) } (sign_form(KEY, PUBLIC . '/require',
            $form)) x 2 ] ];
    answers $s, 'require: deeper in the section', POST('/require/deeper', form => $form), 403,
        log => qr{SW0101: POST /require/deeper refused \(calls\)};
    answers $s, 'beside the section', POST('/requires', form => $form), 200,
        env => { SIGNALWIRE_WEBHOOK => undef, SIGNALWIRE_VERIFIED => undef };

    # optional
    answers $s, 'optional: signed', POST('/optional', form => $form, sign => 'form'), 200,
        env => { SIGNALWIRE_VERIFIED => 'form', SIGNALWIRE_WEBHOOK => '/optional' };
    answers $s, 'optional: unsigned passes as unverified', POST('/optional', form => $form), 200,
        env => { SIGNALWIRE_VERIFIED => undef, SIGNALWIRE_KEY => undef,
        SIGNALWIRE_VERDICT => 'no-signature' };
    answers $s, 'optional: a wrong signature is refused', POST('/optional', @wrong), 403,
        log => qr{SW0103: POST /optional refused \(/optional\)};

    # report
    my $would = sub { my ($id, $target) = @_; qr{:warn\].* $id: POST $target would be refused \(} };
    answers $s, 'report: signed', POST('/report', form => $form, sign => 'form'), 200,
        env => { SIGNALWIRE_VERIFIED => 'form', SIGNALWIRE_VERDICT => 'verified' };
    answers $s, 'report: unsigned', POST('/report', form => $form), 200,
        log => $would->('SW0101', '/report'),
        env => { SIGNALWIRE_VERIFIED => undef, SIGNALWIRE_VERDICT => 'no-signature' };
    answers $s, 'report: wrongly signed', POST('/report', @wrong), 200,
        log => $would->('SW0103', '/report'), env => { SIGNALWIRE_VERDICT => 'signature-mismatch' };
    my $large = join '', map { chr $_ % 251 } 1 .. 200_000;
    answers $s, 'report: a larger body passes whole', POST('/report', body => $large, sign => 'sha1'), 200,
        log => $would->('SW0109', '/report'), env => { SIGNALWIRE_VERDICT => 'body-too-large' };
    answers $s, 'report: a larger body in chunks, too',
        POST('/report', body => $large, sign => 'sha1', chunked => 3000),
        200, log => $would->('SW0109', '/report');
    answers $s, 'report: a wrong secret', POST('/report/guarded?token=x', form => $form, sign => 'form'), 200,
        log => $would->('SW0112', '/report/guarded'), env => { SIGNALWIRE_VERDICT => 'shared-secret' };
    answers $s, 'report: TLS not asked of a signature over https',
        POST('/report/guarded?token=open+sesame', form => $form, sign => 'form'), 200;
    answers $s, 'report: broken chunks stay httpd\'s 400',
        POST('/report', form => $form, sign => 'form', chunked => 5), 400,
        log => qr/SW0115: POST \/report refused \(trial\)/, via => \&with_broken_chunks;

    # off
    my $unlooked = { SIGNALWIRE_WEBHOOK => 'open', SIGNALWIRE_VERIFIED => undef,
        SIGNALWIRE_VERDICT => 'off' };
    answers $s, 'off: unsigned', POST('/off', form => $form), 200, env => $unlooked;
    answers $s, 'off: wrongly signed', POST('/off', @wrong), 200, env => $unlooked;
    answers $s, 'off: even what is right is not looked at', POST('/off', form => $form, sign => 'form'), 200,
        env => $unlooked;

    my @log = split /\n/, $s->read_file('logs/published.log');
    is $log[0], '/require env=form note=form', 'the same names in environment and notes';
};

subtest 'Require signalwire verified' => sub {
    my $s = server(modules => 'auth_basic authn_file',
        files => { 'conf/users' => "ann:{SHA}0DPiKuNIrrVmD8IUCuw1hQxNqZc=\n" },
        conf => <<'EOT');
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
ScriptAliasMatch "^/" @APPS@/echo.cgi
<Location /user>
    <SignalWireWebhook>
        SignalWireVerify optional
        AuthType Basic
        AuthName callbacks
        AuthBasicProvider file
        AuthUserFile conf/users
        <RequireAny>
            Require signalwire verified
            Require valid-user
        </RequireAny>
    </SignalWireWebhook>
</Location>
<Location /elsewhere>
    <SignalWireWebhook>
        SignalWireVerify optional
        <RequireAny>
            Require signalwire verified
            Require ip 192.0.2.1
        </RequireAny>
    </SignalWireWebhook>
</Location>
<Location /ip>
    <SignalWireWebhook>
        SignalWireVerify optional
        <RequireAny>
            Require signalwire verified
            Require ip 127.0.0.1
        </RequireAny>
    </SignalWireWebhook>
</Location>
<Location /required>
    <SignalWireWebhook>
        AuthType Basic
        AuthName callbacks
        AuthBasicProvider file
        AuthUserFile conf/users
        Require valid-user
    </SignalWireWebhook>
</Location>
<Location /outside>
    Require signalwire verified
</Location>
EOT
    my @ann = (headers => [ Authorization => 'Basic YW5uOmFkbWlu' ]);
    answers $s, 'signed: no password is needed', POST('/user', form => $form, sign => 'form'), 200,
        env => { SIGNALWIRE_VERIFIED => 'form' };
    answers $s, 'unsigned: who has the password', POST('/user', form => $form, @ann), 200,
        env => { SIGNALWIRE_VERIFIED => undef, REMOTE_USER => 'ann' };
    answers $s, 'unsigned: who has none', POST('/user', form => $form), 401;
    answers $s, 'unsigned: refused before any password is asked for', POST('/required', form => $form),
        403, log => qr/SW0101/;
    answers $s, 'signed: and then asked for it', POST('/required', form => $form, sign => 'form'), 401;
    answers $s, 'signed: whatever the address', POST('/elsewhere', form => $form, sign => 'form'), 200;
    answers $s, 'unsigned: from another address', POST('/elsewhere', form => $form), 403, log => qr/AH01630/;
    answers $s, 'unsigned: from the address', POST('/ip', form => $form), 200;
    answers $s, 'outside of any block it is never granted', POST('/outside', form => $form, sign => 'form'), 403,
        log => [ qr/SW0117: /, qr/AH01630/ ];
    finish;
};

subtest 'nested sections' => sub {
    my $s = server(conf => <<'EOT');
SignalWireSigningKey @KEY@
SignalWireVerify     report
ScriptAliasMatch "^/" @APPS@/echo.cgi
<Location /a>
    <SignalWireWebhook outer>
        SignalWirePublicURL https://outer.example.com
    </SignalWireWebhook>
</Location>
<Location /a/inherits>
    <SignalWireWebhook inherits>
    </SignalWireWebhook>
</Location>
<Location /a/replaces>
    <SignalWireWebhook replaces>
        SignalWireVerify     require
        SignalWireSigningKey @KEY2@
        SignalWirePublicURL  https://inner.example.com
    </SignalWireWebhook>
</Location>
EOT
    my $from = sub { my ($origin, $target, @key) = @_;
                     POST($target, form => $form, sign => 'form', url => "https://$origin.example.com$target",
                         @key) };
    answers $s, 'a mode from the server', POST('/a', form => $form), 200,
        log => qr/SW0101: .*would be refused \(outer\)/;
    answers $s, 'a section without a block is in the outer one', $from->('outer', '/a/b'), 200,
        env => { SIGNALWIRE_WEBHOOK => 'outer', SIGNALWIRE_VERIFIED => 'form' };
    answers $s, 'an inner block inherits', $from->('outer', '/a/inherits'), 200,
        env => { SIGNALWIRE_WEBHOOK => 'inherits', SIGNALWIRE_VERIFIED => 'form' };
    answers $s, 'an inner setting replaces', $from->('inner', '/a/replaces', key => KEY2), 200,
        env => { SIGNALWIRE_WEBHOOK => 'replaces', SIGNALWIRE_VERIFIED => 'form' };
    answers $s, 'and the outer key counts no more', $from->('inner', '/a/replaces'), 403,
        log => qr/SW0103: .*\(replaces\)/;
    answers $s, 'nor the outer URL', $from->('outer', '/a/replaces', key => KEY2), 403,
        log => qr/SW0103: .*\(replaces\)/;
    finish;
};

finish;
done_testing;

sub with_broken_chunks {
    my ($s, $request) = @_;
    my $client = SW::Client->new($s->port);
    return $client->send(head_of($request), "zz\r\nno chunk\r\n")->response;
}
