# SPDX-License-Identifier: Apache-2.0
# SignalWireOnceCache redis: two servers that share one memory; and what happens
# when it is down, dies, hangs, is full or has forgotten everything.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Redis;
use SW::Runs;
use SW::Test;
use Time::HiRes qw(sleep time);

need 'redis-server', program('redis-server') or done_testing, exit;
plan skip_all => 'built without hiredis' if !has_hiredis();
plan skip_all => 'Redis is given 200 ms, which valgrind takes for itself' if $ENV{SW_VALGRIND};

my $runs = SW::Runs->new;
my $done = $runs->dir;

sub conf {
    my ($cache, @more) = @_;
    return join "\n", <<"EOT", @more;
LogLevel warn signalwire:info
SignalWireSigningKey \@KEY\@
SignalWirePublicURL  https://hooks.example.com
SignalWireOnceCache  $cache
SetEnv DONE          $done
ScriptAliasMatch ^/\\w+(/.*) \@APPS\@/count.cgi\$1
<Directory "\@APPS\@">
    Require all granted
</Directory>
<Location /on>
    <SignalWireWebhook calls>
        SignalWireOnce On
    </SignalWireWebhook>
</Location>
<Location /board>
    SetHandler signalwire-status
</Location>
<Location /ack>
    <SignalWireWebhook acknowledged>
        SignalWireOnce     On
        SignalWireAckFirst On
    </SignalWireWebhook>
</Location>
EOT
}

sub on { my ($redis) = @_; return 'redis:redis://127.0.0.1:' . $redis->port . '/1' }

sub callback { return $runs->callback('on', @_) }

sub is_once {
    my ($name, $word, @servers) = @_;
    answers $_, $name, callback($word), 200, app => '', body => 'first: run 1' for @servers;
    is $runs->runs($word), 1, "$name: one run";
}

# Two httpds, one Redis.
each_mpm {
    my ($mpm) = @_;
    my $redis = SW::Redis->new;
    my ($a, $b) = map { server(conf => conf(on($redis))) } 1, 2;
    is_once('a repeat at another server', $runs->word('one'), $a, $b, $b, $a);
    my $word = $runs->word('long', reply => "201 text/x-made\n" . "\r\n\0\xff" x 1024);
    answers $_, 'an answer of any bytes', callback($word), 201, app => '', body => "\r\n\0\xff" x 1024,
        fields => { 'Content-Type' => qr{\Atext/x-made} } for $a, $b;
    $word = $runs->word('empty', reply => "204 \n");
    answers $_, 'an answer without anything', callback($word), 204, app => '' for $a, $b;
    $word = $runs->word('failed', reply => "500 text/plain\nno");
    answers $_, 'a failure', callback($word), 500 for $a, $b;
    is $runs->runs($word), 2, 'is no answer';

    my $begin = time;
    $word = $runs->word('lease', wait => 1);
    my $acked = $runs->word('lease', wait => 1);
    my @open = $runs->begin($a, callback($word));
    talk($a, $runs->callback('ack', $acked));
    $runs->begins($_) for $word, $acked;
    sleep 3.5 - (time - $begin);
    push @open, $runs->begin($b, callback($word));
    answers $b, 'a repeat of what runs after an acknowledgement', $runs->callback('ack', $acked), 200, app => '', body => '';
    sleep 0.2;
    is $runs->runs($_), 1, 'a claim is held as long as the application runs' for $word, $acked;
    $runs->let_go($_) for $word, $acked;
    is $_->response->body, 'first: run 1', 'here and there the first answer' for @open;
    across($a, $b, $_) for 1 .. 3;
    restarts($a, $b);
    finish;
    $redis->stop;
};

# 64 deliveries to two servers at once.
sub across {
    my ($first, $second, $round) = @_;
    my $word = $runs->word('many');
    my %answer;
    $_->log->expect(qr/SW0130|AH00161/, 'any') for $first, $second;
    my @open = map { [ $_, $runs->begin($_, callback($word)) ] } ($first, $second) x 32;
    while (my $one = shift @open) {
        my ($s, $client) = @$one;
        my $reply = $client->response;
        if ($reply->status == 503) { push @open, [ $s, $runs->begin($s, callback($word)) ]; next }
        $answer{ $reply->status . ' ' . $reply->body }++;
    }
    is_deeply \%answer, { '200 first: run 1' => 64 }, "64 at two servers, round $round: one answer";
    is $runs->runs($word), 1, "64 at two servers, round $round: one run";
}

# Graceful restarts of one, and a death.
sub restarts {
    my ($s, $other) = @_;
    my $word = $runs->word('reload', wait => 1);
    my @open = $runs->begin($s, callback($word));
    $runs->begins($word);
    $s->reload;
    push @open, map { $runs->begin($_, callback($word)) } $s, $other;
    sleep 0.1;
    $runs->let_go($word);
    is $_->response->body, 'first: run 1', 'across a graceful restart' for @open;
    is $runs->runs($word), 1, 'a graceful restart: one run';

    $word = $runs->word('killed', wait => 1);
    my $first = $runs->begin($s, callback($word));
    $runs->begins($word);
    $s->log->expect(qr/AH0(?:0161|3490|1239)|flush stdout/, 'any', 'any');
    kill KILL => $s->children;
    $runs->let_go($word);
    my $begin = time;
    answers $other, 'a lease of a child that was killed runs out', callback($word), 200, app => '', body => 'first: run 2';
    cmp_ok time - $begin, '<', 3.6, 'while the repeat waits';
}

