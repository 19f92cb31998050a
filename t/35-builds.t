# SPDX-License-Identifier: Apache-2.0
# A graceful restart brings another build of the module, whose entries in shared
# memory are larger or smaller: under load nobody crashes or hangs, each build
# uses memory of its own, and the log says what is lost.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Runs;
use SW::Test;
use Time::HiRes qw(sleep time);


my $ROUNDS = $ENV{SW_RELOADS} || 12;
my $dir    = SW::Config::build_dir();
my %build  = (one => "$dir/.libs/mod_signalwire.so", other => "$dir/t/apps/.libs/mod_swother.so");
my $runs   = SW::Runs->new;

# Few entries: each soon has every place.
sub conf {
    my ($build) = @_;
    return <<"EOT";
LoadModule signalwire_module "$build{$build}"
LoadModule swcount_module "$dir/t/apps/.libs/mod_swcount.so"
MaxKeepAliveRequests 0
SignalWireSigningKey \@KEY\@
SignalWirePublicURL  https://hooks.example.com
SignalWireOnceCache  local:50
SignalWireStatusSize 50
SetEnv DONE          @{[ $runs->dir ]}
<Location /on>
    SetHandler swcount
    <SignalWireWebhook builds>
        SignalWireOnce On
    </SignalWireWebhook>
</Location>
<Location /board>
    SetHandler signalwire-status
</Location>
<IfModule mpm_event_module>
    ServerLimit 16
    MaxRequestWorkers 256
</IfModule>
<IfModule mpm_prefork_module>
    ServerLimit 40
    MaxRequestWorkers 40
</IfModule>
EOT
}

each_mpm {
    my ($mpm) = @_;
    my $s = server(bare => 1, no_cgi => 1, conf => conf('one'));
    $s->log->expect(qr/SW0130/, 'any');
    my $word = $runs->word('kept');
    answers $s, 'a callback', $runs->callback('on', $word), 200, app => '' for 1, 2;
    is $runs->runs($word), 1, 'runs once';
    replaced($s, 0);

    my @clients = map { my $n = $_; SW::Process->start(sub { bombard($s, "$mpm-$n") }, stderr => $s->root . '/run/wrong') } 1 .. 3;
    my $times = 0;
    for my $round (1 .. $ROUNDS) {
        $s->{conf} = conf($round % 2 ? 'other' : 'one');
        $s->write_conf;
        my $begin = time;
        $s->reload;
        my $reply = talk($s, GET('/board?json'));
        $times++ if $reply && $reply->status == 200 && time - $begin < 5;
        sleep 0.15;
    }
    is $times, $ROUNDS, 'after each restart the board is there in time';
    replaced($s, $ROUNDS);
    ok $_->alive, 'requests came until the end' for @clients;
    $_->stop for @clients;
    is $s->read_file('run/wrong'), '', 'every request got its right answer';

    $word = $runs->word('kept');
    talk($s, $runs->callback('on', $word));
    $s->reload;
    answers $s, 'the same build again', $runs->callback('on', $word), 200, app => '';
    is $runs->runs($word), 1, 'what it knew it still knows';
    replaced($s, $ROUNDS);
    $s->graceful(conf($ROUNDS % 2 ? 'one' : 'other'));
    answers $s, 'another build', $runs->callback('on', $word), 200, app => '';
    is $runs->runs($word), 2, 'has forgotten it';
};

finish;
done_testing;

# How often each memory has been made anew.
sub replaced {
    my ($s, $times) = @_;
    is scalar($s->log->lines(qr/:notice\].* SW0030: SignalWireOnceCache local:50: another build/)), $times,
        "the table: $times times made anew";
    is scalar($s->log->lines(qr/:notice\].* SW0031: another build/)), $times, "the board: $times times made anew";
}

# Callbacks, each twice; whatever is answered wrongly goes to stderr.
sub bombard {
    my ($s, $name) = @_;
    my $n = 0;
    while (1) {
        my $word = $name . '-' . ++$n;
        for my $request (($runs->callback('on', $word)) x 2) {
            my $reply = eval { talk($s, $request) };
            my $got = $reply ? $reply->status : "nothing $@";
            print STDERR "$word: $got\n" if $got ne 200 && $got ne 503;
        }
    }
}
