/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Percent-encoding as others write it. Proxies, CDNs and libraries decode a
 * path or a query and encode it again by other rules; this file knows the
 * usual ones. For diagnoses only: what is signed is never recoded.
 */
#ifndef SW_RECODE_H
#define SW_RECODE_H

#include <apr_pools.h>

#include "core/text/span.h"

/** How many rules there are for a path or a query. */
#define SW_RECODE_COUNT 42

/**
 * @a text, a path or (@a is_query) a query, as rule @a rule, from 0, encodes
 * it. Raw delimiters ('/', or '&' and '=') stay.
 * @return in @a pool; perhaps equal to @a text
 */
sw_span_t sw_recode(apr_pool_t *pool, sw_span_t text, int is_query, int rule);

#endif
