/* SPDX-License-Identifier: Apache-2.0 */
/* swhook sign: the signature fields of a request, or a command to send it. */
#include <apr_strings.h>

#include "tool/tool.h"

/* In single quotes, for a shell. */
static const char *quoted(apr_pool_t *pool, const char *text)
{
    const char *result = "'", *quote;

    while ((quote = strchr(text, '\'')) != NULL) {
        result = apr_pstrcat(pool, result,
                             apr_pstrmemdup(pool, text,
                                            (apr_size_t)(quote - text)),
                             "'\\''", NULL);
        text = quote + 1;
    }
    return apr_pstrcat(pool, result, text, "'", NULL);
}

static void print_curl(tool_t *tool, const callback_t *callback)
{
    apr_pool_t *pool = tool->pool;

    /* -g and --path-as-is: curl sends the URL as it was signed. */
    say(tool, "curl -g --path-as-is -H 'X-SignalWire-Signature: %s'",
        callback->signature);
    if (callback->sha256)
        say(tool, " -H 'X-SignalWire-SHA256-Signature: %s'", callback->sha256);
    if (callback->type)
        say(tool, " -H %s --data-binary %s",
            quoted(pool,
                   apr_pstrcat(pool, "Content-Type: ", callback->type, NULL)),
            quoted(pool, apr_pstrcat(pool, "@", tool->arguments[1], NULL)));
    else if (!tool->as_get)
        say(tool, " -X POST");
    say(tool, " %s\n", quoted(pool, callback->signed_url));
}

static void print_json(tool_t *tool, const callback_t *callback)
{
    sw_line_t line;

    begin_json(tool, &line, strlen(callback->signed_url));
    sw_line_text(&line, "url",
                 sw_span(
                     without_credentials(tool->pool, callback->signed_url)));
    sw_line_text(&line, "scheme", sw_span(sw_scheme_name(callback->scheme)));
    sw_line_text(&line, "X-SignalWire-Signature", sw_span(callback->signature));
    if (callback->sha256)
        sw_line_text(&line, "X-SignalWire-SHA256-Signature",
                     sw_span(callback->sha256));
    end_json(tool, &line);
}

int run_sign(tool_t *tool)
{
    callback_t callback;
    int status = make_callback(tool, &callback);

    if (status != YES)
        return status;
    if (tool->as_curl && tool->is_json)
        return expected(tool, "sign", "either --curl or --json");
    if (tool->is_json) {
        print_json(tool, &callback);
    }
    else if (tool->as_curl) {
        print_curl(tool, &callback);
    }
    else {
        say(tool, "X-SignalWire-Signature: %s\n", callback.signature);
        if (callback.sha256)
            say(tool, "X-SignalWire-SHA256-Signature: %s\n", callback.sha256);
    }
    return YES;
}