# Redis that fails. A request takes some 5 ms.
sub failing {
    my $redis = SW::Redis->new(late => 1);
    my $s = server(conf => conf(on($redis)));
    my $silent = sub { my ($why) = @_; return qr/SW0129: SignalWireOnceCache \Q@{[ substr on($redis), 6 ]}\E: $why/ };
    my $takes = sub {
        my ($name, $request, $most) = @_;
        my $begin = time;
        my $reply = talk($s, $request);
        cmp_ok time - $begin, '<', $most, "$name: served in time";
        return $reply->body;
    };
    my $word = $runs->word('down');
    $s->log->expect($silent->('it cannot be reached'));
    is $takes->('Redis is down', callback($word), 0.3), 'none: run 1', 'Redis is down: the application runs';
    is $takes->('Redis is down', callback($word), 0.2), 'none: run 2', 'and again';
    $redis->start;
    is $takes->('Redis is left alone', callback($word), 0.2), 'none: run 3', 'for five seconds nobody asks';
    sleep 5.2;
    is_once('Redis is up', $runs->word('up'), $s, $s);

    # Under way: the first does not wait for it either.
    $word = $runs->word('midway', wait => 1);
    my $client = $runs->begin($s, callback($word));
    $runs->begins($word);
    $redis->pause;
    my $begin = time;
    $runs->let_go($word);
    is $client->response->body, 'first: run 1', 'Redis hangs meanwhile: the application is not touched';
    cmp_ok time - $begin, '<', 0.35, 'and is served in time';
    sleep 0.05;
    is $takes->('Redis hangs', callback($word), 0.2), 'none: run 2', 'then it is left alone';
    sleep 5.2;
    is $takes->('Redis hangs', callback($word), 0.3), 'none: run 3', 'Redis hangs: the application runs';
    is scalar(my @lines = $s->log->lines(qr/SW0129/)), 1, 'one warning in a minute';
    $redis->go_on;
    sleep 5.2;
    faults($s, $redis, $takes);
    finish;
    $redis->stop;
}
failing();

sub faults {
    my ($s, $redis, $takes) = @_;
    my $word = $runs->word('again');
    is_once('it answers again', $word, $s, $s);
    $redis->kill_it;
    $redis->start;
    is $takes->('Redis has forgotten', callback($word), 0.3), 'first: run 2', 'Redis was restarted: it has forgotten';
    is $takes->('Redis has forgotten', callback($word), 0.3), 'first: run 2', 'and knows what is new';
    my $old = $word;
    $redis->say('CONFIG', 'SET', 'maxmemory', 1);
    $word = $runs->word('full');
    is $takes->('Redis is full', callback($word), 0.3), 'none: run 1', 'Redis is full: the application runs';
    sleep 0.1;
    like talk($s, GET('/board?prometheus'))->body, qr/^signalwire_unclaimed_total 6$/m,
        'and the board has counted those that ran without it';
    $redis->say('CONFIG', 'SET', 'maxmemory', 0);
}

# One httpd each for what must work, and what must not.
my $password = 'pass word/:@';
my $escaped = 'pass%20word%2F%3A%40';
sub once_with {
    my ($name, $conf, $why, %files) = @_;
    my $s = server(conf => conf($conf), files => \%files);
    my $word = $runs->word('with');
    return is_once($name, $word, $s, $s) if !$why;
    $s->log->expect(qr/SW0129: SignalWireOnceCache rediss?:[^ ]*: $why/);
    answers $s, $name, callback($word), 200, app => '', body => "none: run $_" for 1, 2;
}

{
    my $redis = SW::Redis->new(password => $password);
    my $at = '127.0.0.1:' . $redis->port;
    once_with('a password in the URL', "redis://:$escaped\@$at");
    once_with('a user in the URL', "redis://default:$escaped\@$at/3");
    once_with('a password from a file', "redis:redis://$at password=file:conf/redis", undef,
        'conf/redis' => [ "$password\n", 0600 ]);
    once_with('a wrong password', "redis://:wrong\@$at", qr/it says WRONGPASS/);
    once_with('no password', "redis://$at", qr/it says NOAUTH/);
    finish;
    $redis->stop;
}
{
    # The certificate is of localhost.
    my $tls = File::Temp->new;
    my ($failed) = command(qw(openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 2
        -subj /CN=localhost -addext subjectAltName=DNS:localhost), '-keyout', "$tls.key", '-out', "$tls.crt");
    is $failed, 0, 'a certificate';
    command('sh', '-c', "cat $tls.key $tls.crt >$tls; chmod 644 $tls");
    my $redis = SW::Redis->new(tls => "$tls", password => 'secret');
    my $at = 'localhost:' . $redis->port;
    once_with('TLS', "rediss://:secret\@$at ca=$tls.crt");
    once_with('a certificate that nobody trusts', "rediss://:secret\@$at", qr/TLS: self-signed certificate/);
    once_with('a certificate of another host', "rediss://:secret\@127.0.0.1:@{[ $redis->port ]} ca=$tls.crt",
        qr/TLS: IP address mismatch/);
    once_with('plain where TLS is spoken', "redis://:secret\@$at", qr/it (?:gives no answer|does not speak)/);
    finish;
    $redis->stop;
    unlink "$tls.key", "$tls.crt";
}

