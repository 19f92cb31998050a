# SPDX-License-Identifier: Apache-2.0
# A block guards every kind of section that it may stand in, and .htaccess
# does not reach it.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

my $refused = qr/SW0101: \S+ \S+ refused/;
my @form = (form => 'A=1&B=2');

subtest 'every kind of section' => sub {
    my %section = (
        'Location /a'               => '/a/x',
        'LocationMatch ^/b/[0-9]+'  => '/b/12/x',
        'Directory "@ROOT@/c"'      => '/c/echo.cgi',
        'DirectoryMatch "/d/[0-9]"' => '/d/1/echo.cgi',
        'Files e.cgi'               => '/free/e.cgi',
        'FilesMatch "^f.*\.cgi$"'   => '/free/f.cgi',
        'If "%{QUERY_STRING} == \'g\'"' => '/free/echo.cgi?g',
    );
    my $app = do { local (@ARGV, $/) = SW::Config::source_dir() . '/t/apps/echo.cgi'; <> };
    my $s = server(
        files => { map { ("$_.cgi" => $app) } qw(c/echo d/1/echo free/e free/f free/echo) },
        conf  => join '', <<'EOT',
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
ScriptAliasMatch "^/[ab]/" @ROOT@/free/echo.cgi
ScriptAliasMatch "^/((?:c|d|free)/.*)" @ROOT@/$1
EOT
            map { /^(\w+)/; "<$_>\n<SignalWireWebhook>\n</SignalWireWebhook>\n</$1>\n" } sort keys %section);
    for my $place (sort keys %section) {
        answers $s, "<$place>: unsigned", POST($section{$place}, @form), 403, log => $refused;
        answers $s, "<$place>: signed", POST($section{$place}, @form, sign => 'form'), 200;
    }
    answers $s, 'none of them', POST('/free/echo.cgi', @form), 200;
    finish;
};

subtest '.htaccess' => sub {
    my %htaccess = (
        verify  => 'SignalWireVerify off',
        block   => "<SignalWireWebhook>\nSignalWireVerify off\n</SignalWireWebhook>",
        granted => 'Require all granted',
    );
    my $s = server(
        files => { 'htdocs/x.txt' => 'x',
            map { ("htdocs/$_/.htaccess" => $htaccess{$_}, "htdocs/$_/x.txt" => 'x') } keys %htaccess },
        conf  => <<'EOT');
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
<Directory "@ROOT@/htdocs">
    AllowOverride All
    <SignalWireWebhook docs>
    </SignalWireWebhook>
</Directory>
EOT
    answers $s, 'a file, unsigned', GET('/x.txt'), 403, log => $refused;
    answers $s, 'a file, signed', GET('/x.txt', sign => 'form'), 200, app => '', body => 'x';
    answers $s, "it may not hold: $htaccess{$_}", GET("/$_/x.txt", sign => 'form'), 500, log => qr/not allowed here/
        for qw(verify block);
    answers $s, 'it may hold: Require all granted', GET('/granted/x.txt'), 403, log => $refused;
    finish;
};

# What only overlapping patterns reveal is found out by a request.
subtest 'a block that loses its key' => sub {
    my $s = server(conf => <<'EOT');
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
<LocationMatch "^/open">
    <SignalWireWebhook open>
        SignalWireVerify     off
        SignalWireSigningKey none
    </SignalWireWebhook>
</LocationMatch>
<LocationMatch "strict$">
    <SignalWireWebhook strict>
        SignalWireVerify require
    </SignalWireWebhook>
</LocationMatch>
EOT
    answers $s, 'it has a key', POST('/strict', @form, sign => 'form'), 404;
    answers $s, 'it has none', POST('/open/strict', @form, sign => 'form'), 403,
        log => qr/SW0113: POST \/open\/strict refused \(strict\): no-key: /;
    finish;
};

finish;
done_testing;
