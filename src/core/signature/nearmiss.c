/* SPDX-License-Identifier: Apache-2.0 */
/* See nearmiss.h. */
#include <apr_strings.h>

#include "core/signature/nearmiss.h"
#include "core/signature/headers.h"
#include "core/signature/url.h"
#include "core/signature/verdict.h"
#include "core/text/form.h"
#include "core/text/span.h"

typedef struct search_t {
    apr_pool_t *pool;
    const sw_policy_t *policy;
    const sw_request_t *request;
    const sw_hints_t *hints;
    sw_near_miss_t *near;
    sw_check_t own;     /* with the text that its scheme signs */
    sw_check_t other;   /* with the text that the other scheme signs */
    sw_check_t no_text; /* for the URL alone */
    apr_size_t left;    /* of SW_NEAR_BYTES */
    int any_project;    /* no key serves the project of the request */
} search_t;

/* Count the cost of one more digest. @return whether it may be made */
static int may_spend(search_t *s, const sw_url_t *url, sw_span_t text)
{
    apr_size_t cost = SW_NEAR_COST + url->origin.n + url->path.n + url->rest.n
                      + text.n;

    if (cost > s->left) {
        s->near->is_cut = 1;
        s->left = 0;
        return 0;
    }
    s->left -= cost;
    return 1;
}

/* Does any key that serves (with any_project: any at all) match? */
static int matches(search_t *s, const sw_url_t *url, const sw_check_t *check,
                   int any_project)
{
    int i;

    for (i = 0; i < s->policy->key_count; i++) {
        const sw_key_t *key = s->policy->keys[i];

        if (!any_project && !sw_key_serves(key, s->request->project))
            continue;
        if (!may_spend(s, url, check->text))
            return 0;
        if (sw_key_matches(key, url, check)) {
            s->near->key = key;
            s->near->matched_url = sw_url_shown(s->pool, url);
            return 1;
        }
    }
    return 0;
}

static void make_urls(const search_t *s, const sw_public_url_t *base,
                      sw_span_t target, sw_urls_t *urls)
{
    sw_url_parts_t parts = { base, 1, target,
                             apr_table_get(s->hints->fields,
                                           "Authorization") };

    sw_urls_make(s->pool, &parts, urls);
}

/* Does any key match a base with this target, in any spelling? */
static int matches_at(search_t *s, const sw_public_url_t *base,
                      sw_span_t target)
{
    sw_urls_t urls;
    int i;

    make_urls(s, base, target, &urls);
    for (i = 0; i < urls.count; i++) {
        if (matches(s, &urls.at[i], &s->own, s->any_project))
            return 1;
    }
    return 0;
}

/* Why a matching signature was refused. */
static sw_miss_e explain_right(const search_t *s, const sw_url_t *url)
{
    if (url->ends_in_host)
        return SW_MISS_ROOT;
    if (!sw_key_serves(s->near->key, s->request->project))
        return SW_MISS_PROJECT;
    return s->own.scheme == SW_SCHEME_FORM ? SW_MISS_TYPE : SW_MISS_SHA256;
}

/* The URL is right; something else is not. */
static sw_miss_e try_right_urls(search_t *s)
{
    int i, is_form = s->own.scheme == SW_SCHEME_FORM;

    for (i = 0; i < s->request->urls->count; i++) {
        const sw_url_t *url = &s->request->urls->at[i];

        if (is_form && s->request->body.n && matches(s, url, &s->no_text, 1))
            return SW_MISS_UNCOVERED;
        if (matches(s, url, &s->own, 1))
            return explain_right(s, url);
        if (matches(s, url, &s->other, 1))
            return SW_MISS_ENCODING;
    }
    return SW_MISS_NONE;
}

/* Is the SHA-256 field beside a right one in hex wrong? */
static int is_sha256_wrong(const search_t *s, const sw_url_t *url)
{
    const sw_signature_t *signature = s->request->signature;
    sw_check_t sha256 = { SW_SCHEME_SHA256, s->own.text, signature->sha256 };

    return s->own.scheme == SW_SCHEME_SHA1 && signature->has_sha256
           && !sw_key_matches(s->near->key, url, &sha256);
}

/* Would SignalWirePublicURL with this text, in this <Location>, make the
 * signature right? */
static int helps(const search_t *s, const char *text, const char *location)
{
    sw_public_url_t base;
    sw_urls_t urls;
    int i;

    if (sw_public_url_parse(s->pool, text, location, &base))
        return 0;
    make_urls(s, &base, s->hints->target, &urls);
    for (i = 0; i < urls.count; i++) {
        if (sw_may_follow(&urls.at[i], &s->own)
            && sw_key_matches(s->near->key, &urls.at[i], &s->own)) {
            s->near->is_sha256_wrong = is_sha256_wrong(s, &urls.at[i]);
            return 1;
        }
    }
    return 0;
}

