# SPDX-License-Identifier: Apache-2.0
# Nothing that is unsigned gets into a block: not past other access rules, not
# by sub-requests, rewrites and redirects, not by odd methods, fields and
# targets. `answers` fails if an application ran for a status of 400 or more.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

my $conf = <<'EOT';
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
ScriptAlias /in    @APPS@/echo.cgi
ScriptAlias /other @APPS@/echo.cgi
ScriptAlias /free  @APPS@/echo.cgi
AliasMatch  "^/$"  @ROOT@/htdocs/page.shtml
MergeTrailers On

<Location /in>
    <SignalWireWebhook in>
    </SignalWireWebhook>
</Location>
<LocationMatch "^/$">
    <SignalWireWebhook root>
    </SignalWireWebhook>
</LocationMatch>
<Location /other>
    <SignalWireWebhook other>
        SignalWireSigningKey @KEY2@
    </SignalWireWebhook>
</Location>

# Other access rules
<Location /in/satisfy>
    Order deny,allow
    Allow from all
    Satisfy Any
</Location>
<Location /in/granted>
    Require all granted
</Location>

# Ways into the block
RewriteEngine On
RewriteRule ^/rewritten/to-in    /in/x    [PT]
RewriteRule ^/in/rewritten/other /other/x [PT]
Action to-in /in/action
<Directory "@ROOT@/htdocs">
    AllowOverride All
    Options Includes FollowSymLinks
</Directory>
<Files *.act>
    SetHandler to-in
</Files>
<Files *.shtml>
    SetOutputFilter INCLUDES
</Files>
<Location /errors>
    ErrorDocument 404 /in/error
</Location>
<Location /fallback>
    FallbackResource /in/fallback
</Location>
EOT

my %files = (
    'htdocs/perdir/.htaccess' => "RewriteEngine On\nRewriteRule ^to-in\$ /in/x\nRewriteRule ^to-other\$ /other/x\n",
    'htdocs/index/.htaccess'  => "DirectoryIndex /in/index\n",
    'htdocs/fallback/x'       => '',
    'htdocs/page.shtml'       => 'page[<!--#include virtual="/in/included" -->]',
    'htdocs/script.act'       => '',
);
my %httpd = (modules => 'access_compat rewrite include', files => \%files, conf => $conf);
my $refused = qr/SW0101: \S+ \S+(?:, a sub-request of it,)? refused/;
my @form = (form => 'A=1&B=2');

