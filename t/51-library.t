# SPDX-License-Identifier: Apache-2.0
# conf/templates: each document is listed, says the names that it uses, and with the
# lines of configuration that it names itself it is the right answer.
use FindBin; use lib "$FindBin::Bin/lib";
use JSON::PP ();
use SW::Config;
use SW::Test;

my $library = source_dir() . '/conf/templates';
my %text = map { (s{.*/}{}r => slurp($_)) } glob "$library/*";
my $readme = delete $text{README};
my %files = map { ("signalwire/$_" => $text{$_}) } keys %text;
my $json = JSON::PP->new->utf8;

my $server = <<'EOT';
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
EOT

my $dial    = qr{<Dial timeout="30">\+15550100789</Dial>};
my $connect = { connect => { to => '+15550100789', timeout => 30 } };
my $choices = 'To speak to somebody, press 1. To leave a message, press 2.';
my $closed  = 'Thank you for calling Example Limited. Our office is closed. '
    . 'Please call Monday to Friday from 9 to 5.';
my $thanks  = 'Example Limited: Thank you for your message. '
    . 'We answer Monday to Friday from 9 to 5.';
my $stopped = 'Example Limited: You are unsubscribed and will get no more messages.';

# Template (and query), fixture and what to change in it, what the answer says.
my @cxml = (
    [ 'ivr-menu.xml', voice('incoming'),
      qr{<Gather [^>]*>\s*<Say>Welcome to Example Limited\.</Say>\s*<Say>\Q$choices\E</Say>} ],
    [ 'ivr-menu.xml', voice('gather', Digits => 4),
      qr{<Gather [^>]*>\s*<Say>Sorry, 4 is not a choice\.</Say>\s*<Say>\Q$choices\E</Say>} ],
    [ 'ivr-menu.xml', voice('gather', Digits => ''), qr{Welcome to Example Limited\.} ],
    [ 'ivr-menu.xml', voice('gather', Digits => 1), $dial ],
    [ 'ivr-menu.xml', voice('gather', Digits => 2), qr{<Record action="\?recorded=yes"} ],
    [ 'ivr-menu.xml?recorded=yes', voice('record'), qr{\A(?!.*<Record).*Thank you}s ],
    [ 'ivr-choice.xml', voice('gather', Digits => 1), $dial ],
    [ 'ivr-choice.xml', voice('incoming'), qr{<Gather} ],
    [ 'voicemail.xml', voice('incoming'), qr{reached Example Limited\. .*<Record [^>]*/>}s ],
    map({ [ 'voicemail.xml?recorded=yes', voice($_), qr{\A(?!.*<Record).*Thank you.*<Hangup/>}s ] }
        qw(record gather incoming)),
    [ 'forward.xml', voice('incoming'),
      qr{<Number url="https://hooks\.example\.com/whisper">\+15550100789</Number>} ],
    map({ [ 'whisper.xml', voice($_), qr{A call for Example Limited from \+15550100\d+\. } ] }
        qw(incoming outgoing)),
    [ 'whisper.xml', voice('gather'), qr{<Response>\s*</Response>} ],
    [ 'office-open.xml', voice('incoming'), qr{One moment, please\.</Say>\s*$dial}, '0 24' ],
    [ 'office-open.xml', voice('incoming'), qr{<Say>\Q$closed\E</Say>}, '0 0' ],
    [ 'office-closed.xml', voice('incoming'), qr{<Say>\Q$closed\E</Say>\s*<Hangup/>} ],
    [ 'sms-reply.xml', message('incoming'), qr{<Message>\Q$thanks\E</Message>} ],
    map({ [ 'sms-stop.xml', message('incoming', Body => $_), qr{<Message>\Q$stopped\E</Message>} ] }
        'STOP', 'stop', ' Stop! ', "Unsubscribe\n", 'stopall', 'cancel', 'END', 'quit.'),
    map({ [ 'sms-stop.xml', message('incoming', Body => $_), qr{<Message>\Q$thanks\E</Message>} ] }
        'Please stop it', 'stopping', 'the end', ''),
    map({ [ 'empty.xml', $_, qr{\?>\n<Response/>\n\z} ] } voice('incoming'), message('incoming')),
    [ 'apology.xml', voice('incoming'), qr{<Say>We are sorry\. .*<Hangup/>}s ],
);

