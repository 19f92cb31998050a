# SPDX-License-Identifier: Apache-2.0
# The demo shows what it claims, stays short, and stops what it started.
use FindBin; use lib "$FindBin::Bin/lib";
use IO::Socket::INET;
use SW::Test;
use SW::Tool;

my $demo = "$FindBin::Bin/demo/run";
if (!need 'PHP-FPM', SW::PHP::fpm()) { done_testing; exit }
if (!can_send()) { plan skip_all => 'built without libcurl' }

my ($status, $out) = command($^X, $demo);
is $status, 0, 'it succeeds' or diag $out;
my ($genuine, $forged, $unsigned, $misconfigured, @documents) = $out =~ /^(\w.*?\n(?: {4,}.*\n)+)/gm;
like $genuine, qr/reply +200 .*<Response>.*\n +application +c1f9: 4 parameters/,
    'a signed callback reaches the application';
like $_->[1], qr/reply +403\n +application +got nothing\n +error log +$_->[0]/,
    "$_->[0]: refused, and the log says why" for
    [ 'SW0103', $forged ], [ 'SW0101', $unsigned ], [ 'SW0103', $misconfigured ];
like $misconfigured =~ s/\s+/ /gr, qr{set SignalWirePublicURL http://hooks\.example\.com},
    'the log names the remedy';
like $out, qr{from conf/templates:\n\n +<Location "/ivr">\n(?:.*\n)*? +SignalWireAnswer cxml },
    'the IVR: its block is shown';
is scalar @documents, 2, 'two documents go out';
my $reply = qr{reply +200 application/xml\n +<\?xml .*\n +<Response>\n};
like $documents[0], qr{swhook send .*--event voice\.incoming.*\n +200 after .*\n +<\?xml .*<Gather .*\n +<Say>Welcome}s,
    'to a call, the menu';
like $documents[1], qr{sent +POST /ivr .*&Digits=1\n.*$reply +<Say>.*\n +<Dial .*>\+\d+</Dial>}s,
    'to a digit, what it leads to';
cmp_ok $out =~ tr/\n//, '<=', 80, 'it is short';
my ($port) = $out =~ /127\.0\.0\.1:(\d+)/;
ok !IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port"), 'it has stopped its httpd';

subtest '--keep' => sub {
    my $file = File::Temp->new;
    my $process = SW::Process->start([ $^X, $demo, '--keep' ], stdout => "$file", stderr => "$file");
    my $text = '';
    for (1 .. 600) {
        $text = do { open my $in, '<', "$file"; local $/; <$in> } // '';
        last if $text =~ /Ctrl-C ends it/;
        select undef, undef, undef, 0.05;
    }
    my ($line) = $text =~ /^(curl .*?)\n\n/ms;
    if (need 'curl', program('curl')) {
        my ($status, $reply) = command('/bin/sh', '-c', $line =~ s/curl/curl -s/r);
        like $reply, qr{\AHTTP/1\.1 200 .*<Response><Say>}s, 'the curl line can be pasted';
    }
    ok $process->stop, 'it ends when it is told';
    ($port) = $text =~ /127\.0\.0\.1:(\d+)/;
    ok !IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port"), 'and stops its httpd';
};

done_testing;
