# SPDX-License-Identifier: Apache-2.0
# SignalWireSharedSecret: a parameter of the query beside the signature; and
# that it stays out of the logs, whatever becomes of the request.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

my $s = server(files => { 'conf/secrets' => [ "s3cret/+=\nolder\n", 0600 ] }, conf => <<'EOT');
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
ScriptAliasMatch "^/(?:secret|open|inner)" @APPS@/echo.cgi
<Location /secret>
    <SignalWireWebhook secret>
        SignalWireSharedSecret token file:conf/secrets
    </SignalWireWebhook>
</Location>
<Location /open>
    <SignalWireWebhook open>
        SignalWireVerify       off
        SignalWireSharedSecret token file:conf/secrets
    </SignalWireWebhook>
</Location>
<Location /open/none>
    <SignalWireWebhook none>
        SignalWireSharedSecret none
        SignalWireExport       env params
    </SignalWireWebhook>
</Location>
EOT

my @bad = (log => qr{SW0112: POST /\w+ refused \(\w+\): shared-secret: });
my $signed = sub { POST $_[0], form => 'A=1', sign => 'form' };

answers $s, 'secret and signature', $signed->('/secret?a=b&token=s3cret%2f%2B%3d&x'), 200,
    report => { target => '/secret?a=b&token=s3cret%2f%2B%3d&x' }, env => { SIGNALWIRE_VERIFIED => 'form' };
answers $s, 'the older secret', $signed->('/secret?token=older'), 200;
answers $s, 'the secret with an unescaped +, which is a blank', $signed->('/secret?token=s3cret/+='), 403, @bad;
answers $s, 'the secret under an encoded name', $signed->('/secret?to%6ben=older'), 200;
answers $s, $_, $signed->("/secret$_"), 403, @bad
    for '', '?token=', '?token', '?token=oldes', '?token=older1', '?TOKEN=older', '?token=older&token=older',
        '?token=older&token=x', '?x=token=older', '?token=older%00';
answers $s, 'the secret in the body', POST('/secret', form => 'token=older', sign => 'form'), 403, @bad;
answers $s, 'the secret alone', POST('/secret?token=older', form => 'A=1'), 403, log => qr/SW0101/;
answers $s, 'the secret with a wrong signature',
    POST('/secret?token=older', form => 'A=1', sign => 'form', key => KEY2), 403,
    log => qr/SW0103/;
answers $s, 'verification off: the secret', POST('/open?token=older', form => 'A=1'), 200;
answers $s, 'verification off: no secret', POST('/open?token=x', form => 'A=1'), 403, @bad;
answers $s, 'a token of SDKs is no parameter to publish', POST('/open/none?__token=t1&a=1', form => 'A=1'), 200,
    env => { SIGNALWIRE_PARAM_A => 1, SIGNALWIRE_PARAM___TOKEN => undef }, report => { target => '/open/none?__token=t1&a=1' };
answers $s, 'none empties it', POST('/open/none', form => 'A=1'), 200;

# In the access log: masked for every status, for any place of the parameter.
sub logged {
    my ($name, $sent, $expected) = @_;
    $s->log->expect(qr/SW01/, 'any');
    SW::Client->new($s->port)->send("$sent\r\nHost: hooks.example.com\r\nConnection: close\r\n\r\n")->response;
    my $line;
    for (1 .. 100) {
        ($line) = $s->read_file('logs/access.log') =~ /.*"(.*)" \d+ \S+\n\z/;
        last if $line eq $expected;
        select undef, undef, undef, 0.02;
    }
    is $line, $expected, "logged: $name";
}
logged '200', 'GET /open?a=1&token=older&b=2 HTTP/1.1', 'GET /open?a=1&token=***&b=2 HTTP/1.1';
logged '403', 'GET /secret?token=older HTTP/1.1', 'GET /secret?token=*** HTTP/1.1';
logged '404', 'GET /elsewhere?token=older HTTP/1.1', 'GET /elsewhere?token=*** HTTP/1.1';
logged '404, encoded name', 'GET /elsewhere?t%6Fken=older%20x HTTP/1.1', 'GET /elsewhere?t%6Fken=*** HTTP/1.1';
logged '400', 'GET /open?token=older HTTP/9', 'GET /open?token=*** HTTP/9';
logged '400, a blank in the query', 'GET /open?token=older more HTTP/1.1', 'GET /open?token=***';   # httpd cuts it
logged 'twice', 'GET /x?token=a&token=b HTTP/1.1', 'GET /x?token=***&token=*** HTTP/1.1';
logged 'no other parameter', 'GET /x?tokens=a&xtoken=b&c=token HTTP/1.1',
    'GET /x?tokens=a&xtoken=b&c=token HTTP/1.1';
logged 'a token of SignalWire\'s SDKs', 'GET /open/none?a=1&__token=e30.x HTTP/1.1', 'GET /open/none?a=1&__token=*** HTTP/1.1';
logged 'no value', 'GET /x?token HTTP/1.1', 'GET /x?token HTTP/1.1';

is_deeply [ $s->log->lines(qr/older|s3cret/) ], [], 'not in the error log';
finish;

done_testing;
