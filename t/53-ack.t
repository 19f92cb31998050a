# SPDX-License-Identifier: Apache-2.0
# SignalWireAckFirst: the answer comes while the application still runs, and the
# application runs to its end whoever it is, whether or not the client is there.
use FindBin; use lib "$FindBin::Bin/lib";
use Digest::SHA qw(sha256_hex);
use SW::PHP;
use SW::Runs;
use SW::Test;
use Time::HiRes qw(sleep);

my $STATUS = 'CallSid=c1&From=%2B1555&CallStatus=completed&CallDuration=9&SequenceNumber=3';
my $CALL   = 'CallSid=c1&From=%2B1555&To=2&CallStatus=ringing';
my $HELLO  = '<Response><Say>Hello</Say></Response>';
my $runs   = SW::Runs->new;
my $done   = $runs->dir;

# The block, with more in it.
sub conf {
    my ($port, $mpm, @more) = @_;
    return join "\n", $runs->conf('slow', $mpm, $port), <<"EOT";
LogLevel warn signalwire:info
SignalWireSigningKey \@KEY\@
SignalWirePublicURL  https://hooks.example.com
<LocationMatch "^/">
    <SignalWireWebhook hook>
        @{[ join "\n        ", @more ]}
    </SignalWireWebhook>
</LocationMatch>
EOT
}

sub has_ended { my ($word) = @_; return -e "$done/$word.done" }

# Waits for a file of the application's.
sub comes { my ($file) = @_; return $runs->comes(sub { -e "$done/$file" }) }

# What the application leaves at its end.
sub result {
    my ($word) = @_;
    $runs->let_go($word);
    comes("$word.done");
    open my $in, '<', "$done/$word.done" or return 'nothing';
    return scalar <$in>;
}

sub ran { my ($word, $body, $event, $name) = @_;
          is result($word), sha256_hex($body) . " $event", "$name: it ran to its end, with body and event" }

# The line that says how it ended.
sub says_end {
    my ($s, $name, $before, $pattern) = @_;
    my @lines;
    $runs->comes(sub { (@lines = $s->log->lines(qr/SW0127/)) > $before });
    like $lines[-1] // '', $pattern, "$name: how it ended is logged";
}

sub lines { my ($s) = @_; return scalar(my @lines = $s->log->lines(qr/SW0127/)) }

sub acknowledges {
    my ($s, $app, $name, @via) = @_;
    my $word = $runs->word('run');
    my $before = lines($s);
    my $reply = answers $s, "$name: acknowledged", POST("/$app/$word", form => $STATUS, sign => 'form'), 200,
        app => '', body => '', @via;
    ok !has_ended($word), "$name: before it could end";
    ran($word, $STATUS, 'voice.status', $name);
    says_end($s, $name, $before, qr/\[signalwire:info\].*voice\.status \(hook\) ended with status 200, after \d+ ms/);
    return $reply;
}

