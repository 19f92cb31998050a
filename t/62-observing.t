# SPDX-License-Identifier: Apache-2.0
# What docs/observing.md tells administrators to type: the questions to the log,
# what Prometheus is to read, and the alerts.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;
use Time::HiRes qw(sleep);

my $page = slurp(SW::Config::source_dir() . '/docs/observing.md');

my $s = server(conf => <<'EOT');
SignalWireSigningKey @KEY@
SignalWirePublicURL  https://hooks.example.com
SignalWireEventLog   logs/signalwire.log
<Location /sms>
    <SignalWireWebhook messages>
        SignalWireAnswer ack
    </SignalWireWebhook>
</Location>
<Location /signalwire-status>
    SetHandler signalwire-status
</Location>
EOT

sub callback { my ($form, %more) = @_; return talk_in_turn($s, POST('/sms', form => $form, sign => 'form', %more))->status }

callback("MessageSid=$_->[0]&MessageStatus=$_->[1]&ErrorCode=$_->[2]") for [qw(m1 sent), ''], [qw(m1 delivered), ''],
    [qw(m1 delivered), ''], [qw(m2 failed 30003)], [qw(m3 undelivered 30005)], [qw(m4 failed 30003)];
callback("CallSid=8dbe500d-dfdb-5505-8986-daef6e9c9347&CallStatus=$_&SequenceNumber=1&From=1&To=2") for qw(ringing completed);
$s->log->expect(qr/SW0103/, 2);
callback('MessageSid=m5&MessageStatus=delivered', key => 'wrong') for 1, 2;
talk_in_turn($s, GET('/signalwire-status'));       # then all above are logged

subtest 'the log' => sub {
    need 'jq', program('jq') or return;
    my $log = $s->read_file('logs/signalwire.log');
    # Nobody waits here for one that takes so long.
    $s->write_file('logs/signalwire.log', $log . $log =~ s/"ms":[\d.]+/"ms":5000.1/r =~ s/\n.*//sr . "\n");
    my @asked = $page =~ /^    (jq .*(?:\n {11}.*)*)$/mg;
    my @answers = (
        [ qr/\A\s+2 messages\tsignature-mismatch\t\/sms\n\z/, 'why refused' ],
        [ qr/\A0\.25\n\z/, 'the delivery rate' ],
        [ qr/\A\s+2 30003\n\s+1 30005\n\z/, 'codes, the most frequent first' ],
        [ qr/\A\{.*"ms": 5000\.1\s*\}\n\z/s, 'what took long' ],
        [ qr/\A(?:\{[^}]*"status": "(?:ringing|completed)"[^}]*"reply": 200\s*\}\n){2}\z/s, 'one call' ],
        [ qr/\A(?:\{"time":.*\}\n){11}\z/, 'the lines that are JSON' ],
    );
    is scalar @asked, scalar @answers, 'the questions of the page';
    for my $question (@asked) {
        my ($want, $name) = @{ shift @answers };
        my ($status, $out) = command('sh', '-c', "cd '@{[ $s->root ]}/logs' && $question");
        is $status, 0, "$name: can be asked" or diag $question;
        like $out, $want, $name;
    }
};

subtest 'Prometheus' => sub {
    need 'promtool', program('promtool') or return;
    my $metrics = talk($s, GET('/signalwire-status?prometheus'))->body;
    my %is_metric = map { $_ => 1 } $metrics =~ /^# TYPE (\w+)/gm;
    my ($table) = $page =~ /^\| metric \|(.*?)\n\n/ms;
    is_deeply [ sort $table =~ /`(signalwire_\w+)`/g ], [ sort keys %is_metric ], 'the metrics are those of the page';
    my ($scrape, $rules) = $page =~ /^```yaml\n(.*?)^```/gms;
    is promtool('config', check => 'config', '--syntax-only', $s->write_file('run/prometheus.yml', $scrape)), '', 'it can be told to read';
    my $file = $s->write_file('run/rules.yml', $rules);
    is promtool('rules', check => 'rules', $file), '', 'the alerts can be loaded';
    for my $name ($rules =~ /\b(signalwire_\w+)/g) {
        ok $is_metric{ $name =~ s/_(?:bucket|sum|count)\z//r }, "$name is one of them";
    }
    # An hour of each fault, and an hour without.
    my $label = 'webhook="messages"';
    my %fault = (
        SignalWireRequestsRefused => qq(signalwire_requests_total{$label,verdict="signature-mismatch",passed="no"}),
        SignalWireMessagesNotDelivered => 'signalwire_messages_total{kind="sms",status="failed"}',
        SignalWireAnswersLate => qq(signalwire_request_duration_seconds_count{$label}),
    );
    my @well = (qq(signalwire_requests_total{$label,verdict="verified",passed="yes"}),
        'signalwire_messages_total{kind="sms",status="delivered"}',
        qq(signalwire_request_duration_seconds_bucket{$label,le="5"}));
    is_deeply [ sort keys %fault ], [ sort $rules =~ /alert: (\w+)/g ], 'each alert has a fault';
    for my $alert ('none', sort keys %fault) {
        my @series = map { [ $_, '0+60x180' ] } @well, $alert eq 'SignalWireAnswersLate' ? () : $fault{SignalWireAnswersLate};
        push @series, [ $fault{$alert}, $alert eq 'SignalWireAnswersLate' ? '0+70x180' : '0+10x180' ] if $fault{$alert};
        my $test = "rule_files: [ $file ]\nevaluation_interval: 1m\ntests:\n  - interval: 1m\n    input_series:\n"
            . join('', map { "      - { series: '$_->[0]', values: '$_->[1]' }\n" } @series) . "    promql_expr_test:\n"
            . join('', map {
                my $count = $_ eq $alert ? 1 : 0;
                qq(      - { expr: 'count(ALERTS{alertname="$_",alertstate="firing"}) or vector(0)', eval_time: 3h,\n)
                    . "          exp_samples: [ { labels: '{}', value: $count } ] }\n" } sort keys %fault);
        is promtool('alert', test => 'rules', $s->write_file('run/test.yml', $test)), '', "$alert: nothing else fires" or diag $test;
    }
};

finish;
done_testing;

# What it complains of.
sub promtool {
    my ($name, @args) = @_;
    my ($status, $out) = command('promtool', @args);
    return $status ? "$name: $status $out" : '';
}

sub slurp { my ($file) = @_; open my $in, '<:raw', $file or die "$file: $!\n"; local $/; return <$in> }
