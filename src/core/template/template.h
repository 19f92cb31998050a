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

#include "core/event/event.h"
#include "core/event/params.h"
#include "core/template/context.h"
#include "core/template/fault.h"
#include "core/text/span.h"

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

/** Where the values of a request come from; NULL for what the template does
 * not ask for. */
typedef struct sw_values_t {
    const sw_params_t *params; /* by the names that were sent */
    const sw_event_t *event;   /* sw.NAME */
    const apr_table_t *env;    /* env.NAME */
} sw_values_t;

#endif
