# SPDX-License-Identifier: Apache-2.0
# SignalWireGuard in front of CGI, PHP, proxies, files and error documents: good
# replies pass whoever made them, and whatever goes wrong gives way.
use FindBin; use lib "$FindBin::Bin/lib";
use File::Temp ();
use IO::Uncompress::Gunzip qw(gunzip);
use SW::Backend;
use SW::Test;
use Time::HiRes qw(sleep time);

my $CALL  = 'CallSid=c1&From=%2B1555&CallStatus=ringing';
my $HELLO = qq(<?xml version="1.0" encoding="UTF-8"?>\n<Response><Say>Hello</Say></Response>\n);
my $HALF  = substr $HELLO, 0, -15;
my $LARGE = '<Response><Say>' . 'x' x 65_600 . '</Say></Response>';
my $SORRY = '<Response><Say>Sorry +1555</Say></Response>';
my @XML   = ('Content-Type' => 'application/xml');
my @HTML  = ('Content-Type' => 'text/html');
my @CODES = (400, 401, 403, 404, 500, 502, 503);

# What the applications answer, by the last word of the path: body and fields.
my %says = (
    good      => [ $HELLO, @XML, 'X-Kept' => 'kept', ETag => '"1"' ],
    html      => [ $HELLO, 'Content-Type' => 'text/html; charset=UTF-8' ],
    swml      => [ '{"sections":{"main":[{"answer":{}}]}}', 'Content-Type' => 'application/json' ],
    yaml      => [ "sections:\n  main:\n  - answer: {}\n", 'Content-Type' => 'application/yaml' ],
    long      => [ '<Response><Say>' . 'x' x 60_000 . '</Say></Response>', @XML ],
    empty     => [ '', @XML ],
    none      => [ '', Status => 204 ],
    page      => [ '<html><body>Welcome</body></html>', @HTML, ETag => '"2"' ],
    half      => [ $HALF, @XML ],
    nul       => [ "$HELLO\0", @XML ],
    gzip      => [ "\x1f\x8b\x08\0", @XML, 'Content-Encoding' => 'gzip' ],
    large     => [ $LARGE, @XML ],
    'no-body' => [ '', Status => 500, @HTML ],
    (map { ("error-$_" => [ $HELLO, Status => $_, @XML, ETag => '"3"' ]) } @CODES),
    (map { ("to-$_" => [ '', Status => $_, @XML, Location => 'https://example.com/' ]) }
        301, 302, 303, 307, 308),
    say       => [ '<Say>Hello</Say>', @XML ],      # to be included
    ampersand => [ 'you & me', @XML ],
);
my @good = qw(good swml yaml long to-301 to-302 to-303 to-307 to-308);
my %bad = (
    empty => 'empty', none => '204|empty', page => 'html', half => 'line', nul => 'NUL', gzip => '',
    large => '64 KiB', 'no-body' => 'status 500', map { ("error-$_" => "status $_") } @CODES,
);

my $replies = File::Temp->newdir;
chmod 0777, $replies;
for my $word (keys %says) {
    my ($body, @fields) = @{ $says{$word} };
    open my $out, '>:raw', "$replies/$word" or die "$replies/$word: $!\n";
    print {$out} head(@fields), "\n", $body;
    close $out or die "$replies/$word: $!\n";
}

sub head {
    my $head = '';
    while (my ($name, $value) = splice @_, 0, 2) { $head .= "$name: $value\n" }
    return $head;
}

