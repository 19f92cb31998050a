# SPDX-License-Identifier: Apache-2.0
# Templates at configtest: whatever could fail later is refused, with directive,
# file, line and reason; what cannot is let through.
use FindBin; use lib "$FindBin::Bin/lib";
use File::Temp ();
use POSIX ();
use SW::Test;

my $xml  = sub { return "<Response>\n" . join("\n", @_) . "\n</Response>\n" };
my $say  = sub { return $xml->(map { "<Say>$_</Say>" } @_) };
my $main = sub { return qq({"version":"1.0.0",\n"sections":{"main":[\n) . join(",\n", @_)
    . "\n]}}\n" };
my $play = sub { return $main->(map { qq({"play":{"url":"say:$_"}}) } @_) };
my $fill = sub { my ($n) = @_; return $say->('x' x ($n - length $say->(''))) };

# A block with these lines, and these templates.
sub configuration {
    my ($lines) = @_;
    return <<"EOT_CONF";
SignalWireSigningKey \@KEY\@
SignalWirePublicURL  https://hooks.example.com
<Location /x>
    <SignalWireWebhook x>
        $lines
    </SignalWireWebhook>
</Location>
EOT_CONF
}

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
    my %files = ('conf/t.xml' => $say->('x'), 'conf/t.json' => $play->('x'));
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
    $bad->('conf/locked.xml', 'Permission denied', 'conf/locked.xml' => [ $say->('x'), 0 ]) if $>;
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
        [ 'raw, behind a blank',         '{{ &From }}', 2, '' ],
        [ 'raw, behind a blank, too',    '{{ {From} }}', 2, '' ],
        [ 'a partial',                   '{{>menu}}', 2, 'no partials' ],
        [ 'a partial, behind a blank',   '{{ > menu}}', 2, '' ],
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
        refused(cxml => $name, $say->($text), $line, qr/$reason/);
    }
    accepted(cxml => $_->[0], $say->($_->[1])) for
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
        [ 'the name of an element',    $xml->('<{{From}}>x</{{From}}>'), 2, 'name|element|markup' ],
        [ 'a part of it',              $xml->('<Sa{{From}}>x</Say>'), 2, 'name of an element' ],
        [ 'the end of an element',     $xml->('<Say>x</{{From}}>'), 2, 'name|element|markup' ],
        [ 'the name of an attribute',  $xml->('<Say {{From}}="x">x</Say>'), 2, 'attribute' ],
        [ 'a part of it',              $xml->('<Say v{{From}}="x">x</Say>'), 2, 'attribute' ],
        [ 'an attribute',              $xml->('<Say {{From}}>x</Say>'), 2, 'attribute' ],
        [ 'an attribute without quotes', $xml->('<Say voice={{From}}>x</Say>'), 2, 'attribute' ],
        [ 'a comment',                 $xml->("<Say>x</Say>\n<!-- {{From}} -->"), 3, 'a comment' ],
        [ 'a CDATA section',           $say->('<![CDATA[{{From}}]]>'), 2, 'CDATA' ],
        [ 'a processing instruction',  $xml->('<?x {{From}}?><Say>x</Say>'), 2,
          'processing instruction' ],
        [ 'the XML declaration',       '<?xml version="1.0" encoding="{{From}}"?>' . $say->('x'), 1,
          'encoding|processing' ],
        [ 'before the root',           '{{From}}' . $say->('x'), 1, 'outside' ],
        [ 'behind the root',           $say->('x') . '{{From}}', 4, 'outside' ],
        [ 'a helper in a name',        $xml->('<{{#lower}}SAY{{/lower}}>x</Say>'), 2, '' ],
        [ 'a section in a name',       $xml->('<S{{#From}}ay{{/From}}>x</Say>'), 2, '' ],
        [ 'a section in a comment',    $xml->('<!-- {{#From}}x{{/From}} -->'), 2, 'comment' ],
        [ 'markup in a helper',        $say->('{{#lower}}<break/>{{/lower}}'), 2, 'helper' ],
        [ 'an entity in a helper',     $say->('{{#lower}}&amp;{{From}}{{/lower}}'), 2, 'helper' ],
    );
    refused(cxml => @$_[0, 1, 2], qr/$_->[3]/) for @wrong;
    accepted(cxml => $_->[0], $_->[1]) for
        [ 'text and attributes',
          $xml->('<Play loop="1">https://x/{{From}}</Play>',
                 q(<Say voice='{{V}}' language="x{{L}}y">{{From}}</Say>)) ],
        [ 'beside a comment',        $xml->('<!-- x > y - -> --><Say>{{From}}</Say>') ],
        [ 'beside CDATA',            $say->('<![CDATA[<x> ]] ]>]]>{{From}}') ],
        [ 'a section of attributes', $xml->('<Say {{#V}}voice="{{V}}"{{/V}}>x</Say>') ],
        [ 'a section of elements',
          $xml->('{{#A}}<Say>{{A}}</Say><Hangup/>{{/A}}{{^A}}<Pause/>{{/A}}') ],
        [ 'a declaration',           qq(<?xml version="1.0" encoding="UTF-8"?>\n)
          . $say->('{{From}}') ],
        [ 'a comment before the declaration',
          qq({{! what it is\nand how }}\n<?xml version="1.0" encoding="UTF-8"?>\n)
              . $say->('{{From}}') ],
        [ 'and directly before it',  '{{! x }}<?xml version="1.0"?>' . $say->('x') ],
        [ 'CRLF',                    "{{! x }}\r\n" . ($say->('{{From}}') =~ s/\n/\r\n/gr) ],
        [ 'a whole message',
          $xml->('<Message to="{{#e164}}{{From}}{{/e164}}"><Body>{{B}}</Body>',
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
    refused(cxml => $_->[0], $xml->($_->[1]), $_->[2], qr/./) for @wrong;
    refused(cxml => 'the whole document', "{{#A}}\n" . $say->('x') . '{{/A}}', 0, qr/./);
    refused(cxml => 'two documents', $say->('x') . '{{#A}}' . $say->('x') . '{{/A}}', 0, qr/./);
    refused(cxml => 'what a list repeats', $xml->('',
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
    refused(swml => "JSON: $_->[0]", $main->($_->[1]), 0, qr/./) for @json;
    accepted(swml => 'JSON: steps',
        $main->('{"answer":{}}{{#A}},{"play":{"url":"say:{{A}}"}}{{/A}}'));
    accepted(swml => 'JSON: within a string', $play->('{{#A}}Hello {{A}}{{/A}}{{^A}}Hello{{/A}}'));
    accepted(swml => 'JSON: a list of steps',
        $main->('{{#L[]}}{"play":{"url":"say:{{.}}"}},{{/L[]}}{"hangup":{}}'));
};

subtest 'the schema' => sub {
    my @wrong = (
        [ 'another root',         "<Answer>\n<Say>x</Say></Answer>", 0, 'Response|root' ],
        [ 'another name space',   '<Response xmlns="urn:x"><Say>x</Say></Response>', 0, '.' ],
        [ 'no XML at all',        'Hello {{From}}', 1, '.' ],
        [ 'no document',          "\n\n", 0, '.' ],
        [ 'only a comment',       '{{! nothing }}', 0, '.' ],
        [ 'HTML',                 '<html><body>x</body></html>', 1, '.' ],
        [ 'a DOCTYPE',            "<!DOCTYPE Response>\n" . $say->('x'), 1, 'DOCTYPE|declaration' ],
        [ 'an entity',            $say->("x\n&nbsp;"), 3, '.' ],
        [ 'a value in a reference', $say->("x\n&#6{{#digits}}{{X}}{{/digits}};"), 3, '.' ],
        [ 'in one of an attribute', $xml->('<Say voice="&#x{{X}};">x</Say>'), 2, '.' ],
        [ 'an ampersand',         $say->("x\nAT&T"), 3, '.' ],
        [ 'a tag that is not closed', $xml->("<Say>x", '<Hangup/>'), 0, '.' ],
        [ 'an unknown element',   $xml->('<Say>x</Say>', '<Speak>x</Speak>'), 3, 'Speak' ],
        [ 'another case',         $xml->('<say>x</say>'), 2, 'say' ],
        [ 'an unknown attribute', $xml->('<Say tone="x">x</Say>'), 2, 'tone|Say' ],
        [ 'an element where none may stand', $xml->('<Gather>', '<Dial>1</Dial>', '</Gather>'), 0,
          'Dial|Gather' ],
        [ 'a word of no list',    $xml->('<Pause/>', '<Reject reason="later"/>'), 3,
          'reason|Reject' ],
        [ 'no number',            $xml->('<Pause length="long"/>'), 2, 'length|Pause' ],
        [ 'a blank before the declaration', " <?xml version=\"1.0\"?>\n" . $say->('x'), 1, '.' ],
        [ 'a byte order mark',    "\xef\xbb\xbf" . $say->('x'), 1, '.' ],
        [ 'Latin-1',              $say->("x\n\xe9t\xe9"), 3, '.' ],
        [ 'another encoding',     qq(<?xml version="1.0" encoding="ISO-8859-1"?>\n)
          . $say->('{{From}}'), 0, '.' ],
        [ 'NUL',                  $say->("x\0y"), 0, '.' ],
        [ 'UTF-16',               join('', map { "$_\0" } split //, $say->('x')), 0, '.' ],
        [ 'a value for a number', $xml->('<Pause/>', '<Pause length="{{X}}"/>'), 3,
          'length|Pause|number' ],
        [ 'a value behind a number', $xml->('<Pause length="1{{X}}"/>'), 2, '.' ],
        [ 'e164 for a number',    $xml->('<Pause length="{{#e164}}{{X}}{{/e164}}"/>'), 2, '.' ],
        [ 'a value for a word',   $xml->('<Reject reason="{{X}}"/>'), 2, '.' ],
        [ 'a lower-case value for a word', $xml->('<Reject reason="{{#lower}}{{X}}{{/lower}}"/>'),
          2, '.' ],
        [ 'a value for yes or no', $xml->('<Dial answerOnBridge="{{X}}">1</Dial>'), 2, '.' ],
        [ 'a value for a method', $xml->('<Redirect method="{{X}}">/x</Redirect>'), 2, '.' ],
        [ 'a section that leaves out what is wanted',
          $xml->('<Pay><Prompt {{#A}}for="postal-code"{{/A}}/></Pay>'), 2, '.' ],
        [ 'one that leaves out a number', $xml->('<Pause length="{{#A}}1{{/A}}"/>'), 2, '.' ],
        [ 'both, one of them wrong', $xml->("{{#A}}", "<Pause/>", "{{/A}}", '{{^A}}', '<Paus/>',
          '{{/A}}'), 6, 'Paus' ],
        [ 'wrong in a section in a section', $xml->('{{#A}}', '{{^B}}', '<Paus/>', '{{/B}}',
          '{{/A}}'), 4, 'Paus' ],
        [ 'wrong if two are set', $xml->('{{#A}}{{#B}}<Paus/>{{/B}}{{/A}}{{^A}}<Pause/>{{/A}}'), 2,
          'Paus' ],
        [ 'wrong on one path of many',
          $xml->('{{#A}}{{#B}}{{^C}}{{^D}}<Paus/>{{/D}}{{/C}}{{/B}}{{/A}}',
          map { "<Say>{{$_}}</Say>" } 'E' .. 'K'), 2, 'Paus' ],
    );
    refused(cxml => $_->[0], $_->[1], $_->[2], qr/$_->[3]/s) for @wrong;
    accepted(cxml => $_->[0], $xml->($_->[1])) for
        [ 'references beside a value', '<Say>&lt;{{X}}&#65;{{Y}}&amp;</Say>' ],
        [ 'digits for a number',      '<Pause length="{{#digits}}{{X}}{{/digits}}"/>' ],
        [ 'a literal behind digits',  '<Pause length="{{#digits}}{{X}}{{/digits}}0"/>' ],
        [ 'a word or another',        '<Reject reason="{{#A}}busy{{/A}}{{^A}}rejected{{/A}}"/>' ],
        [ 'an attribute or none',     '<Reject {{#A}}reason="busy"{{/A}}/>' ],
        [ 'an empty response',        '' ],
        [ 'a value for a URL',
          '<Gather action="{{env.X}}?a={{#urlencode}}{{From}}{{/urlencode}}"/>' ];
};

subtest 'SWML' => sub {
    my @wrong = (
        [ 'a tag outside of a string', $main->('{"answer":{}}', '{{X}}'), 4,
          'outside of its strings|string' ],
        [ 'a tag for a number',      $main->('{"sleep": {{X}} }'), 3, 'string' ],
        [ 'digits for a number',     $main->('{"sleep": {{#digits}}{{X}}{{/digits}} }'), 3,
          'string' ],
        [ 'a raw tag',               $play->('{{{X}}}'), 3, 'not escaped' ],
        [ 'behind a backslash',      $play->('\\{{X}}'), 3, 'escape' ],
        [ 'within an escape',        $play->('\\u00{{X}}'), 3, '.' ],
        [ 'a part of an escape',     $play->('\\u002{{#digits}}{{X}}{{/digits}}{a}'), 3, '.' ],
        [ 'an escaped sign',         $play->('\\u0024{{X}}'), 3, '.' ],
        [ 'an escaped brace',        $play->('{{X}}\\u007Bcall.from}'), 3, '.' ],
        [ 'within a placeholder',    $play->('${vars.{{X}}}'), 3, '.' ],
        [ 'within another',          $play->('%{call.{{#lower}}{{X}}{{/lower}}}'), 3, '.' ],
        [ 'number within a string',  $play->('x{{#number}}{{X}}{{/number}}'), 3, 'number' ],
        [ 'number before a string',  $main->('{"play":{"url":"{{#number}}{{X}}{{/number}}x"}}'), 3,
          'number' ],
        [ 'the name of a member',    $main->('{"{{X}}":{}}'), 3, '.' ],
        [ 'a part of it',            $main->('{"set":{"x{{X}}":1}}'), 3, '.' ],
        [ 'a section in a name',     $main->('{"{{#X}}answer{{/X}}{{^X}}hangup{{/X}}":{}}'), 3,
          '.' ],
        [ 'a number as a name',      $main->('{"set":{"{{#number}}{{X}}{{/number}}":1}}'), 0, '.' ],
        [ 'number outside of a string', $main->('{"sleep": {{#number}}{{X}}{{/number}} }'), 3,
          'string|number' ],
        [ 'not closed',              $main->('{"answer":{}'), 0, '.' ],
        [ 'closed twice',            $main->('{"answer":{}}}'), 0, '.' ],
        [ 'a string not closed',     $main->('{"play":{"url":"say:x}}'), 0, '.' ],
        [ 'a comma too many',        $main->('{"answer":{}},'), 0, '.' ],
        [ 'a line end in a string',  $play->("a\nb"), 0, '.' ],
        [ 'JavaScript',              $main->("{'answer':{}}"), 0, '.' ],
        [ 'YAML',                    "version: 1.0.0\nsections:\n  main:\n    - answer: {}\n", 1,
          '.' ],
        [ 'XML',                     $say->('x'), 0, '.' ],
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
        [ 'Latin-1',                 $play->("\xe9t\xe9"), 0, '.' ],
        [ 'a byte order mark',       "\xef\xbb\xbf" . $play->('x'), 0, '.' ],
        [ 'nested too deep',         $main->('{"set":{"x":' . '[' x 5000 . ']' x 5000 . '}}'), 0,
          'deep|nest|depth' ],
    );
    refused(swml => $_->[0], $_->[1], $_->[2], qr/$_->[3]/) for @wrong;
    accepted(swml => $_->[0], $_->[1]) for
        [ 'values in strings',
          $play->('Hello {{X}}, {{#lower}}{{Y}}{{/lower}} \\"{{Z}}\\" \\\\{{Z}}') ],
        [ 'a number',                $main->('{"sleep":"{{#number}}{{X}}{{/number}}"}') ],
        [ 'placeholders of its own', $play->('${call.from} %{call.to} ${{X}} %{{X}}') ],
        [ 'for messages',            $main->('{"reply":{"body":"{{X}}"}}') ],
        [ 'reply at the top',        '{"reply":{"body":"{{X}}"}}' ],
        [ 'words as steps',          $main->('"answer"', '{"play":"say:{{X}}"}', '"hangup"') ],
        [ 'without a version',       '{"sections":{"main":[{"answer":{}}]}}' ],
        [ 'a comment before it',     "{{! what it is\nand how }}\n" . $play->('{{X}}') ];
};

# Found out for every server and line, not only the first.
subtest 'everywhere' => sub {
    my @files = (files => { 'conf/good.xml' => $say->('x'),
        'conf/bad.xml' => $say->('x', '{{{X}}}') });
    my $bad = 'SignalWireAnswer cxml conf/bad.xml';
    my $complaint = qr/SignalWireAnswer "[^"]*conf\/bad\.xml".*line 3/s;
    refuses 'a later line', configuration("SignalWireAnswer cxml conf/good.xml\n$bad"), $complaint,
        @files;
    refuses 'at server level', $bad, $complaint, @files;
    refuses 'in a virtual host', "<VirtualHost *:1>\n$bad\n</VirtualHost>", $complaint, @files;
    refuses 'behind none', configuration("SignalWireAnswer none\n$bad"), $complaint, @files;
    refuses 'before none', configuration("$bad\nSignalWireAnswer none"), $complaint, @files;
};

finish;
done_testing;
