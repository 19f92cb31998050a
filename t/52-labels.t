# SPDX-License-Identifier: Apache-2.0
# Documents that are right but for their label, or for how they were asked for;
# what passes with an advice, or as a redirect; how a replaced reply begins.
use FindBin; use lib "$FindBin::Bin/lib";
use File::Temp ();
use SW::Config;
use SW::Fields;
use SW::Test;
use Time::HiRes qw(sleep time);

my $replies = File::Temp->newdir;
chmod 0755, $replies;

my $conf = <<"EOT_CONF";
SignalWireSigningKey \@KEY\@
SignalWirePublicURL  https://hooks.example.com
SetEnv REPLIES       $replies
ScriptAlias /voice   \@APPS\@/bad.cgi
ScriptAlias /none    \@APPS\@/bad.cgi
ScriptAlias /acked   \@APPS\@/bad.cgi
LogLevel signalwire:info
DirectorySlash On
AddType application/xml .xml
<LocationMatch "^/(?:voice|file)">
    <SignalWireWebhook voice>
        SignalWireGuard    On
        SignalWireFallback cxml conf/sorry.xml
    </SignalWireWebhook>
</LocationMatch>
<Location /none>
    <SignalWireWebhook none>
        SignalWireExport   none
        SignalWireGuard    On
        SignalWireFallback cxml conf/sorry.xml
    </SignalWireWebhook>
</Location>
<Location /acked>
    <SignalWireWebhook acked>
        SignalWireAnswer   cxml conf/sorry.xml event=voice.incoming
        SignalWireAckFirst On
    </SignalWireWebhook>
</Location>
<Location /own>
    <SignalWireWebhook own>
        SignalWireAnswer   cxml conf/sorry.xml event=voice.incoming
        SignalWireAnswer   ack event=message.status
    </SignalWireWebhook>
</Location>
EOT_CONF

my $HELLO = '<Response><Say>Gr' . "\xc3\xbc\xc3\x9f" . 'e</Say></Response>';
my $ASCII = '<Response><Say>Hello</Say></Response>';
my $LATIN = qq(<?xml version="1.0" encoding="ISO-8859-1"?>\n<Response><Say>Gr\xfc\xdfe</Say></Response>);
my $SORRY = '<Response><Say>Sorry</Say></Response>';
my $SWML  = qq({"version":"1.0.0","sections":{"main":[{"play":{"url":"say:Gr\xc3\xbc\xc3\x9fe"}}]}});
my $YAML  = "version: 1.0.0\nsections:\n  main:\n    - play: { url: 'say:Gr\xc3\xbc\xc3\x9fe' }\n";
my $CALL  = 'CallSid=c1&From=%2B1555&CallStatus=ringing';
my @CALL  = (form => $CALL, sign => 'form');
my %files = ('conf/sorry.xml' => $SORRY, 'htdocs/file.xml' => $HELLO, 'htdocs/voice-dir/index.html' => 'x');

each_mpm {
    my ($mpm) = @_;
    my $s = server(files => \%files, conf => $conf);
    labels($s);
    parts($s);
    redirects($s);
    if ($mpm eq 'event') {
        advised($s);
        beginnings($s);
    }
};

finish;
done_testing;

# What the application says from now on.
sub says {
    my ($body, %field) = @_;
    open my $out, '>:raw', "$replies/now" or die "$replies/now: $!\n";
    print {$out} map({ "$_: $field{$_}\n" } sort keys %field), "\n", $body;
    close $out or die "$replies/now: $!\n";
}

