# SPDX-License-Identifier: Apache-2.0
# A request that comes into a block by an error document, or by a rewrite after
# another module has read its body: it is the client's request all the same,
# with its method, its body and its event.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::PHP;
use SW::Test;

my $modsecurity = SW::PHP::found(SW::Config::tools_dir() . '/modsecurity/usr/lib/apache2/modules/mod_security2.so');
need 'ModSecurity', $modsecurity or done_testing, exit;

my $conf = <<'EOT';
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
Alias /app   @APPS@
<Directory "@APPS@">
    Options +ExecCGI
    SetHandler cgi-script
    Require all granted
    RewriteEngine On
    RewriteRule ^call$ echo.cgi [L]
    <Files "echo.cgi">
        <SignalWireWebhook front>
        </SignalWireWebhook>
    </Files>
</Directory>
<Directory "@ROOT@/htdocs">
    Require all granted
</Directory>
<Location /front>
    ErrorDocument 404 /app/echo.cgi
    ErrorDocument 403 /app/echo.cgi
</Location>
<Location /front/closed>
    Require all denied
</Location>
<Location /off>
    ErrorDocument 404 /open/echo.cgi
    ErrorDocument 403 /open/echo.cgi
</Location>
<Location /off/closed>
    Require all denied
</Location>
<Location /shut>
    Require all denied
</Location>
<Location /large>
    ErrorDocument 404 /limit/echo.cgi
</Location>
ScriptAlias /limit @APPS@/
<Location /limit>
    <SignalWireWebhook limit>
        SignalWireMaxBody 3000000
    </SignalWireWebhook>
</Location>
ScriptAlias /open @APPS@/
<Location /open>
    <SignalWireWebhook open>
        SignalWireVerify off
    </SignalWireWebhook>
</Location>
EOT

my $security = <<"EOT";
LoadModule security2_module "$modsecurity"
SecRuleEngine        On
SecRequestBodyAccess On
SecDataDir           \@ROOT\@/run
SecTmpDir            \@ROOT\@/run
SecAuditEngine       Off
SecRule REQUEST_BODY "\@contains attack" "id:1,phase:2,deny,status:403"
EOT

my $form = 'CallSid=c&CallStatus=ringing&From=%2B1555';
my %event = (SIGNALWIRE_EVENT => 'voice.incoming', SIGNALWIRE_CALL_ID => 'c', SIGNALWIRE_FORMAT => 'form');
my %verified = (%event, SIGNALWIRE_VERIFIED => 'form');

sub signed { my ($target, @how) = @_; return POST $target, form => $form, sign => 'form', @how }

# The application of a request that httpd shows by GET sees its body, too.
sub front {
    my ($s, $name, $request, $status, %want) = @_;
    answers $s, $name, $request, $status, app => 'cgi', env => \%verified, %want;
}

each_mpm {
    my ($mpm) = @_;
    my $s = server(conf => $conf, modules => 'rewrite');
    for my $how ([], [ chunked => 5 ]) {
        my $way = @$how ? 'in chunks' : 'with a length';
        front($s, "nothing there, $way", signed('/front/nothing', @$how), 404);
        front($s, "refused by another, $way", signed('/front/closed/x', @$how), 403, log => qr/AH01630/);
        front($s, "rewritten, $way", signed('/app/call', @$how), 200);
        answers $s, "unsigned, $way", POST('/front/nothing', form => $form, @$how), 404, app => '',
            log => qr/SW0101: POST .* refused \(front\)/;
        answers $s, "forged, $way", signed('/front/nothing', @$how, key => KEY2), 404, app => '',
            log => qr/SW0103: POST .* refused \(front\)/;
    }
    my $large = 'From=1&Body=' . 'x' x 300_000;
    answers $s, 'too large for the server, signed for the URL alone, in chunks', POST('/large', form => $large,
        chunked => 8000, headers => [ signature('form', KEY, PUBLIC . '/large', '') ]), 404, app => '',
        log => qr/SW0110: POST .* refused \(limit\): body-consumed/;
    for my $case ([ shut => 403, [] ], [ nothing => 404, [100] ]) {
        my ($path, $status, $interim) = @$case;
        my $reply = talk($s, signed("/$path", headers => [ Expect => '100-continue' ]));
        is $reply->status, $status, "/$path";
        is_deeply $reply->{interim}, $interim, "/$path: a body is asked for unless access control refuses it";
    }
    $s->log->expect(qr/AH01630: .*shut/);
    answers $s, 'a GET', GET("/front/nothing?$form", sign => 'form'), 404, app => 'cgi',
        env => { %verified, SIGNALWIRE_FORMAT => 'query' };
    answers $s, 'not verified', POST('/off/closed/x', form => $form), 403, app => 'cgi', env => \%event,
        log => qr/AH01630/;
    answers $s, 'not verified, with a signature', POST('/off/nothing', form => $form,
        headers => [ 'X-SignalWire-Signature' => '0' x 40 ]), 404, app => 'cgi', env => \%event;
    finish;

    $s = server(conf => $security . $conf, modules => 'unique_id rewrite');
    for my $how ([], [ chunked => 5 ]) {
        my $way = @$how ? 'in chunks' : 'with a length';
        front($s, "ModSecurity and a rewrite, $way", signed('/app/call', @$how), 200);
        front($s, "ModSecurity and nothing there, $way", signed('/front/nothing', @$how), 404);
        front($s, "ModSecurity and the block itself, $way", signed('/app/echo.cgi', @$how), 200);
        answers $s, "ModSecurity refuses a body, $way", POST('/app/call', form => "$form&B=attack", sign => 'form', @$how),
            403, log => qr/ModSecurity: Access denied/;
    }
    finish;
};

done_testing;
