/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include <apr_atomic.h>
#include <apr_shm.h>
#include <apr_siphash.h>
#include <apr_strings.h>

#include "store/shm_table.h"
#include "store/clock.h"

#define LOCK_TIMEOUT apr_time_from_msec(200)
#define LAYOUT_SIZE 64
#define CHAINS_MAX 0x40000000

#define PART_MIN 64
#define PART_BYTE 8 /* of a key; the first bytes choose the chain */

/* Far enough from the next one that processors do not share a cache line. */
typedef union part_t {
    struct {
        pthread_mutex_t lock;
        apr_uint32_t oldest;
    } own;
    char line[128];
} part_t;

/* The layout stands first in every build: nothing else may be read before it
 * is known to be this one. */
typedef struct head_t {
    char layout[LAYOUT_SIZE];
    apr_uint32_t entries; /* how many */
    part_t parts[SW_SHM_PARTS];
} head_t;

struct sw_shm_table_t {
    apr_uint32_t entry_count;
    apr_uint32_t part_count, chain_count; /* powers of two */
    apr_size_t entry_size, extra_size;
    int has_replaced;
    head_t *head;
    apr_uint32_t *chains; /* where they begin */
    char *entries, *extra, *common;
};

int sw_shm_table_has_replaced(const sw_shm_table_t *table)
{
    return table->has_replaced;
}

apr_uint32_t sw_shm_table_entries(const sw_shm_table_t *table)
{
    return table->entry_count;
}

void *sw_shm_table_common(const sw_shm_table_t *table)
{
    return table->common;
}

void *sw_shm_table_extra(const sw_shm_table_t *table, apr_uint32_t i)
{
    return table->extra + i * table->extra_size;
}

void *sw_shm_table_at(const sw_shm_table_t *table, apr_uint32_t i)
{
    return table->entries + i * table->entry_size;
}

apr_uint32_t sw_shm_table_part(const sw_shm_table_t *table,
                               const unsigned char *key)
{
    return key[PART_BYTE] & (table->part_count - 1);
}

/* ---- chains ------------------------------------------------------------ */

/* Chains and entries of part n have the numbers n, n + parts, n + 2 parts... */

static apr_uint32_t *chain_of(const sw_shm_table_t *table,
                              const unsigned char *key)
{
    apr_uint32_t hash;

    memcpy(&hash, key, sizeof(hash)); /* a digest is as good as any hash */
    hash = hash * table->part_count + sw_shm_table_part(table, key);
    return table->chains + (hash & (table->chain_count - 1));
}

/* Whatever the memory holds, the walk along a chain ends and stays within. */
apr_uint32_t sw_shm_table_find(const sw_shm_table_t *table,
                               const unsigned char *key)
{
    apr_uint32_t i = *chain_of(table, key), steps = 0;

    while (i < table->entry_count && steps++ < table->entry_count) {
        const sw_entry_t *entry = sw_shm_table_at(table, i);

        if (memcmp(entry->key, key, SW_SHM_KEY) == 0)
            return i;
        i = entry->next;
    }
    return SW_SHM_NONE;
}

static void link_in(sw_shm_table_t *table, apr_uint32_t i)
{
    sw_entry_t *entry = sw_shm_table_at(table, i);
    apr_uint32_t *chain = chain_of(table, entry->key);

    entry->next = *chain;
    *chain = i;
}

void sw_shm_table_insert(sw_shm_table_t *table, apr_uint32_t i,
                         const unsigned char *key, apr_uint32_t state)
{
    sw_entry_t *entry = sw_shm_table_at(table, i);

    memcpy(entry->key, key, SW_SHM_KEY);
    apr_atomic_set32(&entry->state, state);
    link_in(table, i);
}

void sw_shm_table_remove(sw_shm_table_t *table, apr_uint32_t i)
{
    sw_entry_t *entry = sw_shm_table_at(table, i);
    apr_uint32_t *at = chain_of(table, entry->key), steps = 0;

    apr_atomic_set32(&entry->state, 0);
    while (*at != i && *at < table->entry_count && steps++ < table->entry_count)
        at = &((sw_entry_t *)sw_shm_table_at(table, *at))->next;
    if (*at == i)
        *at = entry->next;
}

apr_uint32_t sw_shm_table_take_oldest(sw_shm_table_t *table, apr_uint32_t part)
{
    apr_uint32_t *oldest = &table->head->parts[part].own.oldest;
    apr_uint32_t i = *oldest * table->part_count + part;

    if (i >= table->entry_count) {
        *oldest = 0;
        i = part;
    }
    (*oldest)++;
    return i;
}

