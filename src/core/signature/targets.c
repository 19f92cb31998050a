/* SPDX-License-Identifier: Apache-2.0 */
/* See targets.h. */
#include <stdlib.h>

#include "core/signature/targets.h"
#include "core/text/form.h"
#include "core/text/recode.h"

typedef struct list_t {
    apr_pool_t *pool;
    apr_array_header_t *found;
    sw_span_t path, query; /* of the target received */
    int has_query;
} list_t;

static void add_distinct(list_t *list, const sw_original_t *original)
{
    sw_span_t target = original->target;
    int i;

    if (target.n == 0 || target.p[0] != '/'
        || list->found->nelts == SW_TARGETS_MAX)
        return;
    for (i = 0; i < list->found->nelts; i++) {
        if (sw_span_equal(target,
                          APR_ARRAY_IDX(list->found, i, sw_original_t).target))
            return;
    }
    APR_ARRAY_PUSH(list->found, sw_original_t) = *original;
}

static sw_span_t concat(apr_pool_t *pool, sw_span_t a, const char *between,
                        sw_span_t b)
{
    apr_size_t n = strlen(between);
    char *text = apr_palloc(pool, a.n + n + b.n + 1);

    if (a.n)
        memcpy(text, a.p, a.n);
    memcpy(text + a.n, between, n);
    if (b.n)
        memcpy(text + a.n + n, b.p, b.n);
    return sw_span_of(text, a.n + n + b.n);
}

static sw_span_t append_query(const list_t *list, sw_span_t path,
                              sw_span_t query)
{
    return concat(list->pool, path, list->has_query ? "?" : "", query);
}

static void add_target(list_t *list, sw_span_t target, sw_change_e change)
{
    sw_original_t original = { target, change, NULL, 0, 0 };

    add_distinct(list, &original);
}

static void add_path(list_t *list, sw_span_t path, const char *field)
{
    sw_original_t original = { path, SW_CHANGE_PATH, field, 0, 0 };

    if (path.n <= SW_TARGET_MAX)
        add_distinct(list, &original);
}

/* The field is a list if a second proxy has added to it. */
static void add_prefixes(list_t *list, const apr_table_t *fields)
{
    static const char name[] = "X-Forwarded-Prefix";
    sw_span_t rest = sw_span(apr_table_get(fields, name));
    int i;

    for (i = 0; i < 4 && rest.n; i++) {
        sw_span_t prefix = sw_span_of(rest.p, sw_span_find(rest, ','));

        rest = sw_span_from(rest, prefix.n + 1);
        prefix = sw_span_trim(prefix);
        while (prefix.n && prefix.p[prefix.n - 1] == '/')
            prefix.n--;
        add_path(list,
                 concat(list->pool, prefix, "",
                        append_query(list, list->path, list->query)),
                 name);
    }
}

/* Fields in which nginx, IIS, Envoy, Traefik, Caddy and Kong keep the target
 * received: with its query, or the path alone; some with the host too. */
static void add_originals(list_t *list, const apr_table_t *fields)
{
    static const char *const names[] = {
        "X-Original-URI", "X-Original-URL", "X-Rewrite-URL",
        "X-Envoy-Original-Path", "X-Forwarded-Uri", "X-Forwarded-Path", NULL
    };
    int i;

    for (i = 0; names[i]; i++) {
        sw_span_t value = sw_span(apr_table_get(fields, names[i]));
        apr_size_t host = sw_span_find(value, '/');

        if (host && sw_span_starts(sw_span_from(value, host), sw_span("//"))) {
            value = sw_span_from(value, host + 2);
            value = sw_span_from(value, sw_span_find(value, '/'));
        }
        add_path(list, value, names[i]);
        add_path(list,
                 append_query(list,
                              sw_span_of(value.p, sw_span_find(value, '?')),
                              list->query),
                 names[i]);
    }
}

static void add_slashes(list_t *list)
{
    sw_span_t path = list->path, changed = path;

    if (path.p[path.n - 1] == '/')
        changed.n--;
    else
        changed = concat(list->pool, path, "/", sw_span(NULL));
    add_target(list, append_query(list, changed, list->query), SW_CHANGE_SLASH);
    changed = sw_span_starts(path, sw_span("//"))
                  ? sw_span_from(path, 1)
                  : concat(list->pool, sw_span("/"), "", path);
    add_target(list, append_query(list, changed, list->query), SW_CHANGE_SLASH);
}

/* The segments of a query, empty ones left out. */
typedef struct segments_t {
    sw_span_t at[SW_TARGET_SORTED];
    int count;
} segments_t;

/* @return 0 if the query has more than max segments */
static int split(const list_t *list, int max, segments_t *segments)
{
    apr_size_t at = 0;
    sw_pair_t pair;

    segments->count = 0;
    while (sw_form_next(list->query, &at, &pair)) {
        const char *end = pair.value.p + pair.value.n;

        if (segments->count == max)
            return 0;
        segments->at[segments->count++] =
            sw_span_of(pair.name.p, (apr_size_t)(end - pair.name.p));
    }
    return 1;
}

