/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignalWireGuard: holds the reply of an application until it is known to be a
 * document, and replaces any other reply. Handlers, proxies and error pages are
 * guarded alike. httpd removes content filters before it sends an error page of
 * its own, so the filter is inserted again for these.
 */
#include <apr_strings.h>
#include <util_filter.h>

#include "httpd/reply/guard.h"
#include "core/event/event.h"
#include "core/template/context.h"
#include "core/template/fault.h"
#include "core/text/span.h"
#include "httpd/reply/inspect.h"
#include "httpd/reply/reply.h"
#include "httpd/request/buffer.h"
#include "httpd/request/event.h"
#include "httpd/request/request.h"

#define SHOWN_MAX 60 /* bytes of a replaced reply that are logged */

static ap_filter_rec_t *guard_handle;

/* A reply that is held. */
typedef struct held_t {
    sw_record_t *record;
    sw_buffer_t *buffer;
    int is_partial; /* the client asked for a range, or conditionally */
    int is_cut;     /* reading it failed after the held bytes */
    int is_done;    /* the reply is passed on or replaced: discard the rest */
} held_t;

/* For DEFLATE, which comes next. */
static void restore_encodings(request_rec *r, const sw_record_t *record)
{
    if (record->encodings)
        apr_table_setn(r->headers_in, "Accept-Encoding", record->encodings);
}

/* Remove header fields of the original reply; NULL ends @a names. */
static void drop(request_rec *r, const char *const *names)
{
    for (; *names; names++) {
        apr_table_unset(r->headers_out, *names);
        apr_table_unset(r->err_headers_out, *names);
    }
}

static const char *const length_fields[] = {
    "Content-Length", "ETag", "Content-MD5", NULL
};

static const char *const entity_fields[] = {
    "Last-Modified", "Content-Encoding", "Content-Range",
    "Content-Disposition", "Content-Language", "Expires", "Cache-Control",
    "Pragma", "Location", "WWW-Authenticate", "Retry-After", "Set-Cookie",
    "Refresh", "Link", "Trailer", "X-Sendfile", "X-Accel-Redirect", NULL
};

static apr_status_t pass(ap_filter_t *f, sw_span_t text, int at_once)
{
    apr_bucket_alloc_t *list = f->c->bucket_alloc;
    apr_bucket_brigade *bb = apr_brigade_create(f->r->pool, list);

    if (text.n)
        APR_BRIGADE_INSERT_TAIL(bb, apr_bucket_pool_create(text.p, text.n,
                                                           f->r->pool, list));
    if (at_once)
        APR_BRIGADE_INSERT_TAIL(bb, apr_bucket_flush_create(list));
    APR_BRIGADE_INSERT_TAIL(bb, apr_bucket_eos_create(list));
    return ap_pass_brigade(f->next, bb);
}

/* The fallback in the format of the event, else the only one, or NULL. */
static const sw_fallback_t *choose(const sw_dir_t *dir, const sw_event_t *event)
{
    const sw_fallback_t *only = NULL;
    int i, count = dir->fallbacks ? dir->fallbacks->nelts : 0;
    sw_document_e wanted = event->response == SW_RESPONSE_CXML
                               ? SW_DOCUMENT_CXML
                           : event->response == SW_RESPONSE_SWML
                               ? SW_DOCUMENT_SWML
                               : SW_DOCUMENT_JSON;

    for (i = 0; i < count; i++) {
        only = &APR_ARRAY_IDX(dir->fallbacks, i, sw_fallback_t);
        if (only->format == wanted)
            return only;
    }
    return count == 1 ? only : NULL;
}

/* The first bytes of the reply, which show its origin; httpd escapes them.
 * None for payments, or if SignalWireExport gives the application nothing. */
static const char *excerpt(request_rec *r, const held_t *held,
                           const sw_event_t *event)
{
    const sw_dir_t *dir = held->record->guard;
    apr_size_t i,
        n = held->buffer->used < SHOWN_MAX ? held->buffer->used : SHOWN_MAX;
    char *text;

    if (n == 0 || (sw_dir_exports(dir) & ~(unsigned int)SW_EXPORT_SET) == 0
        || (event->flags & SW_EVENT_PAYMENT) != 0)
        return "";
    text = apr_pstrmemdup(r->pool, held->buffer->data, n);
    for (i = 0; i < n; i++) {
        if (!text[i])
            text[i] = '.';
    }
    return apr_pstrcat(r->pool, "; it begins: ", text, NULL);
}

static apr_status_t replace(ap_filter_t *f, held_t *held,
                            const sw_event_t *event, sw_fault_t fault)
{
    request_rec *r = f->r;
    sw_record_t *record = held->record;
    const sw_fallback_t *fallback = choose(record->guard, event);
    sw_span_t text = sw_span("Bad Gateway\n");

    ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, r,
                  "SW0124: the reply to %s (%s) is replaced by %s: %s%s%s",
                  event->fields[SW_FIELD_EVENT].p, record->guard->block->name,
                  fallback ? "the fallback" : "502", fault.reason,
                  sw_fault_place(r->pool, fault), excerpt(r, held, event));
    held->is_done = 1;
    record->guard_request = NULL;
    record->is_replaced = 1;
    restore_encodings(r, record);
    drop(r, length_fields);
    drop(r, entity_fields);
    r->status = fallback ? fallback->status : HTTP_BAD_GATEWAY;
    r->status_line = NULL;
    if (fallback)
        text = sw_render(r, record, fallback->document);
    sw_announce(r, fallback ? sw_content_type(fallback->format) : "text/plain",
                text.n);
    return pass(f, text, 1); /* flush: the application may run on */
}

