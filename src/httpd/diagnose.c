/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the administrator should know of a refusal: the log line's end. It
 * never shows a key, an expected signature, a query or a body.
 */
#include <apr_atomic.h>
#include <apr_strings.h>

#include "module.h"

#define SHOWN_MAX 256

apr_size_t sw_shown_length(sw_span_t target)
{
    apr_size_t n = sw_span_find(target, '?');

    return n < SHOWN_MAX ? n : SHOWN_MAX;
}

/* All children share the clock of a block. */
int sw_first_in_second(const sw_block_t *block, apr_time_t time)
{
    volatile apr_uint32_t *clock = block->diagnosed;
    apr_uint32_t now = (apr_uint32_t)apr_time_sec(time);
    apr_uint32_t last = clock ? apr_atomic_read32(clock) : 0;

    if (!clock)
        return 1;
    return now > last && apr_atomic_cas32(clock, now, last) == last;
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

/* scheme://host[:port] of a URL, to be proposed as a public URL. */
static const char *origin_of(apr_pool_t *p, const char *url)
{
    const char *end = url ? strstr(url, "://") : NULL;

    end = end ? strpbrk(end + 3, "/?") : NULL;
    return end ? apr_pstrmemdup(p, url, (apr_size_t)(end - url)) : url;
}

static const char *explain_miss(const sw_facts_t *f, sw_miss_e miss,
                                const char *would, const sw_key_t *key)
{
    apr_pool_t *p = f->scratch;
    const char *origin = origin_of(p, would);

    switch (miss) {
    case SW_MISS_PROJECT:
        return apr_psprintf(p, "the key labelled project=%s made it, but the "
                            "request names project \"%.*s\": set "
                            "SignalWireSigningKey with that label, or with "
                            "none", sw_key_project(key),
                            (int)(f->request.project.n < 64
                                  ? f->request.project.n : 64),
                            sw_span_text(f->request.project));
    case SW_MISS_FORWARDED:
        return apr_psprintf(p, "it was made for %s, which the forwarded "
                            "fields name: if that is this server in public, "
                            "set SignalWirePublicURL %s%s%s", would, origin,
                            f->peer_trusted ? ""
                            : " or, for a proxy of yours, "
                              "SignalWireTrustedProxy ",
                            f->peer_trusted ? "" : peer_of(f->initial));
    case SW_MISS_HOST:
        return apr_psprintf(p, "it was made for %s, which Host names: if that "
                            "is this server in public, set "
                            "SignalWirePublicURL %s", would, origin);
    case SW_MISS_SCHEME:
    case SW_MISS_PORT:
        return apr_psprintf(p, "it was made for %s: set SignalWirePublicURL "
                            "%s", would, origin);
    case SW_MISS_SLASH:
        return apr_psprintf(p, "it was made for %s, a slash at the end of "
                            "the path more or less: set SignalWirePublicURL "
                            "to what SignalWire calls, or let SignalWire call "
                            "this path", would);
    case SW_MISS_ROOT:
        return apr_psprintf(p, "it was made for %s without a slash at its "
                            "end, which is safe for JSON only: let SignalWire "
                            "call %s/ (SignalWirePublicURL cannot help)",
                            would, would);
    case SW_MISS_QUERY:
        return "it was made for the same URL with its query parameters "
               "sorted: something between SignalWire and this server sorts "
               "or unsorts them; SignalWirePublicURL cannot help";
    case SW_MISS_TYPE:
        return apr_psprintf(p, "it is right for a form, but Content-Type is "
                            "%s and scheme B vouches for "
                            "application/x-www-form-urlencoded only "
                            "(SignalWireSignatureType form)",
                            field(f, "Content-Type"));
    case SW_MISS_UNCOVERED:
        return "it was made for the URL alone and vouches for no body: with "
               "scheme B that takes the parameters of a form, or bodySHA256 "
               "in the URL (SignalWireVerify off, and another guard, for what "
               "SignalWire does not sign)";
    case SW_MISS_SHA256:
        return "X-SignalWire-Signature is right, but the field "
               "X-SignalWire-SHA256-Signature beside it is wrong, and no "
               "SignalWireSignatureType accepts that: does something on the "
               "way rewrite header fields?";
    case SW_MISS_OTHER:
        return "it is the digest of the other scheme in this one's dress: no "
               "SignalWireSignatureType accepts it; was it copied from a "
               "form to JSON, or the reverse?";
    default:
        return NULL;
    }
}

static const char *diagnose_mismatch(const sw_facts_t *f)
{
    sw_clues_t clues = { 0 };
    const char *would = NULL, *text;
    const sw_key_t *key = NULL;
    sw_miss_e miss;

    if (!sw_first_in_second(f->dir->block, f->initial->request_time))
        return "; not diagnosed: one diagnosis a second for each block";
    clues.bases = f->bases;
    clues.base_count = f->base_count;
    clues.target = f->target;
    clues.host = apr_table_get(f->headers, "Host");
    clues.https = strcmp(ap_http_scheme(f->initial), "https") == 0;
    clues.local_port = f->initial->connection->local_addr->port;
    (void)sw_forwarded_fields(f->headers, &clues.forwarded);
    miss = sw_near_miss(f->scratch,
                        (const sw_key_t *const *)f->dir->keys->elts,
                        f->dir->keys->nelts, &f->request, &f->signature,
                        &clues, &would, &key);
    text = explain_miss(f, miss, would, key);
    return text ? apr_pstrcat(f->scratch, "; ", text, NULL)
           : apr_psprintf(f->scratch, "; expected a signature for %s by one "
                          "of %d key(s), no near miss found: is the key of "
                          "SignalWireSigningKey this project's, and is the "
                          "body as SignalWire sent it?",
                          sw_url_shown(f->scratch, &f->urls.at[0]),
                          f->dir->keys->nelts);
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

    if (f->initial->method_number != M_GET || f->r->finfo.filetype != APR_REG
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

const char *sw_diagnose(const sw_facts_t *f, sw_verdict_e verdict)
{
    switch (verdict) {
    case SW_MISMATCH:
    case SW_NO_PROJECT_KEY:
        return diagnose_mismatch(f);
    case SW_WRONG_TYPE:
        return apr_psprintf(f->scratch, ": it is one of type %s",
                            f->signature.kind == SW_SCHEME_NONE ? "sha256"
                            : sw_scheme_name(f->signature.kind));
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
        return apr_psprintf(f->scratch, " of %" APR_SIZE_T_FMT " bytes",
                            sw_dir_max_body(f->dir));
    case SW_UNREADABLE:
        return "; it was broken off, stalled, or badly framed";
    default:
        return "";
    }
}
