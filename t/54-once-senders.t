# SPDX-License-Identifier: Apache-2.0
# SignalWireOnce: what one sender has sent is no first delivery of another's
# callback. Senders are told apart by server, block, project, and whether they
# have proven who they are; a new key of the same project is the same sender.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Redis;
use SW::Runs;
use SW::Test;

my $runs = SW::Runs->new;
my $done = $runs->dir;

sub host {
    my ($port, $name, @more) = @_;
    my $block = join "\n        ", 'SignalWireOnce On', @more;
    return <<"EOT";
<VirtualHost *:$port>
    ServerName $name
    <Location "/status/">
        <SignalWireWebhook>
        $block
        </SignalWireWebhook>
    </Location>
    <Location "/other/">
        <SignalWireWebhook other>
        $block
        </SignalWireWebhook>
    </Location>
</VirtualHost>
EOT
}

my $common = <<"EOT";
Listen 127.0.0.1:\@PORT2\@
LogLevel warn signalwire:info
SignalWirePublicURL  request
SetEnv DONE          $done
ScriptAliasMatch ^/\\w+(/.*) \@APPS\@/count.cgi\$1
<Directory "\@APPS\@">
    Require all granted
</Directory>
EOT

# The callback as the named sender sends it; its target differs from that of
# the word, so that all have one word.
my %sender = (
    plain    => { host => 'hooks.example.com', key => KEY },
    stranger => { host => 'open.example.com', sign => undef },
    tenant   => { host => 'tenant.example.com', key => KEY2 },
    port     => { host => 'hooks.example.com', key => KEY2, port => 2 },
    block    => { host => 'hooks.example.com', key => KEY, place => 'other' },
    first    => { host => 'both.example.com', key => KEY, project => 'p-1' },
    second   => { host => 'both.example.com', key => KEY2, project => 'p-2' },
    signed   => { host => 'either.example.com', key => KEY },
    secret   => { host => 'either.example.com', sign => undef, query => '?secret=s3' },
);

sub callback {
    my ($name, $word) = @_;
    my %how = %{ $sender{$name} };
    my $target = '/' . ($how{place} // 'status') . "/$word" . ($how{query} // '');
    my $project = $how{project} // 'p';
    return POST($target, host => $how{host}, url => "http://$how{host}$target", port => $how{port}, key => $how{key},
        sign => exists $how{sign} ? $how{sign} : 'form',
        form => "AccountSid=$project&CallSid=same&From=%2B1555&CallStatus=completed&SequenceNumber=3");
}

my $hosts = join '', host('@PORT@', 'hooks.example.com', 'SignalWireSigningKey @KEY@'),
    host('@PORT@', 'open.example.com', 'SignalWireVerify off'),
    host('@PORT@', 'tenant.example.com', 'SignalWireSigningKey @KEY2@'),
    host('@PORT@', 'both.example.com', 'SignalWireSigningKey project=p-1 @KEY@', 'SignalWireSigningKey project=p-2 @KEY2@'),
    host('@PORT@', 'either.example.com', 'SignalWireVerify either', 'SignalWireSigningKey @KEY@',
        'SignalWireSharedSecret secret file:conf/secret'),
    host('@PORT2@', 'hooks.example.com', 'SignalWireSigningKey @KEY2@');
my @files = (files => { 'conf/secret' => [ "s3\n", 0600 ] });

# Each sender's first delivery runs, whoever came before; its second does not.
each_mpm {
    my $s = server(conf => $common . $hosts, @files);
    my $word = $runs->word('senders');
    my $expected = 0;
    for my $name (sort keys %sender) {
        $expected++;
        answers $s, "$name: the first delivery runs", callback($name, $word), 200, app => '', body => "first: run $expected";
        answers $s, "$name: the second is a repeat", callback($name, $word), 200, app => '', body => "first: run $expected";
    }
    is $runs->runs($word), $expected, 'as many runs as senders';
};

# A key is replaced by another of the same project between two deliveries.
my @rotation = map { host('@PORT@', 'both.example.com', map { "SignalWireSigningKey $_" } @$_) }
    [ 'project=p-1 label=old @KEY@' ], [ 'label=new project=p-1 @KEY2@', 'project=p-1 @KEY@' ];
my $s = server(conf => $common . $rotation[0], @files);
my $word = $runs->word('rotation');
answers $s, 'rotation: the first delivery', callback('first', $word), 200, app => '', body => 'first: run 1';
$s->graceful($common . $rotation[1]);
$sender{new} = { %{ $sender{second} }, project => 'p-1' };
answers $s, 'rotation: the second, signed by the new key', callback('new', $word), 200, app => '',
    body => 'first: run 1';
is $runs->runs($word), 1, 'rotation: one run';
finish;

SKIP: {
    skip 'built without hiredis', 1 if !has_hiredis();
    skip 'no redis-server', 1 if !program('redis-server');
    subtest 'environments that share a Redis' => sub {
        my $redis = SW::Redis->new;
        my $cache = 'SignalWireOnceCache redis:redis://127.0.0.1:' . $redis->port . "\n";
        my ($one, $two) = map { server(conf => "$cache$common$hosts", @files) } 1, 2;
        my $staging = server(conf => $cache . $common . host('@PORT@', 'staging.example.com', 'SignalWireVerify off'), @files);
        my $word = $runs->word('shared');
        $sender{staging} = { host => 'staging.example.com', sign => undef };
        answers $staging, 'another server', callback('staging', $word), 200, app => '', body => 'first: run 1';
        answers $one, 'the first delivery runs', callback('plain', $word), 200, app => '', body => 'first: run 2';
        answers $two, 'the second is a repeat, on another machine', callback('plain', $word), 200, app => '',
            body => 'first: run 2';
        finish;
    };
}

done_testing;
