# SPDX-License-Identifier: Apache-2.0
#
# What an application learned of an event: the canonical fields that a report
# shows, by environment or by request fields, and the fixtures that say which
# to expect.
package SW::Fields;
use strict;
use warnings;
use Exporter 'import';
use JSON::PP ();
use Math::BigFloat;
use POSIX qw(strftime);
use SW::Config;
use SW::Request;
use Time::Local qw(timegm);

our @EXPORT = qw(published env_fields header_fields enveloped fixtures fixture unquote
                 rfc3339);

# Published beside what the event holds.
my $OTHERS = qr/\A(?:WEBHOOK|VERIFIED|VERDICT|KEY|ONCE|LOG_ID|PARAM_.*)\z/s;

my $callbacks = source_dir() . '/t/callbacks';

# Both, where both arrive. DEDUPE's text is free: its presence counts.
sub published {
    my ($reply) = @_;
    my %seen = (env => env_fields($reply), headers => header_fields($reply));
    delete $seen{env} if !$reply->report->{env};
    for my $fields (values %seen) {
        delete @$fields{ grep { $_ =~ $OTHERS } keys %$fields };
        $fields->{DEDUPE} = 'is set' if exists $fields->{DEDUPE};
    }
    return \%seen;
}

sub env_fields {
    my ($reply) = @_;
    my $env = $reply->report->{env} || {};
    return { map { /\ASIGNALWIRE_(.*)/s ? ($1 => $env->{$_}) : () } keys %$env };
}

# By the name that CGI gives them or by their own, unquoted.
sub header_fields {
    my ($reply) = @_;
    my $report = $reply->report;
    my %field = map { /\AHTTP_SIGNALWIRE_(.*)/s ? ($1 => unquote($report->{env}{$_})) : () }
                keys %{ $report->{env} || {} };
    for my $name (keys %{ $report->{headers} || {} }) {
        $field{ uc($1) =~ tr/-/_/r } = unquote($report->{headers}{$name})
            if $name =~ /\Asignalwire[-_](.*)/s;
    }
    return \%field;
}

# `TYPE{...}` stands for those params in the envelope of an event of that type.
sub enveloped {
    my ($body) = @_;
    return $body =~ s/\A([\w.*]+)(\{.*)/{"event_type":"$1","timestamp":1,"params":$2}/r;
}

sub unquote {
    my ($text) = @_;
    $text =~ s/%([0-9A-F]{2})/chr hex $1/ge;
    utf8::decode($text);
    return $text;
}

# File name => expected fields, as an application sees them: without NUL.
sub fixtures {
    my %all = map { %{ JSON::PP::decode_json(slurp($_)) } } qw(EXPECTED.json EXPECTED-MORE.json);
    for my $fields (values %all) {
        tr/\0//d for values %$fields;
        $fields->{DEDUPE} = 'is set' if exists $fields->{DEDUPE};
        $fields->{TIME} = rfc3339($fields->{TIMESTAMP}) if exists $fields->{TIMESTAMP};
    }
    return %all;
}

my @MONTHS = qw(Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec);
my %MONTH  = map { $MONTHS[$_] => $_ } 0 .. 11;

# SIGNALWIRE_TIME of a TIMESTAMP: Unix seconds or microseconds, ISO 8601, RFC 2822.
sub rfc3339 {
    my ($text) = @_;
    my $seconds;
    if ($text =~ /\A[\d.]+(?:e[-+]?\d+)?\z/i) {
        $seconds = Math::BigFloat->new($text);
        $seconds /= 1_000_000 if $seconds > 100_000_000_000_000;
    }
    elsif ($text =~ /\A(\d+)-(\d+)-(\d+)[T ]([\d:]+)(\.\d+)?(.*)/) {
        $seconds = Math::BigFloat->new($5 // 0) + at($1, $2 - 1, $3, $4, $6);
    }
    elsif ($text =~ /\A\w+, (\d+) (\w+) (\d+) ([\d:]+) (.*)/) {
        $seconds = Math::BigFloat->new(at($3, $MONTH{$2}, $1, $4, $5));
    }
    my $whole = $seconds->copy->bfloor;
    my $millis = (($seconds - $whole) * 1000)->bfloor;
    return strftime('%Y-%m-%dT%H:%M:%S', gmtime $whole->numify) . sprintf '.%03dZ', $millis;
}

sub at {
    my ($year, $month, $day, $time, $zone) = @_;
    my ($sign, $hours, $minutes) = $zone =~ /([-+])(\d\d):?(\d\d)/ ? ($1 . 1, $2, $3) : (1, 0, 0);
    my $local = timegm(reverse(split /:/, $time), $day, $month, $year);
    return $local - $sign * ($hours * 60 + $minutes) * 60;
}

# The fixture as a request, signed as its kind is.
sub fixture {
    my ($file, $target, @more) = @_;
    my $body = slurp($file);
    return GET("$target?$body", sign => 'form', @more) if $file =~ /\.query\z/;
    return POST($target, form => $body, sign => 'form', @more) if $file =~ /\.form\z/;
    return POST($target, json => $body, sign => $file =~ /\Aswml\.call/ ? 'sha256' : 'sha1', @more);
}

sub slurp {
    my ($file) = @_;
    open my $in, '<:raw', "$callbacks/$file" or die "$file: $!\n";
    local $/;
    return scalar <$in>;
}

1;
