/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Claims in shared memory: a ring of entries, the oldest overwritten first,
 * and chains that lead to them by key. All children of a server share it, and
 * those of before and after a graceful restart too. A child may be killed at
 * any point, also within the lock: then whoever comes next makes the chains
 * anew from the entries.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <apr_atomic.h>
#include <apr_shm.h>
#include <apr_strings.h>

#include "claims.h"

/* In the process pool; changes with what stands below, since the memory may be
 * older than this code. */
#define KEY "mod_signalwire_once_1"

#define PATIENCE apr_time_from_msec(200)

/* A process id may come to be another's, which would be a claim for ever. */
#define RUNNING_MAX apr_time_from_sec(3600)

/* Type and body; longer ones have a place of their own. */
#define SHORT 128
#define LONG (SW_KEPT_TYPE + 1 + SW_KEPT_BODY)

#define NONE ((apr_uint32_t)-1)

enum { FREE, RUNNING, DONE };

typedef struct entry_t {
    unsigned char key[SW_CLAIM_KEY];
    volatile apr_uint32_t state; /* written last: an entry is always whole */
    apr_uint32_t next;           /* of its chain, or NONE */
    apr_uint32_t serial;         /* which claim it is */
    apr_uint32_t pid;            /* of whom it is while RUNNING */
    apr_time_t time;             /* RUNNING since, or DONE until */
    apr_uint16_t status, type, body; /* the latter are lengths */
    char text[SHORT];
} entry_t;

typedef struct head_t {
    apr_uint32_t entries, chains; /* how many; chains are a power of two */
    apr_uint32_t oldest, serial;
    pthread_mutex_t lock;
} head_t;

struct sw_table_t {
    head_t *head;
    apr_uint32_t *chains;
    entry_t *entries;
    char (*texts)[LONG]; /* touched as they are needed */
};

/* ---- chains ------------------------------------------------------------ */

static apr_uint32_t *chain_of(sw_table_t *table, const unsigned char *key)
{
    apr_uint32_t hash;

    memcpy(&hash, key, sizeof(hash)); /* a digest is as good as any hash */
    return table->chains + (hash & (table->head->chains - 1));
}

static apr_uint32_t find(sw_table_t *table, const unsigned char *key)
{
    apr_uint32_t i = *chain_of(table, key);

    while (i != NONE && memcmp(table->entries[i].key, key, SW_CLAIM_KEY) != 0)
        i = table->entries[i].next;
    return i;
}

static void link_in(sw_table_t *table, apr_uint32_t i)
{
    entry_t *entry = table->entries + i;
    apr_uint32_t *chain = chain_of(table, entry->key);

    entry->next = *chain;
    *chain = i;
}

static void forget(sw_table_t *table, apr_uint32_t i)
{
    entry_t *entry = table->entries + i;
    apr_uint32_t *at = chain_of(table, entry->key);

    apr_atomic_set32(&entry->state, FREE);
    while (*at != NONE && *at != i)
        at = &table->entries[*at].next;
    if (*at == i)
        *at = entry->next;
}

/* ---- the lock ---------------------------------------------------------- */

static void mend(sw_table_t *table)
{
    apr_uint32_t i;

    memset(table->chains, 0xff, table->head->chains * sizeof(apr_uint32_t));
    for (i = 0; i < table->head->entries; i++) {
        if (table->entries[i].state != FREE)
            link_in(table, i);
    }
}

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

static int wait_for_lock(pthread_mutex_t *lock)
{
    apr_time_t end = apr_time_now() + PATIENCE;
    struct timespec until;

    until.tv_sec = (time_t)apr_time_sec(end);
    until.tv_nsec = (long)apr_time_usec(end) * 1000;
    return pthread_mutex_timedlock(lock, &until);
}

static int begin_work(sw_table_t *table)
{
    pthread_mutex_t *lock = &table->head->lock;
    int error = pthread_mutex_trylock(lock);

    if (error == EBUSY)
        error = wait_for_lock(lock);
    if (error == EOWNERDEAD) {
        mend(table);
        error = pthread_mutex_consistent(lock);
    }
    return !error;
}

static void end_work(sw_table_t *table)
{
    (void)pthread_mutex_unlock(&table->head->lock);
}

/* ---- making it --------------------------------------------------------- */

/* The parts of the memory one behind the other, what needs more alignment
 * first. @return how much it takes; with a base, set the pointers */
static apr_size_t lay_out(sw_table_t *table, char *base, apr_uint32_t entries,
                          apr_uint32_t chains)
{
    apr_size_t at_head = (apr_size_t)entries * sizeof(entry_t);
    apr_size_t at_chains = at_head + sizeof(head_t);
    apr_size_t at_texts = at_chains
                          + (apr_size_t)chains * sizeof(apr_uint32_t);

    if (base) {
        table->entries = (entry_t *)(void *)base;
        table->head = (head_t *)(void *)(base + at_head);
        table->chains = (apr_uint32_t *)(void *)(base + at_chains);
        table->texts = (char (*)[LONG])(void *)(base + at_texts);
    }
    return at_texts + (apr_size_t)entries * LONG;
}