sub fails {
    my ($s, $app, $name) = @_;
    my $word = $runs->word('fail');
    my $before = lines($s);
    my $request = POST("/$app/$word", form => $STATUS, sign => 'form', keep => 1);
    $s->log->expect(qr/SW0127: .* failed, and the callback is lost: it ended with status 5\d\d/);
    $s->log->expect(qr/End of script output before headers|malformed header/, 'any');
    my $client = SW::Client->new($s->port);
    my $reply = $client->send(bytes_of $request)->response;
    is $reply->status, 200, "$name: acknowledged";
    $runs->let_go($word);
    like $reply->header('Connection'), qr/\bclose\z/, "$name: nobody waits after it";
    ok $client->closed, "$name: the connection ends";
    is $client->rest, '', "$name: nothing follows the acknowledgement";
    ran($word, $STATUS, 'voice.status', $name);
    says_end($s, $name, $before, qr/\[signalwire:error\]/);
    like $s->read_file('logs/access.log'), qr{/$word HTTP/1\.1" 200 }, "$name: the access log has what the client got";
}

sub goes_on_alone {
    my ($s, $app, $name) = @_;
    my $word = $runs->word('alone');
    SW::Client->new($s->port)->send(bytes_of POST("/$app/$word", form => $STATUS, sign => 'form'))->flush;
    ran($word, $STATUS, 'voice.status', "$name, the client gone");
}

each_mpm {
    my ($mpm) = @_;
    my $php = $mpm eq 'event' ? SW::PHP::fpm() : SW::PHP::mod_php();
    need 'PHP', $php or return;
    my $backend = server(bare => 1, conf => $runs->backend_conf('slow'));
    my @modules = $runs->modules($mpm, $php);
    my $s = server(@modules, conf => conf($backend->port, $mpm, 'SignalWireAckFirst On'));
    for my $app (qw(cgi php proxied)) {
        acknowledges($s, $app, $app);
        acknowledges($s, $app, "$app over HTTP/2", via => sub { curl(@_, 'http', '--http2-prior-knowledge') })
            if $mpm eq 'event';
        goes_on_alone($s, $app, $app);
        # What a proxied application lacks is told here by its status alone.
        $backend->log->expect(qr/End of script output before headers/) if $app eq 'proxied';
        fails($s, $app, $app);
    }
    my $word = $runs->word('document');
    my $client = SW::Client->new($s->port);
    $client->send(bytes_of POST("/cgi/$word", form => $CALL, sign => 'form'))->flush;
    ran($word, $CALL, 'voice.incoming', 'a document request');
    is length $client->response->body, 300_300, 'a document request gets the document of its application';

    $word = $runs->word('reload');
    answers $s, 'before a graceful restart', POST("/cgi/$word", form => $STATUS, sign => 'form'), 200, app => '';
    comes("$word.begun");
    $s->reload if !$ENV{SW_VALGRIND};
    ran($word, $STATUS, 'voice.status', 'across a graceful restart');
    if (!$ENV{SW_VALGRIND}) {
        $word = $runs->word('stop');
        answers $s, 'before a graceful stop', POST("/cgi/$word", form => $STATUS, sign => 'form'), 200, app => '';
        comes("$word.begun");
        $s->end_gracefully;
        sleep 0.3;
        ok !$s->has_ended, 'a graceful stop waits for the application';
        ran($word, $STATUS, 'voice.status', 'across a graceful stop');
        ok $runs->comes(sub { $s->has_ended }), 'and then httpd ends';
    }
    finish;

    $s = server(@modules, files => { 'conf/hello.xml' => $HELLO },
        conf => conf(9, $mpm, 'SignalWireAckFirst 1', 'SignalWireAnswer cxml conf/hello.xml event=voice.incoming'));
    $word = $runs->word('answered');
    answers $s, 'a document from a template', POST("/cgi/$word", form => $CALL, sign => 'form'), 200, app => '',
        body => $HELLO, fields => { 'Content-Type' => 'application/xml', 'Content-Length' => length $HELLO };
    ok !has_ended($word), 'is sent before the application has run';
    answers $s, 'one too many', POST('/cgi/many', form => $STATUS, sign => 'form'), 503, app => '',
        fields => { 'Retry-After' => qr/\A[1-9]/ }, log => qr/SW0128: voice\.status \(hook\) is refused/;
    ran($word, $CALL, 'voice.incoming', 'answered and recorded');
    says_end($s, 'answered', 0, qr/ended with status 200/);
    $word = $runs->word('again');
    answers $s, 'and then the next', POST("/cgi/$word", form => $STATUS, sign => 'form'), 200, app => '', body => '';
    ran($word, $STATUS, 'voice.status', 'the next');
    ok !-e "$done/many.done", 'what was refused did not run';
    answers $s, 'where nothing is to run, an answer is only an answer', POST('/nothing', form => $CALL, sign => 'form'),
        200, app => '', body => $HELLO;
    answers $s, 'and no answer is none', POST('/nothing', form => $STATUS, sign => 'form'), 404, app => '',
        log => qr/SW0149: the verified voice\.status \(hook\) is answered with 404: no SignalWireAnswer line matches/;
    answers $s, 'a forged one is refused before', POST('/cgi/forged', form => $STATUS), 403,
        log => qr/SW0101/;
    finish;
    crash($mpm, @modules) if !$ENV{SW_VALGRIND};
};

# What a child has counted does not outlive it.
sub crash {
    my ($mpm, @modules) = @_;
    my $backend = server(bare => 1, conf => $runs->backend_conf('slow'));
    my $s = server(@modules, no_cgi => 1, conf => conf($backend->port, $mpm, 'SignalWireAckFirst 1'));
    my ($first, $second) = ($runs->word('crash'), $runs->word('crash'));
    my $request = sub { return POST("/proxied/$_[0]", form => $STATUS, sign => 'form') };
    answers $s, 'before a crash', $request->($first), 200, app => '';
    answers $s, 'another is too many', $request->('many'), 503, app => '', log => qr/SW0128/;
    comes("$first.begun");
    my %dead = map { ($_ => 1) } $s->children;
    kill KILL => keys %dead;
    $runs->comes(sub { !grep { $dead{$_} } $s->children });
    answers $s, 'after the crash', $request->($second), 200, app => '';
    ran($second, $STATUS, 'voice.status', 'after the crash');
    $runs->let_go($first);
}

refuses 'a word', <<'EOT', qr/SignalWireAckFirst "often": expected On, Off, or how many/;
SignalWireAckFirst often
EOT

finish;
done_testing;
