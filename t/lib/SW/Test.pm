# SPDX-License-Identifier: Apache-2.0
#
# What a server test says: a configuration, requests, the replies and the log
# lines that belong to them. A log line that no test announced is a failure.
package SW::Test;
use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use Exporter ();
use SW::Client;
use SW::Config;
use SW::Process;
use SW::Request;
use SW::Response;
use SW::Server;
use SW::Sign;
use Test::More;

our @EXPORT = (@Test::More::EXPORT, @SW::Request::EXPORT, @SW::Sign::EXPORT,
               qw(each_mpm server finish answers check_reply talk talk_in_turn curl command program need
                  has_hiredis refuses passes));

my (@servers, $mpm);

sub import {
    $_->import for qw(strict warnings);
    goto &Exporter::import;
}

# Runs the block once for each MPM (SW_MPM chooses), as a subtest.
sub each_mpm(&) {
    my ($test) = @_;
    for my $name (split ' ', $ENV{SW_MPM} || 'event prefork') {
        $mpm = $name;
        subtest $name => sub { $test->($name); finish() };
        undef $mpm;
    }
}

# A started httpd, stopped and judged by finish(). Options: SW::Server.
sub server {
    my $s = SW::Server->start(mpm => $mpm || 'event', @_);
    push @servers, $s;
    return $s;
}

# Stops what was started. At the end of a test file: finish; done_testing;
sub finish {
    while (my $s = shift @servers) {
        my @bad = $s->stop;
        ok !@bad, "the log of httpd ($s->{mpm}) holds nothing else" or diag join "\n", @bad;
    }
}

END { fail('finish() was called') if @servers && !$? }

# Sends the request and compares the reply. Beside the status:
#   log      patterns of loud log lines that this request must cause
#   body     the reply's body, a string or a pattern
#   fields   reply fields; report: members of the application's report;
#   env      the application's environment (undef: must not be there)
#   app      which application must have answered
# A reply made by an application must say that the body arrived whole; one
# that is an error must come from no application.
sub answers {
    my ($s, $name, $request, $status, %want) = @_;
    $s->log->expect($_) for listed($want{log});
    my $reply = $want{via} ? $want{via}->($s, $request) : talk($s, $request);
    check_reply($s, $name, $request, $reply, $status, %want);
    return $reply;
}

sub check_reply {
    my ($s, $name, $request, $reply, $status, %want) = @_;
    my @bad = $reply ? faults($request, $reply, $status, %want) : 'no reply';
    push @bad, $s->log->complaints;
    ok !@bad, $name or diag join "\n", @bad;
    return !@bad;
}

sub faults {
    my ($request, $reply, $status, %want) = @_;
    my @bad;
    my $see = sub {
        my ($what, $got, $expected) = @_;
        my $good = !defined $expected ? !defined $got
            : !defined $got ? 0 : ref $expected ? $got =~ $expected : $got eq $expected;
        push @bad, "$what: got " . ($got // 'nothing') . ', expected ' . ($expected // 'nothing') if !$good;
    };
    $see->('status', $reply->status, $status);
    $see->('body', $reply->body, $want{body}) if exists $want{body};
    my $app = $reply->header('X-App');
    $see->('application', $app, $want{app} // ($status < 400 ? qr// : ''));
    $see->('body at the application', $reply->header('X-Body-SHA256'),
           sha256_hex($want{seen} // $request->{body})) if $app ne '';
    $see->("field $_", $reply->header($_), $want{fields}{$_}) for sort keys %{ $want{fields} || {} };
    $see->("report $_", $reply->report->{$_}, $want{report}{$_}) for sort keys %{ $want{report} || {} };
    $see->("environment $_", $reply->env($_), $want{env}{$_}) for sort keys %{ $want{env} || {} };
    return @bad;
}

# One request on a connection of its own.
sub talk {
    my ($s, $request) = @_;
    my $client = SW::Client->new($s->port($request->{port}));
    return $client->send(bytes_of($request))->response($request->{method});
}

# The same after all earlier ones: on one connection, where httpd has logged and
# counted a request before it reads the next.
sub talk_in_turn {
    my ($s, $request) = @_;
    my $client = delete $s->{in_turn};
    $client = SW::Client->new($s->port) if !$client || $client->has_ended;
    my $reply = $client->send(bytes_of({ %$request, keep => 1 }))->response($request->{method});
    $s->{in_turn} = $client if $reply;
    return $reply;
}

# The same request by curl, for what needs HTTP/2 or TLS.
sub curl {
    my ($s, $request, $scheme, @options) = @_;
    $s->write_file('run/curl.body', $request->{body});
    my @fields = (Host => $request->{host}, Expect => '', fields_of($request));
    my @args = ('-sS', '-i', '-k', '--path-as-is', '-m', 20, '-X', $request->{method}, @options);
    push @args, '--data-binary', '@' . $s->root . '/run/curl.body' if $request->{body} ne '';
    while (my ($name, $value) = splice @fields, 0, 2) { push @args, '-H', $value eq '' ? "$name:" : "$name: $value" }
    my $origin = "$scheme://127.0.0.1:" . $s->port($request->{port});
    my (undef, $text) = command('curl', @args, $origin . $request->{target});
    return SW::Response->parse($text);
}

# Runs a program to its end: exit status and what it printed.
sub command {
    my (@command) = @_;
    my $out = File::Temp->new;
    my $process = SW::Process->start(\@command, stdout => "$out", stderr => "$out");
    select undef, undef, undef, 0.01 while $process->alive;
    $process->stop;
    local $/;
    return ($process->status >> 8 || $process->status, scalar <$out>);
}

# Where a program is, or nothing.
sub program { my ($name) = @_; return (grep { -x } map { "$_/$name" } split /:/, $ENV{PATH})[0] }

# Whether something outside the project is installed. Where it may be missing
# the test is skipped; in CI nothing may be missing.
sub need {
    my ($what, $have) = @_;
    return 1 if $have;
    if ($ENV{CI}) { fail("$what is installed") }
    else { Test::More->builder->skip("$what is not installed") }
    return 0;
}

# Whether the module was built with hiredis: without it there is no Redis.
sub has_hiredis {
    return (SW::Server->configtest(conf => 'SignalWireOnceCache redis:redis://127.0.0.1'))[1] !~ /built without hiredis/;
}

# Configurations that configtest must refuse, or let pass. What it prints must
# match every pattern; if it passes without any pattern, it must say nothing.
sub refuses { verdict(0, @_) }
sub passes  { verdict(1, @_) }

sub verdict {
    my ($pass, $name, $conf, $patterns, %opt) = @_;
    my ($ok, $text) = SW::Server->configtest(mpm => $mpm || 'event', conf => $conf, %opt);
    my @bad = map { "does not match $_" } grep { $text !~ $_ } listed($patterns);
    push @bad, 'says something' if $pass && !defined $patterns && $text !~ /\A(?:Syntax OK\n)+\z/;
    push @bad, $ok ? 'passed' : 'was refused' if $ok != $pass;
    ok !@bad, $name or diag join "\n", @bad, $text;
}

sub listed { my ($one) = @_; return !defined $one ? () : ref $one eq 'ARRAY' ? @$one : $one }

1;
