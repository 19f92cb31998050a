/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignalWire follows a redirect as the reply to a webhook, but few are meant.
 * The log names the target and the likely reason.
 */
#include <apr_strings.h>
#include <apr_uri.h>

#include "httpd/reply/redirect.h"
#include "core/event/event.h"
#include "core/text/span.h"
#include "httpd/reply/reply.h"
#include "httpd/request/event.h"
#include "httpd/request/request.h"
#include "httpd/verify/diagnose.h"

static int is_login(const char *path)
{
    static const char *const words[] = { "login", "log-in", "signin",
                                         "sign-in", "sign_in", "/auth",
                                         "/sso", "/oauth" };
    apr_size_t i;

    for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (ap_strcasestr(path, words[i]))
            return 1;
    }
    return 0;
}

static const char *reason_of(request_rec *r, const apr_uri_t *to)
{
    const char *path = to->path ? to->path : "/";

    if (strcmp(path, apr_pstrcat(r->pool, r->uri, "/", NULL)) == 0)
        return "httpd or the application adds the slash of a folder: give "
               "SignalWire the URL with it";
    if (is_login(path))
        return "it looks like a login page: exempt this URL from the login";
    if (to->hostname && r->hostname
        && strcasecmp(to->hostname, r->hostname) != 0)
        return "another host: give SignalWire that URL";
    if (to->scheme && strcasecmp(to->scheme, ap_http_scheme(r)) != 0)
        return "another scheme: give SignalWire that URL, or tell the "
               "application that a proxy speaks TLS";
    return "give SignalWire the URL that it leads to";
}

/* The URL without the parts that may be secret: credentials and query. */
static const char *shown(request_rec *r, apr_uri_t *to)
{
    sw_span_t text;

    to->user = to->password = to->query = to->fragment = NULL;
    text = sw_span(apr_uri_unparse(r->pool, to, 0));
    return apr_pstrmemdup(r->pool, text.p, sw_shown_length(text));
}

int sw_redirect_note(request_rec *r)
{
    sw_record_t *record = sw_record_of(r);
    const request_rec *last = sw_last(r);
    const sw_event_t *event;
    const char *location;
    apr_uri_t to;

    if (!record || !record->block || record->ack
        || !sw_is_redirect(last->status))
        return DECLINED;
    event = sw_event_of(record);
    location = sw_header_out(last, "Location");
    if (!location || apr_uri_parse(r->pool, location, &to) != APR_SUCCESS)
        return DECLINED;
    ap_log_rerror(APLOG_MARK, APLOG_INFO, 0, r,
                  "SW0134: the reply to %s (%s) "
                  "is a redirect, status %d, to %s: %s. SignalWire follows at "
                  "most three, and a POST may lose its parameters",
                  event ? event->fields[SW_FIELD_EVENT].p : "a request",
                  record->block->name, last->status, shown(r, &to),
                  reason_of(r, &to));
    return DECLINED;
}
