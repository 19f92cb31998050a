/* SPDX-License-Identifier: Apache-2.0 */
/* See params.h. */
#include <apr_strings.h>

#include "core/event/params.h"
#include "core/text/json_parse.h"
#include "core/text/span.h"

#define PATHS_MAX (1024 * 1024)
#define LIST_MAX 1000

const char *sw_format_name(sw_format_e format)
{
    static const char *const names[] = { NULL, "query", "form", "json" };

    return names[format];
}

static int ends(sw_span_t s, const char *with)
{
    sw_span_t end = sw_span(with);

    return s.n >= end.n
           && sw_span_equal_nocase(sw_span_from(s, s.n - end.n), end);
}

static int begins(sw_span_t s, const char *with)
{
    return sw_span_starts_nocase(s, sw_span(with));
}

sw_media_e sw_media(sw_span_t content_type)
{
    static const char *const others[] = { "audio/", "video/", "image/",
                                          "font/", "multipart/" };
    sw_span_t type = sw_span_trim(
        sw_span_of(content_type.p, sw_span_find(content_type, ';')));
    apr_size_t i;

    if (sw_form_is_type(content_type))
        return SW_MEDIA_FORM;
    if (ends(type, "/json") || ends(type, "+json")
        || sw_span_equal_nocase(type, sw_span("text/swaig")))
        return SW_MEDIA_JSON;
    for (i = 0; i < sizeof(others) / sizeof(*others); i++) {
        if (begins(type, others[i]))
            return SW_MEDIA_OTHER;
    }
    return SW_MEDIA_OPEN;
}

sw_format_e sw_format_of(sw_span_t content_type, sw_span_t body)
{
    sw_media_e media = sw_media(content_type);
    apr_size_t i = 0;

    if (body.n == 0 || media == SW_MEDIA_OTHER)
        return SW_FORMAT_NONE;
    if (media == SW_MEDIA_FORM)
        return SW_FORMAT_FORM;
    while (i < body.n - 1 && apr_isspace(body.p[i]))
        i++;
    if (media == SW_MEDIA_JSON || body.p[i] == '{' || body.p[i] == '[')
        return SW_FORMAT_JSON;
    return sw_span_find(body, '=') < body.n ? SW_FORMAT_FORM : SW_FORMAT_NONE;
}

void sw_params_read(apr_pool_t *pool, const sw_content_t *content,
                    sw_params_t *params)
{
    sw_span_t body = content->body;

    memset(params, 0, sizeof(*params));
    params->query = content->query;
    params->hidden = content->hidden;
    params->format = content->has_no_body ? SW_FORMAT_QUERY
                                          : sw_format_of(content->type, body);
    params->has_other_body = body.n && params->format != SW_FORMAT_FORM
                             && params->format != SW_FORMAT_JSON;
    if (params->format == SW_FORMAT_FORM)
        params->form = body;
    else if (params->format == SW_FORMAT_JSON)
        params->json = sw_json_read(pool, body);
}

static int is_hidden(const sw_params_t *params, sw_span_t encoded)
{
    int i;

    for (i = 0; params->hidden && i < params->hidden->nelts; i++) {
        if (sw_form_is(encoded,
                       sw_span(APR_ARRAY_IDX(params->hidden, i, const char *))))
            return 1;
    }
    return 0;
}

int sw_params_pair(const sw_params_t *params, int of_query, apr_size_t *at,
                   sw_pair_t *pair)
{
    sw_span_t text = of_query ? params->query : params->form;

    while (sw_form_next(text, at, pair)) {
        if (!of_query || !is_hidden(params, pair->name))
            return 1;
    }
    return 0;
}

/* The value of the last pair called name; NULL and 0 if there is none. */
static sw_span_t last_of(apr_pool_t *pool, const sw_params_t *params,
                         int of_query, sw_span_t name)
{
    sw_span_t found = { NULL, 0 };
    apr_size_t at = 0;
    sw_pair_t pair;

    while (sw_params_pair(params, of_query, &at, &pair)) {
        if (sw_form_is(pair.name, name))
            found = pair.value;
    }
    return found.p ? sw_form_decoded(pool, found) : found;
}

/* A value by its path, or by a name that holds dots. */
static const sw_json_t *find_json(const sw_params_t *params, const char *name)
{
    const sw_json_t *value = sw_json_at(params->json, name);

    return value ? value : sw_json_member(params->json, name);
}

sw_span_t sw_param(apr_pool_t *pool, const sw_params_t *params,
                   const char *name)
{
    sw_span_t plain = sw_span(name);
    sw_span_t value = { NULL, 0 };

    if (sw_is_card_data(plain))
        return value;
    value = sw_json_text(find_json(params, name));
    if (!value.p)
        value = last_of(pool, params, 0, plain);
    return value.p ? value : last_of(pool, params, 1, plain);
}

