/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Limits the workers of the whole server that the module holds, to leave some
 * for the next caller.
 */
#ifndef SW_WORKERS_H
#define SW_WORKERS_H

#include "httpd/module.h"

typedef struct sw_workers_t sw_workers_t;

/** Make the shared memory; in post_config. */
apr_status_t sw_workers_post_config(apr_pool_t *p, server_rec *s);

/** Hooks child_init and child_status. */
void sw_workers_child_init(apr_pool_t *p, server_rec *s);
void sw_workers_child_status(server_rec *s, pid_t pid,
                             ap_generation_t generation, int child,
                             mpm_child_status state);

/** The reason to hold a worker. */
typedef enum sw_hold_e {
    SW_HOLD_ACK,    /* an application whose callback is acknowledged */
    SW_HOLD_REPEAT, /* a repeat that waits for the first delivery */
    SW_HOLD_COUNT
} sw_hold_e;

/** Hold a worker until the client's request ends, unless @a max workers (0 or
 * less: a quarter of all) are held for this reason already.
 * @return whether it is held; 1 also if the workers cannot be counted */
int sw_workers_hold(request_rec *initial, sw_hold_e what, int max);

/** Release the worker. */
void sw_workers_release(request_rec *initial, sw_hold_e what);

#endif
