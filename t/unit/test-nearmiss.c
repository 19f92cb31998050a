/* SPDX-License-Identifier: Apache-2.0 */
/* Near misses, one by one: a signature for another URL or by another scheme,
 * and what it is said to be. */
#include "core/nearmiss.h"
#include "sign.h"

#define A SW_SCHEME_SHA1
#define B SW_SCHEME_FORM
#define S SW_SCHEME_SHA256
#define JSON "application/json"

/* Keys "one" (any project) and "two" (of project Q); the connection is http,
 * Host inner:81, the listener's port 8080. */
typedef struct case_t {
    const char *name;
    const char *base;      /* SignalWirePublicURL */
    const char *forwarded; /* X-Forwarded-Host, with X-Forwarded-Proto https */
    const char *target;
    const char *type;
    const char *body;
    sw_scheme_e scheme;
    const char *text; /* that was signed */
    const char *secret;
    sw_miss_e miss;
    const char *would; /* the URL said to be the right one */
} case_t;

static const case_t cases[] = {
    { "nothing near", "https://h", NULL, "/v", JSON, "{}", A,
      "https://evil.example/v{}", "one", SW_MISS_NONE, NULL },
    { "another key", "https://h", NULL, "/v", JSON, "{}", A, "https://h/v{}",
      "three", SW_MISS_NONE, NULL },
    { "another body", "https://h", NULL, "/v", JSON, "{}", A, "https://h/v[]",
      "one", SW_MISS_NONE, NULL },
    { "another query", "https://h", NULL, "/v?a=1", JSON, "{}", A,
      "https://h/v?a=2{}", "one", SW_MISS_NONE, NULL },

    { "key of another project", "https://h", NULL, "/v", JSON, "{}", A,
      "https://h/v{}", "two", SW_MISS_PROJECT, "https://h/v" },

    { "forwarded", "https://h", "public.example", "/v?a=1", JSON, "{}", A,
      "https://public.example/v?a=1{}", "one", SW_MISS_FORWARDED,
      "https://public.example/v" },
    { "forwarded, default port", "https://h", "public.example", "/v", JSON,
      "{}", A, "https://public.example:443/v{}", "one", SW_MISS_FORWARDED,
      "https://public.example:443/v" },
    { "forwarded, a form", "https://h", "public.example", "/v", FORM_TYPE,
      "B=2&A=1", B, "https://public.example/vA1B2", "one", SW_MISS_FORWARDED,
      "https://public.example/v" },
    { "forwarded list", "https://h", "a.example, b.example", "/v", JSON, "{}",
      A, "https://a.example/v{}", "one", SW_MISS_NONE, NULL },

    { "Host", "https://h", NULL, "/v", JSON, "{}", A, "http://inner:81/v{}",
      "one", SW_MISS_HOST, "http://inner:81/v" },
    { "Host, SHA-256 alone", "https://h", NULL, "/v", JSON, "{}", S,
      "http://inner:81/v{}", "one", SW_MISS_HOST, "http://inner:81/v" },

    { "scheme", "https://h", NULL, "/v", JSON, "{}", A, "http://h/v{}", "one",
      SW_MISS_SCHEME, "http://h/v" },
    { "scheme the other way", "http://h", NULL, "/v", JSON, "{}", A,
      "https://h/v{}", "one", SW_MISS_SCHEME, "https://h/v" },
    { "scheme, same port", "https://h:8443", NULL, "/v", JSON, "{}", A,
      "http://h:8443/v{}", "one", SW_MISS_SCHEME, "http://h:8443/v" },
    { "scheme and port", "http://h:8000", NULL, "/v", JSON, "{}", A,
      "https://h/v{}", "one", SW_MISS_SCHEME, "https://h/v" },
    { "scheme of Host", "https://h", NULL, "/v", JSON, "{}", A,
      "https://inner:81/v{}", "one", SW_MISS_SCHEME, "https://inner:81/v" },

    { "no port", "https://h:8443", NULL, "/v", JSON, "{}", A, "https://h/v{}",
      "one", SW_MISS_PORT, "https://h/v" },
    { "the listener's port", "http://h", NULL, "/v", JSON, "{}", A,
      "http://h:8080/v{}", "one", SW_MISS_PORT, "http://h:8080/v" },
    { "no port, IPv6", "https://[::1]:8443", NULL, "/v", JSON, "{}", A,
      "https://[::1]/v{}", "one", SW_MISS_PORT, "https://[::1]/v" },
    { "a third port", "https://h", NULL, "/v", JSON, "{}", A,
      "https://h:9999/v{}", "one", SW_MISS_NONE, NULL },

    { "a slash more", "https://h", NULL, "/v?a=1", JSON, "{}", A,
      "https://h/v/?a=1{}", "one", SW_MISS_SLASH, "https://h/v/" },
    { "a slash less", "https://h", NULL, "/v/?a=1", JSON, "{}", A,
      "https://h/v?a=1{}", "one", SW_MISS_SLASH, "https://h/v" },
    { "a slash less, no query", "https://h", NULL, "/v/", JSON, "{}", A,
      "https://h/v{}", "one", SW_MISS_SLASH, "https://h/v" },

    { "the root without slash", "https://h", NULL, "/", FORM_TYPE, "A=1", B,
      "https://hA1", "one", SW_MISS_ROOT, "https://h" },

    { "query sorted", "https://h", NULL, "/v?b=2&a=1&c", JSON, "{}", A,
      "https://h/v?a=1&b=2&c{}", "one", SW_MISS_QUERY, "https://h/v" },
    { "query sorted, one parameter", "https://h", NULL, "/v?b", JSON, "{}", A,
      "https://h/v?a{}", "one", SW_MISS_NONE, NULL },

    { "a form under another type", "https://h", NULL, "/v", JSON, "B=2&A=1",
      B, "https://h/vA1B2", "one", SW_MISS_TYPE, "https://h/v" },
    { "a form of no type", "https://h", NULL, "/v", NULL, "A=1", B,
      "https://h/vA1", "one", SW_MISS_TYPE, "https://h/v" },
    { "the URL alone, JSON", "https://h", NULL, "/v", JSON, "{}", B,
      "https://h/v", "one", SW_MISS_UNCOVERED, "https://h/v" },
    { "the URL alone, a form", "https://h", NULL, "/v", FORM_TYPE, "A=1", B,
      "https://h/v", "one", SW_MISS_UNCOVERED, "https://h/v" },
    { "hex of a form", "https://h", NULL, "/v", FORM_TYPE, "B=2&A=1", A,
      "https://h/vA1B2", "one", SW_MISS_OTHER, "https://h/v" },
    { "base64 of a body", "https://h", NULL, "/v", JSON, "{\"a\":\"=&\"}", B,
      "https://h/v{\"a\":\"=&\"}", "one", SW_MISS_OTHER, "https://h/v" }
};

