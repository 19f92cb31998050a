#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
#
# Inbound-call tracker, the part that SignalWire calls: appends each inbound call
# that has ended to a file, one JSON object on each line. The idea is that of
# SignalWire's guide to inbound call status callbacks.
#
# Configured in inbound-calls.conf: CALLS_FILE names the file. The
# <SignalWireWebhook> block there verifies that requests are from SignalWire. Their
# texts are not trustworthy: a caller chooses the caller's name.
use strict;
use warnings;
use Encode qw(decode);
use Fcntl qw(:flock);
use IO::Handle;
use JSON::PP ();
use POSIX qw(strftime);

my $file = $ENV{CALLS_FILE} || '/var/lib/signalwire/calls/inbound.jsonl';

# The variables contain the whole body. Read it all the same: mod_cgid treats a
# program that leaves the body unread as one that failed.
1 while read STDIN, my $unused, 65_536;

if (inbound_call_has_ended() && !append($file, call())) {
    warn "cannot write $file: $!\n";
    answer('500 Internal Server Error');        # SignalWire tries again
}
else {
    answer('204 No Content');
}

# The callback of a number has no direction: it is always inbound.
sub inbound_call_has_ended {
    return field('EVENT') eq 'voice.status' && field('TERMINAL') eq '1'
        && field('DIRECTION') ne 'outbound';
}

sub call {
    my ($seconds) = field('DURATION')         =~ /\A(\d{1,9})\z/a;
    my ($score)   = field('PARAM_AUDIOINMOS') =~ /\A([1-4](?:\.\d+)?|5(?:\.0+)?)\z/a;
    return {
        id       => field('CALL_ID'),
        time     => field('TIME') || strftime('%Y-%m-%dT%H:%M:%SZ', gmtime),
        from     => field('FROM'),
        name     => field('CALLER_NAME'),
        to       => field('TO'),
        status   => field('STATUS'),
        duration => defined $seconds ? 0 + $seconds : undef,
        mos      => defined $score ? 0 + $score : undef,
    };
}

sub field { return decode('UTF-8', $ENV{"SIGNALWIRE_$_[0]"} // '') }

sub append {
    my ($path, $call) = @_;
    umask 0077;         # it holds telephone numbers
    open my $out, '>>', $path or return 0;
    flock $out, LOCK_EX or return 0;
    print {$out} JSON::PP->new->ascii->canonical->encode($call), "\n";
    return close $out;
}

sub answer { print "Status: $_[0]\r\n\r\n" }
