/* SPDX-License-Identifier: Apache-2.0 */
/* See reply.h. */
#include <apr_strings.h>

#include "httpd/reply/reply.h"
#include "core/event/event.h"
#include "core/template/render.h"
#include "httpd/config/settings.h"
#include "httpd/publish/export.h"
#include "httpd/request/event.h"
#include "httpd/verify/verify.h"

/* The event with the fields of the verdict. */
static const sw_event_t *whole_event(request_rec *r, sw_record_t *record)
{
    sw_event_t *event = apr_pmemdup(r->pool, sw_event_of(record),
                                    sizeof(*event));
    const sw_block_t *block;
    const sw_decision_t *decision = sw_decision_of(r, record, &block);
    int i;

    for (i = 0; decision && i < SW_FIELD_EVENT; i++)
        event->fields[i] = sw_verdict_value(record, block, decision,
                                            (sw_field_e)i);
    return event;
}

sw_span_t sw_render(request_rec *r, sw_record_t *record, const sw_template_t *t)
{
    sw_values_t values = { NULL, NULL, r->subprocess_env };

    if (sw_template_asks_params(t))
        values.params = sw_params_of(record);
    if (sw_template_asks_event(t))
        values.event = whole_event(r, record);
    return sw_template_render(r->pool, t, &values);
}

const char *sw_content_type(sw_document_e format)
{
    return format == SW_DOCUMENT_CXML ? "application/xml" : "application/json";
}

int sw_is_redirect(int status)
{
    return status == HTTP_MOVED_PERMANENTLY || status == HTTP_MOVED_TEMPORARILY
           || status == HTTP_SEE_OTHER || status == HTTP_TEMPORARY_REDIRECT
           || status == HTTP_PERMANENT_REDIRECT;
}

const char *sw_header_out(const request_rec *r, const char *name)
{
    const char *value = apr_table_get(r->headers_out, name);

    return value ? value : apr_table_get(r->err_headers_out, name);
}

const char *sw_coding_of(const request_rec *r)
{
    const char *coding = sw_header_out(r, "Content-Encoding");

    return coding ? coding : r->content_encoding;
}

void sw_announce(request_rec *r, const char *type, apr_size_t length)
{
    (void)sw_want_whole(r);
    if (type)
        ap_set_content_type(r, type);
    r->content_encoding = NULL; /* from the file name, or of an earlier reply */
    r->content_languages = NULL;
    ap_set_content_length(r, (apr_off_t)length);
    apr_table_setn(r->headers_out, "Cache-Control", "no-store");
}

int sw_want_whole(request_rec *r)
{
    static const char *const fields[] = {
        "Range", "Request-Range", "If-Range", "If-Match", "If-None-Match",
        "If-Modified-Since", "If-Unmodified-Since"
    };
    apr_size_t i;
    int found = 0;

    for (i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
        found |= apr_table_get(r->headers_in, fields[i]) != NULL;
        apr_table_unset(r->headers_in, fields[i]);
    }
    return found;
}

int sw_reply(request_rec *r, int status, const sw_reply_t *reply)
{
    r->status = status;
    sw_announce(r, reply->type, reply->text.n);
    r->no_cache = 1;
    if (reply->text.n && !r->header_only)
        ap_rwrite(reply->text.p, (int)reply->text.n, r);
    return OK;
}
