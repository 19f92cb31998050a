# SPDX-License-Identifier: Apache-2.0
#
# A private httpd on 127.0.0.1 below a directory of its own: made, started,
# reloaded, stopped. Needs no root; as root it drops to an ordinary user.
package SW::Server;
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp ();
use SW::Config;
use SW::ErrorLog;
use SW::Process;
use SW::Resources;
use Time::HiRes qw(sleep time);

my @memcheck = (qw(valgrind -q --vgdb=no --error-exitcode=99 --log-file=@ROOT@/run/valgrind.%p),
                '--suppressions=' . source_dir() . '/t/lib/valgrind.supp');

# Options: mpm (event), conf, files (path below the root => content or [content,
# mode]), env (of the httpd), under (a command that runs httpd), alone (httpd is
# one process), and those of SW::Config. Words between @ signs in conf, files and
# under are filled in, see SW::Resources.
sub new {
    my ($class, %opt) = @_;
    my $self = bless { mpm => 'event', conf => '', files => {}, %opt, owner => $$ }, $class;
    $self->{under} //= $ENV{SW_VALGRIND} ? \@memcheck : [];
    $self->{patience} = @{ $self->{under} } ? 6 : 1;
    $self->{dir} = File::Temp->newdir('sw-XXXXXX', TMPDIR => 1, CLEANUP => !$ENV{SW_KEEP});
    my $root = $self->{root} = $self->{dir}->dirname;
    chmod 0755, $root;
    make_path(map { "$root/$_" } qw(conf logs run htdocs));
    chmod 0777, "$root/run";        # for whoever httpd drops to
    $self->{resources} = SW::Resources->new($self);
    $self->{log} = SW::ErrorLog->new(map { "$root/logs/$_" } qw(start.log error.log));
    return $self;
}

