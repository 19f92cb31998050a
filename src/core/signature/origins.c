/* SPDX-License-Identifier: Apache-2.0 */
/* See origins.h. */
#include <apr_strings.h>

#include "core/signature/origins.h"
#include "core/signature/forwarded.h"
#include "core/signature/url.h"
#include "core/text/span.h"

typedef struct list_t {
    apr_pool_t *pool;
    const sw_hints_t *hints;
    apr_array_header_t *found;
    const char *ports[3]; /* that may be the public one; NULL: unknown */
} list_t;

static void add_candidate(list_t *list, const sw_public_url_t *base,
                          sw_origin_change_e change, const char *field)
{
    sw_candidate_t *to;
    int i;

    for (i = 0; i < list->found->nelts; i++) {
        to = &APR_ARRAY_IDX(list->found, i, sw_candidate_t);
        if (sw_span_equal(to->base.origin.plain, base->origin.plain)
            && sw_span_equal(to->base.path, base->path))
            return;
    }
    to = apr_array_push(list->found);
    to->base = *base;
    to->change = change;
    to->field = field;
}

/* An origin that is not configured, so without a path: from a field, or Host
 * with the other scheme if field is NULL. */
static void add_origin(list_t *list, int https, sw_span_t authority,
                       const char *field)
{
    sw_public_url_t base = { 0 };

    if (sw_origin_make(list->pool, https, authority, &base.origin))
        add_candidate(list, &base, field ? SW_ORIGIN_HOST : SW_ORIGIN_SCHEME,
                      field);
}

static const char *field_of(const list_t *list, const char *name)
{
    return apr_table_get(list->hints->fields, name);
}

/* The n-th element of a list, without blanks; empty past its end. */
static sw_span_t list_element(const char *field, int n)
{
    sw_span_t rest = sw_span(field);

    while (n-- > 0)
        rest = sw_span_from(rest, sw_span_find(rest, ',') + 1);
    return sw_span_trim(sw_span_of(rest.p, sw_span_find(rest, ',')));
}

static sw_span_t with_port(list_t *list, sw_span_t host, const char *port)
{
    return sw_span(
        apr_psprintf(list->pool, "%.*s:%s", (int)host.n, host.p, port));
}

static void add_forwarded(list_t *list)
{
    const sw_hints_t *hints = list->hints;
    sw_public_url_t base = { 0 };
    sw_forwarded_t fields;

    if (sw_forwarded_read(hints->fields, &fields)
        && sw_forwarded_origin(list->pool, &fields, hints->https, &base.origin))
        add_candidate(list, &base, SW_ORIGIN_FORWARDED, NULL);
}

/* The ports of X-Forwarded-Port, of Host and of the listener. */
static void read_ports(list_t *list)
{
    sw_span_t port = list_element(field_of(list, "X-Forwarded-Port"), 0);
    const char *host = field_of(list, "Host");
    sw_origin_t origin;

    if (port.n && port.n <= 5)
        list->ports[0] = apr_pstrmemdup(list->pool, port.p, port.n);
    if (host && sw_origin_make(list->pool, 0, sw_span(host), &origin)
        && origin.authority.n > origin.host.n)
        list->ports[1] = origin.authority.p + origin.host.n + 1;
    if (list->hints->local_port)
        list->ports[2] = apr_itoa(list->pool, list->hints->local_port);
}

/* A base with another authority, its path kept. */
static void add_changed(list_t *list, const sw_public_url_t *from, int https,
                        sw_span_t authority)
{
    sw_public_url_t base = *from;

    if (sw_origin_make(list->pool, https, authority, &base.origin))
        add_candidate(list, &base,
                      https == sw_origin_is_https(&from->origin)
                          ? SW_ORIGIN_PORT
                          : SW_ORIGIN_SCHEME,
                      NULL);
}

/* Changes of scheme and of port, and of both: https://host:8080 and
 * http://host. */
