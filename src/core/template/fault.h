/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fault of a document, in words fit for a log; and the faults that can be
 * found without a parser.
 */
#ifndef SW_FAULT_H
#define SW_FAULT_H

#include <apr_pools.h>

#include "core/text/span.h"

/** Larger documents SignalWire refuses (error 11750). */
#define SW_DOCUMENT_MAX 65536

/** A fault and its place: line and column from 1, 0 if unknown. */
typedef struct sw_fault_t {
    const char *reason; /* NULL: nothing; else in the pool of the check */
    int line;
    int column;
} sw_fault_t;

/** A fault whose @a reason is fit for a log; NULL is none. */
static inline sw_fault_t sw_fault(const char *reason)
{
    sw_fault_t fault = { reason, 0, 0 };

    return fault;
}

/** A fault with @a reason made fit for a log: one line of UTF-8 without control
 * characters, at most 200 bytes. It may quote the document. */
sw_fault_t sw_fault_make(apr_pool_t *pool, const char *reason, int line,
                         int column);

/** " in line 3, column 7", as far as that is known. */
const char *sw_fault_place(apr_pool_t *pool, sw_fault_t fault);

/** The encoding that an XML declaration at the beginning names; NULL and 0 for
 * none. */
sw_span_t sw_document_encoding(sw_span_t text);

/** Find the faults of any document that need no parser: empty or blank, too
 * large, NUL, a byte order mark. @return NULL for none */
const char *sw_document_refuse(sw_span_t text);

#endif
