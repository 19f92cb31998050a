# SPDX-License-Identifier: Apache-2.0
# A guard that stands at the index of a directory only: mod_dir looks the index
# up by a sub-request, which then becomes the request.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

my $conf = <<'EOT';
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
<Directory "@ROOT@/htdocs">
    Require all granted
    DirectoryIndex index.xml
</Directory>
<Location "/hook/index.xml">
    <SignalWireWebhook index>
        SignalWireGuard On
        SignalWireFallback cxml conf/sorry.xml
    </SignalWireWebhook>
</Location>
EOT
my $sorry = '<Response><Say>Sorry</Say></Response>';
my $good  = '<Response><Say>Hello</Say></Response>';
my $query = 'CallSid=c1&From=%2B1555&To=2&CallStatus=ringing';

each_mpm {
    for my $case ([ 'a bad reply is replaced', '<html>oops', $sorry ], [ 'a good one passes', $good, $good ]) {
        my ($name, $file, $body) = @$case;
        my $s = server(conf => $conf, files => { 'conf/sorry.xml' => $sorry, 'htdocs/hook/index.xml' => $file });
        answers $s, $name, GET("/hook/?$query", sign => 'form'), 200, app => '', body => $body,
            log => $body eq $sorry ? qr/SW0124: the reply to voice\.incoming \(index\)/ : undef;
        finish;
    }
};

finish;
done_testing;
