/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A span: a pointer and a length into text that belongs to another object. Text
 * from the network is held as a span, since NUL is data in it.
 */
#ifndef SW_SPAN_H
#define SW_SPAN_H

#include <string.h>
#include <strings.h>

#include <apr.h>
#include <apr_lib.h>

typedef struct sw_span_t {
    const char *p;
    apr_size_t n;
} sw_span_t;

/** A span over a literal or other NUL-terminated text; NULL is empty. */
static inline sw_span_t sw_span(const char *text)
{
    sw_span_t span = { text, text ? strlen(text) : 0 };

    return span;
}

static inline sw_span_t sw_span_of(const char *p, apr_size_t n)
{
    sw_span_t span = { p, n };

    return span;
}

/** For "%.*s", which apr_psprintf prints as (null) where a span is unset. */
static inline const char *sw_span_text(sw_span_t s)
{
    return s.p ? s.p : "";
}

/** From @a at to the end; empty where @a at lies after the end. */
static inline sw_span_t sw_span_from(sw_span_t s, apr_size_t at)
{
    if (at >= s.n)
        return sw_span_of(s.n ? s.p + s.n : s.p, 0);
    return sw_span_of(s.p + at, s.n - at);
}

static inline int sw_span_equal(sw_span_t a, sw_span_t b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/** Equal but for the case of ASCII letters. */
static inline int sw_span_equal_nocase(sw_span_t a, sw_span_t b)
{
    apr_size_t i = 0;

    if (a.n != b.n || (a.n && strncasecmp(a.p, b.p, a.n) != 0))
        return 0;
    while (i < a.n && a.p[i]) /* strncasecmp() ends at a NUL */
        i++;
    return i == a.n || memcmp(a.p + i, b.p + i, a.n - i) == 0;
}

static inline int sw_span_starts(sw_span_t s, sw_span_t with)
{
    return s.n >= with.n && (with.n == 0 || memcmp(s.p, with.p, with.n) == 0);
}

/** The same but for the case of ASCII letters. */
static inline int sw_span_starts_nocase(sw_span_t s, sw_span_t with)
{
    return s.n >= with.n && sw_span_equal_nocase(sw_span_of(s.p, with.n), with);
}

/** Is @a s one of @a words (NULL at their end)? */
static inline int sw_span_is_one_of(sw_span_t s, const char *const *words)
{
    while (*words && !sw_span_equal(s, sw_span(*words)))
        words++;
    return *words != NULL;
}

/** Offset of the first @a c, or s.n if there is none. */
static inline apr_size_t sw_span_find(sw_span_t s, char c)
{
    const char *hit = s.n ? memchr(s.p, c, s.n) : NULL;

    return hit ? (apr_size_t)(hit - s.p) : s.n;
}

/** White space of XML and of JSON: a blank, a tab, the two line ends. */
static inline int sw_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/** Without blanks and tabs at either end. */
static inline sw_span_t sw_span_trim(sw_span_t s)
{
    while (s.n && (*s.p == ' ' || *s.p == '\t')) {
        s.p++;
        s.n--;
    }
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
        s.n--;
    return s;
}

#endif
