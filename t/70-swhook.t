# SPDX-License-Identifier: Apache-2.0
# The command line: what it signs is verified by httpd, what it reads it judges
# as httpd does, what it makes is what it says, and it never shows a key.
use FindBin; use lib "$FindBin::Bin/lib";
use JSON::PP;
use MIME::Base64;
use SW::Fields;
use SW::Test;
use SW::Tool;

my $form = 'From=%2B15550100123&Body=it%27s&To=%2B15550100456&MessageSid=m-1';

my $s = server(conf => join '', tool_conf(), <<'EOT');
<Location /proxied>
    <SignalWireWebhook proxied>
        SignalWireTrustedProxy 127.0.0.1
        SignalWireAnswer ack event=message.incoming
    </SignalWireWebhook>
</Location>
<Location /any>
    <SignalWireWebhook any>
        SignalWirePublicURL http://127.0.0.1:@PORT@
        SignalWireAnswer ack
    </SignalWireWebhook>
</Location>
EOT
my $here = 'http://127.0.0.1:' . $s->port;
my $can_send = can_send();

subtest 'sign' => sub {
    my $url = 'https://hooks.example.com/x?y=1';
    my ($status, $out) = swhook($form, 'sign', '--sha256', $url, '-');
    is $status, 0, 'a form';
    is $out, 'X-SignalWire-Signature: ' . sign_form(KEY, $url, $form)
        . "\nX-SignalWire-SHA256-Signature: " . sign_sha256(KEY, $url, $form) . "\n", 'both fields of it';
    my $signed = report('{"a":1}', 'sign', $url, '-');
    is $signed->{'X-SignalWire-Signature'}, sign_sha1(KEY, $url, '{"a":1}'), 'JSON is signed by its bytes';
    $signed = report("From=1", 'sign', '--get', $url, '-');
    is $signed->{url}, "$url&From=1", 'a form in the query';
    is $signed->{'X-SignalWire-Signature'}, sign_form(KEY, "$url&From=1", ''), 'is signed with the URL';
    is((swhook("From=1\e", 'sign', '--get', $url, '-'))[0], 2, 'only if it can stand there');
    $signed = report('', 'sign', $url);
    is $signed->{'X-SignalWire-Signature'}, sign_form(KEY, $url, ''), 'the URL alone';

    my $keys = file('keys', "# old and new\n" . KEY2 . "\r\n\n" . KEY . "\n", 0600);
    $signed = report($form, 'sign', '--key-file', $keys, $url, '-');
    is $signed->{'X-SignalWire-Signature'}, sign_form(KEY2, $url, $form), 'the first key of a file';
    $signed = report($form, 'sign', '--sha256', $url, '-');
    is $signed->{'X-SignalWire-SHA256-Signature'}, sign_sha256(KEY, $url, $form), 'both fields in JSON';

    need 'curl', program('curl') or return;
    my $body = file("it's", $form);
    (undef, $out) = swhook('', 'sign', '--curl', "$here/here?a=it's", $body);
    my ($code, $reply) = command('sh', '-c', "$out -sS -o /dev/null -w '%{http_code}'" =~ tr/\n//dr);
    is $reply, 200, 'the curl command is verified by httpd' or diag $out;
    (undef, $out) = swhook('', 'sign', '--curl', '--sha256', "$here/any");
    ($code, $reply) = command('sh', '-c', "$out -sS -o /dev/null -w '%{http_code}'" =~ tr/\n//dr);
    is $reply, 200, 'without a body, with both fields, too' or diag $out;
};

subtest 'send' => sub {
    plan skip_all => 'built without libcurl' if !$can_send;
    my $reply = report($form, 'send', '--as', PUBLIC, "$here/cgi/x", '-');
    is $reply->{status}, 200, 'signed for the public URL';
    my $app = decode_json($reply->{body});
    is $app->{env}{SIGNALWIRE_VERIFIED}, 'form', 'and verified as a form';
    is $app->{env}{SIGNALWIRE_BODY}, "it's", 'the body arrives';
    $reply = report('', 'send', '--event', 'swml.call', '--as', PUBLIC . '/cgi/x', "$here/cgi/x");
    is decode_json($reply->{body})->{env}{SIGNALWIRE_VERIFIED}, 'sha256', 'a call carries SHA-256';
    $reply = report('', 'send', '--get', '--event', 'voice.status', '--as', PUBLIC, "$here/cgi/x?a=b");
    is decode_json($reply->{body})->{env}{SIGNALWIRE_FORMAT}, 'query', '--get sends a query';
    $reply = report($form, 'send', "$here/here", '-');
    is $reply->{status}, 200, 'without --as, for the URL itself';
    $reply = report($form, 'send', '--as', PUBLIC, '--header', 'Host: hooks.example.com',
        '--header', 'X-Forwarded-Proto: https', "$here/proxied", '-');
    is $reply->{status}, 200, 'in place of a proxy';

    $s->log->expect(qr/SW0103: .*it was made for http:/);
    my ($status, $out) = swhook($form, 'send', "$here/cgi/x", '-');
    is $status, 1, 'refused is no';
    like $out, qr/\A403 after /, 'and says so';
    is_deeply [ $s->log->complaints ], [], 'as the log does';
    ($status) = swhook($form, 'send', 'http://127.0.0.1:1/', '-');
    is $status, 1, 'so is nobody there';
};

subtest 'events' => sub {
    my $kinds = report('', 'send', '--list');
    my $table = slurp(SW::Config::source_dir() . '/src/core/event/kinds.c');
    my %core  = map { $_ => 1 } $table =~ /\] = \{ "([\w.]+)"/g;
    is_deeply [ sort keys %$kinds ], [ sort keys %core ], 'the kinds of the core';
    return if !$can_send;    # else: each, as it is sent
    my %seen;
    for my $kind (sort(keys %$kinds), 'call.hold', 'video.room.started') {
        my $shown = made($kind);
        is $shown->{EVENT}, $kind, "$kind is one";
        fail "$kind: $_ is no number for fiction" for grep { !/\A\+1555010\d{4}\z/ }
            grep { /\A\+/ } map { $_ // () } @$shown{qw(FROM TO)};
        $seen{ $shown->{ID} }++ if defined $shown->{ID};
    }
    isnt made('voice.status')->{ID}, made('voice.status')->{ID}, 'each has ids of its own';
    is scalar(grep { $_ > 1 } values %seen), 0, 'no two have one';
};

# httpd's verdict on the corpus is tested by 20-vectors.t; here the tool's.
subtest 'verify' => sub {
    my %file;
    for my $v (map { decode_json($_) } split /\n/, slurp("$FindBin::Bin/vectors/vectors.jsonl")) {
        next if $v->{tier} eq 'info';
        my ($origin) = $v->{url} =~ m{\A(\w+://[^/?#]*)}s;
        my $keys = $file{ $v->{keyset} } //= file("keys-$v->{keyset}" =~ tr/:/-/r,
            join("\n", @{ $v->{server_keys} }), 0600);
        my ($status, $out, $err) = swhook(wire($v), 'verify', '--key-file', $keys, '--max-body', 1 << 22,
            '--url', $origin =~ s{//.*@}{//}r, '-');
        my $want = $v->{expect} eq 'accept' ? 0 : 1;
        is $status, $want, "$v->{expect} $v->{id}" or diag $out, $err;
    }
};

subtest 'diagnoses' => sub {
    my $request = bytes_of(POST '/x?q=1', form => $form, sign => 'form', url => 'http://hooks.example.com/x?q=1');
    my $report = report($request, 'verify', '--url', PUBLIC, '-');
    is $report->{verdict}, 'signature-mismatch', 'the scheme is wrong';
    is $report->{diagnosis}, 'it was made for http://hooks.example.com/x: set SignalWirePublicURL '
        . 'http://hooks.example.com', 'and that is said';
    $request = bytes_of(POST '/inside/x?q=1', form => $form, sign => 'form', url => PUBLIC . '/x?q=1');
    is report($request, 'verify', '--url', PUBLIC . '/x', '-')->{verified}, 'form', 'a path of the public URL';
    $request = bytes_of(POST '/x', json => '{}', sign => 'sha256', chunked => 1);
    my ($status, $out) = swhook($request, 'verify', '--url', PUBLIC, '-');
    is $out, 'verified: sha256 by key 1, for ' . PUBLIC . "/x\n", 'in words';
    is report($request, 'verify', '--url', PUBLIC, '--signature-type', 'form', '-')->{verdict}, 'signature-type',
        'a type that is excluded';
    is report($request, 'verify', '--url', PUBLIC, '--signature-type', 'body', '-')->{verified}, 'sha256',
        'and one that is not';
    my @of = (verify => '--url', PUBLIC, '--project', 'p-1', '-');
    $request = bytes_of(POST '/x', json => '{"project_id":"p-1"}', sign => 'sha1');
    is report($request, @of)->{verified}, 'sha1', 'a key of the project';
    $request = bytes_of(POST '/x', json => '{"project_id":"p-2"}', sign => 'sha1');
    my $other = report($request, @of);
    is $other->{verdict}, 'no-project-key', 'the key of another project';
    like $other->{diagnosis}, qr/labelled project=p-1 made it, but the request names project "p-2"/, 'and that is said';
    like $other->{diagnosis}, qr/\Athe callback is of project "p-2"/, 'whose project is named';
    is report(bytes_of(POST '/x', json => '{}'), 'verify', '--url', PUBLIC, '-')->{verdict}, 'no-signature',
        'an unsigned one';
    my $diagnosis = sub { my ($name, $request, $says, @more) = @_;
        is report(bytes_of($request), 'verify', '--url', PUBLIC, @more, '-')->{diagnosis}, $says, $name };
    $diagnosis->('a malformed signature', POST('/x', json => '{}', headers => [ 'X-SignalWire-Signature' => 'A' x 40 ]),
        'X-SignalWire-Signature has upper-case hex digits');
    $diagnosis->('another body than bodySHA256 says', POST('/x?bodySHA256=', form => 'A=1', sign => 'form'), 'it is empty');
    $diagnosis->('a query that was encoded again', POST('/x?a=b%20c', json => '{}', sign => 'sha1', url => PUBLIC . '/x?a=b+c'),
        'it was made for ' . PUBLIC . '/x, with its path or query percent-encoded in another way: something between '
        . 'SignalWire and this server decodes the URL and encodes it again; SignalWirePublicURL cannot help: let it pass on '
        . 'what it receives (ProxyPass ... nocanon; in nginx proxy_pass without a path)');
    my @cut = ('/in/x', json => '{}', sign => 'sha1', headers => [ 'X-Forwarded-Prefix' => '/app' ]);
    my $advice = 'it was made for ' . PUBLIC . '/app/in/x, whose path X-Forwarded-Prefix names: if that is this server in '
        . 'public, set SignalWirePublicURL ' . PUBLIC . '/app/in';
    $diagnosis->('a prefix that was cut', POST(@cut, url => PUBLIC . '/app/in/x'),
        "$advice in a block in <Location \"/in\">", '--location', '/in');
    $diagnosis->('a prefix that was cut, no section named', POST(@cut, url => PUBLIC . '/app/in/x'),
        "$advice/x in a block in <Location \"/in/x\">");

    # A body alone is no request: one line that says so.
    for my $body ($form, '{"a":1}', '', "\r\n", "POST /x\r\n\r\n") {
        my ($status, $out, $err) = swhook($body, 'verify', '--url', PUBLIC, '-');
        is "$status $out", '2 ', 'a body alone: no verdict';
        like $err, qr/\Aswhook: -: expected a whole request, .*\n\z/, 'and one line';
    }
    ($status, $out) = swhook(bytes_of(POST('/x', json => '{}', length => 3, sign => 'sha1')),
        'verify', '--url', PUBLIC, '-');
    is $status, 1, 'a body that is too short';
    like $out, qr/\Abody-unreadable: /, 'cannot be read';
    for my $head ("A: b\r\n" x 201, 'A: ' . 'b' x 70000 . "\r\n", "A\0: b\r\n", "A : b\r\n", " c\r\n",
                  "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", "Content-Length: 0, 0\r\n") {
        ($status, $out) = swhook("POST / HTTP/1.1\r\n$head\r\n0\r\n\r\n", 'verify', '--url', PUBLIC, '-');
        ok $status == 1 && $out =~ /\Abody-unreadable: .*; expected /, 'nor can ' . substr $head =~ s/[\0\r\n]+/ /gr, 0, 40;
    }
};

# What a saved request may look like, and what the module would be told.
subtest 'requests' => sub {
    my $form = 'A=1';
    my $bytes = bytes_of(POST '/in/sub?q=1', form => $form, sign => 'form', url => 'https://h.example/pub/sub?q=1');
    my @url = ('--url', 'https://h.example/pub');
    is report($bytes, 'verify', @url, '--location', '/in', '-')->{verified}, 'form', '--location: as SignalWirePublicURL in it';
    is report($bytes, 'verify', @url, '--location', '/other', '-')->{verdict}, 'url-prefix', 'another location';
    is report($bytes, 'verify', @url, '-')->{verdict}, 'signature-mismatch', 'without it, the URL is the whole of it';
    my $saved = "\r\n\n" . $bytes =~ s/Host: /X-Long: one\r\n\ttwo\r\nHost: /r;
    is report($saved, 'verify', @url, '--location', '/in', '-')->{verified}, 'form', 'empty lines in front, and folded ones';
    my $large = bytes_of(POST '/x', json => '"' . 'x' x 300_000 . '"', sign => 'sha1');
    my $report = report($large, 'verify', '--url', PUBLIC, '-');
    is $report->{verdict}, 'body-too-large', 'as SignalWireMaxBody is by itself';
    like $report->{diagnosis}, qr/300002 bytes/, 'and that is said';
    is report($large, 'verify', '--url', PUBLIC, '--max-body', 300_002, '-')->{verified}, 'sha1', 'or as it is told';
};

subtest 'show' => sub {
    my %expected = fixtures();
    for my $name (sort keys %expected) {
        my ($type) = $name =~ /(\w+)\z/;
        my $shown = report(undef, 'show', '--type', $type, "$FindBin::Bin/callbacks/$name");
        $shown->{DEDUPE} = 'is set' if exists $shown->{DEDUPE};
        is_deeply $shown, $expected{$name}, $name;
    }
    my (undef, $out) = swhook(bytes_of(POST '/x', form => 'MessageSid=a%00&Body=%1b%5Bm%0A%C2%9B%FF%5C'),
        'show', '-');
    my (undef, $json_out) = swhook(bytes_of(POST '/x', form => 'MessageSid=a&Body=%C2%9B31m'), 'show', '--json', '-');
    like $json_out, qr/"\\u009b31m"/, 'also of JSON';
    like $out, qr/^MESSAGE_ID a\nBODY \\x1b\[m\\n\\x9b\xef\xbf\xbd\\\\\n\z/m, 'a terminal is safe';
};

subtest 'usage' => sub {
    my $open = file('open', KEY, 0644);
    my $empty = file('empty', "# none\n", 0600);
    my @url = ('--url', PUBLIC);
    my %bad = (
        'no command'         => [], 'another command' => ['sing'], 'no URL' => ['sign'],
        'unknown option'     => [ 'sign', '--key', KEY2, PUBLIC ],
        'no such type'       => [ 'verify', @url, '--signature-type', 'hex', '-' ],
        'no value'           => [ 'sign', '--type' ],
        'no --url'           => [ 'verify', '-' ],
        'a file that is not' => [ 'show', "@{[ tool_dir() ]}/none" ],
        'a key for all'      => [ 'verify', '--key-file', $open, @url, '-' ],
        'no key in it'       => [ 'sign', '--key-file', $empty, PUBLIC ],
        'no address'         => [ 'send', '--event', 'voice.status', 'http://' . 'a' x 64 . '/' ],
        'no certificates'    => [ 'send', '--event', 'voice.status', '--cacert', '/none', $here =~ s/http/https/r ],
        'no such kind'       => [ 'send', '--event', 'voice.mail', $here ],
        'no URL in truth'    => [ 'sign', 'hooks.example.com/x' ],
        'a blank in a URL'   => [ 'sign', PUBLIC . '/a b' ],
        'a fragment'         => [ 'sign', PUBLIC . '/#a' ],
        'no host'            => [ 'sign', 'https:///x' ],
        'no URL as another'  => [ 'send', '--event', 'swml.call', '--as', 'x', $here ],
        'JSON in a query'    => [ 'sign', '--get', '--type', 'json', PUBLIC, file('json', '{}') ],
        'no media type'      => [ 'sign', '--type', '', PUBLIC ],
        'no project'         => [ 'sign', '--project', '', PUBLIC ],
        'no bytes at most'   => [ 'show', '--max-body', 0, '-' ],
        'no body, no kind'   => [ 'send', $here ],
        'no file of keys'    => [ 'sign', '--key-file', tool_dir(), PUBLIC ],
        'many keys'          => [ 'sign', '--key-file', file('many', join('', map { "key$_\n" } 1 .. 100), 0600), PUBLIC ],
        'a body of its own'  => [ 'send', '--event', 'swml.call', '--header', 'Content-Length: 3', $here ],
        'nothing to share'   => [ 'send', '--event', 'swml.call', '--concurrency', 3, $here ],
        'curl and JSON'      => [ 'sign', '--curl', '--json', PUBLIC ],
        'a whole request'    => [ 'show', '--type', 'form', file('request', "GET /x HTTP/1.1\r\n\r\n") ],
        'a key for a file'   => [ 'sign', '--key-file', KEY2, PUBLIC ],
        'a key and ='        => [ 'sign', '--key=' . KEY2, PUBLIC ],
        'two fields in one'  => [ 'send', '--event', 'swml.call', '--header', "A: b\r\nC: d", $here ],
        'no number'          => [ 'send', '--event', 'swml.call', '--load', '3x', $here ],
        'too large'          => [ 'show', '--type', 'json', file('large', ' ' x (16 * 1024 * 1024 + 1)) ],
    );
    for my $name (sort keys %bad) {
        my ($status, $out, $err) = swhook('', @{ $bad{$name} });
        is $status, 2, $name;
        like $err, qr/\Aswhook: .*expected .*\n\z/, "$name: says what was expected";
        is $out, '', "$name: nothing on standard output";
    }
    {
        local @SW::Tool::env = ();
        is((swhook('', 'sign', PUBLIC))[0], 2, 'no key');
    }
    {
        local @SW::Tool::env = (SIGNALWIRE_SIGNING_KEY => KEY . "\n");
        is((swhook('', 'sign', PUBLIC))[0], 0, 'a line end after a key of the environment is none of it');
    }
    my ($failed, $said) = command('sh', '-c', "SIGNALWIRE_SIGNING_KEY=x '@{[ tool() ]}' sign https://h.example/ >/dev/full");
    is $failed, 2, 'what cannot be written is no success';
    my $late = sub { command('sh', '-c', "{ sleep 0.2; SIGNALWIRE_SIGNING_KEY=x '@{[ tool() ]}' @_; echo ended \$? >&2; } | true") };
    is +($late->($_))[1], "ended 0\n", "swhook $_ | head: a reader that has enough is no error"
        for 'send --list', 'sign https://h.example/', '--help', 'show --type query /dev/null', 'send --list --json';
    for my $command ([], map { [$_] } qw(sign send verify show)) {
        my ($status, $out) = swhook('', @$command, '--help');
        ok $status == 0 && $out =~ /\AUsage: swhook/, "@$command --help";
    }
};

# What configure --without-curl makes of it.
subtest 'without libcurl' => sub {
    local $SW::Tool::tool = SW::Config::build_dir() . '/t/apps/swhook-nocurl';
    my ($status, $out, $err) = swhook('', 'send', '--event', 'swml.call', $here);
    is "$status $out$err", "2 swhook: send: expected a swhook that was built with libcurl; this one was not\n",
        'send says so';
    is((swhook('', 'send', '--list'))[0], 0, 'the kinds are there');
    is((swhook('', 'sign', PUBLIC))[0], 0, 'and the other commands');
};

subtest 'the page' => sub {
    my $page = slurp(SW::Config::source_dir() . '/docs/swhook.1') =~ s/\\-/-/gr;
    like $page =~ s/\\e/\\/gr, qr/ printed as \\x and two digits, a line end as \\n, a backslash as two/,
        'how control bytes are printed';
    my $code = slurp(SW::Config::source_dir() . '/src/tool/options.c');
    my %option = map { $_ => 1 } $code =~ /\{ "([\w-]+)", [A-Z| ]+, (?:set|add)_/g;
    cmp_ok keys %option, '>', 10, 'there are options';
    like $page, qr/--$_\b/, "--$_" for sort keys %option;
};

unlike said(), qr/\Q@{[KEY]}\E|\Q@{[KEY2]}\E/, 'no key was ever printed';

finish;
done_testing;

# What show says of an event that send makes, caught on its way.
sub made {
    my ($kind) = @_;
    my ($port, $backend) = catcher("@{[ tool_dir() ]}/caught");
    swhook('', 'send', '--event', $kind, "http://127.0.0.1:$port/x");
    $backend->stop;
    my (undef, $out) = swhook(undef, 'show', '--json', "@{[ tool_dir() ]}/caught");
    return eval { decode_json($out) } || {};
}

# Takes one request and keeps its bytes.
sub catcher {
    my ($to) = @_;
    my $listener = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1') or die "listen: $!\n";
    my $process = SW::Process->start(sub {
        my $client = $listener->accept;
        my $text = '';
        until ($text =~ /\r\n\r\n/ && length($') >= ($text =~ /^Content-Length: (\d+)/m ? $1 : 0)) {
            sysread($client, $text, 65536, length $text) or last;
        }
        file('caught', $text);
        print {$client} "HTTP/1.1 204 No Content\r\n\r\n";
        close $client;
    });
    return ($listener->sockport, $process);
}

# A vector as the server gets it.
sub wire {
    my ($v) = @_;
    my ($user, $target) = $v->{url} =~ m{\A\w+://(?:([^/?#]*)@)?[^/?#]*(.*)\z}s;
    my $body = decode_base64($v->{body_base64});
    my %given = map { lc, 1 } keys %{ $v->{headers} };
    my @fields = (Host => 'hooks.example.com');
    if (defined $user && !$given{authorization}) {
        my ($name, $password) = map { s/%(..)/chr hex $1/ger } split /:/, $user, 2;
        push @fields, Authorization => 'Basic ' . encode_base64("$name:" . ($password // ''), '');
    }
    push @fields, 'Content-Type' => $v->{content_type} if defined $v->{content_type} && !$given{'content-type'};
    for my $name (sort keys %{ $v->{headers} }) {
        my $value = $v->{headers}{$name};
        push @fields, map { ($name => $_) } ref $value ? @$value : $value;
    }
    my ($size) = ($v->{transfer} || '') =~ /\Achunked(?::(\d+))?/ ? $1 || 4096 : ();
    push @fields, $size ? ('Transfer-Encoding' => 'chunked') : ('Content-Length' => length $body);
    my $head = "$v->{method} " . ($target =~ m{\A/} ? '' : '/') . "$target HTTP/1.1\r\n";
    while (my ($name, $value) = splice @fields, 0, 2) { $head .= "$name: $value\r\n" }
    utf8::encode($head);
    return "$head\r\n" . ($size ? SW::Client->chunked($body, $size) : $body);
}
