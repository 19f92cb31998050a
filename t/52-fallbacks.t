# SPDX-License-Identifier: Apache-2.0
# SignalWireFallback: which of several goes out, with which status, and what
# without any; and the replies that are no business of the guard.
use FindBin; use lib "$FindBin::Bin/lib";
use File::Temp ();
use SW::Fields;
use SW::Test;
use Time::HiRes qw(sleep time);

# What the application says, by the last word of the path.
my %says = (
    page  => "Content-Type: text/html\n\n<html>",
    none  => "Status: 204\n\n",
    error => "Status: 500\nContent-Type: text/html\nETag: \"1\"\n\noops",
    gone  => "Status: 404\nContent-Type: text/html\n\noops",
    good  => "Content-Type: application/xml\n\n<Response/>",
);
my $replies = File::Temp->newdir;
chmod 0755, $replies;
for my $word (keys %says) {
    open my $out, '>', "$replies/$word" or die "$replies/$word: $!\n";
    print {$out} $says{$word};
    close $out or die "$replies/$word: $!\n";
}

my $SERVER = <<"EOT_CONF";
SignalWireSigningKey \@KEY\@
SignalWirePublicURL  https://hooks.example.com
SetEnv REPLIES       $replies
ScriptAliasMatch "/([^/]+)\$" \@APPS\@/bad.cgi/\$1
EOT_CONF

