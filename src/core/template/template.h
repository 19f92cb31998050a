/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Templates: Mustache without partials, lambdas and other delimiters, as in
 * SignalWire's own XML Bins. Compiled once, at configuration, into literal
 * text and values; rendered for each request without parsing anything.
 * Whatever the values are, the document stays well-formed, and no value
 * becomes markup, a tag or a placeholder of SWML.
 */
#ifndef SW_TEMPLATE_H
#define SW_TEMPLATE_H

#include <apr_tables.h>

#include "core/template/context.h"
#include "core/template/document.h"
#include "core/event/event.h"

/** More bytes of a value are cut off, at a character. */
#define SW_TEMPLATE_VALUE_MAX 8192

typedef struct sw_template_t sw_template_t;

/**
 * Compile @a text. Values may stand in text and quoted attributes of XML, and
 * within strings of JSON; sections open and close evenly.
 * @return NULL with @a *fault
 */
sw_template_t *sw_template_make(apr_pool_t *pool, sw_document_e format,
                                sw_span_t text, sw_fault_t *fault);

/**
 * Render the template with hostile values, each name with and without one,
 * and check the documents: cXML by @a schema (NULL: its form only), SWML by its
 * structure.
 * @param advice what SignalWire may mind of SWML, or NULL
 * @return a fault in a line of the template, if some values can break it
 */
sw_fault_t sw_template_probe(apr_pool_t *pool, const sw_template_t *t,
                             const sw_schema_t *schema, sw_fault_t *advice);

/** What the author of @a text should write instead of what was found by the
 * schema or a parser for this @a reason: a clause to be put after it, or "". */
const char *sw_template_hint(sw_document_e format, sw_span_t text,
                             const char *reason);

/** Where the values of a request come from. */
typedef struct sw_values_t {
    const sw_params_t *params; /* by the names that were sent */
    const sw_event_t *event;   /* sw.NAME */
    const apr_table_t *env;    /* env.NAME */
} sw_values_t;

/** The document, in @a pool; at most SW_DOCUMENT_MAX bytes unless the literal
 * text alone has more: what values would take beyond is left out. */
sw_span_t sw_template_render(apr_pool_t *pool, const sw_template_t *t,
                             const sw_values_t *values);

#endif
