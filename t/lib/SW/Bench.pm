# SPDX-License-Identifier: Apache-2.0
#
# Measuring what requests cost: sides, each a server and a request, take turns
# under wrk, and the scheduler says how much CPU the server's processes used.
package SW::Bench;
use strict;
use warnings;
use Exporter 'import';
use SW::Config;

our @EXPORT = qw(CONNECTIONS slurp cpu alternate spread print_sides print_ratio);

use constant CONNECTIONS => 32;

my $script = source_dir() . '/t/bench/request.lua';

# Measuring

# One run of wrk: how many requests it made. Any reply but the expected one,
# and any broken connection, spoils the measurement.
sub load {
    my ($side, $seconds) = @_;
    my ($server, $request) = @$side{qw(server request)};
    open my $out, '-|', 'wrk', '-t1', '-c' . CONNECTIONS, "-d${seconds}s", '-s', $script,
        'http://127.0.0.1:' . $server->port . $request->{target},
        '--', $server->write_file('run/body', $request->{body}), @{ $request->{fields} }
        or die "wrk: $!\n";
    my ($n, $refused, $broken) = map { /(\d+)/g } grep { /^requests=/ } <$out>;
    die "wrk counted no request\n" if !$n;
    die "$request->{target}: of $n requests $refused refused, $broken broken\n"
        if $broken || $refused != ($request->{status} < 400 ? 0 : $n);
    return $n;
}

sub slurp { my ($file) = @_; open my $in, '<', $file or return ''; local $/; return <$in> // '' }

# The fields of /proc/PID/stat after the name, which may hold blanks.
sub stat_of { my ($pid) = @_; return split ' ', slurp("/proc/$pid/stat") =~ s/.*\)//r }

# The server is the leader of its process group.
sub processes {
    my ($server) = @_;
    return grep { ((stat_of $_)[2] // 0) == $server->pid } map { m{(\d+)\z} } glob '/proc/[0-9]*';
}

# Microseconds that all processes of the server have used: total, user mode.
sub cpu {
    my ($server) = @_;
    my ($total, $user) = (0, 0);
    for my $pid (processes($server)) {
        $total += (split ' ', slurp($_))[0] / 1000 for glob "/proc/$pid/task/*/schedstat";
        $user += 10_000 * (stat_of $pid)[11];
    }
    return ($total, $user);
}

# What one request costs, in microseconds: total, user mode, kernel.
sub cost {
    my ($side) = @_;
    my @before = cpu($side->{server});
    my $n = load($side, $side->{seconds});
    my @after = cpu($side->{server});
    my ($total, $user) = map { ($after[$_] - $before[$_]) / $n } 0, 1;
    return [ $total, $user, $total - $user ];
}

# Runs all sides by turns; each gets the list of its costs. wrk takes whole
# seconds, so a run is about as many requests as asked for.
sub alternate {
    my ($alternations, $requests, @sides) = @_;
    for my $side (@sides) {
        my $seconds = int($requests / load($side, 1) + 0.5);
        $side->{seconds} = $seconds < 1 ? 1 : $seconds;
    }
    for my $i (1 .. $alternations) {
        push @{ $_->{costs} }, cost($_) for $i % 2 ? @sides : reverse @sides;
    }
}

# Reporting

# Median, least, greatest.
sub spread {
    my @v = sort { $a <=> $b } @_;
    return (($v[$#v / 2] + $v[@v / 2]) / 2, @v[0, -1]);
}

# A microsecond a request is a hundredth of a second for 10,000.
sub print_sides {
    my ($title, @sides) = @_;
    printf "\n%s\n  %-22s%-24s%-24s%s\n", $title, 'CPU s of 10,000', 'total (min-max)', 'user', 'kernel';
    for my $side (@sides) {
        my @columns = map { my $i = $_; [ spread(map { $_->[$i] / 100 } @{ $side->{costs} }) ] } 0 .. 2;
        printf "  %-22s" . '%.3f (%.3f-%.3f)     ' x 3 . "\n", $side->{name}, map { @$_ } @columns;
    }
}

# Compares neighbours in time: what slows the machine down meets both.
sub print_ratio {
    my ($side, $other, $target) = @_;
    my @runs = 0 .. $#{ $side->{costs} };
    my ($with, $without) = ($side->{costs}, $other->{costs});
    printf "  %-22s%.3f (%.3f-%.3f)     user %+.1f us (%+.1f to %+.1f)   wanted: %s\n", "$side->{name} / $other->{name}",
        spread(map { $with->[$_][0] / $without->[$_][0] } @runs),
        spread(map { $with->[$_][1] - $without->[$_][1] } @runs), $target;
}

1;
