/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Just enough TAP for a unit program: each check prints one line, the plan
 * comes last, the exit status says whether all was well.
 */
#ifndef SW_TAP_H
#define SW_TAP_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <apr_general.h>
#include <apr_pools.h>
#include <apr_strings.h>

#include "core/text/span.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

/* A literal as a span, NULs within included: an initializer, a value. */
#define TEXT(literal) { literal, sizeof(literal) - 1 }
#define SPAN(literal) sw_span_of(literal, sizeof(literal) - 1)

static apr_pool_t *pool;
static int tap_count;
static int tap_failed;

__attribute__((format(printf, 2, 3)))
static inline int ok(int good, const char *format, ...)
{
    va_list args;

    tap_count++;
    tap_failed += !good;
    printf("%sok %d - ", good ? "" : "not ", tap_count);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
    fflush(stdout); /* a child that is forked would print it again */
    return good;
}

static inline void tap_show(const char *what, sw_span_t s)
{
    apr_size_t i;

    printf("# %s: %s", what, s.p ? "\"" : "nothing");
    for (i = 0; i < s.n; i++) {
        if (apr_isprint(s.p[i]) && s.p[i] != '\\')
            putchar(s.p[i]);
        else
            printf("\\x%02x", (unsigned char)s.p[i]);
    }
    puts(s.p ? "\"" : "");
}

static inline int is(sw_span_t got, sw_span_t expected, const char *name)
{
    int good = ok(sw_span_equal(got, expected), "%s", name);

    if (!good) {
        tap_show("got", got);
        tap_show("expected", expected);
    }
    return good;
}

static inline int is_str(const char *got, const char *expected,
                         const char *name)
{
    return is(sw_span(got), sw_span(expected), name);
}

static inline int is_int(long got, long expected, const char *name)
{
    int good = ok(got == expected, "%s", name);

    if (!good)
        printf("# got: %ld\n# expected: %ld\n", got, expected);
    return good;
}

static inline apr_status_t tap_free(void *data)
{
    free(data);
    return APR_SUCCESS;
}

/* A copy in memory of exactly this size, so that a sanitizer sees a read past
 * the end. */
static inline sw_span_t tap_exact(sw_span_t s)
{
    char *copy = malloc(s.n ? s.n : 1);

    if (!copy)
        abort();
    if (s.n)
        memcpy(copy, s.p, s.n);
    apr_pool_cleanup_register(pool, copy, tap_free, apr_pool_cleanup_null);
    return sw_span_of(copy, s.n);
}

/* Pseudorandom numbers, the same in every run. */
static inline unsigned int tap_random(unsigned int below)
{
    static apr_uint64_t state = 20231109;

    state = state * APR_UINT64_C(6364136223846793005)
            + APR_UINT64_C(1442695040888963407);
    return (unsigned int)(state >> 33) % below;
}

static inline void tap_begin(void)
{
    if (apr_initialize() != APR_SUCCESS
        || apr_pool_create(&pool, NULL) != APR_SUCCESS)
        abort();
}

static inline int tap_end(void)
{
    apr_pool_destroy(pool);
    apr_terminate();
    printf("1..%d\n", tap_count);
    return tap_failed || tap_count == 0;
}

#endif
