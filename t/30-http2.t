# SPDX-License-Identifier: Apache-2.0
# Verified bodies over TLS and over HTTP/2, with and without a length.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

need 'curl', program('curl') or do { done_testing; exit };

my $conf = <<'EOT';
SignalWireSigningKey @KEY@
ScriptAlias /cgi   @APPS@/echo.cgi
ScriptAlias /plain @APPS@/echo.cgi
ProxyPass /backend @BACKEND@
Listen 127.0.0.1:@PORT2@
<IfModule mpm_event_module>
    Protocols h2 h2c http/1.1
</IfModule>
<VirtualHost *:@PORT2@>
    ServerName hooks.example.com
    SSLEngine On
    SSLCertificateFile @CERT@
</VirtualHost>
SSLSessionCache shmcb:run/tls(65536)
<LocationMatch "^/(?:cgi|backend)">
    <SignalWireWebhook all>
    </SignalWireWebhook>
</LocationMatch>
<Location /cgi/tls>
    <SignalWireWebhook tls>
        SignalWireRequireTLS On
    </SignalWireWebhook>
</Location>
<Location /cgi/small>
    <SignalWireWebhook small>
        SignalWireMaxBody 1000
    </SignalWireWebhook>
</Location>
EOT

my %over = (
    'HTTP/1.1 and TLS'   => [ 'https', '--http1.1' ],
    'HTTP/2'             => [ 'http', '--http2-prior-knowledge' ],
    'HTTP/2 and TLS'     => [ 'https', '--http2' ],
);
my @no_length = (headers => [ 'Transfer-Encoding' => 'chunked' ]);      # curl: no content-length
my $binary = join '', map { chr $_ % 256 } 1 .. 200_000;

each_mpm {
    my ($mpm) = @_;
    my @ways = grep { $mpm eq 'event' || !/2/ } sort keys %over;
    my $s = server(modules => 'ssl socache_shmcb proxy proxy_http' . ($mpm eq 'event' ? ' http2' : ''),
        conf => $conf);
    $s->log->expect(qr/AH01882: Init: this version of mod_ssl was compiled against a newer library/, 'any');
    for my $way (@ways) {
        my ($scheme, @option) = @{ $over{$way} };
        my @port = $scheme eq 'https' ? (port => 2) : ();
        my @by_curl = (via => sub { curl(@_, $scheme, @option) });
        my $signed = sub { my ($target, @what) = @_;
                           POST $target, url => "$scheme://hooks.example.com$target", sign => 'sha256', @port,
                               @what };

        my $protocol = answers $s, "$way: outside of the block", POST('/plain', body => 'x', @port, @no_length),
            200, @by_curl;
        is $protocol->env('SERVER_PROTOCOL'), $way =~ /2/ ? 'HTTP/2.0' : 'HTTP/1.1', "$way: is spoken";
        is $protocol->env('CONTENT_LENGTH'), undef, "$way: and no length is sent";

        for my $target ('/cgi', '/backend/x') {
            answers $s, "$way: $target", $signed->($target, body => $binary), 200, @by_curl,
                report => { length => length $binary };
            answers $s, "$way: $target, without a length", $signed->($target, body => $binary, @no_length), 200,
                @by_curl,
                report => { length => length $binary };
            answers $s, "$way: $target, without a body", $signed->($target, body => ''), 200, @by_curl;
        }
        answers $s, "$way: a form", $signed->('/cgi?a=1', form => 'B=2', sign => 'form'), 200, @by_curl,
            env => { SIGNALWIRE_VERIFIED => 'form' };
        answers $s, "$way: unsigned", POST('/cgi', body => '', @port), 403, @by_curl, log => qr/SW0101/;
        answers $s, "$way: wrongly signed", $signed->('/cgi', body => 'x', key => KEY2),
            403, @by_curl, log => qr/SW0103/;
        answers $s, "$way: the other scheme", POST('/cgi', body => 'x', sign => 'sha1', @port,
            url => ($scheme eq 'https' ? 'http' : 'https') . '://hooks.example.com/cgi'), 403, @by_curl,
            log => qr/SW0103/;
        is refused($s, sub { curl($s, @_, $scheme, @option) }, $_), 413, "$way: too large" for
            $signed->('/cgi/small', body => 'x' x 1001),
            $signed->('/cgi/small', body => 'x' x 1001, @no_length);
        my $secure = $scheme eq 'https';
        answers $s, "$way: SignalWireRequireTLS", $signed->('/cgi/tls', body => ''), $secure ? 200 : 403, @by_curl,
            log => $secure ? undef : qr/SW0111/;
    }
};

finish;
done_testing;

# The status of a request whose body stays unread, from the access log: httpd
# then resets the stream after its reply, and curl may drop the reply for it.
sub refused {
    my ($s, $send, $request) = @_;
    my $before = length $s->read_file('logs/access.log');
    $s->log->expect(qr/SW0109/);
    $send->($request);
    my @bad = $s->log->complaints;
    for (1 .. 100) {
        return "@bad$1" if substr($s->read_file('logs/access.log'), $before) =~ /" (\d+) \S+\n/;
        select undef, undef, undef, 0.02;
    }
    return 'nothing';
}
