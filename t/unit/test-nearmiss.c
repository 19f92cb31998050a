/* SPDX-License-Identifier: Apache-2.0 */
/* Near misses: a signature for another origin or by another scheme is
 * recognised, and the advice makes it right; the search is bounded. */
#include "near.h"

/* The origin. */
static const case_t origins[] = {
    { .name = "nothing near", .text = "https://evil.example/v{}" },
    { .name = "another key", .text = "https://h/v{}", .secret = "three" },
    { .name = "another body", .text = "https://h/v[]" },
    { .name = "another query", .target = "/v?a=1",
      .text = "https://h/v?a=2{}" },

    { .name = "forwarded", .fields = "X-Forwarded-Host: public.example\n"
      "X-Forwarded-Proto: https", .target = "/v?a=1",
      .text = "https://public.example/v?a=1{}", .miss = SW_MISS_URL,
      .origin = SW_ORIGIN_FORWARDED, .url = "https://public.example/v",
      .set = "https://public.example" },
    { .name = "forwarded, default port",
      .fields = "X-Forwarded-Host: public.example\nX-Forwarded-Proto: https",
      .text = "https://public.example:443/v{}", .miss = SW_MISS_URL,
      .origin = SW_ORIGIN_FORWARDED, .url = "https://public.example:443/v",
      .set = "https://public.example:443" },
    { .name = "forwarded, a form",
      .fields = "Forwarded: host=public.example;proto=https",
      .type = FORM_TYPE, .body = "B=2&A=1", .scheme = B,
      .text = "https://public.example/vA1B2", .miss = SW_MISS_URL,
      .origin = SW_ORIGIN_FORWARDED, .url = "https://public.example/v",
      .set = "https://public.example" },
    { .name = "forwarded, the scheme not",
      .fields = "X-Forwarded-Host: public.example",
      .text = "https://public.example/v{}", .miss = SW_MISS_URL,
      .origin = SW_ORIGIN_HOST, .url = "https://public.example/v",
      .set = "https://public.example" },
    { .name = "forwarded, with a port",
      .fields = "X-Forwarded-Host: public.example\nX-Forwarded-Port: 8443",
      .text = "https://public.example:8443/v{}", .miss = SW_MISS_URL,
      .origin = SW_ORIGIN_HOST, .url = "https://public.example:8443/v",
      .set = "https://public.example:8443" },
    { .name = "first of a list",
      .fields = "X-Forwarded-Host: a.example, b.example\n"
      "X-Forwarded-Proto: https, http", .text = "https://a.example/v{}",
      .miss = SW_MISS_URL, .origin = SW_ORIGIN_HOST,
      .url = "https://a.example/v", .set = "https://a.example" },
    { .name = "last of a list",
      .fields = "X-Forwarded-Host: a.example,b.example , c.example",
      .text = "http://c.example/v{}", .miss = SW_MISS_URL,
      .origin = SW_ORIGIN_HOST, .url = "http://c.example/v",
      .set = "http://c.example" },
    { .name = "too far in a list",
      .fields = "X-Forwarded-Host: a, b, c, d, e.example",
      .text = "https://e.example/v{}" },
    { .name = "a list of Forwarded",
      .fields = "Forwarded: for=1;host=a.example, for=2;host=\"b.example:8\"",
      .text = "https://b.example:8/v{}", .miss = SW_MISS_URL,
      .origin = SW_ORIGIN_HOST, .url = "https://b.example:8/v",
      .set = "https://b.example:8" },
    { .name = "X-Original-Host", .fields = "X-Original-Host: o.example",
      .text = "https://o.example/v{}", .miss = SW_MISS_URL,
      .origin = SW_ORIGIN_HOST, .url = "https://o.example/v",
      .set = "https://o.example" },
    { .name = "X-Original-URL with a host",
      .fields = "X-Original-URL: https://o.example/v",
      .text = "https://o.example/v{}", .miss = SW_MISS_URL,
      .origin = SW_ORIGIN_HOST, .url = "https://o.example/v",
      .set = "https://o.example" },

    { .name = "Host", .text = "http://inner:81/v{}", .miss = SW_MISS_URL,
      .origin = SW_ORIGIN_HOST, .url = "http://inner:81/v",
      .set = "http://inner:81" },
    { .name = "Host, SHA-256 alone", .scheme = S,
      .text = "http://inner:81/v{}", .miss = SW_MISS_URL,
      .origin = SW_ORIGIN_HOST, .url = "http://inner:81/v",
      .set = "http://inner:81" },
    { .name = "Host without its port", .text = "https://inner/v{}",
      .miss = SW_MISS_URL, .origin = SW_ORIGIN_HOST, .url = "https://inner/v",
      .set = "https://inner" },

    { .name = "scheme", .text = "http://h/v{}", .miss = SW_MISS_URL,
      .origin = SW_ORIGIN_SCHEME, .url = "http://h/v", .set = "http://h" },
    { .name = "scheme the other way", .base = "http://h",
      .text = "https://h/v{}", .miss = SW_MISS_URL, .origin = SW_ORIGIN_SCHEME,
      .url = "https://h/v", .set = "https://h" },
    { .name = "scheme, same port", .base = "https://h:8443",
      .text = "http://h:8443/v{}", .miss = SW_MISS_URL,
      .origin = SW_ORIGIN_SCHEME, .url = "http://h:8443/v",
      .set = "http://h:8443" },
    { .name = "scheme and port", .base = "http://h:8000",
      .text = "https://h/v{}", .miss = SW_MISS_URL, .origin = SW_ORIGIN_SCHEME,
      .url = "https://h/v", .set = "https://h" },
    { .name = "scheme, and a port that is forwarded", .base = "http://h",
      .fields = "X-Forwarded-Port: 8443", .text = "https://h:8443/v{}",
      .miss = SW_MISS_URL, .origin = SW_ORIGIN_SCHEME,
      .url = "https://h:8443/v", .set = "https://h:8443" },
    { .name = "scheme of Host", .text = "https://inner:81/v{}",
      .miss = SW_MISS_URL, .origin = SW_ORIGIN_SCHEME,
      .url = "https://inner:81/v", .set = "https://inner:81" },
    { .name = "scheme, a path of SignalWirePublicURL",
      .base = "https://h/app", .target = "/v/x", .text = "http://h/app/x{}",
      .miss = SW_MISS_URL, .origin = SW_ORIGIN_SCHEME, .url = "http://h/app/x",
      .set = "http://h/app", .location = "/v" },

    { .name = "no port", .base = "https://h:8443", .text = "https://h/v{}",
      .miss = SW_MISS_URL, .origin = SW_ORIGIN_PORT, .url = "https://h/v",
      .set = "https://h" },
    { .name = "the listener's port", .base = "http://h",
      .text = "http://h:8080/v{}", .miss = SW_MISS_URL,
      .origin = SW_ORIGIN_PORT, .url = "http://h:8080/v",
      .set = "http://h:8080" },
    { .name = "the port of Host", .text = "https://h:81/v{}",
      .miss = SW_MISS_URL, .origin = SW_ORIGIN_PORT, .url = "https://h:81/v",
      .set = "https://h:81" },
    { .name = "no port, IPv6", .base = "https://[::1]:8443",
      .text = "https://[::1]/v{}", .miss = SW_MISS_URL,
      .origin = SW_ORIGIN_PORT, .url = "https://[::1]/v",
      .set = "https://[::1]" },
    { .name = "a third port", .text = "https://h:9999/v{}" },

    { .name = "credentials and scheme", .fields = LOGIN,
      .text = "http://user:p+s@h/v{}", .miss = SW_MISS_URL,
      .origin = SW_ORIGIN_SCHEME, .url = "http://h/v", .set = "http://h" },
    { .name = "credentials and port", .fields = LOGIN, .base = "https://h:8443",
      .text = "https://user:p%2Bs@h/v{}", .miss = SW_MISS_URL,
      .origin = SW_ORIGIN_PORT, .url = "https://h/v", .set = "https://h" },
    { .name = "credentials and host",
      .fields = LOGIN "X-Forwarded-Host: a.example, b.example",
      .text = "https://user:p+s@b.example/v{}", .miss = SW_MISS_URL,
      .origin = SW_ORIGIN_HOST, .url = "https://b.example/v",
      .set = "https://b.example" },
    { .name = "credentials and Host", .fields = LOGIN, .type = FORM_TYPE,
      .body = "A=1", .scheme = B, .text = "http://user:p+s@inner:81/vA1",
      .miss = SW_MISS_URL, .origin = SW_ORIGIN_HOST,
      .url = "http://inner:81/v", .set = "http://inner:81" },
    { .name = "a path of SignalWirePublicURL too much",
      .base = "https://h/app", .target = "/v/x", .text = "https://h/v/x{}",
      .miss = SW_MISS_URL, .origin = SW_ORIGIN_PATH, .url = "https://h/v/x",
      .set = "https://h" }
};

