/* SPDX-License-Identifier: Apache-2.0 */
/* See nearmiss.h. */
#include <stdlib.h>

#include <apr_strings.h>

#include "nearmiss.h"

typedef struct search_t {
    apr_pool_t *pool;
    const sw_key_t *const *keys;
    int count;
    const sw_request_t *request;
    const sw_signature_t *signature;
    const sw_clues_t *clues;
    const char **would;
    const sw_key_t **key;
    sw_scheme_e claimed; /* what the signature looks like */
    sw_text_t own;       /* the text that its scheme signs */
    sw_text_t other;     /* the text that the other scheme signs */
} search_t;

/* Does any key that serves (with any_project: any at all) sign this? */
static int signs(search_t *s, const sw_url_t *url, const sw_text_t *text,
                 int any_project)
{
    sw_scheme_e scheme = s->claimed;
    sw_span_t expected = scheme == SW_SCHEME_SHA256 ? s->signature->sha256
                                                    : s->signature->text;
    int i;

    for (i = 0; i < s->count; i++) {
        if ((any_project || sw_key_serves(s->keys[i], s->request->project))
            && sw_signs(s->keys[i], url, text, scheme, expected)) {
            *s->key = s->keys[i];
            *s->would = sw_url_shown(s->pool, url);
            return 1;
        }
    }
    return 0;
}

/* The same for a whole list of bases with a target, in all spellings. */
static int verifies_at(search_t *s, const sw_public_url_t *bases, int n,
                       sw_span_t target)
{
    sw_urls_t urls;
    int i;

    sw_urls_make(s->pool, bases, n, target, NULL, &urls);
    for (i = 0; i < urls.count; i++) {
        if (signs(s, &urls.at[i], &s->own, 0))
            return 1;
    }
    return 0;
}

static int verifies_at_origin(search_t *s, const sw_origin_t *origin)
{
    sw_public_url_t base = { *origin, { NULL, 0 }, { NULL, 0 } };

    return verifies_at(s, &base, 1, s->clues->target);
}

static int try_forwarded(search_t *s)
{
    const sw_forwarded_t *f = &s->clues->forwarded;
    sw_origin_t origin;

    return (f->proto || f->host || f->port || f->forwarded)
           && sw_forwarded_origin(s->pool, f, s->clues->https, s->clues->host,
                                  &origin)
           && verifies_at_origin(s, &origin);
}

static int verifies_at_host(search_t *s, int https)
{
    sw_origin_t origin;

    return s->clues->host
           && sw_origin_make(s->pool, https, sw_span(s->clues->host), &origin)
           && verifies_at_origin(s, &origin);
}

static int try_host(search_t *s)
{
    return verifies_at_host(s, s->clues->https);
}

/* Each base with the origin changed as asked: the other scheme (port 0), or
 * the same scheme and another port (-1: none). */
static int try_origins(search_t *s, int swap_scheme, int port)
{
    int i;

    for (i = 0; i < s->clues->base_count; i++) {
        sw_public_url_t base = s->clues->bases[i];
        sw_origin_t *o = &base.origin;
        int https = sw_origin_is_https(o) != swap_scheme;
        const char *authority =
            port > 0 ? apr_psprintf(s->pool, "%.*s:%d", (int)o->host.n,
                                    o->host.p, port)
            : apr_psprintf(s->pool, "%.*s",
                           (int)(port < 0 ? o->host.n : o->authority.n),
                           o->authority.p);

        if (sw_origin_make(s->pool, https, sw_span(authority), o)
            && verifies_at(s, &base, 1, s->clues->target))
            return 1;
    }
    return 0;
}

/* https://host:8080 is a scheme and a port away from https://host. */
static int try_scheme(search_t *s)
{
    return try_origins(s, 1, 0) || try_origins(s, 1, -1)
           || verifies_at_host(s, !s->clues->https);
}

static int try_port(search_t *s)
{
    return try_origins(s, 0, -1) || try_origins(s, 0, s->clues->local_port);
}

