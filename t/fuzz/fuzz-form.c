/* SPDX-License-Identifier: Apache-2.0 */
/* Forms: any bytes. The signed text must be a sorted, stable permutation of the
 * pairs, and a round trip must give them back. */
#include "core/text/form.h"
#include "core/event/project.h"
#include "fuzz.h"

typedef struct plain_pair_t {
    sw_span_t name, value; /* decoded */
} plain_pair_t;

static int order(sw_span_t a, sw_span_t b)
{
    apr_size_t n = a.n < b.n ? a.n : b.n;
    int difference = n ? memcmp(a.p, b.p, n) : 0;

    return difference ? difference : (a.n > b.n) - (a.n < b.n);
}

/* Decoding is bounded, does not depend on the size of the buffer, and is
 * reversible. */
static sw_span_t check_text(apr_pool_t *pool, sw_span_t encoded)
{
    sw_span_t plain = sw_form_decoded(pool, encoded);
    sw_form_reader_t reader = { encoded, 0 };
    char *again = apr_palloc(pool, plain.n), part[3];
    char *escaped = apr_palloc(pool, 3 * plain.n + 1);
    apr_size_t i, got, n = 0;

    HOLDS(plain.n <= encoded.n && plain.p[plain.n] == '\0');
    HOLDS(sw_form_is(encoded, plain));
    while ((got = sw_form_read(&reader, part, 1 + encoded.n % 3)) > 0) {
        HOLDS(n + got <= plain.n);
        memcpy(again + n, part, got);
        n += got;
    }
    HOLDS(reader.at == encoded.n);
    HOLDS(sw_span_equal(sw_span_of(again, n), plain));
    for (i = 0; i < plain.n; i++)
        sprintf(escaped + 3 * i, "%%%02x", (unsigned char)plain.p[i]);
    HOLDS(sw_form_is(sw_span_of(escaped, 3 * plain.n), plain));
    return plain;
}

/* Pairs lie in the text, one after the other, with nothing between them but
 * one '=' and any number of '&'. */
static apr_size_t check_pairs(apr_pool_t *pool, sw_span_t text,
                              plain_pair_t *pairs)
{
    apr_size_t at = 0, last = 0, count = 0;
    sw_pair_t pair;

    while (sw_form_next(text, &at, &pair)) {
        apr_size_t start = (apr_size_t)(pair.name.p - text.p);
        apr_size_t end = start + pair.name.n;

        HOLDS(fuzz_within(pair.name, text) && fuzz_within(pair.value, text));
        for (; last < start; last++)
            HOLDS(text.p[last] == '&');
        if (end < text.n && text.p[end] == '=')
            end += 1 + pair.value.n;
        else
            HOLDS(pair.value.n == 0);
        HOLDS(end == text.n || text.p[end] == '&');
        HOLDS(sw_span_find(pair.name, '=') == pair.name.n);
        HOLDS(sw_span_find(pair.name, '&') == pair.name.n);
        HOLDS(sw_span_find(pair.value, '&') == pair.value.n);
        pairs[count].name = check_text(pool, pair.name);
        pairs[count++].value = check_text(pool, pair.value);
        last = end;
    }
    for (; last < text.n; last++)
        HOLDS(text.p[last] == '&');
    return count;
}

/* Insertion sort, stable by nature. */
static void sort(plain_pair_t *pairs, apr_size_t count)
{
    apr_size_t i, k;

    for (i = 1; i < count; i++) {
        plain_pair_t pair = pairs[i];

        for (k = i; k > 0 && order(pair.name, pairs[k - 1].name) < 0; k--)
            pairs[k] = pairs[k - 1];
        pairs[k] = pair;
    }
}

static void check_sorted(apr_pool_t *pool, sw_span_t text,
                         const plain_pair_t *pairs, apr_size_t count)
{
    sw_span_t rest = sw_form_signed(pool, text);
    apr_size_t i;

    HOLDS(rest.n <= text.n);
    for (i = 0; i < count; i++) {
        HOLDS(sw_span_starts(rest, pairs[i].name));
        rest = sw_span_from(rest, pairs[i].name.n);
        HOLDS(sw_span_starts(rest, pairs[i].value));
        rest = sw_span_from(rest, pairs[i].value.n);
    }
    HOLDS(rest.n == 0);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    apr_pool_t *pool = fuzz_begin();
    sw_span_t text = sw_span_of((const char *)data, size), value, project;
    plain_pair_t *pairs = apr_palloc(pool, (size + 1) * sizeof(*pairs));
    apr_size_t i, count = check_pairs(pool, text, pairs), same = 0;
    sw_params_t params;

    if (count) {
        for (i = 0; i < count; i++)
            same += sw_span_equal(pairs[i].name, pairs[0].name) ? 1 : 0;
        HOLDS(sw_form_find(text, pairs[0].name, &value) == same);
        HOLDS(sw_form_is(value, pairs[0].value));
    }
    sort(pairs, count);
    check_sorted(pool, text, pairs, count);

    sw_params_read(pool,
                   &(sw_content_t){
                       .type = sw_span("application/x-www-form-urlencoded"),
                       .body = text, .query = text },
                   &params);
    project = sw_project(pool, &params);
    HOLDS(project.n <= size);
    HOLDS(!sw_form_is_type(text) || sw_span_find(text, ',') == text.n);
    return fuzz_end(pool);
}
