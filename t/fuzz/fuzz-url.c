/* SPDX-License-Identifier: Apache-2.0 */
/*
 * URLs. The lines of an input: two arguments of SignalWirePublicURL, the
 * literal path of their section or "-", the request target, the field
 * Authorization or "-".
 */
#include "core/signature/url.h"
#include "fuzz.h"

static void check_origin(apr_pool_t *pool, const sw_origin_t *origin)
{
    const char *scheme = sw_origin_is_https(origin) ? "https" : "http";
    sw_span_t rest = sw_span_from(origin->plain, strlen(scheme));
    sw_span_t shorter = origin->plain, longer = origin->other, port;
    sw_origin_t again;

    HOLDS(sw_span_equal(origin->scheme, sw_span(scheme)));
    HOLDS(sw_span_starts(origin->plain, origin->scheme));
    HOLDS(sw_span_starts(rest, sw_span("://")));
    HOLDS(sw_span_equal(sw_span_from(rest, 3), origin->authority));
    HOLDS(origin->host.n
          && sw_span_starts(origin->authority, origin->host));
    HOLDS(strcspn(origin->authority.p, "/?#@ ") >= origin->authority.n);
    if (origin->other.n) {
        if (shorter.n > longer.n) {
            shorter = origin->other;
            longer = origin->plain;
        }
        port = sw_span_from(longer, shorter.n);
        HOLDS(sw_span_starts(longer, shorter));
        HOLDS(sw_span_equal(port, sw_span(sw_origin_is_https(origin)
                                              ? ":443" : ":80")));
    }
    HOLDS(sw_origin_make(pool, sw_origin_is_https(origin), origin->authority,
                         &again));
    HOLDS(sw_span_equal(again.plain, origin->plain));
    HOLDS(sw_span_equal(again.other, origin->other));
}

/* The origin that the URL begins with, credentials left out. */
static int begins_with(const sw_url_t *url, const sw_origin_t *origin)
{
    apr_size_t i, scheme = origin->scheme.n + 3;
    sw_span_t rest = sw_span_from(url->origin, scheme);
    sw_span_t login = sw_span_of(rest.p, sw_span_find(rest, '@'));

    if (!sw_span_starts(url->origin, sw_span_of(origin->plain.p, scheme)))
        return 0;
    if (login.n == rest.n)
        return sw_span_equal(url->origin, origin->plain)
               || (origin->other.n && sw_span_equal(url->origin,
                                                    origin->other));
    for (i = 0; i < login.n; i++)
        HOLDS(apr_isgraph(login.p[i]) && !strchr("/?#@[]\"", login.p[i]));
    rest = sw_span_from(rest, login.n + 1);
    return sw_span_equal(rest, origin->authority)
           || (origin->other.n
               && sw_span_equal(rest, sw_span_from(origin->other, scheme)));
}

static void check_url(apr_pool_t *pool, const sw_url_t *url,
                      const sw_url_parts_t *parts)
{
    sw_span_t target = parts->target;
    int i, found = 0;

    for (i = 0; i < parts->base_count; i++)
        found += begins_with(url, &parts->bases[i].origin);
    HOLDS(found);
    HOLDS(fuzz_within(url->rest, target));
    HOLDS(url->rest.p + url->rest.n == target.p + target.n
          || url->rest.n == 0);
    HOLDS(sw_span_equal(sw_target_query(url->rest), sw_target_query(target)));
    HOLDS(!url->ends_in_host || (url->path.n == 0 && url->rest.n == 0));
    HOLDS(url->ends_in_host || url->path.n || url->rest.n);
    HOLDS(strchr(sw_url_shown(pool, url), '?') == NULL);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    apr_pool_t *pool = fuzz_begin();
    sw_span_t input = sw_span_of((const char *)data, size), unparsed, target;
    const char *text[2], *location, *authorization;
    sw_public_url_t bases[2];
    sw_url_parts_t parts;
    sw_urls_t urls;
    int i, n = 0;

    text[0] = fuzz_line(pool, &input);
    text[1] = fuzz_line(pool, &input);
    location = fuzz_line(pool, &input);
    unparsed = sw_span(fuzz_line(pool, &input));
    authorization = fuzz_line(pool, &input);
    /* A path that no request has. */
    if (location && strchr(location, '?'))
        location = NULL;

    for (i = 0; i < 2; i++) {
        if (!text[i] || sw_public_url_parse(pool, text[i], location, &bases[n]))
            continue;
        check_origin(pool, &bases[n].origin);
        HOLDS(bases[n].path.n == 0 || location);
        n++;
    }
    target = sw_target(unparsed);
    HOLDS(fuzz_within(target, unparsed) || sw_span_equal(target, sw_span("/")));
    HOLDS(fuzz_within(sw_target_query(target), target));

    parts = (sw_url_parts_t){ bases, n, target, authorization };
    sw_urls_make(pool, &parts, &urls);
    HOLDS(urls.count <= 12 * n);
    HOLDS(urls.count == 0 || target.p[0] == '/');
    for (i = 0; i < urls.count; i++)
        check_url(pool, &urls.at[i], &parts);
    return fuzz_end(pool);
}
