/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The signature: the content that SignalWire signs, and the check. The rules R1
 * to R12 are those of docs/signature-rules.md. This is the only file that knows
 * libcrypto; it never logs, and only sw_sign returns a computed signature.
 */
#ifndef SW_SIGNATURE_H
#define SW_SIGNATURE_H

#include <apr_pools.h>

#include "core/signature/headers.h"
#include "core/signature/url.h"
#include "core/signature/verdict.h"
#include "core/text/span.h"

/** A signing key, expanded into the HMAC states of SHA-1 and SHA-256. */
typedef struct sw_key_t sw_key_t;

/**
 * Expand @a secret, which is not kept. @a project restricts the key to
 * callbacks of that project; NULL: no restriction. @a label is what the key is
 * called in public; both are copied.
 * The key lives as long as @a pool and is read only, so threads may share it.
 * @return NULL if @a secret is empty or OpenSSL refuses
 */
sw_key_t *sw_key_make(apr_pool_t *pool, sw_span_t secret, const char *project,
                      const char *label);

/** Project of the key or NULL. */
const char *sw_key_project(const sw_key_t *key);

/** How the key is called in public. */
const char *sw_key_label(const sw_key_t *key);

/** A digest of the secret, by which counts belong to a key however it is called
 * and wherever it stands. Not to be shown: it lets a guess be checked. */
apr_uint64_t sw_key_id(const sw_key_t *key);

/** May @a key verify a callback of @a project (empty: unknown)? */
int sw_key_serves(const sw_key_t *key, sw_span_t project);

/** The keys and the schemes that the configuration accepts. */
typedef struct sw_policy_t {
    const sw_key_t *const *keys;
    int key_count;
    unsigned int types; /* set of sw_scheme_e */
} sw_policy_t;

/** May any key of @a policy verify a callback of @a project? */
int sw_policy_serves(const sw_policy_t *policy, sw_span_t project);

/** The request to verify. */
typedef struct sw_request_t {
    const sw_urls_t *urls;
    sw_span_t query;        /* of the target, raw */
    sw_span_t content_type; /* empty if absent or repeated */
    sw_span_t body;         /* as sent, before any content decoding */
    sw_span_t project;      /* of the callback, empty if unknown */
    const sw_signature_t *signature;
} sw_request_t;

/** The key and URL that verified a request. */
typedef struct sw_match_t {
    const sw_key_t *key;
    sw_scheme_e scheme;
    const sw_url_t *url;
} sw_match_t;

/**
 * Verify @a request with all keys of @a policy.
 * @return SW_VERIFIED with *match filled, SW_MISMATCH, SW_WRONG_TYPE,
 * SW_BODY_HASH, SW_NO_KEY or SW_NO_PROJECT_KEY
 */
sw_verdict_e sw_verify(apr_pool_t *pool, const sw_policy_t *policy,
                       const sw_request_t *request, sw_match_t *match);

/** A signature to check, and the text that it covers after the URL. */
typedef struct sw_check_t {
    sw_scheme_e scheme;
    sw_span_t text;      /* the body, or sw_form_signed() of it */
    sw_span_t signature; /* as sent; empty matches nothing */
} sw_check_t;

/** Is the signature of @a check the one that @a key makes for @a url? */
int sw_key_matches(const sw_key_t *key, const sw_url_t *url,
                   const sw_check_t *check);

/** May the text of @a check follow @a url? After a URL that ends in its host,
 * the text must not look like more of the host, a port or a path. */
int sw_may_follow(const sw_url_t *url, const sw_check_t *check);

/** The signature that SignalWire would send; NUL-terminated, in @a pool. Five
 * parameters: a pool, and the four inputs of a signature. */
const char *sw_sign(apr_pool_t *pool, const sw_key_t *key, const sw_url_t *url,
                    sw_span_t body, sw_scheme_e scheme);

/** The SHA-256 of @a text. @return whether OpenSSL has made it */
int sw_digest(sw_span_t text, unsigned char digest[32]);

/** Equal? Takes the same time wherever the two of one length differ. */
int sw_secret_equal(sw_span_t a, sw_span_t b);

#endif