static void repair(sw_shm_table_t *table, apr_uint32_t part)
{
    apr_uint32_t i;

    for (i = part; i < table->chain_count; i += table->part_count)
        table->chains[i] = SW_SHM_NONE;
    for (i = part; i < table->entry_count; i += table->part_count) {
        if (((sw_entry_t *)sw_shm_table_at(table, i))->state)
            link_in(table, i);
    }
}

/* ---- the lock ---------------------------------------------------------- */

/* A robust mutex by itself, rather than one of APR's: those inherit priorities,
 * and handing over the lock in the kernel halved what a busy server did. */
static apr_status_t make_lock(pthread_mutex_t *lock)
{
    pthread_mutexattr_t how;
    int error = pthread_mutexattr_init(&how);

    if (!error)
        error = pthread_mutexattr_setpshared(&how, PTHREAD_PROCESS_SHARED);
    if (!error)
        error = pthread_mutexattr_setrobust(&how, PTHREAD_MUTEX_ROBUST);
    if (!error)
        error = pthread_mutex_init(lock, &how);
    (void)pthread_mutexattr_destroy(&how);
    return error;
}

/* The clock of the deadline cannot be set: pthread_mutex_timedlock() would wait
 * for hours after the time of day was set back. */
static int wait_for_lock(pthread_mutex_t *lock)
{
    apr_time_t end = sw_clock() + LOCK_TIMEOUT;
#ifdef SW_CLOCKLOCK
    struct timespec until;

    until.tv_sec = (time_t)apr_time_sec(end);
    until.tv_nsec = (long)apr_time_usec(end) * 1000;
    return pthread_mutex_clocklock(lock, CLOCK_MONOTONIC, &until);
#else
    int error;

    while ((error = pthread_mutex_trylock(lock)) == EBUSY && sw_clock() < end)
        apr_sleep(1000);
    return error;
#endif
}

int sw_shm_table_lock(sw_shm_table_t *table, apr_uint32_t part)
{
    pthread_mutex_t *lock = &table->head->parts[part].own.lock;
    int error = pthread_mutex_trylock(lock);

    if (error == EBUSY)
        error = wait_for_lock(lock);
    if (error == EOWNERDEAD) {
        repair(table, part);
        error = pthread_mutex_consistent(lock);
    }
    return !error;
}

void sw_shm_table_unlock(sw_shm_table_t *table, apr_uint32_t part)
{
    (void)pthread_mutex_unlock(&table->head->parts[part].own.lock);
}

/* ---- finding or making it ---------------------------------------------- */

static apr_size_t align(apr_size_t n)
{
    return (n + 15) & ~(apr_size_t)15;
}

/* The parts, one after the other. @return how much they take; with a base, set
 * the pointers */
static apr_size_t lay_out(sw_shm_table_t *table,
                          const sw_shm_table_plan_t *plan, char *base)
{
    apr_size_t at_common = align(sizeof(head_t));
    apr_size_t at_entries = at_common + align(plan->common);
    apr_size_t at_chains = at_entries
                           + align(table->entry_count * plan->entry_size);
    apr_size_t at_more = at_chains
                         + align(table->chain_count * sizeof(apr_uint32_t));

    if (base) {
        table->head = (head_t *)(void *)base;
        table->common = base + at_common;
        table->entries = base + at_entries;
        table->chains = (apr_uint32_t *)(void *)(base + at_chains);
        table->extra = base + at_more;
    }
    return at_more + table->entry_count * plan->extra;
}

/* A text that differs if anything differs that two builds must agree on. */
static void write_layout(const sw_shm_table_plan_t *plan, char to[LAYOUT_SIZE])
{
    const apr_size_t sizes[] = {
        sizeof(void *), sizeof(head_t), offsetof(head_t, entries),
        offsetof(head_t, parts), sizeof(part_t),
        offsetof(part_t, own.oldest), sizeof(pthread_mutex_t), SW_SHM_KEY,
        PART_MIN, plan->parts,
        sizeof(sw_entry_t), offsetof(sw_entry_t, state),
        offsetof(sw_entry_t, next), plan->entry_size, plan->extra, plan->common
    };
    unsigned char key[APR_SIPHASH_KSIZE] = { 0 };
    apr_uint64_t hash = apr_siphash24(sizes, sizeof(sizes), key);

    memcpy(key, &hash, sizeof(hash));
    hash = apr_siphash24(plan->layout, strlen(plan->layout), key);
    memset(to, 0, LAYOUT_SIZE);
    apr_snprintf(to, LAYOUT_SIZE, "%.40s %016" APR_UINT64_T_HEX_FMT, plan->name,
                 hash);
}

