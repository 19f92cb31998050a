# SPDX-License-Identifier: Apache-2.0
# What configtest warns of: configurations that look protective and are not.
# Beside each stands one that is right, of which nothing is said.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

my %files = (
    'conf/key'     => [ "hidden\n", 0600 ],
    'conf/ok.xml'  => '<Response/>',
);
my @setup = (files => \%files, modules => 'access_compat auth_basic authn_file');

my $key = "SignalWireSigningKey file:conf/key\nSignalWirePublicURL https://hooks.example.com\n";

sub block {
    my ($name, $settings, $section) = @_;
    my $tag = $section || "Location /$name";
    my ($close) = $tag =~ /^(\w+)/;
    return "<$tag>\n<SignalWireWebhook $name>\n$settings\n</SignalWireWebhook>\n</$close>\n";
}

sub host { my ($n, $text) = @_; return "<VirtualHost *:$n>\nServerName v$n.example.com\n$text\n</VirtualHost>\n" }

# One line of this id, and nothing else but what httpd says of a host without a name.
my $httpd = qr/(?:AH00558: [^\n]*\n)?/;
sub warns {
    my ($name, $id, $conf, $pattern, @more) = @_;
    passes $name, $conf, qr/\A$httpd[^\n]*:warn\][^\n]* $id: [^\n]*$pattern[^\n]*\nSyntax OK\n\z/, @setup, @more;
}

sub silent { my ($name, $conf, @more) = @_; passes $name, $conf, qr/\A${httpd}Syntax OK\n\z/, @setup, @more }

subtest 'SW0014: settings without a block' => sub {
    warns "$_ at server level", 'SW0014', $_, qr/@{[ (split)[0] ]} on line \d+ of \S+: no <SignalWireWebhook> block/
        for 'SignalWireVerify require', 'SignalWireSigningKey file:conf/key', 'SignalWireOnce On',
            'SignalWirePublicURL https://hooks.example.com', 'SignalWireGuard On', 'SignalWireAckFirst 5',
            'SignalWireRequireTLS On', 'SignalWireSharedSecret token file:conf/key',
            'SignalWireEventLog @ROOT@/logs/events.log';
    warns 'key, URL and require', 'SW0014', $key . 'SignalWireVerify require', qr/SignalWireSigningKey on line/;
    warns 'in a virtual host', 'SW0014', host(1, $key), qr/SignalWireSigningKey/;
    warns 'in a virtual host, and the block in another one', 'SW0014',
        host(1, $key) . host(2, $key . block('x', '')), qr/SignalWireSigningKey/;
    silent "$_ at server level", $_ for 'SignalWireMaxBody 1000', 'SignalWireAnswer ack', 'SignalWireExport env';
    silent 'off and none', "SignalWireVerify off\nSignalWireSigningKey none\nSignalWireOnce Off";
    silent 'a block beside them', $key . block('x', '');
    silent 'a block of a virtual host takes up those of the main server', $key . host(1, block 'x', '');
    silent 'a virtual host inherits the block', $key . block('x', '') . host(1, 'SignalWireVerify report');
    silent 'no directive at all', '';
};

