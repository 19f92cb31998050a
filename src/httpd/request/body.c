/* SPDX-License-Identifier: Apache-2.0 */
/* See body.h. */
#include <apr_strings.h>
#include <util_filter.h>

#include "httpd/request/body.h"
#include "httpd/request/buffer.h"

static ap_filter_rec_t *replay_handle;

/* The context of the replay filter: the buffered bytes and, unless the body was
 * read to its end, the filters that deliver the rest. */
typedef struct replay_t {
    sw_span_t text;
    apr_size_t at;
    const request_rec *reader; /* the request that reads from @a at */
    int has_delivered;
    ap_filter_t *rest;
} replay_t;

/* Start again for another request: at an internal redirect httpd sets f->r to
 * the new one. The handler of a 404 discards the body before the error
 * document, perhaps a front controller, reads it. A partial body cannot start
 * again. */
static void rewind_for(replay_t *kept, const request_rec *reader)
{
    if (kept->reader != reader && !kept->rest)
        kept->at = 0;
    kept->reader = reader;
}

static apr_status_t replay(ap_filter_t *f, apr_bucket_brigade *bb,
                           ap_input_mode_t mode, apr_read_type_e block,
                           apr_off_t wanted)
{
    replay_t *kept = f->ctx;
    apr_bucket_alloc_t *list = f->c->bucket_alloc;
    sw_span_t left;

    if (mode != AP_MODE_READBYTES && mode != AP_MODE_GETLINE)
        return APR_ENOTIMPL;
    rewind_for(kept, f->r);
    kept->has_delivered = 1;
    left = sw_span_from(kept->text, kept->at);
    if (left.n == 0 && kept->rest)
        return ap_get_brigade(kept->rest, bb, mode, block, wanted);
    if (mode == AP_MODE_GETLINE)
        wanted = (apr_off_t)sw_span_find(left, '\n') + 1;
    if (wanted > 0 && (apr_uint64_t)wanted < left.n)
        left.n = (apr_size_t)wanted;
    kept->at += left.n;
    /* A pool bucket that outlives the request copies itself to the heap. */
    if (left.n)
        APR_BRIGADE_INSERT_TAIL(bb, apr_bucket_pool_create(left.p, left.n,
                                                           f->r->pool, list));
    /* Every later read ends at once: httpd discards the body once more. */
    if (kept->at == kept->text.n && !kept->rest)
        APR_BRIGADE_INSERT_TAIL(bb, apr_bucket_eos_create(list));
    return APR_SUCCESS;
}

void sw_body_register(void)
{
    replay_handle = ap_register_input_filter("SIGNALWIRE_BODY", replay, NULL,
                                             AP_FTYPE_PROTOCOL);
}

int sw_merges_trailers(const request_rec *r)
{
    const core_server_config *core = ap_get_core_module_config(
        r->server->module_config);

    return core->merge_trailers == AP_MERGE_TRAILERS_ENABLE;
}

/* Move the data of a brigade into the buffer. */
static apr_status_t collect(apr_bucket_brigade *bb, sw_buffer_t *buffer,
                            int *at_end)
{
    apr_bucket *b;

    while (!*at_end && !APR_BRIGADE_EMPTY(bb)) {
        const char *data;
        apr_size_t n;

        b = APR_BRIGADE_FIRST(bb);
        if (APR_BUCKET_IS_EOS(b)) {
            *at_end = 1;
        }
        else if (!APR_BUCKET_IS_METADATA(b)) {
            apr_status_t rv = apr_bucket_read(b, &data, &n, APR_BLOCK_READ);

            if (rv)
                return rv;
            sw_buffer_append(buffer, data, n);
        }
        apr_bucket_delete(b);
    }
    return APR_SUCCESS;
}

/* A body while it is read: its framing and its bytes. */
typedef struct reading_t {
    request_rec *r;       /* whose filters deliver the body */
    request_rec *initial; /* whose headers announce it */
    apr_size_t limit;
    apr_off_t length; /* as announced, -1: unknown */
    int is_chunked;   /* or its Content-Length is invalid */
    int has_begun;    /* another module has read part of it */
    sw_buffer_t *buffer;
    int at_end;
} reading_t;

/* Read from the protocol filters until the body ends or exceeds the limit. */
static apr_status_t fill(reading_t *body)
{
    request_rec *r = body->r;
    apr_bucket_brigade *bb = apr_brigade_create(r->pool,
                                                r->connection->bucket_alloc);
    apr_status_t rv = APR_SUCCESS;

    while (!rv && !body->at_end && body->buffer->used <= body->limit) {
        rv = ap_get_brigade(r->proto_input_filters, bb, AP_MODE_READBYTES,
                            APR_BLOCK_READ, HUGE_STRING_LEN);
        if (!rv)
            rv = collect(bb, body->buffer, &body->at_end);
        apr_brigade_cleanup(bb);
    }
    apr_brigade_destroy(bb);
    return rv;
}

/*
 * Replace the protocol filters by the replay filter, for @a r and for every
 * request that led to it: each holds its own pointers into the chain. Replay is
 * a protocol filter because an internal redirect drops the content filters.
 */
