# SPDX-License-Identifier: Apache-2.0
# The documentation against the code: directives, messages, variables; links
# lead somewhere, examples pass configtest.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

my $top = SW::Config::source_dir();
my %doc = map { m{([^/]+)\z} ? ($1 => slurp($_)) : () } glob "$top/docs/*.md";
my $source = join '', map { slurp($_) } glob "$top/src/*/*.c";

subtest 'directives' => sub {
    my @table = sort map { s/^<//r } slurp("$top/mod_signalwire.c") =~ /AP_INIT_\w+\("(<?SignalWire\w+)"/g;
    my %entry = map { /\A(\S+)/ ? ($1 => $_) : () } split /^## /m,
        ($doc{'directives.md'} =~ /^# Directives\n(.*?)^# /ms)[0];
    is_deeply [ sort keys %entry ], \@table, 'docs/directives.md has the directives of the table and no other';
    my $annotated = slurp("$top/conf/signalwire.conf");
    for my $name (@table) {
        my $text = $entry{$name} // '';
        like $text, qr/^- $_: +\S/m, "$name: $_" for qw(Description Syntax Default Context);
        like $text, qr/^- Syntax: +`<?$name\b/m, "$name: the syntax is that of $name";
        like $text, qr/^```apache\n(?:(?!```).)*\b$name\b.*?^```/ms, "$name: an example of it";
        like $annotated, qr/^\s*#?\s*<?$name\b/m, "$name is in conf/signalwire.conf";
    }
};

subtest 'messages' => sub {
    my (%used, %documented);
    $used{$_}++ for map { /\bSW\d{4}\b/g } $source =~ /"(?:[^"\\\n]|\\.)*"/g;
    $documented{$_}++ for $doc{'messages.md'} =~ /^## (SW\d{4})\b/gm;
    cmp_ok keys %used, '>', 15, 'there are messages';
    is_deeply [ sort keys %documented ], [ sort keys %used ],
        'docs/messages.md has the messages of the code and no other';
    is join(' ', grep { $used{$_} > 1 } sort keys %used), '', 'every id is used for one message';
    is join(' ', grep { $documented{$_} > 1 } sort keys %documented), '', 'and documented once';

    my %token = $source =~ /\{\s*"(SW\d{4})",\s*"([\w-]+)"/g;
    like $doc{'messages.md'}, qr/^## $_ $token{$_}$/m, "$_ is documented as $token{$_}" for sort keys %token;
    for my $entry ($doc{'messages.md'} =~ /^(## SW.*?)(?=^## |\z)/gms) {
        my ($id) = $entry =~ /(SW\d{4})/;
        like $entry, qr/^- $_: /m, "$id: $_" for qw(Severity Cause Action);
    }
};

subtest 'variables' => sub {
    my %published = map { $_ => 1 } slurp("$top/src/httpd/publish.c") =~ /"(SIGNALWIRE_\w+)"/g;
    ok %published, 'there are variables';
    like $doc{'variables.md'}, qr/\b$_\b/, $_ for sort keys %published;
};

subtest 'links' => sub {
    my %anchors = map { my $text = $doc{$_}; ($_ => { map { anchor($_) => 1 } $text =~ /^#+ +(.*)/gm }) } keys %doc;
    for my $page (sort keys %doc) {
        my $prose = $doc{$page} =~ s/^```.*?^```$|`[^`\n]*`//gmsr;
        for my $link ($prose =~ /\]\(([^)\s]+)\)/g) {
            next if $link =~ m{\A\w+://};
            my ($file, $anchor) = split /#/, $link;
            my $target = $file eq '' ? $page : $file;
            ok $anchors{$target} ? !defined $anchor || $anchors{$target}{$anchor} : -e "$top/docs/$target",
                "$page: $link";
        }
    }
};

# Files that an example names exist; what it needs of httpd is loaded.
subtest 'examples' => sub {
    my %files = map { ("etc/$_" => [ "key\n", 0600 ]) }
        map { m{/etc/apache2/([\w.-]+)}g } map { examples($_) } values %doc;
    for my $page (sort keys %doc) {
        my $n = 0;
        for my $example (examples($doc{$page})) {
            my $name = "$page: example " . ++$n . ': ' . (split /\n/, $example)[0];
            $example =~ s{/etc/apache2/}{\@ROOT\@/etc/}g;
            passes $name, $example, qr/Syntax OK/, files => \%files,
                modules => 'auth_basic authn_file deflate filter include proxy proxy_fcgi proxy_http remoteip reqtimeout'
                    . ' rewrite ssl';
        }
    }
};

subtest 'conf' => sub {
    my $annotated = slurp("$top/conf/signalwire.conf");
    passes 'signalwire.conf as it is', $annotated, undef;
    my $uncommented = join '', grep { /^\s*SignalWire/ }
        map { s/^\s*#(?:.*Example: )?(?=SignalWire\w+ )//r . "\n" } split /\n/, $annotated;
    cmp_ok scalar(() = $uncommented =~ /^/gm), '>=', 8, 'its settings';
    my %files = map { ("etc/$_" => [ "key\n", 0600 ]) } $uncommented =~ m{/etc/apache2/([\w.-]+)}g;
    passes 'signalwire.conf with every setting uncommented', $uncommented =~ s{/etc/apache2/}{\@ROOT\@/etc/}gr,
        undef, files => \%files;

    my $load = slurp("$top/conf/signalwire.load");
    my ($before, $path, $after) = $load =~ /\A(.*^LoadModule signalwire_module )(\S+)(.*)\z/ms;
    like $path, qr{mod_signalwire\.so\z}, 'signalwire.load names the module';
    my $built = SW::Config::build_dir() . '/.libs/mod_signalwire.so';
    passes 'signalwire.load with the built module', "$before\"$built\"$after", undef, bare => 1;
};

done_testing;

sub slurp    { my ($file) = @_; open my $in, '<', $file or die "$file: $!\n"; local $/; return <$in> }
sub examples { my ($text) = @_; return $text =~ /^```apache\n(.*?)^```$/gms }

# As web pages make anchors of headings.
sub anchor {
    my ($heading) = @_;
    my $text = lc $heading;
    $text =~ s/[^\w\s-]//g;
    $text =~ s/\s/-/g;
    return $text;
}
