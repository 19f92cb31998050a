/* SPDX-License-Identifier: Apache-2.0 */
/* JSON: any bytes. The core reads the same as Jansson, finds each leaf again by
 * its path, and all text is UTF-8 without NUL. */
#include "../unit/oracle.h"
#include "core/event/project.h"
#include "core/text/json_parse.h"
#include "core/text/text.h"
#include "fuzz.h"

/* A walk over the whole. */
typedef struct whole_t {
    apr_pool_t *pool;
    const sw_json_t *root;
    apr_size_t leaves, left_out, text; /* scalars, those below too long paths,
                                          bytes */
    int depth;
    int odd; /* a name that holds a dot, or is empty, or comes twice */
} whole_t;

static void check_value(whole_t *whole, const sw_json_t *value);

static int check_member(void *data, const char *name, const sw_json_t *value)
{
    whole_t *whole = data;

    HOLDS(sw_text_clean(whole->pool, sw_span(name)).p == name);
    if (!*name || strchr(name, '.'))
        whole->odd = 1;
    whole->text += strlen(name);
    check_value(whole, value);
    return 1;
}

static void check_scalar(whole_t *whole, const sw_json_t *value)
{
    sw_span_t text = sw_json_text(value);
    sw_json_e type = sw_json_type(value);

    HOLDS(text.p && text.p[text.n] == '\0' && strlen(text.p) == text.n);
    HOLDS(sw_text_clean(whole->pool, text).p == text.p);
    HOLDS(type != SW_JSON_NUMBER
          || (strspn(text.p, "0123456789+-.eE") == text.n
              && strchr("-0123456789", text.p[0])
              && apr_isdigit(text.p[text.n - 1])));
    HOLDS(type != SW_JSON_OTHER || text.n == 0
          || strcmp(text.p, "true") == 0 || strcmp(text.p, "false") == 0);
    HOLDS(sw_json_count(value) == 0);
    whole->leaves++;
    whole->text += type == SW_JSON_OTHER ? 0 : text.n;
}

static void check_value(whole_t *whole, const sw_json_t *value)
{
    apr_size_t i, count = sw_json_count(value);
    char index[24];

    HOLDS(++whole->depth <= 65);
    switch (sw_json_type(value)) {
    case SW_JSON_OBJECT:
        HOLDS(!sw_json_text(value).p && sw_json_text(value).n == 0);
        HOLDS(sw_json_members(value, check_member, whole));
        break;
    case SW_JSON_ARRAY:
        HOLDS(!sw_json_text(value).p && sw_json_text(value).n == 0);
        for (i = 0; i < count; i++) {
            apr_snprintf(index, sizeof(index), "%" APR_SIZE_T_FMT, i);
            check_value(whole, sw_json_at(value, index));
        }
        apr_snprintf(index, sizeof(index), "%" APR_SIZE_T_FMT, i);
        HOLDS(sw_json_at(value, index) == NULL);
        break;
    default:
        HOLDS(value);
        check_scalar(whole, value);
        break;
    }
    whole->depth--;
}

static int check_leaf(void *data, const char *path, const sw_json_t *value)
{
    whole_t *whole = data;
    const sw_json_t *found = sw_json_at(whole->root, path);

    if (!value) {
        whole->left_out++;
        return 1;
    }
    HOLDS(strlen(path) <= 255 && sw_json_text(value).p);
    if (!whole->odd && sw_json_is_sole(whole->root, path))
        HOLDS(found == value);
    whole->leaves--;
    return 1;
}

static int count_down(void *data, const char *name, const sw_json_t *value)
{
    apr_size_t *left = data;

    (void)name;
    (void)value;
    HOLDS(*left > 0);
    return --*left > 0;
}

static void check_root(apr_pool_t *pool, const sw_json_t *root, apr_size_t size)
{
    whole_t whole = { .pool = pool, .root = root };
    apr_size_t all, some;

    HOLDS(sw_json_type(root) == SW_JSON_OBJECT
          || sw_json_type(root) == SW_JSON_ARRAY);
    check_value(&whole, root);
    HOLDS(whole.text <= 3 * size && whole.depth == 0);
    all = whole.leaves;
    HOLDS(sw_json_leaves(root, check_leaf, &whole));
    HOLDS(whole.left_out ? whole.leaves <= all : whole.leaves == 0);
    all -= whole.leaves;
    some = all / 2;
    if (some)
        HOLDS(!sw_json_leaves(root, count_down, &some) && some == 0);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    apr_pool_t *pool = fuzz_begin();
    sw_span_t text = sw_span_of((const char *)data, size);
    const sw_json_t *root = sw_json_read(pool, text);
    const char *differs = oracle_differs(root, text);
    sw_params_t params;

    if (differs)
        fprintf(stderr, "Jansson: %s\n", differs);
    HOLDS(!differs);
    if (root)
        check_root(pool, root, size);
    sw_params_read(pool,
                   &(sw_content_t){ .type = sw_span("application/json"),
                                    .body = text, .query = text },
                   &params);
    HOLDS(sw_project(pool, &params).n <= 3 * size);
    return fuzz_end(pool);
}
