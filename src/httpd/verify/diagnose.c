/* SPDX-License-Identifier: Apache-2.0 */
/* See diagnose.h. */
#include <apr_fnmatch.h>
#include <apr_strings.h>
#include <http_main.h>

#include "httpd/verify/diagnose.h"
#include "core/signature/explain.h"
#include "core/signature/forwarded.h"
#include "core/signature/headers.h"
#include "core/signature/nearmiss.h"
#include "core/signature/origins.h"
#include "core/signature/signature.h"
#include "core/text/form.h"
#include "httpd/config/sections.h"
#include "httpd/config/settings.h"
#include "httpd/request/body.h"
#include "httpd/request/event.h"
#include "httpd/request/request.h"
#include "httpd/verify/origin.h"
#include "store/clock.h"

#define SHOWN_MAX 256
#define BURST 5 /* diagnoses at once, enough for tests by hand */

apr_size_t sw_shown_length(sw_span_t target)
{
    apr_size_t n = sw_span_find(target, '?');

    return n < SHOWN_MAX ? n : SHOWN_MAX;
}

static const char *field(const sw_verify_context_t *f, const char *name)
{
    const char *value = apr_table_get(f->headers, name);

    return value ? apr_psprintf(f->scratch, "\"%.100s\"", value) : "absent";
}

/* The address of the peer, as SignalWireTrustedProxy has to name it. */
static const char *peer_of(const request_rec *r)
{
    return sw_origin_connection(r)->client_ip;
}

/* The path of the literal <Location> around the block, or NULL. */
static const char *location_of(const sw_verify_context_t *f)
{
    const char *path = sw_block_location(f->scratch, f->dir->block);

    return path && !apr_fnmatch_test(path) ? path : NULL;
}

/* The rate limit of the block at this server. Each server has its own, even for
 * an inherited block: a flood at one server mutes no other. */
static volatile apr_uint32_t *limit_of(const sw_verify_context_t *f)
{
    volatile apr_uint32_t *limit = f->dir->block->diagnoses;
    const server_rec *s = ap_server_conf;

    for (; limit && s && s != f->initial->server; s = s->next)
        limit += f->dir->block->is_inherited;
    return s ? limit : NULL;
}

static const char *diagnose_mismatch(const sw_verify_context_t *f)
{
    sw_hints_t hints = { .bases = f->bases, .base_count = f->base_count,
                         .target = f->target, .location = location_of(f),
                         .fields = f->headers };
    sw_finding_t found = { .request = &f->request,
                           .key_count = f->policy.key_count };

    if (!sw_clock_allows(limit_of(f), apr_time_from_sec(1), BURST))
        return "; not diagnosed: each block has one diagnosis a second, and "
               "at most five at once";
    hints.https = strcmp(ap_http_scheme(f->initial), "https") == 0;
    hints.local_port = f->initial->connection->local_addr->port;
    if (!f->peer_trusted)
        found.proxy = peer_of(f->initial);
    found.near = sw_near_miss(f->scratch, &f->policy, &f->request, &hints);
    return apr_pstrcat(f->scratch, "; ", sw_miss_explain(f->scratch, &found),
                       NULL);
}

/* Does the URL contain the secret without percent-encoding? */
static int is_unescaped(const sw_secret_t *secret, sw_span_t encoded)
{
    int i;

    for (i = 0; i < secret->values->nelts; i++) {
        if (sw_secret_equal(APR_ARRAY_IDX(secret->values, i, sw_span_t),
                            encoded))
            return 1;
    }
    return 0;
}

static const char *explain_secret(const sw_verify_context_t *f)
{
    const sw_secret_t *secret = f->dir->verify.secret;
    sw_span_t encoded;
    apr_size_t count = sw_form_find(f->request.query, sw_span(secret->name),
                                    &encoded);
    const char *fault = count == 0       ? "is missing"
                        : count > 1      ? "came more than once"
                        : encoded.n == 0 ? "is empty"
                        : is_unescaped(secret, encoded)
                            ? "is not percent-encoded: write + as %2B, % as %25"
                            : "is wrong";

    return apr_psprintf(f->scratch, ": parameter %.64s %s", secret->name,
                        fault);
}

/* The status of the failed read tells the cause. */
static const char *explain_unreadable(const sw_verify_context_t *f)
{
    switch (f->record->body.status) {
    case HTTP_REQUEST_ENTITY_TOO_LARGE:
        return "; it is larger than LimitRequestBody";
    case HTTP_REQUEST_TIME_OUT:
        return "; it stalled for longer than Timeout or RequestReadTimeout "
               "allow";
    case AP_FILTER_ERROR: /* httpd has answered already */
        return "; httpd found it larger than LimitRequestBody, or badly framed";
    default:
        return "; it was broken off, stalled, or badly framed";
    }
}

