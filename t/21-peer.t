# SPDX-License-Identifier: Apache-2.0
# SignalWire's own validators for JavaScript judge the same requests as a live
# httpd. On the common ground all verdicts are the same; where they differ, the
# list below says how and which rule of docs/signature-rules.md decided so.
use FindBin; use lib "$FindBin::Bin/lib";
use JSON::PP;
use SW::Test;

my $peers = SW::Config::tools_dir() . '/peer';
if (!need 'Node.js', program('node') or !need 'the packages of t/peer', -d "$peers/node_modules/\@signalwire") {
    done_testing;
    exit;
}

my $url  = 'https://hooks.example.com/voice';
my $form = 'application/x-www-form-urlencoded';
my $json = 'application/json';

# Each is [ name, type, body, url ]: signed in its own scheme it is genuine.
my @genuine = (
    [ 'a call',                $form, 'CallSid=c1&From=%2B15551230001&To=%2B15551230002&CallStatus=ringing' ],
    [ 'names in byte order',   $form, 'CallbackSource=x&CallStatus=y&callstatus=z&Callstatus=u&_=v' ],
    [ 'blank values',          $form, 'A=&B&C=1' ],
    [ 'plus and percent',      $form, 'Body=a+b%20c%2Bd%25%26%3D&From=%2b1' ],
    [ 'equal signs',           $form, 'A=1=c=&D==' ],
    [ 'UTF-8',                 $form, 'Body=Gr%C3%BC%C3%9Fe+%F0%9F%98%80&%C3%A4=1' ],
    [ 'a repeated name',       $form, 'MediaUrl=b&A=1&MediaUrl=a&MediaUrl=b' ],
    [ 'empty segments',        $form, '&&A=1&&B=2&' ],
    [ 'a semicolon',           $form, 'A=1;B=2&C=3' ],
    [ 'brackets',              $form, 'a[b]=1&a[c]=2&a%5Bd%5D=3' ],
    [ 'many parameters',       $form, join '&', map { "p$_=" . 'x' x $_ } 1 .. 200 ],
    [ 'a query',               $form, 'A=1', "$url?b=2&a=%31&A=9" ],
    [ 'no body',               undef, '', "$url?CallSid=c1" ],
    [ 'no path',               $form, 'A=1', 'https://hooks.example.com/' ],
    [ 'plain http',            $form, 'A=1', 'http://hooks.example.com/voice' ],
    [ 'SWML',                  $json, '{"call":{"call_id":"c1","from":"+1555"},"vars":{}}' ],
    [ 'JSON with spaces',      $json, "{ \"a\" : [1, 2.50, null],\n \"b\": \"\\u00fc\" }\n" ],
    [ 'JSON in UTF-8',         $json, "{\"b\":\"Gr\xc3\xbc\xc3\x9fe\"}" ],
    [ 'JSON and a query',      $json, '{"a":1}', "$url?x=%2f&y" ],
    [ 'an empty object',       $json, '{}' ],
    [ 'a bare string',         $json, '"text"' ],
);
my @requests = map { my ($name, $type, $body, $at) = @$_; variants($name, $type, $body, $at || $url) } @genuine;

# Where the validators and the module differ: [ name, type, body, url,
# signature, what theirs says, what ours says ].
my @different = (
    [ 'R7: the URL alone for JSON', $json, '{}', $url, sign_form(KEY, $url, ''), 1, 0 ],
    [ 'R7: the URL alone for a body of no type', undef, 'x', $url, sign_form(KEY, $url, ''), 1, 0 ],
    [ 'R7: the URL alone for a text', 'text/plain', 'anything', $url, sign_form(KEY, $url, ''), 1, 0 ],
    [ 'R6: members of JSON as parameters', $json, '{"a":"1"}', $url, sign_form(KEY, $url, 'a=1'), 1, 0 ],
    [ 'R4: a port that is not the default one', $form, 'A=1', 'https://hooks.example.com:8443/voice',
      sign_form(KEY, $url, 'A=1'), 1, 0 ],
    [ 'R9: bytes that are no UTF-8', $form, 'A=%FF', $url, sign_form(KEY, $url, 'A=%FF'), 0, 1 ],
    [ 'R9: bytes that are no UTF-8, replaced', $form, 'A=%FF', $url, sign_form(KEY, $url, 'A=%EF%BF%BD'), 1, 0 ],
    [ 'R9: order of names beyond the BMP', $form, '%F0%9F%98%80=1&%EE%80%80=2', $url,
      sign_form(KEY, $url, '%F0%9F%98%80=1&%EE%80%80=2'), 0, 1 ],
    [ 'R2: repeated in Twilio\'s order', $form, 'A=b&A=a', $url, sign_form(KEY, $url, 'A=a&A=b'), 0, 0 ],
    [ 'R8: bodySHA256 in a value', $form, 'A=1',
        "$url?x=bodySHA256", sign_form(KEY, "$url?x=bodySHA256", 'A=1'), 0, 1 ],
);

