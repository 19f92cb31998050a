/* SPDX-License-Identifier: Apache-2.0 */
/* swhook send: one signed callback and its answer. */
#include <apr_strings.h>

#include "tool/tool.h"

#define SHOWN_MAX 65536 /* bytes of a reply's body */

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

static sw_span_t shown_body(const sw_exchange_t *exchange)
{
    return sw_span_of(exchange->reply, exchange->reply_size < SHOWN_MAX
                                           ? exchange->reply_size
                                           : SHOWN_MAX);
}

static void print_json(tool_t *tool, const callback_t *callback,
                       const sw_exchange_t *exchange)
{
    sw_line_t line;

    begin_json(tool, &line,
               strlen(callback->signed_url) + SHOWN_MAX + SW_REPLY_HEAD_MAX);
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
    sw_line_text(&line, "content_type", sw_span(exchange->type));
    if (exchange->location)
        sw_line_text(&line, "location", sw_span(exchange->location));
    sw_line_number(&line, "bytes", (apr_int64_t)exchange->reply_size);
    sw_line_text(&line, "body", shown_body(exchange));
    end_json(tool, &line);
}

/* Line by line, so that the ends of lines are not escaped. */
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
    if (exchange->failure) {
        apr_file_printf(tool->err, "swhook: %s: expected an answer: %s\n",
                        callback->authority,
                        shown(tool->pool, sw_span(exchange->failure)));
        return;
    }
    say(tool,
        "%d after %" APR_TIME_T_FMT ".%03d ms, %s, %" APR_SIZE_T_FMT
        " bytes, signed for %s\n",
        exchange->status, exchange->took / 1000, (int)(exchange->took % 1000),
        exchange->type ? shown(tool->pool, sw_span(exchange->type))
                       : "no Content-Type",
        exchange->reply_size,
        without_credentials(tool->pool, callback->signed_url));
    if (exchange->location)
        say(tool, "Location: %s (not followed)\n",
            shown(tool->pool, sw_span(exchange->location)));
    print_body(tool, shown_body(exchange));
    if (exchange->reply_size > SHOWN_MAX)
        say(tool, "(the first 64 KiB of it)\n");
}

typedef struct sending_t {
    tool_t *tool;
    const callback_t *callback;
} sending_t;

static int print_reply(void *data, sw_exchange_t *exchange)
{
    const sending_t *sending = data;

    if (sending->tool->is_json)
        print_json(sending->tool, sending->callback, exchange);
    else
        print_text(sending->tool, sending->callback, exchange);
    return 0;
}

static int send_one(tool_t *tool, const callback_t *callback)
{
    sending_t sending = { tool, callback };
    sw_client_t client = { .pool = tool->pool, .ca_file = tool->ca_file,
                           .timeout = tool->timeout, .next = print_reply,
                           .data = &sending };
    sw_exchange_t exchange = { .pool = tool->pool, .reply_room = SHOWN_MAX };

    exchange.reply = apr_palloc(tool->pool, SHOWN_MAX);
    fill_exchange(tool, callback, &exchange);
    sw_client_run(&client, &exchange, 1);
    if (exchange.is_unusable)
        return USAGE;
    return !exchange.failure && is_success(exchange.status) ? YES : NO;
}

int run_send(tool_t *tool)
{
    callback_t callback;
    int status;

    if (tool->list)
        return print_kinds(tool);
    if (!sw_client_is_built)
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
    return tool->load ? run_load(tool, &callback) : send_one(tool, &callback);
}
