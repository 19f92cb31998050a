/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Claims in shared memory, a table of them. A claim is its owner's as long as
 * the process lives, which can be asked: it needs no lease.
 */
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <apr_atomic.h>
#include <apr_strings.h>

#include "store/local.h"
#include "core/text/span.h"
#include "store/clock.h"
#include "store/owner.h"
#include "store/shm_table.h"

/* How long a claim lasts at most whose owner may be another process that has
 * been given the same id. */
#define UNSURE_MAX apr_time_from_sec(3600)

/* Type and body; longer ones have a place of their own. */
#define SHORT 128
#define LONG (SW_KEPT_TYPE + 1 + SW_KEPT_BODY)

/* How many running ones are passed over to find a place. */
#define TRIES_MAX 4096

enum { RUNNING = 1, DONE };

/* Whose claim was given up by who could not have the lock. */
#define NOBODY 0

typedef struct claimed_t {
    sw_entry_t entry;
    apr_uint32_t serial; /* which claim it is */
    volatile apr_uint32_t pid; /* of the owner while RUNNING, or NOBODY */
    apr_uint64_t started;      /* the owner */
    apr_time_t time;     /* RUNNING since, or DONE until, by sw_clock() */
    apr_uint16_t status, type, body; /* the latter are lengths */
    char text[SHORT];
} claimed_t;

struct sw_local_t {
    sw_shm_table_t *table;
    sw_owner_t self;
};

/* The number in front counts changes that leave all members where they are. */
static const char *layout(apr_pool_t *p)
{
    return apr_psprintf(p, "1: %u %u %u %u %u %u %u %u",
                        (unsigned)offsetof(claimed_t, serial),
                        (unsigned)offsetof(claimed_t, pid),
                        (unsigned)offsetof(claimed_t, started),
                        (unsigned)offsetof(claimed_t, time),
                        (unsigned)offsetof(claimed_t, status),
                        (unsigned)offsetof(claimed_t, type),
                        (unsigned)offsetof(claimed_t, body),
                        (unsigned)offsetof(claimed_t, text));
}

static sw_shm_table_plan_t plan_for(apr_pool_t *p, apr_uint32_t entries)
{
    const sw_shm_table_plan_t plan = {
        "mod_signalwire claims", "mod_signalwire_once_1", layout(p), entries,
        sizeof(claimed_t), LONG, sizeof(apr_uint32_t), 1
    };

    return plan;
}

apr_status_t sw_local_post_config(apr_pool_t *process, apr_pool_t *p,
                                  apr_uint32_t entries, sw_local_t **local)
{
    const sw_shm_table_plan_t plan = plan_for(p, entries);

    *local = apr_pcalloc(p, sizeof(**local));
    return sw_shm_table_open(process, p, &plan, &(*local)->table);
}

void sw_local_child_init(sw_local_t *local)
{
    local->self = sw_owner_self();
}

apr_status_t sw_local_try(apr_pool_t *p, apr_uint32_t entries)
{
    const sw_shm_table_plan_t plan = plan_for(p, entries);

    return sw_shm_table_try(p, &plan);
}

apr_uint32_t sw_local_entries(const sw_local_t *local)
{
    return sw_shm_table_entries(local->table);
}

int sw_local_has_replaced(const sw_local_t *local)
{
    return sw_shm_table_has_replaced(local->table);
}

static int is_running(const claimed_t *claimed, apr_time_t now)
{
    sw_owner_t owner = { claimed->pid, claimed->started };
    sw_life_e life;

    if (claimed->entry.state != RUNNING || owner.pid == NOBODY)
        return 0;
    life = sw_owner_life(owner);
    return life == SW_OWNER_ALIVE
           || (life == SW_OWNER_UNSURE && now - claimed->time < UNSURE_MAX);
}

/* The oldest place that nobody needs any more, or SW_SHM_NONE. */
static apr_uint32_t find_place(sw_shm_table_t *table, apr_time_t now)
{
    apr_uint32_t tries = sw_shm_table_entries(table);

    if (tries > TRIES_MAX)
        tries = TRIES_MAX;
    while (tries--) {
        apr_uint32_t i = sw_shm_table_take_oldest(table, 0);
        const claimed_t *claimed = sw_shm_table_at(table, i);

        if (is_running(claimed, now))
            continue;
        if (claimed->entry.state)
            sw_shm_table_remove(table, i);
        return i;
    }
    return SW_SHM_NONE;
}

/* A process that a child has made by itself, as mpm-itk does for each
 * connection, is an owner of its own. */
