# SPDX-License-Identifier: Apache-2.0
# No function is written twice: not by its name, not by its body, and not one of
# the small things that everybody would write again.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

my $top  = SW::Config::source_dir();
my %text = map { (s{\A\Q$top\E/(?:src/)?}{}r => code_of($_)) }
    map { glob "$top/$_" } 'mod_signalwire.c', map { "src/$_.[ch]" } '*/*', '*/*/*';

# Static functions of one name in several units of one program, and why.
my $format   = 'each writes its part of the status board in its own format';
my $appends  = 'each appends to a list of its own unit';
my $command  = 'each command prints its own result';
my %same_name = (
    put_block => $format, put_errors => $format, put_events => $format, put_list => $format,
    put_record => $format, put_verdicts => $format, put_states => $format,
    add_fields => $appends, add_keys => $appends, add_param => $appends,
    add_params => $appends, push => $appends,
    print_json => $command, print_text => $command,
    choose => 'each takes its first choice of another list: answers, fallbacks',
    collect => 'as a callback of three walks: over directives, over two kinds of buckets',
    has_other_guard => 'of a block, and of the board',
    holds => 'a rule about parameters, and a condition of an answer',
    is_token => 'an event name, and a token of RFC 9110',
    make_key => 'the keys of two tables are made of different fields',
    pass => 'output filters that pass on what they held',
    requires_verified => 'SW0006 asks for any Require signalwire, the advice for a binding one',
);