# The bytes of a reply on the wire; in an array, silence follows them.
sub wire {
    my ($body, %field) = @_;
    my $status = delete $field{Status} // 200;
    return "HTTP/1.1 $status -\r\n" . head(%field) =~ s/\n/\r\n/gr . "\r\n$body";
}
sub whole {
    my ($body, @fields) = @_;
    return wire($body, 'Content-Length' => length $body, @fields);
}
sub chunks {
    my ($body, $size, $end) = @_;
    my $chunks = SW::Client->chunked($body, $size) =~ s/0\r\n\r\n\z/$end/r;
    return wire($chunks, @XML, 'Transfer-Encoding' => 'chunked');
}
my $END = "0\r\n\r\n";
my %wire = (
    (map { ($_ => whole(@{ $says{$_} })) } keys %says),
    none            => wire('', Status => 204),
    chunked         => chunks($HELLO, 7, $END),
    'to-the-end'    => wire($HELLO, @XML),
    continued       => "HTTP/1.1 100 Continue\r\n\r\n" . whole($HELLO, @XML),
    'half-length'   => whole($HALF, @XML, 'Content-Length' => length $HELLO),
    'whole-length'  => whole($HELLO, @XML, 'Content-Length' => 5 + length $HELLO),
    'short-length'  => whole($HELLO, @XML, 'Content-Length' => length $HALF),
    'endless'       => whole($LARGE, @XML, 'Content-Length' => 1_000_000_000),
    'half-chunked'  => chunks($HALF, 7, ''),
    'whole-chunked' => chunks($HELLO, 7, ''),
    'bad-chunk'     => chunks($HELLO, 7, "zz\r\n"),
    'large-chunked' => chunks($LARGE, 4099, $END),
    'half-a-head'   => "HTTP/1.1 200 OK\r\nContent-Ty",
    'no-http'       => "Hello\r\n\r\n",
    closed          => '',
    silent          => [''],
    announced       => [ whole($HALF, @XML, 'Content-Length' => 65_537) ],
    stalled         => [ whole($HALF, @XML, 'Content-Length' => length $HELLO) ],
    'stalled-late'  => [ chunks($HELLO, 7, '') ],
);
my @broken = qw(half-length whole-length short-length endless half-chunked whole-chunked bad-chunk
                large-chunked closed half-a-head no-http);
my ($wire_port, $wire) = SW::Backend->start(wire => \%wire);

my %files = ('conf/sorry.xml' => $SORRY =~ s/\+1555/{{From}}/r);
my $conf = <<"EOT_CONF";
SignalWireSigningKey \@KEY\@
SignalWirePublicURL  https://hooks.example.com
SetEnv REPLIES       $replies
ScriptAlias /cgi     \@APPS\@/bad.cgi
Alias /php           \@APPS\@
AddType application/xml .xml .shtml
<LocationMatch "^/(?!open/)">
    <SignalWireWebhook voice>
        SignalWireGuard    On
        SignalWireFallback cxml conf/sorry.xml
    </SignalWireWebhook>
</LocationMatch>
<Location /free>
    <SignalWireWebhook free>
        SignalWireGuard Off
    </SignalWireWebhook>
</Location>
EOT_CONF

sub call     { my ($target, @more) = @_; POST($target, form => $CALL, sign => 'form', @more) }
sub call_get { my ($target, @more) = @_; GET("$target?$CALL", sign => 'form', @more) }

# The reply that %says describes.
sub lets_pass {
    my ($s, $request, $word, %want) = @_;
    my ($body, %fields) = @{ $says{$word} };
    my $status = delete $fields{Status} // 200;
    answers $s, delete $want{name} // "passes: $request->{target}", $request, $status, app => '',
        body => $body, %want, fields => { %fields, %{ $want{fields} || {} } };
}

sub replaced {
    my ($s, $request, $reason, %want) = @_;
    my @log = (qr/SW0124: .* \(voice\) is replaced by the fallback: .*(?:$reason)/,
               SW::Test::listed(delete $want{log}));
    answers $s, delete $want{name} // "replaced: $request->{target}", $request, 200, app => '',
        body => $SORRY, log => \@log, %want,
        fields => { @XML, 'Content-Length' => length $SORRY, 'Cache-Control' => 'no-store',
                    map { $_ => '' } qw(ETag Last-Modified Content-Encoding) };
}

each_mpm {
    my ($mpm) = @_;
    applications($mpm);
    error_documents();
    filters();
};

subtest 'mod_php' => sub {
    need 'mod_php', SW::PHP::mod_php() or return;
    my $s = server(mpm => 'prefork', mod_php => SW::PHP::mod_php(), files => \%files,
        conf => $conf . <<'EOT_CONF');
<Files *.php>
    SetHandler application/x-httpd-php
</Files>
PHPIniDir conf
EOT_CONF
    php($s);
    finish;
};

