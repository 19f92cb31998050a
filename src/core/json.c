/* SPDX-License-Identifier: Apache-2.0 */
/* See json.h. */
#include <jansson.h>

#include <apr_strings.h>

#include "json.h"
#include "text.h"

#define DEPTH_MAX 64
#define PATH_MAX_LEN 255

/* The text on its way to Jansson, which refuses what we would rather read. */
typedef struct tidy_t {
    sw_span_t in;
    apr_size_t at;
    char *out;
    apr_size_t room, written;
    apr_size_t depth, values;
    apr_uint64_t objects; /* a bit for each that is open: object or array */
    int at_name;
} tidy_t;

static void put(tidy_t *t, const char *p, apr_size_t n)
{
    if (n > t->room - t->written)
        n = t->room - t->written; /* see tidy(): it never is */
    memcpy(t->out + t->written, p, n);
    t->written += n;
}

static unsigned char at(const tidy_t *t, apr_size_t i)
{
    return i < t->in.n ? (unsigned char)t->in.p[i] : 0;
}

static int is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

static apr_size_t skip_digits(const tidy_t *t, apr_size_t i)
{
    while (is_digit(at(t, i)))
        i++;
    return i;
}

/* Where the number that begins at t->at ends by RFC 8259; t->at for none. */
static apr_size_t end_of_number(const tidy_t *t)
{
    apr_size_t i = t->at + (at(t, t->at) == '-');
    apr_size_t end;

    if (!is_digit(at(t, i)))
        return t->at;
    end = at(t, i) == '0' ? i + 1 : skip_digits(t, i);
    if (at(t, end) == '.' && is_digit(at(t, end + 1)))
        end = skip_digits(t, end + 1);
    if ((at(t, end) | 0x20) == 'e') {
        i = end + 1 + (at(t, end + 1) == '+' || at(t, end + 1) == '-');
        if (is_digit(at(t, i)))
            end = skip_digits(t, i);
    }
    return end;
}

/* As a string that begins with NUL, which no other string holds here. */
static int copy_number(tidy_t *t)
{
    apr_size_t end = end_of_number(t);

    if (end == t->at || t->at_name
        || (end < t->in.n && !strchr(" \t\r\n,]}", t->in.p[end])))
        return 0;
    put(t, "\"\\u0000", 7);
    put(t, t->in.p + t->at, end - t->at);
    put(t, "\"", 1);
    t->at = end;
    return 1;
}

