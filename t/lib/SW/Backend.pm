# SPDX-License-Identifier: Apache-2.0
#
# A small HTTP/1.1 server to stand behind mod_proxy: reports the request that
# it got in the same JSON as t/apps/echo.cgi.
package SW::Backend;
use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use IO::Socket::INET;
use JSON::PP ();
use SW::Process;

my $WORKERS = 4;

sub start {
    my ($class) = @_;
    my $listener = IO::Socket::INET->new(Listen => 64, LocalAddr => '127.0.0.1', ReuseAddr => 1)
        or die "backend: $!\n";
    my $process = SW::Process->start(sub {
        for (2 .. $WORKERS) { last if !fork }
        while (1) { my $client = $listener->accept or next; serve($client) }
    });
    return ($listener->sockport, $process);
}

sub serve {
    my ($client) = @_;
    local $/ = "\r\n";
    while (defined(my $line = <$client>)) {
        chomp $line;
        my ($method, $target) = split / /, $line;
        my (@names, %field);
        while (defined(my $l = <$client>)) {
            chomp $l;
            last if $l eq '';
            my ($name, $value) = split /:\s*/, $l, 2;
            push @names, $name;
            $field{ lc $name } = $value;
        }
        my $body = body($client, \%field);
        my $sha = sha256_hex($body);
        my $json = JSON::PP::encode_json({ app => 'backend', method => $method, target => $target,
            headers => \%field, names => \@names, length => length $body, sha256 => $sha });
        my $close = lc($field{connection} || '') eq 'close';
        print {$client} "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n",
            "X-App: backend\r\nX-Body-Length: ", length $body, "\r\nX-Body-SHA256: $sha\r\n",
            $close ? "Connection: close\r\n" : '', 'Content-Length: ', length $json, "\r\n\r\n",
            $method eq 'HEAD' ? '' : $json;
        $client->flush;
        return if $close;
    }
}

sub body {
    my ($client, $field) = @_;
    my $body = '';
    if (lc($field->{'transfer-encoding'} || '') eq 'chunked') {
        while (my $size = hex(scalar <$client>)) {
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

1;