static sw_span_t without_query(sw_span_t s)
{
    return sw_span_of(s.p, sw_span_find(s, '?'));
}

/* scheme://host[:port] of a URL. */
static sw_span_t origin_of(sw_span_t url)
{
    apr_size_t scheme = sw_span_find(url, ':') + 3;
    sw_span_t rest = sw_span_from(url, scheme);

    return sw_span_of(url.p, scheme + sw_span_find(rest, '/'));
}

/* The URL of a section with this path, if the rest of the path is the end of
 * the URL too; else NULL. */
static const char *map_location(const search_t *s, const char *location)
{
    sw_span_t url = sw_span(s->near->matched_url), section = sw_span(location);
    sw_span_t path = without_query(s->hints->target), rest;

    if (section.n && section.p[section.n - 1] == '/')
        section.n--;
    if (!sw_span_starts(path, section))
        return NULL;
    rest = sw_span_from(path, section.n);
    if (rest.n > url.n
        || !sw_span_equal(sw_span_from(url, url.n - rest.n), rest))
        return NULL;
    return apr_pstrmemdup(s->pool, url.p, url.n - rest.n);
}

/* Can a <Location> have this path without escapes? */
static int is_literal_path(const char *path)
{
    return strpbrk(path, "%*?[]~\\\"'<> ") == NULL;
}

/* Find the SignalWirePublicURL that helps: an origin, or one with a path in the
 * section of the block, or in a section for this path alone. */
static void advise_url(search_t *s)
{
    sw_near_miss_t *near = s->near;
    sw_span_t url = sw_span(near->matched_url);
    sw_span_t path = without_query(s->hints->target);
    const char *own = apr_pstrmemdup(s->pool, path.p, path.n);
    const char *locations[] = { s->hints->location,
                                is_literal_path(own) ? own : NULL };
    const char *text = apr_pstrmemdup(s->pool, url.p, origin_of(url).n);
    int i;

    if (near->origin.change && helps(s, text, NULL)) {
        near->public_url = text;
        return;
    }
    for (i = 0; i < 2; i++) {
        text = locations[i] ? map_location(s, locations[i]) : NULL;
        if (text && helps(s, text, locations[i])) {
            near->public_url = text;
            near->location = locations[i];
            return;
        }
    }
}

/* One origin with one target. */
static int try_pair(search_t *s, const sw_candidate_t *origin,
                    const sw_original_t *original)
{
    if (!s->left || !matches_at(s, &origin->base, original->target))
        return 0;
    s->near->miss = SW_MISS_URL;
    s->near->origin = *origin;
    s->near->original = *original;
    advise_url(s);
    return 1;
}

/* Another origin, then another target, then both. */
static int try_pairs(search_t *s)
{
    apr_array_header_t *origins = sw_origins_make(s->pool, s->hints);
    apr_array_header_t *targets = sw_targets_make(s->pool, s->hints->target,
                                                  s->hints->fields);
    const sw_candidate_t *origin = (const sw_candidate_t *)origins->elts;
    const sw_original_t *target = (const sw_original_t *)targets->elts;
    int right = 0, i, k;

    while (right < origins->nelts && !origin[right].change)
        right++;
    for (i = right; targets->nelts && i < origins->nelts; i++) {
        if (try_pair(s, &origin[i], &target[0]))
            return 1;
    }
    for (k = 1; k < targets->nelts; k++) {
        for (i = 0; i < right; i++) {
            if (try_pair(s, &origin[i], &target[k]))
                return 1;
        }
    }
    for (k = 1; k < targets->nelts; k++) {
        for (i = right; i < origins->nelts; i++) {
            if (try_pair(s, &origin[i], &target[k]))
                return 1;
        }
    }
    return 0;
}

const sw_near_miss_t *sw_near_miss(apr_pool_t *pool, const sw_policy_t *policy,
                                   const sw_request_t *request,
                                   const sw_hints_t *hints)
{
    const sw_signature_t *signature = request->signature;
    sw_span_t form = sw_form_signed(pool, request->body);
    int is_form = signature->kind == SW_SCHEME_FORM;
    search_t s = { .pool = pool, .policy = policy, .request = request,
                   .hints = hints, .left = SW_NEAR_BYTES };

    s.near = apr_pcalloc(pool, sizeof(*s.near));
    s.any_project = !sw_policy_serves(policy, request->project);
    s.no_text.scheme = signature->kind ? signature->kind : SW_SCHEME_SHA256;
    s.no_text.signature = signature->kind ? signature->text : signature->sha256;
    s.own = s.other = s.no_text;
    s.own.text = is_form ? form : request->body;
    s.other.text = is_form ? request->body : form;
    s.near->miss = try_right_urls(&s);
    if (!s.near->miss)
        try_pairs(&s);
    return s.near;
}
