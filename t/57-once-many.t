# SPDX-License-Identifier: Apache-2.0
# SignalWireOnce: ten thousand callbacks, each delivered three times, in any
# order and several at once. The application counts its runs itself.
use FindBin; use lib "$FindBin::Bin/lib";
use List::Util qw(shuffle);
use SW::Redis;
use SW::Runs;
use SW::Test;

my $CALLBACKS  = $ENV{SW_VALGRIND} ? 200 : 10_000;     # eight have as many each
my $DELIVERIES = 3;
my $CLIENTS    = 8;
srand($ENV{SW_SEED} // 1);

# A store, how many servers share it, and the graceful restarts on the way.
sub delivers {
    my ($name, $cache, $count, $restarts) = @_;
    my $runs = SW::Runs->new;
    my @servers = map { server(conf => conf($runs->dir, $cache)) } 1 .. $count;
    my @clients = map { client($runs->dir, $_, \@servers, dealt()) } 1 .. $CLIENTS;
    for my $quarter (1 .. $restarts || 0) {
        $runs->comes(sub { -s $runs->dir . '/runs' > $quarter * $CALLBACKS });    # four bytes a line, and more
        $servers[0]->reload;
    }
    for my $client (@clients) { select undef, undef, undef, 0.01 while $client->alive }
    my (%answers, %runs);
    for my $line (map { $runs->lines("answers-$_") } 1 .. $CLIENTS) {
        my ($word, $answer) = split / /, $line, 2;
        $answers{$word}{$answer}++;
    }
    $runs{$_}++ for $runs->lines('runs');
    is scalar(keys %runs), $CALLBACKS, "$name: every callback has run";
    is join(' ', grep { $runs{$_} != 1 } sort keys %runs), '', "$name: and none twice";
    my @bad = grep { keys %{ $answers{$_} } != 1 || (values %{ $answers{$_} })[0] != $DELIVERIES } keys %runs;
    is join(' ', sort @bad), '', "$name: every delivery got the first answer";
    finish;
}

my @hands;      # what each client has to deliver
sub dealt {
    if (!@hands) {
        my @all = shuffle map { my $n = $_; (("w$n") x $DELIVERIES) } 1 .. $CALLBACKS;
        my $size = @all / $CLIENTS;
        @hands = map { [ splice @all, 0, $size ] } 1 .. $CLIENTS;
        meet(@hands);
    }
    return shift @hands;
}

# The same is delivered by two clients at once, every tenth time.
sub meet {
    my ($first, $second) = @_;
    for (my $i = 0; $i < @$first && $i < @$second; $i += 10) {
        my ($from) = grep { $second->[$_] eq $first->[$i] } $i + 1 .. ($i + 1999 < $#$second ? $i + 1999 : $#$second);
        @$second[$i, $from] = @$second[$from, $i] if $from;
    }
}

sub conf {
    my ($done, $cache) = @_;
    return <<"EOT";
LoadModule swcount_module "@{[ build_dir() ]}/t/apps/.libs/mod_swcount.so"
MaxKeepAliveRequests 0
KeepAliveTimeout 20
SignalWireSigningKey \@KEY\@
SignalWirePublicURL  https://hooks.example.com
SignalWireOnceCache  $cache
SetEnv DONE          $done
<Location /on>
    SetHandler swcount
    <SignalWireWebhook many>
        SignalWireOnce On
    </SignalWireWebhook>
</Location>
EOT
}

# Delivers to all servers by turns, and again what is refused; writes down what
# it is answered.
sub client {
    my ($done, $number, $servers, $words) = @_;
    return SW::Process->start(sub {
        open my $out, '>', "$done/answers-$number" or die "$done: $!\n";
        my @lines = (undef) x @$servers;
        while (defined(my $word = shift @$words)) {
            my $at = (@$words + $number) % @lines;
            my $line = $lines[$at] //= SW::Client->new($servers->[$at]->port);
            my $reply = eval { $line->send(bytes_of callback($word))->response };
            $lines[$at] = undef if !$reply || lc $reply->header('Connection') eq 'close';
            if (!$reply || $reply->status == 503) { push @$words, $word; next }
            print {$out} "$word ", $reply->status, ' ', $reply->body, "\n";
        }
        close $out;
    });
}

sub callback {
    my ($word) = @_;
    return POST("/on/$word", form => "CallSid=$word&From=%2B1555&CallStatus=completed&SequenceNumber=3",
                sign => 'form', keep => 1);
}

sub build_dir { return SW::Config::build_dir() }

each_mpm {
    delivers('local', 'local', 1);
};
delivers('local, two graceful restarts', 'local', 1, 2) if !$ENV{SW_VALGRIND};
if (program('redis-server') && has_hiredis()) {
    my $redis = SW::Redis->new;
    delivers('two servers and Redis', 'redis://127.0.0.1:' . $redis->port, 2);
    $redis->stop;
}

finish;
done_testing;
