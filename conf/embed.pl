#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# embed.pl conf/cxml.rng > cxml_rng.h: the schema as text of C, without its
# comments and the blanks between its tags.
use strict;
use warnings;

my $text = do { local $/; <> } // die "embed.pl: nothing to embed\n";
$text =~ s/<!--.*?-->//gs;
$text =~ s/\s+/ /g;
$text =~ s/> </></g;
$text =~ s/\A | \z//g;
$text =~ s/([\\"])/\\$1/g;
die "embed.pl: not ASCII\n" if $text =~ /[^ -~]/;

print "/* Made of conf/cxml.rng by conf/embed.pl. */\nstatic const char sw_cxml_rng[] =\n";
print qq{    "$1"\n} while $text =~ /\G((?:\\.|[^\\]){1,70})/g;
print "    ;\n";
