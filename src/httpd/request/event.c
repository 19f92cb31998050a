/* SPDX-License-Identifier: Apache-2.0 */
/* See event.h. */
#include "httpd/request/event.h"
#include "core/signature/url.h"
#include "core/text/span.h"
#include "httpd/request/body.h"

static sw_span_t content_type(const sw_record_t *record)
{
    return sw_span(apr_table_get(record->headers, "Content-Type"));
}

/* Is the body compressed? Then it is not parsed. */
static int is_encoded(const sw_record_t *record)
{
    const char *coding = apr_table_get(record->headers, "Content-Encoding");

    return coding && strcasecmp(coding, "identity") != 0;
}

apr_size_t sw_max_body(const sw_record_t *record, const sw_dir_t *dir)
{
    sw_media_e media = sw_media(content_type(record));
    int is_known = record->body.state == SW_BODY_WHOLE;

    if (media == SW_MEDIA_OPEN && is_known)
        return sw_dir_max_body(dir, sw_format_of(content_type(record),
                                                 record->body.text)
                                        == SW_FORMAT_JSON);
    return sw_dir_max_body(dir,
                           media == SW_MEDIA_JSON || media == SW_MEDIA_OPEN);
}

int sw_is_get(const sw_record_t *record)
{
    return strcmp(record->method, "GET") == 0
           || strcmp(record->method, "HEAD") == 0;
}

/* SignalWire's post for an AI agent may have no Content-Type. */
static int may_describe(const sw_record_t *record)
{
    sw_span_t type = content_type(record);

    return type.n == 0 || sw_media(type) == SW_MEDIA_FORM
           || sw_media(type) == SW_MEDIA_JSON;
}

int sw_receive(request_rec *r, sw_record_t *record, const sw_dir_t *dir)
{
    if (record->body.state == SW_BODY_UNREAD && !sw_is_get(record)
        && may_describe(record))
        sw_body_read(r, record->initial, sw_max_body(record, dir),
                     &record->body);
    return record->body.state == SW_BODY_FAILED ? record->body.status : OK;
}

sw_verdict_e sw_read_signature(const apr_table_t *headers,
                               sw_signature_t *signature)
{
    return sw_signature_read(apr_table_get(headers, "X-SignalWire-Signature"),
                             apr_table_get(headers, "X-Twilio-Signature"),
                             apr_table_get(headers,
                                           "X-SignalWire-SHA256-Signature"),
                             signature);
}

/* The body of a proxied request streams to the backend unread. */
static int is_proxied(const request_rec *r)
{
    return r->proxyreq || (r->handler && strncmp(r->handler, "proxy:", 6) == 0);
}

int sw_keep_body(request_rec *r)
{
    const sw_dir_t *defaults = ap_get_module_config(r->server->lookup_defaults,
                                                    &signalwire_module);
    sw_signature_t signature;
    sw_record_t *record;

    if (r->main || r->prev || sw_server_of(r->server)->blocks->nelts == 0
        || is_proxied(r) || sw_merges_trailers(r)
        || sw_read_signature(r->headers_in, &signature) != SW_VERIFIED)
        return DECLINED;
    record = sw_record_make(r);
    sw_body_read(r, record->initial, sw_max_body(record, defaults),
                 &record->body);
    return record->body.state == SW_BODY_FAILED ? record->body.status
                                                : DECLINED;
}

const sw_params_t *sw_params_of(sw_record_t *record)
{
    const request_rec *initial = record->initial;
    int is_whole = record->body.state == SW_BODY_WHOLE;
    int is_coded = is_whole && record->body.text.n && is_encoded(record);
    sw_content_t content;

    if (record->params && record->params_of == record->body.state)
        return record->params;
    record->params = apr_palloc(initial->pool, sizeof(*record->params));
    record->params_of = record->body.state;
    record->event = NULL;
    content.has_no_body = sw_is_get(record);
    content.type = content_type(record);
    content.body = is_whole && !is_coded ? record->body.text : sw_span(NULL);
    content.query = sw_target_query(sw_target(sw_span(initial->unparsed_uri)));
    content.hidden = sw_server_of(initial->server)->secret_names;
    sw_params_read(initial->pool, &content, record->params);
    record->params->has_other_body |= !is_whole || is_coded;
    return record->params;
}

const sw_event_t *sw_event_of(sw_record_t *record)
{
    request_rec *initial = record->initial;
    const sw_params_t *params;

    if (!record->passed)
        return NULL;
    params = sw_params_of(record);
    if (record->event)
        return record->event;
    record->event = apr_palloc(initial->pool, sizeof(*record->event));
    sw_event_read(initial->pool, params, record->event);
    if (params->format == SW_FORMAT_JSON && !params->json)
        ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, initial,
                      "SW0118: the "
                      "body (%s) is no JSON, or is nested too deeply: the "
                      "event is unknown",
                      record->block->name);
    return record->event;
}
