# SPDX-License-Identifier: Apache-2.0
# What stands for a name in a template: parameters, fields, the environment,
# lists, helpers; and what stands for one that must not be told.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

my $plain = form('Body=b+c%26d&Empty=&Digits=07&Case=%c3%84bC');
my $lists = form('L[]=a&L[]=b&M=1&M=%3c2&One[]=x&N=0', '?Q[]=1&Q[]=2&M=3');
my $call  = json('{"call":{"call_id":"c1","from":"+1555"}}');
my $media = json('{"message":{"message_id":"m1","from":"+1555",'
    . '"media":[{"url":"https://x/0"},{"url":"https://x/1"}]},'
    . '"list":["a","b<","",3,true,null,["c"]],"one":["x"],"no":[],'
    . '"none":null,"n":1.50,"t":true,"f":false,"o":{"k":"v"},"a.b":1}');
my @CARD  = qw(PaymentCardNumber paymentcardnumber SecurityCode CVV cvv ExpirationDate
               BankAccountNumber PaymentToken card.cvv sw.security_code);
my $card  = form('For=security-code&Attempt=1&' . join '&', map { "$_=SECRET" } @CARD);

# Template, request, what is said.
my @cases = (
    # Names
    [ '{{From}}|{{ From }}|{{from}}|{{Nothing}}|{{Empty}}', $plain => '+1555|+1555|||' ],
    [ '{{sw.from}}|{{sw.event}}|{{sw.call_id}}|{{sw.FROM}}|{{sw.nothing}}|{{sw.verified}}',
      $plain => '+1555|voice.gather|c1|+1555||form' ],
    [ '{{call.from}}|{{sw.from}}|{{call.call_id}}|{{call}}',
      $call => '+1555|+1555|c1|' ],
    [ '{{message.media.1.url}}|{{sw.media_url_1}}|{{n}}|{{t}}|{{f}}|{{none}}|{{o.k}}|{{a.b}}',
      $media => 'https://x/1|https://x/1|1.50|true|false||v|1' ],
    [ '{{From}}|{{To}}|{{Only}}', form('', '?From=query&To=query&Only=%3cq') =>
      '+1555|query|&lt;q' ],
    [ '{{From}}|{{Body}}', form('From=second&Body=x&Body=y') => 'second|y' ],
    [ '{{From}}|{{x}}', { target => '?CallSid=1&From=%2b1&x=2' } => '+1|2' ],
    [ '{{env.SET}}|{{env.SETIF}}|{{env.INNER}}|{{env.NOT}}',
      $plain => 'of &lt;httpd&gt;|if|inner|' ],
    [ '{{SIGNALWIRE_FROM}}|{{env.SIGNALWIRE_FROM}}', $plain => '|+1555' ],
    [ join('|', map { "{{$_}}" } @CARD, 'For'), $card => '|' x @CARD . 'security-code' ],
    # Escapes, whatever arrives
    [ '{{Body}}', $plain => 'b c&amp;d' ],
    [ '{{X}}', form('X=%3cSay%3e%22%27%5d%5d%3e') => qr/\A&lt;Say&gt;["&].*&gt;\z/ ],
    [ '{{X}}', form('X=%ff%00%01%0b%ed%a0%80') => qr/\A(?:\xef\xbf\xbd)+\z/ ],
    [ '{{X}}', form('X={{From}}') => '{{From}}' ],
    # Sections
    [ '{{#Digits}}yes {{Digits}}{{/Digits}}{{^Digits}}no{{/Digits}}', $plain => 'yes 07' ],
    [ '{{#Empty}}yes{{/Empty}}{{^Empty}}no{{/Empty}}'
      . '{{#Nothing}}yes{{/Nothing}}{{^Nothing}}none{{/Nothing}}',
      $plain => 'nonone' ],
    [ '{{#env.SET}}yes{{/env.SET}}{{^env.NOT}}no{{/env.NOT}}{{#sw.from}}from{{/sw.from}}',
      $plain => 'yesnofrom' ],
    [ '{{! a comment, even of {{ }}x{{! and
        of lines }}y', $plain => 'xy' ],
    [ '{{^Nothing}}{{#Digits}}{{^Empty}}deep{{/Empty}}{{/Digits}}{{/Nothing}}',
      $plain => 'deep' ],
    # Lists
    [ '{{#L[]}}({{.}}){{/L[]}}', $lists => '(a)(b)' ],
    [ '{{#M}}[{{.}}]{{/M}}{{#One[]}}[{{.}}]{{/One[]}}', $lists => '[1][&lt;2][x]' ],
    [ '{{#Q[]}}[{{.}}]{{/Q[]}}', $lists => '[1][2]' ],
    [ '{{#list}}[{{.}}]{{/list}}|{{#one}}[{{.}}]{{/one}}|'
      . '{{#no}}[{{.}}]{{/no}}{{^no}}none{{/no}}', $media =>
      qr/\A\[a\]\[b&lt;\](?:\[\])?\[3\]\[true\].*\|\[x\]\|none\z/ ],
    [ '{{#From}}[{{.}}]{{/From}}', $plain => '[+1555]' ],
    # Helpers
    [ '{{#e164}}{{X}}{{/e164}}', form('X=%2b1+(555)+010-0123') => '+15550100123' ],
    [ '{{#e164}}{{X}}{{/e164}}', form('X=tel:1555;ext=%3c/Say%3e') => qr/\A\+?\d+\z/ ],
    [ '{{#digits}}{{X}}{{/digits}}|{{#digits}}{{Empty}}{{/digits}}',
      form('X=a1b2%2b') => '12|0' ],
    [ '{{#urlencode}}{{X}}{{/urlencode}}',
      form('X=a+b%26c%3d%c3%a9/?%25') => 'a%20b%26c%3D%C3%A9%2F%3F%25' ],
    [ '{{#lower}}{{Case}} AB{{/lower}}|{{#upper}}{{Case}} ab{{/upper}}', $plain =>
      "\xc3\x84bc ab|\xc3\x84BC AB" ],
    [ '{{#upper}}{{#lower}}{{Case}}{{/lower}}{{/upper}}', $plain => "\xc3\x84BC" ],
    [ '{{#upper}}{{#Digits}}d{{Digits}}{{/Digits}}{{^Digits}}none{{/Digits}}{{/upper}}',
      $plain => 'D07' ],
    [ '{{#digits}}{{lower}}{{/digits}}', form('lower=5') => '5' ],
);

my $server = <<'EOT';
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
SetEnv   SET    "of <httpd>"
SetEnv   INNER  outer
SetEnvIf Host . SETIF=if
EOT

each_mpm {
    my (%files, $blocks);
    for my $i (0 .. $#cases) {
        $files{"conf/$i.xml"} = "<Response><Say>$cases[$i][0]</Say></Response>\n";
        $blocks .= <<"EOT";
<Location /$i/x>
    <SignalWireWebhook $i>
        SignalWireAnswer cxml conf/$i.xml
    </SignalWireWebhook>
    SetEnv INNER inner
</Location>
EOT
    }
    my $s = server(files => \%files, conf => $server . $blocks);
    for my $i (0 .. $#cases) {
        my ($template, $what, $text) = @{ $cases[$i] };
        my ($target, @body) = ("/$i/x$what->{target}", %{ $what->{body} || {} });
        my $request = @body ? POST($target, @body) : GET($target, sign => 'form');
        my $reply = answers $s, "answered: $template", $request, 200, app => '';
        my ($said) = $reply->body =~ m{\A<Response><Say>(.*)</Say></Response>\n\z}s;
        ref $text ? like($said, $text, $template) : is($said, $text, $template);
    }
};

finish;
done_testing;

sub form {
    my ($more, $query) = @_;
    my $form = "CallSid=c1&From=%2B1555&CallStatus=ringing&$more";
    return { target => $query // '', body => { form => $form, sign => 'form' } };
}

sub json { my ($json) = @_; return { target => '', body => { json => $json, sign => 'sha1' } } }
