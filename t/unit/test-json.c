/* SPDX-License-Identifier: Apache-2.0 */
/* Finding values in JSON: types, paths, repeated names, and the walks over
 * members and leaves. */
#include "core/text/json.h"
#include "core/text/json_parse.h"
#include "tap.h"

/* The text at a path; "(none)" for a value that is absent or has no text. */
static sw_span_t text_at(sw_span_t json, const char *path)
{
    const sw_json_t *root = sw_json_read(pool, tap_exact(json));
    sw_span_t text = sw_json_text(sw_json_at(root, path));

    return text.p ? text : sw_span("(none)");
}

static const struct {
    const char *path;
    const char *value; /* NULL: (none) */
} paths[] = {
    { "a", "1" }, { "b.c", "2" }, { "b.d.0", "3" }, { "b.d.1.e", "4" },
    { "b.d.2.0", "5" }, { "b.d.12", NULL }, { "b.d.3", "6" },
    { "b.d.4", NULL }, { "b.d.-1", NULL }, { "b.d.+1", NULL },
    { "b.d. 1", NULL }, { "b.d.1x", NULL }, { "b.d.x", NULL },
    { "b.d.0x1", NULL }, { "b.d.", NULL },
    { "b.d.18446744073709551616", NULL }, { "b.d.4294967296", NULL },
    { "b.d.9223372036854775808", NULL },
    { "a.b", NULL }, { "a.0", NULL }, { "x.y", NULL }, { "b.x.y.z", NULL },
    { "b..f", "7" }, { "b.", NULL }, { "g.", "8" }, { ".h", NULL },
    { ".i", "9" }, { "..", "10" }, { "j.k", NULL },
    { "b.d.00", NULL }, { "b.d.03", NULL }, { "", NULL },
    { "b", NULL }, { "B.c", NULL }
};

static void test_paths(void)
{
    sw_span_t json = SPAN(
        "{\"a\":1,\"b\":{\"c\":2,\"d\":[3,{\"e\":4},[5],6],\"\":{\"f\":7}},"
        "\"g\":{\"\":8},\"\":{\"i\":9,\"\":{\"\":10}},\"j.k\":11}");
    const sw_json_t *root = sw_json_read(pool, json);
    char *name = apr_palloc(pool, 512);
    int i;

    for (i = 0; i < COUNT(paths); i++)
        is(text_at(json, paths[i].path),
           sw_span(paths[i].value ? paths[i].value : "(none)"),
           apr_psprintf(pool, "path \"%s\"", paths[i].path));
    is(text_at(SPAN("{\"\":7}"), ""), SPAN("7"), "a name of no bytes");
    ok(sw_json_at(NULL, "") == NULL && sw_json_at(NULL, "a.b") == NULL,
       "nothing below nothing");
    memset(name, 'n', 511);
    name[511] = '\0';
    ok(sw_json_at(root, name) == NULL, "a name of 511 bytes");
}

static void test_types(void)
{
    const sw_json_t *root = sw_json_read(
        pool, SPAN("{\"o\":{\"a\":1,\"b\":2},\"a\":[1,2,3],\"s\":\"\","
                   "\"n\":1,\"N\":\"1\",\"z\":null,\"t\":true,\"f\":false}"));

    is_int(sw_json_type(root), SW_JSON_OBJECT, "the root");
    is_int(sw_json_type(sw_json_at(root, "o")), SW_JSON_OBJECT, "an object");
    is_int(sw_json_type(sw_json_at(root, "a")), SW_JSON_ARRAY, "an array");
    is_int(sw_json_type(sw_json_at(root, "s")), SW_JSON_STRING, "a string");
    is_int(sw_json_type(sw_json_at(root, "n")), SW_JSON_NUMBER, "a number");
    is_int(sw_json_type(sw_json_at(root, "N")), SW_JSON_STRING, "no number");
    is_int(sw_json_type(sw_json_at(root, "z")), SW_JSON_OTHER, "null");
    is_int(sw_json_type(sw_json_at(root, "t")), SW_JSON_OTHER, "true");
    is_int(sw_json_type(sw_json_at(root, "f")), SW_JSON_OTHER, "false");
    is_int(sw_json_type(sw_json_at(root, "x")), SW_JSON_ABSENT, "nothing");
    is_int((long)sw_json_count(root), 8, "members");
    is_int((long)sw_json_count(sw_json_at(root, "a")), 3, "elements");
    is_int((long)sw_json_count(sw_json_at(root, "s")), 0, "of a string");
    is_int((long)sw_json_count(NULL), 0, "of nothing");
    ok(sw_json_text(NULL).p == NULL, "nothing has no text");
    ok(sw_json_text(sw_json_at(root, "s")).p != NULL, "an empty string has");
}

static const struct {
    const char *name;
    sw_span_t text;
    const char *path;
    int is_sole;
    const char *value;
} doubles[] = {
    { "once", TEXT("{\"v\":1,\"w\":{\"v\":2}}"), "v", 1, "1" },
    { "twice", TEXT("{\"v\":1,\"v\":2}"), "v", 0, "2" },
    { "the same twice", TEXT("{\"v\":1,\"v\":1}"), "v", 0, "1" },
    { "another", TEXT("{\"v\":1,\"a\":1,\"a\":2}"), "v", 1, "1" },
    { "another spelling", TEXT("{\"v\":1,\"\\u0076\":2}"), "v", 0, "2" },
    { "below", TEXT("{\"a\":{\"v\":1,\"v\":2}}"), "a.v", 0, "2" },
    { "above", TEXT("{\"a\":{\"v\":1},\"a\":{\"v\":2}}"), "a.v", 0, "2" },
    { "where it is not", TEXT("{\"a\":{\"v\":1},\"a\":{}}"), "a.v", 0,
      "(none)" },
    { "in an element", TEXT("[{\"v\":1},{\"v\":2}]"), "1.v", 1, "2" },
    { "thrice", TEXT("{\"v\":1,\"v\":{},\"v\":null}"), "v", 0, "" },
    { "nowhere", TEXT("{\"a\":1,\"a\":1}"), "v", 1, "(none)" }
};

