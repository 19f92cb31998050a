#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
#
# Inbound-call tracker, the part for people: totals, the mean opinion score and
# the latest calls, from the file that record.cgi writes.
#
# Configured in inbound-calls.conf: CALLS_FILE names the file. This page shows
# numbers and names of people, so the configuration demands a password.
use strict;
use warnings;
use Fcntl qw(:flock);
use JSON::PP ();

my $LATEST = 50;

my @calls    = calls($ENV{CALLS_FILE} || '/var/lib/signalwire/calls/inbound.jsonl');
my @answered = grep { $_->{status} eq 'completed' } @calls;
my @lasted   = grep { defined } map { $_->{duration} } @answered;
my @scores   = grep { defined } map { $_->{mos} } @calls;

binmode STDOUT, ':encoding(UTF-8)';
print "Content-Type: text/html; charset=utf-8\r\n",
    "Content-Security-Policy: default-src 'none'\r\nCache-Control: no-store\r\n\r\n",
    "<!DOCTYPE html>\n<title>Inbound calls</title>\n<h1>Inbound calls</h1>\n",
    table(
        [ 'Calls',              scalar @calls ],
        [ 'Answered',           scalar @answered ],
        [ 'Missed',             @calls - @answered ],
        [ 'Total duration',     sum(@lasted) . ' s' ],
        [ 'Mean duration',      mean('%.1f s', @lasted) ],
        [ 'Mean opinion score', mean('%.2f of 5', @scores) ]),
    "<h2>Latest</h2>\n",
    table([ 'Time', 'From', 'Name', 'To', 'Status', 'Seconds', 'Score' ],
          map { [ @$_{qw(time from name to status duration mos)} ] } latest(@calls));

# A repeated callback is one call: the last line counts.
sub calls {
    my ($path) = @_;
    my (%call, @order);
    open my $in, '<', $path or return;
    flock $in, LOCK_SH;
    my $json = JSON::PP->new;
    while (my $line = <$in>) {
        my $one = eval { $json->decode($line) } or next;
        push @order, $one->{id} if !$call{ $one->{id} };
        $call{ $one->{id} } = $one;
    }
    return @call{@order};
}

sub latest {
    my @all = reverse @_;
    return splice @all, 0, $LATEST;
}

sub sum { my $sum = 0; $sum += $_ for @_; return $sum }

sub mean {
    my ($format, @values) = @_;
    return @values ? sprintf $format, sum(@values) / @values : 'none';
}

sub table {
    return join '', "<table>\n", (map { row(@$_) } @_), "</table>\n";
}

sub row {
    return join '', '<tr>', (map { '<td>' . html($_ // '') } @_), "\n";
}

sub html {
    my ($text) = @_;
    my %entity = ('&' => '&amp;', '<' => '&lt;', '>' => '&gt;', '"' => '&quot;', "'" => '&#39;');
    return $text =~ s/([&<>"'])/$entity{$1}/gr;
}
