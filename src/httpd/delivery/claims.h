/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The claims of a server to callbacks, in its store: shared memory or Redis. If
 * the store does not answer, requests run as if there were none.
 */
#ifndef SW_CLAIMS_H
#define SW_CLAIMS_H

#include "httpd/module.h"
#include "store/claim_store.h"

typedef struct sw_claims_t sw_claims_t;

/** Hook check_config: is there enough memory for the claims? */
int sw_claims_check_config(apr_pool_t *pconf, apr_pool_t *plog,
                           apr_pool_t *ptemp, server_rec *s);

/** Make what all children share, if any block has SignalWireOnce; in
 * post_config. */
apr_status_t sw_claims_post_config(apr_pool_t *p, server_rec *s);

/** Hook child_init. */
void sw_claims_child_init(apr_pool_t *p, server_rec *s);

/** Do other machines use the same store? */
int sw_claims_are_shared(const request_rec *r);

/** Take a claim in the store of the server. Logs an error of the store. */
sw_claim_e sw_claims_take(request_rec *r, sw_claim_t *claim);

/** End a claim: keep @a answer for @a time, or (NULL) release the claim. */
void sw_claims_end(request_rec *r, sw_claim_t *claim, const sw_kept_t *answer,
                   apr_interval_time_t time);

#endif
