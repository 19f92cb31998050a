/* SPDX-License-Identifier: Apache-2.0 */
/* swhook send: one signed callback and its answer. */
#include <apr_strings.h>

#include "tool/tool.h"

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

static void print_json(tool_t *tool, const callback_t *callback,
                       const client_t *client, apr_time_t took)
{
    const reply_t *reply = &client->reply;
    sw_span_t body = sw_span_of(reply->kept, reply->kept_n);
    sw_line_t line;

    begin_json(tool, &line, strlen(callback->signed_url) + body.n + HEAD_MAX);
    sw_line_text(&line, "signed_url",
                 sw_span(without_credentials(tool->pool,
                                             callback->signed_url)));
    if (tool->event)
        sw_line_text(&line, "event", sw_span(tool->event));
    if (client->failure) {
        sw_line_text(&line, "failure", sw_span(client->failure));
        end_json(tool, &line);
        return;
    }
    sw_line_number(&line, "status", reply->message.status);
    sw_line_ms(&line, "milliseconds", took);
    sw_line_text(&line, "content_type",
                 sw_span(apr_table_get(reply->message.fields,
                                       "Content-Type")));
    sw_line_number(&line, "bytes", (apr_int64_t)reply->size);
    sw_line_text(&line, "body", body);
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
                       const client_t *client, apr_time_t took)
{
    const reply_t *reply = &client->reply;
    const char *type;

    if (client->failure) {
        apr_file_printf(tool->err, "swhook: %s: expected an answer: %s\n",
                        callback->authority, client->failure);
        return;
    }
    type = apr_table_get(reply->message.fields, "Content-Type");
    say(tool, "%d after %" APR_TIME_T_FMT ".%03d ms, %s, %" APR_UINT64_T_FMT
        " bytes, signed for %s\n", reply->message.status, took / 1000,
        (int)(took % 1000),
        type ? shown(tool->pool, sw_span(type)) : "no Content-Type",
        reply->size, without_credentials(tool->pool, callback->signed_url));
    print_body(tool, sw_span_of(reply->kept, reply->kept_n));
    if (reply->size > reply->kept_n)
        say(tool, "(the first 64 KiB of it)\n");
}

static int send_one(tool_t *tool, const callback_t *callback,
                    apr_sockaddr_t *address)
{
    client_t client = { .round = tool->pool, .address = address }, *one;
    apr_time_t took;

    one = &client;
    apr_pool_create(&client.pool, tool->pool);
    if (client_begin(&client, callback_bytes(tool, tool->pool, callback, 0),
                     apr_time_from_sec(tool->timeout), 1)) {
        while (!client_go_on(&client))
            client_wait(&one, 1);
    }
    took = apr_time_now() - client.begun;
    client_close(&client);
    if (tool->is_json)
        print_json(tool, callback, &client, took);
    else
        print_text(tool, callback, &client, took);
    return !client.failure && is_success(client.reply.message.status) ? YES
                                                                      : NO;
}

static int find_address(tool_t *tool, const callback_t *callback,
                        apr_sockaddr_t **address)
{
    const char *host = callback->host;
    apr_size_t n = strlen(host);

    if (*host == '[' && n > 2)
        host = apr_pstrmemdup(tool->pool, host + 1, n - 2);
    if (apr_sockaddr_info_get(address, host, APR_UNSPEC, callback->port, 0,
                              tool->pool))
        return expected(tool, callback->host, "a host that has an address");
    return YES;
}

int run_send(tool_t *tool)
{
    callback_t callback;
    apr_sockaddr_t *address;
    int status;

    if (tool->list)
        return print_kinds(tool);
    if (tool->count == 0)
        return expected(tool, "send", "a URL to send to");
    if (tool->concurrency && !tool->load)
        return expected(tool, "--concurrency", "--load beside it");
    if ((tool->event != NULL) == (tool->count > 1))
        return expected(tool, "send", "either --event KIND or a FILE with the "
                        "body");
    status = make_callback(tool, &callback);
    if (status == YES && callback.is_https)
        return expected(tool, tool->arguments[0], "http://, since swhook "
                        "speaks no TLS: send --as https://... to the server's "
                        "plain port, such as http://127.0.0.1/");
    if (status == YES)
        status = find_address(tool, &callback, &address);
    if (status != YES)
        return status;
    return tool->load ? run_load(tool, &callback, address)
                      : send_one(tool, &callback, address);
}