subtest 'SW0015: a later section undoes it' => sub {
    my $voice = block('voice', '');
    warns 'off for all', 'SW0015', $key . $voice . block('all', 'SignalWireVerify off', 'Location "/"'),
        qr{block "voice" in <Location /voice>.*: SignalWireVerify off of block "all" in <Location "/">};
    warns "$_ for all", 'SW0015', $key . $voice
        . block('all', "SignalWireVerify $_\nSignalWireSharedSecret t file:conf/key", 'Location /'),
        qr/SignalWireVerify $_ of/ for qw(optional report);
    warns 'the same path', 'SW0015', $key . $voice . block('again', 'SignalWireVerify off', 'Location /voice'),
        qr/block "again"/;
    warns 'the path above', 'SW0015', $key . block('in', '', 'Location /voice/in')
        . block('voice', 'SignalWireVerify off'), qr/block "in".*block "voice"/;
    warns 'a directory', 'SW0015', $key . block('dir', '', 'Directory "@ROOT@/htdocs"')
        . block('all', 'SignalWireVerify off', 'Location /'), qr/block "dir"/;
    warns 'files', 'SW0015', $key . block('all', 'SignalWireVerify off', 'Location /')
        . block('php', '', 'Files *.php'), qr/block "php"/;
    warns 'within a virtual host', 'SW0015', host(1, $key . $voice . block('all', 'SignalWireVerify off', 'Location /')),
        qr/server v1/;
    silent 'a virtual host may differ from the main server',
        $key . $voice . host(1, block('all', 'SignalWireVerify off', 'Location /'));
    warns 'the secret and TLS', 'SW0015', $key
        . block('voice', "SignalWireSharedSecret t file:conf/key\nSignalWireRequireTLS On")
        . block('all', "SignalWireSharedSecret none\nSignalWireRequireTLS Off", 'Location /'),
        qr/SignalWireSharedSecret none and SignalWireRequireTLS Off/;
    silent 'before it', $key . block('all', 'SignalWireVerify off', 'Location /') . $voice;
    silent 'another path', $key . $voice . block('voices', 'SignalWireVerify off', 'Location /voi')
        . block('x', 'SignalWireVerify off', 'Location /voice/media');
    silent 'media by pattern', $key . $voice
        . block('media', 'SignalWireVerify off', 'LocationMatch "^/voice/media/[^/]+[.]mp3$"');
    silent 'stricter', $key . block('voice', 'SignalWireVerify report')
        . block('all', 'SignalWireVerify require', 'Location /');
    my $verified = 'Require signalwire verified';
    my $later = sub {
        my ($mode, $require) = @_;
        return $key . $voice . "<Location />\n$require\n<SignalWireWebhook all>\nSignalWireVerify $mode\n"
            . "SignalWireSharedSecret t file:conf/key\n</SignalWireWebhook>\n</Location>\n";
    };
    silent "$_, and Require refuses", $later->($_, $verified) for qw(optional either report);
    silent 'by one of two guards', $later->('optional', "<RequireAny>\n$verified\nRequire ip 192.0.2.1\n</RequireAny>");
    silent 'by all of two', $later->('optional', "<RequireAll>\nRequire all granted\n$verified\n</RequireAll>");
    silent 'in the block', $key . $voice
        . block('all', "SignalWireVerify optional\n$verified", 'Location /');
    warns 'Require lets everybody in too', 'SW0015', $later->('optional', "Require all granted\n$verified"), qr/optional of/;
    warns 'or asks for something else', 'SW0015', $later->('optional', 'Require ip 192.0.2.1'), qr/optional of/;
    silent 'without Verify', $key . $voice . block('all', 'SignalWireMaxBody 1000', 'Location /');
    silent 'a section without a block', $key . $voice . "<Location />\nSetEnv A b\n</Location>";
};

subtest 'SW0016: a fallback without a guard' => sub {
    my $fallback = 'SignalWireFallback cxml conf/ok.xml';
    warns 'in a block', 'SW0016', $key . block('voice', $fallback), qr/block "voice".*SignalWireGuard On/;
    warns 'off', 'SW0016', $key . block('voice', "$fallback\nSignalWireGuard Off"), qr/block "voice"/;
    warns 'at server level, once', 'SW0016', $key . "$fallback\n" . block('a', '') . block('b', '') . host(1, ''),
        qr/block "a"/;
    warns 'beside one that is right', 'SW0016', $key . block('a', "$fallback\nSignalWireGuard On")
        . block('b', $fallback), qr/block "b"/;
    silent 'with the guard', $key . block('voice', "$fallback\nSignalWireGuard On");
    silent 'the guard at server level', "SignalWireGuard On\n" . $key . block('voice', $fallback);
    silent 'a block below has the guard', $key . block('voice', $fallback)
        . block('in', 'SignalWireGuard On', 'Location /voice/in');
    silent 'a pattern has it', $key . block('voice', $fallback)
        . block('in', 'SignalWireGuard On', 'LocationMatch ^/voice/(in|out)');
    silent 'one of two blocks has it', "$fallback\n$key" . block('a', 'SignalWireGuard On') . block('b', '');
    silent 'none', $key . block('voice', 'SignalWireFallback none');
};

