/* SPDX-License-Identifier: Apache-2.0 */
/* See json_csv.h. */
#include <apr_lib.h>
#include <apr_strings.h>

#include "status/json_csv.h"
#include "core/event/event.h"
#include "core/event/states.h"
#include "core/signature/verdict.h"
#include "core/text/json_line.h"
#include "core/text/mask.h"
#include "core/text/span.h"
#include "core/text/timestamp.h"
#include "status/calls.h"

#define OBJECT 8192

/* ---- values ------------------------------------------------------------ */

const char *sw_shown_number(apr_pool_t *p, const char *number, int is_full)
{
    char masked[SW_MASKED_MAX];
    sw_span_t text;

    if (is_full)
        return number;
    text = sw_masked(sw_span(number), masked);
    return apr_pstrmemdup(p, text.p, text.n);
}

double sw_rate(apr_uint64_t part, apr_uint64_t whole)
{
    return whole ? (double)part / (double)whole : -1;
}

double sw_delivery_rate(const sw_counters_t *counters, int first)
{
    const apr_uint64_t *n = counters->n + first;

    return sw_rate(n[SW_MESSAGE_DELIVERED], n[SW_MESSAGE_DELIVERED]
                                                + n[SW_MESSAGE_UNDELIVERED]
                                                + n[SW_MESSAGE_FAILED]);
}

double sw_answer_rate(const sw_counters_t *counters)
{
    const apr_uint64_t *n = counters->n + SW_COUNT_CALLS;

    return sw_rate(n[SW_CALL_COMPLETED],
                   n[SW_CALL_COMPLETED] + n[SW_CALL_BUSY] + n[SW_CALL_NO_ANSWER]
                       + n[SW_CALL_FAILED] + n[SW_CALL_CANCELED]);
}

/* ---- JSON -------------------------------------------------------------- */

static void put_line(request_rec *r, sw_line_t *line)
{
    sw_span_t text = sw_line_end(line);

    ap_rwrite(text.p, (int)text.n - 1, r);
}

static void add_number(sw_line_t *line, const char *name, apr_uint64_t n)
{
    sw_line_number(line, name, (apr_int64_t)n);
}

/* With three decimals; left out if the rate is undefined. */
static void add_rate(sw_line_t *line, const char *name, double rate)
{
    if (rate >= 0)
        sw_line_ms(line, name, (apr_int64_t)(rate * 1000 + 0.5));
}

static void add_states(sw_line_t *line, const char *name,
                       const sw_board_list_t *list, const apr_uint64_t *n)
{
    int i;

    if (!sw_line_enter(line, name))
        return;
    for (i = 0; i < list->state_count; i++)
        add_number(line, list->states[i].word, n[i]);
    sw_line_leave(line);
}

static void add_errors(sw_line_t *line, const char *name, const apr_uint64_t *n)
{
    int i;

    if (!sw_line_enter(line, name))
        return;
    for (i = 0; i < SW_ERROR_COUNT; i++)
        add_number(line, sw_errors[i].code, n[i]);
    sw_line_leave(line);
}

static void put_counters(request_rec *r, const sw_board_t *board,
                         const char *name, const sw_counters_t *counters)
{
    static const char *const words[] = {
        "requests", "verified", "unverified", "refused", "repeats",
        "unclaimed", "slow", "broken"
    };
    const apr_uint64_t *n = counters->n;
    char buffer[OBJECT];
    sw_line_t line;
    int i;

    sw_line_begin(&line, buffer, sizeof(buffer), 100);
    for (i = SW_COUNT_REQUESTS; i <= SW_COUNT_BROKEN; i++)
        add_number(&line, words[i], n[i]);
    add_states(&line, "messages", &board->messages, n + SW_COUNT_MESSAGES);
    add_rate(&line, "delivery_rate",
             sw_delivery_rate(counters, SW_COUNT_MESSAGES));
    add_states(&line, "mms", &board->messages, n + SW_COUNT_MMS);
    add_states(&line, "calls", &board->calls, n + SW_COUNT_CALLS);
    add_rate(&line, "answer_rate", sw_answer_rate(counters));
    add_rate(&line, "mean_duration",
             sw_rate(n[SW_COUNT_SECONDS], n[SW_COUNT_TIMED_CALLS]));
    add_rate(&line, "mean_opinion_score",
             sw_rate(n[SW_COUNT_MOS], n[SW_COUNT_SCORES]) / 100);
    add_errors(&line, "errors", n + SW_COUNT_ERRORS);
    add_errors(&line, "call_errors", n + SW_COUNT_CALL_ERRORS);
    ap_rprintf(r, "\"%s\":", name);
    put_line(r, &line);
}

