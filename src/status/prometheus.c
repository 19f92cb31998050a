/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See prometheus.h. Labels are names of the configuration and words of this
 * module, never values from a request.
 */
#include "status/prometheus.h"
#include "core/event/event.h"
#include "core/event/states.h"
#include "core/signature/verdict.h"

static const char *label(apr_pool_t *p, const char *text)
{
    char *to = apr_palloc(p, strlen(text) * 2 + 1), *out = to;

    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            *out++ = '\\';
        *out++ = *text;
    }
    *out = '\0';
    return to;
}

static void put_head(request_rec *r, const char *name, const char *type,
                     const char *help)
{
    ap_rprintf(r, "# HELP signalwire_%s %s\n# TYPE signalwire_%s %s\n", name,
               help, name, type);
}

/* A verdict that has not refused yet is written as 0: rate() would miss the
 * first refusal otherwise. */
static void put_verdicts(request_rec *r, const sw_board_block_t *block)
{
    static const char line[] =
        "signalwire_requests_total{webhook=\"%s\","
        "verdict=\"%s\",passed=\"%s\"} %" APR_UINT64_T_FMT "\n";
    const char *name = label(r->pool, block->names->name);
    int i;

    for (i = 0; i < SW_VERDICTS; i++) {
        const char *word = sw_outcome((sw_verdict_e)i)->token;

        if (block->n->passed[i] || i == SW_VERIFIED)
            ap_rprintf(r, line, name, word, "yes", block->n->passed[i]);
        if (i != SW_VERIFIED && i != SW_VERIFY_OFF)
            ap_rprintf(r, line, name, word, "no", block->n->refused[i]);
    }
}

static void put_keys(request_rec *r, const sw_board_block_t *block)
{
    const char *in = label(r->pool, block->names->name);
    int i;

    for (i = 0; i < SW_BOARD_KEYS; i++) {
        const char *name = sw_board_label(r->pool, block->names, i);

        if (name)
            ap_rprintf(r,
                       "signalwire_key_requests_total{webhook=\"%s\","
                       "key=\"%s\"} %" APR_UINT64_T_FMT "\n",
                       in, label(r->pool, name), block->n->keys[i]);
    }
}

static void put_histogram(request_rec *r, const sw_board_block_t *block)
{
    static const char bucket[] = "signalwire_request_duration_seconds_bucket";
    const char *name = label(r->pool, block->names->name);
    apr_uint64_t n = 0;
    int i;

    for (i = 0; i < SW_BOARD_BOUNDS; i++) {
        n += block->n->latency[i];
        ap_rprintf(r, "%s{webhook=\"%s\",le=\"%g\"} %" APR_UINT64_T_FMT "\n",
                   bucket, name, (double)sw_board_bounds[i] / 1e6, n);
    }
    n += block->n->latency[i];
    ap_rprintf(r,
               "%s{webhook=\"%s\",le=\"+Inf\"} %" APR_UINT64_T_FMT "\n"
               "signalwire_request_duration_seconds_sum{webhook=\"%s\"} %.6f\n"
               "signalwire_request_duration_seconds_count{webhook=\"%s\"} "
               "%" APR_UINT64_T_FMT "\n",
               bucket, name, n, name, (double)block->n->microseconds / 1e6,
               name, n);
}

/* @a series is a name, "{", and labels before the last. */
static void put_states(request_rec *r, const char *series,
                       const sw_board_list_t *list, const apr_uint64_t *n)
{
    int i;

    for (i = 0; i < list->state_count; i++)
        ap_rprintf(r, "signalwire_%sstatus=\"%s\"} %" APR_UINT64_T_FMT "\n",
                   series, list->states[i].word, n[i]);
}

static void put_errors(request_rec *r, const char *name, const char *help,
                       const apr_uint64_t *n)
{
    int i;

    put_head(r, name, "counter", help);
    for (i = 0; i < SW_ERROR_COUNT; i++)
        ap_rprintf(r, "signalwire_%s{code=\"%s\"} %" APR_UINT64_T_FMT "\n",
                   name, sw_errors[i].code, n[i]);
}