# The same; what is in main, or a part of it.
my @swml = (
    [ 'ivr-menu.json', call(), [ 1, 'prompt', 'play' ],
      [ 'say:Welcome to Example Limited.', "say:$choices" ] ],
    [ 'ivr-menu.json', call(), [ 2, 'switch', 'case', 'match_digits' ],
      [ { transfer => { dest => 'https://hooks.example.com/ivr' } } ] ],
    [ 'ivr-menu.json', call(prompt_value => 9), [ 1, 'prompt', 'play' ],
      [ 'say:Sorry, 9 is not a choice.', "say:$choices" ] ],
    [ 'ivr-menu.json', call(prompt_value => 1), [ 1 ], $connect ],
    [ 'ivr-menu.json', call(prompt_value => 2), [ 2, 'record', 'max_length' ], 120 ],
    [ 'ivr-choice.json', call(prompt_value => 1), [ 1 ], $connect ],
    [ 'ivr-choice.json', call(), [ 1, 'prompt', 'max_digits' ], 1 ],
    [ 'voicemail.json', call(), [ 1, 'play', 'url' ],
      'say:You have reached Example Limited. Please leave a message after the tone, '
      . 'and press the pound key when you are done.' ],
    [ 'forward.json', call(), [ 0, 'connect', 'to' ], '+15550100789' ],
    [ 'forward.json', call(), [ 0, 'connect', 'confirm' ],
      [ { play => { url => 'say:A call for Example Limited from +15550100123.' } } ] ],
    [ 'office-open.json', call(), [ 2 ], $connect, '0 24' ],
    [ 'office-open.json', call(), [ 1, 'play', 'url' ], "say:$closed", '0 0' ],
    [ 'office-closed.json', call(), [ 1, 'play', 'url' ], "say:$closed" ],
    [ 'sms-reply.json', sms('Hello'), [], [ { reply => { body => $thanks } } ] ],
    [ 'sms-stop.json', sms('Stop'), [], [ { reply => { body => $stopped } } ] ],
    [ 'sms-stop.json', sms('Stop it'), [], [ { reply => { body => $thanks } } ] ],
    [ 'sms-empty.json', sms('Hello'), [], [ { receive => {} } ] ],
    [ 'empty.json', call(), [], [ { hangup => {} } ] ],
    [ 'apology.json', call(), [ 2 ], { hangup => {} } ],
);

