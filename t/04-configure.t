# SPDX-License-Identifier: Apache-2.0
# configure stops early where the module could not work: httpd or APR too old, mutexes
# that do not survive the death of a child.
use FindBin; use lib "$FindBin::Bin/lib";
use File::Temp ();
use SW::Test;

my $top = SW::Config::source_dir();
plan skip_all => 'needs ./configure' if !-x "$top/configure";

# In a directory of its own, since the source may be configured already.
my $dir = File::Temp->newdir;
command('cp', '-r', map({ "$top/$_" } qw(configure build-aux Makefile.in mod_signalwire.c)), "$dir");

stops('no robust mutexes', '-Dpthread_mutexattr_setrobust=absent_function',
    qr/pthread_mutexattr_setrobust\(\) is needed: without it a child that dies/);
stops('APR 1.5', '-DAPR_VERSION_H -DAPR_VERSION_AT_LEAST(a,b,c)=(b<6)',
    qr/APR 1\.6 or newer is needed, for apr_sockaddr_info_copy\(\)/);
stops('httpd 2.4.41', '-DAPACHE_AP_MMN_H -DAP_MODULE_MAGIC_AT_LEAST(a,b)=(b<=88)',
    qr/httpd 2\.4\.47 or newer is needed, for ap_ssl_conn_is_ssl\(\)/);

done_testing;

sub stops {
    my ($name, $flags, $says) = @_;
    my ($status, $text) = command('sh', '-c', 'cd "$1" && shift && ./configure "$@"', 'sh', "$dir", "CPPFLAGS=$flags",
        $ENV{APXS} ? "--with-apxs=$ENV{APXS}" : ());
    isnt $status, 0, "$name: configure stops";
    like $text, $says, "$name: and says why";
}