/* Faults other than the URL. */
static const case_t others[] = {
    { .name = "key of another project", .text = "https://h/v{}",
      .secret = "two", .miss = SW_MISS_PROJECT, .url = "https://h/v" },
    { .name = "a form under another type", .body = "B=2&A=1", .scheme = B,
      .text = "https://h/vA1B2", .miss = SW_MISS_TYPE, .url = "https://h/v" },
    { .name = "a form of no type", .type = "-", .body = "A=1", .scheme = B,
      .text = "https://h/vA1", .miss = SW_MISS_TYPE, .url = "https://h/v" },
    { .name = "the URL alone, JSON", .scheme = B, .text = "https://h/v",
      .miss = SW_MISS_UNCOVERED, .url = "https://h/v" },
    { .name = "the URL alone, a form", .type = FORM_TYPE, .body = "A=1",
      .scheme = B, .text = "https://h/v", .miss = SW_MISS_UNCOVERED,
      .url = "https://h/v" },
    { .name = "hex of a form", .type = FORM_TYPE, .body = "B=2&A=1",
      .text = "https://h/vA1B2", .miss = SW_MISS_ENCODING,
      .url = "https://h/v" },
    { .name = "base64 of a body", .body = "{\"a\":\"=&\"}", .scheme = B,
      .text = "https://h/v{\"a\":\"=&\"}", .miss = SW_MISS_ENCODING,
      .url = "https://h/v" }
};