static int try_slash(search_t *s)
{
    sw_span_t target = s->clues->target;
    apr_size_t path = sw_span_find(target, '?');
    int has = path && target.p[path - 1] == '/';
    const char *changed =
        apr_psprintf(s->pool, "%.*s%s%.*s", (int)(has ? path - 1 : path),
                     target.p, has ? "" : "/", (int)(target.n - path),
                     target.p + path);

    return verifies_at(s, s->clues->bases, s->clues->base_count,
                       sw_span(changed));
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The same target with the parameters of its query in order. */
static int try_query(search_t *s)
{
    const char *target = apr_pstrmemdup(s->pool, s->clues->target.p,
                                        s->clues->target.n);
    const char *question = strchr(target, '?');
    char *query, *part, *state = NULL;
    const char *parts[64];
    int i, n = 0;

    if (!question || !strchr(question, '&'))
        return 0;
    query = apr_pstrdup(s->pool, question + 1);
    for (part = apr_strtok(query, "&", &state); part && n < 64;
         part = apr_strtok(NULL, "&", &state))
        parts[n++] = part;
    if (part)
        return 0;
    qsort(parts, (size_t)n, sizeof(parts[0]), by_text);
    target = apr_pstrmemdup(s->pool, target, (apr_size_t)(question - target));
    for (i = 0; i < n; i++)
        target = apr_pstrcat(s->pool, target, i ? "&" : "?", parts[i], NULL);
    return verifies_at(s, s->clues->bases, s->clues->base_count,
                       sw_span(target));
}

/* A signature that is right, and yet it did not do: why? */
static sw_miss_e explain_right(const search_t *s, const sw_url_t *url)
{
    if (url->ends_in_host)
        return SW_MISS_ROOT;
    if (!sw_key_serves(*s->key, s->request->project))
        return SW_MISS_PROJECT;
    return s->claimed == SW_SCHEME_FORM ? SW_MISS_TYPE : SW_MISS_SHA256;
}

/* The URL was right; something else was not. */
static sw_miss_e try_right_urls(search_t *s)
{
    static const sw_text_t nothing;
    int i, is_form = s->claimed == SW_SCHEME_FORM;

    for (i = 0; i < s->request->urls->count; i++) {
        const sw_url_t *url = &s->request->urls->at[i];

        if (is_form && s->request->body.n && signs(s, url, &nothing, 1))
            return SW_MISS_UNCOVERED;
        if (signs(s, url, &s->own, 1))
            return explain_right(s, url);
        if (signs(s, url, &s->other, 1))
            return SW_MISS_OTHER;
    }
    return SW_MISS_NONE;
}

sw_miss_e sw_near_miss(apr_pool_t *pool, const sw_key_t *const *keys,
                       int count, const sw_request_t *request,
                       const sw_signature_t *signature,
                       const sw_clues_t *clues, const char **would,
                       const sw_key_t **key)
{
    static const struct {
        int (*matches)(search_t *s);
        sw_miss_e miss;
    } tries[] = {
        { try_forwarded, SW_MISS_FORWARDED }, { try_scheme, SW_MISS_SCHEME },
        { try_port, SW_MISS_PORT }, { try_host, SW_MISS_HOST },
        { try_slash, SW_MISS_SLASH }, { try_query, SW_MISS_QUERY }
    };
    sw_text_t raw = { request->body, NULL };
    sw_text_t form = { request->body, sw_form_sort(pool, request->body) };
    search_t s = { pool, keys, count, request, signature, clues, would, key,
                   signature->kind ? signature->kind : SW_SCHEME_SHA256,
                   raw, form };
    sw_miss_e miss;
    apr_size_t i;

    if (s.claimed == SW_SCHEME_FORM) {
        s.own = form;
        s.other = raw;
    }
    miss = try_right_urls(&s);
    for (i = 0; !miss && i < sizeof(tries) / sizeof(tries[0]); i++) {
        if (tries[i].matches(&s))
            miss = tries[i].miss;
    }
    if (!miss) {
        *would = NULL;
        *key = NULL;
    }
    return miss;
}
