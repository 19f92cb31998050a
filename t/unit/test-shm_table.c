/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shared memory: the monotonic clock and rate limits, owners by process id and
 * start time, and memory of another build, which is not touched.
 */
#include "tap.h"

#include <sys/wait.h>

#include "store/clock.c"
#include "store/owner.c"
#include "store/shm_table.c"

/* ---- limits ------------------------------------------------------------ */

#define EVERY apr_time_from_msec(100)
#define STEP 100 /* the same in milliseconds */

static apr_uint32_t msec_now(void)
{
    return (apr_uint32_t)apr_time_as_msec(sw_clock());
}

static int count_allowed(volatile apr_uint32_t *state, int tries, int burst)
{
    int i, allowed = 0;

    for (i = 0; i < tries; i++)
        allowed += sw_clock_allows(state, EVERY, (apr_uint32_t)burst);
    return allowed;
}

static void test_burst(void)
{
    volatile apr_uint32_t state = 0;
    apr_time_t begin = sw_clock();
    int allowed = count_allowed(&state, 20, 5), most;

    most = 5 + (int)((sw_clock() - begin) / EVERY);
    ok(allowed >= 5 && allowed <= most, "a burst of five of 20 (%d)", allowed);
    apr_sleep(2 * EVERY + EVERY / 2);
    allowed = count_allowed(&state, 20, 5);
    most = 1 + (int)((sw_clock() - begin) / EVERY);
    ok(allowed >= 2 && allowed <= most, "then one in each period (%d)",
       allowed);
    ok(sw_clock_allows(NULL, EVERY, 1) && sw_clock_allows(NULL, EVERY, 1),
       "without a state there is no limit");
    state = 0;
    is_int(count_allowed(&state, 3, 1), 1, "a burst of one is one");
}

/* Whatever the state is, it limits for no longer than a burst takes. */
static void test_states(void)
{
    static const apr_uint32_t ahead[] = {
        (apr_uint32_t)-1, 0, 5 * STEP + 50, 0x7fffffff, 0x80000000u,
        0x80000001u, 1000000
    };
    volatile apr_uint32_t state;
    int i;

    for (i = 0; i < COUNT(ahead); i++) {
        state = msec_now() + ahead[i];
        ok(count_allowed(&state, 20, 5) >= 5, "a state that is %u ahead is no "
           "limit", ahead[i]);
    }
    state = msec_now() + 5 * STEP;
    ok(!sw_clock_allows(&state, EVERY, 5), "a burst that is used up is one");
}

/* Several processes at once get no more than one would. */
static void test_processes(void)
{
    enum { CHILDREN = 8 };
    apr_shm_t *memory;
    volatile apr_uint32_t *state;
    int i, status, allowed = 0;

    if (apr_shm_create(&memory, sizeof(*state), NULL, pool))
        abort();
    state = apr_shm_baseaddr_get(memory);
    *state = 0;
    for (i = 0; i < CHILDREN; i++) {
        if (fork() == 0) {
            int n, mine = 0;

            for (n = 0; n < 1000; n++)
                mine += sw_clock_allows(state, apr_time_from_sec(60), 20);
            _exit(mine);
        }
    }
    for (i = 0; i < CHILDREN; i++) {
        wait(&status);
        allowed += WEXITSTATUS(status);
    }
    is_int(allowed, 20, "eight processes share a burst of 20");
}

/* ---- owners ------------------------------------------------------------ */

static void test_stat(void)
{
    char text[1024] = "7 (a b) c) (d)) S", state = 0;
    int field;

    is_int((long)parse_stat("", &state), 0, "no stat");
    is_int((long)parse_stat("1 (x", &state), 0, "half a stat");
    is_int((long)parse_stat("1 (x) S 1 2 3", &state), 0, "too few fields");
    for (field = 4; field < STARTED; field++)
        strcat(text, " -1");
    strcat(text, " 18446744073709 5 6");
    ok(parse_stat(text, &state) == APR_UINT64_C(18446744073709)
       && state == 'S', "a name of blanks and parentheses");
}

static void test_life(void)
{
    sw_owner_t self = sw_owner_self(), other = { 0, 0 };
    pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    is_int((long)self.pid, (long)getpid(), "this process");
    ok(self.started != 0, "has a start");
    is_int(sw_owner_life(self), SW_OWNER_ALIVE, "and lives");
    is_int(sw_owner_life(other), SW_OWNER_DEAD, "nobody does not");
    self.started++;
    is_int(sw_owner_life(self), SW_OWNER_DEAD, "nor another of the same id");
    self.started = 0;
    is_int(sw_owner_life(self), SW_OWNER_UNSURE, "without a start: perhaps");
    waitpid(pid, NULL, 0);
    other.pid = (apr_uint32_t)pid;
    is_int(sw_owner_life(other), SW_OWNER_DEAD, "a process that has ended");
}

/* ---- memory of another build ------------------------------------------- */

static const sw_shm_table_plan_t plan = {
    "test", "test_1", "1: 8 16", 10, 64, 128, 32, 1
};

static sw_shm_table_t *share(apr_pool_t *process, const sw_shm_table_plan_t *by)
{
    sw_shm_table_t *table;

    if (sw_shm_table_open(process, pool, by, &table) != APR_SUCCESS)
        abort();
    return table;
}

static void fill(const sw_shm_table_t *table)
{
    memset(table->common, 'x', (size_t)(table->extra - table->common)
           + table->entry_count * table->extra_size);
}

