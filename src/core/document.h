/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is this text a document that SignalWire will take: cXML (document.c, the
 * file of libxml2), SWML, or just JSON (swml.c, that of Jansson)? No network,
 * no DTD, no entities, bounded depth; at most 64 KiB, as SignalWire itself.
 */
#ifndef SW_DOCUMENT_H
#define SW_DOCUMENT_H

#include <apr_pools.h>

#include "span.h"

/** Larger documents SignalWire refuses (error 11750). */
#define SW_DOCUMENT_MAX 65536

/** What is wrong with a document, and where: line and column from 1, 0 where
 * that is not known. */
typedef struct sw_fault_t {
    const char *reason; /* NULL: nothing; else in the pool of the check */
    int line;
    int column;
} sw_fault_t;

/** A fault with @a reason made fit for a log: one line of UTF-8 without control
 * characters, at most 200 bytes. It may quote the document. */
sw_fault_t sw_fault_make(apr_pool_t *pool, const char *reason, int line,
                         int column);

/** What is wrong with any document and needs no parser to be seen: empty or
 * blank, too large, NUL, a byte order mark. @return NULL for nothing */
const char *sw_document_refuse(sw_span_t text);

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

/** sw_cxml_check() without a schema, by a parser that is kept. */
sw_fault_t sw_cxml_check_again(apr_pool_t *pool, sw_parser_t *parser,
                               sw_span_t text);

/** What a SWML document is fetched for. */
typedef enum sw_swml_e {
    SW_SWML_CALLING,
    SW_SWML_MESSAGING,
    SW_SWML_EITHER
} sw_swml_e;

/**
 * JSON, and structurally SWML (SWML.md, section 7): the version, sections with
 * a non-empty main, or reply or receive of messaging; steps that are objects of
 * one member. What only the published schema minds, such as a method or a
 * member at the top that it does not know, or a name that comes twice, is not a
 * fault but the first of them @a *advice, if that is not NULL.
 */
sw_fault_t sw_swml_check(apr_pool_t *pool, sw_swml_e what, sw_span_t text,
                         sw_fault_t *advice);

/** Any well-formed JSON, of any type, at most 64 deep; numbers up to the range
 * of a double. */
sw_fault_t sw_json_check(apr_pool_t *pool, sw_span_t text);

#endif
