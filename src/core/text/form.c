/* SPDX-License-Identifier: Apache-2.0 */
/* See form.h. Refuses nothing: every byte string is some form. */
#include "core/text/form.h"
#include "core/text/percent.h"

int sw_form_next(sw_span_t text, apr_size_t *at, sw_pair_t *pair)
{
    while (*at < text.n) {
        sw_span_t rest = sw_span_from(text, *at);
        sw_span_t segment = sw_span_of(rest.p, sw_span_find(rest, '&'));
        apr_size_t equals = sw_span_find(segment, '=');

        *at += segment.n + 1;
        if (segment.n == 0)
            continue;
        pair->name = sw_span_of(segment.p, equals);
        pair->value = sw_span_from(segment, equals + 1);
        return 1;
    }
    return 0;
}

/* The byte that begins at *at of s, decoded; *at moves past it. */
static unsigned char next_byte(sw_span_t s, apr_size_t *at)
{
    char c = s.p[*at];
    int byte = sw_percent_read(s, *at);

    *at += byte < 0 ? 1 : 3;
    if (byte >= 0)
        return (unsigned char)byte;
    return c == '+' ? ' ' : (unsigned char)c;
}

/* Nearly all bytes are literal. */
static int is_literal_byte(char c)
{
    return c != '+' && c != '%';
}

apr_size_t sw_form_read(sw_form_reader_t *reader, char *to, apr_size_t size)
{
    sw_span_t text = reader->text;
    apr_size_t at = reader->at, written = 0;

    while (written < size && at < text.n) {
        const char *from = text.p + at;
        apr_size_t left = text.n - at, run = 0;

        if (left > size - written)
            left = size - written;
        while (run < left && is_literal_byte(from[run])) {
            to[written + run] = from[run];
            run++;
        }
        written += run;
        at += run;
        if (run < left)
            to[written++] = (char)next_byte(text, &at);
    }
    reader->at = at;
    return written;
}

sw_span_t sw_form_decoded(apr_pool_t *pool, sw_span_t encoded)
{
    sw_form_reader_t reader = { encoded, 0 };
    char *to = apr_palloc(pool, encoded.n + 1);
    sw_span_t plain = { to, sw_form_read(&reader, to, encoded.n) };

    to[plain.n] = '\0';
    return plain;
}

int sw_form_is(sw_span_t encoded, sw_span_t plain)
{
    apr_size_t at = 0, i = 0;

    while (at < encoded.n) {
        unsigned char byte = next_byte(encoded, &at);

        if (i == plain.n || byte != (unsigned char)plain.p[i++])
            return 0;
    }
    return i == plain.n;
}

apr_size_t sw_form_find(sw_span_t text, sw_span_t name, sw_span_t *value)
{
    apr_size_t at = 0, count = 0;
    sw_pair_t pair;

    *value = sw_span_of(NULL, 0);
    while (sw_form_next(text, &at, &pair)) {
        if (sw_form_is(pair.name, name) && count++ == 0)
            *value = pair.value;
    }
    return count;
}

int sw_form_is_type(sw_span_t type)
{
    sw_span_t bare = sw_span_of(type.p, sw_span_find(type, ';'));

    /* httpd joins repeated fields by commas: the type is then ambiguous. */
    if (sw_span_find(type, ',') < type.n)
        return 0;
    return sw_span_equal_nocase(sw_span_trim(bare),
                                sw_span("application/x-www-form-urlencoded"));
}

/* A pair, decoded: the value follows the name. */
typedef struct plain_pair_t {
    const char *text;
    apr_uint32_t name_len;
    apr_uint32_t len; /* of both */
} plain_pair_t;

static int is_after(const plain_pair_t *a, const plain_pair_t *b)
{
    apr_size_t n = a->name_len < b->name_len ? a->name_len : b->name_len;
    int order = memcmp(a->text, b->text, n);

    return order ? order > 0 : a->name_len > b->name_len;
}

/*
 * Merge sort: stable, and no order of the sender's choice makes it slow. It
 * recurses once for each bit of count; spare holds half of the pairs.
 */
static void sort(plain_pair_t *pairs, apr_size_t count, plain_pair_t *spare)
{
    apr_size_t half = count / 2, left = 0, right = half, to = 0;

    if (count < 2)
        return;
    sort(pairs, half, spare);
    sort(pairs + half, count - half, spare);
    if (!is_after(&pairs[half - 1], &pairs[half]))
        return;
    memcpy(spare, pairs, half * sizeof(*pairs));
    while (left < half) {
        if (right < count && is_after(&spare[left], &pairs[right]))
            pairs[to++] = pairs[right++];
        else
            pairs[to++] = spare[left++];
    }
}

static apr_size_t decode(sw_span_t encoded, char *to)
{
    sw_form_reader_t reader = { encoded, 0 };

    return sw_form_read(&reader, to, encoded.n);
}

static apr_size_t count_pairs(sw_span_t text)
{
    apr_size_t at = 0, count = 0;
    sw_pair_t pair;

    while (sw_form_next(text, &at, &pair))
        count++;
    return count;
}

/* All pairs of the text, decoded to @a to. */
static void decode_pairs(sw_span_t text, plain_pair_t *pairs, char *to)
{
    apr_size_t at = 0;
    sw_pair_t pair;

    for (; sw_form_next(text, &at, &pair); pairs++) {
        apr_size_t n = decode(pair.name, to);

        pairs->text = to;
        pairs->name_len = (apr_uint32_t)n;
        n += decode(pair.value, to + n);
        pairs->len = (apr_uint32_t)n;
        to += n;
    }
}

sw_span_t sw_form_signed(apr_pool_t *pool, sw_span_t text)
{
    apr_size_t i, n = 0, count = count_pairs(text);
    char *to = apr_palloc(pool, text.n);
    apr_pool_t *scratch;
    plain_pair_t *pairs;

    apr_pool_create(&scratch, pool);
    pairs = apr_palloc(scratch, (count + count / 2) * sizeof(*pairs));
    decode_pairs(text, pairs, apr_palloc(scratch, text.n));
    sort(pairs, count, pairs + count);
    for (i = 0; i < count; i++) {
        memcpy(to + n, pairs[i].text, pairs[i].len);
        n += pairs[i].len;
    }
    apr_pool_destroy(scratch);
    return sw_span_of(to, n);
}
