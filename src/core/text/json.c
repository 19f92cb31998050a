/* SPDX-License-Identifier: Apache-2.0 */
/* See json.h: finding and visiting values that json_parse.c has read. */
#include <apr_strings.h>

#include "core/text/json.h"

#define PATH_MAX_LEN 255

static int contains(const sw_json_t *value)
{
    return value
           && (value->type == SW_JSON_OBJECT || value->type == SW_JSON_ARRAY);
}

/* Loop over the values in a container with first(), end() and next(). */
static const sw_json_t *first(const sw_json_t *value)
{
    return value + 1;
}

static const sw_json_t *next(const sw_json_t *value)
{
    return value + value->size;
}

static const sw_json_t *end(const sw_json_t *value)
{
    return value + value->size;
}

sw_json_e sw_json_type(const sw_json_t *value)
{
    return value ? (sw_json_e)value->type : SW_JSON_ABSENT;
}

sw_span_t sw_json_text(const sw_json_t *value)
{
    return value ? sw_span_of(value->text, value->n) : sw_span_of(NULL, 0);
}

apr_size_t sw_json_count(const sw_json_t *value)
{
    const sw_json_t *i;
    apr_size_t count = 0;

    if (contains(value)) {
        for (i = first(value); i < end(value); i = next(i))
            count++;
    }
    return count;
}

static const sw_json_t *array_element(const sw_json_t *array, sw_span_t index)
{
    const sw_json_t *i;
    apr_size_t left = 0, k;

    for (k = 0; k < index.n; k++) {
        if (!apr_isdigit(index.p[k]) || index.n > 9)
            return NULL;
        left = left * 10 + (apr_size_t)(index.p[k] - '0');
    }
    if (index.n == 0 || (index.n > 1 && index.p[0] == '0'))
        return NULL;
    for (i = first(array); i < end(array); i = next(i)) {
        if (left-- == 0)
            return i;
    }
    return NULL;
}

/* The last member called name, and how many there are. */
static const sw_json_t *member(const sw_json_t *object, sw_span_t name,
                               int *count)
{
    const sw_json_t *i, *found = NULL;

    for (i = first(object); i < end(object); i = next(i)) {
        if (strncmp(i->name, name.p, name.n) == 0 && !i->name[name.n]) {
            found = i;
            ++*count;
        }
    }
    return found;
}

static const sw_json_t *find_path(const sw_json_t *value, const char *path,
                                  int *is_sole)
{
    sw_span_t rest = sw_span(path);

    for (*is_sole = 1; value && rest.p;) {
        sw_span_t name = sw_span_of(rest.p, sw_span_find(rest, '.'));
        int count = 0;

        rest = name.n < rest.n ? sw_span_from(rest, name.n + 1) : sw_span(NULL);
        if (value->type == SW_JSON_ARRAY)
            value = array_element(value, name);
        else
            value = value->type == SW_JSON_OBJECT ? member(value, name, &count)
                                                  : NULL;
        *is_sole &= count <= 1;
    }
    return value;
}

const sw_json_t *sw_json_at(const sw_json_t *value, const char *path)
{
    int is_sole;

    return find_path(value, path, &is_sole);
}

const sw_json_t *sw_json_member(const sw_json_t *object, const char *name)
{
    int count = 0;

    return sw_json_type(object) == SW_JSON_OBJECT
               ? member(object, sw_span(name), &count)
               : NULL;
}

int sw_json_is_sole(const sw_json_t *value, const char *path)
{
    int is_sole;

    (void)find_path(value, path, &is_sole);
    return is_sole;
}

const sw_json_t *sw_json_element(const sw_json_t *array,
                                 const sw_json_t *before)
{
    const sw_json_t *i;

    if (sw_json_type(array) != SW_JSON_ARRAY)
        return NULL;
    i = before ? next(before) : first(array);
    return i < end(array) ? i : NULL;
}

int sw_json_members(const sw_json_t *object, sw_json_visit_f *visit, void *data)
{
    const sw_json_t *i;

    if (sw_json_type(object) != SW_JSON_OBJECT)
        return 1;
    for (i = first(object); i < end(object); i = next(i)) {
        if (!visit(data, i->name, i))
            return 0;
    }
    return 1;
}

/* A walk over leaves, with the path of the current value. */
typedef struct leaves_t {
    sw_json_visit_f *visit;
    void *data;
    int depth;
    apr_size_t n;
    char path[PATH_MAX_LEN + 1];
} leaves_t;

static int visit_below(leaves_t *walk, const sw_json_t *value);

static int visit_leaf(leaves_t *walk, const char *name, const sw_json_t *value)
{
    apr_size_t before = walk->n, n = strlen(name);
    int go_on;

    if (before + (walk->depth > 0) + n > PATH_MAX_LEN)
        return walk->visit(walk->data, name, NULL);
    if (walk->depth)
        walk->path[walk->n++] = '.';
    memcpy(walk->path + walk->n, name, n + 1);
    walk->n += n;
    if (contains(value)) {
        walk->depth++;
        go_on = visit_below(walk, value);
        walk->depth--;
    }
    else {
        go_on = walk->visit(walk->data, walk->path, value);
    }
    walk->n = before;
    return go_on;
}

static int visit_below(leaves_t *walk, const sw_json_t *value)
{
    const sw_json_t *i;
    apr_size_t index = 0;
    char digits[24];

    for (i = first(value); i < end(value); i = next(i)) {
        if (!i->name)
            apr_snprintf(digits, sizeof(digits), "%" APR_SIZE_T_FMT, index++);
        if (!visit_leaf(walk, i->name ? i->name : digits, i))
            return 0;
    }
    return 1;
}

int sw_json_leaves(const sw_json_t *value, sw_json_visit_f *visit, void *data)
{
    leaves_t walk = { visit, data, 0, 0, "" };

    return !contains(value) || visit_below(&walk, value);
}
