#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# Reports the request that a CGI program gets. Writes the JSON itself, for
# loading a module to do so takes longer than all the rest.
use Digest::SHA qw(sha256_hex);

sub text { return '"' . $_[0] =~ s/([\x00-\x1f"\\])/sprintf '\\u%04x', ord $1/ger . '"' }

binmode STDIN;
my $body = do { local $/; <STDIN> } // '';
my $length = length $body;
my $sha = sha256_hex($body);
my $env = join ',', map { text($_) . ':' . text($ENV{$_}) } sort keys %ENV;
my ($method, $target) = map { text($_) } @ENV{qw(REQUEST_METHOD REQUEST_URI)};
print "Content-Type: application/json\nX-App: cgi\nX-Body-Length: $length\nX-Body-SHA256: $sha\n\n",
    qq({"app":"cgi","env":{$env},"length":$length,"method":$method,"sha256":"$sha","target":$target});