# Environments that share a server.
{
    my $redis = SW::Redis->new;
    my $at = 'redis://127.0.0.1:' . $redis->port;
    my ($live, $live2, $trial, $none) = map { server(conf => conf("$at$_")) } ' prefix=live', ' prefix=live', ' prefix=trial', '';
    my $word = $runs->word('env');
    is_once('one environment', $word, $live, $live2);
    answers $trial, 'another environment', callback($word), 200, app => '', body => 'first: run 2';
    answers $none, 'and one without a prefix', callback($word), 200, app => '', body => 'first: run 3';
    is_deeply [ map { $redis->say('EVAL', "return #redis.call('KEYS', ARGV[1])", 0, "mod_signalwire:once:$_") }
        'live:' . '?' x 64, 'trial:' . '?' x 64, '?' x 64, '*' ], [ ':1', ':1', ':1', ':3' ], 'their keys';
    finish;
    $redis->stop;
}

# It announces an array of a thousand million, for which hiredis would make room.
{
    my $listener = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1') or die "$!\n";
    my $process = SW::Process->start(sub {
        while (my $client = $listener->accept) { $client->syswrite("*1000000000\r\n"); sleep 1 }
    });
    my $begin = time;
    once_with('a hostile server', 'redis://127.0.0.1:' . $listener->sockport, qr/it does not speak Redis/);
    cmp_ok time - $begin, '<', 3, 'holds nobody (start of httpd included)';
    finish;
    $process->stop;
}

# Whose memory it is not.
{
    my $listener = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1') or die "$!\n";
    my $process = SW::Process->start(sub {
        while (my $client = $listener->accept) { $client->syswrite("HTTP/1.1 400 Bad Request\r\n\r\n" x 99); sleep 1 }
    });
    once_with('something else than Redis', 'redis://127.0.0.1:' . $listener->sockport, qr/it does not speak Redis/);
    my $s = server(conf => conf('redis://nowhere.invalid'));
    $s->log->expect(qr/SW0009: SignalWireOnceCache redis:..nowhere.invalid:6379: the name of the host is not known/);
    answers $s, 'a name that nobody knows', callback($runs->word('with')), 200, app => '', body => 'none: run 1',
        log => qr/SW0129: .*the name of its host is not known/;
    finish;
    $process->stop;
}

passes "SignalWireOnceCache $_", "SignalWireOnceCache $_"
    for qw(redis:redis://h redis://h redis:rediss://h:1/2 rediss://u:p@h/ redis://:p@[::1]:7),
        'redis://h prefix=a', 'redis://h/3 PREFIX=Live-2.eu_' . 'x' x 20;
passes 'the dump', 'SignalWireOnceCache redis://:secret@h/3 prefix=live', qr{^SignalWireOnceCache redis://h:6379/3 prefix=live$}m,
    args => [ '-D', 'DUMP_SIGNALWIRE' ];
refuses "SignalWireOnceCache $_->[0]", "SignalWireOnceCache $_->[0]", $_->[1] for
    [ 'redis:h:1', qr/SignalWireOnceCache "redis:\.\.\.": expected redis:URL with a URL such as/ ],
    [ 'redis://', qr/expected redis:URL/ ], [ 'redis://h?x=secret', qr/expected redis:URL/ ],
    [ 'redis://h/first', qr/SignalWireOnceCache "\/first": expected the number of a database/ ],
    [ 'redis://u@h', qr/expected a password for the user/ ],
    [ 'redis://h ca=conf/x', qr/expected rediss:/ ],
    [ 'rediss://h ca=conf/none', qr/SignalWireOnceCache "rediss:\.\.\.": expected a ca= that can be read: No such file/ ],
    [ 'redis://h colour=blue', qr/SignalWireOnceCache "colour": expected password=SOURCE, prefix=NAME, ca=FILE/ ],
    [ 'redis://h prefix=', qr/SignalWireOnceCache "prefix=": expected a name of 1 to 32 letters/ ],
    [ 'redis://h prefix=a:b', qr/SignalWireOnceCache "prefix=a:b": expected a name/ ],
    [ 'redis://h "prefix=a b"', qr/"prefix=a b": expected a name/ ],
    [ 'redis://h prefix=' . 'a' x 33, qr/expected a name/ ],
    [ 'local prefix=a', qr/SignalWireOnceCache "local": expected local/ ],
    [ 'redis://h password=file:/nowhere', qr/SignalWireOnceCache "file:\/nowhere": expected a readable file/ ];

finish;
done_testing;
