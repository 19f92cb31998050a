/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON and SWML documents, the unit of Jansson, which says where a fault is.
 */
#ifndef SW_SWML_H
#define SW_SWML_H

#include <apr_pools.h>

#include "core/template/document.h"
#include "core/template/fault.h"
#include "core/text/span.h"

/**
 * Check that @a text is JSON and, loosely, SWML (docs/templates.md, SWML): its
 * version is 1.0.0, and it has an entry point, which is a non-empty main in
 * sections, or reply or receive, or else the whole document is a list of
 * steps. Only the published schema objects to an unknown method and the like:
 * that is no fault, but the first becomes @a advice, if that is not NULL.
 */
sw_fault_t sw_swml_check(apr_pool_t *pool, sw_span_t text, sw_advice_t *advice);

/** Any well-formed JSON, of any type, at most 64 deep; numbers up to the range
 * of a double. */
sw_fault_t sw_json_check(apr_pool_t *pool, sw_span_t text);

#endif