/* The name that a case has in the enumeration; for the tests' output. */
static const char *const names[] = {
    "none", "project", "forwarded", "host", "scheme", "port", "slash", "root",
    "query", "type", "uncovered", "sha256", "other"
};

static const sw_key_t *keys[2];

static sw_miss_e search(const case_t *c, const sw_signature_t *signature,
                        const char **would, const sw_key_t **key)
{
    sw_request_t request = test_request(c->base, c->target, c->type,
                                        sw_span(c->body));
    sw_public_url_t base;
    sw_clues_t clues = { &base, 1, sw_span(c->target), "inner:81", 0,
                         { .host = c->forwarded }, 8080 };
    sw_proof_t proof;

    if (c->forwarded)
        clues.forwarded.proto = "https";
    sw_public_url_parse(pool, c->base, NULL, &base);
    ok(sw_verify(pool, keys, 2, &request, signature, SW_TYPE_ANY, &proof)
           != SW_VERIFIED, "%s: not verified", c->name);
    return sw_near_miss(pool, keys, 2, &request, signature, &clues, would,
                        key);
}

static void test_cases(void)
{
    int i;

    for (i = 0; i < COUNT(cases); i++) {
        const case_t *c = &cases[i];
        sw_signature_t signature;
        const sw_key_t *key;
        const char *would;
        sw_miss_e miss;

        test_fields(test_hmac(sw_span(c->secret), sw_span(c->text), c->scheme),
                    c->scheme, &signature);
        miss = search(c, &signature, &would, &key);
        is_str(names[miss], names[c->miss], "what it is");
        is_str(would, c->would, "the URL");
        is_str(key ? sw_key_label(key) : NULL, c->miss ? c->secret : NULL,
               "the key");
    }
}

/* The SHA-1 field is right, the SHA-256 field beside it is not. */
static void test_sha256(void)
{
    case_t c = { .name = "SHA-256 wrong, SHA-1 right", .base = "https://h",
                 .target = "/v", .type = JSON, .body = "{}" };
    sw_signature_t signature;
    const sw_key_t *key;
    const char *would;

    sw_signature_read(test_hmac(SPAN("one"), SPAN("https://h/v{}"), A), NULL,
                      test_hmac(SPAN("x"), SPAN("https://h/v{}"), S),
                      &signature);
    is_int(search(&c, &signature, &would, &key), SW_MISS_SHA256, "what it is");
}

/* Seventy parameters: too many to sort for a log line. */
static void test_bounds(void)
{
    case_t c = { .name = "70 parameters", .base = "https://h", .body = "{}" };
    const char *target = "/v?z", *sorted = "https://h/v?a";
    sw_signature_t signature;
    const sw_key_t *key;
    const char *would;
    int i;

    for (i = 0; i < 68; i++) {
        target = apr_pstrcat(pool, target, "&b", NULL);
        sorted = apr_pstrcat(pool, sorted, "&b", NULL);
    }
    c.target = apr_pstrcat(pool, target, "&a", NULL);
    test_fields(test_hmac(SPAN("one"), sw_span(apr_pstrcat(pool, sorted, "&z{}",
                                                           NULL)), A),
                A, &signature);
    is_int(search(&c, &signature, &would, &key), SW_MISS_NONE,
           "more than 64 are not sorted");
}

int main(void)
{
    tap_begin();
    keys[0] = sw_key_make(pool, SPAN("one"), NULL, "one");
    keys[1] = sw_key_make(pool, SPAN("two"), "Q", "two");
    test_cases();
    test_sha256();
    test_bounds();
    return tap_end();
}
