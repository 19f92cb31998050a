# SPDX-License-Identifier: Apache-2.0
#
# swhook, the command line tool, as tests run it: in a directory of its own, with
# a key in its environment.
package SW::Tool;
use strict;
use warnings;
use Exporter 'import';
use File::Temp ();
use JSON::PP;
use SW::Config;
use SW::Sign;
use Test::More ();

our @EXPORT = qw(tool tool_dir tool_conf swhook report can_send said file slurp);
our @env = (SIGNALWIRE_SIGNING_KEY => KEY);

our $tool = SW::Config::build_dir() . '/swhook';
my @under = $ENV{SW_VALGRIND} ? qw(valgrind -q --error-exitcode=99 --leak-check=full) : ();
my $dir = File::Temp->newdir;
my @said;        # all that it has ever printed

sub tool     { return $tool }
sub tool_dir { return "$dir" }
sub said     { return join '', @said }

# An application at /cgi for the public URL, an answer at /here for its own.
sub tool_conf {
    return <<'EOT';
SignalWireSigningKey @KEY@
ScriptAlias /cgi @APPS@/echo.cgi
<Location /cgi>
    <SignalWireWebhook public>
        SignalWirePublicURL https://hooks.example.com
    </SignalWireWebhook>
</Location>
<Location /here>
    <SignalWireWebhook here>
        SignalWirePublicURL http://127.0.0.1:@PORT@
        SignalWireAnswer ack event=message.incoming
    </SignalWireWebhook>
</Location>
EOT
}

# Runs it: exit status, standard output and error. undef: no input.
sub swhook {
    my ($input, @args) = @_;
    my $in  = defined $input ? file('stdin', $input) : '/dev/null';
    my $err = "$dir/stderr";
    my $pid = open(my $out, '-|') // die "fork: $!\n";
    if (!$pid) {
        delete $ENV{SIGNALWIRE_SIGNING_KEY};
        %ENV = (%ENV, @env);
        open STDIN, '<', $in or die;
        open STDERR, '>', $err or die;
        exec @under, $tool, @args or die;
    }
    local $/;
    my $text = <$out> // '';
    close $out;
    my @result = ($? >> 8 || $?, $text, slurp($err));
    # A key on a command line is the caller's; a refusal must not repeat it.
    push @said, @result[1, 2];
    return @result;
}

# With --json: what it says. --load may tell its progress beside it.
sub report {
    my ($input, $command, @args) = @_;
    my (undef, $out, $err) = swhook($input, $command, '--json', @args);
    $err =~ s/^swhook: \d+ of \d+, \d+ a second\n//gm;
    my $report = eval { decode_json($out) };
    Test::More::ok ref $report eq 'HASH' && $out =~ /\A[^\n]+\n\z/ && $err eq '', "$command: an object of JSON on one line"
        or Test::More::diag "@args: $out$err";
    return $report || {};
}

# Is libcurl in this build?
sub can_send { return (swhook('', 'send'))[2] !~ /built with libcurl/ }

# A file in its directory.
sub file {
    my ($name, $content, $mode) = @_;
    open my $out, '>:raw', "$dir/$name" or die "$name: $!\n";
    print {$out} $content;
    close $out or die "$name: $!\n";
    chmod $mode // 0644, "$dir/$name";
    return "$dir/$name";
}

sub slurp { my ($file) = @_; open my $in, '<:raw', $file or die "$file: $!\n"; local $/; return <$in> // '' }

1;
