# SPDX-License-Identifier: Apache-2.0
# SignalWireGuard: which replies pass as they are, which are mended, and which
# give way to the fallback. The application is one CGI program, and says
# whatever the test has written.
use FindBin; use lib "$FindBin::Bin/lib";
use File::Temp ();
use SW::Config;
use SW::Fields;
use SW::Test;

my $replies = File::Temp->newdir;
chmod 0755, $replies;

my $conf = <<"EOT_CONF";
SignalWireSigningKey \@KEY\@
SignalWirePublicURL  https://hooks.example.com
SetEnv REPLIES       $replies
ScriptAlias /voice   \@APPS\@/bad.cgi
LogLevel signalwire:info
<Location /voice>
    <SignalWireWebhook voice>
        SignalWireGuard    On
        SignalWireFallback cxml conf/sorry.xml
        SignalWireFallback swml conf/sorry.json
        SignalWireFallback json conf/oops.json
    </SignalWireWebhook>
</Location>
EOT_CONF

sub cxml { my ($text) = @_; return "<Response><Say>$text</Say></Response>\n" }
sub swml {
    my ($text) = @_;
    return qq({"version":"1.0.0","sections":{"main":[{"play":{"url":"say:$text"}}]}}\n);
}
sub json { my ($text) = @_; return qq({"response":"$text"}\n) }

my %sorry = ('conf/sorry.xml' => cxml('Sorry {{From}}'),
             'conf/sorry.json' => swml('Sorry {{call.from}}'),
             'conf/oops.json' => json('Oops {{function}}'));
my %document = (cxml => cxml('Sorry +1555'), swml => swml('Sorry +15550100123'),
                json => json('Oops get_weather'));
my %TYPE = (cxml => 'application/xml', swml => 'application/json', json => 'application/json');
my $CALL = 'CallSid=c1&From=%2B1555&CallStatus=ringing';
my $DATE = 'Sat, 21 Nov 2026 05:00:00 GMT';