/* @return 0 if the numbers would overflow */
static int size_table(const sw_shm_table_plan_t *plan, sw_shm_table_t *table,
                      apr_uint32_t entries)
{
    apr_size_t each = plan->entry_size + plan->extra + 2 * sizeof(apr_uint32_t);

    table->entry_count = entries;
    table->chain_count = 16;
    while (table->chain_count < entries && table->chain_count < CHAINS_MAX)
        table->chain_count *= 2;
    table->part_count = 1;
    while (table->part_count * 2 <= plan->parts
           && entries / (table->part_count * 2) >= PART_MIN)
        table->part_count *= 2;
    return entries <= APR_SIZE_MAX / 4 / each;
}

/* Use this memory if it is of the layout. */
static int use(sw_shm_table_t *table, const sw_shm_table_plan_t *plan,
               const char *layout, apr_shm_t *memory)
{
    const head_t *head = apr_shm_baseaddr_get(memory);
    apr_size_t size = apr_shm_size_get(memory);

    if (size < sizeof(*head) || memcmp(head->layout, layout, LAYOUT_SIZE) != 0)
        return 0;
    if (!head->entries || !size_table(plan, table, head->entries)
        || size != lay_out(table, plan, NULL))
        return 0;
    lay_out(table, plan, apr_shm_baseaddr_get(memory));
    return 1;
}

static apr_status_t reserve(apr_pool_t *p, const sw_shm_table_plan_t *plan,
                            sw_shm_table_t *table, apr_shm_t **memory)
{
    return size_table(plan, table, plan->entries)
               ? apr_shm_create(memory, lay_out(table, plan, NULL), NULL, p)
               : APR_ENOMEM;
}

static apr_status_t make(apr_pool_t *process, const sw_shm_table_plan_t *plan,
                         sw_shm_table_t *table, apr_shm_t **memory)
{
    apr_status_t rv = reserve(process, plan, table, memory);
    int i;

    if (rv)
        return rv;
    lay_out(table, plan, apr_shm_baseaddr_get(*memory));
    /* All else is zero as it comes, and not there before it is needed. */
    memset(table->chains, 0xff, table->chain_count * sizeof(apr_uint32_t));
    write_layout(plan, table->head->layout);
    table->head->entries = table->entry_count;
    for (i = 0; i < SW_SHM_PARTS && !rv; i++)
        rv = make_lock(&table->head->parts[i].own.lock);
    if (rv)
        (void)apr_shm_destroy(*memory);
    return rv;
}

static void *find_memory(apr_pool_t *process, const char *name)
{
    void *found = NULL;

    (void)apr_pool_userdata_get(&found, name, process);
    return found;
}

/* Forget memory of another layout. This takes it from this process alone:
 * children have their own view of it. What builds kept by the old name may be
 * anything, and is only forgotten. */
static void give_up(apr_pool_t *process, const sw_shm_table_plan_t *plan,
                    sw_shm_table_t *table)
{
    apr_shm_t *memory = find_memory(process, plan->name);

    if (memory) {
        (void)apr_pool_userdata_set(NULL, plan->name, NULL, process);
        (void)apr_shm_destroy(memory);
        table->has_replaced = 1;
    }
    if (plan->old_name && find_memory(process, plan->old_name)) {
        (void)apr_pool_userdata_set(NULL, plan->old_name, NULL, process);
        table->has_replaced = 1;
    }
}

/* The process pool keeps an apr_shm_t, which is APR's and therefore the same
 * for every build of this module. */
apr_status_t sw_shm_table_open(apr_pool_t *process, apr_pool_t *p,
                               const sw_shm_table_plan_t *plan,
                               sw_shm_table_t **made)
{
    sw_shm_table_t *table = *made = apr_pcalloc(p, sizeof(*table));
    apr_shm_t *memory = find_memory(process, plan->name);
    char layout[LAYOUT_SIZE];
    apr_status_t rv;

    table->entry_size = plan->entry_size;
    table->extra_size = plan->extra;
    write_layout(plan, layout);
    if (memory && use(table, plan, layout, memory))
        return APR_SUCCESS;
    give_up(process, plan, table);
    rv = make(process, plan, table, &memory);
    return rv ? rv : apr_pool_userdata_set(memory, plan->name, NULL, process);
}

apr_status_t sw_shm_table_try(apr_pool_t *p, const sw_shm_table_plan_t *plan)
{
    sw_shm_table_t table;
    apr_shm_t *memory;

    return reserve(p, plan, &table, &memory);
}
