/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A near miss as a row of a table: a request, the signed text, and the expected
 * result of the search. For unit programs.
 */
#ifndef SW_TEST_NEAR_H
#define SW_TEST_NEAR_H

#include "core/signature/explain.h"
#include "sign.h"

#define A SW_SCHEME_SHA1
#define B SW_SCHEME_FORM
#define S SW_SCHEME_SHA256
#define JSON "application/json"
/* user:p+s; sub-delims are spelled in two ways */
#define LOGIN "Authorization: Basic dXNlcjpwK3M=\n"

/* Keys "one" (any project) and "two" (of project Q); the connection is http,
 * Host inner:81, the listener's port 8080, the block in <Location "/v">.
 * Defaults for NULL: base https://h, no fields, target /v, a body "{}" of JSON,
 * signed by scheme A and key "one". */
typedef struct case_t {
    const char *name;
    const char *base;   /* SignalWirePublicURL */
    const char *fields; /* of the header, a line each */
    const char *target;
    const char *type;   /* "-": none */
    const char *body;
    sw_scheme_e scheme;
    const char *text;   /* that was signed */
    const char *secret;
    sw_miss_e miss;
    sw_origin_change_e origin;
    sw_change_e change;
    const char *url;    /* said to be the right one */
    const char *set;    /* SignalWirePublicURL that is proposed */
    const char *location; /* and where */
} case_t;

static const sw_key_t *keys[2];
static const sw_policy_t policy = { keys, 2, SW_TYPE_ANY };

static inline const char *or(const char *text, const char *usual)
{
    return text ? text : usual;
}

static inline apr_table_t *read_fields(const char *lines)
{
    apr_table_t *fields = apr_table_make(pool, 4);
    char *line, *state, *text = apr_pstrdup(pool, or(lines, ""));

    apr_table_set(fields, "Host", "inner:81");
    for (line = apr_strtok(text, "\n", &state); line;
         line = apr_strtok(NULL, "\n", &state)) {
        char *value = strstr(line, ": ");

        *value = '\0';
        apr_table_set(fields, line, value + 2);
    }
    return fields;
}

/* Verify the request of a case with this SignalWirePublicURL. */
static inline sw_verdict_e verify(const case_t *c, const sw_public_url_t *base,
                                  const sw_hints_t *hints,
                                  sw_request_t *request)
{
    const char *type = or(c->type, JSON);
    sw_url_parts_t parts = { base, 1, hints->target,
                             apr_table_get(hints->fields, "Authorization") };
    sw_urls_t *urls = apr_palloc(pool, sizeof(*urls));
    sw_match_t match;

    sw_urls_make(pool, &parts, urls);
    request->urls = urls;
    request->query = sw_target_query(hints->target);
    request->content_type = sw_span(*type == '-' ? NULL : type);
    request->body = sw_span(or(c->body, "{}"));
    return sw_verify(pool, &policy, request, &match);
}

/* The words never show a query, credentials or a body. */
static inline void check_words(const case_t *c, const sw_finding_t *found)
{
    const char *words = sw_miss_explain(pool, found);
    sw_span_t query = found->request->query;

    ok(strstr(words, "p+s") == NULL && strstr(words, "user") == NULL
           && strstr(words, "p%2Bs") == NULL, "no credentials in: %s", words);
    ok(query.n < 3 || strstr(words, query.p) == NULL, "nor the query");
    ok(!c->set || strstr(words, c->set), "but the advice");
    ok(!c->location || strstr(words, apr_psprintf(pool, "<Location \"%s\">",
                                                  c->location)),
       "and where to put it");
    ok(c->set || strstr(words, "set SignalWirePublicURL") == NULL,
       "and no other");
}

static inline void check_case(const case_t *c)
{
    sw_public_url_t base;
    sw_hints_t hints = { .bases = &base, .base_count = 1,
                         .target = sw_span(or(c->target, "/v")),
                         .location = "/v", .fields = read_fields(c->fields),
                         .local_port = 8080 };
    sw_signature_t signature;
    sw_request_t request = { .signature = &signature };
    sw_finding_t found = { .request = &request };
    const sw_near_miss_t *near;

    test_fields(test_hmac(sw_span(or(c->secret, "one")), sw_span(c->text),
                          c->scheme ? c->scheme : A),
                c->scheme ? c->scheme : A, &signature);
    sw_public_url_parse(pool, or(c->base, "https://h"), "/v", &base);
    ok(verify(c, &base, &hints, &request) != SW_VERIFIED,
       "%s: not verified", c->name);
    near = found.near = sw_near_miss(pool, &policy, &request, &hints);
    is_int(near->miss, c->miss, "what it is");
    is_int(near->origin.change, c->origin, "the origin");
    is_int(near->original.change, c->change, "the target");
    is_str(near->matched_url, c->url, "the URL");
    is_str(near->public_url, c->set, "the directive");
    is_str(near->location, c->location, "its place");
    is_str(near->key ? sw_key_label(near->key) : NULL,
           c->miss ? or(c->secret, "one") : NULL, "the key");
    check_words(c, &found);
    if (near->public_url
        && !sw_public_url_parse(pool, near->public_url, near->location, &base))
        ok(verify(c, &base, &hints, &request) == SW_VERIFIED,
           "the directive helps");
}

static inline void check_cases(const case_t *cases, int count)
{
    int i;

    for (i = 0; i < count; i++)
        check_case(&cases[i]);
}

/* Make the keys. */
static inline void begin_cases(void)
{
    tap_begin();
    keys[0] = sw_key_make(pool, SPAN("one"), NULL, "one");
    keys[1] = sw_key_make(pool, SPAN("two"), "Q", "two");
}

#endif