cmp_ok @requests, '>=', 50, scalar(@requests) . ' requests';
my $s = server(conf => <<'EOT');
SignalWireSigningKey   @KEY@
SignalWireTrustedProxy 127.0.0.1
ScriptAliasMatch "^/" @APPS@/echo.cgi
<Location />
    <SignalWireWebhook>
        SignalWirePublicURL request
    </SignalWireWebhook>
</Location>
EOT
$s->log->expect(qr/SW010[23]/, 'any');
$s->log->expect(qr/SW0118/, 'any');

my @verdicts = judged_by_peers(@requests);
for my $i (0 .. $#requests) {
    my ($r, $v) = ($requests[$i], $verdicts[$i]);
    my $theirs = $v->{compat} || $v->{webapi} ? 'accept' : 'refuse';
    is "$theirs, " . judged_by_httpd($r), "$r->{expect}, $r->{expect}", "$r->{name}: $r->{expect}";
    next if $r->{expect} eq 'refuse' || !$v->{signature};
    is judged_by_httpd({ %$r, signature => $v->{signature} }), 'accept', "$r->{name}: signed by them";
}

my @rows = map { my %r; @r{qw(name type body url signature theirs ours)} = @$_; \%r } @different;
@verdicts = judged_by_peers(@rows);
for my $i (0 .. $#rows) {
    my ($r, $v) = ($rows[$i], $verdicts[$i]);
    my $theirs = $v->{compat} || $v->{webapi} ? 1 : 0;
    my $ours = judged_by_httpd($r) eq 'accept' ? 1 : 0;
    is "theirs $theirs, ours $ours", "theirs $r->{theirs}, ours $r->{ours}", "they differ: $r->{name}";
}

finish;
done_testing;

# The genuine request, and what must be refused of it: another key, a changed
# body, another URL, a damaged signature.
sub variants {
    my ($name, $type, $body, $at) = @_;
    my $sign = ($type // '') eq $json ? \&sign_sha1 : \&sign_form;
    my %right = (type => $type, body => $body, url => $at, signature => $sign->(KEY, $at, $body));
    my $damaged = $right{signature} =~ s/(.)(?==?\z)/$1 eq '0' ? '1' : '0'/er;
    return (
        { %right, name => $name, expect => 'accept' },
        { %right, name => "$name, another key", expect => 'refuse', signature => $sign->(KEY2, $at, $body) },
        $type ? { %right, name => "$name, a changed body", expect => 'refuse',
            body => $body =~ s/1/2/r =~ s/e/f/r =~ s/\{\}/[]/r } : (),
        { %right, name => "$name, another URL", expect => 'refuse', signature => $sign->(KEY, "$at/", $body) },
        { %right, name => "$name, a damaged signature", expect => 'refuse', signature => $damaged },
    );
}

sub judged_by_peers {
    my (@list) = @_;
    my @text = map { my %r = (%$_, key => KEY); utf8::decode($r{body}); \%r } @list;
    my $file = $s->write_file('run/requests.json', JSON::PP->new->ascii->encode(\@text));
    my ($status, $out) = command('node', "$FindBin::Bin/peer/verify.js", $peers, $file);
    die "node failed: $out\n" if $status;
    return @{ decode_json($out) };
}

sub judged_by_httpd {
    my ($r) = @_;
    my ($scheme, $host, $target) = $r->{url} =~ m{\A(\w+)://([^/]+)(.*)\z};
    my $reply = talk($s, request($r->{body} eq '' ? 'GET' : 'POST', $target, host => $host, body => $r->{body},
        type => $r->{type},
        headers => [ 'X-Forwarded-Proto' => $scheme, 'X-SignalWire-Signature' => $r->{signature} ]));
    return $reply->status == 200 ? 'accept' : $reply->status == 403 ? 'refuse' : $reply->status;
}
