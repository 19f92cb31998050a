/* SPDX-License-Identifier: Apache-2.0 */
#include "ring.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

#include <apr_atomic.h>
#include <apr_shm.h>

#define PATIENCE apr_time_from_msec(200)

typedef struct head_t {
    apr_uint32_t entries, chains; /* how many; chains are a power of two */
    apr_uint32_t oldest;
    pthread_mutex_t lock;
} head_t;

struct sw_ring_t {
    apr_size_t entry_size, more_size;
    head_t *head;
    apr_uint32_t *chains; /* where they begin */
    char *entries, *more, *common;
};

apr_uint32_t sw_ring_entries(const sw_ring_t *ring)
{
    return ring->head->entries;
}

void *sw_ring_common(const sw_ring_t *ring)
{
    return ring->common;
}

void *sw_ring_more(const sw_ring_t *ring, apr_uint32_t i)
{
    return ring->more + i * ring->more_size;
}

void *sw_ring_at(const sw_ring_t *ring, apr_uint32_t i)
{
    return ring->entries + i * ring->entry_size;
}

/* ---- chains ------------------------------------------------------------ */

static apr_uint32_t *chain_of(const sw_ring_t *ring, const unsigned char *key)
{
    apr_uint32_t hash;

    memcpy(&hash, key, sizeof(hash)); /* a digest is as good as any hash */
    return ring->chains + (hash & (ring->head->chains - 1));
}

apr_uint32_t sw_ring_find(const sw_ring_t *ring, const unsigned char *key)
{
    apr_uint32_t i = *chain_of(ring, key);

    while (i != SW_RING_NONE) {
        const sw_entry_t *entry = sw_ring_at(ring, i);

        if (memcmp(entry->key, key, SW_RING_KEY) == 0)
            return i;
        i = entry->next;
    }
    return i;
}

static void link_in(sw_ring_t *ring, apr_uint32_t i)
{
    sw_entry_t *entry = sw_ring_at(ring, i);
    apr_uint32_t *chain = chain_of(ring, entry->key);

    entry->next = *chain;
    *chain = i;
}

void sw_ring_enter(sw_ring_t *ring, apr_uint32_t i, const unsigned char *key,
                   apr_uint32_t state)
{
    sw_entry_t *entry = sw_ring_at(ring, i);

    memcpy(entry->key, key, SW_RING_KEY);
    apr_atomic_set32(&entry->state, state);
    link_in(ring, i);
}

void sw_ring_forget(sw_ring_t *ring, apr_uint32_t i)
{
    sw_entry_t *entry = sw_ring_at(ring, i);
    apr_uint32_t *at = chain_of(ring, entry->key);

    apr_atomic_set32(&entry->state, 0);
    while (*at != SW_RING_NONE && *at != i)
        at = &((sw_entry_t *)sw_ring_at(ring, *at))->next;
    if (*at == i)
        *at = entry->next;
}

apr_uint32_t sw_ring_advance(sw_ring_t *ring)
{
    apr_uint32_t i = ring->head->oldest;

    ring->head->oldest = (i + 1) % ring->head->entries;
    return i;
}

static void mend(sw_ring_t *ring)
{
    apr_uint32_t i;

    memset(ring->chains, 0xff, ring->head->chains * sizeof(apr_uint32_t));
    for (i = 0; i < ring->head->entries; i++) {
        if (((sw_entry_t *)sw_ring_at(ring, i))->state)
            link_in(ring, i);
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

static int wait_for_lock(pthread_mutex_t *lock)
{
    apr_time_t end = apr_time_now() + PATIENCE;
    struct timespec until;

    until.tv_sec = (time_t)apr_time_sec(end);
    until.tv_nsec = (long)apr_time_usec(end) * 1000;
    return pthread_mutex_timedlock(lock, &until);
}

int sw_ring_lock(sw_ring_t *ring)
{
    pthread_mutex_t *lock = &ring->head->lock;
    int error = pthread_mutex_trylock(lock);

    if (error == EBUSY)
        error = wait_for_lock(lock);
    if (error == EOWNERDEAD) {
        mend(ring);
        error = pthread_mutex_consistent(lock);
    }
    return !error;
}

void sw_ring_unlock(sw_ring_t *ring)
{
    (void)pthread_mutex_unlock(&ring->head->lock);
}

/* ---- making it --------------------------------------------------------- */

static apr_size_t align(apr_size_t n)
{
    return (n + 15) & ~(apr_size_t)15;
}

/* The parts one behind the other. @return how much they take; with a base, set
 * the pointers */
static apr_size_t lay_out(sw_ring_t *ring, const sw_ring_plan_t *plan,
                          apr_uint32_t chains, char *base)
{
    apr_size_t at_common = align(sizeof(head_t));
    apr_size_t at_entries = at_common + align(plan->common);
    apr_size_t at_chains = at_entries
                           + align(plan->entries * plan->entry_size);
    apr_size_t at_more = at_chains + align(chains * sizeof(apr_uint32_t));

    if (base) {
        ring->head = (head_t *)(void *)base;
        ring->common = base + at_common;
        ring->entries = base + at_entries;
        ring->chains = (apr_uint32_t *)(void *)(base + at_chains);
        ring->more = base + at_more;
    }
    return at_more + plan->entries * plan->more;
}

static apr_uint32_t chains_for(const sw_ring_plan_t *plan)
{
    apr_uint32_t chains = 16;

    while (chains < plan->entries)
        chains *= 2;
    return chains;
}

static apr_status_t make(apr_pool_t *process, const sw_ring_plan_t *plan,
                         sw_ring_t *ring)
{
    apr_uint32_t chains = chains_for(plan);
    apr_shm_t *memory;
    apr_status_t rv;

    rv = apr_shm_create(&memory, lay_out(ring, plan, chains, NULL), NULL,
                        process);
    if (rv)
        return rv;
    lay_out(ring, plan, chains, apr_shm_baseaddr_get(memory));
    ring->entry_size = plan->entry_size;
    ring->more_size = plan->more;
    /* All else is zero as it comes, and not there before it is needed. */
    memset(ring->chains, 0xff, chains * sizeof(apr_uint32_t));
    ring->head->entries = plan->entries;
    ring->head->chains = chains;
    return make_lock(&ring->head->lock);
}

apr_status_t sw_ring_share(apr_pool_t *process, const sw_ring_plan_t *plan,
                           sw_ring_t **ring)
{
    void *found = NULL;
    apr_status_t rv = apr_pool_userdata_get(&found, plan->name, process);

    *ring = found;
    if (found || rv)
        return rv;
    *ring = apr_pcalloc(process, sizeof(**ring));
    rv = make(process, plan, *ring);
    return rv ? rv : apr_pool_userdata_set(*ring, plan->name, NULL, process);
}

apr_status_t sw_ring_try(apr_pool_t *p, const sw_ring_plan_t *plan)
{
    sw_ring_t ring;
    apr_shm_t *memory;

    return apr_shm_create(&memory, lay_out(&ring, plan, chains_for(plan),
                                           NULL), NULL, p);
}