static void put_counter(request_rec *r, const char *name, const char *help,
                        apr_uint64_t n)
{
    put_head(r, name, "counter", help);
    ap_rprintf(r, "signalwire_%s %" APR_UINT64_T_FMT "\n", name, n);
}

static void put_all(request_rec *r, const sw_board_t *board,
                    void (*put)(request_rec *r, const sw_board_block_t *block))
{
    int i;

    for (i = 0; i < board->block_count; i++)
        put(r, board->blocks + i);
}

static void put_event(request_rec *r, const char *event, const char *verified,
                      apr_uint64_t n)
{
    ap_rprintf(r,
               "signalwire_events_total{event=\"%s\",verified=\"%s\"} "
               "%" APR_UINT64_T_FMT "\n",
               event, verified, n);
}

static void put_events(request_rec *r, const sw_board_t *board)
{
    int i;

    put_head(r, "events_total", "counter", "Requests that passed, by event.");
    for (i = 0; i < board->event_count; i++) {
        const sw_board_event_t *event = board->events + i;

        put_event(r, event->name, "yes", event->verified);
        put_event(r, event->name, "no", event->unverified);
    }
}

void sw_prometheus_write(request_rec *r, const sw_board_t *board)
{
    const apr_uint64_t *n = board->total.n;

    ap_set_content_type(r, "text/plain; version=0.0.4; charset=utf-8");
    put_head(r, "requests_total", "counter",
             "Requests by webhook and verdict.");
    put_all(r, board, put_verdicts);
    put_head(r, "key_requests_total", "counter",
             "Verified requests by the key that matched.");
    put_all(r, board, put_keys);
    put_head(r, "request_duration_seconds", "histogram",
             "Time until the answer; SignalWire waits 5 seconds.");
    put_all(r, board, put_histogram);
    put_events(r, board);
    put_counter(r, "repeats_total", "Repeats answered by SignalWireOnce.",
                n[SW_COUNT_REPEATS]);
    put_counter(r, "uncounted_total",
                "Events of calls and messages that were not counted, since a "
                "process held a lock.",
                n[SW_COUNT_UNCOUNTED]);
    put_counter(r, "unclaimed_total",
                "Callbacks that ran while the cache of "
                "SignalWireOnce did not answer.",
                n[SW_COUNT_UNCLAIMED]);
    put_counter(r, "broken_replies_total", "Replies of status 500 or more.",
                n[SW_COUNT_BROKEN]);
    put_head(r, "messages_total", "counter", "Messages that reached a status.");
    put_states(r, "messages_total{kind=\"sms\",", &board->messages,
               n + SW_COUNT_MESSAGES);
    put_states(r, "messages_total{kind=\"mms\",", &board->messages,
               n + SW_COUNT_MMS);
    put_errors(r, "message_errors_total",
               "Messages that failed, by error code.", n + SW_COUNT_ERRORS);
    put_head(r, "calls_total", "counter", "Calls that reached a status.");
    put_states(r, "calls_total{", &board->calls, n + SW_COUNT_CALLS);
    put_errors(r, "call_errors_total", "Calls that failed, by error code.",
               n + SW_COUNT_CALL_ERRORS);
    put_counter(r, "call_seconds_total", "Sum of the durations of timed calls.",
                n[SW_COUNT_SECONDS]);
    put_counter(r, "timed_calls_total", "Calls whose duration is known.",
                n[SW_COUNT_TIMED_CALLS]);
    put_head(r, "opinion_scores_sum_total", "counter",
             "Sum of mean opinion scores.");
    ap_rprintf(r, "signalwire_opinion_scores_sum_total %.2f\n",
               (double)n[SW_COUNT_MOS] / 100);
    put_counter(r, "opinion_scores_total", "Calls with a score.",
                n[SW_COUNT_SCORES]);
}
