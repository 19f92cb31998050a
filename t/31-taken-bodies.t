# SPDX-License-Identifier: Apache-2.0
# A body of which another module has read before the verdict: nobody can say
# what it was, so the request is refused, and the log says why.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Config qw(build_dir);
use SW::Test;

my $module = build_dir() . '/t/apps/.libs/mod_swfield.so';
my $s = server(modules => 'http2', conf => <<"EOT");
LoadModule swfield_module "$module"
Protocols h2c http/1.1
SignalWireSigningKey \@KEY\@
SignalWirePublicURL  https://hooks.example.com
ScriptAliasMatch "^/" \@APPS\@/echo.cgi
<LocationMatch "^/">
    <SignalWireWebhook taken>
    </SignalWireWebhook>
</LocationMatch>
<Location /all>
    SWRead 10000
</Location>
<Location /some>
    SWRead 3
</Location>
EOT

my $gone = qr/SW0110: POST .* refused \(taken\): body-consumed/;
for my $how ([], [ chunked => 4 ]) {
    my $way = @$how ? 'in chunks' : 'with a length';
    for my $much (qw(all some)) {
        for my $sign (qw(form sha1)) {
            answers $s, "$sign, $much of it, $way", POST("/$much", form => 'From=1&To=2', sign => $sign, @$how), 403,
                log => $gone;
        }
        # Signed for the URL alone: the body must not slip through by being gone.
        answers $s, "the URL alone, $much of it, $way", POST("/$much", form => 'From=1&To=2', @$how,
            headers => [ signature('form', KEY, PUBLIC . "/$much", '') ]), 403, log => $gone;
    }
    answers $s, "nothing is taken, $way", POST('/none', form => 'From=1&To=2', sign => 'form', @$how), 200;
}
answers $s, 'no body', POST('/all', body => '', sign => 'form'), 200;
answers $s, 'no chunk', POST('/none', body => '', sign => 'form', chunked => 4), 200;
answers $s, 'a GET', GET('/all', sign => 'form'), 200;

if (need 'curl', program('curl')) {
    answers $s, 'HTTP/2 without a length', POST('/all', form => 'From=1&To=2', sign => 'form',
        headers => [ 'Transfer-Encoding' => 'chunked' ]), 403, log => $gone,
        via => sub { curl(@_, 'http', '--http2-prior-knowledge') };
}

finish;
done_testing;
