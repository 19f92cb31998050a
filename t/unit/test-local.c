/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Claims in shared memory: who gets one, how long answers stay, which are
 * forgotten first; a process that dies does not lock or damage the table.
 */
#include "tap.h"

#include <signal.h>
#include <sys/wait.h>

#include "store/clock.c"
#include "store/owner.c"
#include "store/shm_table.c"
#include "store/local.c"

#define MINUTE apr_time_from_sec(60)

static sw_local_t *make_table(apr_uint32_t entries)
{
    apr_pool_t *process;
    sw_local_t *table;

    apr_pool_create(&process, pool);
    if (sw_local_post_config(process, pool, entries, &table) != APR_SUCCESS)
        abort();
    sw_local_child_init(table);
    return table;
}

/* The claim to callback @a n. All of an even number are in one chain. */
static sw_claim_t claim_to(unsigned int n)
{
    sw_claim_t claim;

    memset(&claim, 0, sizeof(claim));
    claim.pool = pool;
    claim.key[0] = (unsigned char)(n & 1);
    memcpy(claim.key + 4, &n, sizeof(n));
    return claim;
}

static sw_claim_e ask(sw_local_t *table, unsigned int n, sw_kept_t *answer)
{
    sw_claim_t claim = claim_to(n);

    sw_claim_e state = sw_local_take(table, &claim);

    *answer = claim.answer;
    return state;
}

static void keep(sw_local_t *table, const sw_claim_t *claim, const char *body,
                 apr_interval_time_t time)
{
    sw_kept_t answer = { 201, sw_span("text/plain"), sw_span(body) };

    ok(!sw_local_end(table, claim, &answer, time), "an answer is kept");
}

/* A callback that was answered at once. */
static void answer(sw_local_t *table, unsigned int n, const char *body)
{
    sw_claim_t claim = claim_to(n);
    sw_kept_t kept = { 200, sw_span(NULL), sw_span(body) };

    if (sw_local_take(table, &claim) != SW_CLAIM_TAKEN
        || sw_local_end(table, &claim, &kept, MINUTE))
        ok(0, "callback %u is answered", n);
}

static void is_state(sw_local_t *table, unsigned int n, sw_claim_e expected,
                     const char *name)
{
    sw_kept_t answer;

    is_int(ask(table, n, &answer), expected, name);
}

static void test_life(void)
{
    sw_local_t *table = make_table(8);
    sw_claim_t first = claim_to(1), again = claim_to(1), third = claim_to(1);
    sw_kept_t got;

    is_int(sw_local_take(table, &first), SW_CLAIM_TAKEN, "the first takes it");
    is_int(sw_local_take(table, &again), SW_CLAIM_RUNNING,
           "the second does not");
    is_state(table, 3, SW_CLAIM_TAKEN, "another callback is another claim");
    keep(table, &first, "the answer", MINUTE);
    is_int(ask(table, 1, &got), SW_CLAIM_DONE, "then there is an answer");
    is_int(got.status, 201, "its status");
    is(got.type, sw_span("text/plain"), "its type");
    is(got.body, sw_span("the answer"), "its body");
    sw_local_end(table, &first, NULL, 0);
    is_state(table, 1, SW_CLAIM_DONE, "an end is the end");

    first = claim_to(5);
    sw_local_take(table, &first);
    sw_local_end(table, &first, NULL, 0);
    again = claim_to(5);
    is_int(sw_local_take(table, &again), SW_CLAIM_TAKEN,
           "what is given up is free");
    keep(table, &first, "too late", MINUTE);
    is_int(sw_local_take(table, &third), SW_CLAIM_DONE, "the third is another");
    is_state(table, 5, SW_CLAIM_RUNNING, "a claim that was given up is void");

    first = claim_to(7);
    sw_local_take(table, &first);
    keep(table, &first, "soon gone", 0);
    is_state(table, 7, SW_CLAIM_TAKEN, "an answer has its time");
}