subtest 'described' => sub {
    for my $name (sort keys %text) {
        my ($head, $body) = $text{$name} =~ /\A\{\{!(.*?)\}\}\n(.*)\z/s or fail("$name: a head");
        my ($uses) = $head =~ /^Uses (.*)\.\n\n/m or fail("$name: the names that it uses");
        my %used = map { $_ => 1 } grep { $_ ne 'e164' } $body =~ /\{\{[#^]?([^}\/]+)\}\}/g;
        is join(', ', sort split /,\s*/, $uses), join(', ', sort keys %used) || 'no variables',
            "$name: uses";
        my @cases = grep { $_->[0] =~ /\A\Q$name\E/ } @cxml, @swml;
        ok @cases, "$name: is tried";
        passes "$name: configtest", configuration($name), undef, files => \%files;
    }
    my %listed;
    for ($readme =~ /^ {2}(\S+(?:, \.\w+)?) {2,}/mg) {
        my ($name, $other) = split /, /;
        $listed{$_} = 1 for $name, $other ? $name =~ s/\.\w+\z/$other/r : ();
    }
    is join(' ', sort keys %listed), join(' ', sort keys %text), 'README lists what there is';
};

each_mpm {
    my $s = server(files => \%files, conf => $server . join '', map { block($_) } sort keys %text);
    my %at = ('' => $s);        # by the hours that are open
    for my $hours ('0 24', '0 0') {
        my $conf = join '', map { block($_, $hours) } grep { /open/ } sort keys %text;
        $at{$hours} = server(files => \%files, conf => $server . $conf);
    }
    my @documents;
    for (@cxml) {
        my ($target, $request, $says, $hours) = @$_;
        my $body = answered($at{ $hours // '' }, $target, $request, 'application/xml');
        like $body, $says, "... says so";
        push @documents, $s->write_file('run/' . @documents . '.xml', $body);
    }
    if (need 'xmllint', program('xmllint')) {
        my ($status, $said) = command('xmllint', '--noout', '--relaxng',
                                      source_dir() . '/conf/cxml.rng', @documents);
        is $status, 0, 'all of them validate' or diag $said;
    }
    for (@swml) {
        my ($target, $request, $path, $want, $hours) = @$_;
        my $body = answered($at{ $hours // '' }, $target, $request, 'application/json');
        my $part = eval { $json->decode($body)->{sections}{main} };
        $part = ref $part eq 'ARRAY' ? $part->[$_] : $part->{$_} for @$path;
        is_deeply $part, $want, join ' ', '...', @$path;
    }
    nothing_set();
    finish;
};

subtest README => sub {
    my $conf = open_at(join('', $readme =~ /^ {4}(.*\n)/mg), 0, 24);
    $conf =~ s{file:/etc/apache2/signalwire\.key}{\@KEY\@} or fail('it names a key');
    my $s = server(files => \%files, conf => "Define APACHE_LOG_DIR logs\n$conf");
    my $at = sub { my ($target, $r) = @_; answered($s, $target, $r, 'application/xml') };
    like $at->('number', voice('incoming')), $dial, 'a call';
    like $at->('number', message('incoming')), qr{<Message>\Q$thanks\E<}, 'a message';
    like $at->('number', message('incoming', Body => 'stop')), qr{<Message>\Q$stopped\E<},
        'an opt-out';
    like $at->('number/paris', voice('incoming')), qr{Exemple SARL.*>\+33199005678</Dial>}s,
        'another number';
    answers $s, 'a callback', POST('/number', form => voice('status')->{body}, sign => 'form'), 200,
        app => '', body => '';
    finish;
    like $s->read_file('logs/opt-out.log'), qr{\A\[[^\]]+\] \+15550100456 \+15550100123\n\z},
        'the log of opt-outs';
};

finish;
done_testing;

# Without the variables, which have defaults or are left out, nothing breaks.
sub nothing_set {
    my $s = server(files => \%files, conf => $server . join '',
                   map { block($_) =~ s/^ *SetEnv .*\n//mgr } sort keys %text);
    for (@cxml, @swml) {
        my ($target, $request) = @$_;
        my $body = answered($s, $target, $request, qr{^application/(?:xml|json)$});
        unlike $body, qr/Example|\{\{|[a-z] [.,]/, '... says nothing odd';
    }
}

# The lines that a template names, as those of a block.
sub block {
    my ($name, $hours) = @_;
    my ($head) = $text{$name} =~ /\A\{\{!(.*?)\}\}/s;
    my $lines = join '', $head =~ /^( {4}.*\n)/mg;
    $lines = open_at($lines, split ' ', $hours) if defined $hours;
    return qq(<Location "/$name">\n<SignalWireWebhook>\n$lines</SignalWireWebhook>\n</Location>\n);
}

# With these hours, on all days.
sub open_at {
    my ($lines, $from, $to) = @_;
    my $days = join ', ', map { "'$_'" } 0 .. 6;
    $lines =~ s/\{ '1'.*? \}/{ $days }/ or fail('it names days');
    $lines =~ s/-ge 9 && (\S+) -lt 17/-ge $from && $1 -lt $to/ or fail('it names hours');
    return $lines;
}

sub configuration { my ($name) = @_; return $server . block($name) }

sub answered {
    my ($s, $target, $request, $type) = @_;
    my ($format, $body, $sign) = @$request{qw(format body sign)};
    my $reply = answers $s, "$target: $request->{name}",
        POST("/$target", $format => $body, sign => $sign), 200,
        app => '', fields => { 'Content-Type' => $type };
    return $reply->body;
}

# Requests

sub voice   { my ($kind, %change) = @_; return form("voice.$kind", %change) }
sub message { my ($kind, %change) = @_; return form("message.$kind", %change) }

# A form with some parameters changed or added.
sub form {
    my ($kind, %change) = @_;
    my $body = fixture("$kind.form");
    for my $name (keys %change) {
        my $value = $change{$name} =~ s/([^0-9A-Za-z])/sprintf '%%%02X', ord $1/ger;
        $body =~ s/(?<![^&])$name=\K[^&]*/$value/ or $body .= "&$name=$value";
    }
    my $name = join ' ', $kind, map { "$_=$change{$_}" } sort keys %change;
    return { name => $name, format => 'form', body => $body, sign => 'form' };
}

sub call {
    my (%vars) = @_;
    my $request = $json->decode(fixture('swml.call.json'));
    $request->{vars} = \%vars;
    my $name = join ' ', 'swml.call', map { "$_=$vars{$_}" } sort keys %vars;
    return { name => $name, format => 'json', body => $json->encode($request), sign => 'sha256' };
}

sub sms {
    my ($body) = @_;
    my $request = $json->decode(fixture('swml.message.json'));
    $request->{message}{body} = $body;
    return { name => "swml.message $body", format => 'json', body => $json->encode($request),
             sign => 'sha1' };
}

sub fixture { my ($name) = @_; return slurp("$FindBin::Bin/callbacks/$name") }

sub slurp {
    my ($file) = @_;
    open my $in, '<:raw', $file or die "$file: $!\n";
    local $/;
    return <$in>;
}
