# SPDX-License-Identifier: Apache-2.0
# What configtest must refuse: the complaint names the directive, the value in
# quotes and what was expected. Nothing of it may wait for a request.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

my %files = (
    'conf/empty'     => [ '', 0600 ],
    'conf/comments'  => [ "# no key\n\n", 0600 ],
    'conf/readable'  => [ "hidden\n", 0644 ],
    'conf/writable'  => [ "hidden\n", 0602 ],
    'conf/blanks'    => [ "hidden \n", 0600 ],
    'conf/nul'       => [ "hid\0den\n", 0600 ],
    'conf/bom'       => [ "\xef\xbb\xbfhidden\n", 0600 ],
    'conf/good'      => [ "hidden\n", 0600 ],
    'conf/fails'     => "#!/bin/sh\necho hidden\nexit 1\n",
    'conf/silent'    => "#!/bin/sh\n",
);
my $pipes = File::Temp->newdir;
my $fifo = "$pipes/fifo";
POSIX::mkfifo($fifo, 0600) or die "$fifo: $!\n";
my @setup = (files => \%files, env => { EMPTY => '' });

# A line in a block that is otherwise all right. The complaint is DIRECTIVE
# "VALUE": expected ... EXPECTED, or (no value) httpd's own; and no secret.
sub bad {
    my ($line, $value, $expected, $section) = @_;
    my ($directive) = $line =~ /^(\w+)/;
    my $tag = $section || 'Location /x';
    my ($close) = $tag =~ /^(\w+)/;
    my ($ok, $text) = SW::Server->configtest(@setup, conf => <<"EOT");
<$tag>
    <SignalWireWebhook x>
        SignalWirePublicURL https://hooks.example.com
        SignalWireSigningKey file:conf/good
    </SignalWireWebhook>
</$close>
<$tag>
    <SignalWireWebhook x>
        $line
    </SignalWireWebhook>
</$close>
EOT
    my $said = ref $value ? qr/"$value": expected / : $value ne '' ? qr/"\Q$value\E": expected / : '';
    my $complaint = qr/Syntax error on line \d+ of .*\n$directive $said.*$expected/;
    ok !$ok && $text =~ $complaint && $text !~ /hidden/, $section ? "<$section>: $line" : $line or diag $text,
        "\nexpected: $complaint";
}

# A block, named x, that holds these settings, in a section.
sub block {
    my ($settings, $section) = @_;
    my $tag = $section || 'Location /x';
    my ($close) = $tag =~ /^(\w+)/;
    return "<$tag>\n<SignalWireWebhook x>\n$settings\n</SignalWireWebhook>\n</$close>\n";
}

subtest 'SignalWireVerify, SignatureType, RequireTLS, MaxBody' => sub {
    bad 'SignalWireVerify strict', 'strict', 'require, optional, either, report or off';
    bad 'SignalWireVerify', '', 'takes one argument';
    bad 'SignalWireSignatureType sha1', 'sha1', 'any, form, body or sha256';
    bad 'SignalWireRequireTLS perhaps', 'perhaps', 'On or Off';
    bad "SignalWireMaxBody $_", $_, 'a number of bytes' for qw(0 -1 10k 1e6 99999999999999999999 large);
};

