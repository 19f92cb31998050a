/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The request targets that a proxy, a CDN or a redirect may have made this one
 * of: a fixed, bounded list of the changes that they really make. For
 * diagnoses only; none of these targets ever verifies a request.
 */
#ifndef SW_TARGETS_H
#define SW_TARGETS_H

#include <apr_tables.h>

#include "core/text/span.h"

typedef enum sw_change_e {
    SW_CHANGE_NONE,
    SW_CHANGE_PATH,      /* a prefix or a path that a field names was cut */
    SW_CHANGE_SLASH,     /* a slash more or less in the path */
    SW_CHANGE_EMPTY,     /* a bare '?' or '&' more or less */
    SW_CHANGE_PARAMETER, /* parameters were added to the query */
    SW_CHANGE_ORDER,     /* the parameters were sorted, or no longer are */
    SW_CHANGE_ENCODING   /* percent-encoding by another rule */
} sw_change_e;

/** A possible original of the target received, and the change between the
 * two. */
typedef struct sw_original_t {
    sw_span_t target;
    sw_change_e change;
    const char *field; /* of SW_CHANGE_PATH: the header field */
    int index, count;  /* of SW_CHANGE_PARAMETER: the first, from 1 */
} sw_original_t;

/** The longest target that is looked at, parameters that are left out or
 * sorted, and results. */
#define SW_TARGET_MAX 8192
#define SW_TARGET_PARAMETERS 32
#define SW_TARGET_SORTED 64
#define SW_TARGETS_MAX 320

/**
 * The list for @a target, likeliest first; it begins with the target itself.
 * @param fields the header fields of the request
 * @return an array of sw_original_t in @a pool, without doublets
 */
apr_array_header_t *sw_targets_make(apr_pool_t *pool, sw_span_t target,
                                    const apr_table_t *fields);

#endif
