# SPDX-License-Identifier: Apache-2.0
#
# The other side of t/apps/count.* and slow.*: a directory in which applications
# tell of their runs, and are told what to do; and how a server has them.
package SW::Runs;
use strict;
use warnings;
use File::Temp ();
use SW::Client;
use SW::Request;
use Time::HiRes qw(sleep time);

sub new {
    my ($class) = @_;
    my $dir = File::Temp->newdir;
    chmod 0777, $dir;
    return bless { dir => $dir, words => 0 }, $class;
}

sub dir { return "$_[0]{dir}" }

# The application of that name as CGI, as PHP and, at $port, proxied.
sub conf {
    my ($self, $app, $mpm, $port) = @_;
    my $php = $mpm eq 'event' ? qq(<Location /php>\n    SetHandler "\@FPM\@"\n</Location>)
                              : 'AddType application/x-httpd-php .php';
    return <<"EOT";
SetEnv DONE        $self->{dir}
ScriptAlias /cgi   \@APPS\@/$app.cgi
Alias /php         \@APPS\@/$app.php
ProxyPass /proxied http://127.0.0.1:$port/cgi
$php
<Directory "\@APPS\@">
    AcceptPathInfo On
    Require all granted
</Directory>
<IfModule http2_module>
    Protocols h2c http/1.1
</IfModule>
EOT
}

# What such a server needs, of which $php is SW::PHP's.
sub modules {
    my ($self, $mpm, $php, $more) = @_;
    my $modules = 'proxy proxy_http proxy_fcgi ' . ($more // '');
    return $mpm eq 'event' ? (modules => "$modules http2") : (modules => $modules, mod_php => $php);
}

# The one that /proxied leads to.
sub backend_conf {
    my ($self, $app) = @_;
    return "SetEnv DONE $self->{dir}\nScriptAlias /cgi \@APPS\@/$app.cgi\n";
}

# A word that nobody has used, for a callback of its own. What its application
# does: wait; reply => "STATUS TYPE\nBODY".
sub word {
    my ($self, $kind, %how) = @_;
    my $word = "$kind-" . ++$self->{words};
    $self->write("$word.wait", '') if $how{wait};
    $self->write("$word.reply", $how{reply}) if defined $how{reply};
    return $word;
}

sub write {
    my ($self, $file, $text) = @_;
    open my $out, '>', "$self->{dir}/$file" or die "$self->{dir}/$file: $!\n";
    print {$out} $text;
    close $out;
}

sub lines {
    my ($self, $file) = @_;
    open my $in, '<', "$self->{dir}/$file" or return;
    chomp(my @lines = <$in>);
    return @lines;
}

# How often the application of a word has begun, and come to its end.
sub runs  { my ($self, $word) = @_; return scalar grep { $_ eq $word } $self->lines('runs') }
sub ended { my ($self, $word) = @_; return scalar grep { $_ eq $word } $self->lines('ended') }

sub let_go { my ($self, $word) = @_; $self->write("$word.go", '') }

# The status callback of a call of that name, to an application at /APP.
sub callback {
    my ($self, $app, $word, %more) = @_;
    return POST("/$app/$word", form => "CallSid=$word&From=%2B1555&CallStatus=completed&SequenceNumber=3",
                sign => 'form', %more);
}

# Whether what is asked comes true in a while.
sub comes {
    my ($self, $what) = @_;
    my $end = time + ($ENV{SW_VALGRIND} ? 60 : 10);
    sleep 0.005 while !$what->() && time < $end;
    return $what->();
}

# Sends a request to whose reply nobody listens yet: the client.
sub begin {
    my ($self, $s, $request) = @_;
    return SW::Client->new($s->port)->send(bytes_of $request)->flush;
}

sub begins { my ($self, $word) = @_; return $self->comes(sub { $self->runs($word) }) }
sub ends   { my ($self, $word) = @_; return $self->comes(sub { $self->ended($word) }) }

1;
