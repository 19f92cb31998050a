/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The helpers of templates, which change a text.
 */
#ifndef SW_HELPERS_H
#define SW_HELPERS_H

#include <apr_pools.h>

#include "core/template/segments.h"
#include "core/text/span.h"

/** The helper that an unknown @a name such as "uppercase" probably means; or
 * NULL. */
const char *sw_helper_meant(sw_span_t name);

/** Apply a helper to @a text, which may be changed in place. */
sw_span_t sw_helper_apply(apr_pool_t *pool, sw_helper_e helper, sw_span_t text);

#endif
