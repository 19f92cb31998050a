/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A held reply: is it a document? A wrong label, and what stands before the
 * document, are repaired. Replaces nothing, which is the guard's.
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

/** Is the reply @a text to @a event a document? Logs what SignalWire may mind.
 * @return what is wrong with it; *text begins later where that makes a document
 * of it */
sw_fault_t sw_inspect(request_rec *r, const sw_event_t *event,
                      sw_span_t *text);

/** May what was read of a reply that broke off be a whole document? YAML and
 * nothing look whole always, so that they do not count. */
int sw_may_be_whole(sw_span_t text);

/** Correct the Content-Type of a document, and log that, and what was repaired
 * besides (@a also, or NULL). */
void sw_repair(request_rec *r, const sw_event_t *event, sw_span_t text,
               const char *also);

#endif
