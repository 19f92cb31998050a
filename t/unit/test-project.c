/* SPDX-License-Identifier: Apache-2.0 */
/* The project that a request names, where no application can read another. */
#include "core/event/kinds.h"
#include "core/event/project.h"
#include "tap.h"

#define FORM "application/x-www-form-urlencoded"
#define JSON "application/json"

enum { WITH_BODY, WITHOUT };

/* Five parameters: the columns of a table. */
static void read_params(int has_no_body, const char *type, sw_span_t body,
                        sw_span_t query, sw_params_t *params)
{
    sw_content_t content = { has_no_body, sw_span(type), tap_exact(body),
                             tap_exact(query), NULL };

    sw_params_read(pool, &content, params);
}

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
    { "the query beside audio", "audio/wav", TEXT("x"), "AccountSid=p", NULL },
    { "the query, repeated", FORM, TEXT(""), "AccountSid=p&AccountSid=q",
      NULL },
    { "nothing", NULL, TEXT(""), "", NULL },
    { "JSON", JSON, TEXT("{\"project_id\":\"p\"}"), "", "p" },
    { "of a call", JSON, TEXT("{\"call\":{\"project_id\":\"p\"}}"), "", "p" },
    { "of a message", JSON, TEXT("{\"message\":{\"project_id\":\"p\"}}"), "",
      "p" },
    { "of call_info", NULL, TEXT("{\"call_info\":{\"project_id\":\"p\"}}"),
      "", "p" },
    { "of params", JSON, TEXT("{\"params\":{\"project_id\":\"p\"}}"), "", "p" },
    { "of a sidecar", JSON,
      TEXT("{\"sidecar_event\":{\"project_id\":\"p\"}}"), "", "p" },
    { "deeper", JSON, TEXT("{\"a\":{\"project_id\":\"p\"}}"), "", NULL },
    { "params that disagree", JSON,
      TEXT("{\"project_id\":\"p\",\"params\":{\"project_id\":\"q\"}}"), "",
      NULL },
    { "JSON and the query", JSON, TEXT("{\"project_id\":\"p\"}"),
      "AccountSid=p", "p" },
    { "JSON, another in the query", JSON, TEXT("{\"project_id\":\"p\"}"),
      "AccountSid=q", NULL },
    { "JSON, something like it in the query", JSON,
      TEXT("{\"project_id\":\"p\"}"), "accountsid=q", NULL },
    { "a form, and another case", FORM, TEXT("AccountSid=p&ACCOUNTSID=q"), "",
      NULL },
    { "a form, and a list", FORM, TEXT("AccountSid=p&AccountSid%5b0]=q"), "",
      NULL },
    { "a form, and a blank before", FORM, TEXT("AccountSid=p&+AccountSid=q"),
      "", NULL },
    { "a form, and a NUL after", FORM, TEXT("AccountSid=p&AccountSid%00x=q"),
      "", NULL },
    { "a form, and a semicolon", FORM, TEXT("AccountSid=p&A=1;AccountSid=q"),
      "", NULL },
    { "a form, and a longer name", FORM, TEXT("AccountSid=p&AccountSidX=q"),
      "", "p" },
    { "a form, and a shorter name", FORM, TEXT("AccountSid=p&AccountSi=q"),
      "", "p" },
    { "a form, something like it in the query", FORM, TEXT("AccountSid=p"),
      "accountSid=p", NULL },
    { "a form that is JSON", FORM,
      TEXT(" {\"project_id\":\"q\",\"a\":\"&AccountSid=p&\"}"), "", NULL },
    { "a form that is a list", FORM, TEXT("[&AccountSid=p"), "", NULL },
    { "JSON that disagrees", JSON,
      TEXT("{\"project_id\":\"p\",\"call\":{\"project_id\":\"q\"}}"), "",
      NULL },
    { "also by an empty one", JSON,
      TEXT("{\"project_id\":\"p\",\"call\":{\"project_id\":\"\"}}"), "",
      NULL },
    { "JSON that agrees", JSON,
      TEXT("{\"project_id\":\"p\",\"call\":{\"project_id\":\"p\"}}"), "",
      "p" },
    { "JSON that names it twice", JSON,
      TEXT("{\"project_id\":\"p\",\"project_id\":\"p\"}"), "", NULL },
    { "or what it stands in", JSON,
      TEXT("{\"call\":{\"project_id\":\"p\"},\"call\":{}}"), "", NULL },
    { "but anything else twice", JSON,
      TEXT("{\"project_id\":\"p\",\"a\":{\"b\":1,\"b\":1}}"), "", "p" },
    { "not text", JSON, TEXT("{\"project_id\":{}}"), "", NULL },
    { "JSON, not from the query", JSON, TEXT("{}"), "AccountSid=p", NULL },
    { "broken JSON", JSON, TEXT("{\"project_id\":\"p\""), "AccountSid=p",
      NULL },
    { "JSON with the names of forms", JSON, TEXT("{\"AccountSid\":\"p\"}"), "",
      "p" },
    { "JSON with both", JSON,
      TEXT("{\"AccountSid\":\"p\",\"project_id\":\"q\"}"), "", NULL },
    { "a form and the query", FORM, TEXT("AccountSid=p"), "AccountSid=%70",
      "p" },
    { "a form, another in the query", FORM, TEXT("AccountSid=p"),
      "AccountSid=q", NULL },
    { "a form, twice in the query", FORM, TEXT("AccountSid=p"),
      "AccountSid=p&AccountSid=p", NULL },
    { "multipart, the query", "multipart/form-data; boundary=x",
      TEXT("--x\r\nContent-Disposition: form-data; name=AccountSid\r\n\r\nq"),
      "AccountSid=p", NULL },
    { "an image, the query", "image/png", TEXT("AccountSid=q"),
      "AccountSid=p", NULL },
    { "text, the query", "text/plain", TEXT("q"), "AccountSid=p", NULL },
    { "no body, the query", "image/png", TEXT(""), "AccountSid=p", "p" },
    { "JSON called a form", FORM, TEXT("{\"project_id\":\"p\"}"), "", NULL },
    { "a form called JSON", JSON, TEXT("AccountSid=p"), "", NULL },
    { "a form of two types", FORM ", " JSON, TEXT("AccountSid=p"), "", NULL }
};

