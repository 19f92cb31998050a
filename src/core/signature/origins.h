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

/** How a candidate differs from the expected origins. */
typedef enum sw_origin_change_e {
    SW_ORIGIN_EXPECTED,  /* it is one of them */
    SW_ORIGIN_FORWARDED, /* as the fields of a proxy name it */
    SW_ORIGIN_SCHEME,    /* http instead of https or the reverse */
    SW_ORIGIN_PORT,      /* another port */
    SW_ORIGIN_HOST,      /* a host that a field names */
    SW_ORIGIN_PATH       /* without the path of SignalWirePublicURL */
} sw_origin_change_e;

typedef struct sw_candidate_t {
    sw_public_url_t base;
    sw_origin_change_e change;
    const char *field; /* of SW_ORIGIN_HOST: the header field */
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