sub root { $_[0]{root} }
sub mpm  { $_[0]{mpm} }
sub log  { $_[0]{log} }
sub pid  { $_[0]{process}->pid }
sub fill { $_[0]{resources}->fill($_[1]) }
sub port { my ($self, $n) = @_; return $self->fill('@PORT' . ($n // '') . '@') }

sub start {
    my ($self, %opt) = @_;
    $self = $self->new(%opt) if !ref $self;
    $self->write_files;
    for (1 .. 3) {
        return $self if $self->try_start;
        last if $self->start_text !~ /Address already in use/;
        unlink "$self->{root}/logs/start.log";
        $self->{resources}->forget_ports;
        $self->write_conf;
    }
    die "httpd did not start:\n", $self->start_text, $self->read_file('logs/error.log');
}

sub try_start {
    my ($self) = @_;
    my $log = "$self->{root}/logs/start.log";
    $self->{process} = SW::Process->start([ $self->command ], env => $self->environment,
                                          stdout => $log, stderr => $log);
    my $end = time + 20 * $self->{patience};
    while ($self->{process}->alive && time < $end) {
        return 1 if ($self->{alone} || $self->generations) && $self->{resources}->all_ports_answer;
        sleep 0.02;
    }
    $self->{process}->stop;
    return 0;
}

sub command {
    my ($self) = @_;
    return ((map { $self->fill($_) } @{ $self->{under} }),
            httpd(), '-f', "$self->{root}/conf/httpd.conf", $self->{alone} ? '-X' : '-DFOREGROUND');
}

# Temporary files of PHP stay below the root. SW_PRELOAD puts a sanitizer's
# runtime into httpd and nothing else.
sub environment {
    my ($self) = @_;
    my %env = (TMPDIR => "$self->{root}/run", %{ $self->{env} || {} });
    @env{qw(LD_PRELOAD ASAN_OPTIONS)} = ($ENV{SW_PRELOAD}, 'detect_leaks=0') if $ENV{SW_PRELOAD};
    return \%env;
}

# Reloads without dropping a request, with another configuration if one is
# given; returns when no child of the old one is left.
sub graceful {
    my ($self, $conf) = @_;
    $self->{conf} = $conf if defined $conf;
    $self->write_conf;
    my @old = $self->children;
    $self->reload;
    my $end = time + 10 * $self->{patience};
    sleep 0.01 while time < $end && grep { kill 0, $_ } @old;
}

# Returns as soon as the new generation serves.
sub reload {
    my ($self) = @_;
    my $before = $self->generations;
    kill USR1 => $self->pid;
    my $end = time + 20 * $self->{patience};
    while ($self->generations == $before) {
        die "httpd did not come back from a graceful restart:\n", $self->read_file('logs/error.log')
            if !$self->{process}->alive || time > $end;
        sleep 0.01;
    }
}

# The children of httpd's parent process, where the system can tell.
sub children {
    my ($self) = @_;
    my $pid = $self->pid;
    open my $in, '<', "/proc/$pid/task/$pid/children" or return;
    return split ' ', <$in> // '';
}

sub generations { scalar $_[0]{log}->lines(qr/resuming normal operations/) }

# Tells it to end when the last request has: returns at once.
sub end_gracefully {
    my ($self) = @_;
    kill WINCH => $self->pid;
    $self->{is_told} = 1;
}

# Whether it has ended by itself.
sub has_ended { my ($self) = @_; return !$self->{process}->alive }

# Ends the httpd and everything beside it. Returns the complaints: lines in
# the error log that were not announced, crashes, findings of valgrind.
sub stop {
    my ($self) = @_;
    return if !$self->{process};
    my @bad = $self->end_httpd;
    $self->{resources}->stop;
    $self->{log}->expect(qr/AH00045: child process \d+ still did not exit/, 'any') if @{ $self->{under} };
    push @bad, $self->{log}->complaints(0);
    push @bad, map { $self->read_file($_) } grep { -s "$self->{root}/$_" }
               map { s{\A\Q$self->{root}\E/}{}r } glob "$self->{root}/run/valgrind.*";
    return @bad;
}

# The pause: a thread of the event MPM that is just finishing a reply when
# SIGTERM comes may touch what the main thread has freed, and crash.
sub end_httpd {
    my ($self) = @_;
    my $process = delete $self->{process};
    sleep($self->{patience} > 1 ? 1 : 0.1);
    my $early = !$process->alive && !$self->{is_told};
    my $polite = $process->stop(15 * $self->{patience});
    my $signal = $process->status & 127;
    return $early ? 'httpd ended by itself, status ' . $process->status : !$polite ? 'httpd had to be killed'
        : $signal ? "httpd died of signal $signal" : ();
}

sub DESTROY {
    my ($self) = @_;
    local ($?, $@, $!);
    $self->stop if $self->{owner} == $$ && ${^GLOBAL_PHASE} ne 'DESTRUCT';
}

# Runs `httpd -t` over the configuration: whether it passed, and all output.
# `args` are further arguments for httpd, `memory` how many KiB it may have,
# `as` the user who asks (if root runs the tests).
sub configtest {
    my ($class, %opt) = @_;
    my $self = $class->new(%opt);
    $self->write_files;
    my $log = "$self->{root}/logs/configtest.log";
    my @command = (httpd(), '-t', @{ $opt{args} || [] }, '-f', "$self->{root}/conf/httpd.conf");
    unshift @command, '/bin/sh', '-c', "ulimit -v $opt{memory} && exec \"\$@\"", 'sh' if $opt{memory};
    unshift @command, 'setpriv', "--reuid=$opt{as}", '--regid=' . (getpwnam $opt{as})[3], '--clear-groups'
        if $opt{as};
    my $process = SW::Process->start(\@command,
        stdout => $log, stderr => $log, env => $self->environment);
    sleep 0.005 while $process->alive;
    $process->stop;
    $self->{resources}->stop;
    return ($process->status == 0, $self->read_file('logs/configtest.log'));
}

sub write_files {
    my ($self) = @_;
    my %file = ('conf/mime.types' => "text/html html\ntext/plain txt\n", %{ $self->{files} });
    for my $path (sort keys %file) {
        my ($content, $mode) = ref $file{$path} ? @{ $file{$path} } : $file{$path};
        $content = $self->fill($content) if $content !~ /\0/;       # a module has no words
        $self->write_file($path, $content, $mode);
    }
    $self->write_conf;
}

sub write_conf {
    my ($self) = @_;
    $self->write_file('conf/httpd.conf', $self->fill(server_config(%$self) . $self->{conf}));
}

# Writes a file below the root; one that starts with #! becomes executable.
sub write_file {
    my ($self, $path, $content, $mode) = @_;
    my $file = "$self->{root}/$path";
    make_path(dirname($file));
    open my $out, '>', $file or die "$file: $!\n";
    binmode $out;
    print {$out} $content;
    close $out or die "$file: $!\n";
    chmod $mode // ($content =~ /\A#!/ ? 0755 : 0644), $file;
    return $file;
}

sub read_file {
    my ($self, $path) = @_;
    open my $in, '<', "$self->{root}/$path" or return '';
    local $/;
    return <$in> // '';
}

sub start_text { $_[0]->read_file('logs/start.log') }

1;
