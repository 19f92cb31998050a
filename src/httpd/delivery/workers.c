/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts the workers of the whole server that the module holds, to leave some
 * for the next caller. Each child counts in its own slot of shared memory, so
 * that the counts of a crashed child end with its slot.
 */
#include <unistd.h>

#include <ap_mpm.h>
#include <apr_atomic.h>
#include <apr_shm.h>

#include "httpd/delivery/workers.h"
#include "httpd/config/settings.h"
#include "httpd/request/request.h"

typedef struct slot_t {
    volatile apr_uint32_t pid; /* of the child, 0: free */
    volatile apr_uint32_t held[SW_HOLD_COUNT];
} slot_t;

struct sw_workers_t {
    slot_t *slots;
    int count;
    slot_t *own;  /* of this child; NULL if none was free */
    int quarter;  /* of MaxRequestWorkers, at least 1 */
};

static int ask_mpm(int what)
{
    int answer = 0;

    return ap_mpm_query(what, &answer) == APR_SUCCESS && answer > 0 ? answer
                                                                    : 1;
}

apr_status_t sw_workers_post_config(apr_pool_t *p, server_rec *s)
{
    sw_workers_t *workers = apr_pcalloc(p, sizeof(*workers));
    int threads = ask_mpm(AP_MPMQ_MAX_THREADS);
    apr_shm_t *memory;
    apr_size_t size;
    apr_status_t rv;

    workers->count = ask_mpm(AP_MPMQ_HARD_LIMIT_DAEMONS);
    workers->quarter = ask_mpm(AP_MPMQ_MAX_DAEMONS) * threads / 4;
    if (workers->quarter < 1)
        workers->quarter = 1;
    size = (apr_size_t)workers->count * sizeof(slot_t);
    rv = apr_shm_create(&memory, size, NULL, p);
    if (rv)
        return rv;
    workers->slots = apr_shm_baseaddr_get(memory);
    memset(workers->slots, 0, size);
    for (; s; s = s->next)
        sw_server_of(s)->workers = workers;
    return APR_SUCCESS;
}

void sw_workers_child_init(apr_pool_t *p, server_rec *s)
{
    sw_workers_t *workers = sw_server_of(s)->workers;
    apr_uint32_t pid = (apr_uint32_t)getpid(), owner;
    int i;

    (void)p;
    for (i = 0; workers && !workers->own && i < workers->count; i++) {
        slot_t *slot = workers->slots + i;

        owner = apr_atomic_cas32(&slot->pid, pid, 0);
        if (owner == pid) /* a dead child had the same id */
            memset((void *)slot->held, 0, sizeof(slot->held));
        if (owner == 0 || owner == pid)
            workers->own = slot;
    }
}

void sw_workers_child_status(server_rec *s, pid_t pid,
                             ap_generation_t generation, int child,
                             mpm_child_status state)
{
    sw_workers_t *workers = sw_server_of(s)->workers;
    int i;

    (void)generation;
    (void)child;
    for (i = 0; state == MPM_CHILD_EXITED && workers && i < workers->count;
         i++) {
        slot_t *slot = workers->slots + i;

        if (apr_atomic_read32(&slot->pid) == (apr_uint32_t)pid) {
            memset((void *)slot->held, 0, sizeof(slot->held));
            apr_atomic_set32(&slot->pid, 0);
        }
    }
}

static apr_status_t release(void *held)
{
    apr_atomic_dec32(held);
    return APR_SUCCESS;
}

int sw_workers_hold(request_rec *initial, sw_hold_e what, int max)
{
    sw_workers_t *workers = sw_server_of(initial->server)->workers;
    volatile apr_uint32_t *own;
    apr_uint32_t all = 0;
    int i;

    if (!workers || !workers->own)
        return 1; /* without counts nothing is refused */
    own = workers->own->held + what;
    apr_atomic_inc32(own);
    for (i = 0; i < workers->count; i++)
        all += apr_atomic_read32(workers->slots[i].held + what);
    if (all > (apr_uint32_t)(max > 0 ? max : workers->quarter)) {
        release((void *)own);
        return 0;
    }
    apr_pool_cleanup_register(initial->pool, (void *)own, release,
                              apr_pool_cleanup_null);
    return 1;
}

void sw_workers_release(request_rec *initial, sw_hold_e what)
{
    sw_workers_t *workers = sw_server_of(initial->server)->workers;

    if (workers && workers->own)
        apr_pool_cleanup_run(initial->pool, (void *)(workers->own->held + what),
                             release);
}
