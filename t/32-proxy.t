# SPDX-License-Identifier: Apache-2.0
# SignalWireTrustedProxy: whose forwarded fields are believed, and when even
# those are refused. Here also SignalWireRequireTLS, which may believe them.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

my $s = server(modules => 'remoteip', conf => <<'EOT');
SignalWireSigningKey @KEY@
ScriptAliasMatch "^/" @APPS@/echo.cgi
<Location /trusting>
    <SignalWireWebhook>
        SignalWireTrustedProxy 192.0.2.1 127.0.0.0/8
        SignalWireTrustedProxy 2001:db8::/32
    </SignalWireWebhook>
</Location>
<Location /trusting/nobody>
    <SignalWireWebhook>
        SignalWireTrustedProxy none
    </SignalWireWebhook>
</Location>
<Location /strangers>
    <SignalWireWebhook>
        SignalWireTrustedProxy 192.0.2.1
    </SignalWireWebhook>
</Location>
<Location /trusting/tls>
    <SignalWireWebhook>
        SignalWireRequireTLS On
    </SignalWireWebhook>
</Location>
<Location /strangers/tls>
    <SignalWireWebhook>
        SignalWireRequireTLS On
    </SignalWireWebhook>
</Location>
<Location /strangers/tls/public>
    <SignalWireWebhook>
        SignalWirePublicURL https://hooks.example.com http://hooks.example.com
    </SignalWireWebhook>
</Location>
RemoteIPHeader X-Forwarded-For
RemoteIPInternalProxy 127.0.0.1
EOT

# A form that was sent with these forwarded fields, signed for the origin and
# the target.
sub forwarded {
    my ($status, $target, $origin, $fields, $log, %more) = @_;
    my $name = join ' ', "$target:", (map { $_ % 2 ? "$fields->[$_]," : "$fields->[$_]:" } 0 .. $#$fields), $status;
    my $request = POST $target, form => 'A=1', %more;
    $request->{headers} = [ @$fields, 'X-SignalWire-Signature' => sign_form(KEY, $origin . $target, 'A=1') ];
    answers $s, $name, $request, $status, log => $log // ($status == 403 ? qr/SW0103/ : undef);
}

my @https = ('X-Forwarded-Proto' => 'https');
my @host  = ('X-Forwarded-Host' => 'hooks.example.com');
my $origin = 'https://hooks.example.com';
my @inner = (host => 'inner.internal:8080');

forwarded 200, '/trusting', $origin, \@https;
forwarded 200, '/trusting', $origin, [ @https, @host ], undef, @inner;
forwarded 200, '/trusting', 'http://hooks.example.com', [ @host ], undef, @inner;
forwarded 200, '/trusting', 'http://hooks.example.com', [ 'X-Forwarded-Proto' => 'http', @host ], undef, @inner;
forwarded 200, '/trusting', "$origin:8443", [ @https, @host, 'X-Forwarded-Port' => 8443 ], undef, @inner;
forwarded 200, '/trusting', $origin, [ @https, @host, 'X-Forwarded-Port' => 443 ], undef, @inner;
forwarded 200, '/trusting', "$origin:8443",
    [ @https, 'X-Forwarded-Host' => 'hooks.example.com:8443', 'X-Forwarded-Port' => 8443 ],
    undef, @inner;

# Forwarded, where no X-Forwarded-* came.
forwarded 200, '/trusting', $origin, [ Forwarded => 'for=192.0.2.9;proto=https;host=hooks.example.com' ], undef,
    @inner;
forwarded 200, '/trusting', "$origin:8443", [ Forwarded => 'Proto=HTTPS; Host="hooks.example.com:8443"' ],
    undef, @inner;
forwarded 200, '/trusting', $origin, [ @https, Forwarded => 'proto=http;host=stranger.example' ];

# Not believed: what contradicts itself or is a list.
forwarded 403, '/trusting', $origin, $_, qr/SW0107: .*forwarded-fields: .*SignalWirePublicURL/ for
    [ 'X-Forwarded-Proto' => 'https, http', @host ],
    [ @https, @https ],
    [ @https, 'X-Forwarded-Host' => 'hooks.example.com, stranger.example' ],
    [ @https, @host, 'X-Forwarded-Port' => '443, 80' ],
    [ @https, @host, 'X-Forwarded-Port' => 80 ],
    [ @https, @host, 'X-Forwarded-Port' => 'x' ],
    [ @https, 'X-Forwarded-Host' => 'hooks.example.com:8443', 'X-Forwarded-Port' => 443 ],
    [ 'X-Forwarded-Proto' => 'gopher' ],
    [ @https, 'X-Forwarded-Host' => 'hooks.example.com/x' ],
    [ @https, 'X-Forwarded-Host' => 'user@hooks.example.com' ],
    [ Forwarded => 'proto=https;host=hooks.example.com, proto=http' ],
    [ Forwarded => 'proto=https;proto=http' ],
    [ Forwarded => 'nonsense' ];

# A forwarded host passes the same test as Host.
forwarded 403, '/trusting', 'https://stranger.example', [ @https, 'X-Forwarded-Host' => 'stranger.example' ],
    qr/SW0105: .*X-Forwarded-Host "stranger\.example"/;

# Peers that nobody trusts: the fields are as if they were not there.
forwarded 200, $_, 'http://hooks.example.com', [ @https, 'X-Forwarded-Host' => 'stranger.example' ]
    for '/strangers', '/trusting/nobody';
forwarded 403, $_, $origin, [ @https, @host ] for '/strangers', '/trusting/nobody';

# The peer is who has the connection, whoever mod_remoteip says it is.
forwarded 200, '/trusting', $origin, [ 'X-Forwarded-For' => '198.51.100.7', @https, @host ];
forwarded 403, '/strangers', $origin, [ 'X-Forwarded-For' => '192.0.2.1', @https, @host ];

# SignalWireRequireTLS
forwarded 200, '/trusting/tls', $origin, \@https;
forwarded 403, '/trusting/tls', 'http://hooks.example.com', [], qr/SW0111: .*no-tls/;
forwarded 403, '/trusting/tls', 'http://hooks.example.com', [ 'X-Forwarded-Proto' => 'http' ], qr/SW0111/;
forwarded 403, '/strangers/tls', 'http://hooks.example.com', \@https, qr/SW0111/;
forwarded 200, '/strangers/tls/public', $origin, [];
forwarded 403, '/strangers/tls/public', 'http://hooks.example.com', [], qr/SW0111/;

finish;
done_testing;
