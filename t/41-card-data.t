# SPDX-License-Identifier: Apache-2.0
# Card data is published nowhere: not in the environment, the request's fields,
# the parameters, the notes, by signalwire(), nor in a log at any level.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Fields;
use SW::Test;

my @names = qw(cardnumber cvv expiry_month expiry_year postal_code security_code expiration_date
               payment_card_number payment_card_postal_code SecurityCode ExpirationDate
               PaymentCardNumber PaymentCardPostalCode BankAccountNumber BankRoutingNumber
               PaymentToken);
my @spellings = (@names, map { (uc, lc, ucfirst, lcfirst uc) } @names);

my $conf = <<'EOT' . join '', map { <<"EOT" } 0 .. $#names;
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
SignalWireExport     env headers params
SignalWireMaxBody    1000000
LogLevel warn signalwire:trace8
ScriptAlias /cgi @APPS@/echo.cgi
ProxyPass /backend @BACKEND@
<Location />
    <SignalWireWebhook pay>
        SignalWireVerify optional
        Require ip 127.0.0.1
    </SignalWireWebhook>
</Location>
<Location /cgi/guarded>
    <SignalWireWebhook guarded>
        SignalWireSharedSecret From file:conf/secret
    </SignalWireWebhook>
</Location>
Header always set X-Known "expr=%{signalwire:Known}"
Header always set X-From "expr=%{signalwire:From}"
EOT
Header always set X-Card-@{[ 3 * $_ ]} "expr=%{signalwire:$names[$_]}"
Header always set X-Card-@{[ 3 * $_ + 1 ]} "expr=%{signalwire:\U$names[$_]\E}"
Header always set X-Card-@{[ 3 * $_ + 2 ]} "expr=%{signalwire:params.$names[$_]}"
CustomLog logs/card.log "by name" "expr=-n signalwire('$names[$_]')"
CustomLog logs/card.log "by variable" "expr=-n reqenv('SIGNALWIRE_PARAM_\U$names[$_]\E')"
CustomLog logs/card.log "by note" "expr=-n note('SIGNALWIRE_PARAM_\U$names[$_]\E')"
EOT

my $form = 'CallSid=1&For=x&Known=known&' . join '&', map { "$_=SECRET" } @spellings;
my $json = sub { my ($value, @names) = @_; return join ',', map { qq("$_":$value) } @names };
my %bodies = (
    'a form'        => $form,
    'encoded names' => 'CallSid=1&For=x&Known=known&%43vv=SECRET&c%76v=SECRET',
    'JSON'          => '{"Known":"known","call_id":"1","control_id":"1","for":"x",'
        . $json->('"SECRET"', @spellings) . ',"params":{' . $json->('"SECRET"', @names) . '}}',
    'JSON, deeper'  => '{"Known":"known","list":[{' . $json->('["SECRET",{"x":"SECRET"}]', @names)
        . '}],"parameters":{' . $json->('{"value":"SECRET"}', @spellings) . '}}',
    'JSON, escaped' => '{"Known":"known","card\u006eumber":"SECRET","\u0063vv":"SECRET"}',
);

each_mpm {
    my $s = server(modules => 'proxy proxy_http', conf => $conf,
        files => { 'conf/secret' => [ 'SESAME', 0600 ] });
    for my $name (sort keys %bodies) {
        for my $target ('/cgi', '/backend') {
            my $body = $bodies{$name};
            my $request = POST($target, ($body =~ /\A\{/ ? 'json' : 'form') => $body);
            my $reply = answers $s, "$target: $name", $request, 200,
                fields => { 'X-Known' => 'known' };
            unlike $reply->body, qr/SECRET/, "$target: $name: not in the application";
            is join(' ', grep { $reply->header("X-Card-$_") ne '' } 0 .. 3 * $#names + 2), '',
                "$target: $name: not by signalwire()";
        }
    }
    payments($s);
    shared_secret($s);

    finish;
    is $s->read_file('logs/card.log'), '', 'the access log has nothing to say of it';
    unlike $s->read_file('logs/error.log'), qr/SECRET|SESAME|x1111|\*1111|4111111|[="]00501/,
        'nor has the error log';
};

finish;
done_testing;

sub shown {
    my ($reply) = @_;
    return join "\n", map { %$_ } env_fields($reply), header_fields($reply);
}

sub payments {
    my ($s) = @_;
    my %all = fixtures();
    for my $file (grep { /pay/ } sort keys %all) {
        my $reply = answers $s, $file, fixture($file, '/cgi'), 200,
            env => { SIGNALWIRE_EVENT => $all{$file}{EVENT} };
        unlike shown($reply),
            qr/x1111|\*1111|4111111|^(?:00501|0931|\*+|x+|123|09|31|xx+\d+|tok_.*)$/m,
            "$file: no card data";
    }
}

sub shared_secret {
    my ($s) = @_;
    my @env = (env => { SIGNALWIRE_CALL_ID => 'c1', SIGNALWIRE_TO => 't' });
    my %requests = (
        'in a GET'      => GET('/cgi/guarded?CallSid=c1&From=SESAME&To=t', sign => 'form'),
        'beside a body' => POST('/cgi/guarded?From=SESAME', form => 'CallSid=c1&To=t',
                                sign => 'form'),
    );
    for my $name (sort keys %requests) {
        my $reply = answers $s, "a shared secret $name", $requests{$name}, 200,
            fields => { 'X-From' => '' }, @env;
        unlike shown($reply), qr/SESAME/, "a shared secret $name is not published";
    }
}