static void occupy(const sw_local_t *local, apr_uint32_t i, sw_claim_t *claim,
                   apr_time_t now)
{
    sw_shm_table_t *table = local->table;
    apr_uint32_t *last_serial = sw_shm_table_common(table);
    claimed_t *claimed = sw_shm_table_at(table, i);
    sw_owner_t owner = local->self;

    if (owner.pid != (apr_uint32_t)getpid())
        owner = sw_owner_self();
    claimed->serial = ++*last_serial;
    claimed->pid = owner.pid;
    claimed->started = owner.started;
    claimed->time = now;
    sw_shm_table_insert(table, i, claim->key, RUNNING);
    claim->place = i;
    claim->serial = claimed->serial;
}

static char *text_of(sw_shm_table_t *table, apr_uint32_t i)
{
    claimed_t *claimed = sw_shm_table_at(table, i);

    return claimed->type + claimed->body <= SHORT
               ? claimed->text
               : sw_shm_table_extra(table, i);
}

static void copy_answer(sw_shm_table_t *table, apr_uint32_t i, apr_pool_t *p,
                        sw_kept_t *answer)
{
    const claimed_t *claimed = sw_shm_table_at(table, i);
    const char *text = text_of(table, i);

    answer->status = claimed->status;
    answer->type = sw_span_of(apr_pstrmemdup(p, text, claimed->type),
                              claimed->type);
    answer->body = sw_span_of(apr_pstrmemdup(p, text + claimed->type,
                                             claimed->body),
                              claimed->body);
}

static void keep_answer(sw_shm_table_t *table, apr_uint32_t i,
                        const sw_kept_t *answer)
{
    claimed_t *claimed = sw_shm_table_at(table, i);
    char *text;

    claimed->status = (apr_uint16_t)answer->status;
    claimed->type = (apr_uint16_t)answer->type.n;
    claimed->body = (apr_uint16_t)answer->body.n;
    text = text_of(table, i);
    if (answer->type.n)
        memcpy(text, answer->type.p, answer->type.n);
    if (answer->body.n)
        memcpy(text + answer->type.n, answer->body.p, answer->body.n);
}

static const char locked[] = "its lock is held by a process that has stopped";

sw_claim_e sw_local_take(sw_local_t *local, sw_claim_t *claim)
{
    sw_shm_table_t *table = local->table;
    apr_time_t now = sw_clock();
    sw_claim_e result = SW_CLAIM_TAKEN;
    const claimed_t *claimed;
    apr_uint32_t i;

    claim->error = NULL;
    if (!sw_shm_table_lock(table, 0)) {
        claim->error = locked;
        return SW_CLAIM_FAILED;
    }
    i = sw_shm_table_find(table, claim->key);
    claimed = i == SW_SHM_NONE ? NULL : sw_shm_table_at(table, i);
    if (claimed && is_running(claimed, now)) {
        result = SW_CLAIM_RUNNING;
    }
    else if (claimed && claimed->entry.state == DONE && now < claimed->time) {
        copy_answer(table, i, claim->pool, &claim->answer);
        result = SW_CLAIM_DONE;
    }
    else {
        if (claimed)
            sw_shm_table_remove(table, i);
        i = find_place(table, now);
        if (i == SW_SHM_NONE) {
            claim->error = "all its entries are of applications that run";
            result = SW_CLAIM_FULL;
        }
        else {
            occupy(local, i, claim, now);
        }
    }
    sw_shm_table_unlock(table, 0);
    return result;
}

const char *sw_local_end(sw_local_t *local, const sw_claim_t *claim,
                         const sw_kept_t *answer, apr_interval_time_t time)
{
    sw_shm_table_t *table = local->table;
    claimed_t *claimed = sw_shm_table_at(table, claim->place);

    /* Nobody else may touch the entry of a process that lives. */
    if (!sw_shm_table_lock(table, 0)) {
        if (claimed->serial == claim->serial)
            apr_atomic_set32(&claimed->pid, NOBODY);
        return locked;
    }
    if (claimed->entry.state == RUNNING && claimed->serial == claim->serial
        && memcmp(claimed->entry.key, claim->key, SW_SHM_KEY) == 0) {
        if (answer) {
            keep_answer(table, claim->place, answer);
            claimed->time = sw_clock() + time;
            apr_atomic_set32(&claimed->entry.state, DONE);
        }
        else {
            sw_shm_table_remove(table, claim->place);
        }
    }
    sw_shm_table_unlock(table, 0);
    return NULL;
}