static void test_size(void)
{
    sw_local_t *table = make_table(4);
    static char body[SW_KEPT_BODY], type[SW_KEPT_TYPE];
    sw_kept_t largest = { 200, SPAN(type), SPAN(body) }, got;
    sw_kept_t smallest = { 204, { NULL, 0 }, { NULL, 0 } };
    sw_claim_t claim = claim_to(2);

    memset(body, 'b', sizeof(body));
    memset(type, 't', sizeof(type));
    largest.type.n = sizeof(type);
    largest.body.n = sizeof(body);
    sw_local_take(table, &claim);
    sw_local_end(table, &claim, &largest, MINUTE);
    ok(ask(table, 2, &got) == SW_CLAIM_DONE
       && sw_span_equal(got.body, largest.body)
       && sw_span_equal(got.type, largest.type), "the largest answer");
    claim = claim_to(4);
    sw_local_take(table, &claim);
    sw_local_end(table, &claim, &smallest, MINUTE);
    ok(ask(table, 4, &got) == SW_CLAIM_DONE && got.status == 204
       && got.body.n == 0 && got.type.n == 0, "the smallest answer");
    ok(ask(table, 2, &got) == SW_CLAIM_DONE
       && sw_span_equal(got.body, largest.body), "they do not meet");
}

static void test_oldest(void)
{
    sw_local_t *table = make_table(4);
    sw_claim_t running = claim_to(0);
    unsigned int i;

    sw_local_take(table, &running);
    for (i = 1; i < 8; i++)
        answer(table, i, "answer");
    is_state(table, 0, SW_CLAIM_RUNNING, "who runs is not forgotten");
    for (i = 5; i < 8; i++)
        is_state(table, i, SW_CLAIM_DONE, "nor the last");
    is_state(table, 4, SW_CLAIM_TAKEN, "the oldest is");
    is_state(table, 5, SW_CLAIM_TAKEN, "and so on");
    is_state(table, 6, SW_CLAIM_TAKEN, "and so on");
    is_state(table, 7, SW_CLAIM_FULL, "until only the running are left");
    is_state(table, 8, SW_CLAIM_FULL, "however often one asks");
    sw_local_end(table, &running, NULL, 0);
    is_state(table, 8, SW_CLAIM_TAKEN, "and one of them ends");
}

/* Every claim takes the place of the oldest. */
static void test_many(void)
{
    enum { ENTRIES = 100, KEYS = 300, STEPS = 20000 };
    sw_local_t *table = make_table(ENTRIES);
    int order[KEYS], wrong = 0, now = 0, i;

    memset(order, 0, sizeof(order));
    for (i = 0; i < STEPS; i++) {
        unsigned int n = tap_random(KEYS);
        int known = order[n] && now - order[n] < ENTRIES;
        sw_kept_t got;
        sw_claim_t claim = claim_to(n);
        sw_claim_e state;

        state = sw_local_take(table, &claim);
        wrong += (state == SW_CLAIM_DONE) != known;
        if (state != SW_CLAIM_TAKEN)
            continue;
        order[n] = ++now;
        got.status = 200;
        got.type = got.body = sw_span("x");
        sw_local_end(table, &claim, &got, MINUTE);
    }
    is_int(wrong, 0, "20,000 callbacks by chance: the last 100 are known");
}

/* Run in another process, which then dies. */
static pid_t in_child(sw_local_t *table, void (*work)(sw_local_t *))
{
    pid_t pid = fork();

    if (pid == 0) {
        work(table);
        kill(getpid(), SIGKILL);
    }
    waitpid(pid, NULL, 0);
    return pid;
}

static void take_one(sw_local_t *table)
{
    sw_claim_t claim = claim_to(1);

    sw_local_take(table, &claim);
}

static void answer_one(sw_local_t *table)
{
    answer(table, 3, "of another process");
}

static void die_within(sw_local_t *table)
{
    sw_claim_t claim = claim_to(9);

    sw_local_take(table, &claim);
    sw_shm_table_lock(table->table, 0);
    /* Half of everything: a chain that leads nowhere, one that is a ring. */
    table->table->chains[0] = 2;
    table->table->chains[1] = 1;
    ((sw_entry_t *)sw_shm_table_at(table->table, 1))->next = 1;
}

static void test_deaths(void)
{
    sw_local_t *table = make_table(8);
    sw_kept_t got;
    apr_time_t begin;

    in_child(table, answer_one);
    is_int(ask(table, 3, &got), SW_CLAIM_DONE, "processes share a table");
    is(got.body, sw_span("of another process"), "and its answers");
    in_child(table, take_one);
    is_state(table, 1, SW_CLAIM_TAKEN, "the claim of the dead is free");
    is_state(table, 1, SW_CLAIM_RUNNING, "and then it is taken");
    answer(table, 2, "two");
    answer(table, 4, "four");
    in_child(table, die_within);
    begin = apr_time_now();
    is_state(table, 2, SW_CLAIM_DONE, "a death within the lock is overcome");
    ok(apr_time_now() - begin < LOCK_TIMEOUT, "and at once");
    is_state(table, 3, SW_CLAIM_DONE, "all are there");
    is_state(table, 4, SW_CLAIM_DONE, "all are there");
    is_state(table, 9, SW_CLAIM_TAKEN, "but what the dead had");
}

