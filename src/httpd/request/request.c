/* SPDX-License-Identifier: Apache-2.0 */
/* See request.h. */
#include <apr_strings.h>

#include "httpd/request/request.h"

const request_rec *sw_last(const request_rec *r)
{
    while (r->next)
        r = r->next;
    return r;
}

const char *sw_log_id(const sw_record_t *record)
{
    request_rec *initial = record->initial;

    if (!initial->log_id)
        ap_run_generate_log_id(initial->connection, initial, &initial->log_id);
    return initial->log_id;
}

const sw_dir_t *sw_dir_of(request_rec *r)
{
    const sw_dir_t *dir = ap_get_module_config(r->per_dir_config,
                                               &signalwire_module);

    return dir && dir->block ? dir : NULL;
}

static request_rec *initial_of(request_rec *r)
{
    while (r->main || r->prev)
        r = r->main ? r->main : r->prev;
    return r;
}

sw_record_t *sw_record_of(request_rec *r)
{
    return ap_get_module_config(initial_of(r)->request_config,
                                &signalwire_module);
}

/* The method of the request line: httpd sets r->method to GET before it shows
 * an error document. */
static const char *client_method(request_rec *initial)
{
    const char *line = initial->the_request ? initial->the_request : "";
    apr_size_t n = strcspn(line, " ");

    return n && line[n] ? apr_pstrmemdup(initial->pool, line, n)
                        : initial->method;
}

sw_record_t *sw_record_make(request_rec *r)
{
    request_rec *initial = initial_of(r);
    sw_record_t *record = ap_get_module_config(initial->request_config,
                                               &signalwire_module);

    if (!record) {
        record = apr_pcalloc(initial->pool, sizeof(*record));
        record->initial = initial;
        /* Reading the body may merge its trailers into headers_in. */
        record->headers = apr_table_copy(initial->pool, initial->headers_in);
        record->method = client_method(initial);
        ap_set_module_config(initial->request_config, &signalwire_module,
                             record);
    }
    return record;
}
