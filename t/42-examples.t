# SPDX-License-Identifier: Apache-2.0
# The applications of conf/examples behind the configurations shipped with them:
# what each makes of signed callbacks, what of hostile values in them, and that
# nothing unsigned gets to it.
use FindBin; use lib "$FindBin::Bin/lib";
use Encode qw(decode encode);
use JSON::PP ();
use MIME::Base64 qw(decode_base64);
use MIME::QuotedPrint qw(decode_qp);
use SW::App;
use SW::Test;

my $examples = SW::Config::source_dir() . '/conf/examples';
my $here     = '/usr/local/share/signalwire';       # where the configurations expect them
my $json     = JSON::PP->new->utf8->canonical;
my $call_id  = '8dbe500d-dfdb-5505-8986-daef6e9c9347';
my $formula  = q{=cmd|' /C calc'!A0};
my $lines    = "Eve\r\nBcc: all\@example.com\r\n\r\n{\"forged\":1}";
my $script   = '"><script>alert(1)</script>';

subtest 'as shipped' => sub {
    my @found = sort map { m{([^/]+)/[^/]+\.conf\z} } glob "$examples/*/*.conf";
    is_deeply \@found, [qw(call-log delivery-tracker inbound-calls recordings swml-node)],
        'all are tested here';
    my $readme = slurp("$examples/README");
    for my $name (@found) {
        my $conf = slurp("$examples/$name/$name.conf");
        like $readme, qr/^  $name +\S/m, "$name is in README";
        cmp_ok scalar(() = $conf =~ /^ *[^#\s]/gm), '<=', 20, "$name.conf is short";
        unlike $conf, qr/^\s*Require\s+(?:local|ip|host)\b/m, "$name.conf trusts no address: there may be a proxy";
    }
    my $files = shipped(qw(php cgi py js));
    for my $name (sort keys %$files) {
        my $text = $files->{$name}[0];
        unlike $text, qr/hmac|signing|x-signalwire|\bsha\d/i, "$name checks no signature";
        like $text, qr/\A(?:.*\n)?\S+ SPDX-License-Identifier: Apache-2\.0\n/, "$name: licence";
        is scalar(grep { length > 100 } split /\n/, $text), 0, "$name: no line over 100 columns";
    }
};

my $folder = File::Temp->newdir;
my ($calls, $outbox) = map { "$folder/$_" } qw(calls.log outbox);
mkdir $outbox;
my %app   = proxied();
my %httpd = (modules => 'proxy proxy_http proxy_fcgi auth_basic authn_file',
             files => { %{ shipped(qw(php cgi)) }, 'conf/people' => "clerk:" . crypt('let me', '$6$salt') . "\n" });
my @clerk = (headers => [ Authorization => 'Basic Y2xlcms6bGV0IG1l' ]);

each_mpm {
    my $fpm = need 'PHP-FPM', SW::PHP::fpm();
    my $s = server(%httpd, conf => join '', $fpm ? tracker_by('@FPM@') : (), inbound_calls(),
                   map { behind($_) } sort keys %app);
    delivery_tracker($s) if $fpm;
    inbound_calls_of($s);
    call_log($s)   if $app{'call-log'};
    recordings($s) if $app{recordings};
    swml($s)       if $app{'swml-node'};
};

subtest 'mod_php' => sub {
    need 'mod_php', SW::PHP::mod_php() or return;
    my $conf = tracker_by('application/x-httpd-php') . "PHPIniDir conf\n";
    my @server = (mpm => 'prefork', mod_php => SW::PHP::mod_php(), conf => $conf);
    delivery_tracker(server(%httpd, @server));
    finish;
};

finish;
$_->stop for values %app;
done_testing;

# The configurations, and the applications beside httpd

sub tracker_by {
    my ($handler) = @_;
    return conf_of('delivery-tracker', $here => '@ROOT@/examples',
                   'proxy:unix:/run/php/php-fpm.sock|fcgi://localhost' => $handler,
                   '/var/lib/signalwire/delivery' => '@ROOT@/run');
}

sub inbound_calls {
    return conf_of('inbound-calls', $here => '@ROOT@/examples',
                   '/etc/apache2/inbound-calls.htpasswd' => '@ROOT@/conf/people',
                   '/var/lib/signalwire/calls' => '@ROOT@/run');
}

sub behind {
    my ($name) = @_;
    my ($port) = slurp("$examples/$name/$name.conf") =~ m{ProxyPass "http://127\.0\.0\.1:(\d+)/};
    return conf_of($name, "//127.0.0.1:$port/" => '//127.0.0.1:' . $app{$name}->port . '/');
}

# The shipped text with other places, each of which must stand in it.
sub conf_of {
    my ($name, %place) = @_;
    my $text = slurp("$examples/$name/$name.conf");
    $place{'file:/etc/apache2/signalwire.key'} = '@KEY@';
    for my $shipped (keys %place) {
        $text =~ s/\Q$shipped\E/$place{$shipped}/g or die "$name.conf does not name $shipped\n";
    }
    return $text;
}

# The files of these kinds, for the `files` of a server.
sub shipped {
    my @files = map { glob "$examples/*/*.$_" } @_;
    return { map { my $mode = -x $_ ? 0755 : 0644;
                   ('examples' . substr($_, length $examples) => [ slurp($_), $mode ]) } @files };
}

sub proxied {
    my @pythons = grep { defined && -x } program('python3'), '/usr/bin/python3';
    my ($python) = grep { !(command($_, '-c', 'import flask'))[0] } @pythons;
    my $node = program('node');
    my %started;
    my $starts = sub {
        my ($name, $program, $file, %env) = @_;
        $started{$name} = SW::App->start([ $program, "$examples/$name/$file" ], %env);
    };
    if (need 'Flask', $python) {
        $starts->('call-log', $python, 'app.py', CALL_LOG => $calls);
        $starts->('recordings', $python, 'app.py', OUTBOX => $outbox);
    }
    $starts->('swml-node', $node, 'app.js') if need 'Node', $node;
    return %started;
}

# Callbacks

sub fixture { my ($name) = @_; return slurp("$FindBin::Bin/callbacks/$name") }

# A form, or query, with some parameters changed or added.
sub form {
    my ($name, %change) = @_;
    my $text = fixture($name);
    for my $parameter (sort keys %change) {
        my $value = $change{$parameter} =~ s/([^0-9A-Za-z])/sprintf '%%%02X', ord $1/ger;
        $text =~ s/(?<![^&])\Q$parameter\E=\K[^&]*/$value/ or $text .= "&$parameter=$value";
    }
    return $text;
}

# JSON with some members changed or added, at the top or (`in`) in an object.
sub json {
    my ($name, $in, %change) = @_;
    my $top = $json->decode(fixture($name));
    my $object = $in eq '' ? $top : $top->{$in};
    @$object{ keys %change } = values %change;
    return $json->encode($top);
}

# Sends it signed.
sub callback {
    my ($s, $name, $target, $format, $text, $status, %want) = @_;
    my @fields = (headers => delete $want{headers});
    my $request = $format eq 'query' ? GET("$target?$text", sign => 'form', @fields)
        : POST($target, $format => $text, sign => $format eq 'form' ? 'form' : 'sha256', @fields);
    return answers $s, "$target: $name", $request, $status, %want;
}

# Nothing unsigned passes; nor does it reach the application, if that is given.
sub guarded {
    my ($s, $target, $format, $text, $app) = @_;
    my $seen = $app && requests($app);
    answers $s, "$target: not signed", POST($target, $format => $text), 403, log => qr/SW0101/;
    my @claims = ('SignalWire-Event' => 'voice.status', 'SignalWire-Verified' => 'form');
    answers $s, "$target: not signed, whatever it claims", POST($target, headers => \@claims), 403,
        log => qr/SW0101/;
    is requests($app), $seen, "$target: it has not arrived" if $app;
}

sub requests { my ($app) = @_; return scalar(() = $app->said =~ /"(?:GET|POST) /g) }

# The applications, one by one

sub delivery_tracker {
    my ($s) = @_;
    my $at = '/delivery';
    my $hostile = json('message.status+failed.json', '', from => '+1 555', to => "\t\@SUM(A1)",
        error_code => $formula, error_message => "\r\n-1\"+1\",\r\n;=1\0+1 \x{ff1d}1");
    callback $s, 'undelivered', $at, form => form('message.status+failed.form'), 204;
    callback $s, 'failed', $at, json => fixture('message.status+failed.json'), 204;
    callback $s, 'hostile', $at, json => $hostile, 204;
    callback $s, 'delivered', $at, form => form('message.status.form'), 204;
    callback $s, 'queued', $at, query => form('message.status+queued.query'), 204;
    callback $s, 'a call', $at, form => form('voice.status.form', CallStatus => 'failed'), 204;
    guarded($s, $at, form => form('message.status+failed.form'));

    my @rows = csv($s->read_file('run/failures.csv'));
    my $now = shift @{ $rows[1] || [] };
    like $now, qr/\A20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ\z/, 'a form has no time: now';
    my @json = qw(2026-03-17T22:27:03.000Z 9381b97c-ee76-50ba-ab52-4e7443b1e803);
    is_deeply \@rows, [
        [ 'time', 'message', 'from', 'to', 'status', 'error code', 'error' ],
        [ '39cdb2a4-2871-5a12-b346-18e1a7609d61', '+15550100456', '+15550100123', 'undelivered',
          '30003', '' ],
        [ @json, '+15550100456', '+15550100123', 'failed', '30007',
          "Carrier violation / contenu filtr\xe9" ],
        [ @json, q{'+1 555}, q{'@SUM(A1)}, 'failed', "'$formula", qq{'-1"+1", ;=1+1 \x{ff1d}1} ],
    ], "$at: the failures, none of them a formula" or diag explain \@rows;
    is +(stat $s->root . '/run/failures.csv')[2] & 0777, 0600, "$at: nobody else may read them";
}

# Every cell of every line is quoted.
sub csv {
    my ($text) = @_;
    my @rows;
    for (split /\r\n/, decode('UTF-8', $text)) {
        /\A(?:"(?:[^"\r\n]|"")*"(?:,(?!\z)|\z))+\z/ or fail("not CSV: $_");
        push @rows, [ map { s/""/"/gr } /"((?:[^"]|"")*)"(?:,|\z)/g ];
    }
    return @rows;
}

sub inbound_calls_of {
    my ($s) = @_;
    my ($at, $report) = qw(/inbound-calls /reports/inbound-calls);
    my @inbound = (Direction => 'inbound');
    answers $s, "$report: not by address alone", GET($report), 401;
    answers $s, "$report: no call yet", GET($report, @clerk), 200,
        body => qr{<td>Calls<td>0\n.*<td>Mean duration<td>none\n.*score<td>none\n}s;

    callback $s, 'completed', $at, form => form('voice.status+number.form'), 204 for 1 .. 2;
    callback $s, 'hostile', $at, form => form('voice.status.form', @inbound, CallSid => 'c2',
        AudioInMos => '4.3', From => $script, CallerName => $lines), 204;
    callback $s, 'busy', $at,
        form => form('voice.status+busy-noseq.form', @inbound, CallSid => 'c3'), 204;
    callback $s, 'no answer', $at, json => json('voice.status+json-on-compat.json', '', @inbound,
        CallSid => 'c4', AudioInMos => '9e9'), 204;
    callback $s, 'ringing', $at,
        query => form('voice.status+ringing.query', @inbound, CallSid => 'c5'), 204;
    callback $s, 'outbound', $at, form => form('voice.status.form', CallSid => 'c6'), 204;
    callback $s, 'no call', $at, form => form('message.status.form'), 204;
    guarded($s, $at, form => form('voice.status+number.form', CallSid => 'c7'));

    my $page = answers($s, "$report: needs no signature", GET($report, @clerk), 200, fields => {
        'Content-Type' => 'text/html; charset=utf-8',
        'Content-Security-Policy' => "default-src 'none'" })->body;
    my %total = $page =~ m{^<tr><td>([^<]+)<td>([^<]+)$}gm;
    is_deeply \%total, { 'Calls' => 4, 'Answered' => 2, 'Missed' => 2, 'Total duration' => '236 s',
        'Mean duration' => '118.0 s', 'Mean opinion score' => '4.40 of 5' }, "$report: the totals";
    my @latest = map { [ split /<td>/, $_, -1 ] } $page =~ m{^<tr><td>(20.*(?:\n(?!<).*)*)}gm;
    is join(', ', map { "@$_[4, 5]" } @latest), 'no-answer , busy , completed 94, completed 142',
        "$report: the latest calls" or diag $page;
    is $latest[3][6], '4.5', "$report: how one of them sounded";
    like $page, qr{<td>&quot;&gt;&lt;script&gt;alert\(1\)&lt;/script&gt;<td>Eve},
        "$report: escaped";
    unlike $page, qr/<script/, "$report: and everywhere";
}

sub call_log {
    my ($s) = @_;
    my $at = '/call-log';
    unlink $calls;
    callback $s, 'a form', $at, form => form('voice.status.form'), 204;
    callback $s, 'a query', $at, query => form('voice.status+ringing.query'), 204;
    callback $s, 'JSON', $at, json => fixture('call.state.json'), 204;
    callback $s, 'hostile', $at, form => form('voice.status+recorded.form', From => $lines), 204,
        headers => [ 'SignalWire-Status' => 'forged', 'SignalWire-Reason' => 'forged' ];
    callback $s, 'no call', $at, form => form('message.status.form'), 204,
        headers => [ 'SignalWire-Event' => 'voice.status', 'SignalWire_Event' => 'voice.status' ];
    guarded($s, $at, form => form('voice.status.form'), $app{'call-log'});

    my %call = (call_id => $call_id, direction => 'outbound', from => '+15550100456',
                to => '+15550100789');
    my @log = map { eval { $json->decode($_) } } split /\n/, slurp($calls);
    is_deeply \@log, [
        { %call, time => '2026-03-03T09:15:44.000Z', status => 'completed', duration => '94',
          sip_code => '200' },
        { %call, time => '2026-03-03T09:14:07.000Z', status => 'ringing' },
        { %call, time => '2026-03-03T09:15:44.120Z', status => 'answered' },
        { %call, time => '2026-03-03T09:15:44.000Z', status => 'completed', duration => '94',
          from => $lines, caller_name => "M\xf8ller & S\xf8n" },
    ], "$at: a line for each" or diag explain \@log;
}

sub recordings {
    my ($s) = @_;
    my $at = '/recordings';
    my $long = "Zo\xeb says: " . "\x{20ac}" x 2000;
    my @ana = (From => '+15550100123');
    unlink glob "$outbox/*";
    callback $s, 'a recording', $at, form => form('voice.recording.form', @ana), 204 for 1 .. 2;
    callback $s, 'none', $at,
        query => form('voice.recording+absent.query', RecordingSid => 'r2'), 204;
    callback $s, 'by SWML', $at,
        json => json('call.record.json', 'params', recording_id => 'r3'), 204;
    callback $s, 'a text', $at, form => form('voice.transcription.form'), 204;
    callback $s, 'a long one', $at, form => form('voice.transcription.form', From => 'long',
        TranscriptionSid => 't2', TranscriptionText => encode('UTF-8', $long)), 204,
        log => qr/SW0120: /;
    callback $s, 'no text', $at, form => form('voice.transcription+minimal.form'), 204;
    callback $s, 'hostile', $at, form => form('voice.transcription.form', From => $lines,
        TranscriptionSid => '../../../tmp/t3', TranscriptionText => "one\r\n.\r\nBcc: x\0\e"), 204;
    callback $s, 'neither', $at, form => form('voice.status.form'), 204;
    guarded($s, $at, form => form('voice.recording.form', RecordingSid => 'r4'), $app{recordings});

    my @mails = map { mail($_) } glob "$outbox/{*,.[!.]*}";
    is scalar @mails, 5, "$at: the mails" or diag explain \@mails;
    my ($recorded, $swml, $text, $long_one, $hostile) =
        map { my $about = $_; grep { $_->{subject} =~ /$about/ } @mails }
        '^Recording of a call from \+15550100123$', '^Recording of a call$',
        '^Transcription of a call from \+15550100123$', 'from long$', 'Eve';
    like $recorded->{body}, qr{\ACall: $call_id\n\nLength: 94 s\n\nhttps://\S+132df4c0-\S+\n},
        'a recording';
    like $swml->{body}, qr{\n\nLength: 15 s\n\nhttps://\S+/download\n}, 'one of SWML';
    like $text->{body}, qr{\n\nHi \x{2014} this is Zo\xeb; .* \+ tax\.\nThanks!\n\nhttps://},
        'a transcription';
    like $long_one->{body}, qr/\n\n\Q$long\E\n\nhttps/, 'a long one, from the body';
    like $hostile->{body}, qr/\n\none\n\.\nBcc: x\n\nhttps/, 'a hostile one';
    is $hostile->{subject},
        'Transcription of a call from Eve  Bcc: all@example.com    {"forged":1}', 'one line';
    is $hostile->{fields}, $recorded->{fields}, 'and makes no other field';
    is $recorded->{fields}, join(' ', sort qw(Content-Transfer-Encoding Content-Type Date From
        MIME-Version Message-ID Subject To)), 'these are the fields';
    is scalar(grep { $_->{file} !~ m{\A[0-9a-f-]{36}\.eml\z} } @mails), 0, 'file names of our own';
}

# What its reader sees.
sub mail {
    my ($file) = @_;
    my ($head, $body) = split /\r\n\r\n/, slurp($file), 2;
    my %field = map { split /: */, $_, 2 } split /\r\n(?![ \t])/, $head;
    my $encoding = $field{'Content-Transfer-Encoding'};
    $body = $encoding eq 'base64' ? decode_base64($body)
          : $encoding eq 'quoted-printable' ? decode_qp($body) : $body;
    return { file => $file =~ s{.*/}{}r, fields => join(' ', sort keys %field),
             subject => decode('MIME-Header', $field{Subject} =~ s/\r\n//gr =~ s/\A +//r),
             body => decode('UTF-8', $body) =~ s/\r\n/\n/gr };
}

sub swml {
    my ($s) = @_;
    my $at = '/swml';
    my $support = { connect => { to => '+15550100789' } };
    my $called = sub {
        my ($name, $says, $then, %change) = @_;
        my $reply = callback $s, $name, $at, json => json('swml.call.json', 'call', %change), 200,
            fields => { 'Content-Type' => 'application/json' };
        my @main = ({ answer => {} }, { play => { url => "say:$says" } }, $then);
        is_deeply eval { $json->decode($reply->body) },
            { version => '1.0.0', sections => { main => \@main } }, "$at: $name: what is said";
    };
    $called->('a known caller', 'Hello Ana, this is Example Support.', $support);
    $called->('an unknown caller and number', 'Hello caller 4 3 2 1.', { hangup => {} },
              from => '+15550104321', to => '+1');
    my %hostile = ('SWML' => '${call.to}%{call.to}1234', 'JSON' => '"}},{"hangup":{}},{"1234',
        'lines' => "$lines\n1234", 'other digits' => "\x{663}" x 4, 'an object' => '__proto__');
    $called->("hostile: $_", 'Hello, this is Example Support.', $support, from => $hostile{$_})
        for sort keys %hostile;
    callback $s, 'a callback', $at, json => fixture('call.state.json'), 204;
    callback $s, 'another document', $at, json => fixture('swml.message.json'), 404;
    guarded($s, $at, json => fixture('swml.call.json'));
}

sub slurp {
    my ($file) = @_;
    open my $in, '<:raw', $file or die "$file: $!\n";
    local $/;
    return <$in>;
}
