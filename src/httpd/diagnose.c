/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the administrator should know of a refusal: the log line's end. It
 * never shows a key, an expected signature, a query or a body.
 */
#include <apr_strings.h>

#include "../core/explain.h"
#include "../shared/clock.h"
#include "verify.h"

#define SHOWN_MAX 256
#define BURST 5 /* diagnoses at once, for somebody who tries by hand */

apr_size_t sw_shown_length(sw_span_t target)
{
    apr_size_t n = sw_span_find(target, '?');

    return n < SHOWN_MAX ? n : SHOWN_MAX;
}

static const char *field(const sw_facts_t *f, const char *name)
{
    const char *value = apr_table_get(f->headers, name);

    return value ? apr_psprintf(f->scratch, "\"%.100s\"", value) : "absent";
}

/* The address that SignalWireTrustedProxy would have to name. */
static const char *peer_of(const request_rec *r)
{
    return sw_origin_connection(r)->client_ip;
}

static const char *diagnose_mismatch(const sw_facts_t *f)
{
    sw_clues_t clues = { 0 };
    sw_finding_t found = { .request = &f->request,
                           .key_count = f->dir->keys->nelts };

    if (!sw_clock_allows(f->dir->block->diagnosed, apr_time_from_sec(1),
                         BURST))
        return "; not diagnosed: each block has one diagnosis a second, and "
               "at most five at once";
    clues.bases = f->bases;
    clues.base_count = f->base_count;
    clues.target = f->target;
    clues.host = apr_table_get(f->headers, "Host");
    clues.https = strcmp(ap_http_scheme(f->initial), "https") == 0;
    clues.local_port = f->initial->connection->local_addr->port;
    (void)sw_forwarded_fields(f->headers, &clues.forwarded);
    if (!f->peer_trusted)
        found.proxy = peer_of(f->initial);
    found.miss = sw_near_miss(f->scratch,
                              (const sw_key_t *const *)f->dir->keys->elts,
                              f->dir->keys->nelts, &f->request, &f->signature,
                              &clues, &found.would, &found.key);
    return apr_pstrcat(f->scratch, "; ", sw_miss_explain(f->scratch, &found),
                       NULL);
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

/* SignalWire does not sign what it plays; the log line should say the way. */
static const char *media_hint(const sw_facts_t *f)
{
    const char *dot = f->r->filename ? strrchr(f->r->filename, '.') : NULL;

    if (!sw_is_get(f->record) || f->r->finfo.filetype != APR_REG
        || !dot || ap_strchr_c(dot, '/') || is_script(dot))
        return "";
    return apr_psprintf(f->scratch, "; SignalWire does not sign fetches of "
                        "media: if this is one, exempt the media of this "
                        "folder by a later <LocationMatch "
                        "\"^%s[^/]+[.]%s$\"> with <SignalWireWebhook> "
                        "SignalWireVerify off </SignalWireWebhook>",
                        ap_make_dirstr_parent(f->scratch, f->r->uri), dot + 1);
}

/* The usual case is a proxy in front that nobody has mentioned. */
static const char *explain_host(const sw_facts_t *f)
{
    sw_forwarded_t fields;
    int untrusted = sw_forwarded_fields(f->headers, &fields)
                    && !f->peer_trusted;

    return apr_psprintf(f->scratch, ": Host %s, X-Forwarded-Host %s%s; if one "
                        "of them is this server in public, set "
                        "SignalWirePublicURL%s%s, or ServerAlias",
                        field(f, "Host"), field(f, "X-Forwarded-Host"),
                        untrusted ? " of an untrusted peer" : "",
                        untrusted ? ", for a proxy of yours "
                                    "SignalWireTrustedProxy " : "",
                        untrusted ? peer_of(f->initial) : "");
}

static const char *explain_size(const sw_facts_t *f)
{
    const sw_body_t *body = &f->record->body;
    const char *limit = apr_psprintf(f->scratch, " of %" APR_SIZE_T_FMT
                                     " bytes", body->limit);

    return body->announced < 0 ? limit
           : apr_psprintf(f->scratch, "%s: it has %" APR_OFF_T_FMT " bytes",
                          limit, body->announced);
}

const char *sw_diagnose(const sw_facts_t *f, sw_verdict_e verdict)
{
    switch (verdict) {
    case SW_MISMATCH:
    case SW_NO_PROJECT_KEY:
        return diagnose_mismatch(f);
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
        return apr_psprintf(f->scratch, ", which SignalWirePublicURL "
                            "replaces: %.*s", (int)f->bases[0].prefix.n,
                            f->bases[0].prefix.p);
    case SW_FORWARDED:
        return apr_psprintf(f->scratch, ": X-Forwarded-Proto %s, "
                            "X-Forwarded-Host %s, X-Forwarded-Port %s, "
                            "Forwarded %s; set SignalWirePublicURL",
                            field(f, "X-Forwarded-Proto"),
                            field(f, "X-Forwarded-Host"),
                            field(f, "X-Forwarded-Port"),
                            field(f, "Forwarded"));
    case SW_TOO_LARGE:
        return explain_size(f);
    case SW_UNREADABLE:
        return "; it was broken off, stalled, or badly framed";
    default:
        return "";
    }
}
