/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Claims in shared memory, for the processes of one httpd. A claim is its
 * owner's as long as the process lives: it needs no lease.
 */
#ifndef SW_LOCAL_H
#define SW_LOCAL_H

#include <apr_pools.h>
#include <apr_time.h>

#include "store/claim_store.h"

typedef struct sw_local_t sw_local_t;

/**
 * The table of this httpd, made at the first call and found at every later
 * one, as sw_shm_table_open() says.
 * @param entries how many callbacks it remembers; counts if it is made
 */
apr_status_t sw_local_post_config(apr_pool_t *process, apr_pool_t *p,
                                  apr_uint32_t entries, sw_local_t **table);

/** In a child, before it takes a claim. */
void sw_local_child_init(sw_local_t *table);

/** Was the table of another build given up for this one? */
int sw_local_has_replaced(const sw_local_t *table);

/** Try to allocate the memory; it is freed with @a p. */
apr_status_t sw_local_try(apr_pool_t *p, apr_uint32_t entries);

/** The number of callbacks that the table can remember. */
apr_uint32_t sw_local_entries(const sw_local_t *table);

/** Take the claim to @a claim->key, unless another request has it. The claim
 * of a process that has died is free. */
sw_claim_e sw_local_take(sw_local_t *table, sw_claim_t *claim);

/** Keep the answer for @a time, or release the claim (@a answer is NULL).
 * @return NULL, or the error */
const char *sw_local_end(sw_local_t *table, const sw_claim_t *claim,
                         const sw_kept_t *answer, apr_interval_time_t time);

#endif
