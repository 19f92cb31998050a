# SPDX-License-Identifier: Apache-2.0
# Graceful restarts: requests meanwhile get their right answers, and the parent
# neither grows nor keeps files open. SW_RELOADS=1000 for a long run.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;
use Time::HiRes qw(sleep time);

plan skip_all => 'measures memory, and valgrind grows' if $ENV{SW_VALGRIND};

my $reloads = $ENV{SW_RELOADS} || 30;
my $warm_up = 10;

# Everything that configuration allocates, opens or runs, many times over. No
# CGI: mod_cgid loses requests when httpd reloads.
my $conf = <<'EOT' . join '', map { <<"EOT" } 1 .. 20;
SignalWireSigningKey @KEY@
SignalWireSigningKey project=p @KEY2@
SignalWireSigningKey "exec:/bin/echo printed"
SignalWirePublicURL  https://hooks.example.com
ProxyPass / @BACKEND@/
<IfModule mpm_event_module>
    ServerLimit 32
    MaxRequestWorkers 512
</IfModule>
<Location /block>
    <SignalWireWebhook>
    </SignalWireWebhook>
</Location>
EOT
<VirtualHost *:*>
    ServerName v$_.example.com
    SignalWireTrustedProxy 127.0.0.1 10.$_.0.0/16
    <Location /block/$_>
        <SignalWireWebhook "block $_">
            SignalWireSigningKey   \@KEY\@
            SignalWirePublicURL    https://v$_.example.com
            SignalWireSharedSecret token file:conf/key
        </SignalWireWebhook>
    </Location>
</VirtualHost>
EOT

each_mpm {
    my $s = server(modules => 'proxy proxy_http', no_cgi => 1, conf => $conf);
    plan skip_all => 'needs /proc' if !-r '/proc/' . $s->pid . '/status';
    $s->graceful for 1 .. $warm_up;

    my ($rss, $files) = (rss($s->pid), open_files($s->pid));
    my $clients = SW::Process->start(sub { bombard($s) }, stderr => $s->root . '/run/wrong');
    $s->log->expect(qr/SW010[13]: POST \/block refused/, 'any');
    # As many requests as reloads at least, however loaded the machine is.
    for my $n (1 .. $reloads) {
        $s->reload;
        my $end = time + 10;
        sleep 0.02;
        sleep 0.02 while answered($s) <= $n && time < $end;
    }
    $clients->stop;
    my $growth = rss($s->pid) - $rss;

    is $s->read_file('run/wrong'), '', 'every request under reload got its right answer';
    my $answered = answered($s);
    cmp_ok $answered, '>', $reloads, "there were requests ($answered)";
    is open_files($s->pid), $files, 'no file stays open';
    SKIP: {
        skip 'a sanitizer keeps what is freed', 1 if $ENV{SW_PRELOAD};
        cmp_ok $growth, '<=', 256 + 0.5 * $reloads, "the parent does not grow (by $growth KiB in $reloads reloads)";
    }
    my @diagnosed = $s->log->lines(qr/SW0103(?!.*not diagnosed)/);
    ok @diagnosed > 0, 'the clock of diagnoses goes on' or diag 'no diagnosis in the log';
};

finish;
done_testing;

# Right, unsigned and wrong requests by turns; whatever is answered wrongly
# goes to stderr. A connection may be refused while httpd restarts: once more.
sub bombard {
    my ($s) = @_;
    my @turns = (
        [ 200, POST '/block', form => 'A=1', sign => 'form' ],
        [ 403, POST '/block', form => 'A=1' ],
        [ 200, POST '/block', json => '{"project_id":"p"}', sign => 'sha256', key => KEY2 ],
        [ 403, POST '/block', form => 'A=1', sign => 'form', key => KEY2 ],
        [ 200, POST '/block', form => 'A=1', sign => 'form', key => 'printed' ],
    );
    while (1) {
        for my $turn (@turns) {
            my $reply = eval { talk($s, $turn->[1]) };
            my $got = $reply ? $reply->status : "nothing $@";
            print STDERR "expected $turn->[0], got $got\n" if $got ne $turn->[0];
        }
    }
}

sub answered { my ($s) = @_; return scalar(() = $s->read_file('logs/access.log') =~ /\n/g) }
sub rss { my ($pid) = @_; return (slurp("/proc/$pid/status") =~ /^VmRSS:\s+(\d+) kB/m)[0] }
sub open_files { my ($pid) = @_; return scalar(() = glob "/proc/$pid/fd/*") }
sub slurp { my ($file) = @_; open my $in, '<', $file or die "$file: $!\n"; local $/; return <$in> }