static apr_status_t make(apr_pool_t *process, apr_uint32_t entries,
                         sw_table_t *table)
{
    apr_uint32_t chains = 16;
    apr_shm_t *memory;
    apr_status_t rv;

    while (chains < entries)
        chains *= 2;
    rv = apr_shm_create(&memory, lay_out(table, NULL, entries, chains), NULL,
                        process);
    if (rv)
        return rv;
    lay_out(table, apr_shm_baseaddr_get(memory), entries, chains);
    memset(table->head, 0, sizeof(*table->head));
    memset(table->chains, 0xff, chains * sizeof(apr_uint32_t));
    memset(table->entries, 0, entries * sizeof(entry_t));
    table->head->entries = entries;
    table->head->chains = chains;
    return make_lock(&table->head->lock);
}

apr_status_t sw_table_share(apr_pool_t *process, apr_uint32_t entries,
                            sw_table_t **table)
{
    void *found = NULL;
    apr_status_t rv = apr_pool_userdata_get(&found, KEY, process);

    *table = found;
    if (found || rv)
        return rv;
    *table = apr_pcalloc(process, sizeof(**table));
    rv = make(process, entries, *table);
    return rv ? rv : apr_pool_userdata_set(*table, KEY, NULL, process);
}

apr_uint32_t sw_table_entries(const sw_table_t *table)
{
    return table->head->entries;
}

/* ---- claims ------------------------------------------------------------ */

static int is_running(const entry_t *entry, apr_time_t now)
{
    return entry->state == RUNNING
           && now - entry->time < RUNNING_MAX
           && (kill((pid_t)entry->pid, 0) == 0 || errno != ESRCH);
}

/* The oldest place that nobody needs any more, or NONE. */
static apr_uint32_t next_place(sw_table_t *table, apr_time_t now)
{
    head_t *head = table->head;
    apr_uint32_t tries;

    for (tries = 0; tries < head->entries && tries < 4096; tries++) {
        apr_uint32_t i = head->oldest;

        head->oldest = (i + 1) % head->entries;
        if (is_running(table->entries + i, now))
            continue;
        if (table->entries[i].state != FREE)
            forget(table, i);
        return i;
    }
    return NONE;
}

static void occupy(sw_table_t *table, apr_uint32_t i, sw_claim_t *claim,
                   apr_time_t now)
{
    entry_t *entry = table->entries + i;

    memcpy(entry->key, claim->key, SW_CLAIM_KEY);
    entry->serial = ++table->head->serial;
    entry->pid = (apr_uint32_t)getpid();
    entry->time = now;
    apr_atomic_set32(&entry->state, RUNNING);
    link_in(table, i);
    claim->place = i;
    claim->serial = entry->serial;
}

static char *text_of(sw_table_t *table, apr_uint32_t i)
{
    entry_t *entry = table->entries + i;

    return entry->type + entry->body <= SHORT ? entry->text
                                              : table->texts[i];
}

static void read_answer(sw_table_t *table, apr_uint32_t i, apr_pool_t *p,
                        sw_kept_t *answer)
{
    const entry_t *entry = table->entries + i;
    const char *text = text_of(table, i);

    answer->status = entry->status;
    answer->type = sw_span_of(apr_pstrmemdup(p, text, entry->type),
                              entry->type);
    answer->body = sw_span_of(apr_pstrmemdup(p, text + entry->type,
                                             entry->body), entry->body);
}

static void write_answer(sw_table_t *table, apr_uint32_t i,
                         const sw_kept_t *answer)
{
    entry_t *entry = table->entries + i;
    char *text;

    entry->status = (apr_uint16_t)answer->status;
    entry->type = (apr_uint16_t)answer->type.n;
    entry->body = (apr_uint16_t)answer->body.n;
    text = text_of(table, i);
    if (answer->type.n)
        memcpy(text, answer->type.p, answer->type.n);
    if (answer->body.n)
        memcpy(text + answer->type.n, answer->body.p, answer->body.n);
}

sw_claim_e sw_table_take(sw_table_t *table, sw_claim_t *claim,
                         apr_pool_t *p, sw_kept_t *answer)
{
    apr_time_t now = apr_time_now();
    sw_claim_e result = SW_CLAIM_TAKEN;
    apr_uint32_t i;

    if (!begin_work(table))
        return SW_CLAIM_SILENT;
    i = find(table, claim->key);
    if (i != NONE && is_running(table->entries + i, now)) {
        result = SW_CLAIM_RUNNING;
    }
    else if (i != NONE && table->entries[i].state == DONE
             && now < table->entries[i].time) {
        read_answer(table, i, p, answer);
        result = SW_CLAIM_DONE;
    }
    else {
        if (i != NONE)
            forget(table, i);
        i = next_place(table, now);
        if (i == NONE)
            result = SW_CLAIM_FULL;
        else
            occupy(table, i, claim, now);
    }
    end_work(table);
    return result;
}

int sw_table_end(sw_table_t *table, const sw_claim_t *claim,
                 const sw_kept_t *answer, apr_interval_time_t time)
{
    entry_t *entry = table->entries + claim->place;

    if (!begin_work(table))
        return 0;
    if (entry->state == RUNNING && entry->serial == claim->serial
        && memcmp(entry->key, claim->key, SW_CLAIM_KEY) == 0) {
        if (answer) {
            write_answer(table, claim->place, answer);
            entry->time = apr_time_now() + time;
            apr_atomic_set32(&entry->state, DONE);
        }
        else {
            forget(table, claim->place);
        }
    }
    end_work(table);
    return 1;
}
