#!/usr/bin/env perl
# SPDX-License-Identifier: Apache-2.0
# Prints a C table of the names in the schema conf/cxml.rng: for each element its
# attributes, its children, and the kinds of document in which it is a verb.
# Reads only that file, in which no attribute contains a '>'.
use strict;
use warnings;

# A node is [ name, { attributes }, children ... ].
sub read_tree {
    my ($text) = @_;
    my @open = [ '', {} ];
    $text =~ s/<!--.*?-->|<\?.*?\?>//gs;
    while ($text =~ m{<(/?)([\w-]+)([^>]*?)(/?)>}g) {
        my ($closes, $name, $fields, $is_empty) = ($1, $2, $3, $4);
        if ($closes) { pop @open; next }
        my $node = [ $name, { $fields =~ /([\w:-]+)="([^"]*)"/g } ];
        push @{ $open[-1] }, $node;
        push @open, $node if !$is_empty;
    }
    return $open[0][2];
}

my ($file) = @ARGV or die "usage: names.pl SCHEMA\n";
open my $in, '<', $file or die "$file: $!\n";
my $grammar = read_tree(do { local $/; <$in> });
my @defines = @$grammar[2 .. $#$grammar];
my %define = map { $_->[0] eq 'define' ? ($_->[1]{name} => $_) : () } @defines;
my ($start) = grep { $_->[0] eq 'start' } @defines;
my %names;

# Calls back for each attribute and element below a node, not within these.
sub below {
    my ($node, $found, $seen) = @_;
    for my $child (@$node[2 .. $#$node]) {
        my $name = $child->[0];
        if ($name eq 'attribute' || $name eq 'element') { $found->($child) }
        elsif ($name ne 'ref') { below($child, $found, $seen) }
        elsif (!$seen->{ $child->[1]{name} }++) {
            below($define{ $child->[1]{name} } // die("no $child->[1]{name}\n"), $found, $seen);
        }
    }
}

# Any name, with no exception.
sub is_any_name {
    my ($element) = @_;
    return grep { $_->[0] eq 'anyName' && @$_ == 2 } @$element[2 .. $#$element];
}

sub collect {
    my ($element) = @_;
    my $to = $names{ $element->[1]{name} } //= { attributes => {}, children => {} };
    return if $to->{done}{$element}++;
    below($element, sub {
        my ($found) = @_;
        my ($type, $name) = ($found->[0], $found->[1]{name});
        if ($type eq 'attribute') { $to->{attributes}{$name} = 1 if defined $name }
        elsif (defined $name) { $to->{children}{$name} = 1; collect($found) }
        elsif (is_any_name($found)) { $to->{any} = 1 }
    }, {});
}

sub verbs {
    my ($define) = @_;
    my %verbs;
    below($define{$define}, sub { $verbs{ $_[0][1]{name} } = 1 }, {});
    return \%verbs;
}

sub list { return join '', map({ qq("$_", ) } sort @_), 'NULL' }

below($start, \&collect, {});
my %channel = (CALL => verbs('call'), MESSAGE => verbs('message'), FAX => verbs('fax'));
print "/* Made of $file by names.pl. */\n" =~ s{ \S*/}{ }r;
for my $name (sort keys %names) {
    my $id = $name =~ tr/-/_/r;
    for my $list (qw(attributes children)) {
        print "static const char *const ${list}_of_$id\[] = { ", list(keys %{ $names{$name}{$list} }), " };\n";
    }
}
print "\nstatic const name_t names[] = {\n";
for my $name (sort keys %names) {
    my $id = $name =~ tr/-/_/r;
    my $channels = join ' | ', map({ $channel{$_}{$name} ? "SW_CHANNEL_$_" : () } sort keys %channel);
    printf qq(    { "%s", attributes_of_%s, children_of_%s, %s, %d },\n), $name, $id, $id, $channels || 0,
        $names{$name}{any} // 0;
}
print "};\n";
