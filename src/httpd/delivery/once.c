/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignalWireOnce: the first delivery of a callback runs the application, the
 * others get its answer. The first delivery holds the claim until the
 * application has ended, whether or not the client is still connected.
 */
#include <apr_strings.h>
#include <util_filter.h>

#include "httpd/delivery/once.h"
#include "core/signature/signature.h"
#include "core/signature/verdict.h"
#include "core/text/span.h"
#include "httpd/config/setters.h"
#include "httpd/delivery/claims.h"
#include "httpd/delivery/workers.h"
#include "httpd/publish/publish.h"
#include "httpd/reply/reply.h"
#include "httpd/request/buffer.h"
#include "httpd/request/event.h"
#include "httpd/request/request.h"
#include "httpd/verify/verify.h"
#include "store/claim_store.h"
#include "store/clock.h"
#include "store/shm_table.h"

#define WAIT_MAX apr_time_from_sec(4)

/* A waiting repeat asks often at first: most applications end soon. */
#define BACKOFF_MIN apr_time_from_msec(2)
#define BACKOFF_MAX apr_time_from_msec(50)

/* Bytes of a long reply that are read before they are passed on. */
#define PART_MAX 65536

static ap_filter_rec_t *watch_handle;

/* A claim of this request, and the reply as far as it has been read. */
typedef struct sw_once_t {
    sw_claim_t claim;
    apr_interval_time_t time; /* how long to keep the answer */
    const request_rec *watched; /* the request that sends the reply */
    sw_buffer_t *body;
    int is_over;    /* the body is too long to be kept */
    int is_broken;  /* the body breaks off */
    int is_gone;    /* the client has left */
    int is_finished; /* the claim has ended */
} sw_once_t;

const char *sw_set_once(cmd_parms *cmd, void *config, const char *arg)
{
    static const char *const words[] = { "On", "Off", NULL };
    sw_dir_t *dir = config;
    const char *error = sw_misplaced(cmd);

    if (error)
        return error;
    if (strcasecmp(arg, "on") == 0)
        dir->once = apr_time_from_sec(600);
    else if (strcasecmp(arg, "off") == 0)
        dir->once = SW_ONCE_OFF;
    else if (ap_timeout_parameter_parse(arg, &dir->once, "s") != APR_SUCCESS
             || dir->once < apr_time_from_msec(1)
             || dir->once > apr_time_from_sec(7 * 86400))
        return sw_expected_of(cmd, arg,
                              "On, Off, or how long an answer is "
                              "kept, such as 90s, 10mi (minutes) or 1h, at "
                              "most 168h",
                              words);
    return NULL;
}

/* ---- the end ----------------------------------------------------------- */

static void end_claim(request_rec *r, sw_once_t *once, const sw_kept_t *answer)
{
    if (once->is_finished)
        return;
    once->is_finished = 1;
    sw_claims_end(r, &once->claim, answer, once->time);
}

void sw_once_end(request_rec *r, sw_record_t *record, int has_succeeded)
{
    static const sw_kept_t acknowledged = { HTTP_OK, { NULL, 0 }, { NULL, 0 } };

    if (record->once)
        end_claim(r, record->once, has_succeeded ? &acknowledged : NULL);
}

int sw_once_release(request_rec *r)
{
    sw_record_t *record = sw_record_of(r);

    if (record)
        sw_once_end(r, record, 0);
    return DECLINED;
}

/* The reply is complete. Only success is kept: after a failure the next
 * delivery runs. An encoded body is not kept, since its Content-Encoding is
 * not. */
static void end_claim_by(request_rec *r, sw_once_t *once)
{
    sw_kept_t answer = { r->status, sw_span(r->content_type), { NULL, 0 } };

    if (answer.type.n > SW_KEPT_TYPE)
        answer.type = sw_span(NULL);
    if (!once->is_over && !sw_coding_of(r))
        answer.body = sw_span_of(once->body->data, once->body->used);
    end_claim(r, once,
              ap_is_HTTP_SUCCESS(r->status) && !once->is_broken ? &answer
                                                                : NULL);
}

/* ---- the filter -------------------------------------------------------- */

/* The application does not see that the client has left. */
static void pass(ap_filter_t *f, sw_once_t *once, apr_bucket_brigade *bb)
{
    apr_status_t rv = once->is_gone || APR_BRIGADE_EMPTY(bb)
                          ? APR_SUCCESS
                          : ap_pass_brigade(f->next, bb);

    apr_brigade_cleanup(bb);
    if (rv || f->c->aborted)
        once->is_gone = 1;
    f->c->aborted = once->is_gone && once->is_finished;
}

