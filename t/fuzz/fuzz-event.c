/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events. The first byte of an input says whether the request has a body and
 * of which type; then comes the query, a line; all that follows is the body.
 */
#include "core/event/event.h"
#include "core/event/names.h"
#include "core/text/text.h"
#include "fuzz.h"

static const char *const types[] = {
    "application/x-www-form-urlencoded", "application/json", NULL, "text/plain",
    "text/swaig", "audio/wav", "application/x+json", "multipart/form-data"
};

/* The request. */
typedef struct request_t {
    apr_pool_t *pool;
    sw_params_t params;
    apr_size_t size, visited;
} request_t;

static int digit(char c)
{
    const char *digits = "0123456789ABCDEF", *at = strchr(digits, c);

    HOLDS(c && at);
    return (int)(at - digits);
}

/* A header field can carry the value, and decodes to it. */
static void check_field_value(apr_pool_t *pool, sw_span_t text)
{
    sw_span_t value = sw_text_field_value(pool, text);
    apr_size_t i, k = 0;

    HOLDS(value.n <= 3 * text.n);
    HOLDS(value.n == 0
          || (value.p[0] != ' ' && value.p[value.n - 1] != ' '));
    for (i = 0; i < value.n; i++, k++) {
        int c = value.p[i];

        HOLDS(c >= 0x20 && c <= 0x7e && k < text.n);
        if (c == '%') {
            HOLDS(i + 2 < value.n);
            c = digit(value.p[i + 1]) << 4 | digit(value.p[i + 2]);
            i += 2;
        }
        HOLDS((unsigned char)text.p[k] == c);
    }
    HOLDS(k == text.n);
}

/* Check a published value. */
static void check_value(apr_pool_t *pool, sw_span_t value)
{
    sw_span_t clean = sw_text_clean(pool, value);
    apr_size_t at = 0;
    int valid = 1;

    if (!value.p) {
        HOLDS(value.n == 0);
        return;
    }
    HOLDS(value.p[value.n] == '\0' && clean.p[clean.n] == '\0');
    while (at < clean.n && valid) {
        HOLDS(clean.p[at]);
        at += sw_text_next(clean, at, &valid);
    }
    HOLDS(valid && at == clean.n && clean.n <= 3 * value.n);
    check_field_value(pool, clean);
    check_field_value(pool, value);
}

static void check_media(apr_pool_t *pool, const sw_event_t *event)
{
    int i, k;

    for (i = 0; event->media && i < event->media->nelts; i++) {
        sw_media_item_t *item = &APR_ARRAY_IDX(event->media, i,
                                               sw_media_item_t);

        HOLDS(item->n < SW_MEDIA_MAX);
        check_value(pool, item->url);
        check_value(pool, item->type);
        for (k = 0; k < i; k++)
            HOLDS(APR_ARRAY_IDX(event->media, k, sw_media_item_t).n
                  != item->n);
    }
}

static int is(sw_span_t value, const char *word)
{
    return sw_span_equal(value, sw_span(word));
}

static void check_event(apr_pool_t *pool, const sw_params_t *params,
                        const sw_event_t *event)
{
    static const char *const responses[] = { "none", "cxml", "swml", "json" };
    const sw_span_t *fields = event->fields;
    sw_span_t name = fields[SW_FIELD_EVENT], end = fields[SW_FIELD_TERMINAL];
    const char *format = sw_format_name(params->format);
    int i;

    for (i = 0; i < SW_FIELD_COUNT; i++) {
        HOLDS(i >= SW_FIELD_EVENT || !fields[i].p);
        check_value(pool, fields[i]);
    }
    HOLDS(name.n > 0 && name.n <= 40
          && strspn(name.p, "abcdefghijklmnopqrstuvwxyz0123456789._")
             == name.n);
    HOLDS(is(fields[SW_FIELD_FORMAT], format)
          && !fields[SW_FIELD_FORMAT].p == !format);
    HOLDS(is(fields[SW_FIELD_RESPONSE], responses[event->response]));
    HOLDS(!end.p || is(end, "0") || is(end, "1"));
    if (event->response != SW_RESPONSE_NONE)
        HOLDS(!end.p && !fields[SW_FIELD_DEDUPE].p);
    HOLDS(!fields[SW_FIELD_TIME].p
          || (fields[SW_FIELD_TIME].n == 24 && fields[SW_FIELD_TIMESTAMP].n));
    check_media(pool, event);
}

static int check_param(void *data, sw_span_t name, sw_span_t value)
{
    request_t *request = data;

    request->visited++;
    check_value(request->pool, name);
    check_value(request->pool, value);
    HOLDS(name.n <= 3 * request->size && value.n <= 3 * request->size);
    /* But for one that is too deep, and there its last part alone shows. */
    HOLDS(!value.p || !sw_is_card_data(name));
    if (!request->params.json && strlen(name.p) == name.n)
        HOLDS(sw_param(request->pool, &request->params, name.p).p);
    return 1;
}

static int count_down(void *data, sw_span_t name, sw_span_t value)
{
    apr_size_t *left = data;

    (void)name;
    (void)value;
    HOLDS(*left > 0);
    return --*left > 0;
}

static void check_params(request_t *request)
{
    apr_size_t some;
    int i;

    sw_params_visit(request->pool, &request->params, check_param, request);
    some = request->visited / 2;
    if (some) {
        sw_params_visit(request->pool, &request->params, count_down, &some);
        HOLDS(some == 0);
    }
    for (i = SW_NAME_NONE + 1; i < SW_NAME_COUNT; i++) {
        const char *name = sw_name_text((sw_name_e)i);
        sw_span_t value = sw_param(request->pool, &request->params, name);

        check_value(request->pool, value);
        HOLDS(!value.p || !sw_is_card_data(sw_span(name)));
    }
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    request_t request = { .pool = fuzz_begin(), .size = size };
    apr_array_header_t *hidden = apr_array_make(request.pool, 1,
                                                sizeof(const char *));
    sw_span_t body = sw_span_of((const char *)data, size), query;
    sw_event_t event, again;
    int how = size ? data[0] : 0;

    APR_ARRAY_PUSH(hidden, const char *) = "secret";
    body = sw_span_from(body, 1);
    query = sw_span_of(body.p, sw_span_find(body, '\n'));
    body = sw_span_from(body, query.n + 1);
    sw_params_read(request.pool,
                   &(sw_content_t){ how & 1, sw_span(types[how >> 1 & 7]),
                                    body, query, how & 16 ? hidden : NULL },
                   &request.params);
    HOLDS(!(how & 1) || request.params.format == SW_FORMAT_QUERY);
    sw_event_read(request.pool, &request.params, &event);
    check_event(request.pool, &request.params, &event);
    check_params(&request);
    if (how & 16)
        HOLDS(request.params.form.n || request.params.json
              || !sw_param(request.pool, &request.params, "secret").p);
    sw_event_read(request.pool, &request.params, &again);
    HOLDS(is(again.fields[SW_FIELD_DEDUPE],
             sw_span_text(event.fields[SW_FIELD_DEDUPE]))
          || memchr(data, 0, size) || memchr(data, '%', size));
    return fuzz_end(request.pool);
}