finish;
$wire->stop;
done_testing;

sub applications {
    my ($mpm) = @_;
    my $php = need 'PHP-FPM', SW::PHP::fpm();
    my $s = server(
        modules => 'proxy proxy_http proxy_fcgi' . ($mpm eq 'event' ? ' http2' : ''),
        files   => { %files, 'htdocs/file.xml' => $HELLO, 'htdocs/page.xml' => '<html/>',
                     'htdocs/index/x' => '' },
        conf    => $conf . <<"EOT_CONF" . ($php ? <<'EOT_PHP' : ''));
ScriptAlias /echo \@APPS\@/echo.cgi
ProxyPass /down   http://127.0.0.1:\@UNUSED\@
ProxyPass /wire   http://127.0.0.1:$wire_port disablereuse=On timeout=1
ProxyPass /errors http://127.0.0.1:$wire_port
Redirect 302 /moved https://example.com/
<Location /errors>
    ProxyErrorOverride On
</Location>
<Location /no-fpm>
    SetHandler "proxy:unix:\@ROOT\@/run/nobody.sock|fcgi://localhost"
</Location>
<Location /index>
    DirectoryIndex /cgi/good
</Location>
<Location /nobody>
    SetHandler no-such-handler
</Location>
<IfModule mpm_event_module>
    Protocols h2c http/1.1
</IfModule>
EOT_CONF
<Files *.php>
    SetHandler "@FPM@"
</Files>
EOT_PHP
    cgi($s);
    php($s) if $php;
    $s->log->expect(qr/\[proxy(?:_\w+)?:(?:error|warn)\] .*AH\d+/, 'any');
    proxied($s);
    files_and_none($s);
    connections($s);
    http2($s) if $mpm eq 'event' && need 'curl', program('curl');
    finish;
}

sub cgi {
    my ($s) = @_;
    lets_pass $s, call("/cgi/$_"), $_ for @good;
    replaced $s, call("/cgi/$_"), $bad{$_} for sort keys %bad;
    lets_pass $s, call('/cgi/html'), 'html', name => 'mended: /cgi/html', fields => {@XML};
    replaced $s, call("/cgi/$_"), 'line' for qw(killed failing);
    replaced $s, call('/cgi/silent'), 'status 500', log => qr/End of script output before headers/;
    replaced $s, call('/cgi/headless'), 'status 500', log => qr/malformed header|Bad header/;
    at_once($s);

    my $function = POST('/echo', json => '{"function":"x","argument":{}}', sign => 'sha1',
                        headers => [ 'Accept-Encoding' => 'gzip' ]);
    answers $s, 'the application does not see Accept-Encoding', $function, 200, app => 'cgi',
        env => { SIGNALWIRE_EVENT => 'swaig.function', HTTP_ACCEPT_ENCODING => undef };
}

# The application is still running when the client has its answer.
sub at_once {
    my ($s, @more) = @_;
    unlink "$replies/answered", "$replies/waited";
    replaced $s, call('/cgi/endless'), '64 KiB', @more;
    ok !-e "$replies/waited", '/cgi/endless: the client has not waited for the end';
    open my $out, '>', "$replies/answered" or die "$replies/answered: $!\n";
}

sub php {
    my ($s) = @_;
    my $to = sub { return call("/php/bad.php?reply=$_[0]") };
    my %worse = (%bad, warning => 'line', exits => 'line 2', throws => 'line',
                 'fatal-shown' => 'line', 'fatal-hidden' => 'status 500');
    lets_pass $s, $to->($_), $_ for @good;
    lets_pass $s, $to->('html'), 'html', name => 'mended: the type of PHP', fields => {@XML};
    replaced $s, $to->($_), $worse{$_} for sort keys %worse;
}

