/* SPDX-License-Identifier: Apache-2.0 */
/* See forwarded.h. The caller decides whether to trust the peer. */
#include <apr_strings.h>

#include "core/signature/forwarded.h"
#include "core/text/span.h"

int sw_forwarded_read(const apr_table_t *header, sw_forwarded_t *fields)
{
    fields->proto = apr_table_get(header, "X-Forwarded-Proto");
    fields->host = apr_table_get(header, "X-Forwarded-Host");
    fields->port = apr_table_get(header, "X-Forwarded-Port");
    fields->forwarded = apr_table_get(header, "Forwarded");
    fields->own_host = apr_table_get(header, "Host");
    return fields->proto || fields->host || fields->port || fields->forwarded;
}

/* 1 https, 0 http, -1 anything else */
static int read_scheme(sw_span_t s)
{
    if (sw_span_equal_nocase(s, sw_span("https")))
        return 1;
    return sw_span_equal_nocase(s, sw_span("http")) ? 0 : -1;
}

/*
 * The value of one "name=value" of a Forwarded field, quotes taken off.
 * Escapes in quotes are not undone: no scheme or host needs any, and with a
 * backslash left in it the value is refused.
 */
static int read_element(sw_span_t element, sw_span_t *name, sw_span_t *value)
{
    apr_size_t equals = sw_span_find(element, '=');

    if (equals == element.n)
        return 0;
    *name = sw_span_trim(sw_span_of(element.p, equals));
    *value = sw_span_trim(sw_span_from(element, equals + 1));
    if (value->n >= 2 && value->p[0] == '"' && value->p[value->n - 1] == '"')
        *value = sw_span_of(value->p + 1, value->n - 2);
    return 1;
}

/* proto and host of a Forwarded field, each at most once. */
static int read_forwarded(const char *field, sw_span_t *proto, sw_span_t *host)
{
    sw_span_t rest = sw_span(field), name, value;

    if (sw_span_find(rest, ',') < rest.n)
        return 0;
    while (rest.n) {
        apr_size_t n = sw_span_find(rest, ';');
        sw_span_t *to = NULL;

        if (!read_element(sw_span_of(rest.p, n), &name, &value))
            return 0;
        if (sw_span_equal_nocase(name, sw_span("proto")))
            to = proto;
        else if (sw_span_equal_nocase(name, sw_span("host")))
            to = host;
        if (to && to->p)
            return 0;
        if (to)
            *to = value;
        rest = sw_span_from(rest, n + 1);
    }
    return 1;
}

/* Put the forwarded port to the authority; 0 if they contradict each other. */
static int add_port(apr_pool_t *pool, sw_span_t port, int https,
                    sw_origin_t *origin)
{
    sw_span_t have = sw_span_from(origin->authority, origin->host.n);
    const char *authority;

    if (have.n)
        return sw_span_equal(sw_span_from(have, 1), port);
    if (sw_span_equal(port, sw_span(https ? "80" : "443")))
        return 0;
    if (sw_span_equal(port, sw_span(https ? "443" : "80")))
        return 1;
    authority = apr_psprintf(pool, "%.*s:%.*s", (int)origin->host.n,
                             origin->host.p, (int)port.n, port.p);
    return sw_origin_make(pool, https, sw_span(authority), origin);
}

int sw_forwarded_origin(apr_pool_t *pool, const sw_forwarded_t *fields,
                        int https, sw_origin_t *origin)
{
    sw_span_t proto = sw_span(fields->proto), name = sw_span(fields->host);

    if (fields->forwarded && !fields->proto && !fields->host && !fields->port
        && !read_forwarded(fields->forwarded, &proto, &name))
        return 0;
    if (proto.p) {
        https = read_scheme(sw_span_trim(proto));
        if (https < 0)
            return 0;
    }
    if (!name.p)
        name = sw_span(fields->own_host);
    if (!sw_origin_make(pool, https, sw_span_trim(name), origin))
        return 0;
    return !fields->port
           || add_port(pool, sw_span_trim(sw_span(fields->port)), https,
                       origin);
}
