# SPDX-License-Identifier: Apache-2.0
# The house rules that a program can check: which way a room may look, that no
# two units look at each other, how long things may be, what the module exports.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

my $top    = SW::Config::source_dir();
my $build  = SW::Config::build_dir();
my %text   = map { ($_ => slurp("$top/$_")) } 'mod_signalwire.c', files(map { "src/$_.[ch]" } '*/*', '*/*/*');
my $design = slurp("$top/docs/design.md");
my %face   = map { $_ => 1 } qw(mod_signalwire tool/swhook);

# Each third-party library has one unit that knows its headers.
my %library = (
    openssl  => 'core/signature/signature.c',
    jansson  => 'core/template/swml.c',
    libxml   => 'core/template/document.c',
    hiredis  => 'store/redis.c',
    curl     => 'client/client.c',
    'openssl/(?:ssl|err|x509v3)' => 'store/connection.c',    # libssl, which is another
);
my $outside = qr/\b(?:ap_|apr_(?:file|time_now|socket|proc|shm|thread)|getenv|fopen|f?printf|time)\w*\s*\(/;
my $made    = qr/\A(?:cxml_(?:rng|names)|status_page)\.h\z/;    # by make, of files in conf
my $system  = qr/\A(?:std\w+|string|strings|ctype|limits)\.h\z/;

# What each room may look at: docs/design.md, "Which way a room may look".
my ($order) = $design =~ /^### Which way a room may look\n.*?^(    .*?\n)\n(?! {4})/ms;
my @core = map { "core/$_" } qw(template event signature text);
my (@rooms, %may);
for (split /\n(?! {5})/, $order) {
    my ($room, @others) = split;
    push @rooms, $room;
    $may{$room} = { map { $_ => 1 } map { $_ eq 'core' ? @core : $_ } @others };
}

# Units: the path without suffix, below src.
my %unit   = map { m{\A(?:src/)?(.*)\.c\z} ? ($1 => $_) : () } keys %text;
my %object = map { ($_ => object_of($_)) } keys %unit;
is join(' ', grep { !defined $object{$_} } sort keys %unit), '', 'every unit is built';
my %unit_of = map { defined $object{$_} ? ($object{$_} => $_) : () } keys %unit;
my (%defined_by, %needs);
my ($status, $symbols) = command('nm', '-A', sort keys %unit_of);
is $status, 0, 'the object files can be read';
for (split /\n/, $symbols) {
    my ($object, $type, $name) = /\A(.*?):.* ([A-Za-z]) (\S+)\z/ or next;
    next if $name =~ /\A__/;    # of the compiler
    $defined_by{$name} = $unit_of{$object} if $type =~ /[TDBRC]/;
    $needs{ $unit_of{$object} }{$name} = 1 if $type eq 'U';
}
my %looks;    # at a unit: by which symbols
for my $unit (keys %needs) {
    for my $name (sort keys %{ $needs{$unit} }) {
        my $at = $defined_by{$name} // next;
        push @{ $looks{$unit}{$at} }, $name if $at ne $unit && $name ne 'signalwire_module';
    }
}

subtest 'rooms' => sub {
    cmp_ok scalar(keys %unit), '>', 80, 'there are units';
    cmp_ok scalar(keys %looks), '>', 60, 'which look at others';
    my %rank = map { $rooms[$_] => $_ } 0 .. $#rooms;
    is join(' ', sort keys %rank), join(' ', uniq(sort grep { $_ } map { room_of($_) } keys %unit)),
        'docs/design.md names the rooms that there are';
    for my $room (@rooms) {
        is join(' ', grep { ($rank{$_} // -1) <= $rank{$room} } sort keys %{ $may{$room} }), '',
            "$room may look downwards only";
        cmp_ok scalar(grep { room_of($_) eq $room } keys %unit), '<=', 16, "$room: units";
    }
    for my $unit (sort keys %unit) {
        my $at = $looks{$unit};
        is join(' ', map { "$_ (@{ $at->{$_} })" } grep { !may_look($unit, $_) } sort keys %$at), '',
            "$unit: symbols of rooms below";
    }
    for my $file (sort keys %text) {
        my ($own) = includes($file);
        my $unit = $file =~ s{\Asrc/|\.[ch]\z}{}gr;
        is join(' ', grep { m{/} ? !may_look($unit, s/\.h\z//r) : !/$made/ } @$own), '',
            "$file: headers of rooms below";
    }
};

subtest 'no circle of files' => sub {
    my %left = map { my $unit = $_; $unit => { map { $_ => 1 } keys %{ $looks{$unit} } } } keys %unit;
    while (my @ends = grep { !%{ $left{$_} } } keys %left) {
        delete @left{@ends};
        delete @{$_}{@ends} for values %left;
    }
    # What is left looks at a circle, or is in one: those that nothing looks at are in none.
    while (my @tops = grep { my $unit = $_; !grep { $_->{$unit} } values %left } keys %left) {
        delete @left{@tops};
    }
    is join(', ', map { "$_ -> " . join ' ', sort keys %{ $left{$_} } } sort keys %left), '', 'by symbols';
};

subtest 'units' => sub {
    for my $unit (grep { !m{\Atool/} && !$face{$_} } sort keys %unit) {
        my $header = $text{"src/$unit.h"};
        ok defined $header, "$unit has its header" or next;
        is join(' ', grep { $defined_by{$_} eq $unit && $header !~ /\b$_\b/ } sort keys %defined_by), '',
            "$unit: its header says all that others may use";
    }
    my ($tree) = $design =~ /^## Layout\n.*?^(    .*?)\n\n(?! {4})/ms;
    my ($room, %listed) = '';
    for (split /\n/, $tree) {
        $room = $1 if m{\A {4}src/(\S+/) };
        $listed{"$room$1"} = 1 if /\A {8}(?! )(\S+)/ || /\A {4}(mod_signalwire) /;
    }
    my @headers = map { m{\Asrc/(.*)\.h\z} && !$unit{$1} ? "$1.h" : () } keys %text;
    is join(' ', sort grep { !$listed{$_} } keys %unit, @headers), '', 'docs/design.md, Layout: every file is there';
    delete @listed{ keys %unit, @headers };
    is join(' ', sort keys %listed), '', 'docs/design.md, Layout: there is no other';
};

subtest 'core, store and client' => sub {
    for my $file (sort grep { m{\Asrc/(?:core|store|client|tool)/} } keys %text) {
        my (undef, $foreign) = includes($file);
        is join(' ', grep { m{\A(?:ap_|http|mod_|util_|scoreboard|mpm)} } @$foreign), '',
            "$file knows no header of httpd";
        next if $file !~ m{\Asrc/core/};
        is join(' ', grep { !/$system/ && !/\Aapr/ && !knows($file, $_) } @$foreign), '',
            "$file knows APR only, and a library only if it is its unit";
        unlike code_of($file), $outside, "$file neither logs nor asks the clock or the system";
    }
    for my $unit (sort grep { m{\A(?:core|store|client|tool)/} } keys %unit) {
        is join(' ', grep { /\Aap_/ } sort keys %{ $needs{$unit} }), '', "$unit needs no function of httpd";
    }
};

subtest 'libraries' => sub {
    for my $file (sort keys %text) {
        my (undef, $foreign) = includes($file);
        is join(' ', grep { is_library($_) && !knows($file, $_) } @$foreign), '',
            "$file: a library only if it is its unit";
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
    cmp_ok scalar(split /\n/, $text{'src/httpd/module.h'}), '<=', 60, 'module.h: lines';
    @lengths = sort { $a <=> $b } @lengths;
    cmp_ok $lengths[-1], '<=', 60, 'the longest function';
    cmp_ok $lengths[ int(@lengths * 0.9) ], '<=', 25, 'nine of ten functions';
    cmp_ok $lengths[ @lengths / 2 ], '<=', 12, 'the median function';
};

# A setting that is forgotten in the comparison would share a verdict between
# sections that ask for different things.
subtest 'settings of a section' => sub {
    my ($header, $source, $dump) = map { code_of("src/httpd/config/$_") } qw(settings.h settings.c dump.c);
    for my $struct (qw(sw_verify_t sw_dir_t)) {
        my ($body) = $header =~ /^typedef struct $struct \{(.*?)^\} $struct;/ms;
        my @members = ($body // '') =~ /(\w+);/g;
        cmp_ok scalar @members, '>', 7, "$struct has members";
        for my $member (grep { $_ ne 'verify' } @members) {
            like $source, qr/^ +MERGE\($member\);$/m, "$member is merged";
            like $dump, qr/\bdir->(?:verify\.)?$member\b|sw_dir_$member\(/, "$member is shown by DUMP_SIGNALWIRE";
            like $source, qr/\ba->$member == b->$member\b/, "$member is compared" if $struct eq 'sw_verify_t';
        }
    }
};

subtest 'state' => sub {
    for my $file (sort keys %text) {
        my @static = code_of($file) =~ /^([ \t]*static\s[^({;=]*)[;=]/gm;
        is join("\n", grep { !/\bconst\b/ && !/\bap_filter_rec_t \*/ } @static), '', "$file: no mutable static";
    }
};

subtest 'symbols' => sub {
    my ($status, $names) = command('nm', '-D', '--defined-only', "$build/.libs/mod_signalwire.so");
    is $status, 0, 'the module can be read';
    is join(' ', map { /(\S+)\z/ } split /\n/, $names), 'signalwire_module',
        'it exports its record and nothing else';
};

done_testing;

# Below the top directory, by patterns.
sub files { return map { s{\A\Q$top\E/}{}r } map { glob "$top/$_" } @_ }

sub slurp { my ($file) = @_; open my $in, '<', $file or die "$file: $!\n"; local $/; return scalar(<$in>) // '' }

sub uniq { my %seen; return grep { !$seen{$_}++ } @_ }

# The object file that make has made of a unit for the module or the tool.
sub object_of {
    my ($unit) = @_;
    my ($dir, $name) = "src/$unit" =~ m{\A(.*)/(.*)\z};
    $dir = '.' if $unit eq 'mod_signalwire';
    $name =~ s{.*/}{};
    return (grep { -e } map { "$build/$dir/$_$name.o" }
            '.libs/mod_signalwire_la-', '.libs/libstore_la-', '.libs/', 'swhook-')[0];
}

# A face is above all rooms.
sub room_of { my ($unit) = @_; return $face{$unit} ? '' : $unit =~ s{/[^/]*\z}{}r }

sub may_look {
    my ($unit, $at) = @_;
    my ($from, $to) = (room_of($unit), room_of($at));
    return !$face{$at} && ($face{$unit} || $from eq $to || $may{$from}{$to}
        || ($at eq 'httpd/module' && $from =~ /\A(?:httpd|log|status)\b/));
}

# Of the pattern that says most of a header.
sub library_of {
    my ($header) = @_;
    return (map { $library{$_} } sort { length $b <=> length $a } grep { $header =~ m{\A$_\b} } keys %library)[0];
}

sub is_library { my ($header) = @_; return defined library_of($header) }
sub knows { my ($file, $header) = @_; return "src/" . (library_of($header) // '') eq $file }

# Without comments.
sub code_of { my ($file) = @_; return $text{$file} =~ s{/\*.*?\*/}{}gsr }

# The headers in quotes, and those in brackets.
sub includes {
    my ($file) = @_;
    my $code = code_of($file);
    return ([ $code =~ /^#\s*include\s+"([^"]+)"/gm ], [ $code =~ /^#\s*include\s+<([^>]+)>/gm ]);
}
