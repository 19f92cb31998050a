# SPDX-License-Identifier: Apache-2.0
#
# What the module makes of a request or a body, signed or not: the fields
# that an application sees.
package SW::Kinds;
use strict;
use warnings;
use Exporter 'import';
use SW::Fields;
use SW::Request;
use SW::Test ();

our @EXPORT = qw(fields_of_request fields_of_body);

my $client;

sub client {
    my $s = SW::Test::server(modules => 'proxy proxy_http', conf => <<'EOT');
MaxKeepAliveRequests 0
SignalWireSigningKey @KEY@
<Location />
    <SignalWireWebhook all>
        SignalWireVerify optional
        Require ip 127.0.0.1
    </SignalWireWebhook>
</Location>
ProxyPass / @BACKEND@/
EOT
    return SW::Client->new($s->port);
}

sub fields_of_request {
    my ($method, $target, @body) = @_;
    my $request = request($method, $target, @body, keep => 1);
    $client //= client();
    return header_fields($client->send(bytes_of($request))->response);
}

sub fields_of_body {
    my ($body) = @_;
    $body = enveloped($body);
    return fields_of_request('POST', '/', ($body =~ /\A[\[{]/ ? 'json' : 'form') => $body);
}

1;
