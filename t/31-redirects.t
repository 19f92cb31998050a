# SPDX-License-Identifier: Apache-2.0
# Internal redirects and sub-requests between blocks and out of them: each
# block judges for itself, the application learns of the last one, the body
# stays whole, and no cache gives away what was verified for somebody else.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

my $to_elsewhere = "RewriteEngine On\nRewriteRule ^to-(.*)\$ /\$1/x\n";
my @form = (form => 'A=1&B=2' x 20);

each_mpm {
    my $s = server(
        modules => 'rewrite',
        files   => {
            'htdocs/a/.htaccess'     => $to_elsewhere,
            'htdocs/large/.htaccess' => $to_elsewhere,
            'htdocs/a/b/.htaccess'   => "DirectoryIndex /b/index\n",
            'htdocs/a/out/.htaccess' => "DirectoryIndex /b/nowhere/index /free/index\n",
            'apps/redirect.cgi'      => "#!/bin/sh\ncat >/dev/null\nprintf 'Location: /c/x\\n\\n'\n",
        },
        conf => <<'EOT');
SignalWirePublicURL https://hooks.example.com
ScriptAliasMatch "^/(?:free|b(?!/nowhere)|c|d|small)/" @APPS@/echo.cgi
ScriptAlias /redirect @APPS@/redirect.cgi
<Directory "@ROOT@/htdocs">
    AllowOverride All
</Directory>
<Location /a>
    <SignalWireWebhook a>
        SignalWireSigningKey @KEY@
        SignalWireVerify     report
        SignalWireMaxBody    10
    </SignalWireWebhook>
</Location>
<Location /b>
    <SignalWireWebhook b>
        SignalWireSigningKey @KEY2@
        SignalWireVerify     report
    </SignalWireWebhook>
</Location>
<LocationMatch "^/(?:c|large)">
    <SignalWireWebhook c>
        SignalWireSigningKey @KEY@
    </SignalWireWebhook>
</LocationMatch>
<Location /d>
    <SignalWireWebhook d>
        SignalWireSigningKey @KEY2@
    </SignalWireWebhook>
</Location>
<Location /small>
    <SignalWireWebhook small>
        SignalWireSigningKey @KEY@
        SignalWireMaxBody    10
    </SignalWireWebhook>
</Location>
EOT
    my %a = (SIGNALWIRE_WEBHOOK => 'a', SIGNALWIRE_VERIFIED => 'form', SIGNALWIRE_VERDICT => 'verified',
        SIGNALWIRE_KEY => '1');
    my %b = (SIGNALWIRE_WEBHOOK => 'b', SIGNALWIRE_VERIFIED => undef,
        SIGNALWIRE_VERDICT => 'signature-mismatch',
             SIGNALWIRE_KEY => undef);
    my $not_by_b = qr/SW0103: .* would be refused \(b\)/;
    answers $s, 'out of the block: the names are plain', GET('/a/to-free', sign => 'form'), 200, env => \%a;
    answers $s, 'from one block into another', GET('/a/to-b', sign => 'form'), 200, log => $not_by_b, env => \%b;
    answers $s, 'the same by DirectoryIndex', GET('/a/b/', sign => 'form'), 200, log => $not_by_b, env => \%b;
    answers $s, 'a look-up in another block changes nothing', GET('/a/out/', sign => 'form'), 200,
        log => $not_by_b, env => \%a;

    answers $s, 'verified by one block, refused by another', GET('/large/to-d', sign => 'form'), 403,
        log => qr/SW0103: .* refused \(d\)/;

    # The body, read by a block with another limit.
    my @small = ('/large/to-small', sign => 'sha1');
    answers $s, 'a smaller limit after a redirect: as large as it', POST(@small, body => 'x' x 10), 200,
        env => { SIGNALWIRE_WEBHOOK => 'small' };
    answers $s, 'a smaller limit after a redirect: larger', POST(@small, body => 'x' x 11), 413,
        log => qr/SW0109: .* refused \(small\)/;
    my $too_large = qr/SW0109: .* would be refused \(a\)/;
    answers $s, 'a larger limit after a redirect', POST('/a/to-c', @form, sign => 'form'), 200, log => $too_large,
        env => { SIGNALWIRE_WEBHOOK => 'c', SIGNALWIRE_VERIFIED => 'form' };
    answers $s, 'a larger limit after a redirect, in chunks', POST('/a/to-c',
        @form, sign => 'form', chunked => 7), 200,
        log => $too_large, env => { SIGNALWIRE_WEBHOOK => 'c', SIGNALWIRE_VERIFIED => 'form' };

    # A CGI program that reads the body and then redirects into a block, where
    # mod_cgi makes a GET of it.
    my @got = (app => qr//, report => { method => 'GET' },
        env => { SIGNALWIRE_VERIFIED => 'form', SIGNALWIRE_FORMAT => 'form' });
    answers $s, 'a body that another handler has read', POST('/redirect', @form, sign => 'form'), 200, @got;
    answers $s, 'a body that another handler has read, in chunks',
        POST('/redirect', @form, sign => 'form', chunked => 7), 200, @got;
    answers $s, 'the same, forged', POST('/redirect', @form, sign => 'form', key => KEY2), 403,
        log => qr/SW0103: POST \/redirect.* refused \(c\)/;
    answers $s, 'no body to read', GET('/redirect', sign => 'form'), 200, env => { SIGNALWIRE_VERIFIED => 'form' };
};

subtest 'a cache in front' => sub {
    my $s = server(
        modules => 'cache cache_disk',
        files   => { 'htdocs/free/index.txt' => 'public', 'htdocs/open/index.txt' => 'open',
                     map { ("htdocs/$_/x" => '') } qw(in/free in/open) },
        conf    => <<'EOT');
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
ScriptAliasMatch "^/(in|free)/cgi" @APPS@/echo.cgi
<Location />
    Header set Cache-Control max-age=600
</Location>
<Location /in>
    <SignalWireWebhook in>
    </SignalWireWebhook>
</Location>
<Location /open>
    <SignalWireWebhook open>
        SignalWireVerify off
    </SignalWireWebhook>
</Location>
<Location /in/free>
    DirectoryIndex /free/index.txt
</Location>
<Location /in/open>
    DirectoryIndex /open/index.txt
</Location>
CacheRoot   @ROOT@/run
CacheEnable disk /
CacheHeader On
EOT
    answers $s, 'outside of the block: into the cache', GET('/free/cgi'), 200;
    answers $s, 'outside of the block: out of the cache', GET('/free/cgi'), 200,
        fields => { 'X-Cache' => qr/^HIT/ };
    for my $target ('/in/cgi', '/in/free/', '/in/open/') {
        my @any = (app => qr//);
        answers $s, "$target: signed", GET($target, sign => 'form'), 200, @any;
        answers $s, "$target: unsigned, after it", GET($target), 403, log => qr/SW0101/;
        answers $s, "$target: signed, once more", GET($target, sign => 'form'), 200, @any,
            fields => { 'X-Cache' => qr/^MISS/ };
    }
    finish;
};

finish;
done_testing;
