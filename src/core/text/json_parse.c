/* SPDX-License-Identifier: Apache-2.0 */
/* See json_parse.h. Jansson takes seven times as long, allocates at least once
 * for each value, and loses the text of numbers. The tests compare the two. */
#include "core/text/json_parse.h"
#include "core/text/percent.h"
#include "core/text/text.h"

#define DEPTH_MAX 64
#define TEXT_MAX 0x0fffffff /* for the size of a value */

/* The state of the parser. */
typedef struct reader_t {
    sw_span_t in;
    apr_size_t at;
    char *out;           /* texts, each with its NUL */
    sw_json_t *values;
    apr_size_t count, capacity; /* of the values */
    int depth;
    int at_name;
} reader_t;

/* Offset of the quote that ends the string whose first byte is at i. */
static apr_size_t end_of_string(sw_span_t text, apr_size_t i)
{
    apr_size_t quote = i, slashes;

    do {
        quote += sw_span_find(sw_span_from(text, quote), '"');
        for (slashes = 0;
             slashes < quote - i && text.p[quote - slashes - 1] == '\\';
             slashes++)
            continue;
    } while (quote++ < text.n && slashes % 2);
    return quote - 1;
}

/* An upper bound: the root, and one value after each of these bytes.
 * Well-formed JSON has at most one value for two bytes. */
static apr_size_t count_values(sw_span_t text)
{
    apr_size_t i, values = 1, most = text.n / 2 + 1;

    for (i = 0; i < text.n; i++) {
        char c = text.p[i];

        if (c == '"')
            i = end_of_string(text, i + 1);
        else
            values += c == ',' || c == '[' || c == '{';
    }
    return values < most ? values : most;
}

/* A byte that is not UTF-8 becomes three. Nothing else grows: the quotes of a
 * string and the byte that must follow a number leave space for the NUL. */
static apr_size_t output_size(sw_span_t text)
{
    apr_uint64_t eight, high = 0;
    apr_size_t i;

    for (i = 0; i + sizeof(eight) <= text.n; i += sizeof(eight)) {
        memcpy(&eight, text.p + i, sizeof(eight));
        high |= eight;
    }
    for (; i < text.n; i++)
        high |= (unsigned char)text.p[i];
    return high & APR_UINT64_C(0x8080808080808080) ? text.n * 3 + 1
                                                   : text.n + 1;
}

/* The byte at offset i, or 0 after the end: JSON has no NUL outside of
 * strings. */
static unsigned char byte(const reader_t *r, apr_size_t i)
{
    return i < r->in.n ? (unsigned char)r->in.p[i] : 0;
}

static int is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

static unsigned char skip_white_space(reader_t *r)
{
    unsigned char c;

    while (sw_is_blank((char)(c = byte(r, r->at))))
        r->at++;
    return c;
}

/* Skip blanks, and c if it follows. */
static int skip(reader_t *r, unsigned char c)
{
    if (skip_white_space(r) != c)
        return 0;
    r->at++;
    return 1;
}

static void copy_bytes(reader_t *r, const char *p, apr_size_t n)
{
    memcpy(r->out, p, n);
    r->out += n;
}

