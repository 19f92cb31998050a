# SPDX-License-Identifier: Apache-2.0
# SignalWireOnce where a reply has parts, or comes from somewhere else than the
# request went: includes, error documents, redirects out of the block, filters.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Runs;
use SW::Test;
use Time::HiRes qw(sleep time);

my $runs = SW::Runs->new;
my $conf = <<"EOT";
LogLevel warn signalwire:info
Timeout 1
SignalWireSigningKey \@KEY\@
SignalWirePublicURL  https://hooks.example.com
SignalWireOnce       On
SetEnv DONE          @{[ $runs->dir ]}
ScriptAlias /in/cgi  \@APPS\@/count.cgi
ScriptAlias /open    \@APPS\@/count.cgi
ScriptAlias /stall   \@ROOT\@/htdocs/stall.cgi
<Directory "\@APPS\@">
    Require all granted
</Directory>
<Directory "\@ROOT\@/htdocs">
    Require all granted
    Options +Includes
    AddOutputFilter INCLUDES .shtml
    AddType text/html .shtml
    RewriteEngine On
    RewriteRule ^in/out/(.*) /open/\$1 [PT]
</Directory>
<Location /in/lost>
    ErrorDocument 404 /in/error.shtml
</Location>
<LocationMatch "^/in/cgi/sub">
    SetOutputFilter SUBSTITUTE
    Substitute s/run/runrun/
</LocationMatch>
<LocationMatch "^/in/cgi/busy">
    ErrorDocument 503 /in/cgi/document
</LocationMatch>
<LocationMatch "^/(in|stall)">
    <SignalWireWebhook parts>
    </SignalWireWebhook>
</LocationMatch>
EOT

sub callback { return $runs->callback(@_) }

each_mpm {
    my ($mpm) = @_;
    my $s = server(modules => 'include rewrite substitute filter', conf => $conf, files => {
        'htdocs/in/page.shtml' => '[<!--#include virtual="/in/part.txt"-->|<!--#include virtual="/in/part.txt"-->]',
        'htdocs/in/error.shtml' => 'lost: <!--#include virtual="/in/part.txt"-->',
        'htdocs/in/part.txt' => 'part',
        'htdocs/stall.cgi' => "#!/bin/sh\ncat >/dev/null\nprintf 'Content-Type: text/plain\\n\\npart'\nsleep 4\n",
    });
    my $word = $runs->word('includes');
    my $page = POST('/in/page.shtml', form => "CallSid=$word&CallStatus=completed&SequenceNumber=1", sign => 'form');
    answers $s, 'a page of parts', $page, 200, app => '', body => '[part|part]' for 1, 2;
    my $lost = POST('/in/lost', form => "CallSid=$word-lost&CallStatus=completed&SequenceNumber=1", sign => 'form');
    answers $s, 'an error document of parts is no success', $lost, 404, app => '', body => 'lost: part' for 1, 2;

    $word = $runs->word('out');
    answers $s, 'rewritten out of the block', callback('in/out', $word), 200, app => '', body => 'first: run 1' for 1, 2;
    is $runs->runs($word), 1, 'rewritten out of the block: one run';

    $word = $runs->word('sub');
    answers $s, 'contents are filtered once', callback('in/cgi', $word), 200, app => '', body => 'first: runrun 1' for 1, 2;

    $s->log->expect(qr/AH0\d+|timed? ?out/i, 'any');
    my $stall = POST('/stall', form => "CallSid=stall-$mpm&CallStatus=completed&SequenceNumber=1", sign => 'form');
    for (1, 2) { eval { talk($s, $stall) } }
    is scalar(my @repeats = $s->log->lines(qr/SW0131/)), 3, 'a reply that never ends is not kept';
    finish;

    $s = server(conf => $conf =~ s/Timeout 1$/Timeout 20/mr =~ s/^.*(?:INCLUDES|Rewrite|SUBST|Substitute).*\n//mgr);
    $runs->write('document.reply', "503 text/plain\nbusy");
    $word = $runs->word('busy', wait => 1);
    my $first = $runs->begin($s, callback('in/cgi', $word));
    $runs->begins($word);
    $s->log->expect(qr/SW0130/);
    my $begin = time;
    is talk($s, callback('in/cgi', $word))->status, 503, 'refused, with an error document of the block';
    cmp_ok time - $begin, '<', 6, 'it waits once';
    $runs->let_go($word);
    $first->response;
};

finish;
done_testing;
