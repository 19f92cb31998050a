/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A refusal in words: the URL that the signature was made for, and the setting
 * that would accept it. The log of the module and the tool use the same words.
 * They never show a key, an expected signature, credentials, a query or a body.
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

/** The kind of signature that SignalWireSignatureType has excluded. @return in
 * @a pool */
const char *sw_type_explain(apr_pool_t *pool, const sw_signature_t *signature);

/** The fault of bodySHA256 in the URL. @return static */
const char *sw_hash_explain(const sw_request_t *request);

/** The project of the request, cleaned and at most 64 bytes, and the setting
 * for a project that no key serves. @return in @a pool or static */
const char *sw_project_explain(apr_pool_t *pool, const sw_request_t *request);

#endif