static void add_schemes_and_ports(list_t *list, const sw_public_url_t *base)
{
    const sw_origin_t *o = &base->origin;
    int i, https, other = !sw_origin_is_https(o);

    add_changed(list, base, other, o->authority);
    add_changed(list, base, other, o->host);
    add_changed(list, base, !other, o->host);
    for (i = 0; i < 3; i++) {
        for (https = 1; list->ports[i] && https >= 0; https--)
            add_changed(list, base, https,
                        with_port(list, o->host, list->ports[i]));
    }
}

/* A host that a field names, by both schemes, as it is and with the ports. */
static void add_host(list_t *list, sw_span_t authority, const char *field)
{
    sw_origin_t origin;
    int https;

    if (!sw_origin_make(list->pool, 0, authority, &origin))
        return;
    for (https = 1; https >= 0; https--) {
        add_origin(list, https, authority, field);
        add_origin(list, https, origin.host, field);
        if (list->ports[0])
            add_origin(list, https,
                       with_port(list, origin.host, list->ports[0]), field);
    }
}

/* host= of the elements of a Forwarded field. */
static void add_forwarded_list(list_t *list)
{
    const char *field = field_of(list, "Forwarded");
    int i;

    for (i = 0; i < SW_ORIGINS_LISTED; i++) {
        sw_span_t part = list_element(field, i);
        sw_forwarded_t one = { .forwarded = apr_pstrmemdup(list->pool, part.p,
                                                           part.n) };
        sw_origin_t origin;

        if (one.forwarded && sw_forwarded_origin(list->pool, &one, 0, &origin))
            add_host(list, origin.authority, "Forwarded");
    }
}

/* Host as the connection has it, then by the other scheme. */
static void add_received(list_t *list)
{
    sw_span_t host = sw_span(field_of(list, "Host"));

    add_origin(list, !list->hints->https, host, NULL);
    add_origin(list, list->hints->https, host, "Host");
}

static void add_named(list_t *list)
{
    static const char *const names[] = {
        "X-Forwarded-Host", "X-Original-Host", "X-Host", "X-Forwarded-Server",
        "Host", NULL
    };
    static const char *const urls[] = { "X-Original-URL", "X-Original-URI",
                                        NULL };
    int i, k;

    for (i = 0; names[i]; i++) {
        const char *field = field_of(list, names[i]);
        int is_list = field && strchr(field, ',');

        for (k = 0; k < SW_ORIGINS_LISTED; k++)
            add_host(list, list_element(field, k),
                     is_list
                         ? apr_pstrcat(list->pool, names[i], " (a list)", NULL)
                         : names[i]);
    }
    for (i = 0; urls[i]; i++) {
        const char *host = field_of(list, urls[i]);

        host = host ? strstr(host, "://") : NULL;
        if (host)
            add_host(list, sw_span_of(host + 3, strcspn(host + 3, "/?")),
                     urls[i]);
    }
    add_forwarded_list(list);
}

apr_array_header_t *sw_origins_make(apr_pool_t *pool, const sw_hints_t *hints)
{
    list_t list = { pool, hints,
                    apr_array_make(pool, 16, sizeof(sw_candidate_t)),
                    { NULL, NULL, NULL } };
    int i;

    read_ports(&list);
    for (i = 0; i < hints->base_count; i++)
        add_candidate(&list, &hints->bases[i], SW_ORIGIN_EXPECTED, NULL);
    add_forwarded(&list);
    for (i = 0; i < hints->base_count; i++)
        add_schemes_and_ports(&list, &hints->bases[i]);
    add_received(&list);
    add_named(&list);
    for (i = 0; i < hints->base_count; i++) {
        if (hints->bases[i].path.n) {
            sw_public_url_t base = { hints->bases[i].origin, { NULL, 0 },
                                     { NULL, 0 } };

            add_candidate(&list, &base, SW_ORIGIN_PATH, NULL);
        }
    }
    return list.found;
}
