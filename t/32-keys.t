# SPDX-License-Identifier: Apache-2.0
# SignalWireSigningKey: where keys come from, rotation, keys of projects.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

my $form = 'CallSid=c1&From=%2B15551230001';

subtest 'sources' => sub {
    my $s = server(
        env   => { SW_TEST_KEY => 'key from the environment' },
        files => {
            'conf/keys'      => [ "# old and new\r\n\nold-key\r\nnew key: with/signs\n", 0600 ],
            'conf/print-key' => "#!/bin/sh\necho \"\$1-key\"\n",
        },
        conf => <<'EOT');
SignalWirePublicURL https://hooks.example.com
ScriptAliasMatch "^/" @APPS@/echo.cgi
<Location /file>
    <SignalWireWebhook>
        SignalWireSigningKey file:conf/keys
        SignalWireSigningKey @KEY@
    </SignalWireWebhook>
</Location>
<Location /env>
    <SignalWireWebhook>
        SignalWireSigningKey env:SW_TEST_KEY
    </SignalWireWebhook>
</Location>
<Location /exec>
    <SignalWireWebhook>
        SignalWireSigningKey "exec:@ROOT@/conf/print-key printed"
    </SignalWireWebhook>
</Location>
<Location /inline>
    <SignalWireWebhook>
        SignalWireSigningKey inline-key
    </SignalWireWebhook>
</Location>
EOT
    $s->log->expect(qr/SW0003: SignalWireSigningKey on line \d+/);
    $s->log->expect(qr/SW0026: SignalWireSigningKey on line \d+ of \S+: secret \d of this source has blanks/, 2);

    my $by = sub { my ($target, $key) = @_; POST $target, form => $form, sign => 'form', key => $key };
    answers $s, 'a file: the first key', $by->('/file', 'old-key'), 200, env => { SIGNALWIRE_KEY => '1' };
    answers $s, 'a file: the second key', $by->('/file', 'new key: with/signs'), 200,
        env => { SIGNALWIRE_KEY => '2' };
    answers $s, 'a second directive', $by->('/file', KEY), 200, env => { SIGNALWIRE_KEY => '3' };
    answers $s, 'a comment is no key', $by->('/file', '# old and new'), 403, log => qr/SW0103/;
    answers $s, 'the environment', $by->('/env', 'key from the environment'), 200;
    answers $s, 'a program', $by->('/exec', 'printed-key'), 200;
    answers $s, 'inline', $by->('/inline', 'inline-key'), 200;
    answers $s, 'the key of another block', $by->('/env', KEY), 403, log => qr/SW0103/;
    finish;
};

subtest 'rotation by reload' => sub {
    my $s = server(conf => <<'EOT', files => { 'conf/rotating' => [ "old\n", 0600 ] });
SignalWirePublicURL https://hooks.example.com
ScriptAliasMatch "^/" @APPS@/echo.cgi
<Location />
    <SignalWireWebhook>
        SignalWireSigningKey file:conf/rotating
    </SignalWireWebhook>
</Location>
EOT
    my $by = sub { POST '/', form => $form, sign => 'form', key => $_[0] };
    answers $s, 'the old key', $by->('old'), 200;
    answers $s, 'the new key, too early', $by->('new'), 403, log => qr/SW0103/;
    $s->write_file('conf/rotating', "old\nnew\n", 0600);
    $s->graceful;
    answers $s, 'both: the old key', $by->('old'), 200, env => { SIGNALWIRE_KEY => '1' };
    answers $s, 'both: the new key', $by->('new'), 200, env => { SIGNALWIRE_KEY => '2' };
    $s->write_file('conf/rotating', "new\n", 0600);
    $s->graceful;
    answers $s, 'the old key, too late', $by->('old'), 403, log => qr/SW0103/;
    finish;
};