# Requests by what they want, or by a fixture.
sub asking {
    my ($wants) = @_;
    return POST('/voice/now', form => $CALL, sign => 'form') if $wants eq 'cxml';
    my %file = (swml => 'swml.call.json', message => 'swml.message.json',
                json => 'swaig.function.json');
    return fixture($file{$wants} // $wants, '/voice/now');
}

# What the application says from now on.
sub says {
    my ($reply, $name) = @_;
    my $file = "$replies/" . ($name // 'now');
    open my $out, '>:raw', $file or die "$file: $!\n";
    print {$out} $reply;
    close $out or die "$file: $!\n";
}

# A reply as a CGI program prints it: the body, and fields by name and value or
# the content type alone.
sub reply {
    my ($body, @fields) = @_;
    @fields = ('Content-Type', @fields) if @fields == 1;
    my $head = '';
    while (my ($name, $value) = splice @fields, 0, 2) { $head .= "$name: $value\n" }
    return "$head\n$body";
}

# The reply arrives as it was made, with the fields that it had.
sub lets_pass {
    my ($s, $name, $request, $reply, %want) = @_;
    says($reply);
    my ($head, $body) = $reply =~ /\A(.*?\n)\n(.*)\z/s;
    my %fields = map { split /: /, $_, 2 } split /\n/, $head;
    my ($status) = (delete $fields{Status} // 200) =~ /(\d+)/;
    answers $s, "passes: $name", $request, $status, app => '', body => $body,
        fields => { %fields, %{ $want{fields} || {} } };
}

# The reply gives way to the fallback of this format.
sub replaced {
    my ($s, $name, $request, $reply, $reason, %want) = @_;
    says($reply) if defined $reply;
    my $format = $want{format} // 'cxml';
    my $body = $want{body} // $document{$format};
    my $way = 'SW0124: the reply to \S+ \(voice\) is replaced by the fallback';
    answers $s, "replaced: $name", $request, 200, app => '', body => $body,
        log => qr/\[signalwire:warn\] .*$way: .*(?:$reason)/i,
        fields => { map({ $_ => '' } qw(ETag Last-Modified Content-Encoding Transfer-Encoding)),
                    'Content-Type' => $TYPE{$format}, 'Cache-Control' => 'no-store',
                    'Content-Length' => ref $body ? qr/\A\d+\z/ : length $body };
}

each_mpm {
    my ($mpm) = @_;
    my $s = server(files => \%sorry, conf => $conf);
    good($s);
    mended($s);
    bad($s);
    bad_json($s);
    asked_otherwise($s);
    by_kind($s);
    documents($s) if $mpm eq 'event';
};

# One process for all, as under a debugger, whose thread outlives the module.
subtest 'httpd -X' => sub {
    for my $mpm (qw(event prefork)) {
        my $s = server(mpm => $mpm, alone => 1, files => \%sorry, conf => $conf);
        lets_pass $s, $mpm, asking('cxml'), reply(cxml('Hello'), 'text/xml');
        finish;
    }
};

finish;
done_testing;

sub good {
    my ($s) = @_;
    my $passes = sub {
        my ($name, $wants, @reply) = @_;
        lets_pass $s, $name, asking($wants), reply(@reply);
    };
    my $hello = cxml('Hello');
    my $declared = qq(<?xml version="1.0" encoding="UTF-8"?>\n<!-- from us -->\n$hello\n);
    my $letters = "\xc3\xa4\xe2\x82\xac\xf0\x9f\x91\x80&#x1F440;&lt;\t\r\n";
    my $yaml = "version: 1.0.0\nsections:\n  main:\n    - answer: {}\n";
    $passes->('cXML', 'cxml', $declared, 'application/xml');
    $passes->('with all its fields', 'cxml', $hello, 'Content-Type' => 'application/xml',
              ETag => '"1"', 'Last-Modified' => $DATE, 'Cache-Control' => 'max-age=9',
              'Set-Cookie' => 'a=b', 'X-Kept' => 'kept');
    $passes->('text/xml', 'cxml', $declared, 'text/xml; charset=utf-8');
    $passes->('the empty response', 'cxml', '<Response/>', 'application/xml');
    $passes->('201', 'cxml', $hello, Status => '201 Created', 'Content-Type' => 'text/xml');
    $passes->('64 KiB', 'cxml', cxml('x' x (65_536 - length cxml(''))), 'text/xml');
    $passes->('every character', 'cxml', cxml($letters), 'text/xml');
    $passes->('SWML', 'swml', swml('Hello'), 'application/json');
    $passes->('SWML of messaging', 'message', '{"reply":{"body":"Hello"}}', 'application/json');
    $passes->('SWML for a form', 'cxml', swml('Hello'), 'application/json');
    $passes->('cXML for SWML', 'swml', $hello, 'application/xml');
    $passes->("YAML: $_", 'swml', $yaml, $_)
        for 'application/yaml', 'text/x-yaml', 'application/yaml; charset=utf-8';
    $passes->('YAML, indented', 'swml', '  ' . $yaml =~ s/\n(?=.)/\n  /gr, 'application/yaml');
    $passes->('JSON', 'json', json('sunny'), 'application/json');
    $passes->("JSON: $_", 'json', $_, 'application/json')
        for '[]', '"text"', "null\n", '17', ' {"a" : 1} ';
    $passes->("status $_", 'cxml', $hello, 'Content-Type' => 'text/xml',
              Location => 'https://example.com/else', Status => $_) for 301, 302, 303, 307, 308;

    says("Location: https://example.com/else\n\n");
    answers $s, 'passes: a redirect made by httpd', asking('cxml'), 302,
        fields => { Location => 'https://example.com/else' };
    says("Location: /voice/other\n\n");
    says(reply($hello, 'application/xml'), 'other');
    answers $s, 'passes: a redirect inside', GET("/voice/now?$CALL", sign => 'form'), 200,
        body => $hello;
    lets_pass $s, 'with a wrong length', asking('cxml'),
        reply($hello, 'Content-Type' => 'text/xml', 'Content-Length' => 9999),
        fields => { 'Content-Length' => length $hello };

    $passes->('what the schema does not know', 'swml', '{"sections":{"main":[{"nonsense":{}}]}}',
              'application/json');
    ok $s->log->lines(qr/\[signalwire:info\] .*SW0126: the reply to swml\.call .*nonsense/),
        'but is logged';
}

sub mended {
    my ($s) = @_;
    my $hello = qq(<?xml version="1.0"?>\n) . cxml('Hello');
    my $bom = "\xef\xbb\xbf";
    my $mends = sub {
        my ($name, $body, %want) = @_;
        says(reply($body, @{ $want{fields} || ['application/xml'] }));
        my $good = $want{body} // $hello;
        answers $s, "mended: $name", asking($want{wants} // 'cxml'), 200, app => '', body => $good,
            fields => { 'Content-Type' => $want{type} // 'application/xml',
                        'Content-Length' => length $good };
    };
    $mends->('a byte order mark', $bom . $hello);
    $mends->('blanks', "\r\n\t \n$hello");
    $mends->('both', "$bom\n$hello");
    $mends->('blanks before the root', "\n\n" . cxml('x'), body => cxml('x'));
    $mends->($_, $hello, fields => [$_]) for 'text/html', 'text/html; charset=UTF-8';
    $mends->('Text/HTML, and a mark', $bom . $hello, fields => ['Text/HTML']);
    $mends->('no content type', $hello, fields => [ 'X-Some' => 'field' ]);
    $mends->('SWML as text/html', swml('x'), body => swml('x'), fields => ['text/html'],
             wants => 'swml', type => qr{\A(?:text/html|application/json)\z});
    ok $s->log->lines(qr/\[signalwire:info\] .*SW0125: the reply to voice\.incoming/), 'is logged';
}

sub bad {
    my ($s) = @_;
    my $bad = sub {
        my ($name, $body, $reason, @fields) = @_;
        @fields = 'application/xml' if !@fields;
        replaced $s, $name, asking('cxml'), reply($body, @fields), $reason;
    };
    my $xml = qq(<?xml version="1.0" encoding="UTF-8"?>\n);
    my $hello = cxml('Hello');
    my $large = cxml('x' x (65_537 - length cxml('')));
    my @html = ('Content-Type' => 'text/html');
    $bad->('nothing', '', 'empty');
    $bad->('blanks', " \n\t\n", 'empty');
    $bad->('a byte order mark alone', "\xef\xbb\xbf", 'empty');
    $bad->('204', '', '(?:204|empty)', Status => 204);
    $bad->('text', 'Hello', '');
    $bad->('a warning before it', "\nWarning: Undefined variable \$x on line 3\n$xml$hello", '');
    $bad->('text after it', "$hello\nNotice: x\n", 'line 3');
    $bad->('a second document', $hello x 2, 'line 2');
    $bad->('a page', "<!DOCTYPE html>\n<html><body>Welcome</body></html>", 'DOCTYPE', @html);
    $bad->('without DOCTYPE', '<html><body>Hi</body></html>', 'root is html', @html);
    $bad->('a broken page', '<html><br><p>x</html>', '', @html);
    $bad->('cut off', "$xml<Response>\n<Say>Hel", 'line 3');
    $bad->('cut off in a character', "$xml<Response><Say>\xe2\x82", 'line 2');
    $bad->('another root', '<response/>', 'root is response');
    $bad->('another namespace', '<x:Response xmlns:x="urn:x"/>', 'x:Response');
    $bad->('an element not closed', "<Response>\n<Say>\n</Response>", 'line 3');
    $bad->('an ampersand', "<Response>\n<Say>you & me</Say></Response>", 'line 2');
    $bad->('entities', qq(<!DOCTYPE r [<!ENTITY x "y">]>\n) . cxml('&x;'), 'DOCTYPE');
    $bad->('a DTD', qq(<!DOCTYPE r SYSTEM "file:///etc/passwd">\n$hello), 'DOCTYPE');
    $bad->('NUL', "$xml<Response><Say>a\0b</Say></Response>", 'NUL');
    $bad->('NUL after it', "$hello\0", 'NUL');
    $bad->('a control character', cxml("\x01"), 'line 1');
    $bad->('Latin-1 that says UTF-8', $xml . cxml("caf\xe9"), 'line 2');
    $bad->('Latin-1 that says nothing', cxml("caf\xe9"), 'line 1');
    $bad->('UTF-16', join('', "\xff\xfe", map { "$_\0" } split //, $hello), '');
    $bad->('UTF-16, big end first', join('', "\xfe\xff", map { "\0$_" } split //, $hello), '');
    $bad->('an unknown encoding', '<?xml version="1.0" encoding="klingon"?>' . $hello, 'klingon');
    $bad->('too deep', '<Response>' . '<a>' x 99 . '</a>' x 99 . '</Response>', 'deep');
    $bad->('64 KiB and one byte', $large, '64 KiB');
    $bad->('announced', $large, '64 KiB', 'Content-Type' => 'text/xml', 'Content-Length' => 65_537);
    $bad->('JSON that is no SWML', '{"error":"not found"}', 'sections', 'application/json');
    $bad->('YAML that does not say so', "sections:\n  main:\n    - answer: {}\n", '', 'text/plain');
    $bad->('no YAML', '', 'empty', 'application/yaml');
    $bad->('compressed without being asked', "\x1f\x8b\x08\0\0\0\0\0\0\0\x03\0\0", '',
           'Content-Type' => 'text/xml', 'Content-Encoding' => 'gzip');
    $bad->("status $_", $hello, "status $_", Status => $_, 'Content-Type' => 'application/xml')
        for 400, 401, 403, 404, 410, 429, 500, 503;
    $bad->('status 500 without a body', '', 'status 500', Status => '500 Oops', @html);
    my @others = (ETag => '"1"', 'Last-Modified' => $DATE, 'Cache-Control' => 'max-age=600');
    $bad->('with other fields', '<html/>', 'html', @html, @others, 'Content-Language' => 'de');
    $bad->('an error with other fields', 'Oops', 'status 503', @html, @others, Status => 503);
}

sub bad_json {
    my ($s) = @_;
    my $bad = sub {
        my ($format, $name, $body, $reason, $type) = @_;
        replaced $s, "\U$format\E: $name", asking($format),
            reply($body, $type // 'application/json'), $reason, format => $format;
    };
    for my $format (qw(swml json)) {
        $bad->($format, 'nothing', '', 'empty');
        $bad->($format, 'cut off', qq({"version":"1.0.0",\n"sections":{"main":[), 'line 2');
        $bad->($format, 'text after it', swml('x') . 'x', 'line 2');
        $bad->($format, 'NUL', swml("\0"), 'NUL');
        $bad->($format, 'Latin-1', swml("caf\xe9"), 'line 1');
        $bad->($format, 'a page', '<html/>', 'html|line 1', 'text/html');
        $bad->($format, 'text', 'Internal error', '', 'text/plain');
    }
    $bad->('swml', 'an error', '{"error":1}', 'sections');
    $bad->('swml', 'an empty main', '{"sections":{"main":[]}}', 'empty');
    $bad->('swml', 'another version', '{"version":"2","sections":{"main":[{"a":{}}]}}', 'version');
    $bad->('swml', 'a list', '[]', '');
    $bad->('json', 'two', '{}{}', 'line 1');
    $bad->('json', 'cXML', cxml('x'), 'line 1');
}

# The fallback holds what came with the request, in whatever way.
sub asked_otherwise {
    my ($s) = @_;
    my $page = reply('oops', 'text/html');
    my $get = GET("/voice/now?$CALL", sign => 'form');
    my $hostile = POST('/voice/now', form => 'CallSid=c&From=%3C/Say%3E%26%00%ff', sign => 'form');
    replaced $s, 'for a GET', $get, $page, '';
    replaced $s, 'with hostile values', $hostile, $page, '',
        body => cxml("Sorry &lt;/Say&gt;&amp;\xef\xbf\xbd\xef\xbf\xbd");
    says("Location: /voice/other\n\n");
    says($page, 'other');
    replaced $s, 'after a redirect inside', $get, undef, '';
}

# What is right depends on the event.
sub by_kind {
    my ($s) = @_;
    my ($mcp, $pay) = map { asking("$_.json") } qw(mcp.request pay.connector);
    my $error = '{"error":{"code":"declined"}}';
    my $page = reply('<html/>', 'text/html');
    my @oops = (format => 'json', body => json('Oops '));
    lets_pass $s, "mcp.request: $_, empty", $mcp, reply('', Status => $_) for 200, 202, 204;
    lets_pass $s, 'mcp.request: JSON', $mcp, reply('{"jsonrpc":"2.0"}', 'application/json');
    replaced $s, 'mcp.request: an error', $mcp, reply($error, Status => 500), 'status 500', @oops;
    replaced $s, 'mcp.request: a page', $mcp, $page, 'line 1', @oops;
    lets_pass $s, "pay.connector: $_", $pay,
        reply($error, Status => $_, 'Content-Type' => 'application/json')
        for 200, 400, 402, 404, 500;
    replaced $s, 'pay.connector: a page', $pay, $page, 'line 1', @oops;
    lets_pass $s, "a callback, whatever is said to it: $_", asking($_), reply('{"status":"ok"}', 'application/json')
        for qw(message.incoming+seed.json message.incoming+flat.json message.incoming+relay.json
               voice.sms+sent.form voice.status+notdialled.form message.status+operator.query);
    for my $event (qw(message.incoming fax.incoming voice.gather queue.wait pay.result voice.sms voice.sms+invalid
                      voice.outgoing+amd message.incoming+json-on-compat)) {
        my $request = asking($event =~ /json/ ? "$event.json" : "$event.form");
        lets_pass $s, $event, $request, reply(cxml('x'), 'text/xml');
        replaced $s, $event, $request, $page, '', body => qr/\A<Response><Say>Sorry [^<]*</;
    }
}

# All documents of the collection, with the lines and the words of what is bad.
sub documents {
    my ($s) = @_;
    my $dir = source_dir() . '/t/documents';
    my @good = map { [ $_, /messaging/ ? 'message' : /xml\z/ ? 'cxml' : 'swml' ] }
               glob "$dir/cxml/* $dir/swml/* $dir/bad/invalid-*";
    ok @good > 50, 'there are documents';
    for (@good) {
        my ($file, $wants) = @$_;
        lets_pass $s, $file =~ s/\A\Q$dir\E//r, asking($wants),
            reply(slurp($file), $TYPE{$wants} // 'application/json');
    }
    my %other = map { $_ => 1 } 'bom.xml', 'blank-first.xml';        # mended
    my %unlike = map { $_ => 1 } 'json.xml', map { "$_.json" } qw(html yaml array string);
    for (split /\n/, slurp("$dir/bad/EXPECTED")) {
        my ($name, $line, $words) = /\A(\S+\.(?:xml|json))\s+(\d+)\s+(.*)/ or next;
        next if $other{$name} || $name =~ /\Ainvalid-/;
        my $format = $name =~ /xml\z/ ? 'cxml' : 'swml';
        my $reason = $unlike{$name} ? '' : join '.*', $words =~ /\w+/g;
        $reason .= ".* line $line\\b" if $line && $reason ne '';
        replaced $s, "/bad/$name", asking($format), reply(slurp("$dir/bad/$name"), $TYPE{$format}),
            $reason, format => $format;
    }
}

sub slurp {
    my ($file) = @_;
    open my $in, '<:raw', $file or die "$file: $!\n";
    local $/;
    return scalar <$in>;
}
