# SPDX-License-Identifier: Apache-2.0
#
# Child processes of a test, each in a process group of its own. However the
# test ends (normally, die, SIGINT, SIGTERM), none of them outlives it.
package SW::Process;
use strict;
use warnings;
use POSIX ();
use Time::HiRes qw(sleep time);

my %running;        # group leader => pid of the test that started it

$SIG{$_} = sub { exit 1 } for qw(INT TERM HUP);
$SIG{PIPE} = 'IGNORE';

# Starts a command, or calls a code reference in a forked child. Options:
# stdout, stderr (file names), env (added to the environment).
sub start {
    my ($class, $what, %opt) = @_;
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        setpgrp 0, 0;
        %running = ();
        @SIG{qw(INT TERM HUP PIPE)} = ('DEFAULT') x 4;
        open STDIN, '<', '/dev/null';
        open STDOUT, '>>', $opt{stdout} if $opt{stdout};
        open STDERR, '>>', $opt{stderr} if $opt{stderr};
        local %ENV = (%ENV, %{ $opt{env} || {} });
        if (ref $what eq 'CODE') {
            eval { $what->(); 1 } or print STDERR $@;
            POSIX::_exit(0);
        }
        exec { $what->[0] } @$what or print STDERR "$what->[0]: $!\n";
        POSIX::_exit(127);
    }
    setpgrp $pid, $pid;         # whoever comes first, parent or child
    $running{$pid} = $$;
    return bless { pid => $pid }, $class;
}

sub pid { $_[0]{pid} }

# Whether it still runs; remembers the wait status of one that does not.
sub alive {
    my ($self) = @_;
    return 0 if defined $self->{status};
    return 1 if waitpid($self->{pid}, POSIX::WNOHANG()) == 0;
    $self->{status} = $?;
    return 0;
}

sub status { $_[0]{status} }

# Ends it: first the leader alone, politely, then whatever is left of the
# group. Returns false if force was needed.
sub stop {
    my ($self, $patience) = @_;
    my $pid = $self->{pid};
    return 1 if !$running{$pid};
    my $end = time + ($patience || 10);
    kill TERM => $pid if $self->alive;
    sleep 0.01 while $self->alive && time < $end;
    my $polite = !$self->alive;
    kill_group($pid);
    sleep 0.01 while $self->alive;
    return $polite;
}

sub kill_group {
    my ($leader) = @_;
    kill KILL => -$leader;
    delete $running{$leader};
}

# A killed group may hold more than the leader: nothing is waited for here
# but the leaders, which are our own children.
END {
    my $status = $?;
    for my $pid (grep { $running{$_} == $$ } keys %running) {
        kill TERM => $pid;
        my $end = time + 5;
        sleep 0.01 while time < $end && waitpid($pid, POSIX::WNOHANG()) == 0;
        kill_group($pid);
    }
    $? = $status;
}

1;
