# SPDX-License-Identifier: Apache-2.0
# What configtest lets pass with a warning: SWML that SignalWire may not take,
# and with check=form what the schema of cXML does not know. What a complaint
# suggests.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Templates;
use SW::Test;


# What SignalWire may not take, but could: httpd starts, and a line says so.
subtest 'advice' => sub {
    my $warned = sub {
        my ($template, $reason) = @_;
        passes $reason, configuration('SignalWireAnswer swml conf/odd.json'),
            qr/SW0021: SignalWireAnswer "[^"]*conf\/odd\.json": line \d+: \Q$reason\E/,
            files => { 'conf/odd.json' => $template };
    };
    $warned->(swml_of('{"answer":{}}', '{"conect":{"to":"{{X}}"}}'),
        'sections.main[1] has the unknown method conect; did you mean connect?');
    $warned->(swml_of('{"hologram":{}}'), 'sections.main[0] has the unknown method hologram');
    $warned->(swml_of('"anser"'), 'sections.main[0] has the unknown method anser; did you mean answer?');
    $warned->(swml_of('{"answer":{},"hangup":{}}'), 'sections.main[0] has more than one method');
    $warned->(swml_of('{"label":"a","answer":{}}'), 'sections.main[0] has a label beside its method');
    $warned->(swml_of('{}'), 'sections.main[0] has no method');
    $warned->('[{"answer":{}},"hangup"]', 'a bare list of steps');
    $warned->('{"sections":{"main":{"answer":{}}}}', 'sections.main is an object');
    $warned->('{"sections":{"main":["answer"]},"vresion":"1.0.0"}', 'unknown member vresion; did you mean version?');
    $warned->(swml_of('"answer"', '{{^X}}{"hagnup":{}},{{/X}}"hangup"'),
        'sections.main[1] has the unknown method hagnup; did you mean hangup?');
};

# By the form alone, what the schema does not know is no error.
subtest 'check=' => sub {
    my %file = ('conf/new.xml' => cxml_of('<Say>x</Say>', '<Hologram size="{{X}}">x</Hologram>'),
                'conf/cut.xml' => cxml_of('<Hologram>{{X}}'),
                'conf/two.xml' => cxml_says('x') . cxml_says('y'),
                'conf/dtd.xml' => "<!DOCTYPE x>\n" . cxml_of('<Hologram/>'),
                'conf/root.xml' => '<Answer/>',
                'conf/good.xml' => cxml_says('x'), 'conf/good.json' => swml_says('x'),
                'conf/bad.json' => '{"sections":{}}', 'conf/any.json' => '[1]');
    my $place = qr/"[^"]*conf\/new\.xml": line 3: [^\n]*Hologram/;
    for my $line ('SignalWireAnswer cxml conf/new.xml', 'SignalWireFallback cxml conf/new.xml') {
        my ($directive) = $line =~ /(\w+)/;
        refuses "$line$_", configuration("$line$_"), [ qr/$directive $place/, qr/check=form/ ],
            files => \%file for '', ' check=schema', ' CHECK=Schema';
        passes "$line $_", configuration("$line $_"), qr/SW0020: $directive $place/, files => \%file
            for 'check=form', 'Check=FORM';
        for my $name (qw(cut two dtd root)) {
            my $broken = $line =~ s/new/$name/r . ' check=form';
            refuses $broken, configuration($broken), qr/$directive "[^"]*conf\/$name\.xml": line/, files => \%file;
        }
        refuses "$line $_", configuration("$line $_"), qr/$directive "[^"]*": expected .*check=schema\|form/,
            files => \%file for 'check=', 'check=none', 'check=form check=form', 'check=form check=schema';
    }
    passes $_, configuration($_), undef, files => \%file for
        'SignalWireAnswer cxml conf/good.xml check=form', 'SignalWireAnswer swml conf/good.json check=form',
        'SignalWireAnswer cxml conf/good.xml event=voice.incoming check=schema "expr=true"',
        'SignalWireAnswer cxml conf/good.xml "expr=true" check=form event=voice.incoming',
        map { "SignalWireGuard On\n$_" } 'SignalWireFallback cxml conf/good.xml status=503 check=form',
        'SignalWireFallback json conf/any.json check=form status=503';
    refuses 'structure is no matter of the schema', configuration('SignalWireAnswer swml conf/bad.json check=form'),
        qr/sections has no main/, files => \%file;
    refuses 'check= of ack', configuration('SignalWireAnswer ack check=form'), qr/"check=form": expected event=/;
};

subtest 'hints' => sub {
    my $hint = sub {
        my ($format, $name, $template, $hint) = @_;
        refuses $name, configuration("SignalWireAnswer $format conf/t"), $hint, files => { 'conf/t' => $template };
    };
    my $yaml = qr/templates are JSON, and this looks like YAML/;
    $hint->(swml => "YAML: $_", $_, $yaml) for
        "version: 1.0.0\nsections:\n  main:\n    - answer: {}\n", "---\nsections:\n  main: [answer]\n",
        "# a greeting\n\nsections:\n  main:\n  - play:\n      url: say:{{X}}\n",
        "{{! what it is }}\nsections: { main: [ answer ] }\n", "- answer: {}\n- hangup\n",
        "sections:\r\n  main:\r\n", "%YAML 1.2\n---\na: 1\n";
    $hint->(swml => "no YAML: $_", $_, qr/\A(?!.*YAML)/s) for '{"sections":{}}', 'hello', 'https://example.com/';
    my $digits = qr/a number, which is \{\{#digits\}\}\{\{\.\.\.\}\}\{\{\/digits\}\}/;
    $hint->(cxml => "a number: $_", cxml_of($_), $digits) for '<Pause length="{{X}}"/>',
        q(<Gather timeout = '{{X}}'/>), qq(<Dial\n  timeLimit="1{{X}}">1</Dial>), '<Redirect method="{{X}}">/x</Redirect>';
    $hint->(cxml => "another fault: $_", cxml_of($_), qr/\A(?!.*digits)/s) for '<Pause length="x"/>',
        '<Pause size="1"/>', '<Pause length="x"/><Say voice="{{length}}">x</Say>', '<Say>{{X}}</Say><Foo/>';
};

finish;
done_testing;
