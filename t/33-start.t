# SPDX-License-Identifier: Apache-2.0
# What configtest refuses since this machine could not start with it: logs that
# nobody may write, memory that is not there.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

my %files;

# A block, named x, that holds these settings, in a section.
sub block {
    my ($settings) = @_;
    return "<Location /x>\n<SignalWireWebhook x>\n$settings\n</SignalWireWebhook>\n</Location>\n";
}

subtest 'a log that this user cannot write' => sub {
    my @user = $> ? () : (as => 'nobody');
    plan skip_all => 'there is no nobody' if @user && !getpwnam 'nobody';
    local $files{'logs/locked'} = [ '', 0400 ];
    # Where that user can read it: the build tree may be somebody's own.
    my $module = do {
        open my $in, '<:raw', SW::Config::build_dir() . '/.libs/mod_signalwire.so' or die "the module: $!\n";
        local $/; <$in>;
    };
    local $files{'conf/module.so'} = [ $module, 0644 ];
    @user = (@user, bare => 1, files => \%files);
    my $load = 'LoadModule signalwire_module "@ROOT@/conf/module.so"';
    my $denied = sub { qr/expected a file $_[0]: Permission denied/ };
    my $log = "SignalWireVerify off\nSignalWireEventLog";
    refuses 'the file', "$load\n" . block("$log logs/locked"), $denied->('that can be written'), @user;
    refuses 'the directory', "$load\n" . block("$log /usr/x.log"), $denied->('in a directory that may be written to'), @user;
    passes 'of their own', "$load\n" . block("$log run/x.log"), undef, @user;
};

subtest 'shared memory' => sub {
    plan skip_all => 'a sanitizer maps more memory than is allowed here' if $ENV{SW_PRELOAD};
    my @small = (memory => 2_000_000);
    my $conf = block("SignalWireVerify off\nSignalWireOnce On");
    my $table = "SignalWireOnceCache local:1000000\n";
    refuses 'of claims', $table . $conf, qr/SW0028: SignalWireOnceCache local 1000000: expected a smaller number/, @small;
    passes 'less of it', "SignalWireOnceCache local:1000\n$conf", undef, @small;
    passes 'no Once', $table . block('SignalWireVerify off'), undef, @small;
    refuses 'of the board', "SignalWireStatusSize 100000\n$conf", qr/SW0028: SignalWireStatusSize 100000: expected/,
        memory => 180_000;
};

# httpd does not go on where it was started.
subtest 'exec: below ServerRoot' => sub {
    local $files{'conf/tells'} = "#!/bin/sh\necho hidden\n";
    passes 'exec:conf/tells', "SignalWireSigningKey exec:conf/tells\n" . block('SignalWireVerify off'), undef,
        files => \%files;
};

done_testing;
