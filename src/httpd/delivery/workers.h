/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many workers of the whole server the module holds, so that there is
 * always one left for the next caller.
 */
#ifndef SW_WORKERS_H
#define SW_WORKERS_H

#include "httpd/module.h"

typedef struct sw_workers_t sw_workers_t;

/** Make the memory that all children share; in post_config. */
apr_status_t sw_workers_post_config(apr_pool_t *p, server_rec *s);

/** Hooks child_init and child_status. */
void sw_workers_child_init(apr_pool_t *p, server_rec *s);
void sw_workers_child_status(server_rec *s, pid_t pid,
                             ap_generation_t generation, int place,
                             mpm_child_status state);

/** What a worker may be held by. */
typedef enum sw_hold_e {
    SW_HOLD_ACK,    /* an application whose callback is acknowledged */
    SW_HOLD_REPEAT, /* waiting for the first delivery */
    SW_HOLD_COUNT
} sw_hold_e;

/** Hold a worker until the client's request ends, if no more than @a max are
 * held by this, or (not above 0) a quarter of all. @return whether it may */
int sw_workers_hold(request_rec *initial, sw_hold_e what, int max);

/** Hold it no longer. */
void sw_workers_release(request_rec *initial, sw_hold_e what);

#endif
