/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A near miss in words: what the signature was made for, and what to set if
 * that was right. The same words in the log of the module and from the tool.
 * They never show a key, an expected signature, a query or a body.
 */
#ifndef SW_EXPLAIN_H
#define SW_EXPLAIN_H

#include "nearmiss.h"

typedef struct sw_finding_t {
    sw_miss_e miss;
    const char *would;     /* as sw_near_miss() has them */
    const sw_key_t *key;
    const sw_request_t *request; /* content_type is NUL-terminated; a URL */
    int key_count;         /* that were tried */
    const char *proxy;     /* the peer that SignalWireTrustedProxy would have to
                              name; NULL: it is trusted, or nobody knows */
} sw_finding_t;

/** @return in @a pool or static */
const char *sw_miss_explain(apr_pool_t *pool, const sw_finding_t *found);

/** What kind of signature SignalWireSignatureType has excluded. @return in
 * @a pool */
const char *sw_type_explain(apr_pool_t *pool, const sw_signature_t *signature);

#endif
