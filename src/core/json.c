/* SPDX-License-Identifier: Apache-2.0 */
/* See json.h. */
#include <jansson.h>

#include <apr_strings.h>

#include "json.h"

#define DEPTH_MAX 32

/* Offset of the quote that ends the string whose first byte is at i. */
static apr_size_t end_of_string(sw_span_t text, apr_size_t i)
{
    while (i < text.n && text.p[i] != '"')
        i += text.p[i] == '\\' ? 2 : 1;
    return i;
}

/* Depth and number of values, before a byte is parsed. */
static int is_within_bounds(sw_span_t text)
{
    apr_size_t i, values = 0;
    int depth = 0;

    for (i = 0; i < text.n; i++) {
        switch (text.p[i]) {
        case '"':
            i = end_of_string(text, i + 1);
            break;
        case '{':
        case '[':
            if (++depth > DEPTH_MAX)
                return 0;
            values++;
            break;
        case '}':
        case ']':
            depth--;
            break;
        case ',':
            values++;
            break;
        default:
            break;
        }
    }
    return values <= 64 + text.n / 12;
}

static const json_t *member(const json_t *object, const char *path)
{
    const char *dot = strchr(path, '.');
    char outer[32];

    if (!dot)
        return json_object_get(object, path);
    apr_cpystrn(outer, path, (apr_size_t)(dot - path) + 1 < sizeof(outer)
                             ? (apr_size_t)(dot - path) + 1 : sizeof(outer));
    return json_object_get(json_object_get(object, outer), dot + 1);
}

sw_span_t sw_json_string(apr_pool_t *pool, sw_span_t text,
                         const char *const *paths)
{
    sw_span_t found = { NULL, 0 };
    json_t *root;

    if (!is_within_bounds(text))
        return found;
    root = json_loadb(text.p, text.n,
                      JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL
                      | JSON_ALLOW_NUL, NULL);
    for (; root && *paths; paths++) {
        const json_t *value = member(root, *paths);
        sw_span_t here = { json_string_value(value),
                           json_string_length(value) };

        if (!here.p)
            continue;
        if (found.p && !sw_span_equal(found, here)) {
            found = sw_span_of(NULL, 0);
            break;
        }
        if (!found.p)
            found = sw_span_of(apr_pstrmemdup(pool, here.p, here.n), here.n);
    }
    json_decref(root);
    return found;
}
