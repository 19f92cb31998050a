/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A refusal in words: what the signature was made for, and what to set if that
 * was right. The same words in the log of the module and from the tool. They
 * never show a key, an expected signature, credentials, a query or a body.
 */
#ifndef SW_EXPLAIN_H
#define SW_EXPLAIN_H

#include "core/signature/headers.h"
#include "core/signature/nearmiss.h"
#include "core/signature/signature.h"

typedef struct sw_finding_t {
    const sw_near_miss_t *near;
    const sw_request_t *request; /* with a URL; content_type ends with NUL */
    int key_count;         /* number of keys tried */
    const char *proxy;     /* the peer to name in SignalWireTrustedProxy;
                              NULL: it is trusted or unknown */
} sw_finding_t;

/** @return in @a pool or static */
const char *sw_miss_explain(apr_pool_t *pool, const sw_finding_t *found);

/** What kind of signature SignalWireSignatureType has excluded. @return in
 * @a pool */
const char *sw_type_explain(apr_pool_t *pool, const sw_signature_t *signature);

/** What is wrong with bodySHA256 in the URL. @return static */
const char *sw_hash_explain(const sw_request_t *request);

/** Which project the request names, cleaned and at most 64 bytes of it, and
 * what to set if no key serves it. @return in @a pool or static */
const char *sw_project_explain(apr_pool_t *pool, const sw_request_t *request);

#endif