/* The code unit of "\uHHHH" at i, or -1. */
static int code_unit(const tidy_t *t, apr_size_t i)
{
    int unit = 0, k;

    if (at(t, i) != '\\' || at(t, i + 1) != 'u')
        return -1;
    for (k = 2; k < 6; k++) {
        unsigned char c = at(t, i + (apr_size_t)k);

        if (!apr_isxdigit(c))
            return -1;
        unit = unit * 16 + (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return unit;
}

static int is_high(int unit)
{
    return unit >= 0xd800 && unit <= 0xdbff;
}

static int is_low(int unit)
{
    return unit >= 0xdc00 && unit <= 0xdfff;
}

/* Halves of characters are replaced; NUL goes out of a value, and is replaced
 * in a name, lest it become another. */
static void copy_escape(tidy_t *t)
{
    int unit = code_unit(t, t->at);
    apr_size_t n = unit < 0 ? 2 : 6;

    if (is_high(unit) && is_low(code_unit(t, t->at + 6)))
        put(t, t->in.p + t->at, n = 12);
    else if (is_high(unit) || is_low(unit) || (unit == 0 && t->at_name))
        put(t, "\\ufffd", 6);
    else if (unit != 0)
        put(t, t->in.p + t->at, n < t->in.n - t->at ? n : t->in.n - t->at);
    t->at += n;
}

/* How many bytes from t->at stand for themselves in a string. */
static apr_size_t plain_run(const tidy_t *t)
{
    apr_size_t i = t->at;

    while (i < t->in.n && (unsigned char)t->in.p[i] < 0x80
           && t->in.p[i] != '"' && t->in.p[i] != '\\')
        i++;
    return i - t->at;
}

/* The string whose first quote is at t->at. */
static void copy_string(tidy_t *t)
{
    put(t, "\"", 1);
    t->at++;
    while (t->at < t->in.n && t->in.p[t->at] != '"') {
        apr_size_t n = plain_run(t);
        int valid = 1;

        if (n == 0 && t->in.p[t->at] == '\\') {
            copy_escape(t);
            continue;
        }
        if (n == 0)
            n = sw_text_next(t->in, t->at, &valid);
        put(t, valid ? t->in.p + t->at : SW_REPLACEMENT, valid ? n : 3);
        t->at += n;
    }
    if (t->at < t->in.n)
        put(t, t->in.p + t->at++, 1);
}

/* Where a structural character leads: how deep, and whether to a name. */
static void keep_place(tidy_t *t, unsigned char c)
{
    if (c == '{' || c == '[') {
        t->depth++;
        t->objects = t->objects << 1 | (c == '{');
    }
    else if ((c == '}' || c == ']') && t->depth > 0) {
        t->depth--;
        t->objects >>= 1;
    }
    t->values += c == ',' || c == '{' || c == '[';
    t->at_name = (c == '{' || c == ',') && (t->objects & 1);
}

static int is_blank(unsigned char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Copy what is next; 0 if that is past the bounds or no JSON. */
static int copy_token(tidy_t *t)
{
    unsigned char c = at(t, t->at);

    if (c == '"') {
        copy_string(t);
        return 1;
    }
    if (c == '-' || is_digit(c))
        return copy_number(t);
    if (!is_blank(c))
        keep_place(t, c);
    put(t, t->in.p + t->at++, 1);
    return t->depth <= DEPTH_MAX;
}

/* Nothing grows more than a number of one digit, and what must stand behind it:
 * from two bytes to ten, unless it is the last. */
static int tidy(tidy_t *t)
{
    while (t->at < t->in.n) {
        if (!copy_token(t))
            return 0;
    }
    return t->values <= 2048 + t->in.n / 12;
}

static apr_status_t release(void *root)
{
    json_decref(root);
    return APR_SUCCESS;
}

const sw_json_t *sw_json_read(apr_pool_t *pool, sw_span_t text, int *repeated)
{
    tidy_t t = { .in = text, .room = text.n * 5 + 9 };
    apr_pool_t *scratch;
    json_error_t error;
    json_t *root = NULL;
    int twice = 0;

    apr_pool_create(&scratch, pool);
    t.out = apr_palloc(scratch, t.room);
    if (tidy(&t)) {
        root = json_loadb(t.out, t.written,
                          JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
        twice = !root
                && json_error_code(&error) == json_error_duplicate_key;
        if (twice)
            root = json_loadb(t.out, t.written, JSON_ALLOW_NUL, &error);
    }
    apr_pool_destroy(scratch);
    if (root)
        apr_pool_cleanup_register(pool, root, release, apr_pool_cleanup_null);
    if (repeated)
        *repeated = twice;
    return root;
}

static int is_number(const json_t *string)
{
    return json_string_length(string) > 0 && !json_string_value(string)[0];
}

sw_json_e sw_json_type(const sw_json_t *value)
{
    if (!value)
        return SW_JSON_ABSENT;
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return SW_JSON_OBJECT;
    case JSON_ARRAY:
        return SW_JSON_ARRAY;
    case JSON_STRING:
        return is_number(value) ? SW_JSON_NUMBER : SW_JSON_STRING;
    default:
        return SW_JSON_OTHER;
    }
}

static const json_t *child(const json_t *value, const char *name)
{
    char *end;
    apr_int64_t index;

    if (!json_is_array(value))
        return json_object_get(value, name);
    index = apr_strtoi64(name, &end, 10);
    return apr_isdigit(*name) && !*end
           ? json_array_get(value, (apr_size_t)index) : NULL;
}

const sw_json_t *sw_json_at(const sw_json_t *value, const char *path)
{
    char name[PATH_MAX_LEN + 1];

    while (value && *path) {
        apr_size_t n = strcspn(path, ".");

        if (n >= sizeof(name))
            return NULL;
        memcpy(name, path, n);
        name[n] = '\0';
        value = child(value, name);
        path += n;
        if (*path == '.' && !*++path)
            return child(value, "");
    }
    return value;
}

sw_span_t sw_json_text(const sw_json_t *value)
{
    switch (value ? json_typeof(value) : JSON_OBJECT) {
    case JSON_STRING:
        return sw_span_from(sw_span_of(json_string_value(value),
                                       json_string_length(value)),
                            is_number(value) ? 1 : 0);
    case JSON_TRUE:
        return sw_span("true");
    case JSON_FALSE:
        return sw_span("false");
    case JSON_NULL:
        return sw_span("");
    default:
        return sw_span(NULL);
    }
}

apr_size_t sw_json_count(const sw_json_t *value)
{
    return json_is_array(value) ? json_array_size(value)
                                : json_object_size(value);
}

/* Jansson iterates over objects that it may change. */
static json_t *open_to_walk(const sw_json_t *value)
{
    return (json_t *)(apr_uintptr_t)value;
}

int sw_json_members(const sw_json_t *object, sw_json_visit_f *visit, void *data)
{
    json_t *walked = open_to_walk(object);
    void *i;

    for (i = json_object_iter(walked); i;
         i = json_object_iter_next(walked, i)) {
        if (!visit(data, json_object_iter_key(i), json_object_iter_value(i)))
            return 0;
    }
    return 1;
}

/* A walk over leaves, and the path of where it stands. */
typedef struct leaves_t {
    sw_json_visit_f *visit;
    void *data;
    int depth;
    apr_size_t n;
    char path[PATH_MAX_LEN + 1];
} leaves_t;

static int visit_below(leaves_t *walk, const sw_json_t *value);

static int visit_leaf(void *data, const char *name, const sw_json_t *value)
{
    leaves_t *walk = data;
    apr_size_t before = walk->n, n = strlen(name);
    int go_on;

    if (before + (walk->depth > 0) + n > PATH_MAX_LEN)
        return walk->visit(walk->data, name, NULL);
    if (walk->depth)
        walk->path[walk->n++] = '.';
    memcpy(walk->path + walk->n, name, n + 1);
    walk->n += n;
    if (sw_json_text(value).p) {
        go_on = walk->visit(walk->data, walk->path, value);
    }
    else {
        walk->depth++;
        go_on = visit_below(walk, value);
        walk->depth--;
    }
    walk->n = before;
    return go_on;
}

static int visit_below(leaves_t *walk, const sw_json_t *value)
{
    apr_size_t i, count = json_array_size(value);
    char index[24];

    if (json_is_object(value))
        return sw_json_members(value, visit_leaf, walk);
    for (i = 0; i < count; i++) {
        apr_snprintf(index, sizeof(index), "%" APR_SIZE_T_FMT, i);
        if (!visit_leaf(walk, index, json_array_get(value, i)))
            return 0;
    }
    return 1;
}

int sw_json_leaves(const sw_json_t *value, sw_json_visit_f *visit, void *data)
{
    leaves_t walk = { visit, data, 0, 0, "" };

    return visit_below(&walk, value);
}