/* The four digits at i, or -1. */
static int code_unit(const reader_t *r, apr_size_t i)
{
    int unit = 0, k;

    for (k = 0; k < 4; k++, i++) {
        int digit = sw_hex_digit((char)byte(r, i));

        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

static void write_utf8(reader_t *r, int c)
{
    if (c < 0x80) {
        *r->out++ = (char)c;
        return;
    }
    if (c < 0x800) {
        *r->out++ = (char)(0xc0 | c >> 6);
    }
    else {
        if (c < 0x10000) {
            *r->out++ = (char)(0xe0 | c >> 12);
        }
        else {
            *r->out++ = (char)(0xf0 | c >> 18);
            *r->out++ = (char)(0x80 | (c >> 12 & 0x3f));
        }
        *r->out++ = (char)(0x80 | (c >> 6 & 0x3f));
    }
    *r->out++ = (char)(0x80 | (c & 0x3f));
}

/* After "\u". NUL is removed from a value and replaced in a name, which would
 * otherwise become another name. */
static int read_unicode(reader_t *r)
{
    int c = code_unit(r, r->at), low;

    if (c < 0)
        return 0;
    r->at += 4;
    if (c >= 0xd800 && c <= 0xdfff) {
        low = byte(r, r->at) == '\\' && byte(r, r->at + 1) == 'u'
                  ? code_unit(r, r->at + 2)
                  : -1;
        if (c <= 0xdbff && low >= 0xdc00 && low <= 0xdfff) {
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
            r->at += 6;
        }
        else {
            c = 0xfffd;
        }
    }
    if (c == 0 && r->at_name)
        c = 0xfffd;
    if (c)
        write_utf8(r, c);
    return 1;
}

static int read_escape(reader_t *r)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    unsigned char c = byte(r, r->at + 1);
    const char *known = c ? strchr(from, c) : NULL;

    r->at += 2;
    if (c == 'u')
        return read_unicode(r);
    if (!known)
        return 0;
    *r->out++ = to[known - from];
    return 1;
}

/* Can this byte of a string be copied as it is? One bit for each character of
 * ASCII: all from the blank on but the quote and the backslash. */
static int is_plain(unsigned char c)
{
    static const apr_uint64_t bits[2] = {
        APR_UINT64_C(0xfffffffb00000000), APR_UINT64_C(0xffffffffefffffff)
    };

    return c < 0x80 && (bits[c >> 6] >> (c & 63) & 1);
}

/* The number of such bytes from here on. */
static apr_size_t plain_run(const reader_t *r)
{
    apr_size_t i = r->at;

    while (i < r->in.n && is_plain((unsigned char)r->in.p[i]))
        i++;
    return i - r->at;
}

/* A byte that is not plain: an escape or a part of a character. @return 0 if it
 * must not be in a string */
static int read_special(reader_t *r)
{
    unsigned char c = byte(r, r->at);
    apr_size_t n;
    int valid;

    if (c == '\\')
        return read_escape(r);
    if (c < 0x20)
        return 0;
    n = sw_text_next(r->in, r->at, &valid);
    copy_bytes(r, valid ? r->in.p + r->at : SW_REPLACEMENT, valid ? n : 3);
    r->at += n;
    return 1;
}

/* The string that begins with the quote at r->at. @return its copy, or NULL */
static const char *read_string(reader_t *r)
{
    const char *begin = r->out;

    for (r->at++;;) {
        apr_size_t run = plain_run(r);

        copy_bytes(r, r->in.p + r->at, run);
        r->at += run;
        if (byte(r, r->at) == '"')
            break;
        if (!read_special(r))
            return NULL;
    }
    r->at++;
    *r->out++ = '\0';
    return begin;
}

static apr_size_t skip_digits(const reader_t *r, apr_size_t i)
{
    while (is_digit(byte(r, i)))
        i++;
    return i;
}

/* The offset of the end of the number that begins here; this offset if there is
 * no number. */
static apr_size_t end_of_number(const reader_t *r)
{
    apr_size_t i = r->at + (byte(r, r->at) == '-');
    apr_size_t end;

    if (!is_digit(byte(r, i)))
        return r->at;
    end = byte(r, i) == '0' ? i + 1 : skip_digits(r, i);
    if (byte(r, end) == '.' && is_digit(byte(r, end + 1)))
        end = skip_digits(r, end + 1);
    if ((byte(r, end) | 0x20) == 'e') {
        i = end + 1 + (byte(r, end + 1) == '+' || byte(r, end + 1) == '-');
        if (is_digit(byte(r, i)))
            end = skip_digits(r, i);
    }
    return end;
}

static int read_number(reader_t *r, sw_json_t *value)
{
    apr_size_t end = end_of_number(r);

    if (end == r->at)
        return 0;
    value->type = SW_JSON_NUMBER;
    value->text = r->out;
    copy_bytes(r, r->in.p + r->at, end - r->at);
    value->n = (apr_uint32_t)(r->out - value->text);
    r->at = end;
    *r->out++ = '\0';
    return 1;
}

static int read_word(reader_t *r, sw_json_t *value)
{
    static const char *const words[] = { "true", "false", "null" };
    apr_size_t i;

    for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (sw_span_starts(sw_span_from(r->in, r->at), sw_span(words[i]))) {
            r->at += strlen(words[i]);
            value->type = SW_JSON_OTHER;
            value->text = i < 2 ? words[i] : "";
            value->n = (apr_uint32_t)strlen(value->text);
            return 1;
        }
    }
    return 0;
}

static int read_value(reader_t *r, const char *name);

static int read_member(reader_t *r)
{
    const char *name;

    if (skip_white_space(r) != '"')
        return 0;
    r->at_name = 1;
    name = read_string(r);
    r->at_name = 0;
    return name && skip(r, ':') && read_value(r, name);
}

/* The content of an object or an array, up to the closing bracket. */
static int read_inside(reader_t *r, sw_json_t *value)
{
    int is_object = byte(r, r->at) == '{';
    unsigned char end = is_object ? '}' : ']';

    value->type = is_object ? SW_JSON_OBJECT : SW_JSON_ARRAY;
    r->at++;
    if (++r->depth > DEPTH_MAX)
        return 0;
    if (!skip(r, end)) {
        do {
            if (!(is_object ? read_member(r) : read_value(r, NULL)))
                return 0;
        } while (skip(r, ','));
        if (!skip(r, end))
            return 0;
    }
    r->depth--;
    return 1;
}

static int read_value(reader_t *r, const char *name)
{
    apr_size_t index = r->count++;
    sw_json_t *value = r->values + index;
    unsigned char c = skip_white_space(r);
    int good;

    if (index == r->capacity)
        return 0;
    value->name = name;
    value->text = NULL;
    value->n = 0;
    if (c == '"') {
        value->type = SW_JSON_STRING;
        value->text = read_string(r);
        good = value->text != NULL;
        if (good)
            value->n = (apr_uint32_t)(r->out - 1 - value->text);
    }
    else if (c == '{' || c == '[') {
        good = read_inside(r, value);
    }
    else {
        good = c == '-' || is_digit(c) ? read_number(r, value)
                                       : read_word(r, value);
    }
    value->size = (r->count - index) & 0x1fffffff;
    return good;
}

const sw_json_t *sw_json_read(apr_pool_t *pool, sw_span_t text)
{
    reader_t r = { .in = text };
    unsigned char c = skip_white_space(&r);

    if ((c != '{' && c != '[') || text.n > TEXT_MAX)
        return NULL;
    r.out = apr_palloc(pool, output_size(text));
    r.capacity = count_values(text);
    r.values = apr_palloc(pool, r.capacity * sizeof(*r.values));
    if (!read_value(&r, NULL))
        return NULL;
    skip_white_space(&r);
    return r.at == text.n ? r.values : NULL;
}
