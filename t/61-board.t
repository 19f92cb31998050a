# SPDX-License-Identifier: Apache-2.0
# signalwire-status: what it counts is right, whoever serves and however often
# httpd restarts; what it shows is escaped, masked and bounded.
use FindBin; use lib "$FindBin::Bin/lib";
use JSON::PP ();
use SW::Test;
use Time::HiRes qw(sleep time);

sub conf {
    my (@more) = @_;
    return join "\n", <<"EOT", @more;
LoadModule swnull_module "@{[ SW::Config::build_dir() ]}/t/bench/.libs/mod_swnull.so"
SignalWireSigningKey \@KEY\@
SignalWirePublicURL  https://hooks.example.com
<LocationMatch "^/(?!board|full|server)">
    SetHandler swnull
    <SignalWireWebhook hook>
    </SignalWireWebhook>
</LocationMatch>
<Location "/open">
    <SignalWireWebhook open>
        SignalWireVerify report
    </SignalWireWebhook>
</Location>
<Location "/board">
    SetHandler signalwire-status
</Location>
<Location "/full">
    SetHandler signalwire-status
    SignalWireStatusShow full
    Require ip 127.0.0.1
</Location>
EOT
}

sub board { my ($s, $path) = @_; return JSON::PP->new->utf8->decode(talk_in_turn($s, GET($path // '/board?json'))->body) }

sub form { my ($s, $body, %more) = @_; return talk_in_turn($s, POST('/x', form => $body, sign => 'form', %more))->status }

sub message { my ($s, $id, $status, $more) = @_; form($s, "MessageSid=$id&MessageStatus=$status&From=%2B15550100123&To=%2B15550100456" . ($more // '')) }

sub call { my ($s, $id, $status, $more) = @_; form($s, "CallSid=$id&CallStatus=$status&Direction=inbound&SequenceNumber=1&From=%2B15550100123&To=2" . ($more // '')) }

# Those of a hash that are not 0.
sub some { my ($n) = @_; return { map { ($_ => $n->{$_}) } grep { $n->{$_} } keys %$n } }

each_mpm {
    my ($mpm) = @_;
    my $s = server(modules => 'status', conf => conf('<Location /server>', 'SetHandler server-status', '</Location>'));
    $s->log->expect(qr/would be refused/, 'any');
    message($s, 'm1', $_) for qw(queued sent delivered);
    message($s, 'm1', 'delivered');                             # a repeat
    message($s, 'm2', 'delivered');
    message($s, 'm2', $_) for qw(sent queued);                  # late news
    message($s, 'm3', 'undelivered', '&ErrorCode=30003');
    message($s, 'm3', 'delivered');                             # a second end
    message($s, 'm4', 'failed', '&ErrorCode=4711');
    message($s, 'm5', $_, '&NumMedia=2') for qw(queued sent);
    message($s, 'm6', 'shiny');
    form($s, 'MessageSid=m7&From=%2B15550100123&To=2&Body=%3DSUM(A1)');
    call($s, 'c1', 'in-progress');
    call($s, 'c1', 'completed', '&CallDuration=61&AudioInMos=4.31');
    call($s, 'c1', 'ringing');
    call($s, 'c2', 'busy', '&AudioInMos=9.9');
    form($s, "CallSid=c4&CallStatus=failed&Direction=outbound-api&ErrorCode=$_") for 20429, 4711;
    call($s, 'c2', 'busy', '&ErrorCode=0');
    call($s, 'c3', 'completed', '&CallDuration=x');
    form($s, "CallSid=$_&RecordingSid=r1&RecordingUrl=https%3A%2F%2Ffiles.example%2Fr1.wav&RecordingDuration=9") for qw(c1 c9);
    for ([ 'answered', 1000.25 ], [ 'ended', 1030.5 ]) {
        my $json = qq({"event_type":"calling.call.state","timestamp":$_->[1],"params":{"call_id":"j1","call_state":"$_->[0]"}});
        talk_in_turn($s, POST('/x', json => $json, sign => 'sha1'));
    }
    $s->log->expect(qr/SW010[13]/, 2);
    form($s, 'CallSid=forged&CallStatus=busy&SequenceNumber=1', key => 'wrong');
    talk_in_turn($s, POST('/x', form => 'CallSid=unsigned&CallStatus=busy&SequenceNumber=1'));
    talk_in_turn($s, POST('/open', form => 'CallSid=reported&CallStatus=busy&SequenceNumber=1'));

    my $b = board($s);
    is_deeply [ @{ $b->{total} }{qw(requests verified unverified refused slow broken)} ], [ 29, 26, 1, 2, 0, 0 ], 'requests';
    is_deeply $b->{$_}, $b->{total}, "the last $_" for qw(hour day);
    is_deeply some($b->{total}{messages}), { queued => 2, sent => 2, delivered => 2, undelivered => 1, failed => 1,
        received => 1, other => 1 }, 'messages, each status once';
    is_deeply some($b->{total}{mms}), { queued => 1, sent => 1 }, 'those with media apart';
    is $b->{total}{delivery_rate}, 0.5, 'delivery rate';
    is_deeply some($b->{total}{errors}), { 30003 => 1, other => 1 }, 'errors: a code of the wire is no counter';
    is_deeply some($b->{total}{calls}), { 'in-progress' => 2, completed => 3, busy => 1, ringing => 1, failed => 1 }, 'calls';
    is_deeply some($b->{total}{call_errors}), { 20429 => 1 }, 'errors of calls, the first of each';
    like talk($s, GET('/board?prometheus'))->body, qr/^signalwire_call_errors_total\{code="20429"\} 1$/m, 'for Prometheus';
    like talk($s, GET('/board'))->body, qr/<h2>Why calls failed<\/h2>\n<table>\n<tr><td>20429<\/td><td>Too many requests</, 'on the page';
    is $b->{total}{answer_rate}, 0.6, 'answer rate';
    is $b->{total}{mean_duration}, 45.5, 'durations: as told, or from answered to ended';
    is $b->{total}{mean_opinion_score}, 4.31, 'opinion score: from 1 to 5';
    is_deeply [ map { "$_->{name} " . JSON::PP->new->canonical->encode({ %$_{qw(passed refused keys)} }) } @{ $b->{webhooks} } ],
        [ 'hook {"keys":{"1":26},"passed":{"verified":26},"refused":{"no-signature":1,"signature-mismatch":1}}',
          'open {"keys":{},"passed":{"no-signature":1},"refused":{}}' ], 'webhooks';
    is_deeply { map { ($_->{id} => $_->{status}) } @{ $b->{messages} } }, { m1 => 'delivered', m2 => 'delivered',
        m3 => 'undelivered', m4 => 'failed', m5 => 'sent', m6 => 'other', m7 => 'received' }, 'late news moves nothing back';
    is_deeply { map { ($_->{id} => $_->{status}) } @{ $b->{calls} } }, { c1 => 'completed', c2 => 'busy', c3 => 'completed',
        c4 => 'failed', j1 => 'completed' }, 'calls that nobody has signed are none';
    is $b->{messages}[0]{id}, 'm7', 'the last is the first';
    is_deeply [ @{ $b->{messages}[0] }{qw(from body)} ], [ '+1*******123', undef ], 'masked';
    is_deeply [ @{ board($s, '/full?json')->{messages}[0] }{qw(from body)} ], [ '+15550100123', '=SUM(A1)' ], 'full';
    is_deeply { map { ($_->{id} => $_->{recording_url}) } grep { $_->{recording_url} } @{ board($s, '/full?json')->{calls} } },
        { c1 => 'https://files.example/r1.wav' }, 'what was recorded of a call that is known';
    like talk($s, GET('/server?auto'))->body, qr/^SignalWireRequests: 29\nSignalWireRefused: 2$/m, 'mod_status, for programs';
    like talk($s, GET('/server'))->body, qr/<h2>SignalWire<\/h2>\n<p>29 requests, 26 verified/, 'mod_status, for people';
    my $refused = talk($s, POST('/board', body => 'x'));
    is $refused->status, 405, 'it is only read';
    like $refused->header('Allow'), qr/\bGET\b(?!.*POST)/, 'and says so';

    # As many children as there are, and two restarts.
    return if $ENV{SW_VALGRIND};
    my $each = 500;
    my @clients = map { my $n = $_; SW::Process->start(sub {
        my ($line, $sent) = (undef, 0);
        while ($sent < $each) {
            $line //= SW::Client->new($s->port);
            my $request = POST('/x', form => "MessageSid=$n-$sent&MessageStatus=delivered", sign => 'form', keep => 1);
            my $reply = eval { $line->send(bytes_of $request)->response };
            $sent++ if $reply;
            $line = undef if !$reply || lc $reply->header('Connection') eq 'close';
        }
    }) } 1 .. 8;
    for (1, 2) { sleep 0.3; $s->reload }
    for my $client (@clients) { sleep 0.01 while $client->alive }
    my ($after, $end) = (board($s), time + 10);
    $after = board($s) while $after->{total}{requests} - $b->{total}{requests} < 8 * $each && time < $end;
    is $after->{total}{requests} - $b->{total}{requests}, 8 * $each, 'eight clients and two graceful restarts: every request';
    is $after->{total}{messages}{delivered} - $b->{total}{messages}{delivered}, 8 * $each, 'and every message';
    is $after->{webhooks}[0]{passed}{verified} - $b->{webhooks}[0]{passed}{verified}, 8 * $each, 'and in its block';
    is $after->{since}, $b->{since}, 'the memory is the same';
    is scalar @{ $after->{messages} }, 1000, 'the last thousand are known';
};

# News in any order, and what is shown of errors.
{
    my $long = 'b' x 62 . "\xc3\xa9";
    my $s = server(modules => 'status', files => { 'htdocs/errors/403.html' => 'no', 'htdocs/errors/404.html' => 'none' },
        conf => conf(<<"EOT"));
ErrorDocument 403 /errors/403.html
ErrorDocument 404 /errors/404.html
<Location "/errors">
    SetHandler none
    <SignalWireWebhook errors>
        SignalWireVerify off
    </SignalWireWebhook>
</Location>
<Location "/missing">
    SetHandler none
</Location>
<Location "/long1">
    <SignalWireWebhook "${long}1">
    </SignalWireWebhook>
</Location>
<Location "/long2">
    <SignalWireWebhook "${long}2">
    </SignalWireWebhook>
</Location>
EOT
    my $state = sub {
        my ($id, $state, $time, $reason) = @_;
        $reason = $reason ? qq(,"end_reason":"$reason") : '';
        talk_in_turn($s, POST('/x', sign => 'sha1', json =>
            qq({"event_type":"calling.call.state","timestamp":$time,"params":{"call_id":"$id","call_state":"$state"$reason}})));
    };
    my $json = sub { talk_in_turn($s, POST('/x', sign => 'sha1', json => qq({"id":"$_[0]","status":"$_[1]","from":"1","to":"2","error_code":null}))) };
    $state->('never', @$_) for [ 'ringing', 1001 ], [ 'ending', 1005 ], [ 'ended', 1006, 'busy' ];
    $state->('late', @$_) for [ 'ended', 2060, 'hangup' ], [ 'answered', 2000 ], [ 'answered', 2030 ];
    $state->('mixed', @$_) for [ 'ending', 4060 ], [ 'answered', 4000 ], [ 'ended', 4061, 'hangup' ];
    $json->('read', $_) for qw(read delivered undelivered);
    message($s, 'zero', 'sent', '&ErrorCode=0');
    form($s, 'MessageSid=in&From=%2B15550100123&To=2&Body=hi');
    call($s, 'out', 'ringing');
    $s->log->expect(qr/SW0103/);
    form($s, 'MessageSid=forged&MessageStatus=delivered', key => 'wrong');
    talk_in_turn($s, POST('/missing', form => 'MessageSid=m404&MessageStatus=sent', sign => 'form'));
    talk_in_turn($s, POST("/long$_", form => "MessageSid=long$_&MessageStatus=sent", sign => 'form')) for 1, 2, 2;

    my $b = board($s);
    is_deeply some($b->{total}{calls}), { ringing => 2, busy => 1, 'in-progress' => 2, completed => 2 }, 'ending is no answer';
    my %call = map { ($_->{id} => $_) } @{ $b->{calls} };
    is_deeply { map { ($_ => $call{$_}{duration}) } qw(never late mixed) }, { never => undef, late => 60, mixed => 61 },
        'durations, in whatever order they are told';
    is $b->{total}{delivery_rate}, 1, 'who has read it has got it, and another end is none';
    is_deeply some($b->{total}{errors}), {}, 'no error is none';
    my %message = map { ($_->{id} => $_) } @{ $b->{messages} };
    is_deeply [ map { $message{$_}{direction} } qw(in zero) ], [qw(inbound outbound)], 'the status of a message says its direction';
    is_deeply [ map { $call{$_}{direction} } qw(late out) ], [ undef, 'inbound' ], 'of a call that is not told nothing is';
    my %block = map { ($_->{name} => $_) } @{ $b->{webhooks} };
    is_deeply [ @{ $block{errors} }{qw(passed refused)}, $b->{total}{refused}, $message{forged} ], [ {}, {}, 1, undef ],
        'the document of an error is no request';
    is $message{m404}{webhook}, 'hook', 'what has failed after it was verified before';
    my @names = grep { /\Ab+~[0-9a-f]{8}\z/ } map { $_->{name} } @{ $b->{webhooks} };
    is_deeply [ map { $block{$_}{keys}{1} } @names ], [ 1, 2 ], 'long names stay two';
    is scalar(() = talk($s, GET("/board?csv=messages&webhook=${long}2"))->body =~ /\n/g), 2, 'and are found';
}

# What is sent is hostile: text, not markup, formula or label.
{
    my $s = server(conf => conf('SignalWireStatusSize 20', <<'EOT'));
# The script asks with "no-cache", the browser at first without.
<Location "/full/lost">
    <If "%{HTTP:Cache-Control} =~ /no-cache/">
        Require all denied
    </If>
</Location>
EOT
    $s->log->expect(qr/AH01630/, 'any');
    my $evil = '%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%27%00%0A%FF';
    for my $id ('=cmd', '@x', '-1', "%2B$evil", map { "id$_" } 1 .. 30) {
        message($s, $id, "%3Cb%3E$id", "&ErrorCode=$evil&Body=$evil");
        call($s, $id, 'busy', "&CallerName=$evil&RecordingUrl=javascript:alert(1)");
    }
    message($s, $_, 'failed', '&ErrorCode=%22,x') for '=cmd', '%2B1', '@SUM', '-2', '%09tab';
    my $page = talk($s, GET('/full'));
    is $page->header('Content-Type'), 'text/html; charset=utf-8', 'a page';
    unlike $page->body =~ s/<script>\(function.*?<\/script>//sr, qr/<script|<b>(?:id|[=@+-])|javascript:alert|\0/i, 'nothing of it is markup';
    like $page->header('Content-Security-Policy'), qr/\Adefault-src 'none'; .*script-src 'sha256-/, 'a strict policy';
    unlike $page->header('Content-Security-Policy'), qr/unsafe|\*|http/, 'without holes';
    unlike $page->body =~ s/<h1>.*?<\/h1>//r, qr{(?:src|href|url)[=(]["']?(?!["']?\?)}, 'no external asset';
    is $page->header('Cache-Control'), 'no-store', 'and none of it is kept';
    my $b = board($s, '/full?json');
    is_deeply [ map { scalar @{ $b->{$_} } } qw(calls messages) ], [ 20, 20 ], 'as many are known as shall be';
    is_deeply [ sort grep { $b->{total}{errors}{$_} } keys %{ $b->{total}{errors} } ], ['other'], 'no counter of the wire';
    for my $of (qw(calls messages)) {
        $s->write_file('run/x.csv', talk($s, GET("/full?csv=$of"))->body);
        my ($failed, $out) = command('python3', '-c', <<'EOT', $s->root . '/run/x.csv');
import csv, sys
rows = list(csv.reader(open(sys.argv[1], newline='', encoding='utf-8'), strict=True))
print(len(rows), {len(r) for r in rows}, sum(c[:1] in '=+-@\t\r' and c != '' for r in rows for c in r))
EOT
        is $out, "21 {12} 0\n", "CSV of $of: rows of twelve cells, none a formula";
    }
    my $rows = talk($s, GET('/board?csv=messages&status=failed,undelivered&webhook=hook'))->body;
    is scalar(() = $rows =~ /\r\n/g), 6, 'CSV: chosen by status';
    is scalar(() = talk($s, GET('/board?csv=messages&webhook=none'))->body =~ /\r\n/g), 1, 'CSV: chosen by block';
    is talk($s, GET('/board?csv=everything'))->status, 400, 'CSV of what there is not';
    $s->write_file('run/metrics', talk($s, GET('/board?prometheus'))->body);
    if (need 'promtool', program('promtool')) {
        my ($failed, $out) = command('sh', '-c', 'promtool check metrics <"$0"', $s->root . '/run/metrics');
        is "$failed$out", '0', 'promtool has nothing to say';
    }
    in_browser($s);
    return_size($s) if !$ENV{SW_VALGRIND};
}

# The page in a browser: with scripts it refreshes itself, and the policy lets
# it.
sub in_browser {
    my ($s) = @_;
    need 'chromium', program('chromium') or return;
    my @chromium = ('chromium', '--headless', '--no-sandbox', '--disable-gpu', '--enable-logging=stderr', '--v=0',
        '--user-data-dir=' . $s->root . '/run/browser', '--virtual-time-budget=12000', '--dump-dom');
    my $before = () = $s->read_file('logs/access.log') =~ /GET \/full /g;
    my (undef, $out) = command(@chromium, 'http://127.0.0.1:' . $s->port . '/full');
    like $out, qr/<h2>Messages, the last first<\/h2>.*&lt;script&gt;alert\(1\)/s, 'a browser shows it';
    unlike $out, qr/Content Security Policy|Uncaught|class="lost"/, 'and has nothing to complain of';
    my $after = () = $s->read_file('logs/access.log') =~ /GET \/full /g;
    cmp_ok $after - $before, '>', 1, 'it refreshes itself';
    (undef, $out) = command(@chromium, 'http://127.0.0.1:' . $s->port . '/full/lost');
    like $out, qr/<body class="lost">.*<h2>Messages, the last first<\/h2>/s, 'without the server it keeps what it has, and says so';
}

sub return_size {
    my ($s) = @_;
    $s->{conf} =~ s/Size 20/Size 30/;
    $s->write_conf;
    $s->reload;
    is scalar(my @lines = $s->log->lines(qr/:notice\].*SW0012: SignalWireStatusSize 30: the board keeps its 20/)), 1,
        'another size is for the next start';
    is scalar @{ board($s)->{messages} }, 20, 'nothing is lost by it';
}

# One word for a verdict, whoever tells it: error log, event log, JSON and
# Prometheus, which has a label for each word of the documentation.
{
    my $s = server(conf => conf('SignalWireEventLog logs/events.log', <<'EOT'));
<Location "/free">
    <SignalWireWebhook free>
        SignalWireVerify off
    </SignalWireWebhook>
</Location>
EOT
    my @form = (form => 'MessageSid=m1&MessageStatus=sent');
    my @sent = (
        [ 'hook verified true',            POST('/x', @form, sign => 'form') ],
        [ 'hook signature-mismatch false', POST('/x', @form, sign => 'form', key => 'wrong') ],
        [ 'hook no-signature false',       POST('/x', @form) ],
        [ 'open signature-mismatch true',  POST('/open', @form, sign => 'form', key => 'wrong') ],
        [ 'open no-signature true',        POST('/open', @form) ],
        [ 'free off true',                 POST('/free', @form) ],
    );
    my @want = sort map { $_->[0] } @sent;
    $s->log->expect(qr/SW010[13]/, 4);
    talk_in_turn($s, $_->[1]) for @sent;
    my $b = board($s);
    my %word = (1 => 'true', 0 => 'false', yes => 'true', no => 'false', passed => 'true', refused => 'false');
    my @lines = map { JSON::PP->new->utf8->decode($_) } split /\n/, $s->read_file('logs/events.log');
    is_deeply [ sort map { "$_->{webhook} $_->{verdict} $word{ $_->{passed} }" } @lines ], \@want, 'the event log';
    is_deeply [ sort map { /: POST \S+ (would be )?refused \((\w+)\): ([\w-]+):/ ? "$2 $3 " . ($1 ? 'true' : 'false') : () }
        $s->log->lines(qr/SW01/) ], [ grep { !/ (?:verified|off) / } @want ], 'the error log';
    is_deeply [ sort map { my $w = $_; map { my $how = $_; map { "$w->{name} $_ $word{$how}" } keys %{ $w->{$how} } }
        qw(passed refused) } @{ $b->{webhooks} } ], \@want, '?json';
    my @metrics = talk($s, GET('/board?prometheus'))->body
        =~ /^signalwire_requests_total\{webhook="(\w+)",verdict="([\w-]+)",passed="(\w+)"\} (\d+)$/mg;
    my (@counted, %verdicts);
    while (my ($webhook, $verdict, $passed, $n) = splice @metrics, 0, 4) {
        $verdicts{$verdict} = 1;
        push @counted, "$webhook $verdict $word{$passed}" if $n;
    }
    is_deeply [ sort @counted ], \@want, 'Prometheus';
    my $page = do { open my $in, '<', SW::Config::source_dir() . '/docs/variables.md' or die; local $/; <$in> };
    my ($table) = $page =~ /^## Verdicts\n(.*?)^#/ms;
    is_deeply [ sort keys %verdicts ], [ sort $table =~ /^\| `([\w-]+)` /mg ], 'and the documentation';
}

{
    my $s = server(conf => "<Location /board>\nSetHandler signalwire-status\n</Location>\n");
    answers $s, 'without any block there is no board', GET('/board'), 503, log => qr/SW0133: .*this httpd has no <SignalWireWebhook>/;
}

# httpd counts nothing unless the configuration has a board.
each_mpm {
    my $block = <<'EOT';
RewriteEngine On
RewriteRule ^/rewritten$ - [H=signalwire-status]
<Location /hook>
    SetHandler swnull
    <SignalWireWebhook hook>
        SignalWireSigningKey @KEY@
        SignalWirePublicURL https://hooks.example.com
    </SignalWireWebhook>
</Location>
<Location /server>
    SetHandler server-status
</Location>
EOT
    my $swnull = sprintf "LoadModule swnull_module \"%s/t/bench/.libs/mod_swnull.so\"\n", SW::Config::build_dir();
    my @on = (modules => 'status rewrite');
    my $s = server(@on, conf => $swnull . $block);
    is talk_in_turn($s, POST('/hook/x', form => 'A=1', sign => 'form'))->status, 200, 'without a board a request is verified';
    answers $s, 'a rewritten board says that nothing is counted', GET('/rewritten'), 503,
        body => qr/\ANothing is counted: SignalWireStatusSize, or a section/, log => qr/SW0133: nothing is counted/;
    unlike talk($s, GET('/server?auto'))->body, qr/SignalWire/, 'no line on the page of mod_status';

    for my $how ('SignalWireStatusSize 10', "<If \"false\">\nSetHandler signalwire-status\n</If>") {
        $s = server(@on, conf => "$swnull$block$how\n");
        is talk_in_turn($s, POST('/hook/x', form => 'A=1', sign => 'form'))->status, 200, 'a request';
        is board($s, '/rewritten?json')->{total}{requests}, 1, "counted: $how";
        like talk($s, GET('/server?auto'))->body, qr/^SignalWireRequests: 1$/m, 'also for mod_status';
    }
};

# Blocks beyond the 64 that are counted one by one share the last place.
{
    my $hooks = join '', map { <<"EOT" } 1 .. 66;
<Location /b$_/>
    SetHandler swnull
    <SignalWireWebhook b$_>
    </SignalWireWebhook>
</Location>
EOT
    my $s = server(conf => conf($hooks));
    is talk_in_turn($s, POST("/b$_/x", form => 'A=1', sign => 'form'))->status, 200, "block $_" for 1, 65, 66;
    my %requests = map { $_->{name} => $_->{passed}{verified} } @{ board($s)->{webhooks} };
    is keys %requests, 64, 'as many as there are places';
    is_deeply some(\%requests), { b1 => 1, '(others)' => 2 }, 'those without a place share one';
}

refuses 'full for whoever makes a board', 'SignalWireStatusShow full',
    qr/SignalWireStatusShow "full": expected a section around it/;
refuses 'a word', "<Location /board>\nSignalWireStatusShow some\n</Location>", qr/SignalWireStatusShow "some": expected masked or full/;
refuses "size $_", "SignalWireStatusSize $_", qr/SignalWireStatusSize "$_": expected a number of records/ for 0, 'x', 100001;

finish;
done_testing;
