# SPDX-License-Identifier: Apache-2.0
# SignalWireOnce: repeats of a callback get the answer of the first and run
# nothing, whoever the application is; what has failed is run again.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Backend;
use SW::PHP;
use SW::Runs;
use SW::Test;
use Time::HiRes qw(sleep time);

my $runs = SW::Runs->new;

my ($wire, $process) = SW::Backend->start('wire', {
    broken => "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nhalf of it" });

sub conf {
    my ($port, $mpm, @more) = @_;
    return join "\n", $runs->conf('count', $mpm, $port), <<"EOT";
LogLevel warn signalwire:info
SignalWireSigningKey \@KEY\@
SignalWirePublicURL  https://hooks.example.com
CustomLog "\@ROOT\@/logs/once.log" "%U %>s %{SIGNALWIRE_ONCE}e"
ProxyPass /wire      http://127.0.0.1:$wire/
<Directory "\@ROOT\@/htdocs">
    Require all granted
    RewriteEngine On
    RewriteRule ^moved/(.*) /cgi/\$1 [PT]
</Directory>
<Location /nowhere>
    ErrorDocument 404 /cgi/lost-$mpm
</Location>
<LocationMatch "^/">
    <SignalWireWebhook hook>
        @{[ join "\n        ", @more ]}
    </SignalWireWebhook>
</LocationMatch>
EOT
}

sub callback { return $runs->callback(@_) }

sub ran { my ($word, $times, $name) = @_; is $runs->runs($word), $times, "$name: runs" }

sub logged {
    my ($s, $line, $name) = @_;
    ok $runs->comes(sub { $s->read_file('logs/once.log') =~ /^\Q$line\E$/m }), "$name: the log has $line";
}

sub repeats {
    my ($s, $app, $name, @via) = @_;
    my $word = $runs->word('repeat');
    my %want = (app => '', body => 'first: run 1', fields => { 'Content-Type' => qr{\Atext/plain} }, @via);
    answers $s, "$name: the first", callback($app, $word), 200, %want;
    answers $s, "$name: and again", callback($app, $word), 200, %want for 1, 2;
    ran($word, 1, $name);
    logged($s, "/$app/$word 200 $_", $name) for qw(first repeat);

    $word = $runs->word('created', reply => "201 text/x-made; charset=utf-8\nmade");
    answers $s, "$name: another status", callback($app, $word), 201, app => '', body => 'made', @via,
        fields => { 'Content-Type' => qr{\Atext/x-made; ?charset=utf-8\z}i } for 1, 2;
    ran($word, 1, "$name, another status");
    $word = $runs->word('empty', reply => "204 \n");
    answers $s, "$name: no content", callback($app, $word), 204, app => '', @via,
        fields => { 'Content-Length' => '' } for 1, 2;
    ran($word, 1, "$name, no content");

    for my $status (302, 404, 500, 503) {
        $word = $runs->word("status$status", reply => "$status text/plain\nno");
        answers $s, "$name: $status is nothing to keep", callback($app, $word), $status, @via for 1, 2;
        ran($word, 2, "$name, $status");
    }
    $word = $runs->word('fits', reply => "200 text/plain\n" . 'x' x 4096);
    answers $s, "$name: 4 KiB are kept", callback($app, $word), 200, app => '', body => 'x' x 4096, @via for 1, 2;
    $word = $runs->word('long', reply => "200 text/plain\n" . 'x' x 100_000);
    answers $s, "$name: a long answer", callback($app, $word), 200, app => '', body => 'x' x 100_000, @via;
    answers $s, "$name: is repeated without its body", callback($app, $word), 200, app => '', body => '', @via,
        fields => { 'Content-Type' => qr{\Atext/plain} };
    ran($word, 1, "$name, long");
}

# What is not kept as it came.
sub partly {
    my ($s) = @_;
    my $word = $runs->word('coded', reply => "200 text/plain|Content-Encoding: own\nbytes");
    answers $s, 'a body in a coding of its own', callback('cgi', $word), 200, app => '', body => 'bytes';
    answers $s, 'is repeated without it', callback('cgi', $word), 200, app => '', body => '',
        fields => { 'Content-Type' => qr{\Atext/plain}, 'Content-Encoding' => '' };
    ran($word, 1, 'a body in a coding');
    $s->log->expect(qr/AH01110|AH01102|error reading/, 'any');
    for (1, 2) {
        my $client = $runs->begin($s, callback('wire', 'broken'));
        eval { $client->response };
    }
    logged($s, "/wire/broken 200 first\n/wire/broken 200 first", 'a reply that breaks off is not kept');
}

# Who comes while the first runs.
sub waits {
    my ($s, $app, $name) = @_;
    my $word = $runs->word('slow', wait => 1);
    my $first = $runs->begin($s, callback($app, $word));
    $runs->begins($word);
    my $second = $runs->begin($s, callback($app, $word));
    sleep 0.1;
    $runs->let_go($word);
    is $_->response->body, 'first: run 1', "$name: one answer for both" for $first, $second;
    ran($word, 1, "$name, at once");
}

# Who is gone before the application ends.
sub goes_on_alone {
    my ($s, $app, $name) = @_;
    for my $reply (undef, "200 text/plain\n" . 'x' x 1_000_000) {
        my $word = $runs->word('alone', wait => 1, reply => $reply);
        my $client = $runs->begin($s, callback($app, $word));
        $runs->begins($word);
        undef $client;
        $runs->let_go($word);
        ok $runs->ends($word), "$name, the client gone: it ran to its end";
        answers $s, "$name, the client gone: kept all the same", callback($app, $word), 200, app => '',
            body => $reply ? '' : 'first: run 1';
        ran($word, 1, "$name, the client gone");
    }
}

# The first is handed on to another URL, once.
sub redirects {
    my ($s, $mpm) = @_;
    my $word = $runs->word('moved');
    answers $s, 'rewritten to the application', callback('moved', $word), 200, app => '', body => 'first: run 1' for 1, 2;
    $runs->write("lost-$mpm.reply", "200 text/plain\nfound");
    $word = $runs->word('nowhere');
    answers $s, 'an error document that makes a success of it', callback('nowhere', $word), 200, app => '', body => 'found'
        for 1, 2;
    ran("lost-$mpm", 1, 'an error document');
    $runs->write("lost-$mpm.reply", "404 text/plain\nlost");
    $word = $runs->word('nowhere');
    answers $s, 'and one that does not', callback('nowhere', $word), 404, app => '', body => 'lost' for 1, 2;
    ran("lost-$mpm", 3, 'another error document');
}

each_mpm {
    my ($mpm) = @_;
    my $php = $mpm eq 'event' ? SW::PHP::fpm() : SW::PHP::mod_php();
    need 'PHP', $php or return;
    my $backend = server(bare => 1, conf => $runs->backend_conf('count'));
    my $s = server($runs->modules($mpm, $php, 'rewrite'), conf => conf($backend->port, $mpm, 'SignalWireOnce On'));
    for my $app (qw(cgi php proxied)) {
        repeats($s, $app, $app);
        repeats($s, $app, "$app over HTTP/2", via => sub { curl(@_, 'http', '--http2-prior-knowledge') })
            if $mpm eq 'event' && $app eq 'cgi';
        waits($s, $app, $app);
        goes_on_alone($s, $app, $app);
    }
    redirects($s, $mpm);
    partly($s);
};

$process->stop;
finish;
done_testing;
