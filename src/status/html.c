/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See html.h. Every value from a request is escaped. No element has a style of
 * its own: the Content-Security-Policy of the page forbids it.
 */
#include <apr_strings.h>

#include "status/html.h"
#include "core/event/event.h"
#include "core/event/states.h"
#include "core/signature/verdict.h"
#include "status/json_csv.h"

#define ROWS 1000 /* of a table at most: pages are fetched every few seconds */
#define COUNT_FORMAT "%" APR_UINT64_T_FMT

static const char *html(request_rec *r, const char *text)
{
    return ap_escape_html(r->pool, text);
}

static void put_time(request_rec *r, apr_time_t time)
{
    apr_time_exp_t t;

    apr_time_exp_lt(&t, time);
    ap_rprintf(r, "%02d-%02d %02d:%02d:%02d", t.tm_mon + 1, t.tm_mday,
               t.tm_hour, t.tm_min, t.tm_sec);
}

/* "3 h 2 min", "4 min 5 s", "6 s" */
static const char *duration(apr_pool_t *p, apr_int64_t seconds)
{
    if (seconds >= 86400)
        return apr_psprintf(p, "%d d %d h", (int)(seconds / 86400),
                            (int)(seconds % 86400 / 3600));
    if (seconds >= 3600)
        return apr_psprintf(p, "%d h %d min", (int)(seconds / 3600),
                            (int)(seconds % 3600 / 60));
    return seconds >= 60 ? apr_psprintf(p, "%d min %d s", (int)(seconds / 60),
                                        (int)(seconds % 60))
                         : apr_psprintf(p, "%d s", (int)seconds);
}

static const char *count(apr_pool_t *p, apr_uint64_t n)
{
    return apr_psprintf(p, COUNT_FORMAT, n);
}

static const char *percent(apr_pool_t *p, double rate)
{
    return rate < 0 ? "&ndash;" : apr_psprintf(p, "%.1f&nbsp;%%", rate * 100);
}

/* ---- at a glance ------------------------------------------------------- */

static void put_tile(request_rec *r, const char *value, const char *name,
                     const char *more)
{
    ap_rprintf(r, "<div class=\"tile\"><b>%s</b>%s <span>%s</span></div>\n",
               value, name, more);
}

static void put_tiles(request_rec *r, const sw_board_t *board)
{
    apr_pool_t *p = r->pool;
    const apr_uint64_t *n = board->total.n, *hour = board->hour.n;
    double seconds = sw_rate(n[SW_COUNT_SECONDS], n[SW_COUNT_TIMED_CALLS]);
    double score = sw_rate(n[SW_COUNT_MOS], n[SW_COUNT_SCORES]) / 100;
    const char *mean = seconds < 0 ? "&ndash;"
                                   : duration(p, (apr_int64_t)(seconds + 0.5));

    ap_rputs("<div class=\"tiles\">\n", r);
    put_tile(r, count(p, n[SW_COUNT_REQUESTS]), "requests",
             apr_psprintf(p, "%s in the last hour, %s in the last day",
                          count(p, hour[SW_COUNT_REQUESTS]),
                          count(p, board->day.n[SW_COUNT_REQUESTS])));
    put_tile(r, percent(p, sw_rate(n[SW_COUNT_VERIFIED], n[SW_COUNT_REQUESTS])),
             "verified",
             apr_psprintf(p, "%s refused, %s in the last hour",
                          count(p, n[SW_COUNT_REFUSED]),
                          count(p, hour[SW_COUNT_REFUSED])));
    put_tile(r, percent(p, sw_delivery_rate(&board->total, SW_COUNT_MESSAGES)),
             "delivered",
             apr_psprintf(p, "%s in the last day",
                          percent(p, sw_delivery_rate(&board->day,
                                                      SW_COUNT_MESSAGES))));
    put_tile(r, percent(p, sw_answer_rate(&board->total)), "calls answered",
             apr_psprintf(p, "%s in the last day",
                          percent(p, sw_answer_rate(&board->day))));
    put_tile(r, mean, "a call", "mean");
    put_tile(r, score < 0 ? "&ndash;" : apr_psprintf(p, "%.2f", score),
             "opinion score", "mean, of 5");
    put_tile(r, count(p, n[SW_COUNT_SLOW]), "later than 5 s",
             apr_psprintf(p, "%s answered with 500 or more",
                          count(p, n[SW_COUNT_BROKEN])));
    put_tile(r, count(p, n[SW_COUNT_REPEATS]), "repeats answered",
             apr_psprintf(p, "<em class=\"%s\">%s ran without the cache</em>",
                          n[SW_COUNT_UNCLAIMED] ? "bad" : "faint",
                          count(p, n[SW_COUNT_UNCLAIMED])));
    ap_rputs("</div>\n", r);
}

