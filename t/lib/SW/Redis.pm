# SPDX-License-Identifier: Apache-2.0
#
# A Redis server on 127.0.0.1 that keeps nothing on disk: started, paused,
# killed, started again at its port.
package SW::Redis;
use strict;
use warnings;
use File::Temp ();
use IO::Socket::INET;
use SW::Process;
use SW::Resources;
use Time::HiRes qw(sleep time);

# Options: password; tls, a file of certificate and key; late: not yet running.
sub new {
    my ($class, %opt) = @_;
    my $self = bless { %opt, port => SW::Resources::free_port(), dir => File::Temp->newdir }, $class;
    $self->start if !$opt{late};
    return $self;
}

sub port { $_[0]{port} }
sub pid  { $_[0]{process}->pid }

sub start {
    my ($self) = @_;
    my @tls = $self->{tls} ? ('--port', 0, '--tls-port', $self->{port}, '--tls-auth-clients', 'no',
        map { ("--tls-$_", $self->{tls}) } qw(cert-file key-file ca-cert-file)) : ('--port', $self->{port});
    my $log = "$self->{dir}/log";
    $self->{process} = SW::Process->start([ 'redis-server', @tls, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no',
        '--dir', "$self->{dir}", $self->{password} ? ('--requirepass', $self->{password}) : () ],
        stdout => $log, stderr => $log);
    my $end = time + 20;
    while ($self->{process}->alive && time < $end) {
        return if IO::Socket::INET->new(PeerAddr => "127.0.0.1:$self->{port}");
        sleep 0.02;
    }
    open my $in, '<', $log;
    die "redis-server did not start:\n", <$in>;
}

# Without a word to its clients.
sub kill_it { my ($self) = @_; kill KILL => $self->pid; $self->{process}->stop }
sub pause   { my ($self) = @_; kill STOP => $self->pid }
sub go_on   { my ($self) = @_; kill CONT => $self->pid }

# A command in its own words (not by TLS): the first line of the reply.
sub say {
    my ($self, @words) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$self->{port}") or die "redis: $!\n";
    my $send = sub { print {$socket} '*' . @_ . "\r\n", map { '$' . length($_) . "\r\n$_\r\n" } @_ };
    if ($self->{password}) { $send->('AUTH', $self->{password}); <$socket> }
    $send->(@words);
    return scalar(<$socket>) =~ s/\r\n//r;
}

sub stop {
    my ($self) = @_;
    $self->go_on;
    $self->{process}->stop;
}

1;
