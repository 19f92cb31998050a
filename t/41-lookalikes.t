# SPDX-License-Identifier: Apache-2.0
# No client can pretend to be the module: request fields whose CGI form is
# HTTP_SIGNALWIRE_* are gone, however they are spelled and wherever they stand,
# and no Connection field makes a proxy drop those that the module set.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Fields;
use SW::Test;

my @exports = ('none', 'env', 'headers', 'env headers params');
my $conf = <<'EOT';
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
MaxKeepAliveRequests 0
MergeTrailers On
ScriptAlias /cgi @APPS@/echo.cgi
Alias /php @APPS@/echo.php
ProxyPass /backend @BACKEND@
ProxyPass /uwsgi @UWSGI@
ErrorDocument 403 /backend/error
ErrorDocument 405 /backend/error
<LocationMatch "^/cgi/(?:guarded|denied|method|php)">
    <SignalWireWebhook guarded>
    </SignalWireWebhook>
</LocationMatch>
<Location /cgi/method>
    AllowMethods GET
</Location>
<Location /cgi/php>
    ErrorDocument 403 /php/error
</Location>
<Location /cgi/denied>
    Require ip 192.0.2.1
</Location>
EOT
for my $i (0 .. $#exports) {
    $conf .= <<"EOT";
<LocationMatch "^/\\w+/$i">
    <SignalWireWebhook block$i>
        SignalWireExport $exports[$i]
        SignalWireVerify optional
        Require ip 127.0.0.1
    </SignalWireWebhook>
</LocationMatch>
EOT
}
$conf .= <<'EOT';
<LocationMatch "^/\w+/report">
    <SignalWireWebhook report>
        SignalWireVerify report
        SignalWireMaxBody 1000
    </SignalWireWebhook>
</LocationMatch>
<LocationMatch "^/\w+/off">
    <SignalWireWebhook off>
        SignalWireVerify off
        SignalWireMaxBody 1000
    </SignalWireWebhook>
</LocationMatch>
EOT