/* ---- blocks ------------------------------------------------------------ */

static void put_verdicts(request_rec *r, const apr_uint64_t *n,
                         const char *class)
{
    int i, any = 0;

    for (i = 0; i < SW_VERDICTS; i++) {
        if (!n[i] || i == SW_VERIFIED)
            continue;
        ap_rprintf(
            r, "%s<span class=\"%s\" title=\"%s\">%s</span>&nbsp;" COUNT_FORMAT,
            any++ ? ", " : "", class, sw_outcome((sw_verdict_e)i)->phrase,
            sw_outcome((sw_verdict_e)i)->token, n[i]);
    }
    if (!any)
        ap_rputs("&ndash;", r);
}

/* A bar for each bucket; right of the line SignalWire has stopped waiting. */
static void put_latency(request_rec *r, const sw_board_block_t *block)
{
    apr_uint64_t most = 1;
    int i;

    for (i = 0; i <= SW_BOARD_BOUNDS; i++)
        most = block->n->latency[i] > most ? block->n->latency[i] : most;
    ap_rprintf(r, "<svg width=\"210\" height=\"40\" role=\"img\" aria-label="
                  "\"Time to the answer, from 1 ms to more than 5 s\">");
    for (i = 0; i <= SW_BOARD_BOUNDS; i++) {
        int height = (int)(block->n->latency[i] * 26 / most);

        if (block->n->latency[i] && !height)
            height = 1;
        ap_rprintf(r,
                   "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"13\" "
                   "height=\"%d\"><title>%s%g ms: " COUNT_FORMAT
                   "</title></rect>",
                   i < SW_BOARD_BOUNDS ? "bar" : "late", i * 16, 28 - height,
                   height, i < SW_BOARD_BOUNDS ? "up to " : "over ",
                   (double)sw_board_bounds[i < SW_BOARD_BOUNDS ? i : i - 1]
                       / 1000,
                   block->n->latency[i]);
    }
    ap_rprintf(r,
               "<line x1=\"%d\" x2=\"%d\" y1=\"0\" y2=\"28\"/><text x=\"0\""
               " y=\"39\">1 ms</text><text x=\"64\" y=\"39\">25 ms</text><text"
               " x=\"126\" y=\"39\">500 ms</text><text x=\"180\" y=\"39\">5 s"
               "</text></svg>",
               SW_BOARD_BOUNDS * 16 - 2, SW_BOARD_BOUNDS * 16 - 2);
}

static void put_key(request_rec *r, const sw_board_block_t *block, int index)
{
    const sw_board_key_t *key = block->names->keys + index;
    const char *label = sw_board_label(r->pool, block->names, index);

    if (!label)
        return;
    ap_rprintf(r, "<div>%s&nbsp;" COUNT_FORMAT " (last ", html(r, label),
               block->n->keys[index]);
    put_time(r, (apr_time_t)key->last);
    ap_rputs(")</div>", r);
}

static void put_block(request_rec *r, const sw_board_block_t *block)
{
    int i;

    ap_rprintf(r,
               "<tr><td>%s</td><td class=\"n good\">" COUNT_FORMAT "</td><td>",
               html(r, block->names->name), block->n->passed[SW_VERIFIED]);
    put_verdicts(r, block->n->passed, "warn");
    ap_rputs("</td><td>", r);
    put_verdicts(r, block->n->refused, "bad");
    ap_rputs("</td><td>", r);
    for (i = 0; i < SW_BOARD_KEYS; i++)
        put_key(r, block, i);
    ap_rputs("</td><td>", r);
    put_latency(r, block);
    ap_rputs("</td></tr>\n", r);
}

static void put_blocks(request_rec *r, const sw_board_t *board)
{
    int i;

    ap_rputs("<section><h2>Webhooks</h2>\n<table><tr><th>Webhook<th class="
             "\"n\">Verified<th>Passed unverified<th>Refused<th>Keys<th>Time "
             "to the answer</tr>\n",
             r);
    for (i = 0; i < board->block_count; i++)
        put_block(r, board->blocks + i);
    ap_rputs("</table></section>\n", r);
}

