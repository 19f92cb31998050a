/* SPDX-License-Identifier: Apache-2.0 */
/* Keys, HMAC, and which of several fields decides: rules R1 and R3 of
 * docs/signature-rules.md, and the labels and types that restrict them. */
#include <time.h>

#include "core/text/form.h"
#include "sign.h"

static sw_span_t repeated(int byte, int n)
{
    char *text = apr_palloc(pool, (apr_size_t)n + 1);

    memset(text, byte, (size_t)n);
    return sw_span_of(text, (apr_size_t)n);
}

/* A text of its own, or else a byte and how often. */
typedef struct filled_t {
    const char *text;
    int byte, n;
} filled_t;

static sw_span_t fill(const filled_t *filled)
{
    return filled->text ? sw_span(filled->text)
                        : repeated(filled->byte, filled->n);
}

#define COUNTED_KEY \
    "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11" \
    "\x12\x13\x14\x15\x16\x17\x18\x19"

static const struct {
    const char *name;
    sw_scheme_e scheme;
    filled_t key, data;
    const char *digest;
} vectors[] = {
    { "RFC 2202, 1", SW_SCHEME_SHA1, { NULL, 0x0b, 20 }, { "Hi There", 0, 0 },
      "b617318655057264e28bc0b6fb378c8ef146be00" },
    { "RFC 2202, 2", SW_SCHEME_SHA1, { "Jefe", 0, 0 },
      { "what do ya want for nothing?", 0, 0 },
      "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79" },
    { "RFC 2202, 3", SW_SCHEME_SHA1, { NULL, 0xaa, 20 }, { NULL, 0xdd, 50 },
      "125d7342b9ac11cd91a39af48aa17b4f63f175d3" },
    { "RFC 2202, 4", SW_SCHEME_SHA1, { COUNTED_KEY, 0, 0 }, { NULL, 0xcd, 50 },
      "4c9007f4026250c6bc8414f9bf50c86c2d7235da" },
    { "RFC 2202, 5", SW_SCHEME_SHA1, { NULL, 0x0c, 20 },
      { "Test With Truncation", 0, 0 },
      "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04" },
    { "RFC 2202, 6", SW_SCHEME_SHA1, { NULL, 0xaa, 80 },
      { "Test Using Larger Than Block-Size Key - Hash Key First", 0, 0 },
      "aa4ae5e15272d00e95705637ce8a3b55ed402112" },
    { "RFC 2202, 7", SW_SCHEME_SHA1, { NULL, 0xaa, 80 },
      { "Test Using Larger Than Block-Size Key and Larger Than One Block-Size "
        "Data", 0, 0 },
      "e8e99d0f45237d786d6bbaa7965c7808bbff1a91" },
    { "RFC 4231, 1", SW_SCHEME_SHA256, { NULL, 0x0b, 20 },
      { "Hi There", 0, 0 },
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
    { "RFC 4231, 2", SW_SCHEME_SHA256, { "Jefe", 0, 0 },
      { "what do ya want for nothing?", 0, 0 },
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
    { "RFC 4231, 3", SW_SCHEME_SHA256, { NULL, 0xaa, 20 }, { NULL, 0xdd, 50 },
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe" },
    { "RFC 4231, 4", SW_SCHEME_SHA256, { COUNTED_KEY, 0, 0 },
      { NULL, 0xcd, 50 },
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b" },
    { "RFC 4231, 6", SW_SCHEME_SHA256, { NULL, 0xaa, 131 },
      { "Test Using Larger Than Block-Size Key - Hash Key First", 0, 0 },
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
    { "RFC 4231, 7", SW_SCHEME_SHA256, { NULL, 0xaa, 131 },
      { "This is a test using a larger than block-size key and a larger than "
        "block-size data. The key needs to be hashed before being used by the "
        "HMAC algorithm.", 0, 0 },
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2" }
};

static void test_vectors(void)
{
    static const sw_url_t nowhere;
    int i;

    for (i = 0; i < COUNT(vectors); i++) {
        sw_key_t *key = sw_key_make(pool, fill(&vectors[i].key), NULL, "1");

        is_str(sw_sign(pool, key, &nowhere, fill(&vectors[i].data),
                       vectors[i].scheme), vectors[i].digest, vectors[i].name);
    }
}

/* Lengths around the block length, and bytes that C might take for an end. */
static void test_keys(void)
{
    static const int lengths[] = { 1, 63, 64, 65, 128, 1000 };
    static const sw_scheme_e schemes[] = { SW_SCHEME_FORM, SW_SCHEME_SHA1,
                                           SW_SCHEME_SHA256 };
    sw_url_t url = { SPAN("https://h"), SPAN("/p"), SPAN("/r?q"), 0 };
    sw_key_t *key;
    int i, k;

    for (i = 0; i < COUNT(lengths); i++) {
        sw_span_t secret = tap_exact(repeated('k', lengths[i]));

        key = sw_key_make(pool, secret, NULL, "1");
        for (k = 0; k < COUNT(schemes); k++)
            is_str(sw_sign(pool, key, &url, SPAN("A=1"), schemes[k]),
                   test_hmac(secret, schemes[k] == SW_SCHEME_FORM
                                         ? SPAN("https://h/p/r?qA1")
                                         : SPAN("https://h/p/r?qA=1"),
                             schemes[k]),
                   apr_psprintf(pool, "R1: %s by a key of %d bytes",
                                sw_scheme_name(schemes[k]), lengths[i]));
    }
    key = sw_key_make(pool, SPAN("a\0b"), NULL, "1");
    is_str(sw_sign(pool, key, &url, SPAN(""), SW_SCHEME_SHA1),
           test_hmac(SPAN("a\0b"), SPAN("https://h/p/r?q"), SW_SCHEME_SHA1),
           "R1: a NUL in a key");
    ok(!sw_key_make(pool, SPAN(""), NULL, "1"), "R1: an empty key is none");
}

#define RIGHT "right"
#define WRONG "wrong"

/* right, wrong, or literally what the client sends; NULL: absent. */
static const struct {
    const char *name;
    const char *sha1, *form, *sha256;
    unsigned int types;
    sw_verdict_e verdict;
    sw_scheme_e scheme;
} fields[] = {
    { "SHA-256 right, alone", NULL, NULL, RIGHT, SW_TYPE_ANY, SW_VERIFIED,
      SW_SCHEME_SHA256 },
    { "SHA-256 wrong, alone", NULL, NULL, WRONG, SW_TYPE_ANY, SW_MISMATCH, 0 },
    { "SHA-256 right, SHA-1 wrong", WRONG, NULL, RIGHT, SW_TYPE_ANY,
      SW_VERIFIED, SW_SCHEME_SHA256 },
    { "SHA-256 wrong, SHA-1 right", RIGHT, NULL, WRONG, SW_TYPE_ANY,
      SW_MISMATCH, 0 },
    { "SHA-256 empty, SHA-1 right", RIGHT, NULL, "", SW_TYPE_ANY, SW_MISMATCH,
      0 },
    { "SHA-256 malformed, SHA-1 right", RIGHT, NULL, "x", SW_TYPE_ANY,
      SW_MISMATCH, 0 },
    { "SHA-256 wrong, form right", NULL, RIGHT, WRONG, SW_TYPE_ANY,
      SW_VERIFIED, SW_SCHEME_FORM },
    { "SHA-256 empty, form right", NULL, RIGHT, "", SW_TYPE_ANY, SW_VERIFIED,
      SW_SCHEME_FORM },
    { "SHA-256 right, form wrong", NULL, WRONG, RIGHT, SW_TYPE_ANY,
      SW_VERIFIED, SW_SCHEME_SHA256 },
    { "SHA-256 wrong, form wrong", NULL, WRONG, WRONG, SW_TYPE_ANY,
      SW_MISMATCH, 0 },
    { "SHA-1 right", RIGHT, NULL, NULL, SW_TYPE_ANY, SW_VERIFIED,
      SW_SCHEME_SHA1 },
    { "SHA-1 wrong", WRONG, NULL, NULL, SW_TYPE_ANY, SW_MISMATCH, 0 },
    { "form right", NULL, RIGHT, NULL, SW_TYPE_ANY, SW_VERIFIED,
      SW_SCHEME_FORM },
    { "form wrong", NULL, WRONG, NULL, SW_TYPE_ANY, SW_MISMATCH, 0 },

    { "SHA-1 where forms are wanted", RIGHT, NULL, NULL, SW_TYPE_FORM,
      SW_WRONG_TYPE, 0 },
    { "SHA-256 where forms are wanted", NULL, NULL, RIGHT, SW_TYPE_FORM,
      SW_WRONG_TYPE, 0 },
    { "both where forms are wanted", NULL, RIGHT, RIGHT, SW_TYPE_FORM,
      SW_VERIFIED, SW_SCHEME_FORM },
    { "form where bodies are wanted", NULL, RIGHT, NULL, SW_TYPE_BODY,
      SW_WRONG_TYPE, 0 },
    { "SHA-1 where bodies are wanted", RIGHT, NULL, NULL, SW_TYPE_BODY,
      SW_VERIFIED, SW_SCHEME_SHA1 },
    { "SHA-256 where bodies are wanted", RIGHT, NULL, RIGHT, SW_TYPE_BODY,
      SW_VERIFIED, SW_SCHEME_SHA256 },
    { "SHA-1 where SHA-256 is wanted", RIGHT, NULL, NULL, SW_TYPE_SHA256,
      SW_WRONG_TYPE, 0 },
    { "wrong SHA-256 where it is wanted", RIGHT, NULL, WRONG, SW_TYPE_SHA256,
      SW_MISMATCH, 0 },
    { "wrong SHA-256 and a form where SHA-256 is wanted", NULL, RIGHT, WRONG,
      SW_TYPE_SHA256, SW_WRONG_TYPE, 0 },
    { "SHA-256 where it is wanted", RIGHT, NULL, RIGHT, SW_TYPE_SHA256,
      SW_VERIFIED, SW_SCHEME_SHA256 }
};

static const char *field_value(const char *field, sw_scheme_e scheme)
{
    sw_span_t text = scheme == SW_SCHEME_FORM ? SPAN(BASE "/vA1")
                                              : SPAN(BASE "/vA=1");

    if (!field || (strcmp(field, RIGHT) && strcmp(field, WRONG)))
        return field;
    return test_hmac(strcmp(field, WRONG) ? SPAN(SECRET) : SPAN("other"), text,
                     scheme);
}

static void test_which_field(void)
{
    sw_key_t *key = sw_key_make(pool, SPAN(SECRET), NULL, "1");
    const sw_key_t *keys[] = { key };
    sw_policy_t policy = { keys, 1, 0 };
    sw_request_t request = test_request(BASE, "/v", FORM_TYPE, SPAN("A=1"));
    int i;

    for (i = 0; i < COUNT(fields); i++) {
        sw_signature_t signature;
        sw_match_t match;
        const char *text =
            fields[i].form ? field_value(fields[i].form, SW_SCHEME_FORM)
                           : field_value(fields[i].sha1, SW_SCHEME_SHA1);
        sw_verdict_e verdict =
            sw_signature_read(text, NULL, field_value(fields[i].sha256,
                                                      SW_SCHEME_SHA256),
                              &signature);

        ok(verdict == SW_VERIFIED, "R3: %s: plausible", fields[i].name);
        request.signature = &signature;
        policy.types = fields[i].types;
        verdict = sw_verify(pool, &policy, &request, &match);
        is_str(sw_outcome(verdict)->token, sw_outcome(fields[i].verdict)->token,
               "its verdict");
        is_str(sw_scheme_name(match.scheme), sw_scheme_name(fields[i].scheme),
               "who vouches");
        ok(match.key == (verdict == SW_VERIFIED ? key : NULL), "by which key");
    }
}

/* Keys as "secret" or "secret@project". */
static const struct {
    const char *name;
    const char *keys[3];
    const char *project;
    const char *signed_by;
    sw_verdict_e verdict;
    int key; /* that matches */
} projects[] = {
    { "no key", { NULL }, NULL, "a", SW_NO_KEY, 0 },
    { "the first key", { "a", "b", "c" }, NULL, "a", SW_VERIFIED, 0 },
    { "the second key", { "a", "b", "c" }, NULL, "b", SW_VERIFIED, 1 },
    { "the last key", { "a", "b", "c" }, NULL, "c", SW_VERIFIED, 2 },
    { "no such key", { "a", "b", "c" }, NULL, "d", SW_MISMATCH, 0 },
    { "one key twice: the first", { "b", "a", "a" }, NULL, "a", SW_VERIFIED,
      1 },
    { "key of this project", { "a@P", "b@Q" }, "Q", "b", SW_VERIFIED, 1 },
    { "key of another project", { "a@P", "b@Q" }, "Q", "a", SW_MISMATCH, 0 },
    { "no key of this project", { "a@P", "b@Q" }, "R", "a", SW_NO_PROJECT_KEY,
      0 },
    { "no project known", { "a@P", "b@Q" }, NULL, "a", SW_NO_PROJECT_KEY, 0 },
    { "a key for all", { "a@P", "b" }, "R", "b", SW_VERIFIED, 1 },
    { "a key for all, no project known", { "a@P", "b" }, NULL, "b",
      SW_VERIFIED, 1 },
    { "a key for all does not open the others", { "a@P", "b" }, "R", "a",
      SW_MISMATCH, 0 },
    { "the project in another case", { "a@P" }, "p", "a", SW_NO_PROJECT_KEY,
      0 },
    { "a longer project", { "a@P" }, "PQ", "a", SW_NO_PROJECT_KEY, 0 }
};

static void test_projects(void)
{
    int i, n;

    for (i = 0; i < COUNT(projects); i++) {
        const sw_key_t *keys[3];
        sw_policy_t policy = { keys, 0, SW_TYPE_ANY };
        sw_request_t request = test_request(BASE, "/v", NULL, SPAN("{}"));
        sw_signature_t signature;
        sw_match_t match;
        sw_verdict_e verdict;

        for (n = 0; n < 3 && projects[i].keys[n]; n++)
            keys[n] = sw_key_make(pool, sw_span_of(projects[i].keys[n], 1),
                                  projects[i].keys[n][1]
                                      ? projects[i].keys[n] + 2 : NULL,
                                  apr_itoa(pool, n));
        request.project = sw_span(projects[i].project);
        test_fields(test_hmac(sw_span(projects[i].signed_by),
                              SPAN(BASE "/v{}"), SW_SCHEME_SHA1),
                    SW_SCHEME_SHA1, &signature);
        request.signature = &signature;
        policy.key_count = n;
        verdict = sw_verify(pool, &policy, &request, &match);
        is_str(sw_outcome(verdict)->token,
               sw_outcome(projects[i].verdict)->token,
               apr_pstrcat(pool, "R1: ", projects[i].name, NULL));
        if (verdict == SW_VERIFIED)
            is_str(sw_key_label(match.key), apr_itoa(pool, projects[i].key),
                   "which key");
    }
}

static void test_equal(void)
{
    ok(sw_secret_equal(SPAN("abc"), SPAN("abc")), "equal");
    ok(sw_secret_equal(SPAN(""), SPAN("")), "equal, empty");
    ok(sw_secret_equal(SPAN("a\0b"), SPAN("a\0b")), "equal, with a NUL");
    ok(!sw_secret_equal(SPAN("a\0b"), SPAN("a\0c")), "differ after a NUL");
    ok(!sw_secret_equal(SPAN("abc"), SPAN("abd")), "differ at the end");
    ok(!sw_secret_equal(SPAN("abc"), SPAN("xbc")), "differ at the start");
    ok(!sw_secret_equal(SPAN("abc"), SPAN("ab")), "a prefix");
    ok(!sw_secret_equal(SPAN(""), SPAN("a")), "nothing and something");
}

/* A form of many pairs, for eight keys and eight URLs in six spellings: the
 * signed text is made once, then read by a digest for each of them. */
static void test_cost(void)
{
    enum { SIZE = 262144, KEYS = 8, URLS = 8 };
    const sw_key_t *keys[KEYS];
    sw_policy_t policy = { keys, KEYS, SW_TYPE_ANY };
    sw_public_url_t bases[URLS];
    char *body = apr_palloc(pool, SIZE);
    sw_urls_t urls;
    sw_signature_t signature;
    sw_request_t request = { .urls = &urls, .body = { body, SIZE },
                             .content_type = SPAN(FORM_TYPE),
                             .signature = &signature };
    sw_match_t match;
    sw_span_t text;
    clock_t start, made, digests;
    int i;

    for (i = 0; i < SIZE; i++)
        body[i] = "a=&"[i % 3];
    for (i = 0; i < KEYS; i++)
        keys[i] = sw_key_make(pool, sw_span(apr_itoa(pool, i + 1)), NULL, "k");
    for (i = 0; i < URLS; i++)
        sw_public_url_parse(pool, apr_psprintf(pool, "https://h%d", i), NULL,
                            &bases[i]);
    sw_urls_make(pool,
                 &(sw_url_parts_t){ bases, URLS, SPAN("/v"),
                                    "Basic dXM7ZXI6cGEsc3M=" }, &urls);
    is_int(urls.count, 6 * URLS, "six spellings of each URL");
    start = clock();
    text = sw_form_signed(pool, request.body);
    for (i = 0; i < urls.count * KEYS; i++)
        test_hmac(SPAN(SECRET), text, SW_SCHEME_SHA1);
    digests = clock() - start;

    test_fields(test_hmac(SPAN("8"), sw_span(apr_pstrcat(pool,
        "https://us;er:pa,ss@h6/v", apr_pstrmemdup(pool, text.p, text.n),
        NULL)), SW_SCHEME_FORM), SW_SCHEME_FORM, &signature);
    start = clock();
    is_int(sw_verify(pool, &policy, &request, &match), SW_VERIFIED,
           "the last key, the seventh URL");
    made = clock() - start;
    ok(made < 3 * digests + CLOCKS_PER_SEC / 100,
       "the cost is that of the digests: %ld, %ld", (long)made, (long)digests);
}

int main(void)
{
    tap_begin();
    test_vectors();
    test_keys();
    test_which_field();
    test_projects();
    test_equal();
    test_cost();
    return tap_end();
}
