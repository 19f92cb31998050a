# SPDX-License-Identifier: Apache-2.0
# The board keeps senders apart: what one says of a call changes nothing in
# what another has said of it. Counts belong to a key, however it is called.
use FindBin; use lib "$FindBin::Bin/lib";
use JSON::PP ();
use SW::Test;
use Time::HiRes qw(sleep time);

my $common = <<"EOT";
LoadModule swnull_module "@{[ SW::Config::build_dir() ]}/t/bench/.libs/mod_swnull.so"
SignalWirePublicURL request
<Location "/board">
    SetHandler signalwire-status
    Require all granted
</Location>
EOT

sub host {
    my ($name, @lines) = @_;
    return join "\n", '<VirtualHost *:@PORT@>', "ServerName $name", '<Location "/status">', 'SetHandler swnull',
        '<SignalWireWebhook hook>', @lines, '</SignalWireWebhook>', '</Location>', "</VirtualHost>\n";
}

sub call {
    my ($s, $host, $status, %how) = @_;
    my $form = 'AccountSid=' . ($how{project} // 'p') . "&CallSid=same&CallStatus=$status&SequenceNumber=1";
    is talk_in_turn($s, POST('/status', host => $host, url => "http://$host/status", form => $form, sign => 'form', %how))->status,
        200, "$host: $status";
}

sub board {
    my ($s) = @_;
    return JSON::PP->new->utf8->decode(talk_in_turn($s, GET('/board?json'))->body);
}

my $s = server(conf => $common . host('a.example.com', 'SignalWireSigningKey @KEY@')
    . host('open.example.com', 'SignalWireVerify off')
    . host('both.example.com', 'SignalWireSigningKey project=p-1 @KEY@', 'SignalWireSigningKey project=p-2 @KEY2@'));
call($s, 'a.example.com', 'in-progress');
call($s, 'open.example.com', 'completed', sign => undef);
call($s, 'both.example.com', 'busy', project => 'p-1');
call($s, 'both.example.com', 'failed', project => 'p-2', key => KEY2);
call($s, 'a.example.com', 'ringing');
is_deeply board($s)->{events}, [ { event => 'voice.status', verified => 4, unverified => 1 } ], 'what is signed, by event';
is scalar(() = talk($s, GET('/board?prometheus'))->body =~ /^signalwire_events_total\{event="voice.status",verified="(?:yes"\} 4|no"\} 1)$/mg),
    2, 'the same for Prometheus';
like talk($s, GET('/board'))->body, qr{<td>voice\.status</td><td class="n">4</td><td class="n">1</td>}, 'and on the page';
is_deeply [ sort map { "$_->{id} $_->{status}" } @{ board($s)->{calls} } ],
    [ 'same busy', 'same completed', 'same failed', 'same in-progress' ], 'four senders, four records';
finish;

# Rotation: the new key takes the place of the old one in the file.
my @keys = map { $common . host('a.example.com', @$_) }
    [ 'SignalWireSigningKey @KEY@', 'SignalWireSigningKey label=spring @KEY2@' ], [ 'SignalWireSigningKey @KEY2@' ],
    [ 'SignalWireSigningKey @KEY2@', 'SignalWireSigningKey label=old @KEY@' ];
$s = server(conf => $keys[0]);
sub keys_of { my ($s) = @_; return board($s)->{webhooks}[0] }
call($s, 'a.example.com', 'ringing', key => $_) for KEY, KEY, KEY2;
my $before = keys_of($s);
is_deeply $before->{keys}, { 1 => 2, spring => 1 }, 'by label, or by place';
like $before->{keys_last_used}{spring}, qr/\A\d{4}-\d\d-\d\dT[\d:]+\.\d{3}Z\z/, 'when a key was used last';
$s->graceful($keys[1]);
sleep 1.1;
call($s, 'a.example.com', 'ringing', key => KEY2);
my $after = keys_of($s);
is_deeply $after->{keys}, { 1 => 2, '(others)' => 2 }, 'a new key inherits nothing of the place';
ok $after->{keys_last_used}{1} gt $before->{keys_last_used}{spring}, 'it has been used since';
is $after->{keys_last_used}{'(others)'}, $before->{keys_last_used}{1}, 'the old one has not';
like talk($s, GET('/board'))->body, qr{<div>1&nbsp;2 \(last \d\d-\d\d [\d:]+\)</div>}, 'the page says so';
is scalar(() = talk($s, GET('/board?prometheus'))->body =~ /key="1"/g), 1, 'Prometheus has each label once';
$s->graceful($keys[2]);
call($s, 'a.example.com', 'ringing', key => KEY);
is_deeply keys_of($s)->{keys}, { 1 => 2, '(others)' => 2, old => 1 }, 'a key that comes back';
finish;

# Blocks of one name are one on the board; their keys may have the same label.
my $red = host('red.example.com', 'SignalWireSigningKey @KEY@');
$s = server(conf => $common . $red . host('blue.example.com', 'SignalWireSigningKey @KEY2@'));
my @pair = ([ 'red.example.com', KEY ], [ 'blue.example.com', KEY2 ]);
call($s, $_->[0], 'ringing', key => $_->[1]) for (@pair) x 2, $pair[0];
is_deeply keys_of($s)->{keys}, { 1 => 3, '1 (2)' => 2 }, 'a key of each virtual host, both with the default label';
is_deeply [ sort keys %{ keys_of($s)->{keys_last_used} } ], [ 1, '1 (2)' ], 'when each was used';
is_deeply [ talk($s, GET('/board'))->body =~ m{<div>([^<]*&nbsp;\d+) \(last}g ], [ '1&nbsp;3', '1 (2)&nbsp;2' ], 'on the page';
is_deeply [ talk($s, GET('/board?prometheus'))->body =~ /^signalwire_key_requests_total\{webhook="hook",(key="[^"]*")\} (\d+)$/mg ],
    [ 'key="1"', 3, 'key="1 (2)"', 2 ], 'for Prometheus each has a label of its own';
$s->graceful($common . $red);
sleep 1.1;
call($s, 'red.example.com', 'ringing', key => KEY);
is_deeply keys_of($s)->{keys}, { 1 => 4, '(others)' => 2 }, 'one that is no longer configured is among the others';
finish;

done_testing;
