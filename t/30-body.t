# SPDX-License-Identifier: Apache-2.0
# A verified body reaches the application byte for byte, whatever the
# application is and on whatever way it came. `answers` compares the SHA-256
# that the application saw with that of the body sent.
use FindBin; use lib "$FindBin::Bin/lib";
use IO::Compress::Gzip qw(gzip);
use SW::Test;

my $conf = <<'EOT';
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
<Location />
    <SignalWireWebhook all>
    </SignalWireWebhook>
</Location>
<Directory "@APPS@">
    AllowOverride All
    DirectoryIndex echo.php
</Directory>

ScriptAlias /cgi @APPS@/echo.cgi
Alias /php @APPS@
Alias /wp  @APPS@
Alias /ssi @ROOT@/htdocs/page.shtml
ErrorDocument 404 /cgi/error
<Files page.shtml>
    SetOutputFilter INCLUDES
    Options Includes
</Files>
EOT

my $fpm = <<'EOT';
<Files *.php>
    SetHandler "@FPM@"
</Files>
EOT

my $backends = <<'EOT';
ProxyPass /backend @BACKEND@
ProxyPass /uwsgi @UWSGI@
<Location /cgi/inflated>
    SetInputFilter DEFLATE
</Location>
EOT

# HTTP/2 to a backend, which is the same httpd.
my $h2 = <<'EOT';
Listen 127.0.0.1:@PORT2@
<VirtualHost *:@PORT2@>
    Protocols h2c
    ScriptAlias / @APPS@/echo.cgi/
    <Location />
        <SignalWireWebhook backend>
            SignalWireVerify off
        </SignalWireWebhook>
    </Location>
</VirtualHost>
ProxyPass /h2 h2c://127.0.0.1:@PORT2@/ disablereuse=On
EOT

# WordPress: whatever is no file goes to the front controller.
my %files = (
    'apps/.htaccess' => <<'EOT',
RewriteEngine On
RewriteBase /wp
RewriteRule ^gone$ - [R=404]
RewriteCond %{REQUEST_FILENAME} !-f
RewriteCond %{REQUEST_FILENAME} !-d
RewriteRule . /wp/echo.php [L]
EOT
    'htdocs/page.shtml' => 'included: <!--#include virtual="/cgi" -->',
);
my %httpd = (modules => 'rewrite include deflate filter proxy proxy_http proxy_fcgi proxy_uwsgi', files => \%files);

my @bodies = (
    [ 'no body'      => '' ],
    [ 'every byte'   => join '', map { chr } 0 .. 255, reverse 0 .. 255 ],
    [ '200 KiB'      => join '', map { chr $_ * 7 % 253 } 1 .. 204_800 ],
    [ 'the limit'    => 'x' x 262_144 ],
);

# Every body by length and in chunks.
sub delivers {
    my ($s, $app, $target) = @_;
    for (@bodies) {
        my ($name, $body) = @$_;
        my @request = ($target, body => $body, type => 'application/octet-stream', sign => 'sha256');
        answers $s, "$target: $name", POST(@request), 200, app => $app, report => { length => length $body };
        answers $s, "$target: $name in chunks", POST(@request, chunked => 4099), 200, app => $app,
            report => { length => length $body };
    }
}

sub delivers_to_php {
    my ($s, $app) = @_;
    delivers $s, $app, $_ for '/php/echo.php', '/wp/a/pretty/url?x=1', '/wp/';
    my $form = 'From=%2B1555&Body=a+b%26c';
    my $reply = answers $s, '/wp/: a form', POST('/wp/call', form => $form, sign => 'form'), 200,
        env => { SIGNALWIRE_VERIFIED => 'form', SIGNALWIRE_WEBHOOK => 'all' };
    is_deeply $reply->report->{post}, { From => '+1555', Body => 'a b&c' }, '/wp/: PHP has parsed the form';
}