static void install(request_rec *r, replay_t *kept, int at_end)
{
    request_rec *owner = r, *q;
    ap_filter_t *filter;

    while (owner->main)
        owner = owner->main;
    kept->rest = at_end ? NULL : owner->proto_input_filters;
    while (owner->proto_input_filters->frec->ftype < AP_FTYPE_CONNECTION) {
        owner->proto_input_filters->r = owner;
        ap_remove_input_filter(owner->proto_input_filters);
    }
    filter = ap_add_input_filter_handle(replay_handle, kept, owner,
                                        owner->connection);
    for (q = r; q; q = q->main ? q->main : q->prev) {
        ap_filter_t **link = &q->input_filters;

        if (q == owner)
            continue;
        while ((*link)->frec->ftype < AP_FTYPE_PROTOCOL)
            link = &(*link)->next;
        *link = filter;
        q->proto_input_filters = filter;
    }
}

/* Set Content-Length to the number of bytes read, for CGI programs and proxies.
 * A redirect shares headers_in with the client's request, unless trailers were
 * merged; a sub-request has no header fields of a body. */
static void announce(request_rec *r, request_rec *initial, apr_size_t length)
{
    const char *text = apr_psprintf(initial->pool, "%" APR_SIZE_T_FMT, length);

    apr_table_unset(initial->headers_in, "Transfer-Encoding");
    apr_table_setn(initial->headers_in, "Content-Length", text);
    if (!r->main) {
        apr_table_unset(r->headers_in, "Transfer-Encoding");
        apr_table_setn(r->headers_in, "Content-Length", text);
    }
}

/* Has another module read bytes that cannot be read again? HTTP_IN, which reads
 * the body from the connection, makes its context at the first read. A replay
 * of a partial body cannot start again. */
static int has_begun(const request_rec *r)
{
    const ap_filter_t *f = r->proto_input_filters;

    for (; f && f->frec->ftype < AP_FTYPE_CONNECTION; f = f->next) {
        if (f->frec == replay_handle) {
            const replay_t *kept = f->ctx;

            return kept->rest && kept->has_delivered;
        }
        if (strcasecmp(f->frec->name, "HTTP_IN") == 0)
            return f->ctx != NULL;
    }
    return 0;
}

static void read_framing(reading_t *body)
{
    const apr_table_t *headers = body->initial->headers_in;
    const char *field = apr_table_get(headers, "Content-Length");

    body->length = -1;
    body->has_begun = has_begun(body->r);
    body->is_chunked = apr_table_get(headers, "Transfer-Encoding") != NULL;
    if (!body->is_chunked && field
        && !ap_parse_strict_length(&body->length, field)) {
        body->length = -1;
        body->is_chunked = 1;
    }
}

/* HTTP/2 needs neither field for a body. */
static int is_announced(const reading_t *body)
{
    return body->length > 0 || body->is_chunked
           || (body->length < 0
               && body->initial->proto_num >= HTTP_VERSION(2, 0));
}

/* Set the state of the body and install the replay. A body over the limit is
 * replayed too: a refused sub-request must leave the body to its parent. */
static void put_back(const reading_t *from, sw_body_t *body)
{
    replay_t *kept = apr_pcalloc(from->initial->pool, sizeof(*kept));
    apr_size_t n = from->buffer->used;

    kept->text = body->text = sw_span_of(from->buffer->data, n);
    install(from->r, kept, from->at_end);
    if (n > from->limit)
        body->state = SW_BODY_OVER;
    else if (from->length >= 0 ? (apr_uint64_t)from->length != n
                               : from->has_begun)
        body->state = SW_BODY_PARTLY;
    else if (from->is_chunked || (from->length < 0 && n))
        announce(from->r, from->initial, n);
}

void sw_body_read(request_rec *r, request_rec *initial, apr_size_t limit,
                  sw_body_t *body)
{
    reading_t from = { .r = r, .initial = initial, .limit = limit };
    apr_status_t rv;

    /* The limit may be larger after a redirect. The replay delivers again the
     * bytes that were read under the smaller limit. */
    if (body->state == SW_BODY_OVER && limit > body->limit)
        body->state = SW_BODY_UNREAD;
    if (body->state != SW_BODY_UNREAD)
        return;
    body->limit = limit;
    read_framing(&from);
    body->announced = from.length;
    body->state = SW_BODY_WHOLE;
    if (!is_announced(&from))
        return;
    if (from.length > 0 && (apr_uint64_t)from.length > limit) {
        body->state = SW_BODY_OVER;
        return;
    }
    from.buffer = sw_buffer_make(initial->pool,
                                 from.length > 0 ? (apr_size_t)from.length : 0);
    rv = fill(&from);
    if (rv) {
        body->state = SW_BODY_FAILED;
        body->status = ap_map_http_request_error(rv, HTTP_BAD_REQUEST);
        return;
    }
    sw_buffer_trim(from.buffer);
    put_back(&from, body);
}
