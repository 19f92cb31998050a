/* SPDX-License-Identifier: Apache-2.0 */
/* See form.h. Refuses nothing: every byte string is some form. */
#include "form.h"

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

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The byte that begins at *at of s; *at moves behind it. */
static unsigned char next_byte(sw_span_t s, apr_size_t *at)
{
    char c = s.p[(*at)++];

    if (c == '+')
        return ' ';
    if (c == '%' && s.n - *at >= 2) {
        int high = hex_digit(s.p[*at]);
        int low = hex_digit(s.p[*at + 1]);

        if (high >= 0 && low >= 0) {
            *at += 2;
            return (unsigned char)(high << 4 | low);
        }
    }
    return (unsigned char)c;
}

/* Nearly all bytes stand for themselves. */
static int is_plain(char c)
{
    return c != '+' && c != '%';
}

apr_size_t sw_form_read(sw_form_reader_t *reader, char *to, apr_size_t room)
{
    sw_span_t text = reader->text;
    apr_size_t at = reader->at, written = 0;

    while (written < room && at < text.n) {
        const char *from = text.p + at;
        apr_size_t left = text.n - at, run = 0;

        if (left > room - written)
            left = room - written;
        while (run < left && is_plain(from[run])) {
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

int sw_form_compare(sw_span_t a, sw_span_t b)
{
    apr_size_t i = 0, k = 0;

    while (i < a.n && k < b.n) {
        int difference;

        if (is_plain(a.p[i]) && a.p[i] == b.p[k]) {
            i++;
            k++;
            continue;
        }
        difference = next_byte(a, &i) - next_byte(b, &k);
        if (difference)
            return difference;
    }
    return (i < a.n) - (k < b.n);
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

    /* httpd joins repeated fields by commas: then nobody knows the type. */
    if (sw_span_find(type, ',') < type.n)
        return 0;
    return sw_span_equal_nocase(sw_span_trim(bare),
                                sw_span("application/x-www-form-urlencoded"));
}

/*
 * 24 bytes a pair, so that a form of one-letter names stays below the bound
 * that form.h promises. The first bytes of the decoded name settle nearly
 * every comparison without decoding again.
 */
typedef struct sorted_pair_t {
    apr_uint64_t key;
    const char *name;
    apr_uint32_t name_len;
    apr_uint32_t value_len;
} sorted_pair_t;

struct sw_sorted_t {
    apr_size_t count;
    sorted_pair_t *pairs;
};

static apr_uint64_t name_key(sw_span_t name)
{
    sw_form_reader_t reader = { name, 0 };
    unsigned char first[8] = { 0 };
    apr_uint64_t key = 0;
    int i;

    sw_form_read(&reader, (char *)first, sizeof(first));
    for (i = 0; i < 8; i++)
        key = key << 8 | first[i];
    return key;
}

/* Places in the text break a tie, so any sort of these is a stable one. */
static int is_before(const sorted_pair_t *a, const sorted_pair_t *b)
{
    int order;

    if (a->key != b->key)
        return a->key < b->key;
    order = sw_form_compare(sw_span_of(a->name, a->name_len),
                            sw_span_of(b->name, b->name_len));
    return order ? order < 0 : a->name < b->name;
}

/*
 * Shell sort: in place, no recursion, one loop for ten pairs and for a hundred
 * thousand, and no order of the sender's choice makes it quadratic. qsort() of
 * glibc would allocate as much again. The gaps are Ciura's, then grow by 2.25.
 */
static void sort(sorted_pair_t *pairs, apr_size_t count)
{
    static const apr_size_t gaps[] = {
        1, 4, 10, 23, 57, 132, 301, 701, 1577, 3548, 7983, 17961, 40412,
        90927, 204585, 460316, 1035711, 2330349, 5243285, 11797391, 26544129,
        59724290, 134379652
    };
    apr_size_t g = sizeof(gaps) / sizeof(gaps[0]), i, k;

    while (g-- > 0) {
        apr_size_t gap = gaps[g];

        for (i = gap; i < count; i++) {
            sorted_pair_t held = pairs[i];

            for (k = i; k >= gap && is_before(&held, &pairs[k - gap]);
                 k -= gap)
                pairs[k] = pairs[k - gap];
            pairs[k] = held;
        }
    }
}

sw_sorted_t *sw_form_sort(apr_pool_t *pool, sw_span_t text)
{
    sw_sorted_t *sorted = apr_palloc(pool, sizeof(*sorted));
    apr_size_t at = 0, count = 0;
    sw_pair_t pair;

    while (sw_form_next(text, &at, &pair))
        count++;
    sorted->count = count;
    sorted->pairs = apr_palloc(pool, count * sizeof(*sorted->pairs));
    for (at = count = 0; sw_form_next(text, &at, &pair); count++) {
        sorted_pair_t *to = &sorted->pairs[count];

        to->key = name_key(pair.name);
        to->name = pair.name.p;
        to->name_len = (apr_uint32_t)pair.name.n;
        to->value_len = (apr_uint32_t)pair.value.n;
    }
    sort(sorted->pairs, count);
    return sorted;
}

/* The name (part 0) or value (part 1) of pair i is part 2 * i or 2 * i + 1. */
static sw_span_t part_of(const sw_sorted_t *sorted, apr_size_t part)
{
    const sorted_pair_t *pair = &sorted->pairs[part / 2];

    if (part % 2 == 0)
        return sw_span_of(pair->name, pair->name_len);
    return sw_span_of(pair->name + pair->name_len + (pair->value_len ? 1 : 0),
                      pair->value_len);
}

apr_size_t sw_sorted_read(sw_sorted_reader_t *reader, char *to,
                          apr_size_t room)
{
    const sw_sorted_t *sorted = reader->sorted;
    apr_size_t written = 0;

    for (;;) {
        written += sw_form_read(&reader->open, to + written, room - written);
        if (written == room || reader->next == 2 * sorted->count)
            return written;
        reader->open.text = part_of(sorted, reader->next++);
        reader->open.at = 0;
    }
}
