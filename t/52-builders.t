# SPDX-License-Identifier: Apache-2.0
# The documents of other people's builders pass the guard as they are: those of
# two npm packages, and what the tests of libraries for Python, Ruby and PHP
# expect (t/documents/library). As templates they are good by their form, and
# those of documented verbs by the schema.
use FindBin; use lib "$FindBin::Bin/lib";
use File::Temp ();
use JSON::PP ();
use SW::Fields;
use SW::Test;

my $replies = File::Temp->newdir;
chmod 0755, $replies;
my $peers = SW::Config::tools_dir() . '/peer';
my @documents = of_libraries();
push @documents, built() if need('Node.js', program('node')) && need('the packages of t/peer', -d "$peers/node_modules/twilio");
cmp_ok scalar(@documents), '>=', 20, scalar(@documents) . ' documents';

my $s = server(conf => <<"EOT_CONF");
SignalWireSigningKey \@KEY\@
SignalWirePublicURL  https://hooks.example.com
SetEnv REPLIES       $replies
ScriptAlias /voice   \@APPS\@/bad.cgi
<Location /voice>
    <SignalWireWebhook voice>
        SignalWireGuard On
    </SignalWireWebhook>
</Location>
EOT_CONF

my %asking = (call => fixture('voice.incoming.form', '/voice/now'), swml => fixture('swml.call.json', '/voice/now'),
              message => fixture('message.incoming.form', '/voice/now'), fax => fixture('fax.incoming.form', '/voice/now'));
for my $document (@documents) {
    my ($name, $channel, $text) = @$document{qw(name channel text)};
    my $type = $text =~ /\A</ ? 'application/xml' : 'application/json';
    open my $out, '>:raw', "$replies/now" or die "$replies/now: $!\n";
    print {$out} "Content-Type: $type\n\n$text";
    close $out or die "$replies/now: $!\n";
    answers $s, $name, $asking{ $type =~ /json/ ? 'swml' : $channel }, 200, app => '', body => $text,
        fields => { 'Content-Type' => $type };
}
finish;

# All at once; the schema does not know <Client>.
my %files = map { ("conf/$_" => $documents[$_]{text}) } grep { $documents[$_]{text} =~ /\A</ } 0 .. $#documents;
my @names = sort keys %files;
my $lines = sub { my ($check, @files) = @_; return join "\n", map { "SignalWireAnswer cxml $_ check=$check \"expr=true\"" } @files };
passes 'as templates, by the schema', $lines->('schema', grep { $files{$_} !~ /<Client/ } @names), undef, files => \%files;
passes 'as templates, by the form', $lines->('form', @names), qr/Syntax OK/, files => \%files;

done_testing;

sub of_libraries {
    my @files = glob SW::Config::source_dir() . '/t/documents/library/*';
    return map { { name => m{([^/]+)\z}, channel => /message/ ? 'message' : /fax/ ? 'fax' : 'call', text => slurp($_) } } @files;
}

sub built {
    my ($status, $out) = command('node', "$FindBin::Bin/peer/documents.js", $peers);
    die "node failed: $out\n" if $status;
    return map { utf8::encode($_->{text}); $_ } @{ JSON::PP->new->utf8->decode($out) };
}

sub slurp {
    my ($file) = @_;
    open my $in, '<:raw', $file or die "$file: $!\n";
    local $/;
    return scalar <$in>;
}
