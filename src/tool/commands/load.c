/* SPDX-License-Identifier: Apache-2.0 */
/* swhook send --load: many callbacks over a few connections that stay open,
 * and how long they took. */
#include <signal.h>
#include <stdlib.h>

#include <apr_strings.h>

#include "tool/tool.h"

typedef struct load_t {
    tool_t *tool;
    const callback_t *first;
    client_t *clients, **busy;
    int busy_count;
    long begun, ended, failed;
    const char *failure;   /* the last one */
    long by_status[1000];
    apr_time_t *took;      /* of each that had a reply */
    apr_time_t start, told;
} load_t;

/* @return whether the client is busy now: else no request is left to begin, or
 * it can begin none, and the others go on without it */
static int begin_next(load_t *load, client_t *client)
{
    tool_t *tool = load->tool;
    callback_t callback = *load->first;

    if (load->begun == tool->load)
        return 0;
    apr_pool_clear(client->round);
    if (renew_callback(tool, client->round, &callback) != YES)
        return 0;
    if (!client_begin(client, callback_bytes(tool, client->round, &callback,
                                             1),
                      apr_time_from_sec(tool->timeout), 0)) {
        load->failure = client->failure;
        return 0;
    }
    load->begun++;
    return 1;
}

static void count(load_t *load, const client_t *client)
{
    int status = client->reply.message.status;

    load->ended++;
    if (client->failure) {
        load->failed++;
        load->failure = client->failure;
        return;
    }
    load->took[load->ended - load->failed - 1] = apr_time_now()
                                                 - client->begun;
    load->by_status[status]++; /* three digits */
}

static long per_second(const load_t *load, apr_time_t now)
{
    apr_time_t span = now - load->start;

    return span > 0 ? (long)((double)load->ended * 1e6 / (double)span) : 0;
}

/* Once a second, for who waits. */
static void tell(load_t *load)
{
    apr_time_t now = apr_time_now();

    if (now - load->told < apr_time_from_sec(1))
        return;
    load->told = now;
    apr_file_printf(load->tool->err, "swhook: %ld of %ld, %ld a second\n",
                    load->ended, load->tool->load, per_second(load, now));
}

/* Who interrupts it wants to see what there is: the signals are held until the
 * end, and looked at here. */
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
           && (sigismember(&pending, SIGINT)
               || sigismember(&pending, SIGTERM));
}

static void run_all(load_t *load)
{
    int i;

    while (load->busy_count && !is_told_to_end()) {
        client_wait(load->busy, load->busy_count);
        for (i = load->busy_count - 1; i >= 0; i--) {
            client_t *client = load->busy[i];

            if (!client_go_on(client))
                continue;
            count(load, client);
            if (!begin_next(load, client))
                load->busy[i] = load->busy[--load->busy_count];
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
} percentiles[] = { { "p50", 500 }, { "p90", 900 }, { "p99", 990 },
                    { "max", 1000 } };

#define PERCENTILES (sizeof(percentiles) / sizeof(*percentiles))

static void print_json(const load_t *load, apr_time_t span)
{
    sw_line_t line;
    apr_size_t i;

    begin_json(load->tool, &line, 0);
    sw_line_number(&line, "sent", load->ended);
    sw_line_number(&line, "failed", load->failed);
    sw_line_ms(&line, "milliseconds", span);
    sw_line_number(&line, "per_second", per_second(load, load->start + span));
    if (load->ended > load->failed && sw_line_enter(&line, "latency_ms")) {
        for (i = 0; i < PERCENTILES; i++)
            sw_line_ms(&line, percentiles[i].name,
                       percentile(load, percentiles[i].of_thousand));
        sw_line_leave(&line);
    }
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
        say(tool, "%s%s %.3f%s", i ? "" : "milliseconds: ",
            percentiles[i].name,
            (double)percentile(load, percentiles[i].of_thousand) / 1000,
            i + 1 < PERCENTILES ? " " : "\n");
    for (i = 0; i < 1000; i++) {
        if (load->by_status[i])
            say(tool, "status %d: %ld\n", (int)i, load->by_status[i]);
    }
    if (load->failed)
        say(tool, "no answer: %ld (%s)\n", load->failed, load->failure);
    if (load->ended < tool->load)
        say(tool, "not sent, or not waited for: %ld%s%s\n",
            tool->load - load->ended, load->failure ? ", the last fault: " : "",
            load->failure ? load->failure : "");
}

static int all_were_right(const load_t *load)
{
    long right = 0;
    int i;

    for (i = 200; i < 300; i++)
        right += load->by_status[i];
    return right == load->tool->load;
}

int run_load(tool_t *tool, const callback_t *callback,
             apr_sockaddr_t *address)
{
    load_t load = { .tool = tool, .first = callback };
    long n = tool->concurrency > 1 ? tool->concurrency : 1;
    apr_time_t span;
    long i;

    if (n > tool->load)
        n = tool->load;
    load.took = apr_pcalloc(tool->pool,
                            (apr_size_t)tool->load * sizeof(*load.took));
    load.clients = apr_pcalloc(tool->pool,
                               (apr_size_t)n * sizeof(*load.clients));
    load.busy = apr_pcalloc(tool->pool, (apr_size_t)n * sizeof(*load.busy));
    hold_signals();
    load.start = load.told = apr_time_now();
    for (i = 0; i < n; i++) {
        client_t *client = &load.clients[i];

        client->address = address;
        apr_pool_create(&client->pool, tool->pool);
        apr_pool_create(&client->round, tool->pool);
        if (begin_next(&load, client))
            load.busy[load.busy_count++] = client;
    }
    run_all(&load);
    span = apr_time_now() - load.start;
    for (i = 0; i < n; i++)
        client_close(&load.clients[i]);
    qsort(load.took, (size_t)(load.ended - load.failed), sizeof(*load.took),
          by_time);
    if (tool->is_json)
        print_json(&load, span);
    else
        print_text(&load, span);
    return all_were_right(&load) ? YES : NO;
}
