/* SPDX-License-Identifier: Apache-2.0 */
/* See form.h. Refuses nothing: every byte string is some form. */
#include "core/text/form.h"
#include "core/text/bytes.h"
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

/* How many bytes stand for themselves: nearly all do. */
static apr_size_t literal_run(sw_span_t text)
{
    apr_size_t n = 0;

    for (; n + 8 <= text.n; n += 8) {
        apr_uint64_t bytes = sw_bytes(text.p + n);
        apr_uint64_t marks = sw_bytes_equal(bytes, '%')
                             | sw_bytes_equal(bytes, '+');

        if (marks)
            return n + sw_bytes_first(marks);
    }
    while (n < text.n && text.p[n] != '%' && text.p[n] != '+')
        n++;
    return n;
}

apr_size_t sw_form_read(sw_form_reader_t *reader, char *to, apr_size_t size)
{
    sw_span_t text = reader->text;
    apr_size_t at = reader->at, written = 0;

    while (written < size && at < text.n) {
        apr_size_t n = literal_run(sw_span_from(text, at));

        if (n > size - written)
            n = size - written;
        memcpy(to + written, text.p + at, n);
        written += n;
        at += n;
        if (written < size && at < text.n)
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
    apr_uint64_t prefix; /* the first eight bytes of the name, as a number */
    apr_uint32_t name_len;
    apr_uint32_t len; /* of both */
    int has_name;     /* the name has ended */
} plain_pair_t;

#define FEW 64 /* as many as any callback of SignalWire has */

/* A shorter name is filled up with zeros, so equal prefixes decide nothing. The
 * name lies in a buffer with eight bytes to spare. */
static apr_uint64_t make_prefix(const char *name, apr_size_t n)
{
    apr_uint64_t prefix = __builtin_bswap64(sw_bytes(name));

    if (n >= 8)
        return prefix;
    return n ? prefix >> (8 - n) * 8 << (8 - n) * 8 : 0;
}

static int is_after(const plain_pair_t *a, const plain_pair_t *b)
{
    apr_size_t n;
    int order;

    if (a->prefix != b->prefix)
        return a->prefix > b->prefix;
    n = a->name_len < b->name_len ? a->name_len : b->name_len;
    order = memcmp(a->text, b->text, n);
    return order ? order > 0 : a->name_len > b->name_len;
}

static void insert(plain_pair_t *pairs, apr_size_t count)
{
    apr_size_t i, k;

    for (i = 1; i < count; i++) {
        plain_pair_t pair = pairs[i];

        for (k = i; k && is_after(&pairs[k - 1], &pair); k--)
            pairs[k] = pairs[k - 1];
        pairs[k] = pair;
    }
}

/*
 * Merge sort: stable, and no order of the sender's choice makes it slow. It
 * recurses once for each bit of count; spare holds half of the pairs.
 */
static void sort(plain_pair_t *pairs, apr_size_t count, plain_pair_t *spare)
{
    apr_size_t half = count / 2, left = 0, right = half, to = 0;

    if (count <= 10) {
        insert(pairs, count);
        return;
    }
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

/* An upper bound. */
static apr_size_t count_pairs(sw_span_t text)
{
    apr_size_t at = 0, count = 1;

    while ((at += sw_span_find(sw_span_from(text, at), '&') + 1) < text.n)
        count++;
    return count;
}

/* Copy bytes, eight at a time, up to one that may stand for something else. The
 * buffer has eight bytes to spare. */
static void copy_run(sw_span_t text, apr_size_t *at, char **to)
{
    while (*at + 8 <= text.n) {
        apr_uint64_t bytes = sw_bytes(text.p + *at);
        apr_uint64_t marks = sw_bytes_equal(bytes, '&')
                             | sw_bytes_equal(bytes, '=')
                             | sw_bytes_equal(bytes, '%')
                             | sw_bytes_equal(bytes, '+');
        apr_size_t n = marks ? sw_bytes_first(marks) : 8;

        memcpy(*to, text.p + *at, 8);
        *at += n;
        *to += n;
        if (marks)
            return;
    }
    while (*at < text.n && !strchr("&=%+", text.p[*at]))
        *(*to)++ = text.p[(*at)++];
}

static void end_name(plain_pair_t *pair, const char *to)
{
    pair->name_len = (apr_uint32_t)(to - pair->text);
    pair->prefix = make_prefix(pair->text, pair->name_len);
    pair->has_name = 1;
}

static void end_pair(plain_pair_t *pair, const char *to)
{
    if (!pair->has_name)
        end_name(pair, to);
    pair->len = (apr_uint32_t)(to - pair->text);
}

static void begin_pair(plain_pair_t *pair, const char *to)
{
    pair->text = to;
    pair->has_name = 0;
}

/* Decode all pairs in one pass. As in sw_form_next(), an empty segment is none,
 * and a segment without '=' is a name. @return the number of pairs */
static apr_size_t decode_pairs(sw_span_t text, plain_pair_t *pairs, char *to)
{
    plain_pair_t *pair = pairs;
    apr_size_t at = 0, begin = 0;

    begin_pair(pair, to);
    for (copy_run(text, &at, &to); at < text.n; copy_run(text, &at, &to)) {
        char c = text.p[at];

        if (c == '&') {
            if (at > begin)
                end_pair(pair++, to);
            begin_pair(pair, to);
            begin = ++at;
        }
        else if (c == '=' && !pair->has_name) {
            end_name(pair, to);
            at++;
        }
        else {
            *to++ = (char)next_byte(text, &at);
        }
    }
    if (at > begin)
        end_pair(pair++, to);
    return (apr_size_t)(pair - pairs);
}

static sw_span_t sorted_text(apr_pool_t *pool, sw_span_t text,
                             plain_pair_t *pairs, apr_size_t capacity)
{
    char *decoded = apr_palloc(pool, text.n + 8);
    char *to = apr_palloc(pool, text.n);
    apr_size_t count = decode_pairs(text, pairs, decoded), n = 0, i;

    sort(pairs, count, pairs + capacity);
    for (i = 0; i < count; i++) {
        memcpy(to + n, pairs[i].text, pairs[i].len);
        n += pairs[i].len;
    }
    return sw_span_of(to, n);
}

/* The pairs of a long form take much more memory than the form: they do not
 * stay until the request ends. */
sw_span_t sw_form_signed(apr_pool_t *pool, sw_span_t text)
{
    plain_pair_t few[FEW + FEW / 2];
    apr_size_t capacity = count_pairs(text) + 1;
    apr_pool_t *scratch;
    sw_span_t sorted;

    if (capacity <= FEW)
        return sorted_text(pool, text, few, FEW);
    apr_pool_create(&scratch, pool);
    sorted = sorted_text(pool, text,
                         apr_palloc(scratch,
                                    (capacity + capacity / 2) * sizeof(*few)),
                         capacity);
    apr_pool_destroy(scratch);
    return sorted;
}
