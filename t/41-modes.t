# SPDX-License-Identifier: Apache-2.0
# The event in each mode of SignalWireVerify: published whether or not anybody
# vouches for it, always with the verdict; what is not read passes whole.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Fields;
use SW::Test;

my $conf = <<'EOT';
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
SignalWireMaxBody    1000
ScriptAlias /cgi @APPS@/echo.cgi
ProxyPass /backend @BACKEND@
EOT
$conf .= <<"EOT" for qw(require optional report off);
<LocationMatch "^/\\w+/$_">
    <SignalWireWebhook $_>
        SignalWireVerify $_
        Require ip 127.0.0.1
    </SignalWireWebhook>
</LocationMatch>
EOT

my $form = 'MessageSid=m1&From=f';
my $json = '{"call":{"call_id":"c1"}}';
my @wrong = (headers => [ 'X-SignalWire-Signature' => '0' x 40 ]);

my %message = (EVENT => 'message.incoming', FORMAT => 'form', ID => 'm1', FROM => 'f');
my %call    = (EVENT => 'swml.call', FORMAT => 'json', CALL_ID => 'c1');
my %not     = (VERIFIED => undef, KEY => undef);
my %off     = (%not, VERDICT => 'off');
my %nothing = map { $_ => undef } qw(FROM ID CALL_ID BODY VERIFIED KEY);

# Larger than SignalWireMaxBody, and what is neither form nor JSON.
my $large = "$form&Body=" . 'x' x 300_000;
my @audio = (type => 'audio/wav', body => 'RIFF' . join '', map { chr $_ % 251 } 1 .. 300_000);

each_mpm {
    my $s = server(modules => 'proxy proxy_http', conf => $conf);
    for my $app (qw(cgi backend)) {
        my $see = sub {
            my ($name, $request, $log, %want) = @_;
            $request->{target} = "/$app$request->{target}";
            my $reply = answers $s, "$app: $name", $request, 200, app => $app, log => $log;
            my $got = $app eq 'cgi' ? env_fields($reply) : header_fields($reply);
            is_deeply { map { $_ => $got->{$_} } keys %want }, \%want, "$app: $name: fields";
        };
        my $url = PUBLIC . "/$app/optional";
        my @signed = (form => $form, sign => 'form', url => $url);
        $see->('optional, signed', POST('/optional', @signed), undef,
            %message, VERIFIED => 'form', VERDICT => 'verified', KEY => 1, WEBHOOK => 'optional');
        $see->('optional, unsigned', POST('/optional', form => $form), undef,
            %message, %not, VERDICT => 'no-signature', WEBHOOK => 'optional');
        $see->('optional, an unsigned GET', GET("/optional?$form"), undef,
            %message, FORMAT => 'query', %not, VERDICT => 'no-signature');
        $see->('optional, a HEAD', request('HEAD', "/optional?$form"), undef);
        $see->('report, unsigned', POST('/report', json => $json), qr/:warn.*SW0101/,
            %call, %not, VERDICT => 'no-signature');
        $see->('report, wrongly signed', POST('/report', json => $json, @wrong), qr/:warn.*SW0103/,
            %call, %not, VERDICT => 'signature-mismatch');
        $see->('off, a form', POST('/off', form => $form), undef, %message, %off);
        $see->('off, JSON', POST('/off', json => $json), undef, %call, %off);
        $see->('off, JSON in chunks', POST('/off', json => $json, chunked => 3), undef,
            %call, %off);
        $see->('off, a GET', GET("/off?$form"), undef, %message, FORMAT => 'query', %off);
        $see->('off, nothing', POST('/off'), undef, FORMAT => undef, %off);

        for my $how ([ '' ], [ ' in chunks', chunked => 4099 ]) {
            my ($in, @chunked) = @$how;
            $see->("off, a larger form$in", POST('/off', form => $large, @chunked), undef,
                %nothing, %off);
            $see->("off, larger JSON$in", POST('/off', json => qq({"body":"$large"}), @chunked),
                undef, %nothing, %off);
            $see->("off, a $_ of audio$in", request($_, '/off', @audio, @chunked), undef,
                %nothing, %off, FORMAT => undef) for 'POST', 'PUT';
            $see->("report, a larger form$in",
                POST('/report', form => $large, sign => 'form', @chunked), qr/SW0109/,
                %nothing, VERDICT => 'body-too-large');
        }
        answers $s, "$app: require, unsigned", POST("/$app/require", form => $form), 403,
            log => qr/SW0101/;
    }
};

finish;
done_testing;