/* The SHA-1 field is right, the SHA-256 field beside it is not. */
static void test_sha256(void)
{
    case_t c = { .name = "SHA-256 wrong, SHA-1 right" };
    sw_public_url_t base;
    sw_hints_t hints = { .bases = &base, .base_count = 1,
                         .target = SPAN("/v"), .fields = read_fields(NULL) };
    sw_signature_t signature;
    sw_request_t request = { .signature = &signature };
    sw_finding_t found = { .request = &request };
    const char *sha256 = test_hmac(SPAN("x"), SPAN("https://h/v{}"), S);
    int i;

    sw_public_url_parse(pool, "https://h", NULL, &base);
    for (i = 0; i < 2; i++) {
        const char *words;

        sw_signature_read(test_hmac(SPAN("one"), SPAN("https://h/v{}"), A),
                          NULL, i ? "" : sha256, &signature);
        ok(verify(&c, &base, &hints, &request) == SW_MISMATCH,
           "%s", c.name);
        found.near = sw_near_miss(pool, &policy, &request, &hints);
        is_int(found.near->miss, SW_MISS_SHA256, "what it is");
        words = sw_miss_explain(pool, &found);
        ok(!strstr(words, "is empty") == !i, "and why: %s", words);
    }
}

/* Two faults: another URL, and the field beside it. */
static void test_sha256_besides(void)
{
    case_t c = { .name = "SHA-256 wrong, another scheme" };
    sw_public_url_t base;
    sw_hints_t hints = { .bases = &base, .base_count = 1,
                         .target = SPAN("/v"), .fields = read_fields(NULL) };
    sw_signature_t signature;
    sw_request_t request = { .signature = &signature };
    sw_finding_t found = { .request = &request };
    int is_right;

    sw_public_url_parse(pool, "https://h", NULL, &base);
    for (is_right = 0; is_right < 2; is_right++) {
        sw_signature_read(test_hmac(SPAN("one"), SPAN("http://h/v{}"), A),
                          NULL, test_hmac(is_right ? SPAN("one") : SPAN("x"),
                                          SPAN("http://h/v{}"), S),
                          &signature);
        verify(&c, &base, &hints, &request);
        found.near = sw_near_miss(pool, &policy, &request, &hints);
        is_int(found.near->origin.change, SW_ORIGIN_SCHEME, c.name);
        is_int(found.near->is_sha256_wrong, !is_right, "besides");
        ok((strstr(sw_miss_explain(pool, &found), "Besides") == NULL)
               == is_right,
           "and this is said");
    }
}