/* Every event has its subject at a path that the project is read from. */
static void test_subjects(void)
{
    sw_params_t params;
    int kind, i;

    for (kind = 0; kind < SW_KIND_COUNT; kind++) {
        for (i = 0; sw_kinds[kind].subject[i]; i++) {
            const char *subject = sw_kinds[kind].subject[i];
            const char *body = apr_psprintf(
                pool, *subject ? "{\"%s\":{\"project_id\":\"p\"}}"
                               : "{\"project_id\":\"p\"}", subject);

            read_params(WITH_BODY, JSON, sw_span(body), SPAN(""), &params);
            is(sw_project(pool, &params), SPAN("p"),
               apr_psprintf(pool, "project of kind %d: %s", kind, subject));
        }
    }
}

static void test_projects(void)
{
    sw_params_t params;
    sw_span_t got;
    int i;

    for (i = 0; i < COUNT(projects); i++) {
        read_params(WITH_BODY, projects[i].type, projects[i].body,
                    sw_span(projects[i].query), &params);
        got = sw_project(pool, &params);
        is(got, sw_span(projects[i].project),
           apr_pstrcat(pool, "project: ", projects[i].name, NULL));
    }
    read_params(WITH_BODY, FORM, SPAN("AccountSid=a%00b"), SPAN(""), &params);
    is(sw_project(pool, &params), SPAN("a\0b"), "project: a NUL");
    read_params(WITHOUT, JSON, SPAN(""), SPAN("AccountSid=p"), &params);
    is(sw_project(pool, &params), SPAN("p"), "project: GET");
    read_params(WITHOUT, JSON, SPAN("{}"), SPAN("AccountSid=p"), &params);
    is(sw_project(pool, &params), sw_span(NULL), "project: GET with a body");
}

int main(void)
{
    tap_begin();
    test_projects();
    test_subjects();
    return tap_end();
}
