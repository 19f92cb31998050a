# SPDX-License-Identifier: Apache-2.0
#
# Watches the error log of a private httpd. Every line at warn or above, every
# line without a level (a sanitizer, a stray printf) and every crash notice is
# a complaint unless it was announced; so is an announced line that never came.
package SW::ErrorLog;
use strict;
use warnings;
use Time::HiRes qw(sleep time);

my %LOUD = map { $_ => 1 } qw(emerg alert crit error warn);

sub new {
    my ($class, @files) = @_;
    return bless { files => \@files, seen => {}, rest => {}, all => [], awaited => [], loud => [] }, $class;
}

# Announces lines that match: COUNT times exactly (default once), or 'any'.
sub expect {
    my ($self, $pattern, $count) = @_;
    my $any = ($count //= 1) eq 'any';
    push @{ $self->{awaited} }, { re => $pattern, got => 0, least => $any ? 0 : $count,
                                  most => $any ? 9**9 : $count };
}

# Reads what is new. A line that is still being written waits in `rest`.
sub read_new {
    my ($self) = @_;
    for my $file (@{ $self->{files} }) {
        open my $in, '<', $file or next;
        seek $in, $self->{seen}{$file} || 0, 0;
        my $text = do { local $/; <$in> } // '';
        $self->{seen}{$file} = tell $in;
        $text = ($self->{rest}{$file} // '') . $text;
        $self->{rest}{$file} = $text =~ s/([^\n]+)\z// ? $1 : '';
        my @lines = split /\n/, $text;
        push @{ $self->{all} }, @lines;
        push @{ $self->{loud} }, grep { is_loud($_) } @lines;
    }
}

# Strikes out the loud lines that were announced.
sub settle {
    my ($self) = @_;
    $self->read_new;
    @{ $self->{loud} } = grep { !$self->was_announced($_) } @{ $self->{loud} };
}

sub was_announced {
    my ($self, $line) = @_;
    for my $a (@{ $self->{awaited} }) {
        return ++$a->{got} if $a->{got} < $a->{most} && $line =~ $a->{re};
    }
    return 0;
}

sub is_loud {
    my ($line) = @_;
    return 0 if $line eq '';
    return 1 if $line =~ /exit signal|AddressSanitizer|runtime error/;
    return 1 if $line !~ /^\[[^\]]+\] \[[\w-]*:(\w+)\]/;
    return $LOUD{$1} // 0;
}

# Forgets what a file says, which is to be written anew.
sub forget {
    my ($self, $file) = @_;
    $self->read_new;
    open my $in, '<', $file or return;
    my %gone = map { $_ => 1 } map { split /\n/ } <$in>;
    @{ $self->{$_} } = grep { !$gone{$_} } @{ $self->{$_} } for qw(all loud);
    delete $self->{$_}{$file} for qw(seen rest);
}

# Waits (a line may follow the reply that it belongs to) until all announced
# lines have come. Returns the complaints and forgets them.
sub complaints {
    my ($self, $patience) = @_;
    my $end = time + ($patience // 2);
    $self->settle;
    while ($self->missing && time < $end) {
        sleep 0.01;
        $self->settle;
    }
    my @bad = map { "not announced: $_" } splice @{ $self->{loud} };
    push @bad, map { "announced, but came $_->{got} times: $_->{re}" } $self->missing;
    @{ $self->{awaited} } = grep { $_->{least} == 0 } @{ $self->{awaited} };
    return @bad;
}

sub missing { grep { $_->{got} < $_->{least} } @{ $_[0]{awaited} } }

# Every line so far that matches, whatever its level.
sub lines {
    my ($self, $pattern) = @_;
    $self->read_new;
    return grep { $_ =~ $pattern } @{ $self->{all} };
}

1;
