# SPDX-License-Identifier: Apache-2.0
#
# An application that stands behind mod_proxy: started by its command, with the
# variable PORT naming a free port of 127.0.0.1, and ready when that answers.
package SW::App;
use strict;
use warnings;
use File::Temp ();
use IO::Socket::INET;
use SW::Process;
use SW::Resources;
use Time::HiRes qw(sleep time);

sub start {
    my ($class, $command, %env) = @_;
    my $self = bless { command => $command, env => \%env, log => File::Temp->new }, $class;
    for (1 .. 3) { return $self if $self->try_start }
    die "@$command did not start:\n", $self->said;
}

sub try_start {
    my ($self) = @_;
    my $port = $self->{port} = SW::Resources::free_port();
    my @log = (stdout => "$self->{log}", stderr => "$self->{log}");
    my $process = $self->{process} =
        SW::Process->start($self->{command}, env => { %{ $self->{env} }, PORT => $port }, @log);
    my $end = time + 20;
    while ($process->alive && time < $end) {
        return 1 if IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port");
        sleep 0.02;
    }
    $process->stop;
    return 0;
}

sub port { $_[0]{port} }
sub stop { $_[0]{process}->stop }

# What it has printed, on either stream.
sub said {
    my ($self) = @_;
    open my $in, '<', "$self->{log}" or return '';
    local $/;
    return <$in> // '';
}

1;