static void test_doubles(void)
{
    int i;

    for (i = 0; i < COUNT(doubles); i++) {
        const sw_json_t *root = sw_json_read(pool, doubles[i].text);

        is_int(sw_json_is_sole(root, doubles[i].path), doubles[i].is_sole,
               apr_pstrcat(pool, "sole: ", doubles[i].name, NULL));
        is(text_at(doubles[i].text, doubles[i].path),
           sw_span(doubles[i].value), "the last counts");
    }
}

/* The values of a walk: path, '=', text, ';'. A value "end" ends it. */
static int note(void *data, const char *path, const sw_json_t *value)
{
    char **text = data;
    sw_span_t here = sw_json_text(value);

    *text = apr_pstrcat(pool, *text, path, "=", here.p ? here.p : "?", ";",
                        NULL);
    return strcmp(path, "end") != 0;
}

static void test_walks(void)
{
    sw_span_t json = SPAN("{\"z\":1,\"b\":{\"c\":[\"x\",{\"d\":null},[]],"
                          "\"\":2},\"a.b\":3,\"\":{\"e\":true},\"z\":4,"
                          "\"m\":{}}");
    sw_span_t ends = SPAN("{\"a\":[1],\"end\":2,\"b\":3}");
    const sw_json_t *root = sw_json_read(pool, json);
    char *text = "";

    is_int(sw_json_members(root, note, &text), 1, "a walk to the end");
    is_str(text, "z=1;b=?;a.b=3;=?;z=4;m=?;", "members, as they came");
    text = "";
    is_int(sw_json_leaves(root, note, &text), 1, "a walk to the end");
    is_str(text, "z=1;b.c.0=x;b.c.1.d=;b.=2;a.b=3;.e=true;z=4;", "leaves");
    text = "";
    sw_json_leaves(sw_json_at(root, "b.c"), note, &text);
    is_str(text, "0=x;1.d=;", "leaves of an array");
    text = "";
    is_int(sw_json_members(sw_json_at(root, "b.c"), note, &text)
           && sw_json_members(NULL, note, &text)
           && sw_json_leaves(sw_json_at(root, "z"), note, &text)
           && sw_json_leaves(NULL, note, &text), 1, "nothing to walk over");
    is_str(text, "", "so nothing is met");
    root = sw_json_read(pool, ends);
    is_int(sw_json_members(root, note, &text), 0, "a walk that ends early");
    is_str(text, "a=?;end=2;", "no member after that");
    text = "";
    is_int(sw_json_leaves(root, note, &text), 0, "and one over leaves");
    is_str(text, "a.0=1;end=2;", "no leaf after that");
}

/* Leaves, those whose paths are too long, the longest path of the others. */
typedef struct seen_t {
    apr_size_t leaves, left_out, longest;
} seen_t;

static int measure(void *data, const char *path, const sw_json_t *value)
{
    seen_t *seen = data;

    if (!value)
        seen->left_out++;
    else if (strlen(path) > seen->longest)
        seen->longest = strlen(path);
    seen->leaves += value != NULL;
    return strcmp(path, "end") != 0;
}

static const struct {
    int name; /* bytes */
    const char *inner;
    seen_t seen;
} long_paths[] = {
    { 255, "1", { 2, 0, 255 } },
    { 256, "1", { 1, 1, 1 } },
    { 5000, "{\"a\":{\"b\":1},\"c\":1}", { 1, 1, 1 } },
    { 250, "{\"1234\":1}", { 2, 0, 255 } },
    { 250, "{\"12345\":1,\"a\":1}", { 2, 1, 252 } },
    { 254, "{\"\":1}", { 2, 0, 255 } },
    { 253, "[0,1,2,3,4,5,6,7,8,9,10,11]", { 11, 2, 255 } },
    { 250, "{\"12\":{\"a\":1,\"bc\":2}}", { 2, 1, 255 } },
    { 254, "{\"end\":1}", { 0, 1, 0 } }
};

/* {"nnn...":inner,"b":2} */
static void test_long_paths(void)
{
    int i;

    for (i = 0; i < COUNT(long_paths); i++) {
        seen_t seen = { 0, 0, 0 }, want = long_paths[i].seen;
        char *json = apr_psprintf(pool, "{\"%*s\":%s,\"b\":2}",
                                  long_paths[i].name, "n",
                                  long_paths[i].inner);

        sw_json_leaves(sw_json_read(pool, sw_span(json)), measure,
                       &seen);
        ok(seen.leaves == want.leaves && seen.left_out == want.left_out
           && seen.longest == want.longest, "a name of %d bytes before %s",
           long_paths[i].name, long_paths[i].inner);
    }
}

int main(void)
{
    tap_begin();
    test_paths();
    test_types();
    test_doubles();
    test_walks();
    test_long_paths();
    return tap_end();
}