/* Memory with a layout that differs in one property is not used. */
static void test_difference(const char *what, sw_shm_table_plan_t other)
{
    apr_pool_t *process;
    sw_shm_table_t *first, *second;
    apr_shm_t *of_first;

    apr_pool_create(&process, pool);
    first = share(process, &plan);
    of_first = find_memory(process, plan.name);
    fill(first);
    second = share(process, &other);
    ok(sw_shm_table_has_replaced(second), "%s: it is made anew", what);
    ok(find_memory(process, plan.name) != of_first,
       "%s: the old one is gone", what);
    is_int(((char *)sw_shm_table_common(second))[0], 0, "and it is empty");
    ok(sw_shm_table_lock(second, 0), "its lock is free");
    sw_shm_table_unlock(second, 0);
    ok(!sw_shm_table_has_replaced(share(process, &other)), "the next finds it");
    apr_pool_destroy(process);
}

static void test_differences(void)
{
    sw_shm_table_plan_t other = plan;

    other.entry_size += 8;
    test_difference("larger entries", other);
    other = plan;
    other.entry_size -= 8;
    test_difference("smaller entries", other);
    other = plan;
    other.extra++;
    test_difference("extra bytes of an entry", other);
    other = plan;
    other.common += 8;
    test_difference("more in common", other);
    other = plan;
    other.layout = "1: 16 8";
    test_difference("members in another order", other);
}

static void test_same(void)
{
    apr_pool_t *process;
    sw_shm_table_t *first, *second;
    sw_shm_table_plan_t other = plan;

    apr_pool_create(&process, pool);
    first = share(process, &plan);
    ok(!sw_shm_table_has_replaced(first), "the first replaces nothing");
    ((char *)sw_shm_table_common(first))[0] = 'x';
    other.entries = 20;
    second = share(process, &other);
    ok(!sw_shm_table_has_replaced(second), "another number is no other layout");
    is_int(((char *)sw_shm_table_common(second))[0], 'x',
           "it is the same memory");
    is_int(sw_shm_table_entries(second), 10, "with its own number");
    apr_pool_destroy(process);
}

/* A build that kept a structure of its own under the old name; memory that is
 * too small for a head; a head that lies about its size. */
static void test_foreign(void)
{
    static const char junk[4];
    apr_pool_t *process;
    apr_shm_t *small;
    sw_shm_table_t *table;

    apr_pool_create(&process, pool);
    apr_pool_userdata_set(junk, plan.old_name, NULL, process);
    table = share(process, &plan);
    ok(sw_shm_table_has_replaced(table), "what an old build had is given up");
    ok(!find_memory(process, plan.old_name), "unread");
    table->head->entries = 1000000;
    ok(sw_shm_table_has_replaced(share(process, &plan)), "a head that lies");
    if (apr_shm_create(&small, 8, NULL, process))
        abort();
    memset(apr_shm_baseaddr_get(small), 'x', 8);
    apr_pool_userdata_set(small, plan.name, NULL, process);
    ok(sw_shm_table_has_replaced(share(process, &plan)), "eight bytes");
    apr_pool_destroy(process);
}

/* Children of the old build keep using their memory, without effect on the
 * new. */
static void test_old_child(void)
{
    apr_pool_t *process;
    sw_shm_table_plan_t other = plan;
    sw_shm_table_t *old, *new;
    int go[2], status;
    char byte;
    pid_t pid;

    apr_pool_create(&process, pool);
    old = share(process, &plan);
    if (pipe(go) != 0)
        abort();
    pid = fork();
    if (pid == 0) {
        if (read(go[0], &byte, 1) != 1 || !sw_shm_table_lock(old, 0))
            _exit(1);
        fill(old);
        _exit(0);
    }
    other.entry_size += 8;
    new = share(process, &other);
    if (write(go[1], "", 1) != 1)
        abort();
    waitpid(pid, &status, 0);
    is_int(status, 0, "a child of the old build writes to the old memory");
    is_int(((char *)sw_shm_table_common(new))[0], 0,
           "which is not the new one");
    ok(sw_shm_table_lock(new, 0), "nor has it the lock");
    apr_pool_destroy(process);
}

/* A chain that is a circle, or leads out of the memory, ends all the same. */
static void test_chains(void)
{
    static const unsigned char key[SW_SHM_KEY] = { 0 };
    static const unsigned char absent[SW_SHM_KEY] =
        { 0, 0, 0, 0, 1 };
    apr_pool_t *process;
    sw_shm_table_t *table;

    apr_pool_create(&process, pool);
    table = share(process, &plan);
    sw_shm_table_insert(table, 3, key, 1);
    ((sw_entry_t *)sw_shm_table_at(table, 3))->next = 3;
    is_int((long)sw_shm_table_find(table, key), 3,
           "what is in a circle is found");
    ok(sw_shm_table_find(table, absent) == SW_SHM_NONE, "what is not, is not");
    ((sw_entry_t *)sw_shm_table_at(table, 3))->next = 12345;
    ok(sw_shm_table_find(table, absent) == SW_SHM_NONE,
       "a way out leads nowhere");
    table->head->parts[0].own.oldest = 0xfffffff0;
    ok(sw_shm_table_take_oldest(table, 0) < 10, "nor does the oldest");
    apr_pool_destroy(process);
}

int main(void)
{
    tap_begin();
    test_burst();
    test_states();
    test_processes();
    test_stat();
    test_life();
    test_differences();
    test_same();
    test_foreign();
    test_old_child();
    test_chains();
    return tap_end();
}