subtest 'SW0017: an open board' => sub {
    my $board = sub {
        my ($more, $section) = @_;
        my $tag = $section || 'Location "/status"';
        my ($close) = $tag =~ /^(\w+)/;
        return "<$tag>\nSetHandler signalwire-status\n$more\n</$close>\n";
    };
    my $full = 'SignalWireStatusShow full';
    my $login = "AuthType Basic\nAuthName x\nAuthUserFile conf/key\nRequire valid-user";
    my $debian = "<Directory />\nRequire all denied\n</Directory>\n<Directory \"\@ROOT\@/htdocs\">\nRequire all granted\n"
        . "</Directory>\n<FilesMatch \"^\\.ht\">\nRequire all denied\n</FilesMatch>\n";
    my $open = qr{the board in <Location "/status"> \(line \d+ of \S+\) shows whole numbers};
    warns 'no Require', 'SW0017', $debian . $board->($full), $open;
    warns 'all granted', 'SW0017', $board->("$full\nRequire all granted"), $open;
    warns 'full by the section above', 'SW0017', "<Location />\n$full\n</Location>\n" . $board->(''), $open;
    warns 'a password elsewhere', 'SW0017', $board->($full) . "<Location /admin>\n$login\n</Location>", $open;
    warns 'in a virtual host', 'SW0017', host(1, $board->($full)), $open;
    warns 'files', 'SW0017', $board->($full, 'Files "board"'), qr/<Files "board">/;
    silent 'masked', $board->('');
    silent 'masked, said so', "<Location />\n$full\n</Location>\n" . $board->('SignalWireStatusShow masked');
    silent 'a password', $board->("$full\n$login");
    silent 'in <RequireAny>', $board->("$full\n<RequireAny>\nRequire ip 192.0.2.1\n</RequireAny>");
    silent 'as of 2.2', $board->("$full\nOrder deny,allow\nDeny from all\nAllow from 192.0.2.1");
    silent 'a password above', "<Location />\n$login\n</Location>\n" . $board->($full);
    silent 'a password above, in the main server',
        "<Location />\n$login\n</Location>\n" . host(1, $board->($full));
    silent 'a password of the directory', "<Directory \"\@ROOT\@/htdocs\">\n$login\n</Directory>\n" . $board->($full);
    silent 'a pattern with a password', "<LocationMatch ^/st>\n$login\n</LocationMatch>\n" . $board->($full);
    my $webhook = sub { "<SignalWireWebhook x>\n" . join("\n", @_) . "\n</SignalWireWebhook>" };
    warns 'full in a block that verifies nothing', 'SW0017', $board->($webhook->('SignalWireVerify off', $full)), $open;
    silent 'in a block that does', $key . $board->($webhook->($full));
    silent 'a block above that does', $key . "<Location />\n" . $webhook->() . "\n</Location>\n" . $board->($full);
    my $if = sub { "<If \"-n %{HTTP:X-Proxy}\">\n$_[0]\n</If>" };
    silent 'a condition in the section', $board->("$full\n" . $if->('Require all denied'));
    silent 'one that decides otherwise', $board->("$full\nRequire all granted\n" . $if->('Redirect 403 /'));
    silent 'its other case', $board->("$full\n" . $if->('') . "\n<Else>\nRequire ip 192.0.2.1\n</Else>");
    silent 'a board in a condition', $if->('SetHandler signalwire-status') . "\n<Location />\n$full\n</Location>";
    silent 'a board in a condition of the section', "<Location /status>\n$full\n" . $if->('SetHandler signalwire-status')
        . "\n</Location>";
    silent 'a condition above', "<Location />\n" . $if->($login) . "\n</Location>\n" . $board->("$full\nRequire all granted");
    warns 'a block by pattern, elsewhere', 'SW0017', $key . "<LocationMatch ^/(voice|sms)>\n" . $webhook->()
        . "\n</LocationMatch>\n" . $board->($full), $open;
    silent 'a condition in a pattern', "<LocationMatch ^/st>\n" . $if->('Require ip 192.0.2.1') . "\n</LocationMatch>\n"
        . $board->($full);
    silent 'a condition of the server', $if->('Require ip 192.0.2.1') . "\n" . $board->("$full\nRequire all granted");
    warns 'one that restricts nothing', 'SW0017', $if->('SetEnv A b') . "\n" . $board->($full), $open;
    warns 'one elsewhere', 'SW0017', "<Location /admin>\n" . $if->($login) . "\n</Location>\n" . $board->($full), $open;
    silent 'a virtual host of this machine alone', "<VirtualHost 127.0.0.1:81 [::1]:81>\nServerName v.example.com\n"
        . $board->($full) . "</VirtualHost>";
    warns 'of others too', 'SW0017', "<VirtualHost 127.0.0.1:81 192.0.2.1:81>\nServerName v.example.com\n"
        . $board->($full) . "</VirtualHost>", $open;
    my @ssl = (modules => 'ssl socache_shmcb');
    silent 'a certificate', $board->("$full\nSSLVerifyClient require"), @ssl;
    silent 'a certificate, by an expression', $board->("$full\nRequire all granted\nSSLRequire %{SSL_CLIENT_S_DN_O} eq \"x\""), @ssl;
    silent 'a certificate above', "<Location />\nSSLVerifyClient require\n</Location>\n" . $board->($full), @ssl;
    silent 'a certificate of the virtual host', host(1, "SSLVerifyClient require\n" . $board->("$full\nRequire all granted")), @ssl;
    silent 'a certificate of the main server', "SSLVerifyClient require\n" . host(1, $board->($full)), @ssl;
    warns 'a certificate that may be absent', 'SW0017', $board->("$full\nSSLVerifyClient optional"), $open, @ssl;
    warns 'TLS alone', 'SW0017', $board->("$full\nSSLRequireSSL"), $open, @ssl;
    silent 'no board', "<Location /status>\n$full\n</Location>";
};

