# SPDX-License-Identifier: Apache-2.0
# The harness itself, on an httpd without the module: what it must notice, and
# that it leaves nothing behind.
use FindBin; use lib "$FindBin::Bin/lib";
use IO::Socket::INET;
use SW::Test;

my $conf = <<'EOT';
ScriptAlias /echo @APPS@/echo.cgi
Alias /missing @ROOT@/missing.cgi
<Location /missing>
    SetHandler cgi-script
    Options ExecCGI
</Location>
EOT

each_mpm {
    my ($mpm) = @_;
    my $s = server(bare => 1, conf => $conf);

    answers $s, 'a body arrives', POST('/echo', form => 'From=%2B1555&Body=a+b'), 200,
        app => 'cgi', report => { method => 'POST', length => 21 }, env => { CONTENT_LENGTH => 21, NOPE => undef };
    answers $s, 'no handler, no application', GET('/nope'), 404;
    answers $s, 'an announced log line is no fault', GET('/missing'), 404, log => qr/AH02811|AH01264/;

    $s->graceful($conf . 'ScriptAlias /new @APPS@/echo.cgi');
    answers $s, 'a reload brings a new configuration', GET('/new'), 200, app => 'cgi';

    my $client = SW::Client->new($s->port);
    $client->send(map { bytes_of(POST '/echo', body => $_, keep => 1) } 'one', 'three');
    is $client->response->report->{length}, 3, 'pipelined: the first reply';
    is $client->response->report->{length}, 5, 'pipelined: the second reply';
};

subtest 'what stop() complains about' => sub {
    my $s = SW::Server->start(bare => 1, conf => $conf);
    talk($s, GET '/missing');
    $s->log->expect(qr/never comes/);
    my @bad = $s->stop;
    is @bad, 2, 'two complaints';
    like $bad[0], qr/not announced: .*missing\.cgi/, 'a line that nobody announced';
    like $bad[1], qr/came 0 times: .*never comes/, 'an announced line that did not come';

    ok SW::ErrorLog::is_loud($_->[0]) == $_->[1], $_->[0] for
        [ '[t] [core:notice] [pid 1] AH00052: child pid 9 exit signal Segmentation fault (11)', 1 ],
        [ '==9==ERROR: AddressSanitizer: heap-use-after-free', 1 ],
        [ '[t] [core:notice] [pid 1] AH00094: Command line', 0 ];
};

subtest 'a port that another has taken meanwhile' => sub {
    my $s = SW::Server->new(bare => 1, conf => $conf);
    my $taken = $s->port;
    my $other = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1:$taken") or die "$taken: $!\n";
    $s->start;
    isnt $s->port, $taken, 'one more try, with another';
    is $s->log->lines(qr/AH00072/), 0, 'nothing is said of the first';
    is_deeply [ $s->stop ], [], 'nor complained about';
};

subtest 'nothing is left behind' => sub {
    my $file = File::Temp->new;
    my $child = SW::Process->start(sub {
        my $s = SW::Server->start(bare => 1, conf => $conf);
        print {$file} join ' ', $s->root, $s->pid;
        $file->flush;
        $SIG{TERM} = sub { exit 1 };
        sleep 60;
    });
    my ($root, $pid) = ('', 0);
    for (1 .. 500) {
        ($root, $pid) = split ' ', do { open my $in, '<', "$file"; <$in> // '' };
        last if $pid;
        select undef, undef, undef, 0.02;
    }
    ok kill(0, $pid), 'a test process runs an httpd';
    $child->stop;
    select undef, undef, undef, 0.05 for 1 .. 20;
    ok !kill(0, $pid), 'a terminated test takes its httpd with it';
};

finish;
done_testing;
