# SPDX-License-Identifier: Apache-2.0
# Every vector of the signature corpus is one request to a live httpd. Scored
# are the tiers core and policy, all key sets, none excepted: the verdict must
# be the expected one, and an accepted body must reach the application whole.
# The tier info is sent too, for whatever it may break, but not scored.
use FindBin; use lib "$FindBin::Bin/lib";
use JSON::PP;
use MIME::Base64;
use SW::Test;

my $corpus = "$FindBin::Bin/vectors/vectors.jsonl";
my @vectors = map { decode_json($_) } do { open my $in, '<', $corpus or die "$corpus: $!\n"; <$in> };
my %keys = map { $_->{keyset} => $_->{server_keys} } @vectors;
my @keysets = sort keys %keys;
my %port_of = map { $keysets[$_] => $_ + 2 } 0 .. $#keysets;

# A virtual host for each set of keys, told apart by port since Host is the vector's.
my $hosts = join '', map { <<"EOT" } values %port_of;
Listen 127.0.0.1:\@PORT$_\@
<VirtualHost 127.0.0.1:\@PORT$_\@>
    SignalWireSigningKey file:conf/keys$_
    AllowEncodedSlashes NoDecode
    <Location "/">
        <SignalWireWebhook vectors>
        </SignalWireWebhook>
    </Location>
</VirtualHost>
EOT

each_mpm {
    my $s = server(
        files => { map { ("conf/keys$port_of{$_}" => [ join("\n", @{ $keys{$_} }), 0600 ]) } @keysets },
        conf  => <<'EOT' . $hosts);
SignalWirePublicURL request
SignalWireTrustedProxy 127.0.0.1
SignalWireMaxBody 2000000
ScriptAliasMatch "^" @APPS@/echo.cgi
EOT

    $s->log->expect(qr/SW01\d\d: \S+ .* refused \(vectors\)/, 'any');
    $s->log->expect(qr/SW0118: the body \(vectors\)/, 'any');
    my $scored = 0;
    for my $v (@vectors) {
        my ($head, $payload) = on_the_wire($v);
        my $client = SW::Client->new($s->port($port_of{ $v->{keyset} }));
        my $rejected = $v->{expect} eq 'reject';
        my $reply = $client->send($head, $payload)->response($v->{method});
        next if $v->{tier} eq 'info';
        $scored++;
        my %request = (body => decode_base64($v->{body_base64}));
        my $status = !$rejected ? 200 : ref $v->{reject_status} ? join '|', @{ $v->{reject_status} } : 403;
        check_reply($s, "$v->{expect} $v->{id}", \%request, $reply, qr/^(?:$status)$/,
                    app => $rejected ? '' : 'cgi');
    }
    is $scored, 269, 'all scored vectors were replayed';
};

finish;
done_testing;

# The bytes of a vector: target and fields exactly as written. What the
# client's side of https adds is said by forwarded fields.
sub on_the_wire {
    my ($v) = @_;
    my ($scheme, $user, $host, $target) = $v->{url} =~ m{\A(\w+)://(?:([^/?#]*)@)?([^/?#]*)(.*)\z}s;
    $target = "/$target" if $target !~ m{\A/};
    my @fields = (Host => $host);
    push @fields, 'X-Forwarded-Proto' => $scheme, 'X-Forwarded-Host' => $host if $scheme eq 'https';

    my %given = map { lc, 1 } keys %{ $v->{headers} };
    push @fields, Authorization => 'Basic ' . encode_base64(credentials($user), '')
        if defined $user && !$given{authorization};
    push @fields, 'Content-Type' => $v->{content_type} if defined $v->{content_type} && !$given{'content-type'};
    while (my ($name, $value) = each %{ $v->{headers} }) {
        push @fields, map { ($name => $_) } ref $value ? @$value : $value;
    }

    my ($framing, $payload) = framed($v);
    push @fields, @$framing, Connection => 'close';
    my $head = "$v->{method} $target HTTP/1.1\r\n";
    while (my ($name, $value) = splice @fields, 0, 2) { $head .= "$name: $value\r\n" }
    utf8::encode($head);
    return ("$head\r\n", $payload);
}

sub credentials {
    my ($user, $password) = map { s/%(..)/chr hex $1/ger } split /:/, $_[0], 2;
    return $user . ':' . ($password // '');
}

# transfer: "none", or "chunked[:SIZE][;ext]", else by length.
sub framed {
    my ($v) = @_;
    my $body = decode_base64($v->{body_base64});
    my $transfer = $v->{transfer} || '';
    return ([], '') if $transfer eq 'none';
    if ($transfer =~ /\Achunked(?::(\d+))?(;ext)?/) {
        my $payload = SW::Client->chunked($body, $1 || 4096);
        $payload =~ s/^([0-9a-f]+)\r\n/$1;name=value;q="a b"\r\n/ if $2;
        my %trailers = %{ $v->{trailers} || {} };
        my $trailers = join '', map { "$_: $trailers{$_}\r\n" } sort keys %trailers;
        $payload =~ s/\r\n\z/$trailers\r\n/;
        return ([ 'Transfer-Encoding' => 'chunked', %trailers ? (Trailer => join ', ', sort keys %trailers) : () ],
                $payload);
    }
    return ([], '') if $body eq '' && $v->{method} =~ /\A(?:GET|HEAD|DELETE)\z/;
    return ([ 'Content-Length' => length $body ], $body);
}
