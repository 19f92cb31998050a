/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignalWireAnswer: the handler that answers without an application. The
 * templates are compiled at configuration.
 */
#include "httpd/answer.h"
#include "core/event/event.h"
#include "core/signature/verdict.h"
#include "core/template/context.h"
#include "core/text/span.h"
#include "httpd/config/settings.h"
#include "httpd/delivery/ack.h"
#include "httpd/delivery/once.h"
#include "httpd/reply/guard.h"
#include "httpd/reply/reply.h"
#include "httpd/request/event.h"
#include "httpd/request/request.h"
#include "httpd/verify/verify.h"

/* An answer for every event does not need the event read. */
static int answer_is_for(const sw_answer_t *answer, sw_record_t *record)
{
    /* An acknowledgement that names no event is for callbacks. */
    if (!answer->events)
        return answer->document
               || sw_event_of(record)->response == SW_RESPONSE_NONE;
    return ap_array_str_contains(answer->events,
                                 sw_event_of(record)->fields[SW_FIELD_EVENT].p);
}

static int holds(request_rec *r, const sw_answer_t *answer)
{
    const char *fault = NULL;
    int result;

    if (!answer->condition)
        return 1;
    result = ap_expr_exec(r, answer->condition, &fault);
    if (fault)
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r,
                      "SW0122: the expr= of a "
                      "SignalWireAnswer cannot be evaluated, and does not "
                      "hold: %s",
                      fault);
    return !fault && result > 0;
}

static const sw_answer_t *choose(request_rec *r, sw_record_t *record,
                                 const sw_dir_t *dir)
{
    int i;

    for (i = 0; dir->answers && i < dir->answers->nelts; i++) {
        const sw_answer_t *answer = &APR_ARRAY_IDX(dir->answers, i,
                                                   sw_answer_t);

        if (answer_is_for(answer, record) && holds(r, answer))
            return answer;
    }
    return NULL;
}

static int is_ack_on(const sw_dir_t *dir)
{
    return dir->ack && dir->ack != SW_ACK_OFF;
}

/* Without a handler or a file, httpd answers 404. An acknowledgement would hide
 * that from the client. */
static int has_application(const request_rec *r)
{
    return r->finfo.filetype != APR_NOFILE
           || strcmp(r->handler, AP_DEFAULT_HANDLER_NAME) != 0;
}

static int is_acknowledged_first(request_rec *r, sw_record_t *record,
                                 const sw_dir_t *dir, const sw_answer_t *answer)
{
    return is_ack_on(dir) && has_application(r)
           && ((answer && answer->document)
               || sw_event_of(record)->response == SW_RESPONSE_NONE);
}

#define MAIN(step) "{\"version\":\"1.0.0\",\"sections\":{\"main\":[{\"" step \
                   "\":{}}]}}"

/* The event may be the request of a cXML verb's action URL, which expects a
 * document. */
static int may_be_action(const sw_event_t *event)
{
    const char *format = event->fields[SW_FIELD_FORMAT].p;

    return (event->flags & SW_EVENT_ACTION) != 0 && format
           && strcmp(format, "json") != 0;
}

/* The shortest valid reply. */
static const char *acknowledgement(const sw_event_t *event,
                                   sw_document_e *format)
{
    *format = SW_DOCUMENT_SWML;
    switch (event->response) {
    case SW_RESPONSE_SWML:
        return event->channel == SW_CHANNEL_MESSAGE ? MAIN("receive")
                                                    : MAIN("hangup");
    case SW_RESPONSE_JSON:
        return "{}";
    case SW_RESPONSE_NONE:
        if (!may_be_action(event))
            return "";
        break;
    default:
        break;
    }
    *format = SW_DOCUMENT_CXML;
    return "<Response/>";
}

