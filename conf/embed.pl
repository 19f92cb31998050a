#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# embed.pl FILE NAME: prints a file as a C string, without the comments of XML
# and with runs of blanks as one; and NAME_SOURCE, by which a
# Content-Security-Policy allows that text within a page.
use strict;
use warnings;
use Digest::SHA qw(sha256_base64);

my ($file, $name) = @ARGV;
open my $in, '<', $file or die "embed.pl: $file: $!\n";
my $text = do { local $/; <$in> } // die "embed.pl: nothing to embed\n";
$text =~ s/<!--.*?-->//gs;
$text =~ s/\s+/ /g;
$text =~ s/> </></g;
$text =~ s/\A | \z//g;
my $digest = sha256_base64($text);
$text =~ s/([\\"])/\\$1/g;
die "embed.pl: a comment with // would reach to the end\n" if $text =~ m{(?<!:)//};
die "embed.pl: not ASCII\n" if $text =~ /[^ -~]/;

print "/* Made of $name by conf/embed.pl. */\nstatic const char $name\[] =\n";
print qq{    "$1"\n} while $text =~ /\G((?:\\.|[^\\]){1,70})/g;
print "    ;\n";
printf "#define %s_SOURCE \"'sha256-%s='\"\n", uc $name, $digest; # sha256_base64 omits the =
