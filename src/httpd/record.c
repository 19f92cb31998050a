/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What hangs on the request that the client sent, and is shared by all that
 * comes of it: body, verdicts, parameters, the event.
 */
#include "module.h"

APLOG_USE_MODULE(signalwire);

request_rec *sw_initial(request_rec *r)
{
    while (r->main || r->prev)
        r = r->main ? r->main : r->prev;
    return r;
}

const sw_dir_t *sw_dir_of(request_rec *r)
{
    const sw_dir_t *dir = ap_get_module_config(r->per_dir_config,
                                               &signalwire_module);

    return dir && dir->block ? dir : NULL;
}

sw_record_t *sw_record_of(request_rec *r)
{
    return ap_get_module_config(sw_initial(r)->request_config,
                                &signalwire_module);
}

sw_record_t *sw_record_make(request_rec *r)
{
    request_rec *initial = sw_initial(r);
    sw_record_t *record = sw_record_of(initial);

    if (!record) {
        record = apr_pcalloc(initial->pool, sizeof(*record));
        /* Reading the body may merge its trailers into headers_in. */
        record->headers = apr_table_copy(initial->pool, initial->headers_in);
        ap_set_module_config(initial->request_config, &signalwire_module,
                             record);
    }
    return record;
}

static sw_span_t content_type(const sw_record_t *record)
{
    return sw_span(apr_table_get(record->headers, "Content-Type"));
}

/* Compressed, it is not ours to read. */
static int is_encoded(const sw_record_t *record)
{
    const char *coding = apr_table_get(record->headers, "Content-Encoding");

    return coding && strcasecmp(coding, "identity") != 0;
}

int sw_is_get(request_rec *r)
{
    return sw_initial(r)->method_number == M_GET; /* HEAD too */
}

/* Without a type it may be what SignalWire posts for an AI agent. */
static int may_describe(const sw_record_t *record)
{
    sw_span_t type = content_type(record);

    return type.n == 0 || sw_media(type) == SW_MEDIA_FORM
           || sw_media(type) == SW_MEDIA_JSON;
}

int sw_receive(request_rec *r, const sw_dir_t *dir)
{
    sw_record_t *record = sw_record_make(r);

    if (record->body.state == SW_BODY_UNREAD && !sw_is_get(r)
        && may_describe(record))
        sw_body_read(r, sw_dir_max_body(dir), &record->body);
    return record->body.state == SW_BODY_FAILED ? record->body.status : OK;
}

const sw_params_t *sw_params_of(request_rec *r)
{
    request_rec *initial = sw_initial(r);
    sw_record_t *record = sw_record_make(r);
    sw_span_t body = { NULL, 0 };

    if (record->params && record->params_of == record->body.state)
        return record->params;
    if (record->body.state == SW_BODY_WHOLE && !is_encoded(record))
        body = record->body.text;
    record->params = apr_palloc(initial->pool, sizeof(*record->params));
    record->params_of = record->body.state;
    record->event = NULL;
    sw_params_read(initial->pool, sw_is_get(r), content_type(record), body,
                   sw_target_query(sw_target(sw_span(initial->unparsed_uri))),
                   sw_server_of(r->server)->secret_names, record->params);
    return record->params;
}

const sw_event_t *sw_event_of(request_rec *r)
{
    sw_record_t *record = sw_record_of(r);
    const sw_params_t *params;

    if (!record || !record->passed)
        return NULL;
    params = sw_params_of(r);
    if (record->event)
        return record->event;
    record->event = apr_palloc(sw_initial(r)->pool, sizeof(*record->event));
    sw_event_read(sw_initial(r)->pool, params, record->event);
    if (params->format == SW_FORMAT_JSON && !params->json)
        ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, r, "SW0118: the body "
                      "(%s) is no JSON, or is nested too deeply: the event is "
                      "unknown",
                      record->block->name);
    return record->event;
}