/* The path and the segments, without count of them from index on. */
static sw_span_t join(const list_t *list, const segments_t *segments, int index,
                      int count)
{
    sw_span_t target = list->path;
    char *to = apr_palloc(list->pool, list->path.n + list->query.n + 2);
    apr_size_t used = target.n;
    int i;

    memcpy(to, target.p, target.n);
    for (i = 0; i < segments->count; i++) {
        sw_span_t segment = segments->at[i];

        if (i >= index && i < index + count)
            continue;
        to[used] = used == target.n ? '?' : '&';
        memcpy(to + used + 1, segment.p, segment.n);
        used += segment.n + 1;
    }
    return sw_span_of(to, used);
}

static void add_empty(list_t *list)
{
    segments_t segments;
    sw_span_t target, none = { NULL, 0 };

    if (!split(list, SW_TARGET_SORTED, &segments))
        return;
    target = join(list, &segments, 0, 0);
    add_target(list, target, SW_CHANGE_EMPTY);
    add_target(list,
               concat(list->pool, target, segments.count ? "&" : "?", none),
               SW_CHANGE_EMPTY);
}

static void add_without(list_t *list, const segments_t *segments, int index,
                        int count)
{
    sw_original_t original = { join(list, segments, index, count),
                               SW_CHANGE_PARAMETER, NULL, index + 1, count };

    add_distinct(list, &original);
}

/* Without one of the parameters, or without all up to one or from one on. */
static void add_fewer(list_t *list)
{
    segments_t segments;
    int n, i;

    if (!split(list, SW_TARGET_PARAMETERS, &segments))
        return;
    n = segments.count;
    for (i = n - 1; i >= 0; i--)
        add_without(list, &segments, i, 1);
    for (i = n - 2; i >= 0; i--)
        add_without(list, &segments, i, n - i);
    for (i = 2; i < n; i++)
        add_without(list, &segments, 0, i);
}

static int by_text(const void *a, const void *b)
{
    const sw_span_t *x = a, *y = b;
    apr_size_t n = x->n < y->n ? x->n : y->n;
    int order = memcmp(x->p, y->p, n);

    return order ? order : (x->n > y->n) - (x->n < y->n);
}

/* The n-th order of the segments; 0 keeps their order. */
static void reorder(const segments_t *segments, int n, segments_t *to)
{
    int i, count = segments->count;

    *to = *segments;
    for (i = 0; i < count; i++) {
        int k = i + n % (count - i);
        sw_span_t held = to->at[i];

        n /= count - i;
        to->at[i] = to->at[k];
        to->at[k] = held;
    }
}

/* The parameters sorted; up to four of them in every order. */
static void add_orders(list_t *list)
{
    segments_t segments, arranged;
    int i, orders;

    if (!split(list, SW_TARGET_SORTED, &segments) || segments.count < 2)
        return;
    orders = segments.count > 4 ? 1 : 24;
    qsort(segments.at, (size_t)segments.count, sizeof(*segments.at), by_text);
    for (i = 0; i < orders; i++) {
        reorder(&segments, i, &arranged);
        add_target(list, join(list, &arranged, 0, 0), SW_CHANGE_ORDER);
    }
}

/* The query, the path, or both, encoded by another rule. */
static void add_encodings(list_t *list)
{
    int i;

    for (i = 0; i < SW_RECODE_COUNT; i++) {
        sw_span_t path = sw_recode(list->pool, list->path, 0, i);
        sw_span_t query = sw_recode(list->pool, list->query, 1, i);

        add_target(list, append_query(list, list->path, query),
                   SW_CHANGE_ENCODING);
        add_target(list, append_query(list, path, list->query),
                   SW_CHANGE_ENCODING);
        add_target(list, append_query(list, path, query), SW_CHANGE_ENCODING);
    }
}

apr_array_header_t *sw_targets_make(apr_pool_t *pool, sw_span_t target,
                                    const apr_table_t *fields)
{
    list_t list = { pool, apr_array_make(pool, 16, sizeof(sw_original_t)),
                    sw_span_of(target.p, sw_span_find(target, '?')),
                    sw_span_from(target, sw_span_find(target, '?') + 1), 0 };

    list.has_query = list.path.n < target.n;
    add_target(&list, target, SW_CHANGE_NONE);
    if (list.found->nelts == 0 || target.n > SW_TARGET_MAX)
        return list.found;
    add_prefixes(&list, fields);
    add_originals(&list, fields);
    add_slashes(&list);
    add_empty(&list);
    add_fewer(&list);
    add_orders(&list);
    add_encodings(&list);
    return list.found;
}