subtest 'SW0018: an answer that is never reached' => sub {
    my $answers = sub { $key . block('x', join "\n", map { "SignalWireAnswer $_" } @_) };
    my ($x, $on) = ('cxml conf/ok.xml', '"expr=signalwire(\'Body\') == \'x\'"');
    my @dead = (
        [ 'after one for all', $x, "$x event=voice.incoming" ],
        [ 'after one for all, with expr=', $x, "$x $on" ],
        [ 'after one for all, ack', $x, 'ack event=voice.status' ],
        [ 'the same event', "$x event=voice.incoming", "$x event=voice.incoming" ],
        [ 'its events by two lines', "$x event=voice.gather", "$x event=voice.incoming",
          "$x event=voice.incoming,voice.gather" ],
        [ 'a callback after ack', 'ack', "$x event=message.status" ],
        [ 'a second ack', 'ack', 'ack' ],
    );
    for (@dead) {
        my ($name, @lines) = @$_;
        warns $name, 'SW0018', $answers->(@lines), qr/\QSignalWireAnswer $lines[-1]\E on line \d+ of \S+ is never reached/;
    }
    my @live = (
        [ 'after a condition', "$x $on", $x ],
        [ 'another event', "$x event=voice.incoming", "$x event=voice.gather" ],
        [ 'some of its events', "$x event=voice.incoming", "$x event=voice.incoming,voice.gather" ],
        [ 'a document after ack', 'ack', "$x event=voice.incoming" ],
        [ 'all after ack', 'ack', $x ],
        [ 'the document of an event that may be a callback, after ack', 'ack', "$x event=voice.sms" ],
        [ 'all after one', "$x event=voice.incoming", $x ],
        [ 'ack for the rest', "$x event=voice.status $on", 'ack event=voice.status' ],
    );
    silent $_->[0], $answers->(@$_[1 .. $#$_]) for @live;
    silent 'none in between', $key . block('x', "SignalWireAnswer $x\nSignalWireAnswer none\nSignalWireAnswer $x");
};

subtest "SW0019: signalwire('...')" => sub {
    my $ask = sub { $key . block('x', '') . qq{CustomLog "\@ROOT\@/logs/x.log" "%h" "expr=signalwire('$_[0]') == 'x'"\n} };
    warns $_->[0], 'SW0019', $ask->($_->[0]), qr/signalwire\('\Q$_->[0]\E'\).*did you mean signalwire\('$_->[1]'\)/
        for [ 'Form', 'FROM' ], [ 'SIGNALWIRE_FROM', 'FROM' ], [ 'CallId', 'CALL_ID' ], [ 'sw.from', 'from' ];
    warns 'in an answer', 'SW0019', $key . block('x', qq{SignalWireAnswer ack "expr=signalwire('Digit') == '1'"}),
        qr/'Digit'.*'DIGITS'/;
    warns 'as a variable', 'SW0019', $key . block('x', '') . q{Header set X "expr=%{signalwire:Statsu}"}, qr/'STATUS'/;
    silent $_, $ask->($_) for 'From', 'CallSid', 'call.from', 'tenant', 'MEDIA_URL_1', 'SIGNALWIRE_PARAM_X', 'type';
};

subtest 'SW0025: a cache that machines share' => sub {
    my $redis = "SignalWireOnceCache redis:redis://127.0.0.1:6379\n";
    plan skip_all => 'built without hiredis' if !has_hiredis();
    my $once = block('x', 'SignalWireOnce On');
    warns 'no ServerName', 'SW0025', $redis . $key . $once, qr/redis.*no ServerName of its own/, nameless => 1;
    warns 'an alias is no name', 'SW0025', $redis . $key . "<VirtualHost *:1>\nServerAlias a.example.com\n$once</VirtualHost>",
        qr/no ServerName/, nameless => 1;
    silent 'no Once', $redis . $key . block('x', ''), nameless => 1;
    silent 'a ServerName', $redis . $key . $once;
    silent 'a ServerName of the virtual host', $redis . host(1, $key . $once), nameless => 1;
    silent 'the local table', "SignalWireOnceCache local:100\n$key$once", nameless => 1;
    silent 'the local table without Once', "SignalWireOnceCache local:100\n$key" . block('x', '');
};

subtest 'SW0026: odd keys' => sub {
    my $with = sub {
        my ($text, $directive) = @_;
        return (($directive || 'SignalWireSigningKey') . " file:conf/odd\n" . $key . block('x', ''),
                files => { %files, 'conf/odd' => [ $text, 0600 ] });
    };
    my %odd = ('"PSKhidden"' => 'in quotes', q{'PSKhidden'} => 'in quotes', 'KEY=PSKhidden' => 'NAME=value',
               'export KEY=PSKhidden' => 'NAME=value', 'PSKhidden # of voice' => 'comment needs a line',
               'PSK hidden' => 'blanks', "PSK\xc3\xa4hidden" => 'beyond ASCII', "PSK\xc2\xa0hidden" => 'beyond ASCII',
               "PSK\x01hidden" => 'control');
    for my $text (sort keys %odd) {
        my ($conf, @files) = $with->("good-one\n$text\n");
        my ($ok, $said) = SW::Server->configtest(@setup, conf => $conf, @files);
        ok $ok && $said =~ /\A[^\n]* SW0026: SignalWireSigningKey on line \d+ of \S+: secret 2 of this source [^\n]*\Q$odd{$text}\E[^\n]*\nSyntax OK\n\z/
            && $said !~ /hidden/, $text =~ s/[^ -~]/?/gr or diag $said;
    }
    for my $good ("PSKgood\n", "# comment\nPSK_go-od\n", "YWJjZA==\n", "abc#def\n") {
        my ($conf, @files) = $with->($good);
        silent $good =~ s/\n/ /gr, $conf, @files;
    }
    my ($conf, @files) = $with->("T=hidden\n", 'SignalWireSharedSecret token');
    warns 'a shared secret', 'SW0026', $conf, qr/SignalWireSharedSecret on line.*NAME=value/, @files;
};

subtest 'SW0027: an event of an open family' => sub {
    my $ack = sub { $key . block('x', "SignalWireAnswer ack event=$_[0]") };
    warns 'call.stae', 'SW0027', $ack->('call.stae'), qr/event=call\.stae .*did you mean call\.state\?/;
    silent $_, $ack->($_) for 'call.state', 'call.hold', 'call.say', 'video.room.started';
};

subtest 'once' => sub {
    my $s = server(@setup, conf => $key);
    $s->log->expect(qr/SW0014/) for 1;
    ok scalar($s->log->lines(qr/SW0014/)) == 1, 'a start says it once' or diag $s->start_text, $s->read_file('logs/error.log');
};

finish;
done_testing;
