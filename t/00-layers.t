# SPDX-License-Identifier: Apache-2.0
# The house rules that a program can check: which way a file may look, how long
# things may be, what the module exports.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

# docs/design.md, "Which way a file may look". A new file of the core stands
# here with its feature.
my %core = (
    span      => [],
    verdict   => [],
    form      => [qw(span)],
    url       => [qw(span)],
    text      => [qw(span)],
    json      => [qw(span)],
    jsonread  => [qw(json text)],
    timestamp => [qw(span)],
    params    => [qw(span form json)],
    names     => [qw(span)],
    event     => [qw(span params kinds progress timestamp)],    # kinds: the tables, in the .c
    kinds     => [qw(event names)],
    rules     => [qw(kinds)],
    sources   => [qw(kinds)],
    reading   => [qw(kinds)],
    suggest   => [qw(kinds text)],
    fields    => [qw(span verdict)],
    forwarded => [qw(span url)],
    secrets   => [qw(span)],
    context   => [qw(span)],
    fault     => [qw(span text)],
    vocabulary => [qw(event text cxml_names)],
    document  => [qw(event fault vocabulary cxml_rng)],
    swml      => [qw(document text)],
    template  => [qw(context document event segments tag)],      # the last two: in the .c
    line      => [qw(span text)],
    masked    => [qw(span)],
    tag       => [qw(span)],
    segments  => [qw(template)],
    render    => [qw(segments text)],
    help      => [qw(segments e164)],
    hint      => [qw(template)],
    e164      => [qw(span)],
    probe     => [qw(segments)],
    project   => [qw(params)],
    progress  => [qw(span)],
    signature => [qw(span form url verdict fields)],
    recode    => [qw(span)],                                    # how others percent-encode
    targets   => [qw(span recode)],
    origins   => [qw(forwarded)],
    nearmiss  => [qw(origins targets signature)],
    explain   => [qw(nearmiss text)],
);
my %library = (openssl => 'signature.c', jansson => 'swml.c', libxml => 'document.c', hiredis => 'redis.c');
my %also    = ('openssl/ssl.h openssl/err.h openssl/x509v3.h' => 'wire.c');     # libssl, which is another
my $outside = qr/\b(?:ap_|apr_(?:file|time_now|socket|proc|shm|thread)|getenv|fopen|f?printf|time)\w*\s*\(/;
my $system  = qr/\A(?:std\w+|string|strings|ctype|limits)\.h\z/;

my $top = SW::Config::source_dir();
my %text = map { ($_ => slurp("$top/$_")) } files('mod_signalwire.c', 'src/*/*.[ch]');
cmp_ok keys %text, '>', 20, 'there are sources';

subtest 'includes of the core' => sub {
    for my $file (sort grep { m{\Asrc/core/} } keys %text) {
        my ($name, $noun) = $file =~ m{(([^/.]+)\.[ch])\z};
        ok $core{$noun}, "$file has its place" or next;
        my %may = map { ("$_.h" => 1) } $noun, @{ $core{$noun} };
        my ($own, $foreign) = includes($file);
        is join(' ', grep { !$may{$_} } @$own), '', "$file looks at nothing above it";
        is join(' ', grep { !/$system/ && !/\Aapr/ && ($library{ (m{\A(\w+)})[0] } || '') ne $name } @$foreign), '',
            "$file knows no httpd, and a library only if it is its file";
        unlike code_of($file), $outside,
            "$file neither logs nor asks the clock or the system";
    }
};

# The other rooms. What is shared knows httpd as little as the core does: it is
# compiled without httpd's headers in sight.
my %may = (
    shared => qr{\A(?:(?:store|ring|clock|owner)\.h|\.\./core/span\.h)\z},
    httpd  => qr{\A(?:(?:mod_signalwire|module|settings|sections|claims|verify)\.h|\.\./core/\w+\.h|\.\./shared/(?:store|clock)\.h)\z},
    status => qr{\A(?:(?:board|status_page)\.h|\.\./core/\w+\.h|\.\./httpd/(?:module|sections)\.h|\.\./shared/ring\.h)\z},
    tool   => qr{\A(?:(?:tool|message)\.h|\.\./core/\w+\.h)\z},
    ''     => qr{\Asrc/(?:httpd/module|status/board)\.h\z},
);

subtest 'includes of the other rooms' => sub {
    for my $file (sort grep { !m{\Asrc/core/} } keys %text) {
        my ($own, $foreign) = includes($file);
        my ($room) = $file =~ m{\Asrc/(\w+)/};
        my $may = $may{ $room // '' };
        is join(' ', grep { !/$may/ } @$own), '', "$file: own headers";
        my ($name) = $file =~ m{([^/]+)\z};
        my %own = map { ($_ => 1) } map { split } grep { $also{$_} eq $name } keys %also;
        is join(' ', grep { !$own{$_} && m{\A(\w+)} && ($library{$1} // $name) ne $name } @$foreign), '',
            "$file: a third-party library only if it is its file";
    }
};

subtest 'sizes' => sub {
    my @tests = files(map { "t/$_" } '*.t', 'lib/SW/*.pm', 'unit/*.[ch]', 'fuzz/*.[ch]', 'demo/run', 'bench/run',
        'bench/*.c', 'bench/*.lua');
    my @lengths;
    for my $file (sort keys %text, @tests) {
        my $text = $text{$file} // slurp("$top/$file");
        my @lines = split /\n/, $text;
        cmp_ok @lines, '<=', $file eq 'mod_signalwire.c' ? 250 : 400, "$file: lines";
        is scalar(() = $text =~ /SPDX-License-Identifier: Apache-2\.0/g), 1,
            "$file: one SPDX line" if $file !~ /00-layers/;
        next if $file !~ /\.[ch]\z/;
        is join(' ', grep { length $lines[ $_ - 1 ] > 80 } 1 .. @lines), '', "$file: no line over 80 columns";
        while ($text =~ /^\{\n(.*?)^\}$/gms) { push @lengths, 2 + ($1 =~ tr/\n//) if $file !~ m{\At/} }
    }
    @lengths = sort { $a <=> $b } @lengths;
    cmp_ok $lengths[-1], '<=', 70, 'the longest function';
    cmp_ok $lengths[ int(@lengths * 0.9) ], '<=', 45, 'nine of ten functions';
    cmp_ok $lengths[ @lengths / 2 ], '<=', 15, 'the median function';
};

subtest 'state' => sub {
    for my $file (sort keys %text) {
        my @static = code_of($file) =~ /^([ \t]*static\s[^({;=]*)[;=]/gm;
        is join("\n", grep { !/\bconst\b/ && !/\bap_filter_rec_t \*/ } @static), '', "$file: no mutable static";
    }
};

subtest 'symbols' => sub {
    my $module = SW::Config::build_dir() . '/.libs/mod_signalwire.so';
    my ($status, $names) = command('nm', '-D', '--defined-only', $module);
    is $status, 0, 'the module can be read';
    is join(' ', map { /(\S+)\z/ } split /\n/, $names), 'signalwire_module',
        'it exports its record and nothing else';
};

done_testing;

# Below the top directory, by patterns.
sub files { return map { s{\A\Q$top\E/}{}r } map { glob "$top/$_" } @_ }

sub slurp { my ($file) = @_; open my $in, '<', $file or die "$file: $!\n"; local $/; return <$in> }

# Without comments.
sub code_of { my ($file) = @_; return $text{$file} =~ s{/\*.*?\*/}{}gsr }

# The headers in quotes, and those in brackets.
sub includes {
    my ($file) = @_;
    my $code = code_of($file);
    return ([ $code =~ /^#\s*include\s+"([^"]+)"/gm ], [ $code =~ /^#\s*include\s+<([^>]+)>/gm ]);
}
