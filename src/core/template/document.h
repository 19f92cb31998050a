/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is this text cXML that SignalWire will take? By libxml2: no network, no DTD,
 * no entities, bounded depth; at most 64 KiB, as SignalWire itself.
 */
#ifndef SW_DOCUMENT_H
#define SW_DOCUMENT_H

#include <apr_pools.h>

#include "core/event/event.h"
#include "core/template/fault.h"
#include "core/text/span.h"

/** conf/cxml.rng, compiled. */
typedef struct sw_schema_t sw_schema_t;

/** The schema, which lives as long as @a pool. May be used by several threads
 * at once. To be called before there are threads, since it wakes libxml2, also
 * for a sw_cxml_check() without a schema. @return NULL if libxml2 has no
 * memory */
sw_schema_t *sw_schema_make(apr_pool_t *pool);

/**
 * Well-formed XML without a DOCTYPE, at most 32 deep, with the root Response,
 * and valid by @a schema unless that is NULL. A byte order mark or blanks in
 * front are a fault, with an XML declaration or without. Prints nothing.
 */
sw_fault_t sw_cxml_check(apr_pool_t *pool, const sw_schema_t *schema,
                         sw_span_t text);

/** A parser that is kept, for one thread at a time; a new one for each document
 * would cost a fifth more. Lives as long as @a pool. */
typedef struct sw_parser_t sw_parser_t;

sw_parser_t *sw_parser_make(apr_pool_t *pool);

/** A warning about a document that passes: the checker is not sure. */
typedef struct sw_advice_t {
    sw_channel_e channel; /* in: the purpose of the document */
    sw_fault_t fault;     /* out: the first thing that SignalWire would
                             refuse or ignore, by its documentation */
} sw_advice_t;

/** sw_cxml_check() without a schema, by a parser that is kept, or (NULL) a new
 * one. Unknown and misplaced verbs and attributes are no fault, but the first
 * of them becomes @a advice, if that is not NULL. */
sw_fault_t sw_cxml_check_again(apr_pool_t *pool, sw_parser_t *parser,
                               sw_span_t text, sw_advice_t *advice);

#endif
