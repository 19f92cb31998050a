/* SPDX-License-Identifier: Apache-2.0 */
/* See text.h. */
#include <stdlib.h>

#include <apr_lib.h>

#include "core/text/text.h"
#include "core/text/percent.h"

/* Table 3-7 of Unicode: the number of bytes that follow a lead byte, and the
 * range of the second, which excludes overlong forms, surrogates and code
 * points above U+10FFFF. */
static apr_size_t follow(unsigned char lead, unsigned char *low,
                         unsigned char *high)
{
    *low = 0x80;
    *high = 0xbf;
    if (lead >= 0xc2 && lead <= 0xdf)
        return 1;
    if (lead >= 0xe0 && lead <= 0xef) {
        if (lead == 0xe0)
            *low = 0xa0;
        else if (lead == 0xed)
            *high = 0x9f;
        return 2;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
        if (lead == 0xf0)
            *low = 0x90;
        else if (lead == 0xf4)
            *high = 0x8f;
        return 3;
    }
    return 0;
}

apr_size_t sw_text_next(sw_span_t s, apr_size_t at, int *valid)
{
    const unsigned char *p = (const unsigned char *)s.p + at;
    apr_size_t left = s.n - at, more, i;
    unsigned char low, high;

    *valid = *p < 0x80;
    if (*valid)
        return 1;
    more = follow(*p, &low, &high);
    for (i = 1; i <= more && i < left; i++) {
        if (p[i] < low || p[i] > high)
            return i;
        low = 0x80;
        high = 0xbf;
    }
    *valid = more && i > more;
    return i;
}

/* The length of the beginning of s that needs no change. */
static apr_size_t clean_length(sw_span_t s)
{
    apr_size_t at = 0, n;
    int valid;

    while (at < s.n && s.p[at]) {
        if ((unsigned char)s.p[at] < 0x80) {
            at++;
            continue;
        }
        n = sw_text_next(s, at, &valid);
        if (!valid)
            break;
        at += n;
    }
    return at;
}

int sw_text_is_control(const char *p, apr_size_t n)
{
    unsigned char c = (unsigned char)*p;

    return c < 0x20 || c == 0x7f
           || (n == 2 && c == 0xc2 && (unsigned char)p[1] < 0xa0);
}

sw_span_t sw_text_clean(apr_pool_t *pool, sw_span_t text)
{
    apr_size_t at = clean_length(text), written = at;
    char *to;

    if (at == text.n)
        return text;
    to = apr_palloc(pool, at + (text.n - at) * 3 + 1);
    memcpy(to, text.p, at);
    while (at < text.n) {
        int valid;
        apr_size_t n = sw_text_next(text, at, &valid);

        if (!valid) {
            memcpy(to + written, SW_REPLACEMENT, 3);
            written += 3;
        }
        else if (text.p[at]) {
            memcpy(to + written, text.p + at, n);
            written += n;
        }
        at += n;
    }
    to[written] = '\0';
    return sw_span_of(to, written);
}

static int needs_escape(sw_span_t s, apr_size_t i)
{
    unsigned char c = (unsigned char)s.p[i];

    return c < 0x20 || c > 0x7e || c == '%'
           || (c == ' ' && (i == 0 || i == s.n - 1));
}

sw_span_t sw_text_field_value(apr_pool_t *pool, sw_span_t text)
{
    apr_size_t i, escaped = 0;
    char *to, *out;

    for (i = 0; i < text.n; i++)
        escaped += (apr_size_t)needs_escape(text, i);
    if (!escaped)
        return text;
    out = to = apr_palloc(pool, text.n + escaped * 2 + 1);
    for (i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];

        if (needs_escape(text, i))
            out = sw_percent_write(out, c);
        else
            *out++ = (char)c;
    }
    *out = '\0';
    return sw_span_of(to, (apr_size_t)(out - to));
}

/* ---- the nearest word -------------------------------------------------- */

#define WORD_MAX 40

static int is_same(char a, char b)
{
    return apr_tolower(a) == apr_tolower(b);
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* The number of insertions, deletions, substitutions and transpositions of
 * neighbours (optimal string alignment) that turn one word into the other. */
static int edit_distance(const char *a, int a_length, const char *b,
                         int b_length)
{
    int rows[3][WORD_MAX + 1];
    int i, k;

    for (k = 0; k <= b_length; k++)
        rows[0][k] = k;
    for (i = 1; i <= a_length; i++) {
        int *row = rows[i % 3], *last = rows[(i + 2) % 3];

        row[0] = i;
        for (k = 1; k <= b_length; k++) {
            row[k] = least(last[k - 1] + !is_same(a[i - 1], b[k - 1]),
                           least(last[k], row[k - 1]) + 1);
            if (i > 1 && k > 1 && is_same(a[i - 1], b[k - 2])
                && is_same(a[i - 2], b[k - 1]))
                row[k] = least(row[k], rows[(i + 1) % 3][k - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
}

/* The length, or WORD_MAX + 1 for any longer word. */
static int length_of(const char *word)
{
    const char *end = memchr(word, '\0', WORD_MAX + 1);

    return end ? (int)(end - word) : WORD_MAX + 1;
}

static int is_completion(const char *longer, const char *word)
{
    return strncasecmp(longer, word, strlen(word)) == 0;
}

const char *sw_text_nearest(const char *word, const char *const *words)
{
    return sw_text_nearest_by(length_of(word) <= 4 ? 1 : 2, word, words);
}

const char *sw_text_nearest_by(int most, const char *word,
                               const char *const *words)
{
    int length = length_of(word), distance, other, least_distance = most + 1;
    const char *nearest = NULL;

    if (length > WORD_MAX || length <= most)
        return NULL;
    for (; *words; words++) {
        other = length_of(*words);
        if (other > WORD_MAX || abs(other - length) > most)
            continue;
        distance = edit_distance(word, length, *words, other);
        if (distance < least_distance
            || (nearest && distance == least_distance
                && !is_completion(nearest, word)
                && is_completion(*words, word))) {
            nearest = *words;
            least_distance = distance;
        }
    }
    return nearest;
}
