/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading JSON from the wire. The only file that knows Jansson. Bounded before
 * it is parsed, since a parsed value costs far more memory than its text:
 * at most 32 deep, and at most 64 values and one for each 12 bytes.
 */
#ifndef SW_JSON_H
#define SW_JSON_H

#include <apr_pools.h>

#include "span.h"

/**
 * The string at the @a paths ("name" or "object.name", NULL at the end) of the
 * object @a text. Where several are present they must agree.
 * @return a copy in @a pool; empty if there is none, if they differ, or if
 * @a text is no JSON object, is past the bounds or names a member twice
 */
sw_span_t sw_json_string(apr_pool_t *pool, sw_span_t text,
                         const char *const *paths);

#endif