static void add_verdicts(sw_line_t *line, const char *name,
                         const apr_uint64_t *n)
{
    int i;

    if (!sw_line_enter(line, name))
        return;
    for (i = 0; i < SW_VERDICTS; i++) {
        if (n[i])
            add_number(line, sw_outcome((sw_verdict_e)i)->token, n[i]);
    }
    sw_line_leave(line);
}

/* For each key, by its label: how many requests it verified, and when it did so
 * last. */
static void add_keys(sw_line_t *line, apr_pool_t *p,
                     const sw_board_block_t *block)
{
    const char *labels[SW_BOARD_KEYS];
    char time[SW_TIMESTAMP_SIZE];
    int i;

    for (i = 0; i < SW_BOARD_KEYS; i++)
        labels[i] = sw_board_label(p, block->names, i);
    if (sw_line_enter(line, "keys")) {
        for (i = 0; i < SW_BOARD_KEYS; i++) {
            if (labels[i])
                add_number(line, labels[i], block->n->keys[i]);
        }
        sw_line_leave(line);
    }
    if (sw_line_enter(line, "keys_last_used")) {
        for (i = 0; i < SW_BOARD_KEYS; i++) {
            if (!labels[i])
                continue;
            sw_timestamp_write(time, (apr_time_t)block->names->keys[i].last);
            sw_line_text(line, labels[i], sw_span(time));
        }
        sw_line_leave(line);
    }
}

static void put_block(request_rec *r, const sw_board_block_t *block)
{
    apr_uint64_t n = 0;
    char buffer[OBJECT];
    sw_line_t line;
    int i;

    sw_line_begin(&line, buffer, sizeof(buffer), 400);
    sw_line_text(&line, "name", sw_span(block->names->name));
    add_verdicts(&line, "passed", block->n->passed);
    add_verdicts(&line, "refused", block->n->refused);
    add_keys(&line, r->pool, block);
    if (sw_line_enter(&line, "ms")) { /* cumulative, as Prometheus */
        for (i = 0; i < SW_BOARD_BOUNDS; i++) {
            n += block->n->latency[i];
            add_number(&line,
                       apr_psprintf(r->pool, "%g",
                                    (double)sw_board_bounds[i] / 1000),
                       n);
        }
        add_number(&line, "more", n + block->n->latency[i]);
        sw_line_leave(&line);
    }
    put_line(r, &line);
}

static void add_text(sw_line_t *line, const char *name, const char *text)
{
    if (*text)
        sw_line_text(line, name, sw_span(text));
}

static void put_record(request_rec *r, const sw_board_t *board,
                       const sw_board_list_t *list,
                       const sw_board_record_t *record)
{
    const int is_full = board->is_full;
    char buffer[OBJECT], time[SW_TIMESTAMP_SIZE];
    sw_line_t line;

    sw_line_begin(&line, buffer, sizeof(buffer), 2000);
    sw_timestamp_write(time, record->last);
    add_text(&line, "time", time);
    add_text(&line, "webhook", board->blocks[record->block].names->name);
    add_text(&line, "id", record->texts.id);
    add_text(&line, "status", list->states[record->state].word);
    add_text(&line, "error_code", record->texts.code);
    add_text(&line, "direction", sw_direction_word(record->direction));
    add_text(&line, "from",
             sw_shown_number(r->pool, record->texts.from, is_full));
    add_text(&line, "to", sw_shown_number(r->pool, record->texts.to, is_full));
    if (record->seconds >= 0)
        sw_line_number(&line, "duration", record->seconds);
    if (record->mos >= 0)
        sw_line_ms(&line, "mos", record->mos * 10);
    if (is_full) {
        add_text(&line, "recording_url", record->texts.recording);
        add_text(&line, "name", record->texts.name);
        add_text(&line, "body", record->texts.body);
    }
    put_line(r, &line);
}

static void put_list(request_rec *r, const sw_board_t *board, const char *name,
                     const sw_board_list_t *list)
{
    sw_board_record_t record;
    int i, any = 0;

    ap_rprintf(r, ",\n\"%s\":[", name);
    for (i = 0; i < list->count; i++) {
        if (!sw_board_record(list, i, &record))
            continue;
        ap_rputs(any++ ? ",\n" : "\n", r);
        put_record(r, board, list, &record);
    }
    ap_rputs("]", r);
}

static void put_events(request_rec *r, const sw_board_t *board)
{
    char buffer[OBJECT];
    sw_line_t line;
    int i;

    ap_rputs(",\n\"events\":[", r);
    for (i = 0; i < board->event_count; i++) {
        const sw_board_event_t *event = board->events + i;

        sw_line_begin(&line, buffer, sizeof(buffer), 100);
        sw_line_text(&line, "event", sw_span(event->name));
        add_number(&line, "verified", event->verified);
        add_number(&line, "unverified", event->unverified);
        ap_rputs(i ? ",\n" : "", r);
        put_line(r, &line);
    }
    ap_rputs("]", r);
}

