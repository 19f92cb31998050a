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
<VirtualHost *:@PORT@>
    ServerName c.example.com
    <Location "/other">
        <SignalWireWebhook other>
        </SignalWireWebhook>
    </Location>
    <Location "/more">
        <SignalWireWebhook more>
        </SignalWireWebhook>
    </Location>
</VirtualHost>
EOT

# How many of the refusals by one of the hosts have a diagnosis.
sub diagnosed {
    my ($host, $count, $block) = @_;
    $block //= 'voice';
    my $refused = qr/SW0103: .*\($block\)/;
    $s->log->expect($refused, $count);
    my $before = () = $s->log->lines($refused);
    talk($s, POST("/$block", host => $host, form => 'A=1', sign => 'form', key => 'another')) for 1 .. $count;
    my @lines = $s->log->lines($refused);
    return scalar grep { /no near miss found/ } @lines[$before .. $#lines];
}

my $many = diagnosed('a.example.com', 30);
cmp_ok $many, '>=', 5, 'five at once';
cmp_ok $many, '<', 15, 'and few more';
is diagnosed('b.example.com', 5), 5, 'another virtual host has its own five';
is diagnosed('c.example.com', 5, $_), 5, "and so has the block $_ of a third" for qw(voice other more);
sleep 1.1;
cmp_ok diagnosed('a.example.com', 3), '>=', 1, 'after a second there is one again';

finish;

# A word for each server and each block that it has, inherited or not.
sub shared_memory {
    my ($server) = @_;
    open my $in, '<', '/proc/' . $server->pid . '/maps' or return;
    no warnings 'portable';    # addresses have 64 bits
    my $sum = 0;
    /^(\w+)-(\w+) rw-s/ and $sum += hex($2) - hex $1 while <$in>;
    return $sum;
}

SKIP: {
    my $block = sub { "<Location /$_[0]>\n<SignalWireWebhook $_[0]>\n</SignalWireWebhook>\n</Location>\n" };
    my $blocks = "SignalWireSigningKey \@KEY\@\n" . join '', map { $block->("b$_") } 1 .. 40;
    my $before = shared_memory(server(conf => $blocks)) or skip 'needs /proc', 1;
    my $after = shared_memory(server(conf => $blocks
        . join '', map { "<VirtualHost *:\@PORT\@>\nServerName h$_.example.com\n" . $block->('own') . "</VirtualHost>\n" } 1 .. 150));
    cmp_ok $after - $before, '<', 200_000, 'memory of 40 blocks that 150 virtual hosts inherit';
}

finish;
done_testing;
