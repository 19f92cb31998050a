# SPDX-License-Identifier: Apache-2.0
# swhook send against httpd and servers of all kinds: every callback is counted,
# by what became of it, and a broken connection is no end of the tool.
use FindBin; use lib "$FindBin::Bin/lib";
use IO::Socket::INET;
use JSON::PP;
use POSIX ();
use SW::Test;
use SW::Tool;

plan skip_all => 'built without libcurl' if !can_send();

my $s = server(conf => join '', tool_conf(), "MaxKeepAliveRequests 7\n", <<'EOT');
Redirect 302 /moved http://127.0.0.1:@PORT@/here
EOT
my $here = 'http://127.0.0.1:' . $s->port;
my $form = 'From=%2B15550100123&Body=it%27s&To=%2B15550100456&MessageSid=m-1';

subtest 'load' => sub {
    my $before = () = $s->read_file('logs/access.log') =~ m{"POST /here\S* HTTP/1.1" 200}g;
    my $load = report('', 'send', '--event', 'message.incoming', '--load', 60, '--concurrency', 4, "$here/here");
    is_deeply [ @$load{qw(sent failed)}, $load->{status} ], [ 60, 0, { 200 => 60 } ], 'all have their answer';
    my $ms = $load->{ms};
    ok 0 < $ms->{p50} && $ms->{p50} <= $ms->{p99} && $ms->{p99} <= $ms->{max} && $ms->{max} <= $ms->{total},
        'percentiles rise';
    my $logged = () = $s->read_file('logs/access.log') =~ m{"POST /here\S* HTTP/1.1" 200}g;
    is $logged - $before, 60, 'httpd has seen as many';

    $s->log->expect(qr/SW0103: /, 'any');
    my ($status, $out) = swhook('', 'send', '--event', 'swml.call', '--load', 5, '--as', 'https://other.example',
        "$here/here");
    is $status, 1, 'refused ones are no';
    like $out, qr/^ms: p50 .*\nstatus 403: 5$/m, 'counted by status';
};

