# SPDX-License-Identifier: Apache-2.0
# SignalWirePublicURL: which URLs a signature may have been made for. Each
# request is signed for the URL named; 200 says that this one counts.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

my $conf = <<'EOT';
SignalWireSigningKey @KEY@
ScriptAliasMatch "^/" @APPS@/echo.cgi
<VirtualHost *:*>
    ServerName hooks.example.com
    ServerAlias www.example.com *.tenant.example *
</VirtualHost>

<Location /origin>
    <SignalWireWebhook>
        SignalWirePublicURL https://hooks.example.com/
    </SignalWireWebhook>
</Location>
<Location /port>
    <SignalWireWebhook>
        SignalWirePublicURL https://hooks.example.com:8443
    </SignalWireWebhook>
</Location>
<Location /several>
    <SignalWireWebhook>
        SignalWirePublicURL https://a.example.com http://b.example.com
        SignalWirePublicURL https://c.example.com/moved
    </SignalWireWebhook>
</Location>
<Location /path>
    <SignalWireWebhook>
        SignalWirePublicURL https://hooks.example.com/customer/7
    </SignalWireWebhook>
</Location>
<Location /request>
    <SignalWireWebhook>
        SignalWirePublicURL request
    </SignalWireWebhook>
</Location>
<Location /unset>
    <SignalWireWebhook unset>
    </SignalWireWebhook>
</Location>
<Location /origin/none>
    <SignalWireWebhook>
        SignalWirePublicURL none
    </SignalWireWebhook>
</Location>
<Location /origin/replaced>
    <SignalWireWebhook>
        SignalWirePublicURL https://other.example.com
    </SignalWireWebhook>
</Location>
EOT

my $s = server(conf => $conf);

# A POST to the target that is signed for the URL; in both schemes.
sub signed_for {
    my ($status, $target, $url, %more) = @_;
    my $log = delete $more{log} // ($status == 403 ? qr/SW0103/ : undef);
    my $name = "$target" . (defined $more{host} ? " of $more{host}" : '') . " for $url: $status";
    answers $s, $name, POST($target, url => $url, %more, %$_), $status, log => $log
        for { form => 'A=1&B=2', sign => 'form' }, { json => '{}', sign => 'sha1' };
}

# An origin: the target as received follows it, whatever Host says.
signed_for 200, '/origin/x?b=2&a=1', 'https://hooks.example.com/origin/x?b=2&a=1';
signed_for 200, '/origin/x', 'https://hooks.example.com/origin/x', host => 'inner.internal:8080';
signed_for 200, '/origin/%7ex//y/./z', 'https://hooks.example.com/origin/%7ex//y/./z';
signed_for 200, '/origin?', 'https://hooks.example.com/origin?';
signed_for 200, '/origin', 'https://hooks.example.com:443/origin';
signed_for 403, '/origin', 'https://hooks.example.com:8443/origin';
signed_for 403, '/origin', 'https://hooks.example.com.evil.example/origin';
signed_for 403, '/origin/~x', 'https://hooks.example.com/origin/%7ex';
signed_for 200, '/port', 'https://hooks.example.com:8443/port';
signed_for 403, '/port', 'https://hooks.example.com/port';

# Several: each of them.
signed_for 200, '/several/x', "$_/x" for 'https://a.example.com/several', 'http://b.example.com/several',
                                         'https://c.example.com/moved';
signed_for 403, '/several/x', 'https://c.example.com/several/x';

# A path: it replaces that of the section, in the raw target.
signed_for 200, '/path/x?y=1', 'https://hooks.example.com/customer/7/x?y=1';
signed_for 200, '/path', 'https://hooks.example.com/customer/7';
signed_for 403, '/path/x', 'https://hooks.example.com/path/x';
signed_for 403, '/%70ath/x', 'https://hooks.example.com/customer/7/x', log => qr{SW0106: .*url-prefix: .*: /path$};
signed_for 403, '//path/x', 'https://hooks.example.com/customer/7/x', log => qr/SW0106/;

# request: whatever host.
signed_for 200, '/request', "http://$_/request", host => $_ for 'stranger.example', 'stranger.example:81',
    '[::1]:81';
signed_for 403, '/request', 'http://hooks.example.com/request', host => 'stranger.example';

# Unset: Host if it is a name of the virtual host. A bare * does not make it one.
signed_for 200, '/unset', "http://$_/unset", host => $_ for
    'hooks.example.com', 'HOOKS.example.com', 'www.example.com', 'one.tenant.example', 'hooks.example.com:8080';
signed_for 200, '/unset', 'http://hooks.example.com:80/unset';
signed_for 403, '/unset', "http://$_/unset", host => $_, log => qr/SW0105: .*unknown-host: .*Host "\Q$_\E"/ for
    'stranger.example', 'tenant.example', '127.0.0.1', 'hooks.example.com.evil.example';
signed_for 403, '/unset', 'http://hooks.example.com/unset', host => 'www.example.com';
signed_for 403, '/unset', 'https://hooks.example.com/unset';

# An inner section.
signed_for 200, '/origin/none', 'http://www.example.com/origin/none', host => 'www.example.com';
signed_for 403, '/origin/none', 'https://hooks.example.com/origin/none';
signed_for 200, '/origin/replaced', 'https://other.example.com/origin/replaced';
signed_for 403, '/origin/replaced', 'https://hooks.example.com/origin/replaced';

# Credentials that came as Basic: with and without them (docs/signature-rules.md, R4).
my @basic = (headers => [ Authorization => 'Basic dXNlcjpwYS9zc0B3Mzo=' ]);     # user:pa/ss@w3:
signed_for 200, '/origin', 'https://hooks.example.com/origin', @basic;
signed_for 200, '/origin', 'https://user:pa%2Fss%40w3%3A@hooks.example.com/origin', @basic;
signed_for 403, '/origin', 'https://user:pa/ss@w3:@hooks.example.com/origin', @basic;
signed_for 403, '/origin', 'https://user:pa%2Fss%40w3%3A@hooks.example.com/origin';

finish;
done_testing;
