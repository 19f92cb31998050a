# SPDX-License-Identifier: Apache-2.0
#
# What the words between @ signs in a test's configuration stand for. Each
# thing is made or started when it is first mentioned:
#
#   @ROOT@      the server's directory      @KEY@ @KEY2@  signing key sources
#   @PORT@      its port; @PORT2@ and so on further ports that it listens on
#   @UNUSED@    a port nobody listens on    @CERT@        certificate and key
#   @APPS@      a copy of t/apps            @BACKEND@     an HTTP backend
#   @FPM@       a PHP-FPM, as SetHandler wants it
#   @UWSGI@     a backend that speaks uwsgi
package SW::Resources;
use strict;
use warnings;
use File::Copy ();
use IO::Socket::INET;
use SW::Backend;
use SW::Config;
use SW::PHP;
use SW::Process;
use SW::Sign;
use Time::HiRes qw(sleep time);

sub new {
    my ($class, $server) = @_;
    return bless { root => $server->root, server => $server, word => {}, processes => [] }, $class;
}

sub fill {
    my ($self, $text) = @_;
    $text =~ s/\@([A-Z]+)(\d*)\@/$self->{word}{"$1$2"} \/\/= $self->value($1, $2)/ge;
    return $text;
}

sub value {
    my ($self, $word, $number) = @_;
    my $root = $self->{root};
    return $root                                 if $word eq 'ROOT';
    return $self->another_port                   if $word eq 'PORT' || $word eq 'UNUSED';
    return $self->key_file("key$number", $number ? KEY2 : KEY) if $word eq 'KEY';
    return $self->copy_apps                      if $word eq 'APPS';
    return $self->certificate                    if $word eq 'CERT';
    return $self->backend('http')                if $word eq 'BACKEND';
    return $self->backend('uwsgi')               if $word eq 'UWSGI';
    return $self->fpm                            if $word eq 'FPM';
    die "unknown word \@$word$number\@ in a configuration\n";
}

# One that no other word stands for: the system may give the same again.
sub another_port {
    my ($self) = @_;
    my %taken = map { ($_ => 1) } grep { defined } @{ $self->{word} }{ grep { /^(?:PORT|UNUSED)/ } keys %{ $self->{word} } };
    my $port;
    do { $port = free_port() } while $taken{$port};
    return $port;
}

sub free_port {
    my $socket = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1', ReuseAddr => 1)
        or die "no free port: $!\n";
    return $socket->sockport;
}

sub forget_ports { my ($self) = @_; delete @{ $self->{word} }{ grep { /^PORT/ } keys %{ $self->{word} } } }

sub all_ports_answer {
    my ($self) = @_;
    for my $word (grep { /^PORT/ } keys %{ $self->{word} }) {
        return 0 if !IO::Socket::INET->new(PeerAddr => "127.0.0.1:$self->{word}{$word}");
    }
    return 1;
}

sub key_file {
    my ($self, $name, $key) = @_;
    return 'file:' . $self->{server}->write_file("conf/$name", "$key\n", 0600);
}

sub copy_apps {
    my ($self) = @_;
    for my $file (glob source_dir() . '/t/apps/*') {
        my ($name) = $file =~ m{([^/]+)\z};
        my $copy = $self->{server}->write_file("apps/$name", '');
        File::Copy::copy($file, $copy) or die "$file: $!\n";
        chmod -x $file ? 0755 : 0644, $copy;
    }
    return "$self->{root}/apps";
}

sub certificate {
    my ($self) = @_;
    my $file = "$self->{root}/conf/tls.pem";
    my @make = (split(' ', 'openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 2'
        . ' -subj /CN=hooks.example.com -addext basicConstraints=critical,CA:FALSE'),
        '-keyout', "$file.key", '-out', $file);
    my $log = "$self->{root}/logs/openssl.log";
    my $process = SW::Process->start(\@make, stdout => $log, stderr => $log);
    sleep 0.01 while $process->alive;
    $process->stop;
    die "no certificate: " . $self->{server}->read_file('logs/openssl.log') if $process->status;
    my $text = join '', map { $self->{server}->read_file("conf/$_") } qw(tls.pem.key tls.pem);
    $self->{server}->write_file('conf/tls.pem', $text);
    return $file;
}

sub backend {
    my ($self, $protocol) = @_;
    my ($port, $process) = SW::Backend->start($protocol);
    push @{ $self->{processes} }, $process;
    return "$protocol://127.0.0.1:$port";
}

sub fpm {
    my ($self) = @_;
    my ($socket, $process) = SW::PHP::start_fpm($self->{server});
    push @{ $self->{processes} }, $process;
    return "proxy:unix:$socket|fcgi://localhost";
}

sub stop {
    my ($self) = @_;
    $_->stop for splice @{ $self->{processes} };
}

1;