sub proxied {
    my ($s) = @_;
    lets_pass $s, call("/wire/$_"), $_ for @good;
    lets_pass $s, call("/wire/$_"), 'good', body => $HELLO, fields => { 'X-Kept' => '', ETag => '' }
        for qw(chunked to-the-end continued);
    replaced $s, call("/wire/$_"), $bad{$_} for sort keys %bad;
    replaced $s, call("/wire/$_"), '' for @broken;
    replaced $s, call('/wire/announced'), '64 KiB';
    replaced $s, call("/errors/$_"), $bad{$_} for qw(error-403 error-404 error-500 no-body);
    replaced $s, call('/down/x'), 'status 503' for 1, 2;
    replaced $s, call('/no-fpm/x.php'), 'status 503';

    # All at once, since each takes a second.
    my @slow = map { call("/wire/$_") } qw(silent stalled stalled-late);
    my @clients = map { SW::Client->new($s->port)->send(bytes_of $_)->flush } @slow;
    $s->log->expect(qr/SW0124: .* is replaced by the fallback: /, scalar @slow);
    my @replies = map { $_->response } @clients;
    check_reply $s, "replaced: $_->{target}", $_, shift @replies, 200, body => $SORRY for @slow;
}

sub files_and_none {
    my ($s) = @_;
    lets_pass $s, $_, 'good', body => $HELLO, name => "passes: $_->{method} of a file",
        fields => { 'X-Kept' => '', ETag => qr/./ } for call_get('/file.xml'), call('/file.xml');
    answers $s, 'passes: Redirect', call('/moved'), 302, fields => { Location => qr/example\.com/ };
    lets_pass $s, $_, 'good', name => "passes: $_->{method} of a DirectoryIndex"
        for call_get('/index/'), call('/index/');
    replaced $s, call_get('/page.xml'), 'html', name => 'replaced: a file';
    replaced $s, call_get('/'), 'status 40[34]', name => 'replaced: a directory';
    replaced $s, call('/missing'), 'status 404';
    replaced $s, call('/nobody'), 'status \d+';
}

# What was thrown away must not remain on the connection.
sub connections {
    my ($s) = @_;
    my $client = SW::Client->new($s->port);
    my @good = map { [$_] } '/cgi/good', '/wire/good';
    my @bad = ([ '/cgi/page', 'html' ], [ '/cgi/error-500', 'status 500' ], [ '/missing', '404' ],
               [ '/wire/large', '64 KiB' ], [ '/wire/large-chunked', '64 KiB' ],
               [ '/wire/half-length', '' ], [ '/wire/endless', '64 KiB' ],
               [ '/cgi/killed', 'line' ]);
    for ($good[0], @bad[0, 1], @good, @bad[2, 3], $good[1], @bad[4 .. 7], $good[0]) {
        my ($target, $reason) = @$_;
        my $r = call($target, keep => 1);
        $client->send(bytes_of $r);
        $s->log->expect(qr/SW0124: .*$reason/) if defined $reason;
        check_reply $s, "keep-alive: $target", $r, $client->response, 200,
            body => defined $reason ? $SORRY : $HELLO;
    }
}

sub http2 {
    my ($s) = @_;
    my @h2 = (via => sub { curl(@_, 'http', '--http2-prior-knowledge') });
    lets_pass $s, call("/$_"), m{([^/]+)\z}, @h2, name => "HTTP/2: passes: $_"
        for qw(cgi/good cgi/swml cgi/long cgi/to-302 wire/good wire/long);
    replaced $s, call("/$_->[0]"), $_->[1], @h2, name => "HTTP/2: replaced: $_->[0]" for
        [ 'cgi/page', 'html' ], [ 'cgi/error-500', 'status 500' ], [ 'cgi/large', '64 KiB' ],
        [ 'missing', 'status 404' ], [ 'down/x', 'status 503' ], [ 'wire/half-length', '' ],
        [ 'wire/half-chunked', '' ], [ 'wire/large-chunked', '64 KiB' ];
    at_once($s, @h2, name => 'HTTP/2: replaced: cgi/endless');
}

