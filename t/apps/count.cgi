#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# Counts its runs: a line in the file "runs" of the directory DONE when it
# begins, one in "ended" when it ends. WORD, the end of the path, chooses what it
# does: it waits for the file WORD.go if there is WORD.wait, and its reply is
# that of WORD.reply, "STATUS TYPE" and the body below. More header fields may
# stand after the type, each after a "|".
my ($word) = $ENV{PATH_INFO} =~ m{([\w-]+)\z};
my $once = $ENV{SIGNALWIRE_ONCE} // $ENV{HTTP_SIGNALWIRE_ONCE} // 'none';

{ local $/; <STDIN> }
note('runs');
sleep_for(0.01) while -e "$ENV{DONE}/$word.wait" && !-e "$ENV{DONE}/$word.go";
my ($head, $body) = split /\n/, read_file("$ENV{DONE}/$word.reply"), 2;
my ($status, $type) = split ' ', $head || '200 text/plain', 2;
$type =~ s/\|/\r\n/g if $type;
$body //= "$once: run " . (() = read_file("$ENV{DONE}/runs") =~ /^\Q$word\E$/mg);
print "Status: $status\r\n", $type ? "Content-Type: $type\r\n" : (), "X-Run: $word\r\n\r\n", $body;
close STDOUT if !-e "$ENV{DONE}/$word.wait";
note('ended');

sub sleep_for { select undef, undef, undef, $_[0] }

sub note {
    open my $out, '>>', "$ENV{DONE}/$_[0]" or die "$ENV{DONE}/$_[0]: $!\n";
    syswrite $out, "$word\n";
}

sub read_file { open my $in, '<', $_[0] or return ''; local $/; return <$in> // '' }