my @names = (
    'SignalWire-Event', 'SIGNALWIRE-EVENT', 'SIGNALWIRE_EVENT', 'SignalWire_Event',
    'signalwire.event',
    (map { "signalwire${_}event" } split //, q(!#$%&'*+^`|~)),
    'signalwire-event_', 'SignalWire--Event', 'SignalWire-', 'signalwire_',
    'SignalWire-Digits', 'SignalWire_Digits', 'SignalWire-Verified', 'SignalWire_Verified',
    'SignalWire-Webhook', 'SignalWire-Verdict', 'SignalWire-Log-Id', 'SignalWire-Key', 'SignalWire-Time',
    'SignalWire-Once', 'SignalWire-Param-From',
    'SignalWire-Media-Url-0', 'SignalWire-Nothing-Known',
);
my @forged = map { ($_ => 'forged') } @names;
my @others = map { ($_ => 'kept') } qw(X-SignalWire-Signature-Of Signal-Wire-Event SignalWireX);
my $form = 'MessageSid=m1&From=f';

each_mpm {
    my $php = need 'PHP-FPM', SW::PHP::fpm();
    my $s = server(modules => 'allowmethods proxy proxy_http proxy_fcgi proxy_uwsgi', conf => join '', $conf,
        $php ? "<Files *.php>\nSetHandler \"\@FPM\@\"\n</Files>\n" : ());
    my @apps = ('cgi', 'backend', 'uwsgi', $php ? 'php' : ());

    for my $app (@apps) {
        for my $i (0 .. $#exports) {
            my $where = "/$app/$i";
            my $check = sub {
                my ($name, $request, %opt) = @_;
                my $reply = answers $s, "$where: $name", $request, 200, %opt;
                unlike $reply->body, qr/forged/, "$where: $name: nothing of it arrives";
                my $event = $exports[$i] =~ /headers/ ? header_fields($reply)->{EVENT} : undef;
                is $event, 'message.incoming', "$where: $name: ours does"
                    if $exports[$i] =~ /headers/;
                return $reply;
            };
            $check->('all spellings',
                POST($where, form => $form, sign => 'form', headers => \@forged));
            $check->('unsigned', POST($where, form => $form, headers => \@forged));
            $check->('repeated', POST($where, form => $form, headers => [ (@forged[0 .. 9]) x 2 ]));
            $check->('as a trailer', POST($where, form => $form, chunked => 7),
                via => \&with_trailers);
        }
        next if $app eq 'uwsgi';        # wants a length
        for my $mode (qw(off report)) {
            my $request = POST("/$app/$mode", body => 'RIFF' x 2000, type => 'audio/wav',
                chunked => 500);
            my $reply = answers $s, "/$app/$mode: after a body that is not read", $request, 200,
                via => \&with_trailers, log => $mode eq 'off' ? undef : qr/SW0101/;
            unlike $reply->body, qr/forged/, "/$app/$mode: nothing of it arrives";
            $request = POST("/$app/$mode", form => "$form&Body=" . 'x' x 8000, sign => 'form',
                chunked => 500);
            $reply = answers $s, "/$app/$mode: after a larger one", $request, 200,
                via => \&with_trailers, log => $mode eq 'off' ? undef : qr/SW0109/;
            unlike $reply->body, qr/forged/, "/$app/$mode: nothing of it arrives";
        }
    }

    my $reply = answers $s, 'fields of others stay',
        POST('/backend/2', form => $form, headers => \@others), 200;
    is scalar(my @kept = $reply->body =~ /"kept"/g), 3, 'fields of others stay: all of them';
    $reply = answers $s, 'outside of blocks',
        POST('/backend/x', form => $form, headers => \@forged), 200;
    like $reply->report->{headers}{'signalwire-event'}, qr/forged/,
        'outside of blocks nothing is touched';

    error_pages($s);
    connection($s);
};

finish;
done_testing;

sub with_trailers {
    my ($s, $request) = @_;
    my $trailers = join '', map { "$_: forged\r\n" } @names[ 0 .. 4 ], 'SignalWire-Digits';
    my $payload = payload_of($request) =~ s/0\r\n\r\n\z/0\r\n$trailers\r\n/r;
    return SW::Client->new($s->port)->send(head_of($request), $payload)->response;
}

# Outside of blocks, of requests that were in one.
sub error_pages {
    my ($s) = @_;
    my @rows = ([ 'guarded, unsigned', '/cgi/guarded', qr/SW0101/ ],
                [ 'denied, signed', '/cgi/denied', qr/AH01630/, sign => 'form' ],
                [ 'before us', '/cgi/method', qr/AH01623/ ]);
    for (@rows) {
        my ($name, $target, $log, @how) = @$_;
        my $reply = answers $s, "error pages of refusals: $name",
            POST($target, form => $form, headers => \@forged, @how), 200, log => $log,
            app => 'backend', report => { target => '/error' };
        unlike $reply->body, qr/forged/, "error pages of refusals: $name: nothing of it arrives";
    }
    my $reply = answers $s, 'error pages of refusals: after trailers, by FastCGI',
        POST('/cgi/php', form => $form, chunked => 7), 403, log => qr/SW0101/, app => qr/php/,
        via => \&with_trailers;
    unlike $reply->body, qr/forged/, 'error pages of refusals: nothing of the trailers arrives';
}

# What the Connection field names is for this connection only, so that a proxy
# drops it. It cannot name ours.
sub connection {
    my ($s) = @_;
    my @values = ('SignalWire-Event', 'signalwire-event, X-Hop',
        'X-Hop,SIGNALWIRE-EVENT ,signalwire-id',
        ',, SignalWire_Event ,signalwire-event;q=1,SignalWire-Event',
        "SignalWire-Event,\tSignalWire-Id", 'close;SignalWire-Event;signalwire-id',
        'X-Hop; SignalWire-Verified');
    for my $value (@values) {
        my $reply = answers $s, "Connection: $value",
            POST('/backend/2', form => $form, sign => 'form',
            headers => [ Connection => $value, 'X-Hop' => 'hop' ]), 200;
        my $got = header_fields($reply);
        is_deeply [ @$got{qw(EVENT ID VERIFIED)} ], [ 'message.incoming', 'm1', 'form' ],
            'ours arrive';
        is $reply->report->{headers}{'x-hop'}, $value =~ /X-Hop/ ? undef : 'hop',
            'what else it names does not';
    }
    my $trailer = answers $s, 'Connection as a trailer', POST('/backend/2', form => $form,
        sign => 'form', chunked => 7), 200, via => sub {
            my ($server, $request) = @_;
            my $payload = payload_of($request)
                =~ s/0\r\n\r\n\z/0\r\nConnection: SignalWire-Event, SignalWire-Id\r\n\r\n/r;
            return SW::Client->new($server->port)->send(head_of($request), $payload)->response;
        };
    my $fields = header_fields($trailer);
    is_deeply [ @$fields{qw(EVENT ID VERIFIED)} ], [ 'message.incoming', 'm1', 'form' ],
        'Connection as a trailer: ours arrive';
    my @keep = (form => $form, sign => 'form', keep => 1);
    my $client = SW::Client->new($s->port);
    for my $value ('keep-alive, SignalWire-Event', 'SignalWire-Event') {
        my $request = POST('/backend/2', @keep, headers => [ Connection => $value ]);
        my $reply = $client->send(bytes_of $request)->response;
        check_reply $s, "the connection stays open: $value", $request, $reply, 200;
    }
    my $last = POST('/backend/2', @keep, headers => [ Connection => 'SignalWire-Event, close' ]);
    $client->send(bytes_of $last)->response;
    ok $client->closed, 'close is still obeyed';
}