each_mpm {
    my ($mpm) = @_;
    local $httpd{modules} = "$httpd{modules} http2 proxy_http2" if $mpm eq 'event';
    my $php = need 'PHP-FPM', SW::PHP::fpm();
    my $s = server(%httpd, conf => join '', $conf, $backends, $php ? $fpm : (), $mpm eq 'event' ? $h2 : ());
    delivers $s, 'cgi', '/cgi';
    delivers $s, 'backend', '/backend/x';
    delivers $s, 'uwsgi', '/uwsgi/x';
    delivers $s, 'cgi', '/h2/x' if $mpm eq 'event';
    delivers_to_php $s, 'php-fpm-fcgi' if $php;

    my @signed = (form => 'From=%2B1555', sign => 'form');
    answers $s, "an error document: $_", POST($_, @signed), 404, app => 'cgi',
        env => { REDIRECT_STATUS => 404, SIGNALWIRE_VERIFIED => 'form', SIGNALWIRE_WEBHOOK => 'all' }
        for '/wp/gone', '/no/such/file';
    answers $s, 'an included document', POST('/ssi', @signed), 200, app => '',
        body => qr/\Aincluded: \{.*"SIGNALWIRE_VERIFIED":"form"/;

    gzip \'{"inflated":true}' => \my $packed;
    answers $s, 'gzip: signed as sent, seen inflated', POST('/cgi/inflated', body => $packed, sign => 'sha1',
        type => 'application/json', headers => [ 'Content-Encoding' => 'gzip' ]), 200, seen => '{"inflated":true}';
    answers $s, 'gzip: not signed as seen', POST('/cgi/inflated', body => $packed, type => 'application/json',
        headers => [ 'Content-Encoding' => 'gzip',
                     'X-SignalWire-Signature' => sign_sha1(KEY, PUBLIC . '/cgi/inflated', '{"inflated":true}') ]),
        403, log => qr/SW0103/;

    connections($s);
};

subtest 'mod_php' => sub {
    need 'mod_php', SW::PHP::mod_php() or return;
    my $s = server(%httpd, mpm => 'prefork', mod_php => SW::PHP::mod_php(), conf => $conf . <<'EOT');
<Files *.php>
    SetHandler application/x-httpd-php
</Files>
PHPIniDir conf
EOT
    delivers_to_php $s, 'php-apache2handler';
    finish;
};

finish;
done_testing;

# Several requests on one connection, and a client that asks first.
sub connections {
    my ($s) = @_;
    my @requests = map { POST "/cgi/$_", body => "$_" x (3000 * $_), sign => 'sha1', keep => 1,
                              $_ % 2 ? () : (chunked => 1000) } 1 .. 4;
    my $client = SW::Client->new($s->port);
    for my $r (@requests) {
        $client->send(bytes_of $r);
        check_reply $s, "keep-alive: $r->{target}", $r, $client->response, 200;
    }
    $client->send(map { bytes_of $_ } @requests);
    check_reply $s, "pipelined: $_->{target}", $_, $client->response, 200 for @requests;

    for my $target ('/cgi', '/backend') {
        my $r = POST $target, body => 'patience' x 999, sign => 'sha1', headers => [ Expect => '100-continue' ];
        my $asking = SW::Client->new($s->port)->send(head_of $r)->flush;
        my $interim = $asking->up_to("\r\n\r\n");
        like $interim, qr/\AHTTP\/1\.1 100 /, "100-continue: $target is asked for";
        check_reply $s, "100-continue: $target", $r, $asking->send(payload_of $r)->response, 200;
    }
    my $unsigned = POST '/cgi', body => 'never sent', headers => [ Expect => '100-continue' ];
    $s->log->expect(qr/SW0101/);
    my $reply = SW::Client->new($s->port)->send(head_of $unsigned)->response;
    check_reply $s, '100-continue: an unsigned body is never asked for', $unsigned, $reply, 403;
    is_deeply $reply->interim, [], '100-continue: not even with 100';
}