/* The reply that is sent without waiting for an application. */
static sw_reply_t write_answer(request_rec *r, sw_record_t *record,
                               const sw_answer_t *answer)
{
    sw_document_e format = answer ? answer->format : SW_DOCUMENT_CXML;
    sw_reply_t reply;

    reply.text = answer && answer->document
                     ? sw_render(r, record, answer->document)
                     : sw_span(acknowledgement(sw_event_of(record), &format));
    reply.type = reply.text.n ? sw_content_type(format) : NULL;
    return reply;
}

static void log_answer(request_rec *r, sw_record_t *record,
                       const sw_answer_t *answer, const sw_reply_t *reply)
{
    ap_log_rerror(APLOG_MARK, APLOG_DEBUG, 0, r,
                  "SW0123: %s answered (%s): %s, %" APR_SIZE_T_FMT " bytes",
                  sw_event_of(record)->fields[SW_FIELD_EVENT].p,
                  sw_dir_of(r)->block->name,
                  answer && answer->document ? "from a template"
                                             : "acknowledged",
                  reply->text.n);
}

static int answer_now(request_rec *r, sw_record_t *record,
                      const sw_answer_t *answer)
{
    sw_reply_t reply;

    sw_guard_end(r, record);
    reply = write_answer(r, record, answer);
    log_answer(r, record, answer, &reply);
    return sw_reply(r, HTTP_OK, &reply);
}

/* Answer, then let the application run unless this is a repeat. */
static int answer_first(request_rec *r, sw_record_t *record,
                        const sw_dir_t *dir, const sw_answer_t *answer)
{
    int status = sw_once(r, record, dir, 1);
    sw_reply_t reply;

    if (status == OK)
        return answer_now(r, record, answer);
    sw_guard_end(r, record);
    reply = write_answer(r, record, answer);
    status = sw_ack(r, record, dir, &reply);
    if (status == DECLINED)
        log_answer(r, record, answer, &reply);
    else
        sw_once_end(r, record, 0); /* before the client can retry */
    return status;
}

/* Is this neither a sub-request nor an error document? Others are neither
 * acknowledged nor claimed. */
static int is_main_request(const request_rec *r)
{
    return !r->main && !ap_is_HTTP_ERROR(r->status);
}

/* Log why httpd will answer 404. Unverified requests are logged at info, so
 * that they cannot fill the log at its default level. */
static void log_unanswered(request_rec *r, sw_record_t *record,
                           const sw_dir_t *dir)
{
    int is_verified = sw_decide(r, record, dir)->verdict == SW_VERIFIED;
    const char *why = dir->answers && dir->answers->nelts
                          ? "no SignalWireAnswer line matches"
                          : "SignalWireAckFirst would acknowledge it";

    ap_log_rerror(
        APLOG_MARK, is_verified ? APLOG_WARNING : APLOG_INFO, 0, r,
        "SW0149: the %s%s (%s) is answered with 404: %s, and there is "
        "neither a handler nor a file",
        is_verified ? "verified " : "",
        sw_event_of(record)->fields[SW_FIELD_EVENT].p, dir->block->name, why);
}

/* No SignalWireAnswer line matches: let the next handler run, once. */
static int run_next_handler(request_rec *r, sw_record_t *record,
                            const sw_dir_t *dir)
{
    if (!is_main_request(r))
        return DECLINED;
    if (!has_application(r)
        && ((dir->answers && dir->answers->nelts) || is_ack_on(dir)))
        log_unanswered(r, record, dir);
    return sw_once(r, record, dir, 0);
}

int sw_answer(request_rec *r)
{
    const sw_dir_t *dir = sw_dir_of(r);
    sw_record_t *record = sw_record_of(r);
    const sw_answer_t *answer;

    if (!record)
        return DECLINED;
    sw_once_follow_redirect(r, record);
    if (!dir || !record->passed || record->ack
        || (!dir->answers && !is_ack_on(dir) && dir->once <= 0))
        return DECLINED;
    answer = choose(r, record, dir);
    if (is_main_request(r) && is_acknowledged_first(r, record, dir, answer))
        return answer_first(r, record, dir, answer);
    if (answer)
        return answer_now(r, record, answer);
    return run_next_handler(r, record, dir);
}
