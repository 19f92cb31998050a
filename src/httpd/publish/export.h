/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignalWireExport: the verdict and the event for the application. Values of
 * the sender are cleaned and bounded.
 */
#ifndef SW_EXPORT_H
#define SW_EXPORT_H

#include "core/event/event.h"
#include "core/text/span.h"
#include "httpd/config/settings.h"
#include "httpd/module.h"
#include "httpd/request/request.h"
#include "httpd/verify/verify.h"

/** The entries for the tables of a request, ready to be published again. */
typedef struct sw_publication_t {
    const sw_block_t *block;
    const sw_decision_t *decision;
    unsigned int exports;
    apr_array_header_t *env;     /* of apr_table_entry_t, also for the notes */
    apr_array_header_t *headers; /* of apr_table_entry_t */
} sw_publication_t;

/** Make the publication of a request that has passed @a dir with @a decision,
 * in the pool of the client's request. Logs the variables that do not fit. */
sw_publication_t *sw_export(request_rec *r, sw_record_t *record,
                            const sw_dir_t *dir, const sw_decision_t *decision);

/** Can sw_export() make an environment variable of this name? */
int sw_is_variable(const char *name);

/** A field before SW_FIELD_EVENT; NULL and 0 if it is unset. */
sw_span_t sw_verdict_value(const sw_record_t *record, const sw_block_t *block,
                           const sw_decision_t *decision, sw_field_e field);

/** Append a field that became known later; @a value is not copied. */
void sw_export_more(sw_publication_t *to, sw_field_e field, const char *value);

#endif