/* SignalWire's documentation contradicts itself on which kinds are signed. */
static void put_events(request_rec *r, const sw_board_t *board)
{
    int i;

    ap_rputs("<section><h2>Events</h2>\n<table><tr><th>Event<th class=\"n\">"
             "Verified<th class=\"n\">Passed unverified</tr>\n",
             r);
    for (i = 0; i < board->event_count; i++) {
        const sw_board_event_t *event = board->events + i;

        ap_rprintf(r,
                   "<tr><td>%s</td><td class=\"n\">" COUNT_FORMAT
                   "</td><td class=\"n\">" COUNT_FORMAT "</td></tr>\n",
                   event->name, event->verified, event->unverified);
    }
    ap_rputs("</table></section>\n", r);
}

/* ---- by status --------------------------------------------------------- */

/* How many records of the list were in each state. */
static void put_states(request_rec *r, const sw_board_list_t *list,
                       const apr_uint64_t *n, const char *note)
{
    apr_uint64_t most = 0;
    int i;

    for (i = 0; i < list->state_count; i++)
        most = n[i] > most ? n[i] : most;
    if (!most) {
        ap_rputs("<p class=\"faint\">None so far.</p></section>\n", r);
        return;
    }
    ap_rputs("<table>\n", r);
    for (i = 0; i < list->state_count; i++) {
        if (n[i])
            ap_rprintf(r,
                       "<tr><td>%s</td><td class=\"n\">" COUNT_FORMAT
                       "</td><td><meter min=\"0\" max=\"" COUNT_FORMAT
                       "\" value=\"" COUNT_FORMAT "\"></meter></td></tr>\n",
                       list->states[i].word, n[i], most, n[i]);
    }
    ap_rprintf(r, "</table>\n<p class=\"faint\">%s</p></section>\n", note);
}

static void put_errors(request_rec *r, const char *title, const apr_uint64_t *n)
{
    int i, any = 0;

    ap_rprintf(r, "<section><h2>%s</h2>\n", title);
    for (i = 0; i < SW_ERROR_COUNT; i++) {
        if (n[i])
            ap_rprintf(r,
                       "%s<tr><td>%s</td><td>%s</td><td class=\"n\">%s</td>"
                       "</tr>\n",
                       any++ ? "" : "<table>\n", sw_errors[i].code,
                       sw_errors[i].meaning, count(r->pool, n[i]));
    }
    ap_rputs(any ? "</table></section>\n"
                 : "<p class=\"faint\">No error codes so far.</p></section>\n",
             r);
}

static void put_statistics(request_rec *r, const sw_board_t *board)
{
    const apr_uint64_t *n = board->total.n;
    apr_pool_t *p = r->pool;

    ap_rputs("<div class=\"pair\">\n<section><h2>Messages</h2>\n", r);
    put_states(r, &board->messages, n + SW_COUNT_MESSAGES,
               apr_pstrcat(p, "Delivered, of those that came to an end: ",
                           percent(p, sw_delivery_rate(&board->total,
                                                       SW_COUNT_MESSAGES)),
                           NULL));
    ap_rputs("<section><h2>Messages with media (MMS)</h2>\n", r);
    put_states(r, &board->messages, n + SW_COUNT_MMS,
               "Carriers do not report the delivery of MMS.");
    put_errors(r, "Why messages failed", n + SW_COUNT_ERRORS);
    ap_rputs("<section><h2>Calls</h2>\n", r);
    put_states(r, &board->calls, n + SW_COUNT_CALLS,
               apr_pstrcat(p, "Answered, of those that have ended: ",
                           percent(p, sw_answer_rate(&board->total)), NULL));
    put_errors(r, "Why calls failed", n + SW_COUNT_CALL_ERRORS);
    ap_rputs("</div>\n", r);
}

/* ---- calls and messages ------------------------------------------------ */