subtest 'SignalWireSigningKey' => sub {
    my $key = 'SignalWireSigningKey';
    my $chmod = qr{a file that others can neither read nor write; run: chmod o-rw \S*/conf/\w+};
    bad "$key file:conf/missing",  'file:conf/missing',  'a readable file: No such file';
    bad "$key file:",              'file:',              'a readable file';
    bad "$key file:conf",          'file:conf',          'a regular file';
    bad "$key file:$fifo",         "file:$fifo",         'a regular file';
    bad "$key file:conf/empty",    'file:conf/empty',    'a key on a line of its own, there is none';
    bad "$key file:conf/comments", 'file:conf/comments', 'a key on a line of its own, there is none';
    bad "$key file:conf/readable", 'file:conf/readable', $chmod;
    bad "$key file:conf/writable", 'file:conf/writable', $chmod;
    bad "$key file:conf/blanks",   'file:conf/blanks',   'a key without blanks at its ends';
    bad "$key file:conf/nul",      'file:conf/nul',      'text, it holds a NUL byte';
    bad "$key file:conf/bom",      'file:conf/bom',      'plain text';
    bad "$key env:UNSET",          'env:UNSET',          'a variable that is set';
    bad "$key env:EMPTY",          'env:EMPTY',          'a key, it is empty';
    bad "$key exec:/nonexistent",  'exec:/nonexistent',  'a program that can be run';
    bad "$key exec:\@ROOT\@/conf/fails", qr{exec:/.*/fails}, 'a program that prints a key and ends with status 0';
    bad "$key exec:\@ROOT\@/conf/silent", qr{exec:/.*/silent}, 'there is none';
    bad "$key flie:hidden",        'flie:...',
        'file:PATH, env:NAME, exec:COMMAND, or a key without : and /';
    bad "$key hidden/+=",          '...',                'file:PATH';
    bad "$key /etc/signalwire.key", '/etc/signalwire.key', 'file:PATH';
    bad "$key ''",                 '',                   'takes one, two or three arguments';
    bad "$key project= file:conf/good", 'project=',      'an ID such as';
    bad "$key project=p-1",        'project=p-1',        '\[project=ID\] \[label=NAME\] file:PATH';
    bad "$key hidden file:conf/good", '...',             '\[project=ID\] \[label=NAME\] file:PATH';
};

