# SPDX-License-Identifier: Apache-2.0
# SignalWireEventLog: a line of JSON for every request in a block, whole whatever
# arrives and however many write. jq reads every one of them.
use FindBin; use lib "$FindBin::Bin/lib";
use JSON::PP ();
use SW::Test;
use Time::HiRes qw(sleep time);

need 'jq', program('jq') or done_testing, exit;
my ($rotatelogs) = grep { -x } map { "$_/rotatelogs" } split(/:/, $ENV{PATH}), SW::Config::apxs('SBINDIR'), SW::Config::apxs('BINDIR');

sub conf {
    my ($log, @more) = @_;
    return join "\n", <<"EOT", @more;
SignalWireSigningKey \@KEY\@
SignalWirePublicURL  https://hooks.example.com
SignalWireEventLog   $log
ScriptAliasMatch ^/\\w+ \@APPS\@/echo.cgi
<Directory "\@APPS\@">
    Require all granted
</Directory>
<LocationMatch "^/(?!plain)">
    <SignalWireWebhook hook>
    </SignalWireWebhook>
</LocationMatch>
EOT
}

# The lines that are new, each read by jq and by Perl.
sub lines {
    my ($s, $file, $count) = @_;
    my $end = time + 10;
    my @lines;
    do {
        sleep 0.01;
        @lines = split /^/, $s->read_file($file);
    } while (@lines < $count && time < $end);
    is scalar @lines, $count, "$file: a line for each request";
    my ($status, $out) = command('jq', '-c', '.', $s->root . "/$file");
    is $status, 0, "$file: jq reads every line";
    is scalar(() = $out =~ /\n/g), scalar @lines, "$file: one object for each";
    return map { JSON::PP->new->utf8->decode($_) } @lines;
}

sub slurp { my ($file) = @_; open my $in, '<', SW::Config::source_dir() . "/$file" or die "$file: $!\n"; local $/; return <$in> }

my $MESSAGE = 'MessageSid=m1&AccountSid=a1&MessageStatus=failed&ErrorCode=30003&From=%2B15550100123&To=%2B15550100456'
    . '&Body=hello+there';

each_mpm {
    my ($mpm) = @_;
    my $s = server(conf => conf('logs/events.log'));
    my $before = time;
    answers $s, 'a callback', POST('/sms?x=secret', form => $MESSAGE, sign => 'form'), 200;
    answers $s, 'a forged one', POST('/sms?x=secret', form => $MESSAGE, sign => 'form', key => 'wrong'), 403,
        log => qr/SW0103/;
    answers $s, 'one outside of any block', POST('/plain', form => $MESSAGE), 200;
    answers $s, 'a call', POST('/sms', form => 'CallSid=c1&From=sip:bob@example.com&To=12345&CallStatus=ringing'
        . '&CallerName=Bob', sign => 'form'), 200;
    my ($one, $forged, $call) = lines($s, 'logs/events.log', 3);
    my ($ms, $bytes, $time, $log_id) = delete @$one{qw(ms bytes time log_id)};
    ok $ms > 0 && $ms < 5000, 'its duration';
    cmp_ok $bytes, '>', 100, 'its size';
    like $time, qr/\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\z/, 'its time';
    cmp_ok length $log_id, '>', 10, 'its log id';
    is_deeply $one, { webhook => 'hook', event => 'message.status', verdict => 'verified', passed => JSON::PP::true,
        scheme => 'form', key => '1',
        reply => 200, method => 'POST', path => '/sms', client => '127.0.0.1', format => 'form', id => 'm1',
        status => 'failed', progress => 'failed', terminal => '1', project_id => 'a1', message_id => 'm1', from => '+1*******123',
        to => '+1*******456', error_code => '30003' }, 'everything but what is private';
    is_deeply [ @$forged{qw(verdict passed reply webhook path)}, exists $forged->{event}, exists $forged->{from} ],
        [ 'signature-mismatch', JSON::PP::false, 403, 'hook', '/sms', '', '' ], 'of a forged one nothing is believed';
    is_deeply [ @$call{qw(event from to)}, exists $call->{caller_name} ], [ 'voice.incoming', 'sip:b***', '12345', '' ],
        'addresses and short codes';
    answers $s, 'of WhatsApp', POST('/sms', sign => 'form', form => 'MessageSid=m2&MessageStatus=read'
        . '&From=whatsapp:%2B15550100123&To=sip:%2B15550100456@example.com;user=phone'), 200;
    is_deeply [ @{ (lines($s, 'logs/events.log', 4))[3] }{qw(from to status progress)} ],
        [ 'whatsapp:+1*******123', 'sip:+1*******456', 'read', 'read' ], 'the scheme of an address is no secret';
    is((stat $s->root . '/logs/events.log')[2] & 0777, 0640, 'not for everybody');
    $s->graceful;
    answers $s, 'after a restart', POST('/sms', form => $MESSAGE, sign => 'form'), 200;
    lines($s, 'logs/events.log', 5);
    many($s, 5) if !$ENV{SW_VALGRIND};
};

