/* SPDX-License-Identifier: Apache-2.0 */
/* swhook send: one signed callback and its answer. */
#include <apr_strings.h>

#include "tool/tool.h"

/* What is read of a reply, and what is shown of it. */
#define REPLY_MAX (16 * 1024 * 1024)
#define SHOWN_MAX 65536

static int is_success(int status)
{
    return status >= 200 && status < 300;
}

static int print_kinds(tool_t *tool)
{
    const sample_t *sample;
    sw_line_t line;

    begin_json(tool, &line, 8192);
    for (sample = samples; sample->event; sample++) {
        if (!tool->is_json)
            say(tool, "%s\n", sample->event);
        sw_line_text(&line, sample->event,
                     sw_span(sample->is_json ? "json" : "form"));
    }
    if (tool->is_json)
        end_json(tool, &line);
    else
        say(tool, "call.NAME\nvideo.NAME\n");
    return YES;
}

static const char *reply_field(const sw_exchange_t *exchange, const char *name)
{
    return apr_table_get(exchange->reply_fields, name);
}

static void print_json(tool_t *tool, const callback_t *callback,
                       const sw_exchange_t *exchange)
{
    sw_line_t line;

    begin_json(tool, &line,
               strlen(callback->signed_url) + exchange->reply_body.n
                   + SW_REPLY_HEAD_MAX);
    sw_line_text(&line, "signed_url",
                 sw_span(
                     without_credentials(tool->pool, callback->signed_url)));
    if (tool->event)
        sw_line_text(&line, "event", sw_span(tool->event));
    if (exchange->failure) {
        sw_line_text(&line, "failure", sw_span(exchange->failure));
        end_json(tool, &line);
        return;
    }
    sw_line_number(&line, "status", exchange->status);
    sw_line_ms(&line, "ms", exchange->took);
    sw_line_text(&line, "content_type",
                 sw_span(reply_field(exchange, "Content-Type")));
    if (reply_field(exchange, "Location"))
        sw_line_text(&line, "location",
                     sw_span(reply_field(exchange, "Location")));
    sw_line_number(&line, "bytes", (apr_int64_t)exchange->reply_size);
    sw_line_text(&line, "body", exchange->reply_body);
    end_json(tool, &line);
}

/* Line by line, since what an application answers has lines. */
static void print_body(tool_t *tool, sw_span_t body)
{
    while (body.n) {
        apr_size_t end = sw_span_find(body, '\n');
        sw_span_t line = sw_span_of(body.p, end);

        if (line.n && line.p[line.n - 1] == '\r')
            line.n--;
        say(tool, "%s\n", shown(tool->pool, line));
        body = sw_span_from(body, end + 1);
    }
}

static void print_text(tool_t *tool, const callback_t *callback,
                       const sw_exchange_t *exchange)
{
    const char *type, *location;

    if (exchange->failure) {
        apr_file_printf(tool->err, "swhook: %s: expected an answer: %s\n",
                        callback->authority,
                        shown(tool->pool, sw_span(exchange->failure)));
        return;
    }
    type = reply_field(exchange, "Content-Type");
    location = reply_field(exchange, "Location");
    say(tool,
        "%d after %" APR_TIME_T_FMT ".%03d ms, %s, %" APR_SIZE_T_FMT
        " bytes, signed for %s\n",
        exchange->status, exchange->took / 1000, (int)(exchange->took % 1000),
        type ? shown(tool->pool, sw_span(type)) : "no Content-Type",
        exchange->reply_size,
        without_credentials(tool->pool, callback->signed_url));
    if (location)
        say(tool, "Location: %s (not followed)\n",
            shown(tool->pool, sw_span(location)));
    print_body(tool, exchange->reply_body);
    if (exchange->reply_size > exchange->reply_body.n)
        say(tool, "(the first 64 KiB of it)\n");
}

static int send_one(tool_t *tool, sw_client_t *client,
                    const callback_t *callback)
{
    sw_exchange_t exchange = { .pool = tool->pool };

    fill_exchange(tool, callback, &exchange);
    if (sw_client_begin(client, &exchange)) {
        while (!sw_client_next(client, apr_time_from_sec(1)))
            ;
    }
    if (tool->is_json)
        print_json(tool, callback, &exchange);
    else
        print_text(tool, callback, &exchange);
    if (exchange.is_unusable)
        return USAGE;
    return !exchange.failure && is_success(exchange.status) ? YES : NO;
}

static sw_client_t *make_client(tool_t *tool)
{
    sw_client_limits_t limits = { apr_time_from_sec(tool->timeout), REPLY_MAX,
                                  tool->load ? 0 : SHOWN_MAX };

    return sw_client_make(tool->pool, &limits, tool->ca_file);
}

int run_send(tool_t *tool)
{
    sw_client_t *client;
    callback_t callback;
    int status;

    if (tool->list)
        return print_kinds(tool);
    client = make_client(tool);
    if (!client)
        return expected(tool, "send",
                        "a swhook that was built with libcurl; "
                        "this one was not");
    if (tool->count == 0)
        return expected(tool, "send", "a URL to send to");
    if (tool->concurrency && !tool->load)
        return expected(tool, "--concurrency", "--load beside it");
    if ((tool->event != NULL) == (tool->count > 1))
        return expected(tool, "send",
                        "either --event KIND or a FILE with the body");
    status = make_callback(tool, &callback);
    if (status != YES)
        return status;
    return tool->load ? run_load(tool, client, &callback)
                      : send_one(tool, client, &callback);
}