subtest 'labels' => sub {
    my $s = server(files => { 'conf/two' => [ "first\nsecond\n", 0600 ] }, conf => <<'EOT');
SignalWirePublicURL https://hooks.example.com
ScriptAliasMatch "^/" @APPS@/echo.cgi
<Location />
    <SignalWireWebhook>
        SignalWireSigningKey label=spring @KEY@
        SignalWireSigningKey project=p-1 label=shop @KEY2@
        SignalWireSigningKey LABEL=file Project=p-2 file:conf/two
    </SignalWireWebhook>
</Location>
EOT
    my $by = sub { POST '/', form => "AccountSid=$_[1]", sign => 'form', key => $_[0] };
    answers $s, "the key called $_->[2]", $by->(@$_), 200, env => { SIGNALWIRE_KEY => $_->[2] }
        for [ KEY, 'p-9', 'spring' ], [ KEY2, 'p-1', 'shop' ], [ 'first', 'p-2', 'file' ], [ 'second', 'p-2', 'file/4' ];
    local %ENV = (%ENV, %{ $s->environment });
    my (undef, $dump) = command($s->command, '-t', '-D', 'DUMP_SIGNALWIRE');
    like $dump, qr/SignalWireSigningKey +4 keys: spring, shop \(project=p-1\), file \(project=p-2\), file\/4 \(project=p-2\)$/m,
        'the dump has the labels';
    finish;
};

subtest 'keys of projects' => sub {
    my $s = server(conf => <<'EOT', files => { 'conf/k1' => [ 'key-1', 0600 ], 'conf/k2' => [ 'key-2', 0600 ] });
SignalWirePublicURL https://hooks.example.com
ScriptAliasMatch "^/" @APPS@/echo.cgi
<Location /labelled>
    <SignalWireWebhook labelled>
        SignalWireSigningKey project=p-1 file:conf/k1
        SignalWireSigningKey project=p-2 file:conf/k2
    </SignalWireWebhook>
</Location>
<Location /unknown>
    <SignalWireWebhook unknown>
        SignalWireSigningKey project=p-1 file:conf/k1
    </SignalWireWebhook>
</Location>
<Location /mixed>
    <SignalWireWebhook mixed>
        SignalWireSigningKey project=p-1 file:conf/k1
        SignalWireSigningKey project=p-1 @KEY@
        SignalWireSigningKey file:conf/k2
    </SignalWireWebhook>
</Location>
EOT
    my $labelled = sub { my ($key, @what) = @_; POST '/labelled', @what, key => $key };
    answers $s, "$_->[0]: its own key", $labelled->('key-1', @{ $_->[1] }), 200,
        env => { SIGNALWIRE_KEY => 'p-1' } for
        [ 'AccountSid of a form',        [ form => 'AccountSid=p-1&From=1', sign => 'form' ] ],
        [ 'project_id',                  [ json => '{"project_id":"p-1"}', sign => 'sha1' ] ],
        [ 'project_id of a call',        [ json => '{"vars":{},"call":{"project_id":"p-1"}}', sign => 'sha256' ] ],
        [ 'project_id of a message',     [ json => '{"message":{"project_id":"p-1"}}', sign => 'sha1' ] ];
    answers $s, 'AccountSid of a query',
        request('GET', '/labelled?AccountSid=p-1', sign => 'form', key => 'key-1'), 200,
        env => { SIGNALWIRE_KEY => 'p-1' };
    answers $s, 'the key of another project', $labelled->('key-2', form => 'AccountSid=p-1', sign => 'form'), 403,
        log => qr/SW0103: .*project=p-2.*SignalWireSigningKey/;
    answers $s, 'a project without a key',
        POST('/unknown', form => 'AccountSid=p-3', sign => 'form', key => 'key-1'), 403,
        log => qr/SW0114: .*no-project-key: .*"p-3".*set SignalWireSigningKey/;
    answers $s, 'no project named', $labelled->('key-1', form => 'From=1', sign => 'form'), 403, log => qr/SW0114/;
    answers $s, 'two projects named',
        $labelled->('key-1', form => 'AccountSid=p-1&AccountSid=p-2', sign => 'form'), 403,
        log => qr/SW0114/;

    my $mixed = sub { my ($key, $form) = @_; POST '/mixed', form => $form, sign => 'form', key => $key };
    answers $s, 'a key without label serves every project', $mixed->('key-2', 'AccountSid=p-9'), 200,
        env => { SIGNALWIRE_KEY => '3' };
    answers $s, 'a second key of a project is told apart', $mixed->(KEY, 'AccountSid=p-1'), 200,
        env => { SIGNALWIRE_KEY => qr{^p-1/\d+$} };
    answers $s, 'also where no project is named', $mixed->('key-2', 'From=1'), 200;
    answers $s, 'a labelled one beside it does not', $mixed->('key-1', 'AccountSid=p-9'), 403, log => qr/SW0103/;
    finish;
};

finish;
done_testing;
