# SPDX-License-Identifier: Apache-2.0
#
# How many user-mode instructions a request costs, as callgrind counts them in
# an httpd of one process over one kept connection. Unlike CPU time the number
# is the same on a loaded machine, so it can be held against a recorded one.
package SW::Instructions;
use strict;
use warnings;
use Exporter 'import';
use POSIX ();
use SW::Client;
use SW::Config;
use SW::Server;

our @EXPORT = qw(instructions hook versions hold_against_recorded);

# Start-up and the first requests are in both runs, hence not in their
# difference.
use constant RUNS => (100, 600);

# Libraries choose among variants of a function by the CPU. These variants are
# in every x86-64; other machines ignore the variables.
my @NOT_EVERYWHERE = qw(AVX AVX2 AVX512F AVX_Fast_Unaligned_Load BMI2 ERMS FSRM SSE4_1 SSE4_2);
my %PINNED = (
    OPENSSL_ia32cap => '0x20007000000:0',               # SSE2 and SSSE3
    GLIBC_TUNABLES  => 'glibc.cpu.hwcaps=' . join(',', map { "-$_" } @NOT_EVERYWHERE),
);

# SW_PROFILE names a file for callgrind_annotate, of the last run.
my $PROFILE = $ENV{SW_PROFILE} || '/dev/null';

# Instructions of one request. $requests makes a list of that many requests,
# as bytes; each must get a reply of status 200.
sub instructions {
    my ($conf, $files, $requests) = @_;
    my ($few, $many) = map { count($conf, $files, $requests->($_)) } RUNS;
    return ($many - $few) / ((RUNS)[1] - (RUNS)[0]);
}

# Instructions of a whole run of httpd.
sub count {
    my ($conf, $files, @requests) = @_;
    my $server = SW::Server->start(mpm => 'prefork', no_cgi => 1, files => $files, env => \%PINNED, conf => <<"EOT",
MaxKeepAliveRequests 0
KeepAliveTimeout 60
<VirtualHost *:*>
    ServerName hooks.example.com
    CustomLog /dev/null %h env=never
</VirtualHost>
$conf
EOT
        alone => 1, under => [ qw(valgrind --tool=callgrind --vgdb=no), "--callgrind-out-file=$PROFILE",
                   '--log-file=@ROOT@/run/callgrind.log' ]);
    chmod 0666, $PROFILE if -f $PROFILE;        # for the user that httpd drops to
    my $client = SW::Client->new($server->port, 60);
    for my $request (@requests) {
        my $reply = $client->send($request)->response;
        die 'status ', $reply ? $reply->status : 'none', ":\n$request\n" if !$reply || $reply->status != 200;
    }
    undef $client;
    my @complaints = $server->stop;
    die "@complaints\n" if @complaints;
    return ($server->read_file('run/callgrind.log') =~ /Collected : (\d+)/)[0] // die "callgrind counted nothing\n";
}

# Recorded figures: a line with the versions, then a line for each figure.

# What else the figures depend on.
sub versions {
    my ($httpd) = map { m{Apache/([\d.]+)} } qx("@{[ httpd() ]}" -v);
    my ($openssl) = map { /^(OpenSSL \S+)/ } qx(openssl version);
    chomp(my $libc = qx(getconf GNU_LIBC_VERSION));
    return join ', ', (POSIX::uname())[4], $libc, $openssl, "httpd $httpd", compiler();
}

# That of the module: "GCC: (Debian 12.2.0-14) 12.2.0".
sub compiler {
    open my $in, '<:raw', build_dir() . '/.libs/mod_signalwire.so' or die "no module: $!\n";
    local $/;
    return <$in> =~ /\0(GCC: [^\0]+|[^\0]*clang version [^\0]+)\0/ ? $1 : 'an unknown compiler';
}

# Versions, and figures by name.
sub read_figures {
    my ($file) = @_;
    open my $in, '<', $file or die "$file: $!\n";
    chomp(my ($versions, @lines) = grep { !/^#/ } <$in>);
    return ($versions, map { /^(.*\S) +(\d+)$/ } @lines);
}

sub write_figures {
    my ($file, @figures) = @_;
    open my $out, '>', $file or die "$file: $!\n";
    print {$out} <<'EOT', versions(), "\n";
# What a request costs above one to a null handler, in user-mode instructions.
# Written by t/bench/run --only instructions --record; the versions come first.
EOT
    printf {$out} "%-24s%d\n", splice @figures, 0, 2 while @figures;
    close $out or die "$file: $!\n";
}

# What figures of the same versions may differ by.
my $MORE_THAN_CHANCE = 1.03;

# A server that serves /hook by a null handler, with a block if one is given.
sub hook {
    my (@block) = @_;
    return <<"EOT" . (@block ? <<"EOT" : '') . "</Location>\n";
LoadModule swnull_module "@{[ build_dir() ]}/t/bench/.libs/mod_swnull.so"
<Location /hook>
    SetHandler swnull-document
EOT
    <SignalWireWebhook bench>
        SignalWireSigningKey \@KEY\@
        SignalWirePublicURL https://hooks.example.com
        @{[ join "\n        ", @block ]}
    </SignalWireWebhook>
EOT
}

sub hold_against_recorded {
    my ($opt, @figures) = @_;
    my %figure = @figures;
    my $file = source_dir() . '/t/bench/instructions.txt';
    return write_figures($file, @figures) if $opt->{record};
    my ($versions, %recorded) = read_figures($file);
    return print "  Recorded for $versions: not compared\n" if $versions ne versions();
    my @worse = grep { $figure{$_} > $recorded{$_} * $MORE_THAN_CHANCE } sort keys %recorded;
    printf "  %s: %d, recorded %d (%+.1f %%)\n", $_, $figure{$_}, $recorded{$_}, 100 * ($figure{$_} / $recorded{$_} - 1) for @worse;
    exit 1 if @worse && $opt->{check};
}

1;