/* Pass on the buckets before @a b, which may block. */
static void pass_before(ap_filter_t *f, apr_bucket_brigade *bb, apr_bucket *b,
                        int flush)
{
    sw_once_t *once = f->ctx;
    apr_bucket_alloc_t *list = f->c->bucket_alloc;
    apr_bucket_brigade *front = apr_brigade_create(f->r->pool, list);

    while (APR_BRIGADE_FIRST(bb) != b) {
        apr_bucket *first = APR_BRIGADE_FIRST(bb);

        APR_BUCKET_REMOVE(first);
        APR_BRIGADE_INSERT_TAIL(front, first);
    }
    if (flush)
        APR_BRIGADE_INSERT_TAIL(front, apr_bucket_flush_create(list));
    pass(f, once, front);
    apr_brigade_destroy(front);
}

static apr_size_t read_bucket(ap_filter_t *f, sw_once_t *once,
                              apr_bucket_brigade *bb, apr_bucket *b)
{
    const char *data;
    apr_size_t n = 0;
    apr_status_t rv = apr_bucket_read(b, &data, &n, APR_NONBLOCK_READ);

    if (APR_STATUS_IS_EAGAIN(rv)) {
        pass_before(f, bb, b, 1);
        rv = apr_bucket_read(b, &data, &n, APR_BLOCK_READ);
    }
    /* A CGI program that does not read its input ends in a reset. */
    if (rv && !APR_STATUS_IS_ECONNRESET(rv))
        once->is_broken = 1;
    if (rv)
        return 0;
    if (n > SW_KEPT_BODY - once->body->used)
        once->is_over = 1;
    if (!once->is_over)
        sw_buffer_append(once->body, data, n);
    return n;
}

/* Read every bucket here: downstream stops when the client leaves, and an
 * unread CGI program dies of SIGPIPE. */
static apr_status_t watch(ap_filter_t *f, apr_bucket_brigade *bb)
{
    sw_once_t *once = f->ctx;
    apr_size_t held = 0;
    apr_bucket *b = APR_BRIGADE_FIRST(bb), *next;

    if (f->r != once->watched)
        return ap_pass_brigade(f->next, bb);
    for (; b != APR_BRIGADE_SENTINEL(bb); b = next) {
        if (APR_BUCKET_IS_EOS(b))
            end_claim_by(f->r, once);
        else if (AP_BUCKET_IS_ERROR(b))
            once->is_broken = 1;
        else if (!APR_BUCKET_IS_METADATA(b))
            held += read_bucket(f, once, bb, b);
        next = APR_BUCKET_NEXT(b); /* reading may have split the bucket */
        if (held > PART_MAX) {
            pass_before(f, bb, next, 0);
            held = 0;
        }
    }
    pass(f, once, bb);
    return APR_SUCCESS;
}

void sw_once_register(void)
{
    /* The same place as the guard: the reply before encoding. */
    watch_handle = ap_register_output_filter("SIGNALWIRE_ONCE", watch, NULL,
                                             AP_FTYPE_CONTENT_SET - 1);
}

static void begin_watch(request_rec *r, const sw_record_t *record)
{
    sw_once_t *once = record->once;

    if (!once->body)
        once->body = sw_buffer_make(record->initial->pool, 0);
    once->body->used = 0;
    once->is_over = 0;
    once->watched = r;
    ap_add_output_filter_handle(watch_handle, once, r, r->connection);
}

void sw_once_follow_redirect(request_rec *r, sw_record_t *record)
{
    if (record->once && !record->ack && !r->main && record->once->watched != r)
        begin_watch(r, record);
}

/* ---- the claim --------------------------------------------------------- */

static int is_for(const sw_dir_t *dir, const sw_event_t *event,
                  const sw_decision_t *decision)
{
    sw_mode_e mode = sw_dir_mode(dir);

    return dir->once > 0 && event->response == SW_RESPONSE_NONE
           && event->fields[SW_FIELD_DEDUPE].n
           && (decision->verdict == SW_VERIFIED || mode == SW_MODE_OFF
               || (mode == SW_MODE_EITHER && sw_passes(decision)));
}

