#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# Reports the request that a CGI program gets.
use Digest::SHA qw(sha256_hex);
use JSON::PP ();

binmode STDIN;
my $body = do { local $/; <STDIN> } // '';
my $sha = sha256_hex($body);
print "Content-Type: application/json\nX-App: cgi\nX-Body-Length: ", length $body, "\nX-Body-SHA256: $sha\n\n";
print JSON::PP->new->latin1->canonical->encode({ app => 'cgi', method => $ENV{REQUEST_METHOD},
    target => $ENV{REQUEST_URI}, env => {%ENV}, length => length $body, sha256 => $sha });