static int is_script(const char *dot)
{
    static const char *const scripts[] = { ".php", ".cgi", ".pl", ".py",
                                           ".shtml", NULL };
    int i;

    for (i = 0; scripts[i]; i++) {
        if (strcasecmp(dot, scripts[i]) == 0)
            return 1;
    }
    return 0;
}

/* SignalWire does not sign fetches of media: show how to exempt them. */
static const char *media_hint(const sw_verify_context_t *f)
{
    const char *dot = f->r->filename ? strrchr(f->r->filename, '.') : NULL;

    if (!sw_is_get(f->record) || f->r->finfo.filetype != APR_REG || !dot
        || ap_strchr_c(dot, '/') || is_script(dot))
        return "";
    return apr_psprintf(f->scratch,
                        "; SignalWire does not sign fetches of "
                        "media: if this is one, exempt the media of this "
                        "folder by a later <LocationMatch "
                        "\"^%s[^/]+[.]%s$\"> with <SignalWireWebhook> "
                        "SignalWireVerify off </SignalWireWebhook>",
                        ap_make_dirstr_parent(f->scratch, f->r->uri), dot + 1);
}

/* The usual cause is a proxy that the configuration does not name. */
static const char *explain_host(const sw_verify_context_t *f)
{
    sw_forwarded_t fields;
    int untrusted = sw_forwarded_read(f->headers, &fields) && !f->peer_trusted;
    const char *original = apr_table_get(f->headers, "X-Original-Host");

    return apr_psprintf(f->scratch,
                        ": Host %s, X-Forwarded-Host %s%s%s%s; if "
                        "one of them is this server in public, set "
                        "SignalWirePublicURL%s%s, or ServerAlias",
                        field(f, "Host"), field(f, "X-Forwarded-Host"),
                        untrusted ? " of an untrusted peer" : "",
                        original ? ", X-Original-Host " : "",
                        original ? field(f, "X-Original-Host") : "",
                        untrusted ? ", for a proxy of yours "
                                    "SignalWireTrustedProxy "
                                  : "",
                        untrusted ? peer_of(f->initial) : "");
}

static const char *explain_size(const sw_verify_context_t *f)
{
    const sw_body_t *body = &f->record->body;
    const char *limit = apr_psprintf(f->scratch,
                                     " of %" APR_SIZE_T_FMT " bytes",
                                     body->limit);

    return body->announced < 0
               ? limit
               : apr_psprintf(f->scratch, "%s: it has %" APR_OFF_T_FMT " bytes",
                              limit, body->announced);
}

const char *sw_diagnose(const sw_verify_context_t *f, sw_verdict_e verdict)
{
    switch (verdict) {
    case SW_MALFORMED:
        return apr_pstrcat(f->scratch, ": ",
                           sw_signature_fault(f->scratch, &f->signature), NULL);
    case SW_MISMATCH:
        return diagnose_mismatch(f);
    case SW_NO_PROJECT_KEY:
        return apr_pstrcat(f->scratch, ": ",
                           sw_project_explain(f->scratch, &f->request),
                           diagnose_mismatch(f), NULL);
    case SW_WRONG_TYPE:
        return apr_pstrcat(f->scratch, ": ",
                           sw_type_explain(f->scratch, &f->signature), NULL);
    case SW_NO_SIGNATURE:
        return media_hint(f);
    case SW_UNKNOWN_HOST:
        return explain_host(f);
    case SW_NO_PREFIX:
        if (f->bases[0].prefix.n == 0)
            return ""; /* a target without a path, such as http://host?query */
        return apr_psprintf(f->scratch,
                            ", which the path of the directive replaces: %.*s",
                            (int)f->bases[0].prefix.n, f->bases[0].prefix.p);
    case SW_FORWARDED:
        return apr_psprintf(f->scratch,
                            ": X-Forwarded-Proto %s, "
                            "X-Forwarded-Host %s, X-Forwarded-Port %s, "
                            "Forwarded %s; set SignalWirePublicURL",
                            field(f, "X-Forwarded-Proto"),
                            field(f, "X-Forwarded-Host"),
                            field(f, "X-Forwarded-Port"),
                            field(f, "Forwarded"));
    case SW_TOO_LARGE:
        return explain_size(f);
    case SW_BODY_HASH:
        return apr_pstrcat(f->scratch, ": ", sw_hash_explain(&f->request),
                           NULL);
    case SW_BAD_SECRET:
        return explain_secret(f);
    case SW_UNREADABLE:
        return explain_unreadable(f);
    default:
        return "";
    }
}
