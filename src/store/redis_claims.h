/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Claims in a Redis server, which several machines share: keys with a lease of
 * three seconds, which a thread of the child renews.
 */
#ifndef SW_REDIS_CLAIMS_H
#define SW_REDIS_CLAIMS_H

#include <apr_pools.h>
#include <apr_time.h>

#include "store/claim_store.h"
#include "store/redis.h"

typedef struct sw_redis_claims_t sw_redis_claims_t;

/** @param prefix of the keys, for environments that share a server; or NULL */
sw_redis_claims_t *sw_redis_claims_make(apr_pool_t *p,
                                        const sw_redis_conf_t *conf,
                                        const char *prefix);

/** Before there are children. @return whether the host's name is known */
apr_status_t sw_redis_claims_post_config(apr_pool_t *p,
                                         sw_redis_claims_t *claims);

/** In a child: starts the thread that renews, which ends with @a p. */
apr_status_t sw_redis_claims_child_init(apr_pool_t *p,
                                        sw_redis_claims_t *claims);

/** As sw_local_take(), with the reason for a silence. */
sw_claim_e sw_redis_claims_take(sw_redis_claims_t *claims, sw_claim_t *claim,
                                apr_pool_t *p, sw_kept_t *answer,
                                const char **why);

/** Before a claim that was taken is ended, and in any case before it is freed:
 * its lease is renewed no more. */
void sw_redis_claims_release(sw_redis_claims_t *claims, sw_claim_t *claim);

/** As sw_local_end(). @return NULL, or the reason for a silence */
const char *sw_redis_claims_end(sw_redis_claims_t *claims, sw_claim_t *claim,
                                const sw_kept_t *answer,
                                apr_interval_time_t time, apr_pool_t *p);

#endif
