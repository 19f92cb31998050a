/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignalWireExport: what an application is told of the verdict and the event.
 * Values of the sender are cleaned and bounded.
 */
#ifndef SW_EXPORT_H
#define SW_EXPORT_H

#include "core/event/event.h"
#include "core/text/span.h"
#include "httpd/config/settings.h"
#include "httpd/module.h"
#include "httpd/request/request.h"
#include "httpd/verify/verify.h"

/** What is told to the application, ready to be told again. */
typedef struct sw_publication_t {
    const sw_block_t *block;
    const sw_decision_t *decision;
    unsigned int exports;
    apr_array_header_t *env;     /* of apr_table_entry_t: also for the notes */
    apr_array_header_t *headers; /* of apr_table_entry_t */
} sw_publication_t;

/** What an application of the block @a dir is told of a request with this
 * verdict; logs what there is no room for. */
sw_publication_t *sw_export(request_rec *r, sw_record_t *record,
                            const sw_dir_t *dir,
                            const sw_decision_t *decision);

/** Is an environment variable of this name one that sw_export() makes? */
int sw_is_variable(const char *name);

/** The field of the verdict or of the event; NULL and 0 if it is unset. */
sw_span_t sw_value(sw_record_t *record, const sw_block_t *block,
                   const sw_decision_t *decision, sw_field_e field);

/** Add what became known only now; @a value is not copied. */
void sw_export_more(sw_publication_t *to, sw_field_e field, const char *value);

#endif