/* Move the data of a brigade; sets *fault if it breaks off or is too long. */
static void collect(apr_bucket_brigade *bb, held_t *held, sw_fault_t *fault,
                    int *at_end)
{
    while (!*at_end && !fault->reason && !APR_BRIGADE_EMPTY(bb)) {
        apr_bucket *b = APR_BRIGADE_FIRST(bb);
        const char *data;
        apr_size_t n;

        if (APR_BUCKET_IS_EOS(b)) {
            *at_end = 1;
        }
        else if (AP_BUCKET_IS_ERROR(b)) {
            *fault = sw_fault("it breaks off");
        }
        else if (!APR_BUCKET_IS_METADATA(b)) {
            apr_status_t rv = apr_bucket_read(b, &data, &n, APR_BLOCK_READ);

            /* Perhaps after a whole document: a CGI program that does not read
             * its input ends in a reset under mod_cgid. */
            if (rv)
                held->is_cut = *at_end = 1;
            else if (n > SW_DOCUMENT_MAX - held->buffer->used)
                *fault = sw_fault("longer than 64 KiB");
            else
                sw_buffer_append(held->buffer, data, n);
        }
        apr_bucket_delete(b);
    }
}

static apr_status_t finish(ap_filter_t *f, held_t *held,
                           const sw_event_t *event)
{
    request_rec *r = f->r;
    sw_span_t whole = sw_span_of(held->buffer->data, held->buffer->used);
    sw_span_t text = whole;
    sw_fault_t fault = sw_inspect(r, event, &text);

    if (!fault.reason && held->is_cut && !sw_may_be_whole(text))
        fault = sw_fault("it cannot be read to its end");
    if (fault.reason)
        return replace(f, held, event, fault);
    held->is_done = 1;
    restore_encodings(r, held->record);
    if (text.n < whole.n) {
        drop(r, length_fields);
        ap_set_content_length(r, (apr_off_t)text.n);
    }
    sw_repair(r, event, text,
              text.n < whole.n   ? "blanks before the document"
              : held->is_partial ? "it is sent whole"
                                 : NULL);
    return pass(f, text, 0);
}

static apr_off_t announced_length(const request_rec *r)
{
    const char *field = apr_table_get(r->headers_out, "Content-Length");
    apr_off_t length;

    return field && ap_parse_strict_length(&length, field) ? length : 0;
}

static apr_status_t guard(ap_filter_t *f, apr_bucket_brigade *bb)
{
    held_t *held = f->ctx;
    sw_record_t *record = held->record;
    sw_fault_t fault = sw_fault(NULL);
    int at_end = 0;

    if (held->is_done) {
        apr_brigade_cleanup(bb);
        return APR_SUCCESS;
    }
    /* The module's own reply, a redirect, or a reply without a body. */
    if (!record->guard_request || sw_is_redirect(f->r->status)
        || f->r->status == HTTP_NOT_MODIFIED) {
        restore_encodings(f->r, record);
        ap_remove_output_filter(f);
        return ap_pass_brigade(f->next, bb);
    }
    if (announced_length(f->r) > SW_DOCUMENT_MAX)
        fault = sw_fault("longer than 64 KiB");
    collect(bb, held, &fault, &at_end);
    apr_brigade_cleanup(bb);
    if (fault.reason)
        return replace(f, held, sw_event_of(record), fault);
    return at_end ? finish(f, held, sw_event_of(record)) : APR_SUCCESS;
}

void sw_guard_register(void)
{
    ap_hook_child_init(sw_inspect_child_init, NULL, NULL, APR_HOOK_MIDDLE);
    /* After filters that make content, such as SSI, and before DEFLATE. */
    guard_handle = ap_register_output_filter("SIGNALWIRE_GUARD", guard, NULL,
                                             AP_FTYPE_CONTENT_SET - 1);
}

/* An error document is guarded if the failed request was. Any other request
 * follows its own block or, outside of blocks, the request before the redirect.
 */
void sw_guard_begin(request_rec *r, sw_record_t *record, const sw_dir_t *dir)
{
    int is_continued = record->guard_request
                       && (record->guard_request == r
                           || record->guard_request == r->prev);
    const sw_event_t *event;

    if (r->main || record->ack)
        return;
    if ((r->prev && r->status != HTTP_OK) || !dir) {
        if (!is_continued)
            record->guard = NULL;
    }
    else {
        event = dir->guard > 0 && !r->header_only ? sw_event_of(record) : NULL;
        record->guard = event && event->response != SW_RESPONSE_NONE ? dir
                                                                     : NULL;
    }
    record->guard_request = record->guard ? r : NULL;
    if (!record->guard)
        restore_encodings(r, record);
}

void sw_guard_end(const request_rec *r, sw_record_t *record)
{
    if (!r->main)
        record->guard_request = NULL;
}

void sw_guard_insert(request_rec *r, sw_record_t *record)
{
    held_t *held;

    if (r->main || (!record->is_replaced && record->guard_request != r))
        return;
    held = apr_pcalloc(r->pool, sizeof(*held));
    held->record = record;
    held->buffer = sw_buffer_make(r->pool, 0);
    /* If the handler fails later, its error page is discarded. */
    held->is_done = record->is_replaced;
    held->is_partial = sw_want_whole(r);
    if (!record->encodings)
        record->encodings = apr_table_get(r->headers_in, "Accept-Encoding");
    apr_table_unset(r->headers_in, "Accept-Encoding");
    ap_add_output_filter_handle(guard_handle, held, r, r->connection);
}
