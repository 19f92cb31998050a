/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A near miss: what a signature that failed would have matched. A fixed,
 * bounded list of the mistakes that administrators really make. It is for the
 * log only; nothing here ever lets a request pass.
 */
#ifndef SW_NEARMISS_H
#define SW_NEARMISS_H

#include "forwarded.h"
#include "signature.h"

typedef enum sw_miss_e {
    SW_MISS_NONE,
    SW_MISS_PROJECT,   /* a key that is labelled for another project */
    SW_MISS_FORWARDED, /* the URL of forwarded fields that nobody trusts */
    SW_MISS_HOST,      /* the Host received, instead of the public URL */
    SW_MISS_SCHEME,    /* http instead of https, or the reverse */
    SW_MISS_PORT,      /* another port */
    SW_MISS_SLASH,     /* a slash more or less at the end of the path */
    SW_MISS_ROOT,      /* https://host, where it could not be accepted */
    SW_MISS_QUERY,     /* the query parameters sorted */
    SW_MISS_TYPE,      /* a form's signature on another content type */
    SW_MISS_UNCOVERED, /* the URL alone, with a body that nothing covers */
    SW_MISS_SHA256,    /* the SHA-1 field alone would have been right */
    SW_MISS_OTHER      /* the other scheme: digest of one in the dress of the
                          other */
} sw_miss_e;

/** What the search needs besides the request and its keys. */
typedef struct sw_clues_t {
    const sw_public_url_t *bases; /* as configured or received */
    int base_count;
    sw_span_t target;
    const char *host;          /* Host received, or NULL */
    int https;                 /* the connection's own scheme */
    sw_forwarded_t forwarded;  /* fields received, trusted or not */
    int local_port;            /* of this server */
} sw_clues_t;

/**
 * Search for what would have matched. At most a few dozen digests a key.
 * @param would the URL that would have matched, as sw_url_shown has it
 * @param key the key that would have matched
 */
sw_miss_e sw_near_miss(apr_pool_t *pool, const sw_key_t *const *keys,
                       int count, const sw_request_t *request,
                       const sw_signature_t *signature,
                       const sw_clues_t *clues, const char **would,
                       const sw_key_t **key);

#endif