void sw_json_write(request_rec *r, const sw_board_t *board)
{
    char time[SW_TIMESTAMP_SIZE];
    int i;

    ap_set_content_type(r, "application/json");
    sw_timestamp_write(time, board->since);
    ap_rprintf(r, "{\"since\":\"%s\",\n\"uncounted\":%" APR_UINT64_T_FMT ",\n",
               time, board->total.n[SW_COUNT_UNCOUNTED]);
    put_counters(r, board, "total", &board->total);
    ap_rputs(",\n", r);
    put_counters(r, board, "hour", &board->hour);
    ap_rputs(",\n", r);
    put_counters(r, board, "day", &board->day);
    ap_rputs(",\n\"webhooks\":[", r);
    for (i = 0; i < board->block_count; i++) {
        ap_rputs(i ? ",\n" : "\n", r);
        put_block(r, board->blocks + i);
    }
    ap_rputs("]", r);
    put_events(r, board);
    put_list(r, board, "calls", &board->calls);
    put_list(r, board, "messages", &board->messages);
    ap_rputs("}\n", r);
}

/* ---- CSV --------------------------------------------------------------- */

/* Would a spreadsheet take the text for a formula? Also after blanks, and for
 * signs in full width. */
static int is_formula(const char *text)
{
    static const char *const signs[] = {
        "=", "+", "-", "@", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d",
        "\xef\xbc\xa0", NULL
    };
    int i;

    if (*text && strchr("\t\n\r", *text))
        return 1;
    while (apr_isspace(*text) || strncmp(text, "\xef\xbb\xbf", 3) == 0)
        text += apr_isspace(*text) ? 1 : 3;
    for (i = 0; signs[i]; i++) {
        if (strncmp(text, signs[i], strlen(signs[i])) == 0)
            return 1;
    }
    return 0;
}

static void put_cell(request_rec *r, const char *text, const char *end)
{
    const char *quote;

    ap_rputs(is_formula(text) ? "\"'" : "\"", r);
    while ((quote = strchr(text, '"')) != NULL) {
        ap_rwrite(text, (int)(quote - text) + 1, r);
        ap_rputs("\"", r);
        text = quote + 1;
    }
    ap_rputs(text, r);
    ap_rputs(end, r);
}

static void put_row(request_rec *r, const sw_board_t *board,
                    const sw_board_record_t *record, const char *status)
{
    const int is_full = board->is_full;
    apr_pool_t *p = r->pool;
    char time[SW_TIMESTAMP_SIZE];

    sw_timestamp_write(time, record->last);
    put_cell(r, time, "\",");
    put_cell(r, board->blocks[record->block].names->name, "\",");
    put_cell(r, record->texts.id, "\",");
    put_cell(r, status, "\",");
    put_cell(r, record->texts.code, "\",");
    put_cell(r, sw_direction_word(record->direction), "\",");
    put_cell(r, sw_shown_number(p, record->texts.from, is_full), "\",");
    put_cell(r, sw_shown_number(p, record->texts.to, is_full), "\",");
    put_cell(r, record->seconds < 0 ? "" : apr_itoa(p, record->seconds), "\",");
    put_cell(r,
             record->mos < 0 ? ""
                             : apr_psprintf(p, "%d.%02d", record->mos / 100,
                                            record->mos % 100),
             "\",");
    put_cell(r, is_full ? record->texts.recording : "", "\",");
    put_cell(r, is_full ? record->texts.body : "", "\"\r\n");
}

/* Is the word in a list that is separated by commas? */
static int is_listed(const char *list, const char *word)
{
    apr_size_t n = strlen(word);

    for (; list; list = strchr(list, ',') ? strchr(list, ',') + 1 : NULL) {
        if (strncmp(list, word, n) == 0 && (list[n] == ',' || !list[n]))
            return 1;
    }
    return 0;
}

void sw_csv_write(request_rec *r, const sw_board_t *board,
                  const sw_board_list_t *list, const sw_filter_t *filter)
{
    char name[SW_BOARD_NAME];
    sw_board_record_t record;
    int i;

    if (filter->webhook)
        sw_board_name(r->pool, filter->webhook, name);
    ap_set_content_type(r, "text/csv; charset=utf-8");
    ap_rputs("time,webhook,id,status,error_code,direction,from,to,duration,"
             "mos,recording_url,body\r\n",
             r);
    for (i = 0; i < list->count; i++) {
        const char *status;

        if (!sw_board_record(list, i, &record))
            continue;
        status = list->states[record.state].word;
        if ((!filter->statuses || is_listed(filter->statuses, status))
            && (!filter->webhook
                || strcmp(name, board->blocks[record.block].names->name) == 0))
            put_row(r, board, &record, status);
    }
}