# Several clients at once: whole lines.
sub many {
    my ($s, $before) = @_;
    my @clients = map { my $n = $_; SW::Process->start(sub {
        for my $i (1 .. 40) { talk($s, POST('/sms', form => "$MESSAGE&X=" . 'x' x (97 * $i % 3000), sign => 'form')) }
    }) } 1 .. 8;
    for my $client (@clients) { sleep 0.01 while $client->alive }
    lines($s, 'logs/events.log', $before + 320);
}

# All of it, and hostile.
my @hostile = map { my $file = $_; open my $in, '<:raw', "$FindBin::Bin/callbacks/$file" or die "$file: $!\n"; local $/; <$in> }
    map { "message.incoming+$_.form" } qw(crlf nul badutf8 badescape repeated);
{
    my $s = server(conf => conf('"|' . ($rotatelogs // 'none') . ' -n 1 @ROOT@/logs/rotated 86400" full', <<'EOT'));
<Location "/file">
    <SignalWireWebhook file>
        SignalWireEventLog logs/full.log full
    </SignalWireWebhook>
</Location>
<Location "/same">
    <SignalWireWebhook same>
        SignalWireEventLog logs/full.log
    </SignalWireWebhook>
</Location>
<Location "/none">
    <SignalWireWebhook none>
        SignalWireEventLog none
    </SignalWireWebhook>
</Location>
EOT
    $s->log->expect(qr/SW0119|SW0120/, 'any');
    my @bodies = (@hostile, map { $MESSAGE . $_ } '&Body=' . 'x' x 20_000, '&Body=' . '%F0%9F%98%80' x 3000,
        (join '', map { "&Name$_=" . '%22%5C%0A' x 20 } 1 .. 300), '&' . 'n' x 5000 . '=1', '&%FF%00%22=%C3');
    for my $body (@bodies) { talk($s, POST($_, form => $body, sign => 'form')) for qw(/pipe /file /none) }
    my $card = 'CallSid=c1&For=payment-processing&Result=success&PaymentCardNumber=4111111111111111&SecurityCode=987';
    talk($s, POST('/pipe', form => $card, sign => 'form'));
    talk($s, POST('/same', form => $MESSAGE, sign => 'form'));
    my @file = lines($s, 'logs/full.log', @bodies + 1);
    my @pipe = $rotatelogs ? lines($s, 'logs/rotated', @bodies + 1) : ();
    need 'rotatelogs', $rotatelogs;
    is scalar(grep { length > 4096 } split /^/, $s->read_file('logs/rotated')), 0, 'no line of a pipe is over 4096 bytes';
    is scalar(grep { $_->{cut} } @pipe), 4, 'what was cut says so' if @pipe;
    unlike $s->read_file('logs/rotated'), qr/411111|"987"/, 'no card data';
    like $pipe[-1]{params}{Result}, qr/success/, 'but the rest of its callback' if @pipe;
    is_deeply $file[5]{params}{From}, '+15550100123', 'full: numbers as they came';
    is length $file[5]{params}{Body}, 8193, 'full: a long value, with its mark';
    is $file[-1]{from}, '+1*******123', 'another block may write less into the same file';
    like $file[0]{body}, qr/\r\n|\n|\r/, 'line ends are within the value';
    is_deeply [ grep { !exists $_->{reply} || !exists $_->{ms} } @file, @pipe ], [], 'however long: the reply is there';
}

# What it says of repeats, and of what passes unsigned.
{
    my $s = server(conf => conf('logs/events.log', "SignalWireOnce On\nSignalWireVerify report\n"));
    talk($s, POST('/sms', form => $MESSAGE, sign => 'form')) for 1, 2;
    answers $s, 'report mode', POST('/sms', form => $MESSAGE), 200, log => qr/SW0101.* would be refused/;
    my @lines = lines($s, 'logs/events.log', 3);
    is join(' ', map { $_->{once} // 'none' } @lines), 'first repeat none', 'which delivery it is';
    is_deeply [ @{ $lines[2] }{qw(verdict passed event key)} ],
        [ 'no-signature', JSON::PP::true, 'message.status', undef ],
        'what passes unsigned';
}

# One id leads from a line to those of the error log and the access log, and to
# the application. A request that no block publishes or logs has none.
{
    my $s = server(modules => 'rewrite', conf => conf('logs/events.log', <<'EOT'));
ErrorLogFormat "[%{u}t] [%-m:%l] [log %L] %M"
LogFormat "%U %L" ids
CustomLog logs/ids.log ids
<LocationMatch "^/silent">
    <SignalWireWebhook silent>
        SignalWireExport none
    </SignalWireWebhook>
</LocationMatch>
<LocationMatch "^/moved">
    Options +FollowSymLinks
    RewriteEngine On
    RewriteRule . /sms
    <SignalWireWebhook moved>
        SignalWireVerify off
        SignalWireExport none
    </SignalWireWebhook>
</LocationMatch>
EOT
    my @signed = (form => $MESSAGE, sign => 'form');
    my $told = answers $s, 'published', POST('/sms', @signed), 200;
    answers $s, 'not published', POST('/silent', @signed), 200, env => { SIGNALWIRE_LOG_ID => undef };
    answers $s, 'refused', POST('/sms', form => $MESSAGE), 403, log => qr/SW0101/;
    answers $s, 'refused after a rewrite', POST('/moved/x', form => $MESSAGE), 403, log => qr/SW0101/;
    answers $s, 'outside of any block', GET('/plain'), 200;
    my @ids = map { $_->{log_id} } lines($s, 'logs/events.log', 4);
    is $told->report->{env}{SIGNALWIRE_LOG_ID}, $ids[0], 'the application knows the id of the line';
    is $s->read_file('logs/ids.log'), "/sms $ids[0]\n/silent $ids[1]\n/sms $ids[2]\n/moved/x $ids[3]\n/plain -\n", '%L of LogFormat';
    is_deeply [ map { /\[log (\S+)\]/ } $s->log->lines(qr/SW0101/) ], [ @ids[ 2, 3 ] ], '%L of ErrorLogFormat';
    my %seen;
    is scalar(grep { !$seen{$_}++ } @ids), 4, 'and each request has its own';
}

# Every kind of event has each member once, and nothing that people say.
{
    my $s = server(conf => conf('logs/events.log'));
    my @files = sort glob "$FindBin::Bin/callbacks/*.{form,json,query}";
    for my $file (@files) {
        my $body = do { open my $in, '<:raw', $file or die "$file: $!\n"; local $/; <$in> };
        talk($s, $file =~ /query\z/ ? GET("/x?$body", sign => 'form')
               : $file =~ /json\z/  ? POST('/x', json => $body, sign => 'sha1') : POST('/x', form => $body, sign => 'form'));
    }
    talk($s, POST('/x', json => '{"room_name":"Dr. Miller","event":"room.started"}', sign => 'sha1'));
    my @lines = lines($s, 'logs/events.log', @files + 1);
    my %twice;
    for my $line (split /\n/, $s->read_file('logs/events.log')) {
        my %count;
        $count{$_}++ for $line =~ /[{,]"(\w+)":/g;
        $twice{$_} = $line for grep { $count{$_} > 1 } keys %count;
    }
    is_deeply \%twice, {}, 'no member stands twice, whatever the event';
    my @times = map { $_->{timestamp} // () } @lines;
    cmp_ok scalar @times, '>', 10, 'the time of the event has a name of its own';
    is_deeply [ grep { !/\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\z/ } @times ], [], 'and is RFC 3339, whatever came';
    my @reasons = grep { $_->{reason} } @lines;
    cmp_ok scalar @reasons, '>', 3, 'why a call ended is called as in the environment';
    unlike $lines[-1]{id} // '', qr/Miller/, 'a room that is known by its name alone is not named';
}

# A disk that fills up, played by the limit of a file's size: of the line that
# is cut off and of the next one nothing can be read, of all others everything.
{
    my $limit = 20_000;
    my $s = server(conf => conf('logs/events.log'), under => [ 'prlimit', "--fsize=$limit:$limit" ]);
    my $request = POST('/sms' . 'x' x 200, form => $MESSAGE, sign => 'form');
    $s->log->expect(qr/SW0132/, 'any');
    for (1 .. 60) {
        talk($s, $request);
        sleep 0.02;
        last if length $s->read_file('logs/events.log') == $limit;
    }
    answers $s, 'no room for a line', $request, 200;
    sleep 0.1;
    my $log = $s->read_file('logs/events.log');
    unlike $log, qr/\}\n\z/, 'a line is cut off';
    my $torn = substr $log, -900;
    open my $file, '+<', $s->root . '/logs/events.log' or die;
    print {$file} $torn;
    truncate $file, length $torn;
    close $file;
    answers $s, 'room again', $request, 200 for 1 .. 3;
    sleep 0.1;
    my @lines = split /\n/, substr $s->read_file('logs/events.log'), length($torn);
    is scalar @lines, 3, 'a line for each request';
    is_deeply [ map { eval { JSON::PP->new->utf8->decode($_)->{reply} } } @lines[ 1, 2 ] ], [ 200, 200 ],
        'and whole after the one that ends what was cut off';
    my ($skip) = slurp('docs/observing.md') =~ /^    (jq -cR .*)$/m or fail('the page says how to skip it');
    my ($status, $out) = command('sh', '-c', "cd '@{[ $s->root ]}/logs' && " . $skip =~ s/signalwire\.log/events.log/r);
    is $status, 0, 'a reader can skip what is no JSON';
    my @whole = grep { eval { JSON::PP->new->utf8->decode($_) } } split /\n/, $s->read_file('logs/events.log');
    is scalar(() = $out =~ /\n/g), scalar @whole, 'and has all others';
    cmp_ok scalar(my @said = $s->log->lines(qr/SW0132: .*events\.log cannot be written/)), '>=', 1, 'that is reported';
}

# A disk that is full costs lines, not callbacks.
{
    my $s = server(conf => conf('/dev/full'));
    answers $s, 'nothing can be written', POST('/sms', form => $MESSAGE, sign => 'form'), 200,
        log => qr/SW0132: SignalWireEventLog \/dev\/full cannot be written/;
    $s->log->expect(qr/SW0132/, 'any');
    talk($s, POST('/sms', form => $MESSAGE, sign => 'form')) for 1 .. 30;
    cmp_ok scalar(my @lines = $s->log->lines(qr/SW0132/)), '<', 10, 'and that is not said each time';
}

my ($ok, $text) = eval { SW::Server->start(mpm => 'event', conf => conf('/nowhere/at/all.log')); 1 } ? (1, '') : (0, $@);
ok !$ok, 'a log that cannot be opened stops the start';
like $text, qr/SignalWireEventLog "\/nowhere\/at\/all\.log": expected a file in a directory that exists/, 'and says why';
if (!$> && -d '/proc/1') {      # where not even root makes a file, and only the attempt tells
    eval { SW::Server->start(mpm => 'event', conf => conf('/proc/x.log')) };
    like $@, qr/SW0011: SignalWireEventLog \/proc\/x\.log cannot be opened/, 'nor does one that only seems to be writable';
}
refuses 'a word after it', "SignalWireEventLog logs/x all", qr/SignalWireEventLog "all": expected full, or nothing/;
refuses 'no program', 'SignalWireEventLog "|"', qr/SignalWireEventLog "\|": expected a file, or "\|" and a program/;
refuses 'none in full', 'SignalWireEventLog none full', qr/SignalWireEventLog "full": expected nothing after none/;

finish;
done_testing;
