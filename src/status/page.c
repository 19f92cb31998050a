/* SPDX-License-Identifier: Apache-2.0 */
/* See page.h. */
#include <http_main.h>
#include <mod_core.h>
#include <mod_status.h>
#include <apr_strings.h>

#include "status/page.h"
#include "core/text/form.h"
#include "core/text/span.h"
#include "httpd/config/setters.h"
#include "httpd/config/settings.h"
#include "status/board.h"
#include "status/html.h"
#include "status/json_csv.h"
#include "status/prometheus.h"
#include "status_page.h"

#define RECORDS_MAX 100000

const char *sw_set_status_show(cmd_parms *cmd, void *dir, const char *arg)
{
    static const char *const words[] = { "masked", "full", NULL };

    /* At server level it would apply to a board that somebody makes in an
     * .htaccess file. */
    if (!cmd->path)
        return sw_expected(cmd, arg, "a section around it, that of the board");
    if (strcasecmp(arg, "masked") != 0 && strcasecmp(arg, "full") != 0)
        return sw_expected_of(cmd, arg, "masked or full", words);
    ((sw_dir_t *)dir)->show = strcasecmp(arg, "full") == 0 ? 1 : -1;
    return NULL;
}

const char *sw_set_status_size(cmd_parms *cmd, void *dir, const char *arg)
{
    const char *error = ap_check_cmd_context(cmd, GLOBAL_ONLY);
    apr_off_t n;

    (void)dir;
    if (error)
        return error;
    if (!ap_parse_strict_length(&n, arg) || n < 1 || n > RECORDS_MAX)
        return sw_expected(cmd, arg,
                           "a number of records from 1 to " APR_STRINGIFY(
                               RECORDS_MAX));
    sw_server_of(cmd->server)->records = (apr_uint32_t)n;
    return NULL;
}

/* The value of a parameter of the query: "" without one, NULL if it is not
 * there. */
static const char *query_value(request_rec *r, const char *name)
{
    sw_span_t value;

    return sw_form_find(sw_span(r->args), sw_span(name), &value)
               ? sw_form_decoded(r->pool, value).p
               : NULL;
}

/* Nothing but the style and the script in the page, by their hashes. */
static const char policy[] =
    "default-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; connect-src 'self'; "
    "style-src " SW_STATUS_CSS_SOURCE "; script-src " SW_STATUS_JS_SOURCE;

static void show_page(request_rec *r, const sw_board_t *board)
{
    apr_table_setn(r->headers_out, "Content-Security-Policy", policy);
    ap_set_content_type(r, "text/html; charset=utf-8");
    ap_rputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset="
             "\"utf-8\">\n<title>SignalWire</title>\n<meta name=\"viewport\" "
             "content=\"width=device-width, initial-scale=1\">\n<meta name="
             "\"robots\" content=\"noindex\">\n<noscript><meta http-equiv="
             "\"refresh\" content=\"10\"></noscript>\n<style>",
             r);
    ap_rputs(sw_status_css, r);
    ap_rputs("</style>\n</head>\n<body>\n<main>\n", r);
    sw_html_write(r, board);
    ap_rputs("</main>\n<script>", r);
    ap_rputs(sw_status_js, r);
    ap_rputs("</script>\n</body>\n</html>\n", r);
}

/* Hook status_hook of mod_status: a line on its page, or two with ?auto. */
static int show_line(request_rec *r, int flags)
{
    const sw_board_t *board = sw_board_read(r->pool, r->server, 0);
    const apr_uint64_t *n = board ? board->total.n : NULL;

    if (!n)
        return DECLINED;
    if (flags & AP_STATUS_SHORT)
        ap_rprintf(r,
                   "SignalWireRequests: %" APR_UINT64_T_FMT
                   "\nSignalWireRefused: %" APR_UINT64_T_FMT "\n",
                   n[SW_COUNT_REQUESTS], n[SW_COUNT_REFUSED]);
    else
        ap_rprintf(r,
                   "<hr />\n<h2>SignalWire</h2>\n<p>%" APR_UINT64_T_FMT
                   " requests, %" APR_UINT64_T_FMT
                   " verified, %" APR_UINT64_T_FMT
                   " refused, %" APR_UINT64_T_FMT " repeats, %" APR_UINT64_T_FMT
                   " later than 5 s</p>\n",
                   n[SW_COUNT_REQUESTS], n[SW_COUNT_VERIFIED],
                   n[SW_COUNT_REFUSED], n[SW_COUNT_REPEATS], n[SW_COUNT_SLOW]);
    return OK;
}

void sw_board_register_status(void)
{
    APR_OPTIONAL_HOOK(ap, status_hook, show_line, NULL, NULL, APR_HOOK_MIDDLE);
}

static int show_csv(request_rec *r, const sw_board_t *board, const char *table)
{
    sw_filter_t filter = { query_value(r, "status"),
                           query_value(r, "webhook") };

    if (strcmp(table, "messages") == 0)
        sw_csv_write(r, board, &board->messages, &filter);
    else if (strcmp(table, "calls") == 0)
        sw_csv_write(r, board, &board->calls, &filter);
    else
        return HTTP_BAD_REQUEST;
    return OK;
}

/* A handler that only an .htaccess file or a rewrite rule sets is not known
 * when httpd starts. */
static int show_nothing(request_rec *r)
{
    const char *why = sw_has_blocks(ap_server_conf)
                          ? "SignalWireStatusSize, or a section of the "
                            "configuration with SetHandler signalwire-status, "
                            "makes httpd count"
                          : "this httpd has no <SignalWireWebhook> block";

    ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r,
                  "SW0133: nothing is counted that the board could show: %s",
                  why);
    ap_custom_response(r, HTTP_SERVICE_UNAVAILABLE,
                       apr_pstrcat(r->pool, "Nothing is counted: ",
                                   ap_escape_html(r->pool, why), ".\n", NULL));
    return HTTP_SERVICE_UNAVAILABLE;
}

int sw_board_handler(request_rec *r)
{
    const sw_dir_t *dir = ap_get_module_config(r->per_dir_config,
                                               &signalwire_module);
    sw_board_t *board;
    int for_prometheus;
    const char *csv;

    if (!r->handler || strcmp(r->handler, "signalwire-status") != 0)
        return DECLINED;
    ap_allow_standard_methods(r, REPLACE_ALLOW, M_GET, M_OPTIONS, -1);
    if (r->method_number == M_OPTIONS)
        return ap_send_http_options(r);
    if (r->method_number != M_GET)
        return HTTP_METHOD_NOT_ALLOWED;
    for_prometheus = query_value(r, "prometheus") != NULL;
    board = sw_board_read(r->pool, r->server, !for_prometheus);
    if (!board)
        return show_nothing(r);
    board->is_full = dir && dir->show > 0;
    apr_table_setn(r->headers_out, "Cache-Control", "no-store");
    apr_table_setn(r->headers_out, "X-Content-Type-Options", "nosniff");
    apr_table_setn(r->headers_out, "Referrer-Policy", "no-referrer");
    csv = query_value(r, "csv");
    if (for_prometheus)
        sw_prometheus_write(r, board);
    else if (csv)
        return show_csv(r, board, csv);
    else if (query_value(r, "json"))
        sw_json_write(r, board);
    else
        show_page(r, board);
    return OK;
}
