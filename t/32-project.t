# SPDX-License-Identifier: Apache-2.0
# Keys for one project each: none of them vouches for another project's body,
# wherever else its own project is named.
use FindBin; use lib "$FindBin::Bin/lib";
use IO::Compress::Gzip qw(gzip);
use SW::Test;

my $s = server(conf => <<'EOT');
SignalWirePublicURL https://hooks.example.com
ScriptAliasMatch "^/" @APPS@/echo.cgi
<Location /both>
    <SignalWireWebhook both>
        SignalWireSigningKey project=PA @KEY@
        SignalWireSigningKey project=PB @KEY2@
    </SignalWireWebhook>
</Location>
EOT

my $other = 'AccountSid=PB&CallSid=c&CallStatus=ringing';
gzip \$other => \my $packed;
my $multipart = join "\r\n", '--x', 'Content-Disposition: form-data; name="AccountSid"', '', 'PB', '--x--', '';
my @sha1 = (sign => 'sha1');

# Signed by the key of PA, which the query names.
my %body = (
    'a form'              => [ 'POST', form => $other, sign => 'form' ],
    'a form, by its hash' => [ 'POST', form => $other, @sha1 ],
    'a GET with a form'   => [ 'GET', form => $other, @sha1 ],
    'a HEAD with a form'  => [ 'HEAD', form => $other, @sha1 ],
    'multipart'           => [ 'POST', body => $multipart, type => 'multipart/form-data; boundary=x', @sha1 ],
    'gzip'                => [ 'POST', body => $packed, type => 'application/x-www-form-urlencoded',
                               headers => [ 'Content-Encoding' => 'gzip' ], @sha1 ],
    'an image'            => [ 'POST', body => $other, type => 'image/png', @sha1 ],
    'text without a ='    => [ 'POST', body => 'PB', type => 'text/plain', @sha1 ],
    'JSON'                => [ 'POST', json => '{"project_id":"PB","call_id":"c"}', @sha1 ],
    'JSON with the names of forms' => [ 'POST', json => '{"AccountSid":"PB","CallSid":"c"}', @sha1 ],
    'JSON that is none'   => [ 'POST', json => '{"project_id":"PB"', @sha1 ],
    'JSON of two projects' => [ 'POST', json => '{"project_id":"PA","call":{"project_id":"PB"}}', @sha1 ],
    'a form in chunks'    => [ 'POST', form => $other, chunked => 7, @sha1 ],
);
for my $name (sort keys %body) {
    my ($method, @how) = @{ $body{$name} };
    answers $s, "$name of another project", request($method, '/both?AccountSid=PA', @how), 403,
        log => qr/SW01(?:03|14): $method .* refused \(both\)/;
}

answers $s, 'a form of the own project', POST('/both', form => 'AccountSid=PA&A=1', sign => 'form'), 200;
answers $s, 'and its query', POST('/both?AccountSid=PA', form => 'AccountSid=PA&A=1', sign => 'form'), 200;
answers $s, 'but another in the query', POST('/both?AccountSid=PB', form => 'AccountSid=PA&A=1', sign => 'form'), 403,
    log => qr/SW0114/;
answers $s, 'a GET', GET('/both?AccountSid=PA&CallSid=c', sign => 'form'), 200;
answers $s, 'a POST without a body', POST('/both?AccountSid=PB', body => '', sign => 'form', key => KEY2), 200;
answers $s, 'JSON', POST('/both', json => '{"project_id":"PB"}', @sha1, key => KEY2), 200;
answers $s, 'JSON with the names of forms', POST('/both', json => '{"AccountSid":"PB"}', @sha1, key => KEY2), 200;

finish;
done_testing;
