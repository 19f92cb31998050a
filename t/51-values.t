# SPDX-License-Identifier: Apache-2.0
# Whatever a value is, the document stays what its template says: cXML that an
# XML parser takes and the schema knows, SWML that a JSON parser takes, the
# value in its place, and nothing in it that SignalWire would evaluate.
use FindBin; use lib "$FindBin::Bin/lib";
use Encode qw(decode);
use JSON::PP ();
use List::Util qw(min);
use SW::Config;
use SW::Test;

my $ROUNDS = 400;       # of four values each, as a form and as JSON
my $seed = $ENV{SW_SEED} || 1;  # the same for everybody; others find more
my $schema = source_dir() . '/conf/cxml.rng';
my $json = JSON::PP->new->utf8;

# Every place that a value may stand in.
my $cxml = <<'EOT';
<?xml version="1.0" encoding="UTF-8"?>
<Response>
<Say voice="{{A}}" language='{{B}}'>{{C}}</Say>
<Say voice="x{{A}}y{{B}}z">{{C}}{{D}}></Say>
<Say>{{#A}}{{A}}{{/A}}{{^A}}none{{/A}}]]{{B}}{{C}}</Say>
<Pause length="{{#digits}}{{A}}{{/digits}}"/>
<Play loop="1">https://x/?a={{#urlencode}}{{A}}{{B}}{{/urlencode}}</Play>
<Sms to="{{#e164}}{{A}}{{/e164}}" action="/x?y={{D}}">{{#lower}}{{C}}{{/lower}}</Sms>
<Gather>{{#L[]}}<Say>{{.}}</Say>{{/L[]}}</Gather>
</Response>
EOT
my $TEXT  = qr/([^<>]*)/;
my $VALUE = qr/([^<>"'\t\n\r]*)/;
my $CXML  = qr{\A<\?xml\ version="1\.0"\ encoding="UTF-8"\?>\n<Response>\n
    <Say\ voice="$VALUE"\ language='$VALUE'>$TEXT</Say>\n
    <Say\ voice="x${VALUE}z">$TEXT></Say>\n
    <Say>$TEXT</Say>\n
    <Pause\ length="([0-9]+)"/>\n
    <Play\ loop="1">https://x/\?a=([-._~%0-9A-Za-z]*)</Play>\n
    <Sms\ to="(\+?[0-9]*)"\ action="/x\?y=$VALUE">$TEXT</Sms>\n
    <Gather>((?:<Say>[^<>]*</Say>)*)</Gather>\n
    </Response>\n\z}x;

# And whatever the author may have put beside one.
my $swml = <<'EOT';
{"version":"1.0.0","sections":{"main":[{"set":{
"each":["{{A}}","{{B}}","{{C}}","{{D}}"],
"joined":"{{A}}{{B}}{{C}}{{D}}",
"braces":"{{A}}{call.from} {{B}}{{#Nothing}}x{{/Nothing}}{call.from} {{C}}{",
"signs":"${{A}} %{{B}} $%{{C}} ${{#D}}{{D}}{{/D}}",
"around":"{{A}}{{#Nothing}}x{{/Nothing}}{{^Nothing}}{x}{{/Nothing}} {{#L[]}}{{.}}{{/L[]}}{",
"own":"${call.from} %{call.to}",
"helped":"{{#lower}}{{A}}{{/lower}}{{#upper}}{{B}}{{/upper}}{{#e164}}{{C}}{{/e164}}{x}",
"url":"{{#urlencode}}{{A}}{{/urlencode}}{x}",
"escaped":"\"{{B}}\\{{C}}",
"number":"{{#number}}{{A}}{{/number}}","other":"{{#number}}{{B}}{{/number}}"
}}]}}
EOT
my $MEMBERS = 'around braces each escaped helped joined number other own signs url';
my $NUMBER  = qr/-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?/;

my @HOSTILE = (
    '', ' ', '0', "\0", "\r\n", "\t", "\x01\x0b\x1f\x7f", "\xc2\x80\xc2\x85\xe2\x80\xa8",
    # of XML
    '"', "'", '<', '>', '&', '/', '<Dial>+1900</Dial>', '</Say><Hangup/><Say>', '"/><Hangup x="',
    "' x='", ']]>', ']]', '<![CDATA[', '<!--', '-->', '--', '<?x?>',
    '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>',
    '&amp;', '&lt;Dial&gt;', '&y;', '&#0;', '&#x3c;',
    # of SWML and JSON
    '${', '%{', '$', '%', '{', '}', '${call.from}', '%{call.from}', '$$', '$}{', '$ {', '%7b',
    "\$\0{", "\$\xff{", "\$\xe2\x80\x8b{", "\$\xef\xbf\xbe{", "\$\xed\xa0\x80{", '${`x`}',
    'u007b', '\\u007b', '\\u0024{', '\\$\\{', '"},{"hangup":{}},{"x":"', '"]}}', '\\"', '\\',
    '\\\\', '\\u', '\\u00', "\\\n", '//', '/*',
    # of Mustache
    '{{From}}', '{{{A}}}', '{{#A}}', '{{/A}}', '{{>x}}', '{{', '}}', '{{=<% %>=}}', '{{A}}',
    # numbers, and what is none
    '1', '-1', '01', '1.5', '-0', '1e5', '1e999', '-1e-999', '1.', '.5', '+1', '0x10', 'NaN',
    'Infinity', '--1', '1 2', ' 7 ', "7\n", '1_0', "\xd9\xa1", '+1 (555) 010-0123', 'tel:+1555',
    '9' x 18, '9' x 19, '9' x 30, '9' x 400, '-' . '9' x 39, '0.' . '3' x 400,
    # half characters, no characters, odd ones
    "\xff", "\xfe\xff", "\xc0\xaf", "\xc3", "\xe2\x82", "\xf0\x9f\x9a", "\xed\xa0\x80",
    "\xed\xb0\x80\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xef\xbf\xbe",
    "\xef\xbf\xbf", "\xef\xbb\xbf", "\xf0\x9f\xbf\xbe", "\xf0\x9f\x9a\x80\xef\xb8\x8f",
    "\xe2\x80\xae", "a\xcc\x80" x 20,
    # long ones
    'x' x 102_400, '<' x 102_400, "\xff" x 102_400, '${' x 20_000, '"' x 70_000, "\n" x 9_000,
    "\xe2\x82\xac" x 3_000,
);
my @SHORT = grep { length $_ < 40 } @HOSTILE;
my @BORDERS = ([ '$', '{', '$', '{' ], [ '%', '{x}', '$', '' ], [ '', '$', '', '{' ],
               [ '$', '', '', '{' ], [ "\$\0", "\0{", "%\xff", "\xfe{" ],
               [ '\\', 'u007b', '\\', 'u0024' ], [ '$', '$', '$', '$' ],
               [ ']', ']', ']', ']' ], [ '', '', '', ']]' ]);

each_mpm {
    srand $seed;
    my $conf = join '', "MaxKeepAliveRequests 0\n", block(cxml => 'conf/t.xml'),
        block(swml => 'conf/t.json');
    my $s = server(files => { 'conf/t.xml' => $cxml, 'conf/t.json' => $swml }, conf => $conf);
    my @each = (@HOSTILE, '', '');
    my @rounds = (@BORDERS, map({ [ splice(@each, 0, 3), '' ] } 1 .. @each / 3),
                  map { [ map { random_value() } 1 .. 4 ] } 1 .. $ROUNDS);
    my $client = SW::Client->new($s->port);
    my (@bad, @files);
    for my $round (@rounds) {
        for my $how (\&as_form, \&as_json) {
            $client->send(map { bytes_of $how->("/$_", @$round) } qw(cxml swml));
            my ($xml, $json) = map { $client->response->body } 1, 2;
            my @faults = (xml_faults($xml, @$round), json_faults($json, @$round));
            push @bad, map { join ' | ', "$_: ", map { shown($_) } @$round } @faults;
            push @files, $s->write_file('run/' . @files . '.xml', $xml);
        }
    }
    report(\@bad, @rounds * 8 . " values stay values (SW_SEED=$seed)");
    validates(@files . ' documents validate', @files);
    finish;
    limits();
    numbers();
};

finish;
done_testing;

sub block {
    my ($format, $file, $path) = @_;
    return <<"EOT";
<Location /@{[ $path // $format ]}>
    <SignalWireWebhook values>
        SignalWireVerify  off
        SignalWireMaxBody 4194304
        SignalWireAnswer  $format $file
    </SignalWireWebhook>
</Location>
EOT
}

sub random_value {
    return $HOSTILE[ rand @HOSTILE ] if rand() < 0.4;
    return join '', map { rand() < 0.6 ? $SHORT[ rand @SHORT ] : chr rand 256 } 1 .. 1 + rand 8;
}

sub as_form {
    my ($target, @values) = @_;
    my @encoded = map { s/([^0-9A-Za-z])/sprintf '%%%02X', ord $1/ger } @values;
    my $form = join '&', map({ (qw(A B C D))[$_] . "=$encoded[$_]" } 0 .. 3),
                         map { "L[]=$_" } @encoded;
    return POST $target, form => $form, keep => 1;
}

# What is no UTF-8 is sent as it is, or as an escaped half of a character: not
# two halves that escapes would make a whole one of.
sub as_json {
    my ($target, @values) = @_;
    my @strings = map { '"' . s/([\x00-\x1f"\\])/sprintf '\\u%04x', ord $1/ger . '"' } @values;
    my $half = sub { return sprintf '\\ud%03x', (ord($_[0]) & 63) << 6 | ord($_[1]) & 63 };
    s/\xed([\xa0-\xaf])([\x80-\xbf])(?!\xed[\xb0-\xbf])/$half->($1, $2)/ge,
        s/\xed([\xb0-\xbf])([\x80-\xbf])/$half->($1, $2)/ge for @strings;
    my $members = join ',', map { '"' . (qw(A B C D))[$_] . "\":$strings[$_]" } 0 .. 3;
    return POST $target, json => "{$members,\"L[]\":[" . join(',', @strings) . ']}', keep => 1;
}

# What is wrong with a document.

sub xml_faults {
    my ($xml, @values) = @_;
    return 'cXML of ' . length($xml) . ' bytes' if length $xml > 65_536;
    my @found = characters($xml) =~ $CXML or return 'other markup in cXML';
    return 'something is not escaped' if grep { /&(?!(?:amp|lt|gt|quot|#\d+);)|\r/ } @found;
    my $items = () = $found[-1] =~ /<Say>/g;
    my $expected = (grep { length } @values) ? 4 : 0;
    return "a list of $items" if $items != $expected && length $xml < 50_000;
    return map { says(unescape($found[$_]), $values[$_], length $xml) ? () : "cXML value $_" } 0 .. 2;
}

sub json_faults {
    my ($text, @values) = @_;
    return 'SWML of ' . length($text) . ' bytes' if length $text > 65_536;
    my $document = eval { $json->decode($text) } or return "no JSON: $@";
    my $set = eval { $document->{sections}{main}[0]{set} } || {};
    return 'other members' if join(' ', sort keys %$set) ne $MEMBERS;
    return 'its own placeholders' if delete $set->{own} ne '${call.from} %{call.to}';
    my $each = $set->{each};
    return (
        map({ says($each->[$_], $values[$_], length $text) ? () : "SWML value $_" } 0 .. 3),
        map({ $text =~ /"$_":($NUMBER)[,\n]/ && is_sane($1) ? () : "no $_" } qw(number other)),
        map({ /[\$%]\{/ ? 'a placeholder' : () } map { ref $_ ? @$_ : $_ } values %$set),
    );
}

# GOT is VALUE, or as much of it as there was room for in so long a document. Not compared is what
# cannot be sent, and the blank that may stand between a sign and a brace.
sub says {
    my ($got, $value, $length) = @_;
    my ($have, $want) =
        map { s/[\x{fffd}\p{Noncharacter_Code_Point}\x00-\x08\x0b\x0c\x0e-\x1f ]+//gr }
        $got, characters($value);
    return $have eq $want || (($length > 50_000 || length $value > 4000) && index($want, $have) == 0);
}

# Without what is no UTF-8; Perl is of another opinion on how long that is.
sub characters {
    my ($bytes) = @_;
    my $character = qr/[\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]
        |\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]
        |\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}/x;
    return decode('UTF-8', $bytes =~ s{($character)|.}{$1 // ''}gser);
}

sub unescape {
    my ($text) = @_;
    my %entity = (amp => '&', lt => '<', gt => '>', quot => '"');
    return $text =~ s/&(?:#(\d+)|(\w+));/defined $1 ? chr $1 : $entity{$2}/ger;
}

# One that every parser of JSON can hold.
sub is_sane { my ($number) = @_; return abs($number) < 2**63 && length $number < 60 }

sub shown {
    my ($value) = @_;
    my $text = length $value > 60 ? substr($value, 0, 50) . '... of ' . length $value : $value;
    return $text =~ s/([^\x20-\x7e])/sprintf '\\x%02x', ord $1/ger;
}

sub report {
    my ($bad, $name) = @_;
    ok !@$bad, $name or diag join "\n", @$bad[ 0 .. min($#$bad, 9) ];
}

sub validates {
    my ($name, @files) = @_;
    need 'xmllint', program('xmllint') or return;
    my (undef, $said) = command('xmllint', '--nonet', '--noout', '--relaxng', $schema, @files);
    my @lines = split /\n/, $said;
    my @bad = grep { !/ validates$/ } @lines;
    push @bad, scalar(@lines) . ' lines' if @lines < @files;
    report(\@bad, $name);
}

# What a value may take, and a document.
sub limits {
    my $say = sub { return "<Response>$_[0]</Response>" };
    my $digits = sub { return qq(<Pause length="{{#digits}}{{$_[0]}}{{/digits}}"/>) };
    my $room = 65_536 - length $say->('<Say>{{A}}</Say>');
    my %template = (
        list    => $say->('{{#L}}<Say>' . 'x' x 30_000 . '{{.}}</Say>{{/L}}'),
        nested  => $say->('{{#L}}{{#M}}<Say>' . 'x' x 300 . '{{.}}</Say>{{/M}}{{/L}}'),
        literal => $say->('<Say>' . 'x' x $room . '{{A}}</Say>'),
        cut     => $say->('<Say>{{A}}</Say>' . $digits->('A')),
        full    => $say->('<Say>{{A}}</Say>' x 9 . $digits->('B')),
    );
    my $list = sub { my ($name, $n) = @_; return join '&', map { "$name=$_" } 1 .. $n };
    my $long = sub { my ($name, $value) = @_; return "$name=" . $value x 9_000 };
    my @cases = (
        [ list    => $list->('L', 3),           qr{\A(?:<Response>)(?:<Say>x{30000}\d</Say>){2}<} ],
        [ list    => $list->('L', 5000),        qr{\A(?:<Response>)(?:<Say>x{30000}\d</Say>){2}<} ],
        [ nested  => join('&', $list->('L', 200), $list->('M', 200)), qr{<Say>x{300}1</Say>} ],
        [ literal => 'A=1',                     qr{x</?} ],
        [ literal => $long->('A', 'y'),         qr{x</?} ],
        [ cut     => $long->('A', '%e2%82%ac'), qr{<Say>(?:\xe2\x82\xac){2730}</Say>} ],
        [ cut     => $long->('A', '1'),         qr{<Say>1{8192}</Say><Pause length="1+"/>} ],
        [ full    => $long->('A', 'y'),         qr{<Pause length="0"/>} ],
        [ full    => $long->('A', '%26') . '&B=12', qr{<Pause length="[0-9]+"/>} ],
    );
    my $s = server(files => { map { ("conf/$_.xml" => $template{$_}) } keys %template },
        conf => join '', map { block(cxml => "conf/$_.xml", $_) } keys %template);
    my @files;
    for (@cases) {
        my ($name, $form, $says) = @$_;
        my $body = answers($s, "$name: answered", POST("/$name", form => $form), 200)->body;
        push @files, $s->write_file('run/' . @files . '.xml', $body);
        ok length $body <= 65_536, "$name: at most 64 KiB" or diag length $body;
        ok $body =~ $says, "$name: says what it can" or diag shown($body);
    }
    validates('they validate', @files);
    finish;
}

# A string that becomes a number, and which.
sub numbers {
    my %number = (' 7 ' => '7',
        map({ ($_ => $_) } 0, 1, -1, '1.50', '-0.5', '9' x 15),
        map({ ($_ => 0) } '', 'x', '01', '+1', '1e5', '.5', '1.', '0x1', '1 2', '-', '--1', 'NaN',
            '9' x 19, '-' . '9' x 30, '1,2', '1}', "1\0", "\xd9\xa1"));
    my $conf = block(swml => 'conf/t.json', 'x');
    my $s = server(conf => $conf, files => { 'conf/t.json' => <<'EOT' });
{"sections":{"main":[{"sleep":"{{#number}}{{A}}{{/number}}"}]}}
EOT
    for my $value (sort keys %number) {
        my $body = answers($s, 'answered', as_form('/x', $value, ('') x 3), 200)->body;
        my ($number) = $body =~ /"sleep":(.*?)\}/;
        is $number, $number{$value}, 'the number in "' . shown($value) . '"';
    }
    finish;
}