# The pages that httpd shows instead of errors, inside of blocks and outside.
sub error_documents {
    my %page = (text => '"We are closed"', inside => '/cgi/page', good => '/cgi/good',
                outside => '/open/page.html', off => '/free/page.html');
    my @places = sort keys %page;
    my $section = sub {
        my ($place) = @_;
        return join "\n", "ScriptAlias /$place \@APPS\@/bad.cgi", "<Location /$place>",
            map({ "ErrorDocument $_ $page{$place}" } 403, 404, 500), '</Location>';
    };
    my $s = server(modules => 'rewrite',
        files => { %files, map({ ("htdocs/$_/page.html" => 'We are closed') } qw(open free)),
                   'htdocs/rules/.htaccess' => <<'EOT_RULES' },
RewriteEngine On
RewriteRule gone - [R=404]
RewriteRule .    /cgi/good
EOT_RULES
        conf => join "\n", $conf, (map { $section->($_) } @places), <<'EOT_CONF');
ScriptAlias /free/cgi @APPS@/bad.cgi
<Directory "@ROOT@/htdocs">
    AllowOverride All
</Directory>
<Location /rules>
    ErrorDocument 404 /cgi/good
</Location>
EOT_CONF
    for my $place (@places) {
        replaced $s, call("/$place/$_"), $bad{$_} for qw(error-404 no-body);
        replaced $s, call("/$place/silent"), 'status 500', log => qr/End of script output/;
        logged($s, "/$place/no-body", 200);
    }
    replaced $s, call('/rules/gone'), 'status 404';
    lets_pass $s, call('/rules/x'), 'good', name => 'passes: rewritten in .htaccess';
    answers $s, 'not guarded: an error page', call('/free/cgi/no-body'), 500;
    answers $s, "a refusal, with an error page: $_", POST("/$_/good", form => $CALL), 403,
        log => qr/SW0101/, body => qr/\A(?!.*(?:Sorry \+|<Response|Welcome))/s for @places;
    finish;
}

# The access log has the status that was sent. The line may follow the reply.
sub logged {
    my ($s, $target, $status) = @_;
    my $line = qr{"POST \Q$target\E HTTP/1\.1" $status };
    my $end = time + 3;
    sleep 0.01 while $s->read_file('logs/access.log') !~ $line && time < $end;
    like $s->read_file('logs/access.log'), $line, "the access log: $target $status";
}

# Other filters, before the guard and after it.
sub filters {
    my $including = sub { return qq(<Response><!--#include virtual="/cgi/$_[0]" --></Response>) };
    my $s = server(modules => 'include deflate filter substitute',
        files => { %files, 'htdocs/good.shtml' => $including->('say'),
                   'htdocs/bad.shtml' => $including->('ampersand') },
        conf => $conf . <<'EOT_CONF');
AddOutputFilter INCLUDES .shtml
<Directory "@ROOT@/htdocs">
    Options +Includes
</Directory>
<Location /cgi>
    SetOutputFilter DEFLATE
</Location>
ScriptAlias /changed @APPS@/bad.cgi
<Location /changed>
    SetOutputFilter SUBSTITUTE
    Substitute "s|</Response>|</Reponse>|"
</Location>
EOT_CONF
    my $packed = sub {
        my ($word, $body, $reason) = @_;
        my $reply = answers $s, "DEFLATE: $word",
            call("/cgi/$word", headers => [ 'Accept-Encoding' => 'gzip' ]), 200,
            log => defined $reason ? qr/SW0124: .*$reason/ : undef;
        my $got = $reply->body;
        gunzip \$reply->body => \$got if $reply->header('Content-Encoding') eq 'gzip';
        is $got, $body, "DEFLATE: $word: the document";
        return $reply;
    };
    is $packed->('long', $says{long}[0])->header('Content-Encoding'), 'gzip', 'DEFLATE is at work';
    $packed->($_, $says{$_}[0]) for qw(good html swml);
    $packed->($_, $SORRY, $bad{$_}) for qw(page large gzip error-500);
    lets_pass $s, call('/cgi/good'), 'good', name => 'DEFLATE, not asked for';

    answers $s, 'passes: included', call_get('/good.shtml'), 200, body => qr/<Say>Hello<\/Say>/;
    replaced $s, call_get('/bad.shtml'), 'line 1', name => 'replaced: included';
    replaced $s, call('/changed/good'), 'line \d', name => 'replaced: changed by a filter';
    finish;
}
