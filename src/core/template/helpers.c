/* SPDX-License-Identifier: Apache-2.0 */
/* See helpers.h. */
#include "core/template/helpers.h"
#include "core/text/e164.h"
#include "core/text/percent.h"

const char *sw_helper_meant(sw_span_t name)
{
    /* Names in other template languages, in any case. No parameter of
     * SignalWire has such a name; "Digits" is one, so it is not here. */
    static const char *const others[][2] = {
        { "upper", "upper" },        { "uppercase", "upper" },
        { "upcase", "upper" },       { "toupper", "upper" },
        { "lower", "lower" },        { "lowercase", "lower" },
        { "downcase", "lower" },     { "tolower", "lower" },
        { "urlencode", "urlencode" }, { "url_encode", "urlencode" },
        { "url-encode", "urlencode" }, { "urlescape", "urlencode" },
        { "encodeuri", "urlencode" }, { "encodeuricomponent", "urlencode" },
        { "e164", "e164" },          { "e.164", "e164" },
        { "e_164", "e164" },         { "digit", "digits" },
        { "int", "number" },         { "integer", "number" },
        { "float", "number" },       { "num", "number" }
    };
    apr_size_t i;

    for (i = 0; i < sizeof(others) / sizeof(*others); i++) {
        if (sw_span_equal_nocase(name, sw_span(others[i][0])))
            return others[i][1];
    }
    return NULL;
}

static int is_json_number(sw_span_t text)
{
    apr_size_t i = text.n && *text.p == '-', digits = i;

    while (i < text.n && apr_isdigit(text.p[i]))
        i++;
    /* Some parsers fail beyond 18 digits. */
    if (i == digits || i > digits + 18
        || (i > digits + 1 && text.p[digits] == '0'))
        return 0;
    if (i + 1 < text.n && text.p[i] == '.' && apr_isdigit(text.p[i + 1])) {
        for (i++; i < text.n && apr_isdigit(text.p[i]); i++)
            continue;
    }
    return i == text.n && text.n <= 40;
}

static sw_span_t only_digits(apr_pool_t *pool, sw_span_t text)
{
    char *to = apr_palloc(pool, text.n + 1);
    apr_size_t i, n = 0;

    for (i = 0; i < text.n; i++) {
        if (apr_isdigit(text.p[i]))
            to[n++] = text.p[i];
    }
    return sw_span_of(to, n);
}

static sw_span_t url_encoded(apr_pool_t *pool, sw_span_t text)
{
    char *to = apr_palloc(pool, text.n * 3 + 1);
    char *end = sw_percent_encode(to, text, "");

    return sw_span_of(to, (apr_size_t)(end - to));
}

static sw_span_t in_case(sw_span_t text, int upper)
{
    char *to = (char *)(apr_uintptr_t)text.p; /* the helper's own buffer */
    apr_size_t i;

    for (i = 0; i < text.n; i++)
        to[i] = (char)(upper ? apr_toupper(to[i]) : apr_tolower(to[i]));
    return text;
}

sw_span_t sw_helper_apply(apr_pool_t *pool, sw_helper_e helper, sw_span_t text)
{
    switch (helper) {
    case SW_HELPER_E164:
        return sw_e164(pool, text);
    case SW_HELPER_DIGITS:
        text = only_digits(pool, text);
        return text.n ? text : sw_span("0");
    case SW_HELPER_URLENCODE:
        return url_encoded(pool, text);
    case SW_HELPER_LOWER:
        return in_case(text, 0);
    case SW_HELPER_UPPER:
        return in_case(text, 1);
    default:
        text = sw_span_trim(text);
        return is_json_number(text) ? text : sw_span("0");
    }
}
