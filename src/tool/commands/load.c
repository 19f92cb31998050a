/* SPDX-License-Identifier: Apache-2.0 */
/* swhook send --load: many callbacks over a few connections that stay open,
 * and how long they took. */
#include <signal.h>
#include <stdlib.h>

#include <apr_strings.h>

#include "tool/tool.h"

typedef struct load_t {
    tool_t *tool;
    sw_client_t *client;
    const callback_t *first;
    long busy, begun, ended, failed;
    int is_unusable;    /* nothing can be sent */
    char failure[256];  /* the last one */
    long by_status[1000];
    apr_time_t *took;   /* of each that had a reply */
    apr_time_t start, told;
} load_t;

static void count(load_t *load, const sw_exchange_t *exchange)
{
    load->busy--;
    load->ended++;
    if (exchange->failure) {
        load->failed++;
        load->is_unusable |= exchange->is_unusable;
        apr_cpystrn(load->failure, exchange->failure, sizeof(load->failure));
        return;
    }
    load->took[load->ended - load->failed - 1] = exchange->took;
    load->by_status[exchange->status]++;
}

/* Use @a exchange again, unless all have begun or all others would fail. */
static void begin_next(load_t *load, sw_exchange_t *exchange)
{
    tool_t *tool = load->tool;
    callback_t callback = *load->first;
    apr_pool_t *pool = exchange->pool;

    if (load->begun == tool->load || load->is_unusable)
        return;
    apr_pool_clear(pool);
    memset(exchange, 0, sizeof(*exchange));
    exchange->pool = pool;
    if (renew_callback(tool, pool, &callback) != YES)
        return;
    fill_exchange(tool, &callback, exchange);
    load->begun++;
    load->busy++;
    if (!sw_client_begin(load->client, exchange))
        count(load, exchange);
}

static long per_second(const load_t *load, apr_time_t now)
{
    apr_time_t span = now - load->start;

    return span > 0 ? (long)((double)load->ended * 1e6 / (double)span) : 0;
}

/* Progress, once a second. */
static void tell(load_t *load)
{
    apr_time_t now = apr_time_now();

    if (now - load->told < apr_time_from_sec(1))
        return;
    load->told = now;
    apr_file_printf(load->tool->err, "swhook: %ld of %ld, %ld a second\n",
                    load->ended, load->tool->load, per_second(load, now));
}

/* An interrupted run prints its result so far: the signals stay pending, and
 * the loop looks for them. */
static void hold_signals(void)
{
    sigset_t held;

    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    sigprocmask(SIG_BLOCK, &held, NULL);
}

static int is_told_to_end(void)
{
    sigset_t pending;

    return sigpending(&pending) == 0
           && (sigismember(&pending, SIGINT) || sigismember(&pending, SIGTERM));
}

static void run_all(load_t *load)
{
    while (load->busy && !is_told_to_end()) {
        sw_exchange_t *exchange = sw_client_next(load->client,
                                                 apr_time_from_msec(100));

        if (exchange) {
            count(load, exchange);
            begin_next(load, exchange);
        }
        tell(load);
    }
}

static int by_time(const void *a, const void *b)
{
    apr_time_t x = *(const apr_time_t *)a, y = *(const apr_time_t *)b;

    return x < y ? -1 : x > y;
}

/* The least time that so many of a thousand did not exceed. */
static apr_time_t percentile(const load_t *load, long of_thousand)
{
    long n = load->ended - load->failed;
    long at = (n * of_thousand + 999) / 1000;

    return n ? load->took[at > 0 ? at - 1 : 0] : 0;
}

static const struct {
    const char *name;
    long of_thousand;
} percentiles[] = { { "p50", 500 },
                    { "p90", 900 },
                    { "p99", 990 },
                    { "max", 1000 } };

#define PERCENTILES (sizeof(percentiles) / sizeof(*percentiles))

static void print_json(const load_t *load, apr_time_t span)
{
    sw_line_t line;
    apr_size_t i;

    begin_json(load->tool, &line, 0);
    sw_line_number(&line, "sent", load->ended);
    sw_line_number(&line, "failed", load->failed);
    sw_line_number(&line, "per_second", per_second(load, load->start + span));
    sw_line_enter(&line, "ms");
    sw_line_ms(&line, "total", span);
    for (i = 0; load->ended > load->failed && i < PERCENTILES; i++)
        sw_line_ms(&line, percentiles[i].name,
                   percentile(load, percentiles[i].of_thousand));
    sw_line_leave(&line);
    sw_line_enter(&line, "status");
    for (i = 0; i < 1000; i++) {
        if (load->by_status[i])
            sw_line_number(&line, apr_itoa(load->tool->pool, (int)i),
                           load->by_status[i]);
    }
    sw_line_leave(&line);
    end_json(load->tool, &line);
}

static void print_text(const load_t *load, apr_time_t span)
{
    tool_t *tool = load->tool;
    apr_size_t i;

    say(tool, "%ld callbacks in %.3f s, %ld a second\n", load->ended,
        (double)span / 1e6, per_second(load, load->start + span));
    for (i = 0; load->ended > load->failed && i < PERCENTILES; i++)
        say(tool, "%s%s %.3f%s", i ? "" : "ms: ", percentiles[i].name,
            (double)percentile(load, percentiles[i].of_thousand) / 1000,
            i + 1 < PERCENTILES ? " " : "\n");
    for (i = 0; i < 1000; i++) {
        if (load->by_status[i])
            say(tool, "status %d: %ld\n", (int)i, load->by_status[i]);
    }
    if (load->failed)
        say(tool, "no answer: %ld (%s)\n", load->failed,
            shown(tool->pool, sw_span(load->failure)));
    if (load->ended < tool->load)
        say(tool, "not sent, or not waited for: %ld\n",
            tool->load - load->ended);
}

static int all_were_right(const load_t *load)
{
    long right = 0;
    int i;

    for (i = 200; i < 300; i++)
        right += load->by_status[i];
    return right == load->tool->load;
}

int run_load(tool_t *tool, sw_client_t *client, const callback_t *callback)
{
    load_t load = { .tool = tool, .client = client, .first = callback };
    long n = tool->concurrency > 1 ? tool->concurrency : 1;
    apr_time_t span;

    load.took = apr_pcalloc(tool->pool,
                            (apr_size_t)tool->load * sizeof(*load.took));
    hold_signals();
    load.start = load.told = apr_time_now();
    for (; n > 0; n--) {
        sw_exchange_t *exchange = apr_pcalloc(tool->pool, sizeof(*exchange));

        apr_pool_create(&exchange->pool, tool->pool);
        begin_next(&load, exchange);
    }
    run_all(&load);
    span = apr_time_now() - load.start;
    qsort(load.took, (size_t)(load.ended - load.failed), sizeof(*load.took),
          by_time);
    if (tool->is_json)
        print_json(&load, span);
    else
        print_text(&load, span);
    return load.is_unusable ? USAGE : all_were_right(&load) ? YES : NO;
}