# A block with these lines, and others of its section after it.
sub block {
    my ($name, $lines, $section) = @_;
    return qq(<Location "/$name">\n<SignalWireWebhook $name>\n$lines\n</SignalWireWebhook>\n)
        . ($section // '') . "\n</Location>\n";
}

sub cxml { my ($text) = @_; return "<Response><Say>$text</Say></Response>\n" }
sub swml {
    my ($text) = @_;
    return qq({"version":"1.0.0","sections":{"main":[{"play":{"url":"say:$text"}}]}}\n);
}
sub json { my ($text) = @_; return qq({"response":"$text"}\n) }

my %files = (
    'conf/t.xml'     => cxml('Sorry {{From}}'),
    'conf/t.json'    => swml('Sorry {{call.from}}'),
    'conf/any.json'  => json('Sorry {{function}}'),
    'conf/inner.xml' => cxml('{{sw.webhook}} {{sw.event}}'),
);
my @THREE    = ('cxml conf/t.xml', 'swml conf/t.json', 'json conf/any.json');
my $CALL     = 'CallSid=c1&From=%2B1555&CallStatus=ringing';
my %document = (cxml => cxml('Sorry +1555'), swml => swml('Sorry +15550100123'),
                json => json('Sorry get_weather'));

sub guarded { return join "\n", 'SignalWireGuard On', map { "SignalWireFallback $_" } @_ }

# A request to /BLOCK/WORD, by what it wants.
sub asking {
    my ($wants, $target) = @_;
    return POST($target, form => $CALL, sign => 'form') if $wants eq 'cxml';
    my %file = (swml => 'swml.call.json', json => 'swaig.function.json');
    return fixture($file{$wants} // $wants, $target);
}

sub replaced {
    my ($s, $wants, $target, $format, %want) = @_;
    my $body = $want{body} // $document{$format};
    my $reason = 'SW0124: the reply to \S+ \(\S+\) is replaced by the fallback: ';
    answers $s, "replaced: $target for $wants", asking($wants, $target), $want{status} // 200,
        app => '', body => $body, log => qr/$reason/,
        fields => { 'Content-Length' => length $body, 'Cache-Control' => 'no-store', ETag => '',
                    'Content-Type' => $format eq 'cxml' ? 'application/xml' : 'application/json' };
}

sub lets_pass {
    my ($s, $name, $request, $word, %want) = @_;
    my ($status) = $says{$word} =~ /\AStatus: (\d+)/;
    my ($body) = $says{$word} =~ /\n\n(.*)/s;
    answers $s, "not guarded: $name", $request, $status // 200, app => '', body => $body, %want;
}

each_mpm { choice(); not_guarded(); refusals() };

subtest 'the directives' => sub {
    my $conf = sub {
        return "SignalWireSigningKey \@KEY\@\nSignalWirePublicURL https://hooks.example.com\n"
            . block('x', @_);
    };
    my $bad = sub {
        my ($line, @patterns) = @_;
        refuses $line, $conf->($line), [ qr/SignalWire(?:Guard|Fallback)/, @patterns ],
            files => \%files;
    };
    my $good = sub { my ($line) = @_; passes $line, $conf->($line), undef, files => \%files };
    my $place = sub { my ($file) = @_; return qr/SignalWireFallback "[^"]*\Q$file\E": line 1: / };
    $bad->('SignalWireGuard');
    $bad->('SignalWireGuard perhaps',                 qr/"perhaps": expected On or Off/);
    $bad->('SignalWireFallback');
    $bad->('SignalWireFallback cxml');
    $bad->('SignalWireFallback xml conf/t.xml',       qr/"xml": expected .*cxml/);
    $bad->('SignalWireFallback none conf/t.xml',      qr/expected/);
    $bad->('SignalWireFallback cxml conf/no.xml',     qr/conf\/no\.xml": expected/);
    $bad->('SignalWireFallback cxml conf/t.json',     $place->('conf/t.json'));
    $bad->('SignalWireFallback swml conf/t.xml',      $place->('conf/t.xml'));
    $bad->('SignalWireFallback swml conf/any.json',   qr/conf\/any\.json": line \d+: .*sections/);
    $bad->('SignalWireFallback json conf/t.xml',      $place->('conf/t.xml'));
    $bad->("SignalWireFallback cxml conf/t.xml $_",   qr/"$_": expected/)
        for qw(status= status=OK status=20 status=2000 status=200x status=199 status=600 503
               event=unknown), 'status=204', 'status=304';      # which have no body
    $bad->("SignalWireFallback cxml conf/t.xml\nSignalWireFallback cxml conf/t.xml status=503",
           qr/"cxml": expected one/);
    $good->($_) for 'SignalWireGuard on', 'SignalWireGuard OFF', 'SignalWireFallback none',
        map({ "SignalWireGuard On\n$_" } 'SignalWireFallback CXML conf/t.xml STATUS=503',
            'SignalWireFallback json conf/any.json', "SignalWireFallback swml \@ROOT\@/conf/t.json status=200"),
        guarded(@THREE);
    refuses "$_ directly in a section", "<Location /x>\n$_\n</Location>",
        qr/SignalWire\w+ stands directly in a section/, files => \%files
        for 'SignalWireGuard On', 'SignalWireFallback cxml conf/t.xml';
    passes 'at server level', guarded(@THREE) . "\n" . $conf->(''), undef, files => \%files;
};

finish;
done_testing;

sub choice {
    my $s = server(files => \%files, conf => join "\n", $SERVER, guarded($THREE[0]),
        block('server', ''),
        block('cxml',   guarded($THREE[0])),
        block('swml',   guarded($THREE[1])),
        block('two',    guarded(@THREE[0, 1])),
        block('three',  guarded(@THREE)),
        block('none',   guarded('none'), "ErrorDocument 502 /server/good"),
        block('again',  guarded('none', $THREE[1])),
        block('status', guarded("$THREE[0] status=503", "$THREE[1] STATUS=200")),
        block('outer',        guarded(@THREE[0, 1])),
        block('outer/same',   'SignalWireMaxBody 100000'),
        block('outer/inner',  'SignalWireFallback cxml conf/inner.xml'),
        block('outer/off',    'SignalWireGuard Off'),
        block('outer/off/on', 'SignalWireGuard On'));
    replaced $s, @$_ for
        [ 'cxml', '/server/page', 'cxml' ],
        [ 'cxml', '/cxml/page',   'cxml' ],
        [ 'swml', '/cxml/page',   'cxml', body => cxml('Sorry ') ],
        [ 'cxml', '/swml/page',   'swml', body => swml('Sorry ') ],
        [ 'swml', '/again/page',  'swml' ],
        [ 'cxml', '/status/gone', 'cxml', status => 503 ],
        [ 'swml', '/status/gone', 'swml' ],
        (map { [ $_, '/two/page',   $_ ], [ $_, '/outer/same/page', $_ ] } qw(cxml swml)),
        (map { [ $_, '/three/page', $_ ] } qw(cxml swml json)),
        [ 'swml', '/outer/off/on/page', 'swml' ],
        [ 'cxml', '/outer/inner/page',  'cxml', body => cxml('outer/inner voice.incoming') ],
        [ 'swml', '/outer/inner/page',  'cxml', body => cxml('outer/inner swml.call') ];
    lets_pass $s, 'switched off', asking('cxml', '/outer/off/page'), 'page';

    my $fails = sub {
        my ($wants, $target) = @_;
        answers $s, "502: $target for $wants", asking($wants, $target), 502,
            log => qr/SW0124: the reply to \S+ \(\w+\) is replaced by 502: /,
            fields => { ETag => '' }, body => qr/\A(?!.*(?:oops|<Response|<html>))/s;
    };
    $fails->('json', '/two/page');
    $fails->($_, '/none/page') for qw(cxml swml json);
    $fails->('cxml', "/none/$_") for qw(none gone error);

    logged($s, @$_) for [ '/cxml/page', 200 ], [ '/status/gone', 503 ], [ '/none/page', 502 ],
        [ '/none/error', 502 ];
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

sub not_guarded {
    my $s = server(files => { %files, 'conf/answer.xml' => cxml('Answer') },
        conf => join "\n", $SERVER, block('voice', guarded(@THREE)),
        block('answered', join "\n", guarded(@THREE), 'SignalWireAnswer ack event=voice.incoming',
              'SignalWireAnswer cxml conf/answer.xml event=swaig.function'));
    for my $file (qw(voice.status.form message.status.form call.state.json unknown.json)) {
        lets_pass $s, "$file: $_", asking($file, "/voice/$_"), $_ for qw(error gone none page);
    }
    for my $word (qw(error page)) {
        my $head = request('HEAD', "/voice/$word?$CALL", sign => 'form');
        lets_pass $s, "HEAD, $word", $head, $word, body => '';
        lets_pass $s, "outside of the blocks, $word", POST("/free/$word", form => $CALL), $word;
    }
    answers $s, 'not guarded: our own answer', asking('json', '/answered/page'), 200,
        body => cxml('Answer'), fields => { 'Content-Type' => 'application/xml' };
    answers $s, 'not guarded: our own acknowledgement', asking('cxml', '/answered/page'), 200,
        body => qr/<Response\/>\z/;
    replaced $s, 'swml', '/answered/error', 'swml';
    finish;
}

# Whoever may not come in gets no document.
sub refusals {
    my $all = guarded(@THREE);
    my $optional = "$all\nSignalWireVerify optional";
    my $s = server(modules => 'auth_basic authn_file', files => { %files, 'conf/users' => '' },
        conf => join "\n", $SERVER,
        block('voice',    $all),
        block('page',     $all, 'ErrorDocument 403 /page/good'),
        block('small',    "$all\nSignalWireMaxBody 10"),
        block('denied',   $all, 'Require ip 192.0.2.1'),
        block('verified', $optional, 'Require signalwire verified'),
        block('optional', $optional, 'Require ip 127.0.0.1'),
        block('report',   "$all\nSignalWireVerify report"),
        block('login',    $all, <<'EOT_LOGIN'));
AuthType Basic
AuthName x
AuthBasicProvider file
AuthUserFile conf/users
Require valid-user
EOT_LOGIN
    my @unsigned = (form => $CALL);
    my @forged   = (form => $CALL, sign => 'form', key => KEY2);
    my $refused = sub {
        my ($name, $request, $status, $log) = @_;
        answers $s, "refused: $name", $request, $status, log => $log,
            body => qr/\A(?!.*(?:Sorry|<Response))/s;
    };
    $refused->('unsigned', POST('/voice/good', @unsigned), 403, qr/SW0101/);
    $refused->('a GET', GET("/voice/good?$CALL"), 403, qr/SW0101/);
    $refused->("wrongly signed, $_", POST("/$_/good", @forged), 403, qr/SW0103/)
        for qw(voice optional);
    $refused->('with an error document', POST('/page/page', @unsigned), 403, qr/SW0101/);
    $refused->('too large', asking('cxml', '/small/good'), 413, qr/SW0109/);
    $refused->('Require ip', asking('cxml', '/denied/good'), 403, qr/AH01630/);
    $refused->('Require signalwire', POST('/verified/good', @unsigned), 403, qr/AH01630/);
    $refused->('Require valid-user', asking('cxml', '/login/good'), 401);
    my $replaced = qr/SW0124: .* is replaced by the fallback: status 500/;
    answers $s, 'replaced: unverified', POST('/optional/error', @unsigned), 200, log => $replaced,
        body => $document{cxml};
    answers $s, 'replaced: reported', POST('/report/error', @unsigned), 200,
        log => [ qr/SW0101/, $replaced ], body => $document{cxml};
    finish;
}