/* A digest of the event, the block and the sender: no sender can take the claim
 * to another's callback. @return 0 if OpenSSL fails */
static int make_key(request_rec *r, sw_record_t *record, const sw_dir_t *dir,
                    unsigned char key[SW_SHM_KEY])
{
    const char *sender = sw_sender(r, sw_decide(r, record, dir),
                                   sw_claims_are_shared(r));
    const char *block = dir->block->name;
    const char *event = sw_event_of(record)->fields[SW_FIELD_DEDUPE].p;

    return sw_digest(sw_span(apr_pstrcat(r->pool, sender, " ",
                                         apr_itoa(r->pool, (int)strlen(block)),
                                         " ", block, " ", event, NULL)),
                     key);
}

static sw_claim_e wait_for(request_rec *r, sw_once_t *once)
{
    apr_time_t end = sw_clock() + WAIT_MAX;
    apr_interval_time_t backoff = BACKOFF_MIN;
    sw_claim_e state = SW_CLAIM_RUNNING;

    while (state == SW_CLAIM_RUNNING && sw_clock() < end) {
        apr_sleep(backoff);
        backoff = backoff * 2 < BACKOFF_MAX ? backoff * 2 : BACKOFF_MAX;
        state = sw_claims_take(r, &once->claim);
    }
    return state;
}

static int refuse_repeat(request_rec *r, const sw_dir_t *dir,
                         const sw_event_t *event, const char *why)
{
    ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, r,
                  "SW0130: a repeat of %s (%s) is refused with 503: %s",
                  event->fields[SW_FIELD_EVENT].p, dir->block->name, why);
    apr_table_setn(r->err_headers_out, "Retry-After", "1");
    return HTTP_SERVICE_UNAVAILABLE;
}

/* The stored answer has passed the content filters already. */
static void skip_contents(request_rec *r)
{
    while (r->output_filters->r == r
           && r->output_filters->frec->ftype < AP_FTYPE_CONTENT_SET)
        r->output_filters = r->output_filters->next;
}

static int repeat(request_rec *r, sw_record_t *record, const sw_dir_t *dir,
                  const sw_kept_t *answer)
{
    sw_reply_t reply = { NULL, { NULL, 0 } };

    sw_publish_delivery(r, record, "repeat");
    ap_log_rerror(APLOG_MARK, APLOG_INFO, 0, r,
                  "SW0131: a repeat of %s (%s) is answered as the first was%s",
                  sw_event_of(record)->fields[SW_FIELD_EVENT].p,
                  dir->block->name, answer ? "" : ": acknowledged");
    if (!answer)
        return OK;
    skip_contents(r);
    reply.type = answer->type.p;
    reply.text = answer->body;
    return sw_reply(r, answer->status, &reply);
}

int sw_once(request_rec *r, sw_record_t *record, const sw_dir_t *dir,
            int is_acknowledged)
{
    const sw_event_t *event = sw_event_of(record);
    const sw_decision_t *decision = sw_decide(r, record, dir);
    sw_once_t *once = record->once;
    sw_claim_e state;

    if (once || !is_for(dir, event, decision))
        return DECLINED;
    once = apr_pcalloc(record->initial->pool, sizeof(*once));
    once->time = dir->once;
    once->claim.pool = record->initial->pool;
    if (!make_key(r, record, dir, once->claim.key))
        return DECLINED;
    state = sw_claims_take(r, &once->claim);
    if (is_acknowledged
        && (state == SW_CLAIM_RUNNING || state == SW_CLAIM_DONE))
        return repeat(r, record, dir, NULL);
    if (state == SW_CLAIM_RUNNING) {
        if (!sw_workers_hold(record->initial, SW_HOLD_REPEAT, 0))
            return refuse_repeat(r, dir, event,
                                 "a quarter of the workers is waiting for "
                                 "first deliveries");
        state = wait_for(r, once);
        sw_workers_release(record->initial, SW_HOLD_REPEAT);
    }
    if (state == SW_CLAIM_RUNNING)
        return refuse_repeat(r, dir, event,
                             "the first delivery is still running");
    if (state == SW_CLAIM_DONE)
        return repeat(r, record, dir, &once->claim.answer);
    if (state != SW_CLAIM_TAKEN) {
        record->is_unclaimed = 1;
        return DECLINED;
    }
    sw_publish_delivery(r, record, "first");
    record->once = once;
    if (!is_acknowledged)
        begin_watch(r, record);
    return DECLINED;
}
