/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A compiled template with the values of a request, or of a probe. Every value
 * is escaped for its place.
 */
#ifndef SW_RENDER_H
#define SW_RENDER_H

#include <apr_tables.h>

#include "core/template/segments.h"
#include "core/template/template.h"
#include "core/text/span.h"

/** What a template asks for; a request is read for nothing else. */
int sw_template_asks_params(const sw_template_t *t);
int sw_template_asks_event(const sw_template_t *t);

/** The document, in @a pool; at most SW_DOCUMENT_MAX bytes unless the literal
 * text alone has more: what values would take beyond is left out. */
sw_span_t sw_template_render(apr_pool_t *pool, const sw_template_t *t,
                             const sw_values_t *values);

/** @param marks of sw_mark_t, or NULL */
sw_span_t sw_segments_render(apr_pool_t *pool, const sw_template_t *t,
                             const sw_lookup_t *lookup,
                             apr_array_header_t *marks);

#endif