# Servers of all kinds, played: each request gets the reply, and the connection
# stays or not.
subtest 'servers' => sub {
    my @send = ('send', '--event', 'voice.status', '--timeout', 5);
    my $ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    my %kind = (
        'keeps'             => [ $ok, 1, 30 ],
        'HTTP/1.0'          => [ $ok =~ s/1\.1/1.0/r, 0, 30 ],
        'a list'            => [ $ok =~ s/\r\n/\r\nConnection: Upgrade, Close\r\n/r, 0, 30 ],
        'blanks'            => [ $ok =~ s/: 2/: 2 \t/r, 1, 30 ],
        'closes unannounced' => [ $ok, 0, 30 ],
        'interim'           => [ "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n$ok", 1, 30 ],
        'chunked'           => [ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x\r\nok\r\n0\r\nA: b\r\n\r\n", 1, 30 ],
        'twice the length'  => [ $ok =~ s/\r\n\r\n/\r\nContent-Length: 2\r\n\r\n/r, 1, 30 ],
        'a length of letters' => [ $ok =~ s/: 2/: x/r, 1, 0 ],
        'no number'         => [ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x2\r\nok\r\n0\r\n\r\n", 1, 0 ],
        'a status of its own' => [ $ok =~ s/200/999/r, 1, 0 ],
        'a status below zero' => [ $ok =~ s/200/-12/r, 1, 0 ],
    );
    for my $name (sort keys %kind) {
        my ($reply, $keep, $right) = @{ $kind{$name} };
        my ($port, $server) = replier($reply, $keep);
        my $load = report('', @send, '--load', 30, '--concurrency', 3, "http://127.0.0.1:$port/x");
        is $load->{status}{200} // 0, $right, "$name: counted";
        is $load->{sent}, 30, "$name: all of them";
        $server->stop;
    }
    my ($port, $server) = replier($ok, 0);
    my $body = file('large', 'A=' . 'x' x 4_000_000);
    my ($status, $out) = swhook('', 'send', '--load', 12, '--concurrency', 2, "http://127.0.0.1:$port/x", $body);
    # Under valgrind it is too slow to read the reply before the connection is reset.
    like $out, $ENV{SW_VALGRIND} ? qr/^12 callbacks in / : qr/^12 callbacks in .*^status 200: 12$/ms, 'who closes while it is sent to is no end of the tool' or diag $status;
    $server->stop;
    ($port, $server) = replier($ok, 2);
    for my $body ($body, file('small', 'A=1')) {
        (undef, $out) = swhook('', 'send', '--load', 6, "http://127.0.0.1:$port/x", $body);
        like $out, qr/^status 200: 6$/m, 'who closes while the next is sent gets it once more';
    }
    $server->stop;
    ($status, $out) = swhook('', @send, '--load', 50, '--concurrency', 5, "http://127.0.0.1:$port/x");
    is $status, 1, 'nobody listens';
    like $out, qr/\A50 callbacks in [^\n]*\nno answer: 50 \(Connection refused\)\n\z/, 'each is counted, and no time is told';
    ($port, $server) = replier($ok, 1);
    my ($file, $progress) = map { file($_, '') } qw(interrupted progress);
    my $running = SW::Process->start([ 'sh', '-c', "SIGNALWIRE_SIGNING_KEY=x exec '@{[ tool() ]}' send --event voice.status --load 1000000"
        . " http://127.0.0.1:$port/x" ], stdout => $file, stderr => $progress);
    for (1 .. 200) { -s $progress ? last : select undef, undef, undef, 0.1 }
    $running->stop;
    like slurp($file), qr/^\d+ callbacks in .*^not sent, or not waited for: \d+$/ms, 'interrupted, it tells what it knows';
    $server->stop;

    my $keeps = 'https://user:p%40ss@hooks.example.com';
    my $reply = report($form, 'send', '--as', $keeps, "$here/cgi/x", '-');
    is decode_json($reply->{body})->{env}{SIGNALWIRE_VERIFIED}, 'form', 'credentials that are signed arrive as Basic';
    unlike $reply->{signed_url}, qr/ss@/, 'and are not shown';
    $reply = report($form, 'send', '--as', PUBLIC . '/cgi/x', "$here/cgi/x?a=b", '-');
    is $reply->{status}, 200, 'the query of the URL is signed with a path of --as';
};

# What the URL says is what goes out, and what is signed.
subtest 'as written' => sub {
    for my $target ('/here/../here/%2e/%2E%2e/here/x?a=%2f..&b', '/here//x?', '/here/a|b?c[]=d??') {
        my $reply = report('', 'send', '--event', 'message.incoming', "$here$target");
        is $reply->{status}, 200, "$target is verified";
        like $s->read_file('logs/access.log'), qr{"POST \Q$target\E HTTP/1\.1" 200}, 'as it was written';
    }
    my ($port, $server) = replier("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 1);
    my $body = file('large', 'A=' . 'x' x 4_000_000);
    is report('', 'send', '--header', 'X-Empty:', "http://127.0.0.1:$port", $body)->{status}, 200, 'a large body';
    is join(' ', slurp(tool_dir() . '/head') =~ /^([\w-]+):/mg),
        'Host Accept X-SignalWire-Signature Content-Type X-Empty Content-Length', 'has these fields, no Expect';

    local @SW::Tool::env = (@SW::Tool::env, http_proxy => 'http://127.0.0.1:1', all_proxy => 'http://127.0.0.1:1');
    my @send = ('send', '--event', 'message.incoming');
    is report('', @send, '--as', PUBLIC, "$_:" . $s->port . '/cgi/x')->{status}, 200, "$_: by no proxy"
        for 'http://127.0.0.1', 'http://LocalHost';
    push @SW::Tool::env, http_proxy => "http://127.0.0.1:$port";
    is report('', @send, 'http://hooks.example.com/a/../b')->{status}, 200, 'another host: by the proxy';
    like slurp(tool_dir() . '/head'), qr{\APOST http://hooks\.example\.com/a/\.\./b HTTP/1\.1\r\n}, 'as written, too';
    $server->stop;
};

subtest 'redirects' => sub {
    my $before = () = $s->read_file('logs/access.log') =~ /"POST/g;
    my ($status, $out) = swhook($form, 'send', "$here/moved", '-');
    is $status, 1, 'a redirect is no success';
    like $out, qr{\A302 after .*\nLocation: \Q$here\E/here \(not followed\)\n}, 'and says where to';
    is report($form, 'send', "$here/moved", '-')->{location}, "$here/here", 'also in JSON';
    my $after = () = $s->read_file('logs/access.log') =~ /"POST/g;
    is $after - $before, 2, 'nothing follows it';
};

# Replies that do not end, and servers that say nothing.
subtest 'limits' => sub {
    my $head = "HTTP/1.1 200 OK\r\n";
    my $late = qr/\Ano whole reply within the time-out\z/;
    my %endless = (
        'a body'  => [ "${head}Transfer-Encoding: chunked\r\n\r\n", sprintf("%x\r\n%s\r\n", 60_000, 'x' x 60_000),
                       qr/\Athe reply has more than 16 MiB\z/ ],
        'fields'  => [ $head, "A: b\r\n" x 100, qr/\Athe head of the reply has more than 64 KiB\z/ ],
        'interim' => [ '', "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" x 100, qr/\Athe head of the reply has more than 64 KiB\z/ ],
        'silence' => [ '', '', $late ],
        'pause'   => [ "${head}Content-Length: 5\r\n\r\nabcd", '', $late ],
    );
    my @send = ('send', '--event', 'swml.call');
    for my $name (sort keys %endless) {
        my ($first, $on, $failure) = @{ $endless{$name} };
        my ($port, $server) = replier($first, 1, $on);
        like report('', @send, '--timeout', $on ? 120 : 1, "http://127.0.0.1:$port/")->{failure}, $failure, "$name without end";
        like report('', @send, '--timeout', 1, "https://127.0.0.1:$port/")->{failure}, $late, 'nor TLS' if $name eq 'silence';
        $server->stop;
    }
    my ($status, $out) = swhook('', @send, '--load', 50, 'http://' . 'a' x 64 . '/');
    is $status, 2, 'a host without address';
    like $out, qr/^not sent, or not waited for: 49$/m, 'is looked for once';
};

subtest 'https' => sub {
    need 'openssl', program('openssl') or return;
    my $own = tool_dir() . '/own.pem';
    my ($failed) = command(split(' ', 'openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 2'
        . ' -subj /CN=here -addext basicConstraints=critical,CA:FALSE -addext subjectAltName=IP:127.0.0.1,DNS:here'),
        '-keyout', "$own.key", '-out', $own);
    is $failed, 0, 'a certificate';
    my $tls = server(modules => 'ssl socache_shmcb http2', conf => tool_conf() . <<"EOT");
Protocols h2 http/1.1
SSLSessionCache shmcb:run/tls(65536)
Listen 127.0.0.1:\@PORT2\@
<VirtualHost *:\@PORT2\@>
    ServerName here
    SSLEngine On
    SSLCertificateFile    $own
    SSLCertificateKeyFile $own.key
</VirtualHost>
Listen 127.0.0.1:\@PORT3\@
<VirtualHost *:\@PORT3\@>
    SSLEngine On
    SSLCertificateFile \@CERT\@
</VirtualHost>
<Location /tls>
    <SignalWireWebhook tls>
        SignalWirePublicURL https://127.0.0.1:\@PORT2\@
        SignalWireRequireTLS On
        SignalWireAnswer ack event=message.incoming
    </SignalWireWebhook>
</Location>
EOT
    $tls->log->expect(qr/AH01882: Init: this version of mod_ssl was compiled against a newer library/, 'any');
    my ($url, $other) = (map { 'https://127.0.0.1:' . $tls->port($_) . '/tls' } 2, 3);
    my @send = ('send', '--event', 'message.incoming');
    for my $target ('/tls/../tls/%2e/x?a=b', '/tls?') {
        is report('', @send, '--cacert', $own, $url =~ s{/tls\z}{}r . $target)->{status}, 200, "verified over TLS: $target";
        like $tls->read_file('logs/access.log'), qr{"POST \Q$target\E HTTP/[.\d]+" 200}, 'as it was written';
    }
    is report('', @send, '--load', 30, '--concurrency', 3, '--cacert', $own, $url)->{status}{200}, 30, 'and --load';
    my ($status, $out, $err) = swhook('', @send, $url);
    is "$status $out", '1 ', 'a certificate that nobody has signed is not trusted';
    like $err, qr/\Aswhook: 127\.0\.0\.1:\d+: expected an answer: .*certificate.*\n\z/i, 'and that is said';
    like report('', @send, '--cacert', $tls->fill('@CERT@'), $other)->{failure}, qr/127\.0\.0\.1/, 'nor is one of another host';
    like report('', @send, '--cacert', $own, "https://127.0.0.1:" . $tls->port)->{failure}, qr/SSL|TLS/, 'a server without TLS';
};

finish;
done_testing;

# Gives each request the same reply, and keeps the connection (1), closes it (0)
# or does that when more comes (2); $on, for ever, follows the reply. The head of the last request is kept in a file.
sub replier {
    my ($reply, $keep, $on) = @_;
    my $listener = IO::Socket::INET->new(Listen => 50, LocalAddr => '127.0.0.1') or die "listen: $!\n";
    my $process = SW::Process->start(sub {
        local $SIG{CHLD} = 'IGNORE';
        while (my $client = $listener->accept) {
            next if fork;
            my $text = '';
            while (sysread $client, $text, 65536, length $text) {
                while ($text =~ /\A(.*?^Content-Length: (\d+).*?)\r\n\r\n/ms && length($text) >= $+[0] + $2) {
                    file('head', $1) if !$on;
                    substr $text, 0, $+[0] + $2, '';
                    syswrite $client, $reply;
                    while ($on && defined syswrite $client, $on) { }
                    POSIX::_exit(0) if !$keep || $keep == 2 && sysread $client, $text, 1;
                }
            }
            POSIX::_exit(0);
        }
    });
    return ($listener->sockport, $process);
}