/* The search ends early for many parameters or a large body. */
static void test_bounds(void)
{
    case_t c = { .name = "70 parameters", .target = "/v?z",
                 .text = "https://h/v?a" };
    char *body = apr_palloc(pool, 1048577);
    int i;

    for (i = 0; i < 68; i++) {
        c.target = apr_pstrcat(pool, c.target, "&b", NULL);
        c.text = apr_pstrcat(pool, c.text, "&b", NULL);
    }
    c.target = apr_pstrcat(pool, c.target, "&a", NULL);
    c.text = apr_pstrcat(pool, c.text, "&z{}", NULL);
    check_case(&c);

    memset(body, 'x', 1048576);
    body[1048576] = '\0';
    c = (case_t){ .name = "a large body, scheme", .body = body,
                  .miss = SW_MISS_URL, .origin = SW_ORIGIN_SCHEME,
                  .url = "http://h/v", .set = "http://h" };
    c.text = apr_pstrcat(pool, "http://h/v", body, NULL);
    check_case(&c);
    c = (case_t){ .name = "a large body, the end of the list", .body = body,
                  .target = "/v?a=12%3A30" };
    c.text = apr_pstrcat(pool, "https://h/v?a=12:30", body, NULL);
    check_case(&c);
}

/* The words tell that a search ended early. */
static void test_cut(void)
{
    sw_public_url_t base;
    sw_hints_t hints = { .bases = &base, .base_count = 1,
                         .target = SPAN("/v"), .fields = read_fields(NULL) };
    case_t c = { .body = apr_pcalloc(pool, 1), .name = "cut" };
    char *body = apr_palloc(pool, 4194305);
    sw_signature_t signature;
    sw_request_t request = { .signature = &signature };
    sw_finding_t found = { .request = &request, .key_count = 2 };

    sw_public_url_parse(pool, "https://h", NULL, &base);
    test_fields(test_hmac(SPAN("three"), SPAN("x"), A), A, &signature);
    verify(&c, &base, &hints, &request);
    found.near = sw_near_miss(pool, &policy, &request, &hints);
    ok(!found.near->is_cut, "an empty body: all is tried");
    ok(!strstr(sw_miss_explain(pool, &found), "not everything"),
       "and nothing is said of it");
    ok(strstr(sw_miss_explain(pool, &found), "SignalWirePublicURL with a path")
           != NULL,
       "but what a cut prefix needs");
    memset(body, 'x', 4194304);
    body[4194304] = '\0';
    c.body = body;
    verify(&c, &base, &hints, &request);
    found.near = sw_near_miss(pool, &policy, &request, &hints);
    ok(found.near->is_cut, "a body of 4 MiB: not all");
    ok(strstr(sw_miss_explain(pool, &found), "though not everything") != NULL,
       "and this is");
}

int main(void)
{
    begin_cases();
    check_cases(origins, COUNT(origins));
    check_cases(others, COUNT(others));
    test_sha256();
    test_sha256_besides();
    test_bounds();
    test_cut();
    return tap_end();
}
