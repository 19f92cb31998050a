/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The counters of the board: nothing that several processes and threads count
 * at once is lost, the last hour and day are what was counted in them, and a
 * key keeps its counter.
 *
 *   test-counters [PROCESSES]
 *
 * With a number of processes it measures instead: how long one takes to count a
 * request while so many do.
 */
#include "tap.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <apr_thread_proc.h>

#include "status/counters.c"

#define PROCESSES 8
#define THREADS 4
#define EACH 20000

static sw_boards_t make_boards(void)
{
    sw_boards_t boards = { NULL, NULL, NULL, NULL };

    boards.common = mmap(NULL, sizeof(*boards.common), PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (boards.common == MAP_FAILED)
        abort();
    boards.counters = boards.common->sets;
    return boards;
}

/* As a request does. */
static void count_request(const sw_boards_t *boards)
{
    sw_block_counters_t *block = boards->counters->blocks + 1;

    sw_counters_keep(boards, apr_time_now());
    sw_counters_add(boards->counters->total.n + SW_COUNT_REQUESTS, 1);
    sw_counters_add(boards->counters->total.n + SW_COUNT_VERIFIED, 1);
    sw_counters_add(block->passed + SW_VERIFIED, 1);
    sw_counters_add(block->latency + 2, 1);
    sw_counters_add(&block->microseconds, 700);
}

static void *APR_THREAD_FUNC count_many(apr_thread_t *thread, void *boards)
{
    int i;

    (void)thread;
    for (i = 0; i < EACH; i++)
        count_request(boards);
    return NULL;
}

static void run_threads(sw_boards_t *boards)
{
    apr_thread_t *threads[THREADS];
    apr_status_t rv;
    int i;

    sw_counters_child_init(boards);
    for (i = 0; i < THREADS; i++) {
        if (apr_thread_create(threads + i, NULL, count_many, boards, pool))
            abort();
    }
    for (i = 0; i < THREADS; i++)
        apr_thread_join(&rv, threads[i]);
}

static void test_sums(void)
{
    const apr_uint64_t all = (apr_uint64_t)PROCESSES * THREADS * EACH;
    sw_boards_t boards = make_boards();
    sw_counter_set_t *sum = apr_pcalloc(pool, sizeof(*sum));
    int i;

    for (i = 0; i < PROCESSES; i++) {
        if (fork() == 0) {
            run_threads(&boards);
            _exit(0);
        }
    }
    while (wait(NULL) > 0)
        continue;
    sw_counters_sum(&boards, sum);
    ok(sum->total.n[SW_COUNT_REQUESTS] == all
           && sum->total.n[SW_COUNT_VERIFIED] == all
           && sum->blocks[1].passed[SW_VERIFIED] == all
           && sum->blocks[1].latency[2] == all
           && sum->blocks[1].microseconds == all * 700,
       "%d processes of %d threads lose nothing", PROCESSES, THREADS);
    ok(boards.common->sets[0].total.n[SW_COUNT_REQUESTS] == all / PROCESSES
           && boards.common->sets[PROCESSES - 1].total.n[SW_COUNT_REQUESTS]
                  == all / PROCESSES,
       "each process has its own counters");
}

static void test_many_processes(void)
{
    sw_boards_t boards = make_boards();
    sw_counter_set_t *sum = apr_pcalloc(pool, sizeof(*sum));
    int i;

    for (i = 0; i < SW_BOARD_SETS + 5; i++) {
        sw_counters_child_init(&boards);
        count_request(&boards);
    }
    sw_counters_sum(&boards, sum);
    is_int((long)sum->total.n[SW_COUNT_REQUESTS], SW_BOARD_SETS + 5,
           "more processes than sets share them");
}

/* ---- history ------------------------------------------------------------- */

static void count_at(const sw_boards_t *boards, apr_time_t time, int n)
{
    sw_counters_keep(boards, time);
    sw_counters_add(boards->counters->total.n + SW_COUNT_REQUESTS,
                    (apr_uint64_t)n);
}

static void is_history(const sw_boards_t *boards, int hour, int day,
                       const char *name)
{
    sw_counter_set_t *sum = apr_pcalloc(pool, sizeof(*sum));
    sw_counters_t in_hour, in_day;

    sw_counters_sum(boards, sum);
    sw_counters_since(boards, &sum->total, &in_hour, &in_day);
    is_int((long)in_hour.n[SW_COUNT_REQUESTS], hour,
           apr_pstrcat(pool, name, ": the last hour", NULL));
    is_int((long)in_day.n[SW_COUNT_REQUESTS], day,
           apr_pstrcat(pool, name, ": the last day", NULL));
}

static void test_history(void)
{
    const apr_time_t now = apr_time_now(), minute = apr_time_from_sec(60);
    sw_boards_t boards = make_boards();

    is_history(&boards, 0, 0, "before any request");
    count_at(&boards, now - 30 * 60 * minute, 100);
    is_history(&boards, 0, 0, "a request of the day before");
    count_at(&boards, now - 20 * 60 * minute, 10);
    count_at(&boards, now - 90 * minute, 5);
    is_history(&boards, 0, 15, "requests of the last day");
    count_at(&boards, now - 50 * minute, 3);
    count_at(&boards, now - 50 * minute + 1, 1);
    count_at(&boards, now, 2);
    is_history(&boards, 6, 21, "requests of the last hour");
    count_at(&boards, now + 60 * minute, 1000);
    count_at(&boards, now, 1);
    ok(boards.common->minute == apr_time_sec(now) / 60,
       "a clock that is set back starts no future");
}

/* ---- keys ---------------------------------------------------------------- */

static const sw_key_t *make_key(const char *secret, const char *label)
{
    return sw_key_make(pool, sw_span(secret), NULL, label);
}

static apr_array_header_t *list(const sw_key_t *one, const sw_key_t *two)
{
    apr_array_header_t *keys = apr_array_make(pool, 2, sizeof(one));

    APR_ARRAY_PUSH(keys, const sw_key_t *) = one;
    if (two)
        APR_ARRAY_PUSH(keys, const sw_key_t *) = two;
    return keys;
}

static void test_keys(void)
{
    const sw_key_t *old = make_key("old", "1"), *new = make_key("new", "next");
    const sw_key_t *renamed = make_key("new", "1");
    sw_boards_t boards = make_boards();
    sw_board_key_t *keys = boards.common->blocks[0].keys;
    apr_uint64_t *n = boards.counters->blocks[0].keys;
    int i;

    boards.common->block_count = 1;
    is_int(sw_counters_key(&boards, 0, old), 0, "a first key");
    is_int(sw_counters_key(&boards, 0, new), 1, "a second");
    is_int(sw_counters_key(&boards, 0, old), 0, "the first again");
    sw_counters_add(n + 0, 7);
    sw_counters_add(n + 1, 3);
    sw_counters_update_keys(&boards, list(old, new));
    ok(n[0] == 7 && n[OTHERS] == 0, "configured keys stay");
    sw_counters_update_keys(&boards, list(renamed, NULL));
    ok(n[0] == 0 && n[OTHERS] == 7 && !keys[0].id,
       "a key whose label another one has is one of the others");
    is_str(keys[1].label, "1", "which is shown with its new label");
    is_int(sw_counters_key(&boards, 0, new), 1,
           "and found before the free counter");
    for (i = 0; i < OTHERS; i++)
        (void)sw_counters_key(&boards, 0,
                              make_key(apr_psprintf(pool, "key %d", i), "x"));
    is_int(sw_counters_key(&boards, 0, make_key("one too many", "y")), OTHERS,
           "the others have one counter");
}

/* ---- a measurement ------------------------------------------------------- */

static void measure(int processes)
{
    sw_boards_t boards = make_boards();
    apr_time_t begin = apr_time_now();
    double us;
    int i;

    for (i = 0; i < processes; i++) {
        if (fork() == 0) {
            sw_counters_child_init(&boards);
            for (i = 0; i < 100; i++)
                count_many(NULL, &boards);
            _exit(0);
        }
    }
    while (wait(NULL) > 0)
        continue;
    us = (double)(apr_time_now() - begin);
    printf("%d processes: %.1f million requests a second\n", processes,
           processes * 100.0 * EACH / us);
}

int main(int argc, char **argv)
{
    tap_begin();
    if (argc > 1) {
        measure(atoi(argv[1]));
        return 0;
    }
    test_sums();
    test_many_processes();
    test_history();
    test_keys();
    return tap_end();
}
