# SPDX-License-Identifier: Apache-2.0
# Each fuzz target over the inputs kept for it, file by file: so both our own
# main and that of libFuzzer run each once.
use FindBin; use lib "$FindBin::Bin/lib";
use SW::Test;

my $dir = SW::Config::build_dir() . '/t/fuzz';
my @targets = sort map { m{([^/]+)\.c\z} } glob "$FindBin::Bin/fuzz/fuzz-*.c";
cmp_ok @targets, '>', 0, 'there are fuzz targets';

my @valgrind = $ENV{SW_VALGRIND} ? qw(valgrind -q --error-exitcode=99 --leak-check=full) : ();
for my $target (@targets) {
    ok -x "$dir/$target", "$target is built" or next;
    my @inputs = glob "$FindBin::Bin/fuzz/corpus/$target/*";
    cmp_ok @inputs, '>', 0, "$target has inputs";
    my ($status, $out) = command(@valgrind, "$dir/$target", @inputs);
    is $status, 0, "$target: all inputs" or diag $out;
}

done_testing;
