/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The URL that was signed, by rule R4 of docs/signature-rules.md. SignalWire
 * signs the URL that it was told to call; we see only a request target, a host
 * and perhaps Basic credentials. From them this file makes the bounded, ordered
 * list of URLs that may have been signed. Nothing is ever decoded, lower-cased
 * or normalised.
 */
#ifndef SW_URL_H
#define SW_URL_H

#include <apr_pools.h>

#include "core/text/span.h"

/** scheme://host[:port], also with the default port added or removed. */
typedef struct sw_origin_t {
    sw_span_t scheme;    /* "http" or "https" */
    sw_span_t authority; /* host[:port] as given */
    sw_span_t host;      /* without port; IPv6 in its brackets */
    sw_span_t plain;     /* the origin as given */
    sw_span_t other;     /* the other spelling; empty with another port */
} sw_origin_t;

/**
 * Make an origin of @a authority, host[:port] without credentials. The spans
 * are copies in @a pool. @return 1, or 0 if that is no authority
 */
int sw_origin_make(apr_pool_t *pool, int https, sw_span_t authority,
                   sw_origin_t *origin);

static inline int sw_origin_is_https(const sw_origin_t *origin)
{
    return origin->scheme.n == 5;
}

/** A SignalWirePublicURL: an origin, perhaps with a path that replaces the path
 * of a section. */
typedef struct sw_public_url_t {
    sw_origin_t origin;
    sw_span_t path;   /* empty: the whole target follows the origin */
    sw_span_t prefix; /* of the target, for which path stands */
} sw_public_url_t;

/**
 * Parse an argument of SignalWirePublicURL; @a location is the path of the
 * literal <Location> that it stands in, or NULL where there is none.
 * @return NULL, or what was expected instead
 */
const char *sw_public_url_parse(apr_pool_t *pool, const char *text,
                                const char *location, sw_public_url_t *url);

/**
 * The target in origin form: an absolute-form target is cut down to path and
 * query, since the client must never choose the host.
 * @return a span of @a unparsed, or "/" for an origin alone; what does not
 * begin with a slash (http://host?query, an asterisk) is no target that
 * anybody signs, and sw_urls_make makes no URL of it
 */
sw_span_t sw_target(sw_span_t unparsed);

/** The query of a target, without the question mark; empty if none. */
sw_span_t sw_target_query(sw_span_t target);

/** One URL that may have been signed: the three parts, one after the other. */
typedef struct sw_url_t {
    sw_span_t origin;
    sw_span_t path;
    sw_span_t rest;
    /* The URL ends in its host, so the text after it must not look like more of
     * an authority or like a path (signature.c checks it). */
    int ends_in_host;
} sw_url_t;

typedef struct sw_urls_t {
    sw_url_t *at;
    int count;
} sw_urls_t;

/** The parts of a request that URLs are made of. */
typedef struct sw_url_parts_t {
    const sw_public_url_t *bases;
    int base_count;
    sw_span_t target;          /* see sw_target() */
    const char *authorization; /* the header field, or NULL */
} sw_url_parts_t;

/**
 * List the URLs that may have been signed, likeliest first: at most twelve for
 * each base; none for a base whose prefix the target does not begin with.
 */
void sw_urls_make(apr_pool_t *pool, const sw_url_parts_t *parts,
                  sw_urls_t *urls);

/** A copy in one piece, NUL-terminated, without credentials and query. For
 * people and logs. */
const char *sw_url_shown(apr_pool_t *pool, const sw_url_t *url);

#endif