# What is written once: a pattern, and the units that may have it.
my @once = (
    [ 'digits of hex', qr/0123456789abcdef/i, qw(core/text/percent.h) ],
    [ 'values of hex digits', qr/-\s*'[aA]'\s*\+\s*10|isxdigit\s*\([^;]*\?/, qw(core/text/percent.h) ],
    [ 'a byte as %HH', qr/"%%%02[xX]"|(?<![!=<>])=\s*'%';/, qw(core/text/percent.h core/text/recode.c) ],
    [ 'decoding of URLs', qr/\bap\w*_unescape_\w+/, qw(httpd/config/once_cache.c tool/callback.c) ],
    [ 'splitting of forms', qr/find\([^()]*'&'\)/, qw(core/text/form.c) ],
    [ 'white space', qr/==\s*' '[^;{]*==\s*'\\t'[^;{]*==\s*'\\[rn]'/, qw(core/text/span.h) ],
    [ 'blanks and tabs', qr/==\s*' '[^;{]*==\s*'\\t'/, qw(core/text/span.h core/signature/secrets.c tool/message.c) ],
    [ 'control characters', qr/<=?\s*(?:' '|0x20|32)[^;{]*(?:0x7f|127)/,
        qw(core/text/text.c core/signature/secrets.c tool/message.c) ],
    [ 'hashes written by hand', qr/\b(?:16777619|2166136261|0x0*1000193|0x0*811c9dc5|5381)|0x0*100000001b3|cbf29ce484222325
        |\bhash\s*\*\s*(?:31|33)\b|<<\s*5\)\s*\+\s*\w*hash/xi ],
    [ 'digests', qr/\bapr_(?:sha1|md5)\w*|\bEVP_Digest\w*/, qw(core/signature/signature.c) ],
    [ 'opening of files to read', qr/\bapr_file_open\s*\(|\bfopen\s*\(|\bopen\s*\(/,
        qw(httpd/config/file.c log/event_log.c tool/source.c store/owner.c) ],
    [ 'prefixes without regard to case', qr/>=?\s*(\w+)\.n\s*&&\s*sw_span_equal_nocase\(sw_span_of\([^;]*\1\.n\)/,
        qw(core/text/span.h) ],
);

my (%named, %shaped);
for my $file (sort keys %text) {
    my @found = functions($text{$file});
    is scalar(@found), scalar(() = $text{$file} =~ /^\{$/gm), "$file: every function is read";
    for my $function (@found) {
        push @{ $named{ $function->{name} } }, $file if $function->{is_static};
        push @{ $shaped{ shape_of($function) } }, "$file: $function->{name}()";
    }
}
cmp_ok scalar(keys %named), '>', 800, 'there are functions';

subtest 'names' => sub {
    for my $name (sort keys %named) {
        my @units = uniq(@{ $named{$name} });
        my @module = grep { !m{\A(?:tool|client)/} } @units;
        # The module and swhook are two programs; both have the core.
        my $twice = @module > 1 || @units - @module > 1 || (@units > 1 && grep { m{\Acore/} } @units);
        ok $twice, "$name: is on the list for a reason" if $same_name{$name};
        is join(', ', @units), $units[0], "$name() stands in one unit" if $twice && !$same_name{$name};
    }
    is join(' ', grep { !$named{$_} } sort keys %same_name), '', 'the list has no names that are gone';
};

subtest 'bodies' => sub {
    is join(' ~ ', @$_), $_->[0], "$_->[0]: no other has this body"
        for map { $shaped{$_} } sort grep { length } keys %shaped;
};

subtest 'what is written once' => sub {
    for (@once) {
        my ($what, $pattern, @homes) = @$_;
        my %home = map { $_ => 1 } @homes;
        my %found = map { $_ => 1 } grep { $text{$_} =~ $pattern } keys %text;
        is join(' ', sort grep { !$home{$_} } keys %found), '', "$what: nowhere else";
        is join(' ', grep { !$found{$_} } @homes), '', "$what: where it is said to be";
    }
};

# The checks find what they look for.
subtest 'planted' => sub {
    my ($one, $two, $other) = map { (functions($_))[0] } (
        "static int has(const char *p, int n)\n{\n    int i;\n\n    for (i = 0; i < n; i++)\n"
        . "        if (check(p[i]))\n            return 1;\n    return 0;\n}\n",
        "static int any(const char *text,\n               int length)\n{\n    int at;\n    for (at = 0; at < length; at++)\n"
        . "        if (check(text[at]))\n            return 1;\n    return 0;\n}\n",
        "static int all(const char *p, int n)\n{\n    int i;\n\n    for (i = 0; i < n; i++)\n"
        . "        if (!check(p[i]))\n            return 0;\n    return 1;\n}\n");
    is shape_of($two), shape_of($one), 'a copy with other names';
    isnt shape_of($other), shape_of($one), 'what does something else';
    my %sample = (
        'digits of hex' => 'static const char hex[] = "0123456789ABCDEF";', 'values of hex digits' => "return c - 'A' + 10;",
        'a byte as %HH' => "*to++ = '%';", 'decoding of URLs' => 'ap_unescape_urlencoded(value)',
        'splitting of forms' => "sw_span_find(rest, '&')",
        'white space' => q{return c == ' ' || c == '\t' || c == '\r' || c == '\n';},
        'blanks and tabs' => q{while (*p == ' ' || *p == '\t')}, 'control characters' => 'return c < 0x20 || c == 0x7f;',
        'hashes written by hand' => 'hash = (hash ^ *byte++) * APR_UINT64_C(0x100000001b3);',
        'digests' => 'EVP_Digest(text.p, text.n, digest, NULL, EVP_sha256(), NULL)',
        'opening of files to read' => 'apr_file_open(&file, path, APR_FOPEN_READ,',
        'prefixes without regard to case' => 's.n >= with.n && sw_span_equal_nocase(sw_span_of(s.p, with.n), with)',
    );
    like $sample{ $_->[0] }, $_->[1], $_->[0] for @once;
};

done_testing;

sub uniq { my %seen; return grep { !$seen{$_}++ } @_ }

# Without comments.
sub code_of {
    my ($file) = @_;
    open my $in, '<', $file or die "$file: $!\n";
    local $/;
    return scalar(<$in>) =~ s{/\*.*?\*/}{}gsr;
}

# The functions that are defined in a text: name, parameters, body, is_static.
sub functions {
    my ($code) = @_;
    my @found;
    while ($code =~ /^((?:\w[^;{}#=()]*?)\b(\w+)\s*(\([^;{}]*?\)))\n\{\n(.*?)^\}$/gms) {
        my ($head, $name, $parameters, $body) = ($1, $2, $3, $4);
        push @found, { name => $name, parameters => $parameters, body => $body, is_static => scalar($head =~ /\Astatic\b/) };
    }
    return @found;
}

# A body with its own names numbered and its texts left out; empty if it is so
# short that two may agree by chance.
sub shape_of {
    my ($function) = @_;
    my @tokens = "$function->{parameters} $function->{body}"
        =~ /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)+'|->\s*\w+|\.\s*\w+|\w+\s*\(|\w+|[^\s\w]/g;
    my (%number, @shape);
    for my $token (@tokens) {
        push @shape, $token =~ /\A"/ ? '""'
            : $token !~ /\A[a-z]\w*\z/ || $token =~ /_[tfe]\z/ || $token =~ /\A(?:const|char|int|void|unsigned|long|if
                |else|for|while|do|return|switch|case|default|break|continue|sizeof|static|struct)\z/x ? $token
            : '$' . ($number{$token} //= keys %number);
    }
    return @shape < 20 ? '' : join ' ', @shape;
}
