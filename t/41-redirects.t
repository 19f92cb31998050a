# SPDX-License-Identifier: Apache-2.0
# After internal redirects the event is there under its own names, as the
# client sent it, and as the block that the redirect came to exports it.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Fields;
use SW::Test;

my %files = (
    'apps/.htaccess' => <<'EOT',
RewriteEngine On
RewriteBase /app
RewriteRule ^gone$ - [R=404]
RewriteCond %{REQUEST_FILENAME} !-f
RewriteCond %{REQUEST_FILENAME} !-d
RewriteRule . /app/echo.cgi [L]
EOT
    'htdocs/in/.htaccess'       => <<'EOT',
RewriteEngine On
RewriteRule ^to-(.*)$ /$1/x
RewriteRule ^proxied$ @BACKEND@/x [P]
EOT
    'htdocs/in/index/.htaccess' => "DirectoryIndex /params/x\n",
    'htdocs/in/page.shtml'      => 'included: <!--#include virtual="/app/echo.cgi" -->',
);
my $conf = <<'EOT';
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
<LocationMatch "^/(app|in)">
    <SignalWireWebhook in>
    </SignalWireWebhook>
</LocationMatch>
<Location /params>
    <SignalWireWebhook params>
        SignalWireExport params
    </SignalWireWebhook>
</Location>
<Location /none>
    <SignalWireWebhook none>
        SignalWireExport none
    </SignalWireWebhook>
</Location>
ScriptAliasMatch "^/(?:free|params|none)/" @APPS@/echo.cgi
ScriptAlias /app/nowhere @ROOT@/nowhere.cgi
Alias /app @APPS@
ProxyPass /backend @BACKEND@
<Directory "@APPS@">
    AllowOverride All
    Options ExecCGI FollowSymLinks
    AddHandler cgi-script .cgi
    DirectoryIndex echo.cgi
</Directory>
<Directory "@ROOT@/htdocs">
    AllowOverride All
    Options Includes FollowSymLinks
</Directory>
<Files page.shtml>
    SetOutputFilter INCLUDES
</Files>
ErrorDocument 404 /app/echo.cgi/error
CustomLog logs/notes.log "%>U %{SIGNALWIRE_EVENT}n"
EOT

my $form = 'MessageSid=m1&From=%2B15550100123&Body=%C3%A9&MessageStatus=sent&Timestamp=x';
my @form = (form => $form, sign => 'form');
my %want = (EVENT => 'message.status', FORMAT => 'form', RESPONSE => 'none', DEDUPE => 'is set',
            TERMINAL => 0, ID => 'm1', MESSAGE_ID => 'm1', FROM => '+15550100123', BODY => "\x{e9}",
            STATUS => 'sent', PROGRESS => 'sent', TIMESTAMP => 'x');

each_mpm {
    my $s = server(modules => 'rewrite include proxy proxy_http', files => \%files, conf => $conf);
    my $sees = sub {
        my ($name, $request, $status, $env, $headers) = @_;
        my $reply = answers $s, $name, $request, $status, app => qr/\A(?:cgi|backend)\z/;
        my $seen = published($reply);
        is_deeply $seen->{env}, $env, "$name: environment" if $env;
        is_deeply $seen->{headers}, $headers, "$name: fields";
        return $reply;
    };
    $sees->('DirectoryIndex', POST('/app/', @form), 200, \%want, \%want);
    $sees->('a front controller', POST('/app/a/pretty/url', @form), 200, \%want, \%want);
    $sees->('an error document', POST('/app/gone', @form), 404, \%want, \%want);
    $sees->('an error document of nothing', POST('/in/nothing', @form), 404, \%want, \%want);
    $sees->('out of the block', POST('/in/to-free', @form), 200, \%want, \%want);
    $sees->('into a block without', POST('/in/to-none', @form), 200, {}, {});
    $sees->('by RewriteRule to a backend', POST('/in/proxied', @form), 200, undef, \%want);
    my $reply = $sees->('into a block with parameters', POST('/in/to-params', @form), 200, {}, {});
    is $reply->env('SIGNALWIRE_PARAM_FROM'), '+15550100123', 'which it has';
    $reply = $sees->('the same by DirectoryIndex', POST('/in/index/', @form), 200, {}, {});
    is $reply->env('SIGNALWIRE_PARAM_FROM'), '+15550100123', 'which it has';
    my @forged = (headers => [ 'SignalWire-Digits' => 'forged', SignalWire_Tag => 'forged' ]);
    $sees->('forged fields', POST('/app/x', @form, @forged), 200, \%want, \%want);
    $sees->('forged fields, out of the block', POST('/in/to-free', @form, @forged), 200,
        \%want, \%want);
    my %query = (%want, FORMAT => 'query');
    $sees->('a GET', GET("/app/x?$form", sign => 'form'), 200, \%query, \%query);
    $sees->('an error document of a GET', GET("/app/gone?$form", sign => 'form'), 404,
        \%query, \%query);
    $reply = answers $s, 'an included document', POST('/in/page.shtml', @form), 200, app => '';
    like $reply->body, qr/"SIGNALWIRE_EVENT":"message.status"/, 'an included document has it';

    finish;
    my @lines = split /\n/, $s->read_file('logs/notes.log');
    is $lines[1], '/app/echo.cgi message.status', 'the notes have it, too';
};

finish;
done_testing;
