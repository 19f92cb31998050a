# SPDX-License-Identifier: Apache-2.0
# Ways round the guard. It stands, or does not stand, at the index of a directory
# only, which mod_dir looks up by a sub-request that then becomes the request; a handler
# fails when its reply has been replaced, whose error page must not follow.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Config;
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
# The inner setting replaces the outer one, there too.
my $off = $conf =~ s{<Location "/hook/index.xml">}{<Location "/hook">}r . <<'EOT';
<Location "/hook/index.xml">
    <SignalWireWebhook index>
        SignalWireGuard Off
    </SignalWireWebhook>
</Location>
EOT
my $fails = <<"EOT";
LoadModule swfield_module "@{[ build_dir() ]}/t/apps/.libs/mod_swfield.so"
SignalWireSigningKey \@KEY\@
SignalWirePublicURL  https://hooks.example.com
ErrorDocument 500 "an error page"
<Location "/fails">
    SetHandler swfail
    <SignalWireWebhook fails>
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
    my $open = server(conf => $off, files => { 'conf/sorry.xml' => $sorry, 'htdocs/hook/index.xml' => '<html>oops' });
    answers $open, 'the guard of the directory is off at its index', GET("/hook/?$query", sign => 'form'), 200,
        app => '', body => '<html>oops';
    finish;
    my $s = server(conf => $fails, files => { 'conf/sorry.xml' => $sorry });
    my $client = SW::Client->new($s->port);
    my $request = GET("/fails?$query", sign => 'form', keep => 1);
    $s->log->expect(qr/SW0124: .*64 KiB/);
    my $reply = $client->send(bytes_of $request)->response;
    check_reply $s, 'failing late: replaced', $request, $reply, 200, app => '', body => $sorry;
    ok $client->closed, 'failing late: the connection ends';
    is $client->rest, '', 'failing late: nothing else was on it';
};

finish;
done_testing;
