/* SPDX-License-Identifier: Apache-2.0 */
/* swhook send --load: sends many callbacks over a few connections, and prints
 * how long they took. */
#include <signal.h>
#include <stdlib.h>

#include <apr_strings.h>

#include "tool/tool.h"

typedef struct load_t {
    tool_t *tool;
    const callback_t *first;
    long begun, ended, failed, succeeded;
    int is_unusable;    /* no callback can be sent */
    char failure[256];  /* the last one */
    long by_status[1000];
    apr_time_t *took;   /* of each callback that had a reply */
    apr_time_t start, reported, span;
} load_t;

/* @return 0 if no callback is left, or each would fail */
static int fill_next(load_t *load, sw_exchange_t *exchange)
{
    callback_t callback = *load->first;

    if (load->begun == load->tool->load || load->is_unusable)
        return 0;
    apr_pool_clear(exchange->pool);
    if (renew_callback(load->tool, exchange->pool, &callback) != YES)
        return 0;
    fill_exchange(load->tool, &callback, exchange);
    load->begun++;
    return 1;
}

static int count_reply(void *data, sw_exchange_t *exchange)
{
    load_t *load = data;

    load->ended++;
    if (exchange->failure) {
        load->failed++;
        load->is_unusable |= exchange->is_unusable;
        apr_cpystrn(load->failure, exchange->failure, sizeof(load->failure));
    }
    else {
        load->took[load->ended - load->failed - 1] = exchange->took;
        load->by_status[exchange->status]++;
        load->succeeded += is_success(exchange->status);
    }
    return fill_next(load, exchange);
}

static long per_second(const load_t *load, apr_time_t span)
{
    return span > 0 ? (long)((double)load->ended * 1e6 / (double)span) : 0;
}

/* Once a second. */
static void report_progress(load_t *load)
{
    apr_time_t now = apr_time_now();

    if (now - load->reported < apr_time_from_sec(1))
        return;
    load->reported = now;
    apr_file_printf(load->tool->err, "swhook: %ld of %ld, %ld a second\n",
                    load->ended, load->tool->load,
                    per_second(load, now - load->start));
}

/* An interrupted run prints its result so far: the signals stay pending, and
 * is_stopped() looks for them. */
static void block_signals(void)
{
    sigset_t blocked;

    sigemptyset(&blocked);
    sigaddset(&blocked, SIGINT);
    sigaddset(&blocked, SIGTERM);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
}

static int is_stopped(void *data)
{
    sigset_t pending;

    report_progress(data);
    return sigpending(&pending) == 0
           && (sigismember(&pending, SIGINT) || sigismember(&pending, SIGTERM));
}

static int by_time(const void *a, const void *b)
{
    apr_time_t x = *(const apr_time_t *)a, y = *(const apr_time_t *)b;

    return x < y ? -1 : x > y;
}

static const struct {
    const char *name;
    long percent;
} percentiles[] = { { "p50", 50 },
                    { "p90", 90 },
                    { "p99", 99 },
                    { "max", 100 } };

#define PERCENTILES (sizeof(percentiles) / sizeof(*percentiles))

/* The least time that so many replies of a hundred did not exceed. There is a
 * reply. */
static apr_time_t percentile(const load_t *load, apr_size_t i)
{
    long n = load->ended - load->failed;

    return load->took[(n * percentiles[i].percent + 99) / 100 - 1];
}

static void print_json(const load_t *load)
{
    sw_line_t line;
    apr_size_t i;

    begin_json(load->tool, &line, 0);
    sw_line_number(&line, "sent", load->ended);
    sw_line_number(&line, "failed", load->failed);
    sw_line_number(&line, "per_second", per_second(load, load->span));
    sw_line_enter(&line, "ms");
    sw_line_ms(&line, "total", load->span);
    for (i = 0; load->ended > load->failed && i < PERCENTILES; i++)
        sw_line_ms(&line, percentiles[i].name, percentile(load, i));
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

static void print_text(const load_t *load)
{
    tool_t *tool = load->tool;
    apr_size_t i;

    say(tool, "%ld callbacks in %.3f s, %ld a second\n", load->ended,
        (double)load->span / 1e6, per_second(load, load->span));
    for (i = 0; load->ended > load->failed && i < PERCENTILES; i++)
        say(tool, "%s%s %.3f%s", i ? "" : "ms: ", percentiles[i].name,
            (double)percentile(load, i) / 1000,
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

int run_load(tool_t *tool, const callback_t *callback)
{
    load_t load = { .tool = tool, .first = callback };
    sw_client_t client = { tool->pool, tool->ca_file, tool->timeout,
                           count_reply, is_stopped, &load };
    long most = tool->concurrency ? tool->concurrency : 1;
    sw_exchange_t *exchanges = apr_pcalloc(tool->pool,
                                           (apr_size_t)most
                                               * sizeof(*exchanges));
    int n;

    load.took = apr_pcalloc(tool->pool,
                            (apr_size_t)tool->load * sizeof(*load.took));
    for (n = 0; n < most; n++) {
        apr_pool_create(&exchanges[n].pool, tool->pool);
        if (!fill_next(&load, exchanges + n))
            break;
    }
    block_signals();
    load.start = load.reported = apr_time_now();
    sw_client_run(&client, exchanges, n);
    load.span = apr_time_now() - load.start;
    qsort(load.took, (size_t)(load.ended - load.failed), sizeof(*load.took),
          by_time);
    if (tool->is_json)
        print_json(&load);
    else
        print_text(&load);
    return load.is_unusable ? USAGE : load.succeeded == tool->load ? YES : NO;
}