static void list_pairs(const sw_params_t *params, int of_query,
                       const char *name, apr_array_header_t *list)
{
    sw_span_t plain = sw_span(name);
    sw_span_t brackets = sw_span(apr_pstrcat(list->pool, name, "[]", NULL));
    apr_size_t at = 0;
    sw_pair_t pair;

    while (list->nelts < LIST_MAX
           && sw_params_pair(params, of_query, &at, &pair)) {
        if (sw_form_is(pair.name, plain) || sw_form_is(pair.name, brackets))
            APR_ARRAY_PUSH(list, sw_span_t) = sw_form_decoded(list->pool,
                                                              pair.value);
    }
}

static void list_json(const sw_json_t *value, apr_array_header_t *list)
{
    const sw_json_t *i;

    if (sw_json_type(value) == SW_JSON_ARRAY) {
        for (i = sw_json_element(value, NULL); i && list->nelts < LIST_MAX;
             i = sw_json_element(value, i)) {
            if (sw_json_text(i).p)
                APR_ARRAY_PUSH(list, sw_span_t) = sw_json_text(i);
        }
    }
    else if (sw_json_text(value).p
             && !(sw_json_type(value) == SW_JSON_OTHER
                  && sw_span_equal(sw_json_text(value), sw_span("false")))) {
        APR_ARRAY_PUSH(list, sw_span_t) = sw_json_text(value);
    }
}

apr_array_header_t *sw_param_list(apr_pool_t *pool, const sw_params_t *params,
                                  const char *name)
{
    apr_array_header_t *list = apr_array_make(pool, 2, sizeof(sw_span_t));
    const sw_json_t *value = find_json(params, name);

    if (sw_is_card_data(sw_span(name)))
        return list;
    list_json(value, list);
    if (value)
        return list;
    list_pairs(params, 0, name, list);
    if (list->nelts == 0)
        list_pairs(params, 1, name, list);
    return list;
}

/* The visitor, for visits of JSON. A value of two bytes may have a path of 255,
 * so the sum of the paths is limited, not their number. */
typedef struct visitor_t {
    sw_param_visit_f *visit;
    void *data;
    apr_size_t left; /* bytes of paths */
} visitor_t;

static int visit_value(void *data, const char *path, const sw_json_t *value)
{
    visitor_t *v = data;
    sw_span_t name = sw_span(path);

    if (v->left < name.n + 1) {
        v->visit(v->data, name, sw_span(NULL));
        return 0;
    }
    v->left -= name.n + 1;
    return sw_is_card_data(name)
           || v->visit(v->data, name, sw_json_text(value));
}

static int visit_pairs(apr_pool_t *pool, const sw_params_t *params,
                       int of_query, const visitor_t *v)
{
    apr_pool_t *one;
    apr_size_t at = 0;
    sw_pair_t pair;
    int go_on = 1;

    apr_pool_create(&one, pool);
    while (go_on && sw_params_pair(params, of_query, &at, &pair)) {
        sw_span_t name = sw_form_decoded(one, pair.name);

        go_on = sw_is_card_data(name)
                || v->visit(v->data, name, sw_form_decoded(one, pair.value));
        apr_pool_clear(one);
    }
    apr_pool_destroy(one);
    return go_on;
}

void sw_params_visit(apr_pool_t *pool, const sw_params_t *params,
                     sw_param_visit_f *visit, void *data)
{
    visitor_t v = { visit, data, PATHS_MAX };

    if (params->json && !sw_json_leaves(params->json, visit_value, &v))
        return;
    if (visit_pairs(pool, params, 0, &v))
        visit_pairs(pool, params, 1, &v);
}

/* The letters and digits of a part of a name, in lower case. @return 0 if they
 * do not fit, so that the part is no word of the list */
static apr_size_t fold(char *to, apr_size_t size, sw_span_t part)
{
    apr_size_t i, n = 0;

    for (i = 0; i < part.n; i++) {
        if (!apr_isalnum(part.p[i]))
            continue;
        if (n == size)
            return 0;
        to[n++] = (char)apr_tolower(part.p[i]);
    }
    return n;
}

static int is_card_word(sw_span_t word)
{
    static const char *const words[] = {
        "cardnumber", "cvv", "expirymonth", "expiryyear", "postalcode",
        "securitycode", "expirationdate", "paymentcardnumber",
        "paymentcardpostalcode", "bankaccountnumber", "bankroutingnumber",
        "paymenttoken"
    };
    apr_size_t i;

    for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (sw_span_equal(word, sw_span(words[i])))
            return 1;
    }
    return 0;
}

int sw_is_card_data(sw_span_t name)
{
    char word[24];

    while (name.n) {
        apr_size_t n = sw_span_find(name, '.');

        if (n > 2
            && is_card_word(sw_span_of(word, fold(word, sizeof(word),
                                                  sw_span_of(name.p, n)))))
            return 1;
        name = sw_span_from(name, n + 1);
    }
    return 0;
}
