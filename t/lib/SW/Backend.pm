# SPDX-License-Identifier: Apache-2.0
#
# A small server to stand behind mod_proxy. It speaks HTTP/1.1, or uwsgi, and
# reports the request that it got in the same JSON as t/apps/echo.cgi; or it
# sends whatever bytes the test wants (wire).
package SW::Backend;
use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use IO::Socket::INET;
use JSON::PP ();
use SW::Process;

my $WORKERS = 4;
my %SERVE = (http => \&serve_http, uwsgi => \&serve_uwsgi, wire => \&serve_wire);

# Returns its port and the process. `wire` wants a hash: the last word of a
# path => the bytes that answer it, or these in an array where the connection
# then stays open, silent, until the other side closes it.
sub start {
    my ($class, $protocol, $replies) = @_;
    my $listener = IO::Socket::INET->new(Listen => 64, LocalAddr => '127.0.0.1', ReuseAddr => 1)
        or die "backend: $!\n";
    my $process = SW::Process->start(sub {
        my @workers = map { fork // die "fork: $!\n" or work($listener, $SERVE{$protocol}, $replies) } 1 .. $WORKERS;
        local $SIG{TERM} = sub { kill TERM => @workers };
        1 while wait > 0 || $!{EINTR};
    });
    return ($listener->sockport, $process);
}

sub work {
    my ($listener, $serve, $replies) = @_;
    while (1) { my $client = $listener->accept or next; $serve->($client, $replies) }
}

sub serve_http {
    my ($client) = @_;
    local $/ = "\r\n";
    while (my ($method, $target, $field, $body) = http_request($client)) {
        my $close = lc($field->{connection} || '') eq 'close';
        reply($client, $close, app => 'backend', method => $method, target => $target,
              headers => $field, body => $body);
        return if $close;
    }
}

# One request; nothing where there is none.
sub http_request {
    my ($client) = @_;
    my $line = <$client> // return;
    my ($method, $target) = split / /, $line;
    my %field;
    while (defined(my $l = <$client>)) {
        chomp $l;
        last if $l eq '';
        my ($name, $value) = split /:\s*/, $l, 2;
        $field{ lc $name } = join ', ', $field{ lc $name } // (), $value;
    }
    return ($method, $target, \%field, http_body($client, \%field));
}

sub serve_wire {
    my ($client, $replies) = @_;
    local $/ = "\r\n";
    local $SIG{PIPE} = 'IGNORE';        # nobody has to hear the reply out
    my (undef, $target) = http_request($client) or return;
    my $reply = $replies->{ ($target =~ m{([\w-]+)(?:\?|\z)})[0] } // die "no reply for $target\n";
    print {$client} ref $reply ? @$reply : $reply;
    $client->flush;
    1 while ref $reply && defined <$client>;
}

sub http_body {
    my ($client, $field) = @_;
    my $body = '';
    if (lc($field->{'transfer-encoding'} || '') eq 'chunked') {
        while (my $size = hex(scalar(<$client>) =~ s/[;\r].*//sr)) {
            read $client, $body, $size, length $body;
            <$client>;
        }
        1 while <$client> ne "\r\n";
    }
    elsif ($field->{'content-length'}) {
        read $client, $body, $field->{'content-length'};
    }
    return $body;
}

# A packet of variables, each with its length, and then the body.
sub serve_uwsgi {
    my ($client) = @_;
    read $client, my $head, 4;
    read $client, my $packet, unpack 'x v', $head;
    my %env = unpack '(v/a)*', $packet;
    my $body = '';
    read $client, $body, $env{CONTENT_LENGTH} if $env{CONTENT_LENGTH};
    reply($client, 1, app => 'uwsgi', method => $env{REQUEST_METHOD}, target => $env{REQUEST_URI},
          env => \%env, body => $body);
}

sub reply {
    my ($client, $close, %report) = @_;
    my $body = delete $report{body};
    my $sha = sha256_hex($body);
    my $length = length $body;
    my $json = JSON::PP::encode_json({ %report, length => $length, sha256 => $sha });
    print {$client} join "\r\n", 'HTTP/1.1 200 OK', 'Content-Type: application/json', "X-App: $report{app}",
        "X-Body-Length: $length", "X-Body-SHA256: $sha", 'Content-Length: ' . length $json,
        ($close ? 'Connection: close' : ()), '', $report{method} eq 'HEAD' ? '' : $json;
    $client->flush;
}

1;
