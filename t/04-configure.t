# SPDX-License-Identifier: Apache-2.0
# configure stops early where the module could not work: httpd or APR too old, mutexes
# that do not survive the death of a child; and where a library that was asked for
# is absent. Others it does without.
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

# Neither libcurl nor hiredis, as pkg-config sees it; configure looks for libcurl first.
open my $script, '>', "$dir/pkg-config" or die;
print {$script} <<'EOT';
#!/bin/sh
case "$*" in *libcurl* | *hiredis*) echo "absent: $*"; exit 1 ;; esac
exec pkg-config "$@"
EOT
close $script or die;
chmod 0755, "$dir/pkg-config";
my @asked = ("PKG_CONFIG=$dir/pkg-config", '--with-hiredis');
my $absent = qr/error: absent: .*hiredis/;
stops('no hiredis', '', qr/WARNING: no libcurl: swhook cannot send\n.*$absent/s, @asked);
stops('no hiredis, --without-curl', '', qr/\A(?!.*libcurl).*$absent/s, @asked, '--without-curl');

done_testing;

sub stops {
    my ($name, $flags, $says, @options) = @_;
    my ($status, $text) = command('sh', '-c', 'cd "$1" && shift && ./configure "$@"', 'sh', "$dir", "CPPFLAGS=$flags",
        $ENV{APXS} ? "--with-apxs=$ENV{APXS}" : (), @options);
    isnt $status, 0, "$name: configure stops";
    like $text, $says, "$name: and says why";
}