# The command in the complaint can be pasted, whatever the file is called.
subtest 'the chmod that is named' => sub {
    my $dir = File::Temp->newdir;
    my $file = "$dir/it's a key";
    open my $out, '>', $file or die "$file: $!\n";
    print {$out} "hidden\n";
    close $out;
    chmod 0644, $file;
    my $conf = "SignalWireSigningKey \"file:$file\"\n";
    my (undef, $text) = SW::Server->configtest(conf => $conf);
    my ($command) = $text =~ /run: (chmod .*)/;
    is +(command('/bin/sh', '-c', $command // 'false'))[0], 0, $command // 'a command';
    passes 'it helps', $conf . block('SignalWireVerify off'), undef;
};

subtest 'a key file that this user cannot read' => sub {
    plan skip_all => 'root reads everything' if !$>;
    local $files{'conf/locked'} = [ 'hidden', 0000 ];
    bad 'SignalWireSigningKey file:conf/locked', 'file:conf/locked', 'a readable file: Permission denied';
};

subtest 'SignalWirePublicURL' => sub {
    my $url = 'SignalWirePublicURL';
    my @wrong = (
        [ 'hooks.example.com',            'https://' ],
        [ 'ftp://hooks.example.com',      'https://' ],
        [ 'https://',                     'https://' ],
        [ 'https://h:0x50',               'https://' ],
        [ 'https://h:70000',              'https://' ],
        [ 'https://user:password@h',      'without user and password', '@h' ],
        [ 'https://h/x?y=1',              'without query and fragment' ],
        [ '"https://h/x#y"',              'without query and fragment', 'https://h/x#y' ],
        [ '"https://h/a b"',              'without blanks', 'https://h/a b' ],
        [ 'request https://h',            'either URLs or the word request alone', 'https://h' ],
        [ 'https://h request',            'either URLs or the word request alone', 'request' ],
    );
    bad "$url $_->[0]", $_->[2] // $_->[0], $_->[1] for @wrong;
    bad "$url https://h/path", 'https://h/path', '<Location>', $_
        for 'LocationMatch ^/x', 'Location ~ ^/x', 'Location /x*', 'Directory /x', 'Files x';
    refuses 'a path at server level', "$url https://h/path", qr{$url "https://h/path": expected};
};

subtest 'SignalWireTrustedProxy, SignalWireSharedSecret' => sub {
    bad "SignalWireTrustedProxy $_", $_, 'none, an IP address'
        for qw(proxy.example.com 300.1.1.1 127.0.0.1/33 2001:db8::/129 all);
    bad 'SignalWireTrustedProxy', '', 'requires at least';
    bad 'SignalWireSharedSecret token', 'token', 'the name of a query parameter';
    bad 'SignalWireSharedSecret token file:conf/readable', 'file:conf/readable', 'chmod';
    bad 'SignalWireSharedSecret token flie:hidden', 'flie:...', 'file:PATH';
    bad 'SignalWireSharedSecret token file:conf/missing', 'file:conf/missing', 'a readable file';
};

# The nearest right word is named, where there is one.
subtest 'did you mean' => sub {
    my $meant = sub { my ($line, $value, $word) = @_; bad $line, $value, qr/; did you mean "\Q$word\E"\?/ };
    my $verify = 'SignalWireVerify';
    $meant->("$verify $_->[0]", @$_)
        for [ 'reqire', 'require' ], [ 'Optionl', 'optional' ], [ 'reprot', 'report' ], [ 'of', 'off' ];
    $meant->('SignalWireSignatureType sha265', 'sha265', 'sha256');
    $meant->('SignalWireRequireTLS onn', 'onn', 'On');
    $meant->('SignalWireExport env hedaers', 'hedaers', 'headers');
    $meant->('SignalWireGuard of', 'of', 'Off');
    $meant->('SignalWireAckFirst Offf', 'Offf', 'Off');
    $meant->('SignalWireOnce Oof', 'Oof', 'Off');
    $meant->('SignalWirePublicURL requst', 'requst', 'request');
    $meant->('SignalWireTrustedProxy non', 'non', 'none');
    $meant->('SignalWireSigningKey flie:hidden', 'flie:...', 'file:');
    $meant->('SignalWireFallback cxlm conf/x.xml', 'cxlm', 'cxml');
    $meant->('SignalWireFallback cxml conf/x.xml statsu=503', 'statsu=503', 'status=');
    $meant->('SignalWireEventLog /dev/null ful', 'ful', 'full');
    $meant->('SignalWireAnswer akc', 'akc', 'ack');
    $meant->('SignalWireAnswer smwl conf/x.json', 'smwl', 'swml');
    $meant->('SignalWireAnswer ack evnt=voice.status', 'evnt=voice.status', 'event=');
    $meant->('SignalWireAnswer ack event=voice.statsu', 'event=voice.statsu', 'voice.status');
    $meant->('SignalWireAnswer ack event=fax.status,mesage.status', 'event=fax.status,mesage.status', 'message.status');
    bad 'SignalWireAnswer ack event=nothing.near', 'event=nothing.near', qr/has all kinds\)$/m;
    bad 'SignalWireAnswer ack event=voice.status, voice.gather', 'event=voice.status,', 'without blanks';
    refuses $_->[0], $_->[0], qr/"\Q$_->[1]\E": expected .*; did you mean "$_->[2]"\?/
        for [ 'SignalWireOnceCache lokal', 'lokal', 'local' ], [ 'SignalWireOnceCache lcal:500', 'lcal:500', 'local:' ],
            [ "<Location /x>\nSignalWireStatusShow ful\n</Location>", 'ful', 'full' ];
    my (undef, $text) = SW::Server->configtest(conf => 'SignalWireOnceCache rdis://:hidden@h');
    like $text, qr/"rdis:\.\.\.": expected .*did you mean "redis:"/, 'a URL of Redis';
    unlike $text, qr/hidden/, 'without its password';
};

subtest 'expr= without quotes' => sub {
    my $expected = 'the whole argument in quotes, since blanks divide it';
    my $x = q{expr=signalwire('Digits')};
    bad "SignalWireAnswer ack $x == '1'", "$x == 1", $expected;
    bad "SignalWireAnswer ack $x == '1' event=voice.gather", "$x == 1", $expected;
    bad q{SignalWireAnswer ack expr="signalwire('Digits') == '1'"}, qr/expr=.*/, $expected;
    passes 'in quotes', block(qq{SignalWireVerify off\nSignalWireAnswer ack "$x == '1'" event=voice.gather}), undef;
    passes 'without blanks', block("SignalWireVerify off\nSignalWireAnswer ack expr=true"), undef;
};

# What a start opens is looked at, and nothing of it is made.
subtest 'SignalWireEventLog' => sub {
    my $log = 'SignalWireEventLog';
    my $off = "SignalWireVerify off\n";
    local $files{'logs/a-file'} = '';
    local $files{'conf/program'} = "#!/bin/sh\ncat >/dev/null\n";
    my @wrong = (
        [ '@ROOT@/nowhere/x.log', 'a file in a directory that exists: No such file or directory' ],
        [ 'nowhere/x.log',        'a file in a directory that exists: No such file or directory' ],
        [ '@ROOT@/logs/a-file/x', 'a file that can be written: Not a directory' ],
        [ '@ROOT@/logs',          'a file, this is a directory' ],
        [ '@ROOT@/logs/',         'a file, this is a directory' ],
        [ '@ROOT@/logs/' . 'x' x 300, 'a file that can be written: File name too long' ],
        [ '"|/nonexistent/rotatelogs x"',   'a program that can be run: No such file or directory' ],
        [ '"|@ROOT@/conf/good x"',          'a program that can be run: Permission denied' ],
        [ '"||@ROOT@/conf/good"',           'a program that can be run: Permission denied' ],
        [ '"|@ROOT@/conf"',                 'a program that can be run, this is no regular file' ],
        [ '"|rotatelogs x"',                'the full path of a program' ],
        [ '"|bin/rotatelogs x"',            'the full path of a program' ],
        [ '"||"',                           'a program after the |' ],
        [ '"|$"',                           'a program after the |' ],
        [ '"| "',                           'a program after the |' ],
    );
    bad "$log $_->[0]", qr/[^"]*/, $_->[1] =~ s/\|/\\|/r for @wrong;
    refuses 'at server level', "$log \@ROOT\@/nowhere/x", qr/$log "\S+nowhere\/x": expected a file in/;
    passes $_, block("$off$log $_"), undef, files => \%files
        for '@ROOT@/logs/new.log', '@ROOT@/logs/a-file', '/dev/null', '"|@ROOT@/conf/program x"',
            '"||@ROOT@/conf/program"', '"|$cat >/dev/null"', 'none';
    my $dir = File::Temp->newdir;
    passes 'a log that is new', block("$off$log $dir/new.log"), undef;
    ok !-e "$dir/new.log", '... which is not made';
};

# A passphrase would be asked for at a terminal that a reload does not have.
subtest 'TLS of Redis' => sub {
    plan skip_all => 'built without hiredis' if !has_hiredis();
    my $dir = File::Temp->newdir;
    my $made = 0;
    $made += (command('openssl', @$_))[0] for
        [ qw(req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -days 1 -nodes -subj /CN=x),
          '-keyout', "$dir/plain", '-out', "$dir/cert" ],
        [ qw(pkey -aes128 -passout pass:secret), '-in', "$dir/plain", '-out', "$dir/locked" ];
    is $made, 0, 'certificates';
    my $cache = 'SignalWireOnceCache rediss://127.0.0.1';
    refuses 'a key with a passphrase', "$cache cert=$dir/cert key=$dir/locked", qr/expected a key= that can be read without/;
    refuses 'a key without its certificate', "$cache key=$dir/plain", qr/expected cert=, to which key= belongs/;
    refuses "no $_", "$cache $_=$dir/none", qr/expected a $_= that can be read/ for qw(ca cert);
};

subtest 'places' => sub {
    my %value = (Verify => 'off', SigningKey => 'file:conf/good', PublicURL => 'https://h', TrustedProxy => 'none',
                 SignatureType => 'any', RequireTLS => 'Off', SharedSecret => 'none', MaxBody => 1000);
    for my $name (sort keys %value) {
        refuses "SignalWire$name directly in a section",
            "<Location /x>\nSignalWire$name $value{$name}\n</Location>",
            qr/SignalWire$name stands directly in a section.*expected <SignalWireWebhook>/, @setup;
        passes "SignalWire$name at server level",
            "SignalWire$name $value{$name}\n" . block('SignalWireVerify off'), undef, @setup;
    }
    my $block = "<SignalWireWebhook x>\nSignalWireSigningKey file:conf/good\n</SignalWireWebhook>";
    refuses 'a block outside of any section', $block, qr/<SignalWireWebhook/, @setup;
    refuses "a block in <$_->[0]>", "<$_->[1]>\n$block\n</$_->[0]>", qr/<?SignalWireWebhook/, @setup
        for [ 'VirtualHost', 'VirtualHost *:*' ], [ 'IfModule', 'IfModule core.c' ];
    refuses 'a block in <Limit>', "<Location /x>\n<Limit POST>\n$block\n</Limit>\n</Location>",
        qr/<SignalWireWebhook.*Limit/s, @setup;
    refuses 'a block in a block', "<Location /x>\n<SignalWireWebhook y>\n$block\n</SignalWireWebhook>\n</Location>",
        qr/<SignalWireWebhook/, @setup;
    refuses 'two blocks in a section', "<Location /x>\n$block\n$block\n</Location>",
        qr/<SignalWireWebhook>: expected one block/, @setup;
    refuses 'a block with two names', "<Location /x>\n<SignalWireWebhook x y>\n</SignalWireWebhook>\n</Location>",
        qr/SignalWireWebhook "y": expected one name/, @setup;
    refuses 'a block that is not closed', "<Location /x>\n<SignalWireWebhook x>\n</Location>",
        qr/SignalWireWebhook/, @setup;
    refuses 'Require signalwire', "<Location /x>\nRequire signalwire signed\n</Location>",
        qr/Require signalwire "signed": expected verified/, @setup;
};

subtest 'blocks without a key' => sub {
    my $block = <<'EOT';
<Location /x>
    <SignalWireWebhook x>
        SignalWirePublicURL https://h
        %s
    </SignalWireWebhook>
</Location>
EOT
    my $nokey = sub {
        my ($where) = @_;
        return qr/SW0001: <SignalWireWebhook> block "x" in <Loc.*line \d+.*server $where.*expected a SignalWireSigningKey/;
    };
    refuses 'no key at all', sprintf($block, ''), $nokey->('hooks\.example\.com'), @setup;
    refuses "no key: $_", sprintf($block, "SignalWireVerify $_"), $nokey->('hooks'), @setup
        for qw(require optional report);
    refuses 'none empties the list', "SignalWireSigningKey file:conf/good\n"
        . sprintf($block, 'SignalWireSigningKey none'),
        $nokey->('hooks'), @setup;
    my $host = "<VirtualHost *:%d>\nServerName v%d.example.com\n%s\n</VirtualHost>\n";
    refuses 'a virtual host that inherits the block, but no key',
        sprintf($block, '') . sprintf($host, 1, 1, 'SignalWireSigningKey file:conf/good')
        . sprintf($host, 2, 2, ''), $nokey->('\S+'), @setup;
    refuses 'a virtual host that empties the list',
        "SignalWireSigningKey file:conf/good\n" . sprintf($block, '')
        . sprintf($host, 1, 1, 'SignalWireSigningKey none'),
        $nokey->('v1\.example\.com'), @setup;
    refuses 'a nested section',
        "<Directory /x>\n<Files y>\n<SignalWireWebhook z>\n</SignalWireWebhook>\n</Files>\n</Directory>",
        qr/SW0001: .*block "z" in <Files/, @setup;
    passes 'off needs none', sprintf($block, 'SignalWireVerify off'), undef, @setup;
    passes 'a key of the virtual host', sprintf($host, 1, 1,
        "SignalWireSigningKey file:conf/good\n" . sprintf $block, ''), undef, @setup;
    passes 'a key of the server, for all virtual hosts',
        "SignalWireSigningKey file:conf/good\n" . sprintf($block, '') . sprintf($host, 1, 1, ''), undef, @setup;
    passes 'a key of the outer section', <<'EOT', undef, @setup;
<Location /x>
    <SignalWireWebhook x>
        SignalWirePublicURL https://h
        SignalWireSigningKey file:conf/good
    </SignalWireWebhook>
</Location>
<Location /x/y>
    <SignalWireWebhook y>
    </SignalWireWebhook>
</Location>
EOT
};

subtest 'keys times URLs' => sub {
    my $block = sub { my ($keys, $urls) = @_;
        return "<Location /x>\n<SignalWireWebhook x>\n" . "SignalWireSigningKey file:conf/good\n" x $keys
            . join('', map { "SignalWirePublicURL https://h$_\n" } 1 .. $urls)
                . "</SignalWireWebhook>\n</Location>\n" };
    passes '8 keys, 8 URLs', $block->(8, 8), undef, @setup;
    refuses '9 keys, 8 URLs', $block->(9, 8), qr/SW0007: <SignalWireWebhook> block "x".*expected at most 64/,
        @setup;
    refuses '33 keys', $block->(33, 1), qr/at most 32 keys/, @setup;
    refuses '17 URLs', $block->(1, 17), qr/at most 16 URLs/, @setup;
};

subtest 'warnings' => sub {
    my $in = sub {
        my ($settings) = @_;
        return "SignalWireSigningKey file:conf/good\n"
            . "<Location /x>\n<SignalWireWebhook x>\n$settings\n</SignalWireWebhook>\n</Location>";
    };
    passes 'neither URL nor name', $in->(''), qr/SW0002: block "x".*SignalWirePublicURL.*ServerName/, @setup,
        nameless => 1;
    passes 'a name', $in->(''), undef, @setup;
    passes 'an optional signature alone', $in->('SignalWireVerify optional'),
        qr/SW0004: block "x".*SignalWireVerify optional/, @setup;
    passes "besides $_", $in->("SignalWireVerify optional\n$_"), undef, @setup
        for 'SignalWireSharedSecret token file:conf/good', 'Require ip 192.0.2.1',
            "<RequireAny>\nRequire signalwire verified\nRequire ip 192.0.2.1\n</RequireAny>";
    passes 'off, and then asking for a signature', $in->("SignalWireVerify off\nRequire signalwire verified"),
        qr/SW0006: block "x".*SignalWireVerify off.*Require signalwire verified/, @setup;
    passes 'a key inline', $in->('SignalWireSigningKey PSKabc'),
        qr/SW0003: SignalWireSigningKey on line \d+ .*inline.*file:PATH/, @setup;
    passes 'a secret inline', $in->('SignalWireSharedSecret token abc'),
        qr/SW0003: SignalWireSharedSecret on line/, @setup;
};

subtest 'what passes without a word' => sub {
    passes 'words in any case, relative paths, lists', <<'EOT', undef, @setup;
<Location "/x y">
    <signalwirewebhook "a name">
        SignalWireVerify        REPORT
        SignalWireSigningKey    File:conf/good
        SignalWireSigningKey    Project=p-1 FILE:conf/good
        SignalWirePublicURL     HTTPS://Hooks.Example.Com:8443/base/ http://[2001:db8::1]:8080
        SignalWireTrustedProxy  127.0.0.1 10.0.0.0/8 ::1 2001:db8::/32
        SignalWireSignatureType SHA256
        SignalWireRequireTLS    on
        SignalWireSharedSecret  token file:conf/good
        SignalWireMaxBody       1073741824
        Require                 all granted
    </signalwirewebhook>
</Location>
EOT
};

done_testing;
