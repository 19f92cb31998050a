# SPDX-License-Identifier: Apache-2.0
# The documentation against the code: directives, messages, variables, templates;
# links lead somewhere, examples pass configtest.
use FindBin; use lib "$FindBin::Bin/lib";
use Encode qw(decode);
use SW::Test;

my $top = SW::Config::source_dir();
my %doc = map { m{([^/]+)\z} ? ($1 => slurp($_)) : () } glob "$top/docs/*.md";
my $source = join '', map { slurp($_) } glob "$top/src/*/*.c $top/src/*/*/*.c";
my %library = map { m{/([^/.]+\.\w+)\z} ? ($1 => slurp($_)) : () } glob "$top/conf/templates/*";

subtest 'directives' => sub {
    my @table = sort map { s/^<//r }
        slurp("$top/mod_signalwire.c") =~ /AP_INIT_\w+\("(<?SignalWire\w+)"/g;
    my %entry = map { /\A(\S+)/ ? ($1 => $_) : () } split /^## /m,
        ($doc{'directives.md'} =~ /^# Directives\n(.*?)^# /ms)[0];
    is_deeply [ sort keys %entry ], \@table,
        'docs/directives.md has the directives of the table and no other';
    my $annotated = slurp("$top/conf/signalwire.conf");
    for my $name (@table) {
        my $text = $entry{$name} // '';
        is join(' ', ($text =~ /\n\n((?:- .*\n(?: +.*\n)*)+)\n/)[0] =~ /^- (\w+): \S/gm),
            'Description Syntax Default Context Status Module Compatibility', "$name: its fields";
        like $text, qr/^- Syntax: +`<?$name\b/m, "$name: the syntax is that of $name";
        like $text, qr/^- Status: Extension\n- Module: mod_signalwire\n/m, "$name: status and module";
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
    like $doc{'messages.md'}, qr/^## $_ $token{$_}$/m, "$_ is documented as $token{$_}"
        for sort keys %token;
    for my $entry ($doc{'messages.md'} =~ /^(## SW.*?)(?=^## |\z)/gms) {
        my ($id) = $entry =~ /(SW\d{4})/;
        like $entry, qr/^- $_: /m, "$id: $_" for qw(Severity Cause Action);
    }
};

# docs/variables.md says in words what these tables of the code say.
subtest 'variables' => sub {
    my @verdicts = slurp("$top/src/core/signature/verdict.c") =~ /"SW\d+", "([\w-]+)"/g;
    is_deeply [ sort map { $_->[0] } rows('Verdicts') ], [ sort map { "`$_`" } @verdicts ],
        'every verdict, and no other';
    my %is_word = map { $_ => 1 } grep { !/^(?:verified|off)\z/ } @verdicts;    # common words
    my $module = join '', map { slurp($_) } grep { !m{/tool/} } glob "$top/src/*/*.c $top/src/*/*/*.c";
    is_deeply [ grep { $is_word{$_} } $module =~ /"([\w-]+)"/g ], [ grep { $is_word{$_} } @verdicts ],
        'each is written once, in src/core/signature/verdict.c';

    my @kinds  = kinds();
    my @fields = fields(@kinds);
    is_deeply [ map { $_->{header} } @fields ],
        [ map { join '-', map { ucfirst lc } split /_/, $_->{name} } @fields ],
        'header fields are spelled by one rule';
    is_table('Fields', [ 0, 2, 3 ], map { [ "`$_->{name}`", $_->{form}, $_->{json} ] } @fields);

    is_table('Kinds', [ 0, 2 .. 6 ],
        map { [ "`$_->{event}`", @$_{qw(response id status final key)} ] } @kinds);
    my (%kinds_of, @objects);
    for (grep { $_->{objects} } @kinds) {
        push @objects, $_->{objects} if !$kinds_of{ $_->{objects} };
        push @{ $kinds_of{ $_->{objects} } }, "`$_->{event}`";
    }
    is_table('Names in JSON', [ 0, 1 ], map { [ $_, join ', ', @{ $kinds_of{$_} } ] } @objects);

    my ($words)  = slurp("$top/src/core/event/params.c") =~ /is_card_word\(.*?words\[\] = \{(.*?)\}/s;
    my ($listed) = $doc{'variables.md'} =~ /^## Card data\n.*?^((?:`\w+`,?\s)+)/ms;
    my %listed   = map { lc =~ s/_//gr => 1 } $listed =~ /`(\w+)`/g;
    is_deeply [ sort keys %listed ], [ sort $words =~ /"(\w+)"/g ],
        'card data: the names of src/core/event/params.c';

    my %room = slurp("$top/src/httpd/publish/export.c") =~ /^#define (\w+_MAX) (\d+)$/gm;
    is_deeply [ map { $_->[1] =~ /(\d+ KiB)/ } rows('Limits') ],
        [ map { $_ / 1024 . ' KiB' } @room{qw(VALUE_MAX ENV_MAX HEADERS_MAX)} ], 'limits';
};

# docs/templates.md: its examples are templates, its tables say what the code does.
subtest 'templates' => sub {
    my $page = $doc{'templates.md'};
    my %file;
    my $n = 0;
    $file{ 'conf/' . ++$n . ".$1" } = $2 while $page =~ /^```(xml|json)\n(.*?)^```$/gms;
    cmp_ok scalar(keys %file), '>', 5, 'examples';
    my %setting = (xml => 'SignalWireAnswer cxml', json => 'SignalWireFallback json');
    for my $name (sort keys %file) {
        my ($type) = $name =~ /(\w+)\z/;
        my $setting = $file{$name} =~ /"sections"/ ? 'SignalWireAnswer swml' : $setting{$type};
        passes "$setting $name", "$setting $name", undef, files => \%file;
    }

    is join(' ', sort map { $_->[0] =~ /`(.*?)`/g } items('The library', $page)),
        join(' ', sort keys %library), 'the library: the files of conf/templates';

    my ($helpers) = $source =~ /\bhelpers\[\w+\] = \{(.*?)\}/s;
    is_deeply [ map { $_->[0] =~ /`(.*)`/ } items('Helpers', $page) ], [ $helpers =~ /"(\w+)"/g ],
        'helpers: those of the code, in their order';

    my $headers = join '', map { slurp($_) } glob "$top/src/core/*/*.h";
    my %limit   = map { slurp("$top/src/core/template/$_.c") =~ /^#define (\w+_MAX(?:_LEN)?) (\d+)/gm }
        qw(tag template render);
    %limit = (%limit, $headers =~ /^#define (SW_(?:DOCUMENT|TEMPLATE_VALUE)_MAX) (\d+)$/gm);
    is_deeply [ map { $_->[1] } items('Limits', $page) ],
        [ map({ $limit{$_} / 1024 . ' KiB' } qw(SW_DOCUMENT_MAX SW_TEMPLATE_VALUE_MAX)),
          @limit{qw(LIST_MAX OPEN_MAX)}, "$limit{NAME_MAX_LEN} bytes" ], 'limits';

    # A message with ... is looked up by its pieces, as the code has them in %s.
    my $strings = join "\0", map { join '', map { s/\\(.)/$1/gr } /"((?:[^"\\\n]|\\.)*)"/g }
        $source =~ /("(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*)/g;
    $strings =~ s/%%/%/g;
    my @messages = items('Messages', $page);
    cmp_ok scalar @messages, '>', 30, 'messages';
    for my $item (@messages) {
        my ($message) = $item->[0] =~ /\A`(.*)`\z/ or fail("$item->[0]: a message"), next;
        my $pattern = join '.{0,12}?', map { quotemeta } split /\.\.\./, $message, -1;
        $pattern =~ s/\\ 16\\ /\\ %d\\ /;
        ok $strings =~ /$pattern/, "message: $message";
    }
};

# Text and configurations; rows of tables and lines of other languages cannot be
# broken.
subtest 'columns' => sub {
    for my $page (sort keys %doc) {
        my $fence = '';
        my @long;
        for (split /\n/, decode('UTF-8', $doc{$page})) {
            $fence = $fence ? '' : $1 if /^```(\w*)/;
            my $is_free = $fence ? $fence ne 'apache' : /^\|| {4}/;
            push @long, $_ if length > 80 && !$is_free;
        }
        is join("\n", @long), '', "$page: no line over 80 columns";
    }
};

subtest 'links' => sub {
    my %anchors;
    for my $page (keys %doc) {
        $anchors{$page}{ anchor($_) } = 1 for $doc{$page} =~ /^#+ +(.*)/gm;
    }
    for my $page (sort keys %doc) {
        my $prose = $doc{$page} =~ s/^```.*?^```$|`[^`\n]*`//gmsr;
        for my $link ($prose =~ /\]\(([^)\s]+)\)/g) {
            next if $link =~ m{\A\w+://};
            my ($file, $anchor) = split /#/, $link;
            my $target = $file eq '' ? $page : $file;
            my $leads = $anchors{$target} ? !defined $anchor || $anchors{$target}{$anchor}
                                          : -e "$top/docs/$target";
            ok $leads, "$page: $link";
        }
    }
};

# A task, a configuration that the examples below try, and the reason for it.
subtest 'recipes' => sub {
    my %entry = map { /\A(.+)\n((?s:.*))/ ? ($1 => $2) : () } $doc{'recipes.md'} =~ /^## (.*?)(?=^#|\z)/gms;
    cmp_ok scalar(keys %entry), '>', 10, 'there are some';
    like $entry{$_}, qr/^```apache\n(?:(?!```).*\n)+```\n\n(?!```|#)\S/m, "$_: configuration and reason"
        for sort keys %entry;
};

# Pages that comments name are in the tree, as are those that pages name.
subtest 'pages' => sub {
    my @files = map { glob "$top/$_" } 'README', 'docs/*', map({ "conf/$_" } '*.*', '*/README', '*/*/*'),
        '*.c', map({ "src/$_.[ch]" } '*/*', '*/*/*'), map { "t/$_" } '*.t', 'README', '*/*.[chp]*', '*/SW/*.pm';
    cmp_ok scalar @files, '>', 250, 'there are files';
    for my $file (@files) {
        my @pages = slurp($file) =~ m{\b((?:docs/)?[\w-]+\.md)\b}g;
        is join(' ', grep { !$doc{s{\Adocs/}{}r} } @pages), '', $file =~ s{\A\Q$top\E/}{}r if @pages;
    }
};

# Files that an example names exist; what it needs of httpd is loaded. There is
# nothing to remark, and nothing that Debian has in another place.
subtest 'examples' => sub {
    my $logs = File::Temp->newdir;
    my %files = files_of(map { examples($_) } values %doc);
    for my $page (sort keys %doc) {
        my $n = 0;
        for my $example (examples($doc{$page})) {
            my $name = "$page: example " . ++$n . ': ' . (split /\n/, $example)[0];
            unlike $example, qr{^\s*\w+ +"?logs/}m, "$name: no logs/, which Debian does not have";
            next if $example =~ /^\s*SignalWireOnceCache redis/m && !has_hiredis();
            passes $name, here($example), undef, files => \%files, env => { APACHE_LOG_DIR => "$logs" },
                modules => 'auth_basic authn_file deflate filter include proxy proxy_fcgi'
                    . ' proxy_http remoteip reqtimeout rewrite ssl';
        }
    }
};

# Examples in plain text: indented, from the first < on; in a configuration
# after "#" and a tab.
subtest 'other examples' => sub {
    my %text = (README => slurp("$top/README"), 'conf/templates/README' => slurp("$top/conf/templates/README"),
                'conf/signalwire.conf' => join '', map { s/^#\t/    /r } split /(?<=\n)/, slurp("$top/conf/signalwire.conf"));
    my $logs = File::Temp->newdir;
    for my $page (sort keys %text) {
        my @examples = $text{$page} =~ /^(    <(?:.*\n)(?:    .*\n)*)/gm;
        cmp_ok scalar(@examples), '>', 0, "$page has some";
        my %files = files_of(@examples);
        passes "$page: " . (split /\n/, $_)[0], here($_), undef, files => \%files, env => { APACHE_LOG_DIR => "$logs" },
            modules => 'auth_basic authn_file' for @examples;
        unlike $text{$page}, qr{CustomLog +"?logs/}, "$page: no logs/, which Debian does not have";
    }
};

subtest 'conf' => sub {
    my $annotated = slurp("$top/conf/signalwire.conf");
    passes 'signalwire.conf as it is', $annotated, undef;
    my $uncommented = join '', grep { /^\s*SignalWire/ }
        map { s/^\s*#(?:.*Example: )?(?=SignalWire\w+ )//r . "\n" } split /\n/, $annotated;
    cmp_ok scalar(() = $uncommented =~ /^/gm), '>=', 8, 'its settings';
    my %files = files_of($uncommented);
    $uncommented =~ s/(?<=SignalWireGuard )Off/On/ or fail('the guard is off by default');  # beside a fallback
    passes 'signalwire.conf with every setting uncommented',
        here("$uncommented\n<Location /x>\n<SignalWireWebhook x>\n</SignalWireWebhook>\n</Location>\n"), undef,
        files => \%files;

    my $load = slurp("$top/conf/signalwire.load");
    my ($before, $path, $after) = $load =~ /\A(.*^LoadModule signalwire_module )(\S+)(.*)\z/ms;
    like $path, qr{mod_signalwire\.so\z}, 'signalwire.load names the module';
    my $built = SW::Config::build_dir() . '/.libs/mod_signalwire.so';
    passes 'signalwire.load with the built module', "$before\"$built\"$after", undef, bare => 1;
};

done_testing;

sub slurp { my ($file) = @_; open my $in, '<', $file or die "$file: $!\n"; local $/; return <$in> }

# Places that the test has.
sub here {
    my ($example) = @_;
    $example =~ s{/etc/apache2/}{\@ROOT\@/etc/}g;
    $example =~ s{/var/log/apache2/}{\@ROOT\@/logs/}g;
    $example =~ s{/usr/bin/rotatelogs}{/bin/cat}g;
    return $example;
}

sub examples { my ($text) = @_; return $text =~ /^```apache\n(.*?)^```$/gms }

# The files that a configuration names: keys, and templates, which stand below
# ServerRoot. Those of the library are the library's.
sub files_of {
    my $text = join '', @_;
    return ((map { ("etc/$_" => [ "key\n", 0600 ]) } $text =~ m{/etc/apache2/([\w.-]+)(?![\w./-])}g),
            (map { ("signalwire/$_" => $library{$_} // '<Response/>') } $text =~ m{ signalwire/([\w.-]+)}g));
}

# Of the first table below a heading, without its head; by default of
# docs/variables.md.
sub rows {
    my ($heading, $page) = @_;
    my ($table) = ($page // $doc{'variables.md'})
        =~ /^#+ \Q$heading\E\n.*?^\|[-|]+\n((?:\|[^\n]*\n)+)/ms or return;
    return map { [ map { s/\A +| +\z//gr } split /\|/, s/\A\|//r, -1 ] } split /\n/, $table;
}

# Of the first list below a heading, "* TERM: text" each: term and text.
sub items {
    my ($heading, $page) = @_;
    my ($list) = $page =~ /^#+ \Q$heading\E\n(?:(?!#).*\n)*?(\* (?:.+\n)+)/m or return;
    return map { /\A((?:`[^`]+`|[^`:])+): (.*)/s ? [ $1, $2 ] : [ $_, '' ] }
        map { s/\n */ /gr =~ s/ +\z//r } split /^\* /m, $list =~ s/\A\* //r;
}

# These columns of it hold these rows.
sub is_table {
    my ($heading, $columns, @want) = @_;
    cmp_ok @want, '>', 5, "$heading: the code can be read";
    is_deeply [ map { join ' | ', @$_[@$columns] } rows($heading) ],
        [ map { join ' | ', @$_ } @want ], "$heading: the rows are those of the code";
}

# The table of src/core/event/kinds.c: what a kind is called, and the lists that it has.
sub kinds {
    my $text = slurp("$top/src/core/event/kinds.c");
    my %of   = name_of();
    my @kinds;
    for my $row ($text =~ /^ {4}\[SW_\w+\] = \{.*?\}(?=,\n {4}\[|\n\};)/gms) {
        my ($enum, $event, $response, $rest) =
            $row =~ /(SW_\w+)\] = \{ ("[\w.]+"|NULL), (\w+)(.*)/s;
        my %kind = (enum => $enum, response => '`' . lc($response) . '`');
        $kind{event} = $event =~ /"(.*)"/ ? $1 : lc($enum =~ s/SW_OTHER_(\w+)/$1.*/r);
        for my $list (qw(id status final key order stamps)) {
            my ($items) = $rest =~ /\.$list = \{(.*?)\}/s;
            $kind{$list} = join ', ', map { $of{$_} || s/\AV\((\w+)\)/`$1`/r =~ tr/"/`/r }
                ($items // '') =~ /[FJV]\(\w+\)|"[^"]*"/g;
        }
        my @order = map { split /, /, $_ } @kind{qw(order stamps)};
        $kind{key} .= $rest =~ /\.recurs = 1/ ? '; needs ' . join ' or ', @order
                                              : '; ' . join ', ', @order if @order;
        my ($objects) = $rest =~ /\A, (ENVELOPE|\{.*?\})/;
        $kind{objects} = join ', ', map { $_ eq '' ? 'the whole' : "`$_`" }
            ($objects // '') =~ s/ENVELOPE/"" "params"/r =~ /"(\w*)"/g;
        push @kinds, \%kind;
    }
    my ($enums) = slurp("$top/src/core/event/kinds.h") =~ /typedef enum sw_kind_e \{(.*?)SW_KIND_COUNT/s;
    is_deeply [ map { $_->{enum} } @kinds ], [ $enums =~ /\bSW_\w+/g ],
        'every kind of src/core/event/kinds.h has its row';
    return @kinds;
}

# SW_FIELDS, with the sources of src/core/event/sources.c in their order. By all kinds.
sub fields {
    my %of      = name_of();
    my %event   = (ANY => '', map { $_->{enum} => "`$_->{event}`" } @_);
    my $sources = slurp("$top/src/core/event/sources.c");
    my (%names, %kinds_of);
    my $read = 0;
    while ($sources =~ /\{ V\((\w+)\), (([FJ])\(\w+\)), (\w+) \}/g) {
        my ($field, $name, $family, $kind) = ($1, $2, $3, $event{$4});
        push @{ $names{"$family $field"} }, $name if !$kinds_of{"$field $name"};
        push @{ $kinds_of{"$field $name"} }, $kind;
        $read++;
    }
    is $read, scalar(() = $sources =~ /\{ V\(/g), 'every source can be read';
    my $cell = sub {
        my ($family, $field) = @_;
        my @cells;
        for my $name (@{ $names{"$family $field"} || [] }) {
            my $kinds = join ', ', @{ $kinds_of{"$field $name"} };
            push @cells, $of{$name} . ($kinds && " ($kinds)");
        }
        return join ', ', @cells;
    };
    my ($list) = slurp("$top/src/core/event/event.h") =~ /^#define SW_FIELDS\(X\)(.*?)\n\n/ms;
    my @fields;
    while ($list =~ /X\((\w+), "([\w-]+)", \w+\)/g) {
        push @fields, { name => $1, header => $2 };
    }
    for my $field (@fields) {
        $field->{form} = $cell->('F', $field->{name});
        $field->{json} = $cell->('J', $field->{name});
    }
    return @fields;
}

# F(CallSid) => `CallSid`, J(detect__type) => `detect.type`
sub name_of {
    my $text = slurp("$top/src/core/event/names.h");
    my ($form, $json) = $text =~ /^#define SW_FORM_NAMES(.*?)\n\n#define SW_JSON_NAMES(.*?)\n\n/ms;
    return ((map { ("F($_)" => "`$_`") } $form =~ /X\((\w+)\)/g),
            (map { /(\w+), "(.*)"/ ? ("J($1)" => "`$2`") : () } $json =~ /X\((\w+, "[\w.]+")\)/g));
}

# As web pages make anchors of headings.
sub anchor {
    my ($heading) = @_;
    my $text = lc $heading;
    $text =~ s/[^\w\s-]//g;
    $text =~ s/\s/-/g;
    return $text;
}
