# SPDX-License-Identifier: Apache-2.0
#
# An HTTP/1.1 client that sends exactly the bytes it is given and never
# normalises anything.
package SW::Client;
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use SW::Response;
use Time::HiRes qw(time);

sub new {
    my ($class, $port, $timeout) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port", Timeout => 5)
        or die "cannot connect to 127.0.0.1:$port: $@\n";
    $socket->blocking(0);
    return bless { socket => $socket, in => '', out => '', eof => 0,
                   timeout => $timeout || ($ENV{SW_VALGRIND} ? 120 : 20) }, $class;
}

# Queues bytes; they leave while a response is being read, so that an early
# answer to a large body is not lost. flush() sends them now.
sub send { my ($self, @bytes) = @_; $self->{out} .= join '', @bytes; return $self }

sub flush {
    my ($self) = @_;
    $self->pump(1) while length $self->{out} && !$self->{eof};
    return $self;
}

# Reads one final response; interim ones are kept in its `interim` list.
# Undef when the server closed or stayed silent instead.
sub response {
    my ($self, $method) = @_;
    my @interim;
    while (1) {
        my $head = $self->up_to("\r\n\r\n");
        return undef if !defined $head;
        my $r = SW::Response->parse_head($head);
        if ($r->status >= 100 && $r->status < 200) { push @interim, $r->status; next }
        $r->{interim} = \@interim;
        $r->{body} = $self->body_of($r, $method || '');
        return $r;
    }
}

sub body_of {
    my ($self, $r, $method) = @_;
    return '' if $method eq 'HEAD' || $r->status == 204 || $r->status == 304;
    return $self->chunks if lc $r->header('Transfer-Encoding') eq 'chunked';
    return $self->take($r->header('Content-Length')) if $r->header('Content-Length') ne '';
    1 while $self->pump;
    return $self->take(length $self->{in});
}

sub chunks {
    my ($self) = @_;
    my $body = '';
    while (defined(my $line = $self->up_to("\r\n"))) {
        my $size = hex(($line =~ /\A([0-9a-f]+)/i)[0] // die "bad chunk: $line\n");
        $body .= $self->take($size) // '';
        $self->up_to("\r\n");
        return $body if !$size;
    }
    die "chunked response broken off\n";
}

# What has come after the last reply.
sub rest { return $_[0]{in} }

# True when the server closes the connection within the time-out.
sub closed {
    my ($self) = @_;
    1 while $self->pump;
    return $self->{eof};
}

# True when the server has closed it already.
sub has_ended {
    my ($self) = @_;
    $self->pump while !$self->{eof} && IO::Select->new($self->{socket})->can_read(0);
    return $self->{eof};
}

sub up_to {
    my ($self, $mark) = @_;
    my $at;
    while (($at = index $self->{in}, $mark) < 0) {
        return undef if !$self->pump;
    }
    return substr $self->{in}, 0, $at + length $mark, '';
}

sub take {
    my ($self, $length) = @_;
    while (length $self->{in} < $length) {
        return undef if !$self->pump;
    }
    return substr $self->{in}, 0, $length, '';
}

# One step of sending and receiving. False at the end of the stream, or when
# nothing moved for the whole time-out.
sub pump {
    my ($self, $sending_only) = @_;
    my $socket = $self->{socket};
    return 0 if $self->{eof};
    my $out = length $self->{out} ? IO::Select->new($socket) : undef;
    my $in  = $sending_only ? undef : IO::Select->new($socket);
    my ($r, $w) = IO::Select->select($in, $out, undef, $self->{timeout});
    return 0 if !$r;
    if (@$w) {
        my $sent = syswrite $socket, $self->{out}, 65536;
        substr $self->{out}, 0, $sent, '' if $sent;
        $self->{out} = '' if !defined $sent && !$!{EAGAIN};   # closed for us; still readable
    }
    if (@$r) {
        my $got = sysread $socket, $self->{in}, 65536, length $self->{in};
        $self->{eof} = 1 if !$got && !(!defined $got && $!{EAGAIN});
    }
    return 1;
}

sub chunked {
    my ($class, $body, $size) = @_;
    my $out = '';
    for (my $i = 0; $i < length $body; $i += $size) {
        my $part = substr $body, $i, $size;
        $out .= sprintf "%x\r\n%s\r\n", length $part, $part;
    }
    return "${out}0\r\n\r\n";
}

1;
