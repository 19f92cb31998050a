# SPDX-License-Identifier: Apache-2.0
#
# A request as a test states it, and its bytes on the wire.
#
#   POST '/voice', form => 'From=%2B1555', sign => 'form'
#
# form, json, body   the body; `type` names the content type of a plain `body`
# sign               sha1, sha256 or form: signed for `url` (default PUBLIC and
#                    the target) with `key` (default KEY)
# headers            further fields, name and value by turns
# host               default hooks.example.com; undef leaves the field out
# chunked            sends the body in chunks of that many bytes
# length             announces another Content-Length; undef announces none
# keep               leaves the connection open
package SW::Request;
use strict;
use warnings;
use Exporter 'import';
use SW::Client;
use SW::Sign;

our @EXPORT = qw(request GET POST head_of payload_of bytes_of fields_of);

my %TYPE = (form => 'application/x-www-form-urlencoded', json => 'application/json');

sub GET  { return request('GET', @_) }
sub POST { return request('POST', @_) }

sub request {
    my ($method, $target, %r) = @_;
    my ($kind) = grep { defined $r{$_} } qw(form json);
    $r{type} = $TYPE{$kind} if $kind && !exists $r{type};
    $r{body} = $kind ? $r{$kind} : $r{body} // '';
    $r{host} = 'hooks.example.com' if !exists $r{host};
    $r{length} = length $r{body} if !exists $r{length} && !$r{chunked} && ($r{body} ne '' || $method eq 'POST');
    return { %r, method => $method, target => $target };
}

# Name and value by turns, without those that frame the message.
sub fields_of {
    my ($r) = @_;
    my @fields = @{ $r->{headers} || [] };
    unshift @fields, 'Content-Type' => $r->{type} if defined $r->{type};
    push @fields, signature($r->{sign}, $r->{key} // KEY, $r->{url} // PUBLIC . $r->{target}, $r->{body})
        if $r->{sign};
    return @fields;
}

sub head_of {
    my ($r) = @_;
    my @fields = fields_of($r);
    unshift @fields, Host => $r->{host} if defined $r->{host};
    push @fields, 'Content-Length' => $r->{length} if defined $r->{length};
    push @fields, 'Transfer-Encoding' => 'chunked' if $r->{chunked};
    push @fields, Connection => 'close' if !$r->{keep};
    my $head = "$r->{method} $r->{target} HTTP/1.1\r\n";
    while (my ($name, $value) = splice @fields, 0, 2) { $head .= "$name: $value\r\n" }
    return "$head\r\n";
}

sub payload_of {
    my ($r) = @_;
    return $r->{chunked} ? SW::Client->chunked($r->{body}, $r->{chunked}) : $r->{body};
}

sub bytes_of { my ($r) = @_; return head_of($r) . payload_of($r) }

1;
