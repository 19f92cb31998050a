/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A near miss: the URL or key that a failed signature matches. The search tries
 * a fixed, bounded list of the mistakes that administrators and proxies really
 * make. It is for the log only; nothing here ever lets a request pass.
 */
#ifndef SW_NEARMISS_H
#define SW_NEARMISS_H

#include "core/signature/headers.h"
#include "core/signature/origins.h"
#include "core/signature/signature.h"
#include "core/signature/targets.h"

typedef enum sw_miss_e {
    SW_MISS_NONE,
    SW_MISS_URL,       /* another URL; the near miss says which */
    SW_MISS_PROJECT,   /* a key that is labelled for another project */
    SW_MISS_ROOT,      /* https://host, where it could not be accepted */
    SW_MISS_TYPE,      /* a form's signature on another content type */
    SW_MISS_UNCOVERED, /* the URL alone, with a body that nothing covers */
    SW_MISS_SHA256,    /* the SHA-1 field alone would have been right */
    SW_MISS_ENCODING   /* the digest of one scheme, encoded as the other's */
} sw_miss_e;

typedef struct sw_near_miss_t {
    sw_miss_e miss;
    const sw_key_t *key;     /* the one that matches; NULL: no near miss */
    const char *matched_url; /* as sw_url_shown() writes it */
    sw_candidate_t origin;   /* of SW_MISS_URL: how its origin differs */
    sw_original_t original;  /* and how its target does */
    const char *public_url;  /* with this SignalWirePublicURL the request
                                would verify; NULL: with none */
    const char *location;    /* path of the <Location> that this directive
                                must stand in; NULL: it may stay */
    int is_sha256_wrong;     /* also: the SHA-256 field, which decides */
    int is_cut;              /* the search ended at SW_NEAR_BYTES */
} sw_near_miss_t;

/** The most bytes that all digests of a search may read; each digest counts as
 * SW_NEAR_COST more. */
#define SW_NEAR_BYTES 16777216
#define SW_NEAR_COST 512

/** Search for a match of a request that sw_verify() has refused with
 * SW_MISMATCH or SW_NO_PROJECT_KEY. @return in @a pool */
const sw_near_miss_t *sw_near_miss(apr_pool_t *pool, const sw_policy_t *policy,
                                   const sw_request_t *request,
                                   const sw_hints_t *hints);

#endif
