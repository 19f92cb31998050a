/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Candidates for the origin that SignalWire really called: a bounded list of
 * the changes that proxies make, and of the hosts in header fields, trusted or
 * not. For diagnoses only; no candidate ever verifies a request.
 */
#ifndef SW_ORIGINS_H
#define SW_ORIGINS_H

#include <apr_tables.h>

#include "core/signature/url.h"
#include "core/text/span.h"

typedef enum sw_other_e {
    SW_OTHER_NONE,      /* the expected one */
    SW_OTHER_FORWARDED, /* as a trusted proxy would have said it */
    SW_OTHER_SCHEME,    /* http instead of https or the reverse */
    SW_OTHER_PORT,      /* another port */
    SW_OTHER_HOST,      /* a host that a field names */
    SW_OTHER_PATH       /* without the path of SignalWirePublicURL */
} sw_other_e;

typedef struct sw_candidate_t {
    sw_public_url_t base;
    sw_other_e other;
    const char *field; /* for SW_OTHER_HOST: the header field */
} sw_candidate_t;

/** Hints about the path of a request to this server. */
typedef struct sw_hints_t {
    const sw_public_url_t *bases; /* expected: as configured or received */
    int base_count;
    sw_span_t target;
    const char *location;      /* path of the literal <Location>, or NULL */
    const apr_table_t *fields; /* of the header, repeats joined by commas */
    int https;                 /* the connection's own scheme */
    int local_port;            /* of this server, 0: unknown */
} sw_hints_t;

/** Elements of a list that are looked at. */
#define SW_ORIGINS_LISTED 4

/** @return an array of sw_candidate_t in @a pool, likeliest first, without
 * doublets; it begins with the bases as they are expected */
apr_array_header_t *sw_origins_make(apr_pool_t *pool, const sw_hints_t *hints);

#endif
