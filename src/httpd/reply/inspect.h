/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks whether a held reply is a document, and repairs a wrong Content-Type
 * and blanks before the document. The guard replaces replies.
 */
#ifndef SW_INSPECT_H
#define SW_INSPECT_H

#include "core/event/event.h"
#include "core/template/fault.h"
#include "core/text/span.h"
#include "httpd/module.h"

/** Hook child_init: the thread that httpd begins with outlives the module where
 * it has one process for all (httpd -X), and must not keep a parser of it. */
void sw_inspect_child_init(apr_pool_t *pchild, server_rec *s);

/** Is the reply @a text to @a event a document? Logs a document that SignalWire
 * may reject. Moves the start of *text past blanks before the document.
 * @return the fault; its reason is NULL for a document */
sw_fault_t sw_inspect(request_rec *r, const sw_event_t *event, sw_span_t *text);

/** Can the first part of a reply that broke off be a whole document? Not if it
 * is YAML or empty, since any part of those looks whole. */
int sw_may_be_whole(sw_span_t text);

/** Correct the Content-Type of a document and log all repairs. @param also
 * another repair to log, or NULL */
void sw_repair(request_rec *r, const sw_event_t *event, sw_span_t text,
               const char *also);

#endif
