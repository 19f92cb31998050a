# SPDX-License-Identifier: Apache-2.0
#
# Signs as SignalWire does, from the written rules and with Digest::SHA alone,
# so that this code and the module's C check each other.
package SW::Sign;
use strict;
use warnings;
use Digest::SHA qw(hmac_sha1 hmac_sha1_hex hmac_sha256_hex);
use Exporter 'import';
use MIME::Base64 qw(encode_base64);

our @EXPORT = qw(KEY KEY2 PUBLIC sign_sha1 sign_sha256 sign_form signature);

# What tests sign with unless they say otherwise. KEY2 is longer than a hash
# block, which HMAC treats differently.
use constant KEY    => 'PSK_testPrimary_3hV8sQ1zXw5Ld7Np';
use constant KEY2   => 'PSK_testSecondary_' . 'k9Rb2Tf6Yj4Cm8Gx' x 4;
use constant PUBLIC => 'https://hooks.example.com';

# Scheme A: lower-case hex over the URL and the raw body.
sub sign_sha1   { my ($key, $url, $body) = @_; hmac_sha1_hex($url . $body, $key) }
sub sign_sha256 { my ($key, $url, $body) = @_; hmac_sha256_hex($url . $body, $key) }

# Scheme B: base64 over the URL and the decoded parameters, sorted by the
# bytes of their names; equal names keep the order in which they were sent.
sub sign_form {
    my ($key, $url, $body) = @_;
    my @pairs = map { [ map { decode($_) } /\A([^=]*)=?(.*)\z/s ] }
                grep { length } split /&/, $body;
    my @order = sort { $pairs[$a][0] cmp $pairs[$b][0] || $a <=> $b } 0 .. $#pairs;
    return encode_base64(hmac_sha1(join('', $url, map { @{ $pairs[$_] } } @order), $key), '');
}

sub decode {
    my ($text) = @_;
    $text =~ tr/+/ /;
    $text =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge;
    return $text;
}

# The header fields of a signed request, as name and value by turns.
sub signature {
    my ($scheme, $key, $url, $body) = @_;
    my @sha1   = ('X-SignalWire-Signature' => sign_sha1($key, $url, $body));
    my @sha256 = ('X-SignalWire-SHA256-Signature' => sign_sha256($key, $url, $body));
    return @sha1                                                     if $scheme eq 'sha1';
    return (@sha1, @sha256)                                          if $scheme eq 'sha256';
    return ('X-SignalWire-Signature' => sign_form($key, $url, $body)) if $scheme eq 'form';
    die "no such signature scheme: $scheme\n";
}

1;
