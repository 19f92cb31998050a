# SPDX-License-Identifier: Apache-2.0
#
# Finds PHP (of the system, or unpacked below the build tree) and runs a
# private PHP-FPM, without the system's php.ini.
package SW::PHP;
use strict;
use warnings;
use SW::Config;
use SW::Process;
use Time::HiRes qw(sleep time);

sub fpm     { found(map { "$_/usr/sbin/php-fpm*" } tools_dir() . '/php-fpm', '') }
sub mod_php { found(tools_dir() . '/mod_php/usr/lib/apache2/modules/libphp*.so') }
sub found   { (grep { -f } map { glob } @_)[0] }

# Returns the path of its socket, and the process.
sub start_fpm {
    my ($server) = @_;
    my $fpm = fpm() or die "PHP-FPM is not installed\n";
    my $root = $server->root;
    my $socket = "$root/run/fpm.sock";
    my ($user, $group) = map { lcfirst =~ s/ / = /r } SW::Config::unprivileged();
    $server->write_file('conf/fpm.conf', join "\n", '[global]', "error_log = $root/logs/fpm.log",
        '[www]', $user // (), $group // (), "listen = $socket", 'listen.mode = 0666',
        'pm = static', "pm.max_children = 2\n");
    my $log = "$root/logs/fpm.start.log";
    my $process = SW::Process->start([ $fpm, '-n', '-F', '-y', "$root/conf/fpm.conf" ],
                                     stdout => $log, stderr => $log, env => { TMPDIR => "$root/run" });
    my $end = time + 10;
    sleep 0.02 while !-S $socket && $process->alive && time < $end;
    die "PHP-FPM did not start: ", $server->read_file('logs/fpm.start.log'),
        $server->read_file('logs/fpm.log') if !-S $socket;
    return ($socket, $process);
}

1;
