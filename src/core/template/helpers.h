/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the helpers of templates make of a text.
 */
#ifndef SW_HELPERS_H
#define SW_HELPERS_H

#include <apr_pools.h>

#include "core/template/segments.h"
#include "core/text/span.h"

/** The helper that was probably meant by a section of a @a name that is none,
 * such as "uppercase"; or NULL. */
const char *sw_helper_meant(sw_span_t name);

/** What a helper makes of @a text, which may be changed in its place. */
sw_span_t sw_help(apr_pool_t *pool, sw_helper_e helper, sw_span_t text);

#endif
