# SPDX-License-Identifier: Apache-2.0
#
# The smallest httpd configuration that the tests can share, as text.
package SW::Config;
use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter 'import';
use File::Basename qw(dirname);

our @EXPORT = qw(apxs httpd source_dir build_dir tools_dir server_config);

my $source = abs_path(__FILE__);
$source = dirname($source) for 1 .. 4;

sub source_dir { $source }
sub build_dir  { $ENV{SW_BUILDDIR} || $source }
sub tools_dir  { $ENV{SW_TOOLS} || build_dir() . '/.tools' }
sub httpd      { apxs('SBINDIR') . '/' . apxs('PROGNAME') }

my %answer;
sub apxs {
    my ($what) = @_;
    return $answer{$what} //= do {
        my $apxs = $ENV{APXS} || 'apxs';
        chomp(my $text = `$apxs -q $what`);
        die "$apxs -q $what says nothing\n" if $text eq '';
        $text;
    };
}

my @MODULES = qw(unixd log_config authn_core authz_core authz_host authz_user mime dir
                 alias env setenvif headers actions);

# Options: mpm, modules (more of httpd's, blank-separated), bare (without
# mod_signalwire), mod_php (its shared object), nameless (without ServerName),
# no_cgi (without mod_cgi[d]).
# @WORDS@ stay to be filled in.
sub server_config {
    my (%opt) = @_;
    my $name = $opt{nameless} ? '' : 'ServerName hooks.example.com';
    return join "\n", 'ServerRoot "@ROOT@"', load_modules(%opt), unprivileged(), mpm($opt{mpm}), $name, <<'EOT';
DefaultRuntimeDir "@ROOT@/run"
PidFile "@ROOT@/run/httpd.pid"
Listen 127.0.0.1:@PORT@
TypesConfig "@ROOT@/conf/mime.types"
ErrorLog "@ROOT@/logs/error.log"
LogLevel warn
CustomLog "@ROOT@/logs/access.log" "%h %l %u %t \"%r\" %>s %b"
DocumentRoot "@ROOT@/htdocs"
<IfModule cgid_module>
    ScriptSock "@ROOT@/run/cgi.sock"
</IfModule>
KeepAliveTimeout 3
Timeout 20
EOT
}

# Without a parent (httpd -X) nothing tells when the daemon of cgid is ready.
sub load_modules {
    my (%opt) = @_;
    my @cgi = $opt{no_cgi} ? () : $opt{mpm} eq 'prefork' || $opt{alone} ? 'cgi' : 'cgid';
    my %seen;
    my @lines = map { load($_, apxs('LIBEXECDIR') . "/mod_$_.so") }
                grep { !built_in($_) && !$seen{$_}++ }
                "mpm_$opt{mpm}", @MODULES, @cgi, split ' ', $opt{modules} || '';
    push @lines, load('php', $opt{mod_php}) if $opt{mod_php};
    push @lines, load('signalwire', build_dir() . '/.libs/mod_signalwire.so') if !$opt{bare};
    return @lines;
}

sub load { my ($name, $file) = @_; return "LoadModule ${name}_module \"$file\"" }

my $built_in;
sub built_in {
    my ($name) = @_;
    $built_in //= do { my $httpd = httpd(); `$httpd -l` };
    return $built_in =~ /^\s+(?:mod_)?\Q$name\E\.c$/m;
}

# As root, httpd needs an ordinary user to drop to.
sub unprivileged {
    return () if $>;
    for my $name (qw(www-data apache daemon nobody)) {
        my $gid = (getpwnam $name)[3] or next;
        return ("User $name", 'Group ' . getgrgid $gid);
    }
    return ();
}

sub mpm {
    my ($mpm) = @_;
    return <<'EOT' if $mpm eq 'prefork';
StartServers 2
MinSpareServers 1
MaxSpareServers 4
MaxRequestWorkers 12
EOT
    return <<'EOT';
StartServers 1
ServerLimit 2
ThreadsPerChild 16
MaxRequestWorkers 32
MinSpareThreads 1
MaxSpareThreads 32
EOT
}

1;
