# SPDX-License-Identifier: Apache-2.0
#
# One HTTP response, as read from a socket or from what `curl -i` prints.
package SW::Response;
use strict;
use warnings;
use JSON::PP ();

sub parse_head {
    my ($class, $head) = @_;
    my ($first, @fields) = split /\r?\n/, $head;
    my ($status) = ($first // '') =~ m{\AHTTP/[\d.]+ (\d{3})} or die "not a status line: $first\n";
    return bless { status => $status, body => '', interim => [],
                   fields => [ map { [ split /:\s*/, $_, 2 ] } @fields ] }, $class;
}

# What `curl -i` printed, with the heads of interim responses before it.
sub parse {
    my ($class, $text) = @_;
    my @interim;
    while ($text =~ s/\A(HTTP.*?\r\n\r\n)//s) {
        my $r = $class->parse_head($1);
        if ($r->status < 200) { push @interim, $r->status; next }
        @$r{qw(body interim)} = ($text, \@interim);
        return $r;
    }
    return undef;
}

sub status  { $_[0]{status} }
sub body    { $_[0]{body} }
sub interim { $_[0]{interim} }

# All values of a field, joined as HTTP does; '' when there is none.
sub header {
    my ($self, $name) = @_;
    return join ', ', map { $_->[1] } grep { lc $_->[0] eq lc $name } @{ $self->{fields} };
}

# What the test applications report of the request that they got.
sub report {
    my ($self) = @_;
    return $self->{report} ||= eval { JSON::PP::decode_json($self->{body}) } || {};
}

sub env { my ($self, $name) = @_; return $self->report->{env}{$name} }

1;
