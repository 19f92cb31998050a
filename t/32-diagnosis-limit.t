# SPDX-License-Identifier: Apache-2.0
# The limit of diagnoses: five at once, for somebody who tries by hand, then one
# a second. Each virtual host has its own, also of a block that all inherit.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

my $s = server(conf => <<'EOT');
SignalWireSigningKey @KEY@
<Location "/voice">
    <SignalWireWebhook voice>
    </SignalWireWebhook>
</Location>
<VirtualHost *:@PORT@>
    ServerName a.example.com
</VirtualHost>
<VirtualHost *:@PORT@>
    ServerName b.example.com
</VirtualHost>
EOT

# How many of the refusals by one of the hosts have a diagnosis.
sub diagnosed {
    my ($host, $count) = @_;
    my $refused = qr/SW0103: .*\(voice\)/;
    $s->log->expect($refused, $count);
    my $before = () = $s->log->lines($refused);
    talk($s, POST('/voice', host => $host, form => 'A=1', sign => 'form', key => 'another')) for 1 .. $count;
    my @lines = $s->log->lines($refused);
    return scalar grep { /no near miss found/ } @lines[$before .. $#lines];
}

my $many = diagnosed('a.example.com', 30);
cmp_ok $many, '>=', 5, 'five at once';
cmp_ok $many, '<', 15, 'and few more';
is diagnosed('b.example.com', 5), 5, 'another virtual host has its own five';
sleep 1.1;
cmp_ok diagnosed('a.example.com', 3), '>=', 1, 'after a second there is one again';

finish;
done_testing;
