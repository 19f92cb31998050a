# SPDX-License-Identifier: Apache-2.0
# SignalWireOnce: which requests claim a callback, for how long, who waits, and
# what becomes of a claim when a child is killed or httpd restarts.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Runs;
use SW::Test;
use Time::HiRes qw(sleep time);

my $runs = SW::Runs->new;
my $done = $runs->dir;

# For each path the name of its block and what it holds; then anything else.
sub conf {
    my ($blocks, @more) = @_;
    return join "\n", <<"EOT", @more, map { <<"EOT" } sort keys %$blocks;
LogLevel warn signalwire:info
SignalWireSigningKey \@KEY\@
SignalWirePublicURL  https://hooks.example.com
SetEnv DONE          $done
CustomLog "\@ROOT\@/logs/once.log" "%U %>s %{SIGNALWIRE_ONCE}e"
ScriptAliasMatch ^/\\w+(/.*) \@APPS\@/count.cgi\$1
<Directory "\@APPS\@">
    Require all granted
</Directory>
EOT
<Location /$_>
    <SignalWireWebhook $blocks->{$_}[0]>
        @{[ join "\n        ", @{ $blocks->{$_} }[1 .. $#{ $blocks->{$_} }] ]}
    </SignalWireWebhook>
</Location>
EOT
}

# Sent to /APP several times: how often the application has run.
sub runs_of {
    my ($s, $times, $word, @requests) = @_;
    for (1 .. $times) { talk($s, $_) for @requests }
    return $runs->runs($word);
}

sub callback { return $runs->callback(@_) }

each_mpm {
    my ($mpm) = @_;
    my $s = server(conf => conf({
        on     => [ 'a', 'SignalWireOnce On' ],
        same   => [ 'a', 'SignalWireOnce 1h' ],
        other  => [ 'b', 'SignalWireOnce 10min' ],
        off    => [ 'a' ],
        brief  => [ 'c', 'SignalWireOnce 300ms' ],
        open   => [ 'd', 'SignalWireOnce On', 'SignalWireVerify optional', 'Require all granted',
                    'SignalWireSharedSecret secret sesame' ],
        report => [ 'e', 'SignalWireOnce On', 'SignalWireVerify report' ],
        any    => [ 'f', 'SignalWireOnce On', 'SignalWireVerify off' ],
        ack    => [ 'g', 'SignalWireOnce On', 'SignalWireAckFirst 2' ],
        fixed  => [ 'h', 'SignalWireOnce On', 'SignalWireAnswer ack' ],
    }));
    $s->log->expect(qr/SW0003/, 'any');
    claims($s);
    durations($s);
    acknowledgements($s, $mpm);
};

sub claims {
    my ($s) = @_;
    my $word = $runs->word('on');
    is runs_of($s, 2, $word, callback('on', $word)), 1, 'a block with SignalWireOnce: one run';
    is runs_of($s, 1, $word, callback('same', $word)), 1, 'a block of that name is the same';
    is runs_of($s, 2, $word, callback('other', $word)), 2, 'one of another name is another';
    is runs_of($s, 2, $word, callback('off', $word)), 4, 'without SignalWireOnce: each runs';

    $word = $runs->word('document');
    my $call = POST("/on/$word", form => "CallSid=$word&From=%2B1555&To=2&CallStatus=ringing", sign => 'form');
    is runs_of($s, 2, $word, $call), 2, 'requests for documents: each runs';
    $word = $runs->word('keyless');
    my $keyless = POST("/on/$word", form => 'CallStatus=completed&CallDuration=9', sign => 'form');
    is runs_of($s, 2, $word, $keyless), 2, 'a callback without a key: each runs';

    $word = $runs->word('forged');
    answers $s, 'a forged one is refused', callback('on', $word, sign => undef), 403, log => qr/SW0101/;
    is runs_of($s, 2, $word, callback('on', $word)), 1, 'and has claimed nothing';
    $word = $runs->word('get');
    my $get = GET("/on/$word?CallSid=$word&CallStatus=completed&SequenceNumber=3&Timestamp=1", sign => 'form');
    is runs_of($s, 2, $word, $get), 1, 'a callback by GET';
    my %json = (json => qq({"event_type":"calling.call.state","timestamp":1.5,"params":{"call_id":"$word",)
        . '"call_state":"ended"}}', sign => 'sha1');
    is runs_of($s, 2, $word, POST("/on/$word", %json)), 2, 'and one of JSON is another';

    $word = $runs->word('open');
    my $unsigned = callback('open', "$word", sign => undef);
    $unsigned->{target} .= '?secret=sesame';
    is runs_of($s, 2, $word, $unsigned), 2, 'optional: unsigned ones claim nothing';
    my $url = "/open/$word?secret=sesame";
    is runs_of($s, 2, $word, POST($url, form => "CallSid=$word&CallStatus=completed&SequenceNumber=3", sign => 'form')),
        3, 'optional: signed ones do';
    $word = $runs->word('report');
    $s->log->expect(qr/SW0101.*|would be refused/, 'any');
    is runs_of($s, 2, $word, callback('report', $word, sign => undef)), 2, 'report: unsigned ones claim nothing';
    is runs_of($s, 2, $word, callback('report', $word)), 3, 'report: signed ones do';
    $word = $runs->word('any');
    is runs_of($s, 2, $word, callback('any', $word, sign => undef)), 1, 'off: all do';
    $word = $runs->word('fixed');
    is runs_of($s, 2, $word, callback('fixed', $word)), 0, 'what is answered runs nothing';
}

sub durations {
    my ($s) = @_;
    my $word = $runs->word('brief');
    is runs_of($s, 2, $word, callback('brief', $word)), 1, 'within its time an answer is repeated';
    sleep 0.35;
    is runs_of($s, 2, $word, callback('brief', $word)), 2, 'then it is forgotten';
}

sub acknowledgements {
    my ($s, $mpm) = @_;
    my $word = $runs->word('ack', wait => 1);
    answers $s, 'acknowledged first', callback('ack', $word), 200, app => '', body => '';
    $runs->begins($word);
    my $begin = time;
    answers $s, 'a repeat is acknowledged too', callback('ack', $word), 200, app => '', body => '';
    cmp_ok time - $begin, '<', 1.5, 'while the application runs';
    $runs->let_go($word);
    $runs->ends($word);
    answers $s, 'and when it has ended', callback('ack', $word), 200, app => '', body => '';
    is $runs->runs($word), 1, 'one run';

    $word = $runs->word('fails', reply => "500 text/plain\nno");
    $s->log->expect(qr/SW0127: .* failed, and the callback is lost/, 'any');
    answers $s, 'acknowledged, and then it fails', callback('ack', $word), 200, app => '', body => '';
    ok $runs->comes(sub { talk($s, callback('ack', $word)); $runs->runs($word) >= 2 }), 'a failed run is no claim';

    my @busy = map { $runs->word('busy', wait => 1) } 1, 2;
    for my $one (@busy) {           # the last of the failing ones may still run
        $s->log->expect(qr/SW0128/, 'any');
        $runs->comes(sub { talk($s, callback('ack', $one))->status == 200 });
        $runs->begins($one);
    }
    $word = $runs->word('full');
    answers $s, 'one too many is refused', callback('ack', $word), 503, app => '';
    $runs->let_go($_) for @busy;
    $runs->ends($_) for @busy;
    ok $runs->comes(sub { talk($s, callback('ack', $word))->status == 200 }), 'and acknowledged later';
    ok $runs->begins($word), 'and runs: what was refused has claimed nothing';
}

# Those who wait for a first delivery.
each_mpm {
    my ($mpm) = @_;
    my $spare = $mpm eq 'prefork' ? "StartServers 12\nMinSpareServers 8\nMaxSpareServers 12" : '';
    my $s = server(conf => conf({ on => [ 'a', 'SignalWireOnce On' ] }, $spare));
    $s->log->expect(qr/AH00161/, 'any');
    my $quarter = $mpm eq 'prefork' ? 3 : 8;
    my $word = $runs->word('slow', wait => 1);
    my $first = $runs->begin($s, callback('on', $word));
    $runs->begins($word);
    my @waiting = map { $runs->begin($s, callback('on', $word)) } 1 .. $quarter;
    sleep 0.3;
    my $begin = time;
    answers $s, 'more than a quarter of the workers do not wait', callback('on', $word), 503, app => '',
        fields => { 'Retry-After' => qr/\A[1-9]/ }, log => qr/SW0130: .* a quarter of the workers is waiting/;
    my $document = $runs->word('document');
    answers $s, 'others are served', POST("/on/$document", form => 'CallSid=c1&From=1&To=2&CallStatus=ringing',
        sign => 'form'), 200, app => '', body => qr/none: run 1/;
    cmp_ok time - $begin, '<', 1.5, 'at once';
    patience($s, $begin, @waiting) if $mpm eq 'event';
    $runs->let_go($word);
    is $first->response->body, 'first: run 1', 'the first has its answer';
    answers $s, 'then the repeats have it', callback('on', $word), 200, app => '', body => 'first: run 1';

    at_once($s, $_) for 1 .. 5;
};

sub patience {
    my ($s, $begin, @waiting) = @_;
    $s->log->expect(qr/SW0130: .* the first delivery is still running/, scalar @waiting);
    my @replies = map { $_->response } @waiting;
    is join(' ', map { $_->status } @replies), join(' ', (503) x @waiting), 'they do not wait for ever';
    is $replies[0]->header('Retry-After'), 1, 'and are told to come again';
    my $waited = time - $begin;
    ok $waited > 3 && $waited < 5.5, "after four seconds ($waited)";
}

# 64 deliveries at once, and again as long as they are refused, as SignalWire
# would.
sub at_once {
    my ($s, $round) = @_;
    my $word = $runs->word('many');
    my %status;
    $s->log->expect(qr/SW0130/, 'any');
    my @open = map { $runs->begin($s, callback('on', $word)) } 1 .. 64;
    while (my $client = shift @open) {
        my $reply = $client->response;
        $status{ $reply->status . ' ' . ($reply->status == 200 ? $reply->body : '') }++;
        push @open, $runs->begin($s, callback('on', $word)) if $reply->status == 503;
    }
    delete $status{'503 '};
    is_deeply \%status, { '200 first: run 1' => 64 }, "64 deliveries at once, round $round: one answer";
    is $runs->runs($word), 1, "64 deliveries at once, round $round: one run";
}

# Children that are killed, restarts.
each_mpm {
    my ($mpm) = @_;
    my $backend = server(bare => 1, conf => <<"EOT");
SetEnv DONE $done
ScriptAlias /on \@APPS\@/count.cgi
EOT
    my $proxy = conf({ on => [ 'a', 'SignalWireOnce On' ] }, 'ProxyPass /on http://127.0.0.1:' . $backend->port . '/on');
    my $s = server(modules => 'proxy proxy_http', no_cgi => 1, conf => $proxy);
    return if $ENV{SW_VALGRIND};

    my $word = $runs->word('reload', wait => 1);
    my $kept = $runs->word('kept');
    my $first = $runs->begin($s, callback('on', $word));
    talk($s, callback('on', $kept));
    $runs->begins($word);
    $s->reload;
    my $second = $runs->begin($s, callback('on', $word));
    sleep 0.1;
    $runs->let_go($word);
    is $_->response->body, 'first: run 1', 'a first of before a graceful restart, a repeat of after it'
        for $first, $second;
    answers $s, 'answers outlive a graceful restart', callback('on', $kept), 200, app => '', body => 'first: run 1';
    is $runs->runs($_), 1, 'one run' for $word, $kept;

    $word = $runs->word('killed', wait => 1);
    $first = $runs->begin($s, callback('on', $word));
    $runs->begins($word);
    $s->log->expect(qr/AH03490|AH00161/, 'any');
    my %dead = map { ($_ => 1) } $s->children;
    kill KILL => keys %dead;
    $runs->comes(sub { !grep { $dead{$_} } $s->children });
    $runs->let_go($word);
    answers $s, 'a claim of a child that was killed is free', callback('on', $word), 200, app => '',
        body => 'first: run 2';
    is $runs->runs($word), 2, 'and its callback runs again';
    under_load($s, $_) for 1, 2;
};

# Two deliveries of each, while httpd restarts.
sub under_load {
    my ($s, $round) = @_;
    my @words = map { $runs->word('load') } 1 .. 30;
    $s->log->expect(qr/SW0130/, 'any');
    my (@open, %bad);
    for my $n (0 .. $#words) {
        push @open, map { [ $words[$n], $runs->begin($s, callback('on', $words[$n])) ] } 1, 2;
        kill USR1 => $s->pid if $n == 10;
    }
    while (my $one = shift @open) {
        my ($word, $client) = @$one;
        my $reply = $client->response;
        push @open, [ $word, $runs->begin($s, callback('on', $word)) ] if $reply && $reply->status == 503;
        $bad{ $reply ? $reply->status . ' ' . $reply->body : 'no reply' }++
            if !$reply || ($reply->status != 503 && $reply->body ne 'first: run 1');
    }
    is_deeply \%bad, {}, "a restart under load, round $round: every delivery has the first answer";
    is join(' ', grep { $runs->runs($_) != 1 } @words), '', "a restart under load, round $round: each ran once";
}

# A table that is too small, and one that cannot be changed.
each_mpm {
    my ($mpm) = @_;
    my $blocks = { on => [ 'a', 'SignalWireOnce On' ] };
    my $s = server(conf => conf($blocks, 'SignalWireOnceCache local:2'));
    my @busy = map { $runs->word('busy', wait => 1) } 1, 2;
    my @open = map { $runs->begin($s, callback('on', $_)) } @busy;
    $runs->begins($_) for @busy;
    my $word = $runs->word('full');
    answers $s, 'a table that is full of running applications', callback('on', $word), 200, app => '',
        body => 'none: run 1', log => qr/SW0129: SignalWireOnceCache local:2: all its entries/;
    $runs->let_go($_) for @busy;
    is $_->response->body, 'first: run 1', 'who has a claim keeps it' for @open;
    is runs_of($s, 2, $word, callback('on', $word)), 2, 'then there is room again';
    my @words = map { $runs->word('next') } 1 .. 3;
    talk($s, callback('on', $_)) for @words;
    is runs_of($s, 1, $words[2], callback('on', $words[2])), 1, 'the newest is known';
    is runs_of($s, 1, $words[0], callback('on', $words[0])), 2, 'the oldest is forgotten';
    return if $ENV{SW_VALGRIND};
    $s->{conf} =~ s/local:2/local:3/;
    $s->write_conf;
    $s->reload;
    is scalar($s->log->lines(qr/:notice\].*SW0008: SignalWireOnceCache local:3: the table keeps its 2 entries/)), 1,
        'another size is for the next start, and a notice says so';
    is runs_of($s, 1, $words[0], callback('on', $words[0])), 2, 'the table is the same';
};

my $block = <<'EOT';
<Location /x>
    <SignalWireWebhook>
        SignalWireVerify off
        %s
    </SignalWireWebhook>
</Location>
EOT
passes "SignalWireOnce $_", sprintf $block, "SignalWireOnce $_" for qw(On off 90 90s 500ms 10mi 10min 2h);
refuses "SignalWireOnce $_", sprintf($block, "SignalWireOnce $_"), qr/SignalWireOnce "$_": expected On, Off, or how long/
    for qw(often 0 -1 1d 200h 5x);
passes "SignalWireOnceCache $_", "SignalWireOnceCache $_" for qw(local local:1 LOCAL:1000000);
refuses "SignalWireOnceCache $_", "SignalWireOnceCache $_", qr/SignalWireOnceCache "\Q$_\E": expected local/
    for qw(local: local:0 local:x local:1000001 memory shmcb:x);
refuses 'a cache of a virtual host', "<VirtualHost *>\nSignalWireOnceCache local\n</VirtualHost>",
    qr/SignalWireOnceCache .*cannot occur within <VirtualHost>/i;

finish;
done_testing;
