/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text into JSON values, in one pass.
 */
#ifndef SW_JSON_PARSE_H
#define SW_JSON_PARSE_H

#include <apr_pools.h>

#include "core/text/json.h"
#include "core/text/span.h"

/** @return an object or array in @a pool, or NULL if @a text is not such a one
 * or is nested too deeply */
const sw_json_t *sw_json_read(apr_pool_t *pool, sw_span_t text);

#endif
