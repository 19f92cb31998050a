# SPDX-License-Identifier: Apache-2.0
# SignalWireAnswer: which document goes out, how it goes out, what it says, and
# that no other handler runs.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Fields;
use SW::Test;

my $SERVER = <<'EOT_CONF';
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
EOT_CONF

# A block with these lines, and others of its section after it.
sub block {
    my ($path, $lines, $section) = @_;
    return qq(<Location "$path">\n<SignalWireWebhook "$path">\n$lines\n</SignalWireWebhook>\n)
        . ($section // '') . "\n</Location>\n";
}

# A document that says TEXT, and how it arrives.
sub cxml { my ($text) = @_; return "<Response><Say>$text</Say></Response>\n" }
sub swml {
    my ($text) = @_;
    return qq({"version":"1.0.0","sections":{"main":[{"play":{"url":"say:$text"}}]}}\n);
}

my %TYPE = (cxml => 'application/xml', swml => 'application/json', json => 'application/json');

# The reply is this document and comes from no application.
sub sends {
    my ($s, $name, $request, $format, $body, %want) = @_;
    my %fields = ('Content-Type' => $TYPE{$format}, 'Content-Length' => length $body,
                  'Cache-Control' => 'no-store', %{ $want{fields} || {} });
    return answers $s, $name, $request, 200, app => '', body => $body, %want, fields => \%fields;
}

my %hello = ('conf/hello.xml'  => cxml('Hello {{From}}'),
             'conf/hello.json' => swml('Hello {{call.from}}'));
my $call  = 'CallSid=c1&From=%2B1555&CallStatus=ringing';
my $says  = cxml('Hello +1555');
my $json  = '{"call":{"call_id":"c1","from":"+1555"}}';
my @call  = (form => $call, sign => 'form');
my @json  = (json => $json, sign => 'sha256');

each_mpm {
    my ($mpm) = @_;
    ways($mpm);
    methods_and_connections();
    choice();
    acknowledgements();
    nothing_fits();
    inheritance();
    refusals();
    sections();
};

finish;
done_testing;

# In front of whatever would answer otherwise, and out of its way where no line
# matches.
sub ways {
    my ($mpm) = @_;
    my $fpm = need 'PHP-FPM', SW::PHP::fpm();
    my $http2 = $mpm eq 'event' && need 'curl', program('curl');
    my $s = server(
        modules => 'rewrite proxy proxy_http proxy_fcgi' . ($mpm eq 'event' ? ' http2' : ''),
        files   => { %hello, 'htdocs/file.txt' => 'a file', 'htdocs/dir/index.txt' => 'an index',
                     'htdocs/rewritten/.htaccess' => "RewriteEngine On\nRewriteRule . /cgi [L]\n",
                     'apps/ran.cgi' => "#!/bin/sh\necho >>\@ROOT\@/run/ran\nprintf '\\n'\n" },
        conf => $SERVER . block('/', <<'EOT_LINES') . <<'EOT_CONF' . ($fpm ? <<'EOT_PHP' : ''));
SignalWireAnswer cxml conf/hello.xml  event=voice.incoming
SignalWireAnswer swml conf/hello.json event=swml.call
EOT_LINES
ScriptAlias /cgi @APPS@/echo.cgi
ScriptAlias /ran @ROOT@/apps/ran.cgi
Alias       /php @APPS@
ProxyPass   /backend @BACKEND@
DirectoryIndex index.txt
<IfModule mpm_event_module>
    Protocols h2c http/1.1
</IfModule>
<Directory "@ROOT@/htdocs/rewritten">
    AllowOverride All
</Directory>
<Location /handler>
    SetHandler no-such-handler
</Location>
EOT_CONF
<Files *.php>
    SetHandler "@FPM@"
</Files>
EOT_PHP

    my %app = ('/cgi/x' => 'cgi', '/backend/x' => 'backend', '/rewritten/x' => 'cgi',
               $fpm ? ('/php/echo.php' => 'php-fpm-fcgi') : ());
    for my $target (sort keys %app, qw(/file.txt /dir/ /missing/x /handler /ran / /rewritten/)) {
        sends $s, "$target: cXML", POST($target, @call), 'cxml', $says;
        sends $s, "$target: SWML", POST($target, @json), 'swml', swml('Hello +1555');
        sends $s, "$target: cXML for a GET", GET("$target?$call", sign => 'form'), 'cxml', $says;
    }
    my @other = (form => 'MessageSid=m1&From=1', sign => 'form');
    answers $s, "$_: another event", POST($_, @other), 200, app => $app{$_} for sort keys %app;
    my %file = ('/file.txt' => 'a file', '/dir/' => 'an index');
    answers $s, "$_: another event", GET("$_?MessageSid=m1", sign => 'form'), 200,
        body => $file{$_} for sort keys %file;
    answers $s, '/missing: another event', POST('/missing', @other), 404,
        log => qr{SW0149: the verified message\.incoming \(/\) is answered with 404: no SignalWireAnswer line matches};
    ok !-e $s->root . '/run/ran', 'no other handler has run';

    if ($http2) {
        my @h2 = (via => sub { curl(@_, 'http', '--http2-prior-knowledge') });
        my @large = (form => "$call&Pad=" . 'x' x 200_000, sign => 'form');
        sends $s, 'HTTP/2', POST('/cgi', @call), 'cxml', $says, @h2;
        sends $s, 'HTTP/2, a large body', POST('/cgi', @large), 'cxml', $says, @h2;
    }
    finish;
}

sub methods_and_connections {
    my $s = server(files => \%hello,
        conf => $SERVER . block('/', <<'EOT_LINES') . block('/open', <<'EOT_LINES'));
SignalWireAnswer cxml conf/hello.xml event=voice.incoming
EOT_LINES
SignalWireVerify off
SignalWireAnswer cxml conf/hello.xml event=unknown
EOT_LINES
    my $head = request('HEAD', "/x?$call", sign => 'form');
    sends $s, 'HEAD', $head, 'cxml', '', fields => { 'Content-Length' => length $says };

    # Each on the same connection: what is left of a body would be the next request.
    my $client = SW::Client->new($s->port);
    my $pad = 'x' x 150_000;
    my @large = (form => "$call&Pad=$pad", sign => 'form');
    my @image = (body => $pad, type => 'image/png');
    my @requests = (
        [ 'a form',            POST('/x', @call) ],
        [ 'HEAD',              $head, '' ],
        [ 'a large form',      POST('/x', @large) ],
        [ 'in chunks',         POST('/x', @call, chunked => 7) ],
        [ 'a large one, too',  POST('/x', @large, chunked => 4099) ],
        [ 'a body not read',   POST('/open', @image), cxml('Hello ') ],
        [ 'not read, chunked', POST('/open', @image, chunked => 999), cxml('Hello ') ],
        [ 'GET',               GET("/x?$call", sign => 'form') ],
    );
    $_->[1]{keep} = 1 for @requests;
    for (@requests) {
        my ($name, $request, $body) = @$_;
        $client->send(bytes_of $request);
        check_reply $s, "keep-alive: $name", $request, $client->response($request->{method}), 200,
            app => '', body => $body // $says;
    }
    $client->send(map { bytes_of $_->[1] } @requests);
    check_reply $s, "pipelined: $_->[0]", $_->[1], $client->response($_->[1]{method}), 200,
        app => '', body => $_->[2] // $says for @requests;

    my $asking = SW::Client->new($s->port);
    my $r = POST '/x', @call, headers => [ Expect => '100-continue' ];
    like $asking->send(head_of $r)->flush->up_to("\r\n\r\n"), qr{\AHTTP/1\.1 100 },
        '100-continue: asked for';
    check_reply $s, '100-continue: answered', $r, $asking->send(payload_of $r)->response, 200,
        body => $says;
    finish;
}

# event=, expr=, and the order of the lines.
sub choice {
    my @files = map { ("conf/$_.xml" => cxml($_)) } qw(first second third fourth);
    my $s = server(files => {@files}, conf => $SERVER . "ScriptAlias / \@APPS\@/echo.cgi/\n"
        . block('/x', <<'EOT_LINES') . block('/any', 'SignalWireAnswer cxml conf/first.xml')
SignalWireAnswer cxml conf/first.xml  event=voice.incoming,Voice.Outgoing \
    "expr=signalwire('From') == '+1'"
SignalWireAnswer cxml conf/second.xml event=voice.gather "expr=signalwire('Digits') =~ /^[12]$/"
SignalWireAnswer cxml conf/third.xml  "expr=%{QUERY_STRING} == 'third'"
SignalWireAnswer cxml conf/fourth.xml event=VOICE.GATHER,voice.record,call.hold
SignalWireAnswer cxml conf/first.xml  event=voice.gather
EOT_LINES
        . block('/hours', <<'EOT_LINES'), env => { TZ => 'UTC' });
SignalWireAnswer cxml conf/first.xml  event=voice.incoming "expr=%{TIME_HOUR} -ge 25"
SignalWireAnswer cxml conf/second.xml event=voice.incoming \
    "expr=%{TIME_WDAY} -in { '0', '1', '2', '3', '4', '5', '6' } && %{TIME_HOUR} -lt 24"
SignalWireAnswer cxml conf/third.xml  event=voice.incoming
EOT_LINES
    $s->log->expect(qr/SW0018: SignalWireAnswer cxml conf\/first\.xml +event=voice\.gather on line/);
    my $asks = sub {
        my ($name, $target, $form, $document) = @_;
        my $request = POST($target, form => $form, sign => 'form');
        return answers $s, $name, $request, 200, app => 'cgi' if !$document;
        sends $s, $name, $request, 'cxml', cxml($document);
    };
    my $outgoing = 'CallSid=1&From=%2B1&Direction=outbound-api';
    $asks->('event= and expr=',              '/x', 'CallSid=1&From=%2B1', 'first');
    $asks->('event= in another case',        '/x', $outgoing, 'first');
    $asks->('event= alone does not do',      '/x', 'CallSid=1&From=2');
    $asks->('nor does expr= alone',          '/x', 'DialCallSid=1&From=%2B1');
    $asks->('expr= on a parameter',          '/x', 'CallSid=1&Digits=2', 'second');
    $asks->('the next line',                 '/x', 'CallSid=1&Digits=3', 'fourth');
    $asks->('a line without event=',         '/x?third', 'DialCallSid=1', 'third');
    $asks->('an earlier line wins',          '/x?third', 'CallSid=1&Digits=2', 'second');
    $asks->('a later one does not',          '/x?third', 'CallSid=1&Digits=3', 'third');
    $asks->('the third of a list: no match', '/x', 'MessageSid=1');
    $asks->('hours',                         '/hours', 'CallSid=1', 'second');
    $asks->('neither event= nor expr=',      '/any', 'DialCallSid=1', 'first');
    my $hold = '{"event_type":"calling.call.hold","params":{"call_id":"c"}}';
    sends $s, 'a kind that is not in the table', POST('/x', json => $hold, sign => 'sha1'), 'cxml',
        cxml('fourth');
    finish;
}

# A 404 that httpd's own log would not explain. Where nobody has verified the
# sender, it is no louder than httpd's.
sub nothing_fits {
    my $line = 'SignalWireAnswer ack event=voice.status';
    my $s = server(conf => $SERVER . block('/signed', $line) . block('/off', "$line\nSignalWireVerify off")
        . block('/optional', "$line\nSignalWireVerify optional\nRequire ip 127.0.0.1")
        . block('/none', '') . block('/cgi', $line) . "ScriptAlias /cgi/ \@APPS\@/echo.cgi/\n");
    my $why = sub { qr{SW0149: the verified voice\.incoming \(/$_[0]\) is answered with 404: no SignalWireAnswer line matches, and} };
    answers $s, 'a document request', POST('/signed/x', @call), 404, log => $why->('signed');
    answers $s, 'signed where it need not be', POST('/optional/x', @call), 404, log => $why->('optional');
    answers $s, 'a status is answered', POST('/signed/x', form => 'CallSid=c1&CallStatus=completed&CallDuration=1',
        sign => 'form'), 200;
    answers $s, "$_: not verified", POST("/$_/x", form => $call), 404 for qw(off optional);
    answers $s, 'an application takes it', POST('/cgi/x', @call), 200, app => 'cgi';
    answers $s, 'a block without any line', POST('/none/x', @call), 404;
    finish;
}

# The smallest right reply, for each kind.
sub acknowledgements {
    my $hangup  = '{"version":"1.0.0","sections":{"main":[{"hangup":{}}]}}';
    my $receive = '{"version":"1.0.0","sections":{"main":[{"receive":{}}]}}';
    my %all = fixtures();
    my %kinds = map { $_->{EVENT} => 1 } values %all;
    my $kinds = join ',', sort keys %kinds;
    my $s = server(conf => $SERVER . "ScriptAlias / \@APPS\@/echo.cgi/\n"
        . block('/callbacks', 'SignalWireAnswer ack')
        . block('/named', "SignalWireAnswer ack event=$kinds")
        . block('/listed', 'SignalWireAnswer ack event=voice.status,swml.call'));

    for my $file (sort keys %all) {
        my ($event, $response) = @{ $all{$file} }{qw(EVENT RESPONSE)};
        my $may_be_action = $event =~ /\A(?:(?:message|fax)\.status|voice\.sms)\z/
            && $response eq 'none' && $file !~ /json\z/;
        my ($type, $body) =
              $may_be_action || $response eq 'cxml' ? ($TYPE{cxml}, '<Response/>')
            : $event eq 'swml.call'                 ? ($TYPE{swml}, $hangup)
            : $event eq 'swml.message'              ? ($TYPE{swml}, $receive)
            : $response eq 'json'                   ? ($TYPE{json}, '{}')
            :                                         ('', '');
        my %acknowledged = (app => '', body => $body, fields => {
            'Content-Type' => $type, 'Content-Length' => length $body,
            'Cache-Control' => 'no-store' });
        answers $s, "/named: $file", fixture($file, '/named'), 200, %acknowledged;
        answers $s, "/callbacks: $file", fixture($file, '/callbacks'), 200,
            $response eq 'none' ? %acknowledged : (app => 'cgi');
    }
    my %listed = ('voice.status.form' => '', 'voice.recording.form' => 'cgi');
    answers $s, "/listed: $_", fixture($_, '/listed'), 200, app => $listed{$_}
        for sort keys %listed;
    my $status = 'CallSid=c&CallStatus=busy&CallbackSource=x';
    answers $s, 'HEAD', request('HEAD', "/callbacks?$status", sign => 'form'), 200, app => '';
    finish;
}

sub inheritance {
    my @files = map { ("conf/$_.xml" => cxml($_)) } qw(server host outer inner);
    my $line = sub { return "SignalWireAnswer cxml conf/$_[0].xml event=voice.incoming\n" };
    my $record = "SignalWireAnswer cxml conf/host.xml event=voice.record\n";
    my $s = server(files => {@files}, conf => join "\n", $SERVER, 'ScriptAlias / @APPS@/echo.cgi/',
        $line->('server'),
        block('/default', ''),
        block('/outer', $record . $line->('outer')),
        block('/outer/same', 'SignalWireMaxBody 100000'),
        block('/outer/inner', $line->('inner')),
        block('/outer/none', 'SignalWireAnswer none'),
        block('/outer/none/again', $line->('inner')),
        block('/mixed', "SignalWireAnswer none\n" . $line->('inner')),
        "<Location /outer/plain>\nSetEnv X 1\n</Location>",
        'Listen 127.0.0.1:@PORT2@', '<VirtualHost *:@PORT2@>', 'ScriptAlias / @APPS@/echo.cgi/',
        $line->('host'), '</VirtualHost>');
    my %says = ('/default' => 'server',
                map({ ($_ => 'outer') } qw(/outer /outer/same /outer/plain)),
                map({ ($_ => 'inner') } qw(/outer/inner /outer/none/again /mixed)));
    sends $s, "$_: $says{$_}", POST($_, @call), 'cxml', cxml($says{$_}) for sort keys %says;
    answers $s, "$_: none", POST($_, @call), 200, app => 'cgi' for '/outer/none', '/no/block';
    my @record = (form => "$call&RecordingUrl=u", sign => 'form');
    sends $s, 'outer: the list', POST('/outer', @record), 'cxml', cxml('host');
    answers $s, 'inner: another list', POST('/outer/inner', @record), 200, app => 'cgi';
    sends $s, 'a virtual host', POST('/default', @call, port => 2), 'cxml', cxml('host');
    finish;
}

# Whoever may not come in gets no document.
sub refusals {
    my $answer = 'SignalWireAnswer cxml conf/hello.xml';
    my $secret = 'SignalWireSharedSecret From file:conf/secret';
    my $s = server(modules => 'rewrite', files => { %hello, 'conf/secret' => [ 'sesame', 0600 ],
            'htdocs/free/.htaccess' => "RewriteEngine On\nRewriteRule ^to-(.*)\$ /\$1 [L]\n" },
        conf => join "\n", $SERVER, <<'EOT_CONF',
<Directory "@ROOT@/htdocs">
    AllowOverride All
</Directory>
EOT_CONF
        block('/require', $answer),
        block('/optional', "SignalWireVerify optional\n$answer", 'Require ip 127.0.0.1'),
        block('/report', "SignalWireVerify report\n$answer"),
        block('/off', "SignalWireVerify off\n$answer"),
        block('/denied', $answer, 'Require ip 192.0.2.1'),
        block('/verified', "SignalWireVerify optional\n$answer", 'Require signalwire verified'),
        block('/secret', "SignalWireVerify off\n$secret\n$answer"),
        block('/small', "SignalWireMaxBody 10\n$answer"));
    my @unsigned = (form => $call);
    my @wrong    = (form => $call, sign => 'form', key => KEY2);
    my $no = sub {
        my ($name, $status, $request, $log) = @_;
        answers $s, $name, $request, $status, log => $log, body => qr/\A(?!.*Response)/s;
    };
    $no->('unsigned', 403, POST('/require', @unsigned), qr/SW0101/);
    $no->('wrongly signed', 403, POST('/require', @wrong), qr/SW0103/);
    $no->('optional: wrongly signed', 403, POST('/optional', @wrong), qr/SW0103/);
    $no->('denied by Require', 403, POST('/denied', @call), qr/AH01630/);
    $no->('not verified', 403, POST('/verified', @unsigned), qr/AH01630/);
    $no->('without the secret', 403, POST('/secret', @unsigned), qr/SW01\d\d/);
    $no->('too large', 413, POST('/small', @call), qr/SW0109/);
    $no->('from outside into the block', 403, POST('/free/to-require', @unsigned), qr/SW0101/);
    sends $s, 'from outside into the block, signed', POST('/free/to-require', @call), 'cxml', $says;
    sends $s, 'optional: unverified', POST('/optional', @unsigned), 'cxml', $says;
    sends $s, 'optional: verified', POST('/optional', @call), 'cxml', $says;
    sends $s, 'verified', POST('/verified', @call), 'cxml', $says;
    sends $s, 'report', POST('/report', @wrong), 'cxml', $says, log => qr/SW0103/;
    sends $s, 'off', POST('/off', @unsigned), 'cxml', $says;
    sends $s, 'the secret is not repeated', GET('/secret?From=sesame&CallSid=1'), 'cxml',
        cxml('Hello ');
    finish;
}

# In any kind of section, whether its files exist or not; and before an error
# document that would have said something else.
sub sections {
    my $block = sub {
        my ($open, $close, $file) = @_;
        return "<$open>\n<SignalWireWebhook $file>\nSignalWireAnswer cxml conf/$file.xml "
            . "event=voice.incoming\n</SignalWireWebhook>\n</$close>\n";
    };
    my %files = map { ("conf/$_.xml" => cxml($_)) } qw(directory file if match error);
    my $s = server(files => { %files, 'htdocs/dir/index.txt' => '', 'htdocs/named' => '' },
        conf => join '', $SERVER,
        $block->('Directory "@ROOT@/htdocs/dir"', 'Directory', 'directory'),
        $block->('Files named', 'Files', 'file'),
        $block->('LocationMatch "^/m[0-9]+$"', 'LocationMatch', 'match'),
        $block->(q(If "%{QUERY_STRING} == 'if'"), 'If', 'if'),
        $block->('Location /refused', 'Location', 'error'),
        "DirectoryIndex index.txt\n", map { "ErrorDocument $_ /refused/error\n" } 403, 404);
    my %says = ('/named' => 'file', '/m17' => 'match', '/none?if' => 'if', '/dir/?if' => 'if',
                map { ($_ => 'directory') } qw(/dir/ /dir/index.txt /dir/none/x));
    sends $s, "$_: $says{$_}", POST($_, @call), 'cxml', cxml($says{$_}) for sort keys %says;
    answers $s, 'the error document of a refusal is refused', POST('/refused', form => $call), 403,
        log => qr/SW0101/, body => qr/\A(?!.*<Say>).*Forbidden/s;
    answers $s, 'nor is there one for who asks for it', POST('/none', form => $call), 404,
        log => qr/SW0101/, body => qr/\A(?!.*<Say>).*Not Found/s;
    finish;
}