# The lines of this request alone.
sub lines_of {
    my ($s, $pattern, $test) = @_;
    my $before = () = $s->log->lines($pattern);
    $test->();
    my $end = time + 3;
    my @lines = $s->log->lines($pattern);
    while (@lines == $before && time < $end) { sleep 0.01; @lines = $s->log->lines($pattern) }
    return @lines[ $before .. $#lines ];
}

sub labels {
    my ($s) = @_;
    my $becomes = sub {
        my ($request, $document, $from, $to) = @_;
        says($document, defined $from ? ('Content-Type' => $from) : ('X-Some' => 'field'));
        my $count = () = $s->log->lines(qr/SW0125/);
        answers $s, ($from // 'no type') . " becomes $to", $request, 200, app => '', body => $document,
            fields => { 'Content-Type' => $to };
        my @lines = $s->log->lines(qr/SW0125/);
        my $line = qr/signalwire:info.*SW0125: the reply to \S+ is repaired: its (?:Content-Type|charset)/;
        if (defined $from && $from eq $to) { is @lines, $count, 'and nothing is said' }
        else { like $lines[$count] // '', $line, 'and is noted' }
    };
    my $call = POST('/voice/now', @CALL);
    my $swml = fixture('swml.call.json', '/voice/now');
    my $json = fixture('swaig.function.json', '/voice/now');

    my @xml = (
        [ $HELLO, 'text/xml; charset=ISO-8859-1', 'text/xml; charset=utf-8' ],
        [ $HELLO, 'application/xml;charset="windows-1252"', 'application/xml; charset=utf-8' ],
        [ $HELLO, 'text/xml; Charset=us-ascii', 'text/xml; charset=utf-8' ],
        [ $HELLO, 'text/xml; charset=utf8', 'text/xml; charset=utf8' ],
        [ $HELLO, 'text/xml; charset=UTF-8', 'text/xml; charset=UTF-8' ],
        [ $HELLO, 'text/xml', 'text/xml' ],
        [ $ASCII, 'text/xml; charset=ISO-8859-1', 'text/xml; charset=ISO-8859-1' ],
        [ $ASCII, 'text/xml; charset=utf-16', 'text/xml; charset=utf-8' ],
        [ $LATIN, 'text/xml; charset=utf-8', 'text/xml; charset=ISO-8859-1' ],
        [ $LATIN, 'text/xml; charset=iso-8859-1', 'text/xml; charset=iso-8859-1' ],
        [ $LATIN, 'text/xml', 'text/xml' ],
        [ $HELLO, 'text/html; charset=ISO-8859-1', 'application/xml' ],
        [ $HELLO, 'application/json', 'application/xml' ],
        [ $HELLO, 'text/plain; charset=utf-8', 'application/xml' ],
        [ $HELLO, 'application/xhtml+xml', 'application/xml' ],
        [ $HELLO, 'application/yaml', 'application/xml' ],
        [ $HELLO, undef, 'application/xml' ],
    );
    $becomes->($call, @$_) for @xml;

    my @swml = (
        [ $SWML, 'text/xml', 'application/json' ],
        [ $SWML, 'application/xml; charset=utf-8', 'application/json' ],
        [ $SWML, 'text/html; charset=UTF-8', 'application/json' ],
        [ $SWML, 'application/octet-stream', 'application/json' ],
        [ $SWML, undef, 'application/json' ],
        [ $SWML, 'application/json; charset=ISO-8859-1', 'application/json; charset=utf-8' ],
        [ $SWML, 'application/json; charset=utf-8', 'application/json; charset=utf-8' ],
        [ $SWML, 'text/plain', 'text/plain' ],
        [ $SWML, 'application/yaml', 'application/yaml' ],
        [ $SWML, 'application/vnd.api+json', 'application/vnd.api+json' ],
        [ $YAML, 'application/yaml; charset=ISO-8859-1', 'application/yaml; charset=utf-8' ],
        [ $YAML, 'text/x-yaml', 'text/x-yaml' ],
        [ '{version: 1.0.0, sections: {main: [answer]}}', 'application/yaml', 'application/yaml' ],
        [ '[answer, hangup]', 'application/x-yaml', 'application/x-yaml' ],
    );
    $becomes->($swml, @$_) for @swml;
    $becomes->($call, $SWML, 'text/xml', 'application/json');

    my $object = '{"response":{"tool_result":"sunny","tool_prompt":"Say it"},"action":[{"hangup":true}]}';
    $becomes->($json, @$_) for [ $object, 'application/json', 'application/json' ],
        [ '{"response":"sunny"}', 'application/json', 'application/json' ],
        [ $object, 'text/xml', 'application/json' ];
}

# A document is sent whole, whatever of it was asked for.
sub parts {
    my ($s) = @_;
    my @ranges = map { [ Range => $_ ] } 'bytes=0-9', 'bytes=5-', 'bytes=-3', 'bytes=0-1,4-5', 'bytes=9999-';
    my @if = ([ 'If-None-Match' => '*' ], [ 'If-Modified-Since' => 'Fri, 01 Jan 2100 00:00:00 GMT' ],
              [ 'If-Match' => '"x"' ], [ 'If-Unmodified-Since' => 'Thu, 01 Jan 1970 00:00:00 GMT' ],
              [ 'Request-Range' => 'bytes=0-9' ], [ Range => 'bytes=0-9', 'If-Range' => '"x"' ]);
    says($HELLO, 'Content-Type' => 'application/xml', ETag => '"x"');
    for my $fields (@ranges, @if) {
        my %whole = (app => '', fields => { 'Content-Range' => '' });
        my @with = (headers => $fields);
        answers $s, "@$fields: an answer", POST('/own', @CALL, @with), 200, %whole, body => $SORRY;
        answers $s, "@$fields: of a GET", GET("/own?$CALL", sign => 'form', @with), 200, %whole, body => $SORRY;
        answers $s, "@$fields: an acknowledgement",
            POST('/own', form => 'MessageSid=m1&MessageStatus=sent', sign => 'form', @with), 200, %whole,
            body => '<Response/>';
        answers $s, "@$fields: an answer before the application", POST('/acked/now', @CALL, @with), 200, %whole,
            body => $SORRY;
        answers $s, "@$fields: an application", POST('/voice/now', @CALL, @with), 200, %whole, body => $HELLO;
        answers $s, "@$fields: a file", GET("/file.xml?$CALL", sign => 'form', @with), 200, %whole, body => $HELLO;
    }
    my @lines = lines_of($s, qr/SW0125/, sub { talk($s, POST('/voice/now', @CALL, headers => $ranges[0])) });
    like $lines[0] // '', qr/SW0125: the reply to voice\.incoming is repaired: it is sent whole/, 'which is noted';
    says('<html>', 'Content-Type' => 'text/html');
    answers $s, 'the fallback', POST('/voice/now', @CALL, headers => $ranges[0]), 200, app => '', body => $SORRY,
        log => qr/SW0124/;
}

sub redirects {
    my ($s) = @_;
    my $note = sub {
        my ($name, $request, $status, $pattern) = @_;
        my @lines = lines_of($s, qr/SW0134/, sub { answers $s, "passes: $name", $request, $status, app => '' });
        like $lines[0] // '', qr/signalwire:info.*SW0134: the reply to $pattern/, 'and is noted';
        unlike $lines[0] // '', qr/secret|CallSid|1555/, 'without what may be secret';
    };
    my $slash = 'voice\.incoming \(voice\) is a redirect, status 301, to \S*/voice-dir/: .* adds the slash';
    $note->('the slash of a folder', POST('/voice-dir', @CALL), 301, $slash);
    $note->('of a GET', GET("/voice-dir?$CALL", sign => 'form'), 301, $slash);
    my %to = (
        'https://u:secret@hooks.example.com/login?next=secret#secret' =>
            'to https://hooks\.example\.com/login: it looks like a login page',
        'https://other.example.com/voice/now?x=secret' => 'to https://other\.example\.com/voice/now: another host',
        'https://hooks.example.com/voice/now' => 'to https://hooks\.example\.com/voice/now: another scheme',
        'http://hooks.example.com/else' => 'to http://hooks\.example\.com/else: give SignalWire the URL',
    );
    for my $to (sort keys %to) {
        for my $status (302, 303, 307, 308) {
            says('', Status => $status, Location => $to);
            $note->("$status $to", POST('/voice/now', @CALL), $status,
                "voice\\.incoming \\(voice\\) is a redirect, status $status, $to{$to}");
        }
    }
    says('', Status => 302, Location => 'https://other.example.com/');
    $note->('of a callback', fixture('voice.status.form', '/voice/now'), 302, 'voice\.status \(voice\) is a redirect');
}

# Documents of t/documents/advised pass as they are, with their line.
sub advised {
    my ($s) = @_;
    my $dir = SW::Config::source_dir() . '/t/documents/advised';
    my ($call, $message) = (POST('/voice/now', @CALL), fixture('message.incoming.form', '/voice/now'));
    for (split /\n/, slurp("$dir/EXPECTED")) {
        my ($name, $channel, $line, $words) = /\A(\S+\.(?:xml|json))\s+(\w+)\s+(\d+)\s+(.*)/ or next;
        my $document = slurp("$dir/$name");
        says($document, 'Content-Type' => $name =~ /xml\z/ ? 'application/xml' : 'application/json');
        my @lines = lines_of($s, qr/SW0126/, sub {
            answers $s, "passes: $name", $channel eq 'call' ? $call : $message, 200, app => '', body => $document;
        });
        my $place = $line ? " in line $line\\b" : '';
        like $lines[0] // '', qr/signalwire:info.*SW0126: the reply to \S+ passes.*: \Q$words\E$place/, 'with a line';
    }
}

sub beginnings {
    my ($s) = @_;
    my $html = ['Content-Type' => 'text/html'];
    my $begins = sub {
        my ($name, $path, $body, $pattern) = @_;
        says($body, @$html);
        answers $s, $name, POST($path, @CALL), 200, app => '', body => $SORRY, log => $pattern;
    };
    $begins->('a page', '/voice/now', '<!DOCTYPE html><title>Oops</title>',
        qr/SW0124: .* in line 1, column \d+; it begins: <!DOCTYPE html><title>Oops<\/title>$/);
    $begins->('a long text', '/voice/now', 'x' x 500, qr/it begins: x{60}$/);
    $begins->('odd bytes', '/voice/now', "a\0b\n\x1b[31m\xc2\x9bc", qr/it begins: a\.b\\n\\x1b\[31m\\xc2\\x9bc$/);
    $begins->('nothing', '/voice/now', '', qr/fallback: empty$/);
    $begins->('nothing is exported', '/none/now', '<!DOCTYPE html>', qr/SW0124: .*: has a DOCTYPE in line 1, column \d+$/);
    says('Declined 4111', @$html);
    answers $s, 'a payment', fixture('pay.connector.json', '/voice/now'), 200, app => '', body => $SORRY,
        log => qr/SW0124: (?!.*(?:begins|4111))/;
}

sub slurp {
    my ($file) = @_;
    open my $in, '<:raw', $file or die "$file: $!\n";
    local $/;
    return scalar <$in>;
}
