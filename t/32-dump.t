# SPDX-License-Identifier: Apache-2.0
# apachectl -t -D DUMP_SIGNALWIRE: each block with what is in force there.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

my ($ok, $text) = SW::Server->configtest(
    args  => [ '-DDUMP_SIGNALWIRE' ],
    files => { 'conf/hello.xml' => '<Response/>', 'conf/secret' => [ "hidden-secret\n", 0600 ], 'conf/keys' => [ "hidden-1\nhidden-2\n", 0600 ] },
    conf  => <<'EOT');
SignalWireOnceCache local:500
SignalWirePublicURL https://hooks.example.com
<Location /voice>
    <SignalWireWebhook voice>
        SignalWireSigningKey   file:conf/keys
        SignalWireSigningKey   project=p-9 @KEY@
        SignalWirePublicURL    https://a.example.com/calls http://b.example.com:8080
        SignalWireTrustedProxy 192.0.2.0/24 2001:db8::1
        SignalWireRequireTLS   On
        SignalWireSharedSecret token file:conf/secret
        SignalWireMaxBody      5000
        SignalWireSignatureType sha256
    </SignalWireWebhook>
</Location>
<Directory "@ROOT@/htdocs">
    <Files *.php>
        <SignalWireWebhook scripts>
            SignalWireVerify off
            SignalWireAnswer cxml conf/hello.xml event=voice.incoming "expr=true"
            SignalWireAnswer ack
            SignalWireStatusShow full
            SignalWireFallback cxml conf/hello.xml status=503
        </SignalWireWebhook>
    </Files>
</Directory>
<VirtualHost *:*>
    ServerName tenant.example.com
    SignalWireSigningKey @KEY2@
    <LocationMatch "^/in/\d+">
        <SignalWireWebhook>
            SignalWireVerify    report
            SignalWirePublicURL none
            SignalWireOnce      On
        </SignalWireWebhook>
    </LocationMatch>
</VirtualHost>
<VirtualHost *:1>
    ServerName trial.example.com
    SignalWireSigningKey @KEY2@
    <Location />
        <SignalWireWebhook trial>
            SignalWirePublicURL request
        </SignalWireWebhook>
    </Location>
</VirtualHost>
EOT
ok $ok, 'the configuration passes';

# Blocks of the main server come once more for each virtual host that inherits them.
my %block = map { /^  (\S+) in .* server (\S+)$/m ? ("$1 of $2" => $_) : () } split /^(?=  \S)/m, $text;
sub shows { my ($block, @patterns) = @_; like $block{$block}, $_, "$block: $_" for @patterns }

shows 'voice of hooks.example.com', qr{<Location "?/voice"?>.*httpd\.conf:\d+}, qr/SignalWireVerify +require$/m,
    qr/SignalWireSigningKey +3 keys.*#1.*#2.*project=p-9$/m, qr{https://a\.example\.com/calls$}m,
    qr{http://b\.example\.com:8080/voice$}m, qr{SignalWireTrustedProxy +192\.0\.2\.0/24 2001:db8::1$}m,
    qr/SignalWireSignatureType +sha256$/m, qr/SignalWireRequireTLS +On$/m, qr/SignalWireSharedSecret +token$/m,
    qr/SignalWireMaxBody +5000$/m, qr/SignalWireAnswer +none$/m, qr/SignalWireFallback +none$/m;
shows 'scripts of hooks.example.com', qr/<Files/, qr/SignalWireVerify +off$/m,
    qr/SignalWireSigningKey +0 keys$/m, qr/SignalWireMaxBody +262144, JSON 1048576$/m,
    qr{https://hooks\.example\.com/}, qr/SignalWireSharedSecret +none$/m, qr/SignalWireTrustedProxy +none$/m,
    qr{SignalWireAnswer +cxml conf/hello\.xml event=voice\.incoming "expr=true"\n +ack$}m,
    qr{SignalWireFallback +cxml conf/hello\.xml status=503$}m, qr/SignalWireStatusShow +full$/m;
shows '^/in/\d+ of tenant.example.com', qr/<LocationMatch/, qr/SignalWireVerify +report$/m,
    qr{://tenant\.example\.com/}, qr/SignalWireOnce +600s, in local:500$/m;
shows 'scripts of tenant.example.com', qr/SignalWireSigningKey +1 key\b/;
shows 'trial of trial.example.com', qr/whatever host/, qr/SignalWireSigningKey +1 key\b/;

unlike $text, qr/hidden|\Q${\KEY}\E|\Q${\KEY2}\E/, 'no key and no secret';

($ok, $text) = SW::Server->configtest(args => [ '-DDUMP_SIGNALWIRE' ], conf => '');
ok $ok, 'a server without blocks passes too';

# The sample in docs/directives.md is what the program prints.
(undef, $text) = SW::Server->configtest(
    args  => [ '-DDUMP_SIGNALWIRE' ],
    files => { 'signalwire/apology.xml' => '<Response/>' },
    conf  => <<'EOT');
<Location "/voice">
    <SignalWireWebhook voice>
        SignalWireSigningKey @KEY@
        SignalWirePublicURL  https://hooks.example.com
        SignalWireAnswer     ack event=voice.status
        SignalWireGuard      On
        SignalWireFallback   cxml signalwire/apology.xml
    </SignalWireWebhook>
</Location>
EOT
open my $page, '<', SW::Config::source_dir() . '/docs/directives.md' or die;
my ($sample) = join('', <$page>) =~ /^### What is in force\n.*?\n\n((?: {4}[^\n]*\n)+)/ms;
s/\(\S+:\d+\)/(FILE:LINE)/ for $sample //= '', $text;
is $sample =~ s/^ {4}//gmr, $text =~ s/^Syntax OK\n//mr, 'docs/directives.md: what is in force';

done_testing;
