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

/** In post_config. @return an error if the host's name cannot be resolved */
apr_status_t sw_redis_claims_post_config(apr_pool_t *p,
                                         sw_redis_claims_t *claims);

/** In child_init: start the thread that renews leases; it ends with @a p. */
apr_status_t sw_redis_claims_child_init(apr_pool_t *p,
                                        sw_redis_claims_t *claims);

/** As sw_local_take(). */
sw_claim_e sw_redis_claims_take(sw_redis_claims_t *claims, sw_claim_t *claim);

/** Stop renewing the lease of a claim that was taken: before it is ended, and
 * in any case before its memory is freed. */
void sw_redis_claims_release(sw_redis_claims_t *claims, sw_claim_t *claim);

/** As sw_local_end(). */
const char *sw_redis_claims_end(sw_redis_claims_t *claims, sw_claim_t *claim,
                                const sw_kept_t *answer,
                                apr_interval_time_t time);

#endif
