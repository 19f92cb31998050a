/* SPDX-License-Identifier: Apache-2.0 */
/* See recode.h. */
#include "core/text/recode.h"
#include "core/text/percent.h"

/* A rule: the bytes besides letters and digits that are not encoded, the
 * encoding of a space, the case of hex digits, and the meaning of a received
 * +. */
typedef struct rule_t {
    const char *keep;
    int space_is_plus;
    int is_lower;
    int plus_is_space;
} rule_t;

/*
 * RFC 3986's unreserved (rawurlencode, Go, Python); encodeURIComponent;
 * urlencode and URLSearchParams; every byte that a query may hold; and the same
 * with a literal '+'.
 */
static const char *const kept[] = {
    "-._~", "-._~!'()*", "-._*", "-._~!$'()*,;:@/?=", "-._~!$'()*,;:@/?=+"
};

#define KEPT ((int)(sizeof(kept) / sizeof(kept[0])))

static const rule_t *read_rule(int n, rule_t *rule)
{
    rule->keep = kept[n % KEPT];
    n /= KEPT;
    rule->space_is_plus = n & 1;
    rule->is_lower = n & 2;
    rule->plus_is_space = n & 4;
    return rule;
}

/* The byte at *at of s, decoded; *at moves past it. */
static unsigned char decode_byte(sw_span_t s, apr_size_t *at, int plus_is_space)
{
    char c = s.p[*at];
    int byte = sw_percent_read(s, *at);

    *at += byte < 0 ? 1 : 3;
    if (byte >= 0)
        return (unsigned char)byte;
    return c == '+' && plus_is_space ? ' ' : (unsigned char)c;
}

static char *encode_byte(char *to, unsigned char c, const rule_t *rule)
{
    if (c < 0x80 && c && (apr_isalnum(c) || strchr(rule->keep, c))) {
        *to++ = (char)c;
    }
    else if (c == ' ' && rule->space_is_plus) {
        *to++ = '+';
    }
    else {
        *to++ = '%';
        to = sw_hex_write(to, c, !rule->is_lower);
    }
    return to;
}

static sw_span_t apply_rule(apr_pool_t *pool, sw_span_t text, int is_query,
                            const rule_t *rule)
{
    const char *delimiters = is_query ? "&=" : "/";
    char *start = apr_palloc(pool, 3 * text.n + 1), *to = start;
    apr_size_t at = 0;

    while (at < text.n) {
        char c = text.p[at];

        if (c && strchr(delimiters, c)) {
            *to++ = c;
            at++;
            continue;
        }
        to = encode_byte(to, decode_byte(text, &at, rule->plus_is_space), rule);
    }
    return sw_span_of(start, (apr_size_t)(to - start));
}

/* Turn each %25 into %, which undoes a double encoding; or the reverse. */
static sw_span_t replace_percent(apr_pool_t *pool, sw_span_t text, int undo)
{
    char *start = apr_palloc(pool, 3 * text.n + 1), *to = start;
    apr_size_t at = 0;

    while (at < text.n) {
        *to++ = text.p[at];
        if (text.p[at++] != '%')
            continue;
        if (!undo) {
            *to++ = '2';
            *to++ = '5';
        }
        else if (sw_span_starts(sw_span_from(text, at), sw_span("25"))) {
            at += 2;
        }
    }
    return sw_span_of(start, (apr_size_t)(to - start));
}

sw_span_t sw_recode(apr_pool_t *pool, sw_span_t text, int is_query, int rule)
{
    rule_t read;

    if (rule < 2)
        return replace_percent(pool, text, rule == 0);
    read_rule(rule - 2, &read);
    /* In a path, '+' is a literal. */
    if (!is_query)
        read.space_is_plus = read.plus_is_space = 0;
    return apply_rule(pool, text, is_query, &read);
}
