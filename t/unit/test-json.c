/* SPDX-License-Identifier: Apache-2.0 */
/* Strings out of bounded JSON, and the project that a callback names. */
#include "core/json.h"
#include "core/project.h"
#include "tap.h"

static const char *const paths[] = { "id", "call.id", "msg.id", NULL };

static const struct {
    const char *name;
    sw_span_t text;
    const char *found; /* NULL: nothing */
} cases[] = {
    { "a member", TEXT("{\"id\":\"x\"}"), "x" },
    { "blanks around", TEXT(" \r\n\t{ \"id\" : \"x\" } \n"), "x" },
    { "a member of a member", TEXT("{\"call\":{\"id\":\"x\"}}"), "x" },
    { "in several places, the same",
      TEXT("{\"id\":\"x\",\"call\":{\"id\":\"x\"},\"msg\":{\"id\":\"x\"}}"),
      "x" },
    { "in several places, another",
      TEXT("{\"id\":\"x\",\"call\":{\"id\":\"x\"},\"msg\":{\"id\":\"y\"}}"),
      NULL },
    { "another, though empty", TEXT("{\"id\":\"x\",\"call\":{\"id\":\"\"}}"),
      NULL },
    { "another behind a NUL",
      TEXT("{\"id\":\"x\\u0000a\",\"call\":{\"id\":\"x\\u0000b\"}}"), NULL },
    { "escapes", TEXT("{\"\\u0069d\":\"\\u00e4\\\"\\\\\"}"), "\xc3\xa4\"\\" },
    { "not a string", TEXT("{\"id\":7}"), NULL },
    { "null", TEXT("{\"id\":null,\"call\":{\"id\":\"x\"}}"), "x" },
    { "empty", TEXT("{\"id\":\"\"}"), NULL },
    { "absent", TEXT("{\"ID\":\"x\"}"), NULL },
    { "deeper", TEXT("{\"a\":{\"id\":\"x\"}}"), NULL },
    { "a dot in a name", TEXT("{\"call.id\":\"x\"}"), NULL },
    { "the outer is no object", TEXT("{\"call\":[\"id\",\"x\"]}"), NULL },
    { "in an array", TEXT("[{\"id\":\"x\"}]"), NULL },
    { "a member twice", TEXT("{\"id\":\"x\",\"id\":\"x\"}"), NULL },
    { "another member twice", TEXT("{\"id\":\"x\",\"a\":1,\"a\":2}"), NULL },
    { "a member twice, one escaped", TEXT("{\"id\":\"x\",\"\\u0069d\":\"y\"}"),
      NULL },
    { "twice below", TEXT("{\"id\":\"x\",\"a\":{\"b\":1,\"b\":1}}"), NULL },
    { "a string", TEXT("\"id\""), NULL },
    { "a number", TEXT("1"), NULL },
    { "nothing", TEXT(""), NULL },
    { "blanks", TEXT("  "), NULL },
    { "text behind it", TEXT("{\"id\":\"x\"}x"), NULL },
    { "another object behind it", TEXT("{\"id\":\"x\"}{}"), NULL },
    { "a NUL behind it", TEXT("{\"id\":\"x\"}\0"), NULL },
    { "cut off", TEXT("{\"id\":\"x\""), NULL },
    { "cut off in a string", TEXT("{\"id\":\"x"), NULL },
    { "cut off behind a backslash", TEXT("{\"id\":\"x\\"), NULL },
    { "invalid UTF-8", TEXT("{\"id\":\"\xff\"}"), NULL },
    { "a BOM", TEXT("\xef\xbb\xbf{\"id\":\"x\"}"), NULL },
    { "a form", TEXT("id=x"), NULL },
    { "a huge number is no fault",
      TEXT("{\"a\":123456789012345678901234567890,\"id\":\"x\"}"), "x" },
    { "brackets in strings do not count",
      TEXT("{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\",\"id\":\"x\"}"),
      "x" },
    { "nor behind an escaped quote",
      TEXT("{\"a\":\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\",\"id\":\"x\"}"),
      "x" }
};

static void test_cases(void)
{
    static const char *const nothing[] = { NULL };
    sw_span_t got;
    int i;

    for (i = 0; i < COUNT(cases); i++) {
        got = sw_json_string(pool, tap_exact(cases[i].text), paths);
        is(got, sw_span(cases[i].found), cases[i].name);
    }
    got = sw_json_string(pool, SPAN("{\"id\":\"a\\u0000b\"}"), paths);
    is(got, SPAN("a\0b"), "a NUL in a string");
    got = sw_json_string(pool, SPAN("{\"id\":\"x\"}"), nothing);
    ok(got.n == 0, "no path leads nowhere");
}

/* {"id":"x","a":[[...]]}, so many brackets deep */
static sw_span_t nested(int depth, char open, const char *inner)
{
    const char *text = "{\"id\":\"x\",\"a\":";
    int i;

    for (i = 1; i < depth; i++)
        text = apr_pstrcat(pool, text, open == '[' ? "[" : "{\"b\":", NULL);
    text = apr_pstrcat(pool, text, inner, NULL);
    for (i = 1; i < depth; i++)
        text = apr_pstrcat(pool, text, open == '[' ? "]" : "}", NULL);
    return sw_span(apr_pstrcat(pool, text, "}", NULL));
}

