# SPDX-License-Identifier: Apache-2.0
# Runs the C unit programs and relays what they say. None of them: a failure.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

my $dir = SW::Config::build_dir() . '/t/unit';
my @programs = sort grep { -f && -x && m{/[^/.]+\z} } glob "$dir/test-*";
my @sources  = map { m{([^/]+)\.c\z} } glob "$FindBin::Bin/unit/test-*.c";
is_deeply [ map { m{([^/]+)\z} } @programs ], [ sort @sources ], 'every program of t/unit is built';
cmp_ok @programs, '>', 0, 'there are unit programs';

$ENV{SW_SOURCE} = SW::Config::source_dir();
my @valgrind = $ENV{SW_VALGRIND} ? qw(valgrind -q --error-exitcode=99 --leak-check=full) : ();
for my $program (@programs) {
    subtest $program =~ s{.*/}{}r => sub {
        my ($status, $out) = command(@valgrind, $program);
        my @results = $out =~ /^((?:not )?ok\b.*)/gm;
        my ($plan) = $out =~ /^1\.\.(\d+)/m;
        ok !/^not/, s/^(?:not )?ok \d* *-? *//r for @results;
        is scalar @results, $plan // 'a plan', 'all that was planned';
        is $status, 0, 'exit status' or diag $out;
    };
}

done_testing;
