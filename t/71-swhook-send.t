# SPDX-License-Identifier: Apache-2.0
# swhook send against httpd and servers of all kinds: every callback is counted,
# by what became of it, and a broken connection is no end of the tool.
use FindBin; use lib "$FindBin::Bin/lib";
use IO::Socket::INET;
use JSON::PP;
use POSIX ();
use SW::Test;
use SW::Tool;

my $s = server(conf => join '', tool_conf(), "MaxKeepAliveRequests 7\n");
my $here = 'http://127.0.0.1:' . $s->port;
my $form = 'From=%2B15550100123&Body=it%27s&To=%2B15550100456&MessageSid=m-1';

subtest 'load' => sub {
    my $before = () = $s->read_file('logs/access.log') =~ m{"POST /here\S* HTTP/1.1" 200}g;
    my $load = report('', 'send', '--event', 'message.incoming', '--load', 60, '--concurrency', 4, "$here/here");
    is_deeply [ @$load{qw(sent failed)}, $load->{status} ], [ 60, 0, { 200 => 60 } ], 'all have their answer';
    my $ms = $load->{latency_ms};
    ok 0 < $ms->{p50} && $ms->{p50} <= $ms->{p99} && $ms->{p99} <= $ms->{max}, 'percentiles rise';
    my $logged = () = $s->read_file('logs/access.log') =~ m{"POST /here\S* HTTP/1.1" 200}g;
    is $logged - $before, 60, 'httpd has seen as many';

    $s->log->expect(qr/SW0103: /, 'any');
    my ($status, $out) = swhook('', 'send', '--event', 'swml.call', '--load', 5, '--as', 'https://other.example',
        "$here/here");
    is $status, 1, 'refused ones are no';
    like $out, qr/^status 403: 5$/m, 'counted by status';
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
        'twice the length'  => [ $ok =~ s/\r\n\r\n/\r\nContent-Length: 2\r\n\r\n/r, 1, 0 ],
        'no number'         => [ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x2\r\nok\r\n0\r\n\r\n", 1, 0 ],
        'a status of its own' => [ $ok =~ s/200/999/r, 1, 0 ],
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
    like $out, qr/^12 callbacks in .*^status 200: 12$/ms, 'who closes while it is sent to is no end of the tool' or diag $status;
    $server->stop;
    ($status, $out) = swhook('', @send, '--load', 50, '--concurrency', 5, "http://127.0.0.1:$port/x");
    is $status, 1, 'nobody listens';
    like $out, qr/\A50 callbacks in [^\n]*\nno answer: 50 \(connection refused\)\n\z/, 'each is counted, and no time is told';
    ($port, $server) = replier($ok, 1);
    my $file = file('interrupted', '');
    my $running = SW::Process->start([ 'sh', '-c', "SIGNALWIRE_SIGNING_KEY=x exec '@{[ tool() ]}' send --event voice.status --load 1000000"
        . " http://127.0.0.1:$port/x" ], stdout => $file, stderr => "@{[ tool_dir() ]}/stderr");
    select undef, undef, undef, 0.5;
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

finish;
done_testing;

# Gives each request the same reply, and keeps the connection or not.
sub replier {
    my ($reply, $keep) = @_;
    my $listener = IO::Socket::INET->new(Listen => 50, LocalAddr => '127.0.0.1') or die "listen: $!\n";
    my $process = SW::Process->start(sub {
        local $SIG{CHLD} = 'IGNORE';
        while (my $client = $listener->accept) {
            next if fork;
            my $text = '';
            while (sysread $client, $text, 65536, length $text) {
                while ($text =~ /\r\n\r\n/ && length($') >= ($text =~ /^Content-Length: (\d+)/m)[0]) {
                    $text = substr $', ($text =~ /^Content-Length: (\d+)/m)[0];
                    syswrite $client, $reply;
                    POSIX::_exit(0) if !$keep;
                }
            }
            POSIX::_exit(0);
        }
    });
    return ($listener->sockport, $process);
}