/* A process that is stopped within the lock, as by a debugger. */
static void test_patience(void)
{
    sw_local_t *table = make_table(8);
    sw_claim_t claim = claim_to(1);
    apr_time_t begin;
    int ready[2];
    char byte;
    pid_t pid;

    sw_local_take(table, &claim);
    if (pipe(ready) != 0)
        abort();
    pid = fork();
    if (pid == 0) {
        sw_shm_table_lock(table->table, 0);
        if (write(ready[1], "", 1) == 1)
            pause();
        _exit(0);
    }
    if (read(ready[0], &byte, 1) != 1)
        abort();
    begin = apr_time_now();
    is_state(table, 2, SW_CLAIM_FAILED, "nobody waits for ever");
    ok(sw_local_end(table, &claim, NULL, 0) != NULL, "nor at the end");
    ok(apr_time_now() - begin < 3 * LOCK_TIMEOUT, "but a while");
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    is_state(table, 2, SW_CLAIM_TAKEN, "and then it goes on");
    is_state(table, 1, SW_CLAIM_TAKEN, "a claim that could not be ended is "
             "nobody's");
}

static void test_sharing(void)
{
    apr_pool_t *process;
    sw_local_t *first, *second;

    apr_pool_create(&process, pool);
    sw_local_post_config(process, pool, 10, &first);
    answer(first, 1, "of before");
    sw_local_post_config(process, pool, 20, &second);
    is_state(second, 1, SW_CLAIM_DONE, "a restart finds the table");
    is_int(sw_local_entries(second), 10, "with its size");
    ok(!sw_local_has_replaced(second), "which is no other build's");
    apr_pool_destroy(process);
}

/* The claim of another process, which stays as long as that lives. */
static pid_t claim_of_child(sw_local_t *table, unsigned int n)
{
    int ready[2];
    char byte;
    pid_t pid;

    if (pipe(ready) != 0)
        abort();
    pid = fork();
    if (pid == 0) {
        sw_claim_t claim = claim_to(n);

        sw_local_take(table, &claim);
        if (write(ready[1], "", 1) == 1)
            pause();
        _exit(0);
    }
    if (read(ready[0], &byte, 1) != 1)
        abort();
    close(ready[0]);
    close(ready[1]);
    return pid;
}

static claimed_t *claimed_at(sw_local_t *table, unsigned int n)
{
    sw_claim_t claim = claim_to(n);

    return sw_shm_table_at(table->table,
                           sw_shm_table_find(table->table, claim.key));
}

/* A claim belongs to a process, not to a process id. */
static void test_owner(void)
{
    sw_local_t *table = make_table(8);
    pid_t pid = claim_of_child(table, 1), other;
    siginfo_t ended;
    claimed_t *claimed = claimed_at(table, 1);

    is_int((long)claimed->pid, (long)pid, "the owner is the process");
    claimed->time -= 2 * UNSURE_MAX;
    is_state(table, 1, SW_CLAIM_RUNNING, "an application may run for hours");
    kill(pid, SIGKILL);
    waitid(P_PID, (id_t)pid, &ended, WEXITED | WNOWAIT);
    is_state(table, 1, SW_CLAIM_TAKEN, "a process that nobody has waited for "
             "yet is dead");
    waitpid(pid, NULL, 0);

    pid = claim_of_child(table, 3);
    claimed = claimed_at(table, 3);
    other = claim_of_child(table, 5);
    claimed->pid = (apr_uint32_t)other;
    claimed->started--; /* both may be of one tick of the clock */
    is_state(table, 3, SW_CLAIM_TAKEN, "another process with the same id is "
             "no owner");
    is_state(table, 5, SW_CLAIM_RUNNING, "although it lives");

    claimed = claimed_at(table, 5);
    claimed->started = 0;
    is_state(table, 5, SW_CLAIM_RUNNING, "without /proc the id must do");
    claimed->time -= UNSURE_MAX;
    is_state(table, 5, SW_CLAIM_TAKEN, "for an hour");
    kill(pid, SIGKILL);
    kill(other, SIGKILL);
    waitpid(pid, NULL, 0);
    waitpid(other, NULL, 0);
}

int main(void)
{
    tap_begin();
    test_life();
    test_size();
    test_oldest();
    test_many();
    test_deaths();
    test_patience();
    test_owner();
    test_sharing();
    return tap_end();
}
