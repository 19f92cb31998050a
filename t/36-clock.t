# SPDX-License-Identifier: Apache-2.0
# The time of day is set back, and forward, while httpd runs: what goes by
# durations does not notice. Diagnoses come in bursts of five.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Runs;
use SW::Test;
use Time::HiRes qw(sleep time);

plan skip_all => 'something else is preloaded' if $ENV{SW_PRELOAD} || $ENV{SW_VALGRIND};

my $HOUR = 3600;
my $runs = SW::Runs->new;
my $dir  = SW::Config::build_dir() . '/t/apps/.libs';

each_mpm {
    my $file = $runs->dir . '/clock';
    set_clock($file, 0);
    my $s = server(no_cgi => 1, env => { LD_PRELOAD => "$dir/clock.so", SW_CLOCK => $file }, conf => <<"EOT");
LoadModule swcount_module "$dir/mod_swcount.so"
LogLevel signalwire:info
SignalWireSigningKey \@KEY\@
SignalWirePublicURL  https://hooks.example.com
SignalWireEventLog   "\@ROOT\@/logs/events.log"
SetEnv DONE          @{[ $runs->dir ]}
<Location /on>
    SetHandler swcount
    <SignalWireWebhook calls>
        SignalWireOnce 10mi
    </SignalWireWebhook>
</Location>
<Location /brief>
    SetHandler swcount
    <SignalWireWebhook brief>
        SignalWireOnce 2s
    </SignalWireWebhook>
</Location>
EOT
    my $now = talk($s, GET('/'))->header('Date');
    $s->log->expect(qr/SW0103/, 'any');
    my $begin = time;
    my $diagnosed = diagnoses($s, 12);
    my $most = 5 + int(time - $begin + 1);
    cmp_ok $diagnosed, '>=', 5, 'somebody who tries by hand gets five diagnoses at once';
    cmp_ok $diagnosed, '<=', $most, 'and a flood one a second';

    my $word = $runs->word('kept');
    my $brief = $runs->word('brief');
    talk($s, $runs->callback('on', $word));
    set_clock($file, -$HOUR);
    my $hour = sub { (talk($s, GET('/'))->header('Date') =~ /(\d+:\d+):/)[0] };
    isnt $hour->(), ($now =~ /(\d+:\d+):/)[0], 'the clock is set back by an hour';
    sleep 1.3;
    cmp_ok diagnoses($s, 1), '==', 1, 'a second later there is a diagnosis';

    talk($s, $runs->callback('brief', $brief));
    is talk($s, $runs->callback('brief', $brief))->status, 200, 'a repeat';
    is $runs->runs($brief), 1, 'runs once';
    set_clock($file, $HOUR);
    talk($s, $runs->callback('on', $word));
    is $runs->runs($word), 1, 'set forward by two hours: what is kept for ten minutes is still known';
    set_clock($file, -$HOUR);
    sleep 2.2;
    talk($s, $runs->callback('brief', $brief));
    is $runs->runs($brief), 2, 'set back: what is kept for two seconds is forgotten after them';
    sleep 1.2;
    cmp_ok diagnoses($s, 1), '==', 1, 'and there are diagnoses';
    my @negative = grep { /"ms":-/ } split /\n/, $s->read_file('logs/events.log');
    is "@negative", '', 'no request took less than no time';
};

finish;
done_testing;

# Of so many wrong signatures at once, how many are looked into.
sub diagnoses {
    my ($s, $count) = @_;
    my $lines = sub { scalar grep { !/not diagnosed/ } $s->log->lines(qr/SW0103/) };
    my $before = $lines->();
    talk($s, POST('/on', form => 'A=1', sign => 'form', key => 'another key')) for 1 .. $count;
    my $after = $lines->();
    return $after - $before;
}

sub set_clock {
    my ($file, $seconds) = @_;
    open my $out, -e $file ? '+<' : '>', $file or die "$file: $!\n";
    binmode $out;
    syswrite $out, pack 'q', $seconds * 1_000_000;
}