each_mpm {
    my $s = server(%httpd);
    answers $s, 'the way in, signed', POST('/in', @form, sign => 'form'), 200;
    answers $s, "unsigned: $_", POST($_, @form), 403, log => $refused
        for '/in', '/in/satisfy', '/in/granted', '/rewritten/to-in', '/perdir/to-in', '/script.act';
    answers $s, "unsigned: $_", GET($_), 403, log => $refused for '/in', '/index/', '/fallback/nope';
    answers $s, "signed: $_", POST($_, @form, sign => 'form'), 200, env => { SIGNALWIRE_VERIFIED => 'form' }
        for '/in/satisfy', '/in/granted', '/rewritten/to-in', '/perdir/to-in', '/script.act';
    answers $s, "signed: $_", GET($_, sign => 'form'), 200, env => { SIGNALWIRE_VERIFIED => 'form' }
        for '/index/', '/fallback/nope';

    # Sub-requests and error documents: the outer request is outside of the block.
    answers $s, 'an unsigned page does not include', GET('/page.shtml'), 200, app => '',
        body => qr/\Apage\[\[an error/,
        log => [ $refused, qr/unable to include/ ];
    answers $s, 'a signed page does', GET('/page.shtml', sign => 'form'), 200, app => '',
        body => qr/\Apage\[\{.*VERIFIED":"form"/;
    answers $s, 'an unsigned error finds no application', GET('/errors/nope'), 404, log => $refused;
    answers $s, 'a signed error does', GET('/errors/nope', sign => 'form'), 404, app => 'cgi';

    # From one block into another: that one's keys decide.
    my $both = qr/SW0103: \S+ \S+ refused \(other\)/;
    answers $s, "the first block's key: $_", POST($_, @form, sign => 'form'), 403, log => $both
        for '/in/rewritten/other', '/perdir/to-other', '/other';
    answers $s, "the second block's key: $_", POST($_, @form, sign => 'form', key => KEY2), 200,
        env => { SIGNALWIRE_WEBHOOK => 'other' } for '/in/rewritten/other', '/perdir/to-other';

    methods($s);
    fields($s);
    targets($s);
};

sub methods {
    my ($s) = @_;
    answers $s, "$_, unsigned", request($_ => '/in', @form), 403, log => $refused
        for qw(GET HEAD PUT DELETE PATCH OPTIONS PROPFIND FROB post);
    answers $s, 'TRACE is answered by httpd, before any section', request(TRACE => '/in'), 200, app => '',
        body => qr/\ATRACE/;
    answers $s, "$_ with a body, signed", request($_ => '/in',
        body => 'data', sign => 'sha1'), 200, report => { method => $_ }
        for qw(GET PUT DELETE PATCH PROPFIND FROB);
    answers $s, 'HEAD, signed', request(HEAD => '/in', sign => 'form'), 200, app => 'cgi';
    answers $s, 'a body after the signature of a GET without', request(GET => '/in', @form,
        headers => [ 'X-SignalWire-Signature' => sign_form(KEY, PUBLIC . '/in', '') ]), 403, log => qr/SW0103/;
    answers $s, 'an override of the method changes nothing', request(GET => '/in', headers => [
        'X-HTTP-Method-Override' => 'POST' ]), 403, log => $refused;

    # HTTP/0.9 knows no fields, so it can carry no signature.
    $s->log->expect($refused);
    my $client = SW::Client->new($s->port)->send("GET /in\r\n");
    1 while $client->pump;
    check_reply $s, 'HTTP/0.9', {}, SW::Response->parse("HTTP/1.1 403 -\r\n\r\n$client->{in}"), 403,
        body => qr/Forbidden/;
}

sub fields {
    my ($s) = @_;
    my $right = sign_form(KEY, PUBLIC . '/in', $form[1]);
    my $other = sign_form(KEY2, PUBLIC . '/in', $form[1]);
    my $sent  = sub { my ($name, $id, @fields) = @_;
                      answers $s, $name, POST('/in', @form, headers => \@fields), $id ? 403 : 200, log => $id };
    $sent->('the name in any case', undef, 'x-SIGNALWIRE-signature' => $right);
    $sent->('underscores', qr/SW0101/, 'X_SignalWire_Signature' => $right);
    $sent->('twice', qr/SW0102/, ('X-SignalWire-Signature' => $right) x 2);
    $sent->('right and wrong', qr/SW0102/, 'X-SignalWire-Signature' => $right, 'X-SignalWire-Signature' => $other);
    $sent->('wrong besides underscores', qr/SW0103/, 'X-SignalWire-Signature' => $other,
        'X_SignalWire_Signature' => $right);
    $sent->("Twilio's name alone", undef, 'X-Twilio-Signature' => $right);
    $sent->("empty besides Twilio's name", qr/SW0102/, 'X-SignalWire-Signature' => '',
        'X-Twilio-Signature' => $right);
    $sent->("wrong besides Twilio's name", qr/SW0103/, 'X-SignalWire-Signature' => $other,
        'X-Twilio-Signature' => $right);
    $sent->('in a cookie', qr/SW0101/, Cookie => "X-SignalWire-Signature=$right");
    $sent->('of another URL', qr/SW0103/, 'X-SignalWire-Signature' => sign_form(KEY, PUBLIC . '/other', $form[1]),
            'X-Original-URL' => '/other', 'X-Rewrite-URL' => '/other');

    # A trailer is no field, although MergeTrailers makes it one for CGI.
    my $trailed = sub { my ($name, $id, $trailer, @head) = @_;
        my $request = POST '/in', body => $form[1], chunked => 4, headers => \@head;
        $s->log->expect($id);
        my $client = SW::Client->new($s->port)->send(head_of $request);
        $client->send(payload_of($request) =~ s/\r\n\z/$trailer\r\n\r\n/r);
        check_reply $s, $name, $request, $client->response, 403 };
    $trailed->('the signature as a trailer', qr/SW0101/, "X-SignalWire-Signature: $right",
        'Content-Type' => 'application/x-www-form-urlencoded');
    $trailed->('the content type as a trailer', qr/SW0103/, 'Content-Type: application/x-www-form-urlencoded',
        'X-SignalWire-Signature' => $right);
}

sub targets {
    my ($s) = @_;
    for my $same ('//in', '/./in', '/x/../in', '/%69n', '/in/', '/in//x', '/in?', '/in;x', '/in/%2e%2e/in',
        '/free/../in',
                  'http://hooks.example.com/in', 'http://stranger.example//in')
    {
        $s->log->expect($refused, 'any');       # where httpd finds nothing there is nothing to refuse
        my $reply = talk($s, POST $same, @form);
        check_reply $s, "unsigned: $same", {}, $reply, qr/^40[034]$/, app => '';
    }
    answers $s, "signed as sent: $_", POST($_,
        @form, sign => 'form'), 200 for '//in', '/./in', '/%69n', '/in//x', '/in?';
    answers $s, "signed as it is meant: $_", POST($_, @form, sign => 'form', url => PUBLIC . '/in'), 403,
        log => qr/SW0103/
        for '//in', '/./in', '/%69n', '/in?';
    answers $s, 'absolute form: the path counts',
        POST('http://hooks.example.com/in', @form, sign => 'form', url => PUBLIC . '/in'), 200;
    answers $s, 'absolute form: not the host', POST('http://stranger.example/in', @form, sign => 'form',
        url => 'http://stranger.example/in'), 403, log => qr/SW0103/;
    my $rootless = 'http://hooks.example.com?Admin=1';
    answers $s, 'absolute form without a path: its query is not unsigned', POST($rootless, @form, sign => 'form',
        url => PUBLIC . '/'), 403, log => qr/SW0106: .*path of this section$/;
    answers $s, "no such place: $_", POST($_, @form), 404, log => undef for '/IN', '/in%2fx', '/in%2f..%2fin';
}

subtest 'encoded slashes, absolute forms, names of the host' => sub {
    my $s = server(conf => <<'EOT');
SignalWireSigningKey @KEY@
ScriptAliasMatch "^/in" @APPS@/echo.cgi
AllowEncodedSlashes On
<Location /in/x>
    <SignalWireWebhook in>
    </SignalWireWebhook>
</Location>
EOT
    answers $s, 'an encoded slash, unsigned', POST('/in%2Fx', @form), 403, log => $refused;
    answers $s, 'an encoded slash, signed as sent',
        POST('/in%2Fx', @form, sign => 'form', url => 'http://hooks.example.com/in%2Fx'), 200;
    my $stranger = 'http://stranger.example/in/x';
    answers $s, 'a stranger in absolute form and Host', POST($stranger, @form, sign => 'form', url => $stranger,
        host => 'stranger.example'), 403, log => qr/SW0105/;
    $s->log->expect(qr/SW010[35]/);
    my $reply = talk($s, POST $stranger, @form, sign => 'form', url => $stranger);
    check_reply $s, 'a stranger in absolute form alone', {}, $reply, 403;
    finish;
};

finish;
done_testing;