/* All states so far, in their order; the present one is bold. */
static void put_steps(request_rec *r, const sw_board_list_t *list,
                      const sw_board_record_t *record)
{
    int i, any = 0;

    ap_rputs("<td class=\"steps\">", r);
    for (i = 0; i < list->state_count; i++) {
        if (!((record->states >> i) & 1))
            continue;
        ap_rprintf(r, i == record->state ? "%s<b>%s</b>" : "%s%s",
                   any++ ? " &rsaquo; " : "", list->states[i].word);
    }
    if (record->texts.code[0])
        ap_rprintf(r, " <span class=\"bad\" title=\"%s\">%s</span>",
                   record->error >= 0 ? sw_errors[record->error].meaning : "",
                   html(r, record->texts.code));
    ap_rputs("</td>", r);
}

static void put_record(request_rec *r, const sw_board_t *board,
                       const sw_board_list_t *list,
                       const sw_board_record_t *record)
{
    const int is_full = board->is_full, is_call = list == &board->calls;
    apr_pool_t *p = r->pool;

    ap_rputs("<tr><td class=\"when\">", r);
    put_time(r, record->last);
    ap_rprintf(r,
               "</td><td class=\"wide\">%s</td><td class=\"number\">%s "
               "%s</td><td class=\"number\">%s</td>",
               html(r, board->blocks[record->block].names->name),
               record->direction == SW_INBOUND    ? "&larr;"
               : record->direction == SW_OUTBOUND ? "&rarr;"
                                                  : "",
               html(r, sw_shown_number(p, record->texts.from, is_full)),
               html(r, sw_shown_number(p, record->texts.to, is_full)));
    put_steps(r, list, record);
    if (is_call)
        ap_rprintf(r, "<td class=\"n\">%s</td><td class=\"n wide\">%s</td>",
                   record->seconds < 0 ? "" : duration(p, record->seconds),
                   record->mos < 0
                       ? ""
                       : apr_psprintf(p, "%.2f", record->mos / 100.0));
    if (is_full)
        ap_rprintf(r, "<td>%s</td>",
                   html(r, is_call ? record->texts.name : record->texts.body));
    ap_rprintf(r, "<td class=\"id wide\">%s</td></tr>\n",
               html(r, record->texts.id));
}

static void put_list(request_rec *r, const sw_board_t *board, const char *title,
                     const sw_board_list_t *list)
{
    const int is_call = list == &board->calls;
    sw_board_record_t record;
    int i;

    ap_rprintf(r, "<section><h2>%s, the last first</h2>\n", title);
    if (!list->count) {
        ap_rputs("<p class=\"faint\">None so far.</p></section>\n", r);
        return;
    }
    ap_rprintf(r,
               "<table><tr><th>Last update<th class=\"wide\">Webhook<th>"
               "From<th>To<th>Status%s%s<th class=\"wide\">Id</tr>\n",
               is_call ? "<th class=\"n\">Duration<th class=\"n wide\">MOS"
                       : "",
               !board->is_full ? ""
               : is_call       ? "<th>Name"
                               : "<th>Body");
    for (i = 0; i < list->count && i < ROWS; i++) {
        if (sw_board_record(list, i, &record))
            put_record(r, board, list, &record);
    }
    ap_rputs("</table>\n", r);
    if (list->count > ROWS)
        ap_rprintf(r, "<p class=\"faint\">%d more are in JSON and CSV.</p>",
                   list->count - ROWS);
    ap_rputs("</section>\n", r);
}

void sw_html_write(request_rec *r, const sw_board_t *board)
{
    apr_interval_time_t age = apr_time_now() - board->since;

    ap_rprintf(r, "<header><h1>SignalWire on %s</h1><p>since ",
               html(r, r->server->server_hostname ? r->server->server_hostname
                                                  : "this server"));
    put_time(r, board->since);
    ap_rprintf(r,
               " (%s)</p><nav><a href=\"?json\">JSON</a><a href=\"?csv="
               "calls\">calls</a><a href=\"?csv=messages\">messages</a><a "
               "href=\"?prometheus\">Prometheus</a></nav></header>\n",
               duration(r->pool, age > 0 ? apr_time_sec(age) : 0));
    if (board->total.n[SW_COUNT_UNCOUNTED])
        ap_rprintf(r,
                   "<p class=\"bad\">%s events of calls and messages are not "
                   "counted: a process held a lock for too long.</p>\n",
                   count(r->pool, board->total.n[SW_COUNT_UNCOUNTED]));
    put_tiles(r, board);
    put_blocks(r, board);
    put_events(r, board);
    put_statistics(r, board);
    put_list(r, board, "Calls", &board->calls);
    put_list(r, board, "Messages", &board->messages);
}