/* {"id":"x","a":[1,...]}, so many elements, each followed by blanks */
static sw_span_t wide(int elements, const char *blanks)
{
    const char *text = "{\"id\":\"x\",\"a\":[1";
    int i;

    for (i = 1; i < elements; i++)
        text = apr_pstrcat(pool, text, ",1", blanks, NULL);
    return sw_span(apr_pstrcat(pool, text, "]}", NULL));
}

static void test_bounds(void)
{
    sw_span_t text;

    is(sw_json_string(pool, nested(32, '[', "1"), paths), SPAN("x"),
       "arrays 32 deep");
    ok(!sw_json_string(pool, nested(33, '[', "1"), paths).n,
       "arrays 33 deep are not parsed");
    is(sw_json_string(pool, nested(32, '{', "1"), paths), SPAN("x"),
       "objects 32 deep");
    ok(!sw_json_string(pool, nested(33, '{', "1"), paths).n,
       "objects 33 deep are not parsed");
    /* 3 + n values against 64 + (16 + 2 * n) / 12, blanks aside */
    is(sw_json_string(pool, wide(62, ""), paths), SPAN("x"), "62 elements");
    text = wide(90, "");
    ok(!sw_json_string(pool, text, paths).n, "90 dense ones are not parsed");
    is(sw_json_string(pool, wide(90, "          "), paths), SPAN("x"),
       "90 in a longer text are");
    is(sw_json_string(pool, wide(900, "          "), paths), SPAN("x"),
       "900, one for each 12 bytes");
    ok(!sw_json_string(pool, wide(900, "        "), paths).n,
       "900, one for each 10 bytes");
}

#define FORM "application/x-www-form-urlencoded"

static const struct {
    const char *name;
    const char *type;
    sw_span_t body;
    const char *query;
    const char *project; /* NULL: unknown */
} projects[] = {
    { "a form", FORM, TEXT("From=1&AccountSid=p&To=2"), "", "p" },
    { "decoded", FORM, TEXT("Account%53id=%70+q"), "", "p q" },
    { "a form, repeated", FORM, TEXT("AccountSid=p&AccountSid=p"), "", NULL },
    { "repeated in another spelling", FORM, TEXT("AccountSid=p&Account%53id="),
      "", NULL },
    { "another case", FORM, TEXT("accountsid=p"), "", NULL },
    { "a bare name", FORM, TEXT("AccountSid"), "", NULL },
    { "not from the query beside a body", FORM, TEXT("A=1"), "AccountSid=p",
      NULL },
    { "the query without a body", NULL, TEXT(""), "a=1&AccountSid=p", "p" },
    { "the query, repeated", FORM, TEXT(""), "AccountSid=p&AccountSid=q",
      NULL },
    { "nothing", NULL, TEXT(""), "", NULL },
    { "JSON", "application/json", TEXT("{\"project_id\":\"p\"}"), "", "p" },
    { "JSON of a call", "application/json",
      TEXT("{\"call\":{\"project_id\":\"p\"}}"), "", "p" },
    { "JSON of a message", "application/json",
      TEXT("{\"message\":{\"project_id\":\"p\"}}"), "", "p" },
    { "JSON of call_info", NULL,
      TEXT("{\"call_info\":{\"project_id\":\"p\"}}"), "", "p" },
    { "JSON that disagrees", "application/json",
      TEXT("{\"project_id\":\"p\",\"call\":{\"project_id\":\"q\"}}"), "",
      NULL },
    { "JSON that agrees", "application/json",
      TEXT("{\"project_id\":\"p\",\"call\":{\"project_id\":\"p\"}}"), "",
      "p" },
    { "JSON that names it twice", "application/json",
      TEXT("{\"project_id\":\"p\",\"project_id\":\"p\"}"), "", NULL },
    { "JSON called a form", FORM, TEXT("{\"project_id\":\"p\"}"), "", NULL },
    { "a form called JSON", "application/json", TEXT("AccountSid=p"), "",
      NULL },
    { "a form of two types", FORM ", application/json", TEXT("AccountSid=p"),
      "", NULL }
};

static void test_projects(void)
{
    int i;

    for (i = 0; i < COUNT(projects); i++)
        is(sw_project(pool, sw_span(projects[i].type),
                      tap_exact(projects[i].body), sw_span(projects[i].query)),
           sw_span(projects[i].project),
           apr_pstrcat(pool, "project: ", projects[i].name, NULL));
    is(sw_project(pool, sw_span(FORM), SPAN("AccountSid=a%00b"), SPAN("")),
       SPAN("a\0b"), "project: a NUL");
}

int main(void)
{
    tap_begin();
    test_cases();
    test_bounds();
    test_projects();
    return tap_end();
}
