/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignalWireAckFirst: the answer is sent, then the application runs while no
 * client waits. Its output is read to the end and discarded: an unread CGI
 * program dies of SIGPIPE.
 */
#include <util_filter.h>

#include "httpd/delivery/ack.h"
#include "httpd/config/setters.h"
#include "httpd/delivery/once.h"
#include "httpd/delivery/workers.h"
#include "httpd/request/event.h"
#include "store/clock.h"

static ap_filter_rec_t *discard_handle;

struct sw_ack_t {
    const sw_block_t *block;
    const char *event;
    apr_off_t sent;       /* bytes of the acknowledgement */
    apr_time_t began;     /* by apr_time_now() */
    apr_time_t clock;     /* by sw_clock() */
    int is_broken;        /* the application's output breaks off */
};

const char *sw_set_ack(cmd_parms *cmd, void *config, const char *arg)
{
    static const char *const words[] = { "On", "Off", NULL };
    sw_dir_t *dir = config;
    const char *error = sw_misplaced(cmd);
    apr_off_t max;

    if (error)
        return error;
    if (strcasecmp(arg, "on") == 0)
        dir->ack = SW_ACK_QUARTER;
    else if (strcasecmp(arg, "off") == 0)
        dir->ack = SW_ACK_OFF;
    else if (ap_parse_strict_length(&max, arg) && max > 0 && max <= 100000)
        dir->ack = (int)max;
    else
        return sw_expected_of(cmd, arg,
                              "On, Off, or how many applications "
                              "may run at once, from 1 to 100000",
                              words);
    return NULL;
}

/* Clears c->aborted: the application does not see that the client has left. */
static apr_status_t discard(ap_filter_t *f, apr_bucket_brigade *bb)
{
    sw_ack_t *ack = f->ctx;

    while (!APR_BRIGADE_EMPTY(bb)) {
        apr_bucket *b = APR_BRIGADE_FIRST(bb);
        const char *data;
        apr_size_t n;

        if (AP_BUCKET_IS_ERROR(b)
            || (!APR_BUCKET_IS_METADATA(b)
                && apr_bucket_read(b, &data, &n, APR_BLOCK_READ)))
            ack->is_broken = 1;
        apr_bucket_delete(b);
    }
    f->c->aborted = 0;
    return APR_SUCCESS;
}

void sw_ack_register(void)
{
    /* A protocol filter: others are lost when httpd makes an error page. */
    discard_handle = ap_register_output_filter("SIGNALWIRE_DISCARD", discard,
                                               NULL, AP_FTYPE_PROTOCOL);
}

/* Bypass the content filters, which are for the reply of the application. */
static void send_now(request_rec *r, sw_span_t text)
{
    apr_bucket_alloc_t *list = r->connection->bucket_alloc;
    apr_bucket_brigade *bb = apr_brigade_create(r->pool, list);

    if (text.n)
        APR_BRIGADE_INSERT_TAIL(bb, apr_bucket_pool_create(text.p, text.n,
                                                           r->pool, list));
    APR_BRIGADE_INSERT_TAIL(bb, apr_bucket_flush_create(list));
    APR_BRIGADE_INSERT_TAIL(bb, apr_bucket_eos_create(list));
    APR_BRIGADE_INSERT_TAIL(bb, apr_bucket_flush_create(list));
    (void)ap_pass_brigade(r->proto_output_filters, bb);
}

static int is_full(request_rec *r, const sw_record_t *record,
                   const sw_dir_t *dir, const char *event)
{
    if (sw_workers_hold(record->initial, SW_HOLD_ACK, dir->ack))
        return 0;
    ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, r,
                  "SW0128: %s (%s) is refused "
                  "with 503: as many applications run after an "
                  "acknowledgement as SignalWireAckFirst allows",
                  event, dir->block->name);
    apr_table_setn(r->err_headers_out, "Retry-After", "1");
    return 1;
}

int sw_ack(request_rec *r, sw_record_t *record, const sw_dir_t *dir,
           const sw_reply_t *reply)
{
    const char *event = sw_event_of(record)->fields[SW_FIELD_EVENT].p;
    sw_ack_t *ack;

    if (is_full(r, record, dir, event))
        return HTTP_SERVICE_UNAVAILABLE;
    ack = apr_pcalloc(record->initial->pool, sizeof(*ack));
    ack->block = dir->block;
    ack->event = event;
    ack->sent = (apr_off_t)reply->text.n;
    ack->began = apr_time_now();
    ack->clock = sw_clock();
    record->ack = ack;
    /* The next request on this connection would wait for the application. */
    if (r->proto_num < HTTP_VERSION(2, 0))
        r->connection->keepalive = AP_CONN_CLOSE;
    sw_announce(r, reply->type, reply->text.n);
    send_now(r, reply->text);
    ap_add_output_filter_handle(discard_handle, ack, r, r->connection);
    r->connection->aborted = 0;
    /* The application sets its own. */
    apr_table_unset(r->headers_out, "Content-Length");
    apr_table_unset(r->headers_out, "Cache-Control");
    return DECLINED;
}

apr_time_t sw_ack_time(const sw_record_t *record, apr_time_t now)
{
    return record->ack ? record->ack->began : now;
}

/* Make the access log show the reply that the client got. */
static void set_logged_reply(request_rec *r, const sw_ack_t *ack)
{
    for (; r; r = r->next) {
        r->status = HTTP_OK;
        r->bytes_sent = ack->sent;
    }
}

int sw_ack_end(request_rec *r)
{
    sw_record_t *record = sw_record_of(r);
    const sw_ack_t *ack = record ? record->ack : NULL;
    const request_rec *last = sw_last(r);
    int failed;

    if (!ack)
        return DECLINED;
    sw_workers_release(record->initial, SW_HOLD_ACK);
    failed = ack->is_broken || last->status >= 400;
    ap_log_rerror(APLOG_MARK, failed ? APLOG_ERR : APLOG_INFO, 0, r,
                  "SW0127: the application that ran after the acknowledgement "
                  "of %s (%s) %s status %d%s, after %" APR_TIME_T_FMT " ms",
                  ack->event, ack->block->name,
                  failed ? "failed, and the callback is lost: it ended with"
                         : "ended with",
                  last->status, ack->is_broken ? ", and broke off" : "",
                  apr_time_as_msec(sw_clock() - ack->clock));
    sw_once_end(r, record, !ack->is_broken && ap_is_HTTP_SUCCESS(last->status));
    set_logged_reply(r, ack);
    return DECLINED;
}
