# SPDX-License-Identifier: Apache-2.0
# Templates at configtest: whatever could fail later is refused, with directive,
# file, line and reason; what cannot is let through.
use FindBin; use lib "$FindBin::Bin/lib";
use File::Temp ();
use POSIX ();
use SW::Templates;
use SW::Test;

my $fill = sub { my ($n) = @_; return cxml_says('x' x ($n - length cxml_says(''))) };

# The complaint names the directive, the file, the line of it and the reason.
sub refused {
    my ($format, $name, $template, $line, $reason) = @_;
    my $file = "conf/broken.$format";
    refuses $name, configuration("SignalWireAnswer $format $file"),
        [ qr/SignalWireAnswer "[^"]*\Q$file\E"/, $line ? qr/\bline $line\b/ : (), $reason ],
        files => { $file => $template };
}

sub accepted {
    my ($format, $name, $template) = @_;
    my $file = "conf/good.$format";
    passes $name, configuration("SignalWireAnswer $format $file"), undef,
        files => { $file => $template };
}

subtest 'the directive' => sub {
    my %files = ('conf/t.xml' => cxml_says('x'), 'conf/t.json' => swml_says('x'));
    my $bad = sub {
        my ($line, @patterns) = @_;
        refuses $line, configuration($line), [ qr/SignalWireAnswer/, @patterns ], files => \%files;
    };
    my $good = sub {
        my ($line) = @_;
        passes $line, configuration($line), undef, files => \%files;
    };
    $bad->('SignalWireAnswer');
    $bad->('SignalWireAnswer cxml',                         qr/"cxml"|TEMPLATE|argument/);
    $bad->('SignalWireAnswer xml conf/t.xml',               qr/"xml": expected .*cxml/);
    $bad->('SignalWireAnswer json conf/t.json',             qr/"json": expected .*cxml/);
    $bad->('SignalWireAnswer conf/t.xml',                   qr/"conf\/t\.xml": expected/);
    $bad->('SignalWireAnswer ack conf/t.xml',               qr/"conf\/t\.xml": expected/);
    $bad->('SignalWireAnswer none conf/t.xml',              qr/expected/);
    $bad->('SignalWireAnswer cxml conf/t.xml conf/t.json',  qr/"conf\/t\.json": expected/);
    $bad->('SignalWireAnswer cxml conf/t.xml event=',       qr/"event=": expected/);
    $bad->('SignalWireAnswer cxml conf/t.xml event=voice.incomming',
        qr/"(?:event=)?voice\.incomming": expected/);
    $bad->('SignalWireAnswer cxml conf/t.xml event=voice.incoming,', qr/expected/);
    $bad->('SignalWireAnswer cxml conf/t.xml event=voice.*', qr/voice\.\*": expected/);
    $bad->('SignalWireAnswer cxml conf/t.xml "expr=="',     qr/expr=/);
    $bad->('SignalWireAnswer cxml conf/t.xml "expr=nofunction(\'x\') == 1"', qr/nofunction/);
    $bad->('SignalWireAnswer cxml conf/t.xml expr=',        qr/expr=/);
    $bad->('SignalWireAnswer cxml conf/t.json',             qr/conf\/t\.json/);
    $bad->('SignalWireAnswer swml conf/t.xml',              qr/conf\/t\.xml/);
    $good->('SignalWireAnswer CXML conf/t.xml EVENT=voice.Incoming,voice.gather "expr=true"');
    $good->(q(SignalWireAnswer swml @ROOT@/conf/t.json "expr=-n signalwire('To')" event=swml.call));
    $good->('SignalWireAnswer cxml conf/t.xml event=call.hold,video.room.started,unknown');
    $good->("SignalWireAnswer $_") for 'ack', 'ack event=voice.status', 'ack "expr=true"', 'None';
    refuses 'directly in a section', "<Location /x>\nSignalWireAnswer ack\n</Location>",
        qr/SignalWireAnswer stands directly in a section/;
    passes 'at server level', 'SignalWireAnswer ack', undef;
};

subtest 'files' => sub {
    my $pipes = File::Temp->newdir;
    my $fifo = "$pipes/fifo";
    POSIX::mkfifo($fifo, 0600) or die "$fifo: $!\n";
    my $bad = sub {
        my ($file, $reason, %files) = @_;
        refuses "$file: $reason", configuration("SignalWireAnswer cxml $file"),
            [ qr/SignalWireAnswer "[^"]*\Q$file\E": expected/, qr/$reason/ ], files => \%files;
    };
    $bad->('conf/missing.xml', 'No such file');
    $bad->('conf', 'a regular file|a file');
    $bad->('conf/empty.xml', 'empty|at most 65536|document', 'conf/empty.xml' => '');
    $bad->('conf/large.xml', '65536|64 KiB', 'conf/large.xml' => $fill->(65_537));
    $bad->('/dev/null', 'regular file|empty');
    $bad->($fifo, 'regular file');
    $bad->('conf/locked.xml', 'Permission denied', 'conf/locked.xml' => [ cxml_says('x'), 0 ]) if $>;
    accepted(cxml => '64 KiB', $fill->(65_536));
};

subtest 'Mustache' => sub {
    my @wrong = (
        [ 'a tag that is not closed',    "x\n{{From", 3, '{{ without }}' ],
        [ 'a tag that is not closed, before another', "x {{From\n{{To}}", 2,
          'blanks|braces|without' ],
        [ 'a section never closed',      "x\n{{#From}}y", 3,
          '#From.* (?:of line 3 )?is not closed' ],
        [ 'an inverted one',             '{{^From}}y', 2, 'From.*is not closed' ],
        [ 'a helper never closed',       '{{#e164}}{{From}}', 2, 'e164.*is not closed' ],
        [ 'a helper of other languages', "x\n{{#uppercase}}{{From}}{{/uppercase}}", 3,
          'no such helper; expected .*#upper' ],
        [ 'closed, never opened',        "\n\n{{/From}}", 4, '/From.*closes nothing' ],
        [ 'crossed',                     "{{#A}}{{#B}}\n{{/A}}{{/B}}", 3, '/A.*/B.* is due' ],
        [ 'crossed with a helper',       '{{#A}}{{#e164}}{{/A}}{{/e164}}', 2,
          '/A.*/e164.* is due' ],
        [ 'another case',                '{{#From}}{{/from}}', 2, '/from.*/From.* is due' ],
        [ 'raw',                         '{{{From}}}', 2, 'not escaped' ],
        [ 'raw, too',                    '{{&From}}', 2, 'not escaped' ],
        [ 'raw, with a blank',           '{{& From}}', 2, 'not escaped' ],
        [ 'raw, after a blank',         '{{ &From }}', 2, '' ],
        [ 'raw, after a blank, too',    '{{ {From} }}', 2, '' ],
        [ 'a partial',                   '{{>menu}}', 2, 'no partials' ],
        [ 'a partial, after a blank',   '{{ > menu}}', 2, '' ],
        [ 'other delimiters',            "x\n{{=<% %>=}}<% From %>", 3, 'delimiters' ],
        [ 'no name',                     '{{}}', 2, 'name' ],
        [ 'a blank name',                '{{  }}', 2, 'name' ],
        [ 'a section without a name',    '{{#}}{{/}}', 2, 'name' ],
        [ 'a name with a blank',         '{{From To}}', 2, 'blank' ],
        [ 'a comment not closed',        '{{! From', 2, '{{ without }}' ],
        [ 'nested too deep',             '{{#A}}' x 100 . '{{/A}}' x 100, 2, 'deep' ],
        [ '{{.}} outside of a list',     '{{.}}', 2, '\{\{\.\}\}' ],
        [ 'a name that never ends',      '{{' . 'x' x 10_000 . '}}', 2, 'name' ],
    );
    for (@wrong) {
        my ($name, $text, $line, $reason) = @$_;
        $reason =~ s/([{}])/\\$1/g if $reason !~ /\\/;
        refused(cxml => $name, cxml_says($text), $line, qr/$reason/);
    }
    accepted(cxml => $_->[0], cxml_says($_->[1])) for
        [ 'blanks in tags',           '{{ From }}{{# From }}{{ From }}{{/ From }}' ],
        [ 'an unknown name',
          '{{Nothing}}{{#Nothing}}{{sw.nothing}}{{env.nothing}}{{/Nothing}}' ],
        [ 'a name of no helper',      '{{#Digits}}{{From}}{{/Digits}}{{^e164}}x{{/e164}}' ],
        [ 'odd names',
          '{{SipHeader_X-Foo}}{{L[]}}{{vars.a.0.b}}{{a/b}}{{$x}}{{ü}}' ],
        [ 'braces',                   '{ } {x} }} }}} { {From}' ],
        [ 'comments',                 "{{! {{ <Dial> & \n {{#From}}x{{!}}" ],
        [ 'a list',                   '{{#L[]}}{{.}}{{^M}}{{.}}{{/M}}{{/L[]}}' ];
};

subtest 'places in cXML' => sub {
    my @wrong = (
        [ 'the name of an element',    cxml_of('<{{From}}>x</{{From}}>'), 2, 'name|element|markup' ],
        [ 'a part of it',              cxml_of('<Sa{{From}}>x</Say>'), 2, 'name of an element' ],
        [ 'the end of an element',     cxml_of('<Say>x</{{From}}>'), 2, 'name|element|markup' ],
        [ 'the name of an attribute',  cxml_of('<Say {{From}}="x">x</Say>'), 2, 'attribute' ],
        [ 'a part of it',              cxml_of('<Say v{{From}}="x">x</Say>'), 2, 'attribute' ],
        [ 'an attribute',              cxml_of('<Say {{From}}>x</Say>'), 2, 'attribute' ],
        [ 'an attribute without quotes', cxml_of('<Say voice={{From}}>x</Say>'), 2, 'attribute' ],
        [ 'a comment',                 cxml_of("<Say>x</Say>\n<!-- {{From}} -->"), 3, 'a comment' ],
        [ 'a CDATA section',           cxml_says('<![CDATA[{{From}}]]>'), 2, 'CDATA' ],
        [ 'a processing instruction',  cxml_of('<?x {{From}}?><Say>x</Say>'), 2,
          'processing instruction' ],
        [ 'the XML declaration',       '<?xml version="1.0" encoding="{{From}}"?>' . cxml_says('x'), 1,
          'encoding|processing' ],
        [ 'before the root',           '{{From}}' . cxml_says('x'), 1, 'outside' ],
        [ 'after the root',           cxml_says('x') . '{{From}}', 4, 'outside' ],
        [ 'a helper in a name',        cxml_of('<{{#lower}}SAY{{/lower}}>x</Say>'), 2, '' ],
        [ 'a section in a name',       cxml_of('<S{{#From}}ay{{/From}}>x</Say>'), 2, '' ],
        [ 'a section in a comment',    cxml_of('<!-- {{#From}}x{{/From}} -->'), 2, 'comment' ],
        [ 'markup in a helper',        cxml_says('{{#lower}}<break/>{{/lower}}'), 2, 'helper' ],
        [ 'an entity in a helper',     cxml_says('{{#lower}}&amp;{{From}}{{/lower}}'), 2, 'helper' ],
    );
    refused(cxml => @$_[0, 1, 2], qr/$_->[3]/) for @wrong;
    accepted(cxml => $_->[0], $_->[1]) for
        [ 'text and attributes',
          cxml_of('<Play loop="1">https://x/{{From}}</Play>',
                 q(<Say voice='{{V}}' language="x{{L}}y">{{From}}</Say>)) ],
        [ 'beside a comment',        cxml_of('<!-- x > y - -> --><Say>{{From}}</Say>') ],
        [ 'beside CDATA',            cxml_says('<![CDATA[<x> ]] ]>]]>{{From}}') ],
        [ 'a section of attributes', cxml_of('<Say {{#V}}voice="{{V}}"{{/V}}>x</Say>') ],
        [ 'a section of elements',
          cxml_of('{{#A}}<Say>{{A}}</Say><Hangup/>{{/A}}{{^A}}<Pause/>{{/A}}') ],
        [ 'a declaration',           qq(<?xml version="1.0" encoding="UTF-8"?>\n)
          . cxml_says('{{From}}') ],
        [ 'a comment before the declaration',
          qq({{! what it is\nand how }}\n<?xml version="1.0" encoding="UTF-8"?>\n)
              . cxml_says('{{From}}') ],
        [ 'and directly before it',  '{{! x }}<?xml version="1.0"?>' . cxml_says('x') ],
        [ 'CRLF',                    "{{! x }}\r\n" . (cxml_says('{{From}}') =~ s/\n/\r\n/gr) ],
        [ 'a whole message',
          cxml_of('<Message to="{{#e164}}{{From}}{{/e164}}"><Body>{{B}}</Body>',
                 '{{#M[]}}<Media>{{.}}</Media>{{/M[]}}</Message>') ];
};

# Whether a section is rendered, or how often, what remains must be whole.
subtest 'uneven sections' => sub {
    my @wrong = (
        [ 'opens an element',        '{{#A}}<Say>{{/A}}x</Say>', 2 ],
        [ 'closes one',              '<Say>x{{#A}}</Say>{{/A}}', 2 ],
        [ 'closes one and opens it', '<Say>x{{#A}}</Say><Say>{{/A}}y</Say>', 2 ],
        [ 'either',                  '{{#A}}<Say>{{/A}}{{^A}}<Say voice="man">{{/A}}x</Say>', 2 ],
        [ 'opens an attribute',      '<Say {{#A}}voice="{{/A}}x">x</Say>', 2 ],
        [ 'closes an attribute',     '<Say voice="x{{#A}}" loop="1{{/A}}">x</Say>', 2 ],
        [ 'ends a tag',              '<Say {{#A}}>{{/A}}x</Say>', 2 ],
        [ 'opens a comment',         '{{#A}}<!-- {{/A}} x -->', 2 ],
        [ 'another element',         "<Say>x\n{{#A}}</Say><Play>{{/A}}y</Play>", 3 ],
        [ 'the root',                '{{#A}}</Response>{{/A}}', 2 ],
    );
    refused(cxml => $_->[0], cxml_of($_->[1]), $_->[2], qr/./) for @wrong;
    refused(cxml => 'the whole document', "{{#A}}\n" . cxml_says('x') . '{{/A}}', 0, qr/./);
    refused(cxml => 'two documents', cxml_says('x') . '{{#A}}' . cxml_says('x') . '{{/A}}', 0, qr/./);
    refused(cxml => 'what a list repeats', cxml_of('',
        '<Dial>{{#L[]}}<Conference>{{.}}</Conference>{{/L[]}}</Dial>'), 3, qr/./);
    my @json = (
        [ 'opens a string',          '{"play":{"url":{{#A}}"{{/A}}x"}}', 3 ],
        [ 'closes one',              '{"play":{"url":"x{{#A}}","volume":"{{/A}}y"}}', 3 ],
        [ 'opens an object',         '{{#A}}{"answer":{{/A}}{}}', 3 ],
        [ 'closes one and opens it', '{"answer":{ {{#A}} }},{"answer":{ {{/A}} }}', 3 ],
        [ 'a comma too many',        '{"answer":{}}{{#A}},{{/A}}', 3 ],
        [ 'a comma too few',         '{{#A}}{"answer":{}}{{/A}}{"hangup":{}}', 3 ],
        [ 'nothing is left',         '{{#A}}{"answer":{}}{{/A}}', 3 ],
        [ 'an escape',               '{"play":{"url":"say:\\\\{{#A}}\\{{/A}}"}}', 3 ],
    );
    refused(swml => "JSON: $_->[0]", swml_of($_->[1]), 0, qr/./) for @json;
    accepted(swml => 'JSON: steps',
        swml_of('{"answer":{}}{{#A}},{"play":{"url":"say:{{A}}"}}{{/A}}'));
    accepted(swml => 'JSON: within a string', swml_says('{{#A}}Hello {{A}}{{/A}}{{^A}}Hello{{/A}}'));
    accepted(swml => 'JSON: a list of steps',
        swml_of('{{#L[]}}{"play":{"url":"say:{{.}}"}},{{/L[]}}{"hangup":{}}'));
};

subtest 'the schema' => sub {
    my @wrong = (
        [ 'another root',         "<Answer>\n<Say>x</Say></Answer>", 0, 'Response|root' ],
        [ 'another name space',   '<Response xmlns="urn:x"><Say>x</Say></Response>', 0, '.' ],
        [ 'no XML at all',        'Hello {{From}}', 1, '.' ],
        [ 'no document',          "\n\n", 0, '.' ],
        [ 'only a comment',       '{{! nothing }}', 0, '.' ],
        [ 'HTML',                 '<html><body>x</body></html>', 1, '.' ],
        [ 'a DOCTYPE',            "<!DOCTYPE Response>\n" . cxml_says('x'), 1, 'DOCTYPE|declaration' ],
        [ 'an entity',            cxml_says("x\n&nbsp;"), 3, '.' ],
        [ 'a value in a reference', cxml_says("x\n&#6{{#digits}}{{X}}{{/digits}};"), 3, '.' ],
        [ 'in one of an attribute', cxml_of('<Say voice="&#x{{X}};">x</Say>'), 2, '.' ],
        [ 'an ampersand',         cxml_says("x\nAT&T"), 3, '.' ],
        [ 'a tag that is not closed', cxml_of("<Say>x", '<Hangup/>'), 0, '.' ],
        [ 'an unknown element',   cxml_of('<Say>x</Say>', '<Speak>x</Speak>'), 3, 'Speak' ],
        [ 'another case',         cxml_of('<say>x</say>'), 2, 'say' ],
        [ 'an unknown attribute', cxml_of('<Say tone="x">x</Say>'), 2, 'tone|Say' ],
        [ 'an element where none may stand', cxml_of('<Gather>', '<Dial>1</Dial>', '</Gather>'), 0,
          'Dial|Gather' ],
        [ 'a word of no list',    cxml_of('<Pause/>', '<Reject reason="later"/>'), 3,
          'reason|Reject' ],
        [ 'no number',            cxml_of('<Pause length="long"/>'), 2, 'length|Pause' ],
        [ 'a blank before the declaration', " <?xml version=\"1.0\"?>\n" . cxml_says('x'), 1, '.' ],
        [ 'a byte order mark',    "\xef\xbb\xbf" . cxml_says('x'), 1, '.' ],
        [ 'Latin-1',              cxml_says("x\n\xe9t\xe9"), 3, '.' ],
        [ 'another encoding',     qq(<?xml version="1.0" encoding="ISO-8859-1"?>\n)
          . cxml_says('{{From}}'), 0, '.' ],
        [ 'NUL',                  cxml_says("x\0y"), 0, '.' ],
        [ 'UTF-16',               join('', map { "$_\0" } split //, cxml_says('x')), 0, '.' ],
        [ 'a value for a number', cxml_of('<Pause/>', '<Pause length="{{X}}"/>'), 3,
          'length|Pause|number' ],
        [ 'a value after a number', cxml_of('<Pause length="1{{X}}"/>'), 2, '.' ],
        [ 'e164 for a number',    cxml_of('<Pause length="{{#e164}}{{X}}{{/e164}}"/>'), 2, '.' ],
        [ 'a value for a word',   cxml_of('<Reject reason="{{X}}"/>'), 2, '.' ],
        [ 'a lower-case value for a word', cxml_of('<Reject reason="{{#lower}}{{X}}{{/lower}}"/>'),
          2, '.' ],
        [ 'a value for yes or no', cxml_of('<Dial answerOnBridge="{{X}}">1</Dial>'), 2, '.' ],
        [ 'a value for a method', cxml_of('<Redirect method="{{X}}">/x</Redirect>'), 2, '.' ],
        [ 'a section that leaves out what is wanted',
          cxml_of('<Pay><Prompt {{#A}}for="postal-code"{{/A}}/></Pay>'), 2, '.' ],
        [ 'one that leaves out a number', cxml_of('<Pause length="{{#A}}1{{/A}}"/>'), 2, '.' ],
        [ 'both, one of them wrong', cxml_of("{{#A}}", "<Pause/>", "{{/A}}", '{{^A}}', '<Paus/>',
          '{{/A}}'), 6, 'Paus' ],
        [ 'wrong in a section in a section', cxml_of('{{#A}}', '{{^B}}', '<Paus/>', '{{/B}}',
          '{{/A}}'), 4, 'Paus' ],
        [ 'wrong if two are set', cxml_of('{{#A}}{{#B}}<Paus/>{{/B}}{{/A}}{{^A}}<Pause/>{{/A}}'), 2,
          'Paus' ],
        [ 'wrong on one path of many',
          cxml_of('{{#A}}{{#B}}{{^C}}{{^D}}<Paus/>{{/D}}{{/C}}{{/B}}{{/A}}',
          map { "<Say>{{$_}}</Say>" } 'E' .. 'K'), 2, 'Paus' ],
    );
    refused(cxml => $_->[0], $_->[1], $_->[2], qr/$_->[3]/s) for @wrong;
    accepted(cxml => $_->[0], cxml_of($_->[1])) for
        [ 'references beside a value', '<Say>&lt;{{X}}&#65;{{Y}}&amp;</Say>' ],
        [ 'digits for a number',      '<Pause length="{{#digits}}{{X}}{{/digits}}"/>' ],
        [ 'a literal after digits',  '<Pause length="{{#digits}}{{X}}{{/digits}}0"/>' ],
        [ 'a word or another',        '<Reject reason="{{#A}}busy{{/A}}{{^A}}rejected{{/A}}"/>' ],
        [ 'an attribute or none',     '<Reject {{#A}}reason="busy"{{/A}}/>' ],
        [ 'an empty response',        '' ],
        [ 'a value for a URL',
          '<Gather action="{{env.X}}?a={{#urlencode}}{{From}}{{/urlencode}}"/>' ];
};

subtest 'SWML' => sub {
    my @wrong = (
        [ 'a tag outside of a string', swml_of('{"answer":{}}', '{{X}}'), 4,
          'outside of its strings|string' ],
        [ 'a tag for a number',      swml_of('{"sleep": {{X}} }'), 3, 'string' ],
        [ 'digits for a number',     swml_of('{"sleep": {{#digits}}{{X}}{{/digits}} }'), 3,
          'string' ],
        [ 'a raw tag',               swml_says('{{{X}}}'), 3, 'not escaped' ],
        [ 'after a backslash',      swml_says('\\{{X}}'), 3, 'escape' ],
        [ 'within an escape',        swml_says('\\u00{{X}}'), 3, '.' ],
        [ 'a part of an escape',     swml_says('\\u002{{#digits}}{{X}}{{/digits}}{a}'), 3, '.' ],
        [ 'an escaped sign',         swml_says('\\u0024{{X}}'), 3, '.' ],
        [ 'an escaped brace',        swml_says('{{X}}\\u007Bcall.from}'), 3, '.' ],
        [ 'within a placeholder',    swml_says('${vars.{{X}}}'), 3, '.' ],
        [ 'within another',          swml_says('%{call.{{#lower}}{{X}}{{/lower}}}'), 3, '.' ],
        [ 'number within a string',  swml_says('x{{#number}}{{X}}{{/number}}'), 3, 'number' ],
        [ 'number before a string',  swml_of('{"play":{"url":"{{#number}}{{X}}{{/number}}x"}}'), 3,
          'number' ],
        [ 'the name of a member',    swml_of('{"{{X}}":{}}'), 3, '.' ],
        [ 'a part of it',            swml_of('{"set":{"x{{X}}":1}}'), 3, '.' ],
        [ 'a section in a name',     swml_of('{"{{#X}}answer{{/X}}{{^X}}hangup{{/X}}":{}}'), 3,
          '.' ],
        [ 'a number as a name',      swml_of('{"set":{"{{#number}}{{X}}{{/number}}":1}}'), 0, '.' ],
        [ 'number outside of a string', swml_of('{"sleep": {{#number}}{{X}}{{/number}} }'), 3,
          'string|number' ],
        [ 'not closed',              swml_of('{"answer":{}'), 0, '.' ],
        [ 'closed twice',            swml_of('{"answer":{}}}'), 0, '.' ],
        [ 'a string not closed',     swml_of('{"play":{"url":"say:x}}'), 0, '.' ],
        [ 'a comma too many',        swml_of('{"answer":{}},'), 0, '.' ],
        [ 'a line end in a string',  swml_says("a\nb"), 0, '.' ],
        [ 'JavaScript',              swml_of("{'answer':{}}"), 0, '.' ],
        [ 'YAML',                    "version: 1.0.0\nsections:\n  main:\n    - answer: {}\n", 1,
          '.' ],
        [ 'XML',                     cxml_says('x'), 0, '.' ],
        [ 'nothing',                 '{{! nothing }}', 0, '.' ],
        [ 'a list',                  '[]', 0, '.' ],
        [ 'a text',                  '"{{X}}"', 0, '.' ],
        [ 'no sections',             '{"version":"1.0.0"}', 0, 'sections' ],
        [ 'no main',                 '{"sections":{"mein":[{"answer":{}}]}}', 0, 'main' ],
        [ 'an empty main',           '{"sections":{"main":[]}}', 0, 'main' ],
        [ 'main is a text',          '{"sections":{"main":"answer"}}', 0, 'main' ],
        [ 'a list of no steps',      '[{"error":"none"}]', 0, 'step' ],
        [ 'another version',         '{"version":"2.0","sections":{"main":[{"answer":{}}]}}', 0,
          'version' ],
        [ 'a value for the version', '{"version":"{{X}}","sections":{"main":[{"answer":{}}]}}', 0,
          'version' ],
        [ 'Latin-1',                 swml_says("\xe9t\xe9"), 0, '.' ],
        [ 'a byte order mark',       "\xef\xbb\xbf" . swml_says('x'), 0, '.' ],
        [ 'nested too deep',         swml_of('{"set":{"x":' . '[' x 5000 . ']' x 5000 . '}}'), 0,
          'deep|nest|depth' ],
    );
    refused(swml => $_->[0], $_->[1], $_->[2], qr/$_->[3]/) for @wrong;
    accepted(swml => $_->[0], $_->[1]) for
        [ 'values in strings',
          swml_says('Hello {{X}}, {{#lower}}{{Y}}{{/lower}} \\"{{Z}}\\" \\\\{{Z}}') ],
        [ 'a number',                swml_of('{"sleep":"{{#number}}{{X}}{{/number}}"}') ],
        [ 'placeholders of its own', swml_says('${call.from} %{call.to} ${{X}} %{{X}}') ],
        [ 'for messages',            swml_of('{"reply":{"body":"{{X}}"}}') ],
        [ 'reply at the top',        '{"reply":{"body":"{{X}}"}}' ],
        [ 'words as steps',          swml_of('"answer"', '{"play":"say:{{X}}"}', '"hangup"') ],
        [ 'without a version',       '{"sections":{"main":[{"answer":{}}]}}' ],
        [ 'a comment before it',     "{{! what it is\nand how }}\n" . swml_says('{{X}}') ];
};

# Found out for every server and line, not only the first.
subtest 'everywhere' => sub {
    my @files = (files => { 'conf/good.xml' => cxml_says('x'),
        'conf/bad.xml' => cxml_says('x', '{{{X}}}') });
    my $bad = 'SignalWireAnswer cxml conf/bad.xml';
    my $complaint = qr/SignalWireAnswer "[^"]*conf\/bad\.xml".*line 3/s;
    refuses 'a later line', configuration("SignalWireAnswer cxml conf/good.xml\n$bad"), $complaint,
        @files;
    refuses 'at server level', $bad, $complaint, @files;
    refuses 'in a virtual host', "<VirtualHost *:1>\n$bad\n</VirtualHost>", $complaint, @files;
    refuses 'after none', configuration("SignalWireAnswer none\n$bad"), $complaint, @files;
    refuses 'before none', configuration("$bad\nSignalWireAnswer none"), $complaint, @files;
};

finish;
done_testing;
