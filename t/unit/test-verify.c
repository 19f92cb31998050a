/* SPDX-License-Identifier: Apache-2.0 */
/* The content that a signature covers: rules R4 to R10 of
 * docs/signature-rules.md. Each case has the exact text that was signed. */
#include "sign.h"

#define JSON "application/json"

/* "@" in target and text is the SHA-256 of the body; no case has another
 * "@". */
typedef struct case_t {
    const char *name;
    const char *target;
    const char *type;
    sw_span_t body;
    sw_scheme_e scheme;
    sw_span_t text; /* that was signed, after BASE */
    sw_verdict_e verdict;
} case_t;

#define A SW_SCHEME_SHA1
#define B SW_SCHEME_FORM
#define S SW_SCHEME_SHA256

static const case_t cases[] = {
    { "R5: URL and body", "/v", JSON, TEXT("{}"), A, TEXT("/v{}"),
      SW_VERIFIED },
    { "R5: the same by SHA-256", "/v", JSON, TEXT("{}"), S, TEXT("/v{}"),
      SW_VERIFIED },
    { "R5: a form, as bytes", "/v", FORM_TYPE, TEXT("B=%41&A=+"), A,
      TEXT("/vB=%41&A=+"), SW_VERIFIED },
    { "R5: not sorted", "/v", FORM_TYPE, TEXT("B=2&A=1"), A, TEXT("/vA1B2"),
      SW_MISMATCH },
    { "R5: any type", "/v", "text/plain", TEXT("x"), A, TEXT("/vx"),
      SW_VERIFIED },
    { "R5: no type", "/v", NULL, TEXT("x"), S, TEXT("/vx"), SW_VERIFIED },
    { "R5: no body", "/v?a=1", NULL, TEXT(""), A, TEXT("/v?a=1"),
      SW_VERIFIED },
    { "R5: the URL alone vouches for no body", "/v", JSON, TEXT("{}"), A,
      TEXT("/v"), SW_MISMATCH },
    { "R5: NULs are bytes", "/v", JSON, TEXT("a\0b\0"), A, TEXT("/va\0b\0"),
      SW_VERIFIED },
    { "R5: and no end", "/v", JSON, TEXT("a\0b"), A, TEXT("/va\0c"),
      SW_MISMATCH },
    { "R5: to the last byte", "/v", JSON, TEXT("{}\n"), A, TEXT("/v{}"),
      SW_MISMATCH },
    { "R5: bytes over 127", "/v", JSON, TEXT("\xff\x80"), S,
      TEXT("/v\xff\x80"), SW_VERIFIED },
    { "R5: another query", "/v?a=2", JSON, TEXT("{}"), A, TEXT("/v?a=1{}"),
      SW_MISMATCH },
    { "R5: no query", "/v", JSON, TEXT("{}"), A, TEXT("/v?{}"), SW_MISMATCH },

    { "R6: pairs by name", "/v", FORM_TYPE, TEXT("B=2&A=1"), B, TEXT("/vA1B2"),
      SW_VERIFIED },
    { "R6: not by the wire", "/v", FORM_TYPE, TEXT("B=2&A=1"), B,
      TEXT("/vB2A1"), SW_MISMATCH },
    { "R6: decoded", "/v", FORM_TYPE, TEXT("A=%2B1+%zz%00"), B,
      TEXT("/vA+1 %zz\0"), SW_VERIFIED },
    { "R6: not as bytes", "/v", FORM_TYPE, TEXT("A=1"), B, TEXT("/vA=1"),
      SW_MISMATCH },
    { "R6: bare names and blank values", "/v", FORM_TYPE, TEXT("B&A=&C=3"), B,
      TEXT("/vABC3"), SW_VERIFIED },
    { "R6: an empty name comes first", "/v", FORM_TYPE, TEXT("A=1&=x"), B,
      TEXT("/vxA1"), SW_VERIFIED },
    { "R6: repeated names, none merged", "/v", FORM_TYPE,
      TEXT("A=2&A=1&A=2"), B, TEXT("/vA2A1A2"), SW_VERIFIED },
    { "R6: not sorted by value", "/v", FORM_TYPE, TEXT("A=2&A=1"), B,
      TEXT("/vA1A2"), SW_MISMATCH },
    { "R6: empty segments", "/v", FORM_TYPE, TEXT("&&A=1&"), B, TEXT("/vA1"),
      SW_VERIFIED },
    { "R6: ; is data", "/v", FORM_TYPE, TEXT("A=1;B=2"), B, TEXT("/vA1;B=2"),
      SW_VERIFIED },
    { "R6: the query is part of the URL only", "/v?z=1&a=2", FORM_TYPE,
      TEXT("A=1"), B, TEXT("/v?z=1&a=2A1"), SW_VERIFIED },
    { "R6: and no parameter", "/v?z=1", FORM_TYPE, TEXT("A=1"), B,
      TEXT("/v?z=1A1z1"), SW_MISMATCH },

    { "R7: the URL alone, no body", "/v?a=1", NULL, TEXT(""), B,
      TEXT("/v?a=1"), SW_VERIFIED },
    { "R7: no body, called a form", "/v", FORM_TYPE, TEXT(""), B, TEXT("/v"),
      SW_VERIFIED },
    { "R7: no body, called JSON", "/v", JSON, TEXT(""), B, TEXT("/v"),
      SW_VERIFIED },
    { "R7: JSON", "/v", JSON, TEXT("{}"), B, TEXT("/v"), SW_MISMATCH },
    { "R7: a form", "/v", FORM_TYPE, TEXT("A=1"), B, TEXT("/v"), SW_MISMATCH },
    { "R7: a body of no type", "/v", NULL, TEXT("A=1"), B, TEXT("/v"),
      SW_MISMATCH },
    { "R7: a form of &", "/v", FORM_TYPE, TEXT("&&"), B, TEXT("/v"),
      SW_MISMATCH },
    { "R7: a form of =", "/v", FORM_TYPE, TEXT("="), B, TEXT("/v"),
      SW_MISMATCH },
    { "R7: a form of &=&", "/v", FORM_TYPE, TEXT("&=&=&"), B, TEXT("/v"),
      SW_MISMATCH },
    { "R7: a NUL is a body", "/v", FORM_TYPE, TEXT("\0"), B, TEXT("/v"),
      SW_MISMATCH },

    { "R8: binds JSON", "/v?bodySHA256=@", JSON, TEXT("{}"), B,
      TEXT("/v?bodySHA256=@"), SW_VERIFIED },
    { "R8: binds a body of no type", "/v?bodySHA256=@", NULL, TEXT("\0"), B,
      TEXT("/v?bodySHA256=@"), SW_VERIFIED },
    { "R8: binds a form", "/v?bodySHA256=@", FORM_TYPE, TEXT("A=1"), B,
      TEXT("/v?bodySHA256=@"), SW_VERIFIED },
    { "R8: or the form is signed as ever", "/v?bodySHA256=@", FORM_TYPE,
      TEXT("A=1"), B, TEXT("/v?bodySHA256=@A1"), SW_VERIFIED },
    { "R8: binds &", "/v?bodySHA256=@", FORM_TYPE, TEXT("&"), B,
      TEXT("/v?bodySHA256=@"), SW_VERIFIED },
    { "R8: among others", "/v?a=1&bodySHA256=@&b", JSON, TEXT("{}"), B,
      TEXT("/v?a=1&bodySHA256=@&b"), SW_VERIFIED },
    { "R8: no body", "/v?bodySHA256=@", NULL, TEXT(""), B,
      TEXT("/v?bodySHA256=@"), SW_VERIFIED },
    { "R8: another body", "/v?bodySHA256=0@", JSON, TEXT("{}"), B,
      TEXT("/v?bodySHA256=0@"), SW_BODY_HASH },
    { "R8: another body, though the form is signed", "/v?bodySHA256=00",
      FORM_TYPE, TEXT("A=1"), B, TEXT("/v?bodySHA256=00A1"), SW_BODY_HASH },
    { "R8: a body that is missing", "/v?bodySHA256=00", NULL, TEXT(""), B,
      TEXT("/v?bodySHA256=00"), SW_BODY_HASH },
    { "R8: empty", "/v?bodySHA256=", JSON, TEXT("{}"), B,
      TEXT("/v?bodySHA256="), SW_BODY_HASH },
    { "R8: without =", "/v?bodySHA256", JSON, TEXT("{}"), B,
      TEXT("/v?bodySHA256"), SW_BODY_HASH },
    { "R8: upper case", "/v?bodySHA256="
      "44136FA355B3678A1146AD16F7E8649E94FB4FC21FE77E8310C060F61CAAFF8A", JSON,
      TEXT("{}"), B, TEXT("/v?bodySHA256="
      "44136FA355B3678A1146AD16F7E8649E94FB4FC21FE77E8310C060F61CAAFF8A"),
      SW_BODY_HASH },
    { "R8: twice", "/v?bodySHA256=@&bodySHA256=@", JSON, TEXT("{}"), B,
      TEXT("/v?bodySHA256=@&bodySHA256=@"), SW_VERIFIED },
    { "R8: twice, the first wrong", "/v?bodySHA256=0&bodySHA256=@", JSON,
      TEXT("{}"), B, TEXT("/v?bodySHA256=0&bodySHA256=@"), SW_BODY_HASH },
    { "R8: twice, the last wrong", "/v?bodySHA256=@&bodySHA256=", JSON,
      TEXT("{}"), B, TEXT("/v?bodySHA256=@&bodySHA256="), SW_BODY_HASH },
    { "R8: with a tail", "/v?bodySHA256=@;x", JSON, TEXT("{}"), B,
      TEXT("/v?bodySHA256=@;x"), SW_BODY_HASH },
    { "R8: after ;", "/v?a;bodySHA256=@", JSON, TEXT("{}"), B,
      TEXT("/v?a;bodySHA256=@"), SW_MISMATCH },
    { "R8: in another case", "/v?bodysha256=@", JSON, TEXT("{}"), B,
      TEXT("/v?bodysha256=@"), SW_MISMATCH },
    { "R8: a longer name", "/v?bodySHA256x=@", JSON, TEXT("{}"), B,
      TEXT("/v?bodySHA256x=@"), SW_MISMATCH },
    { "R8: an encoded name", "/v?%62odySHA256=@", JSON, TEXT("{}"), B,
      TEXT("/v?%62odySHA256=@"), SW_MISMATCH },
    { "R8: in a value", "/v?a=bodySHA256=@", JSON, TEXT("{}"), B,
      TEXT("/v?a=bodySHA256=@"), SW_MISMATCH },
    { "R8: in the path", "/bodySHA256=@", JSON, TEXT("{}"), B,
      TEXT("/bodySHA256=@"), SW_MISMATCH },
    { "R8: the URL must be signed", "/v?bodySHA256=@", JSON, TEXT("{}"), B,
      TEXT("/v"), SW_MISMATCH },
    { "R8: not asked by scheme A", "/v?bodySHA256=0", JSON, TEXT("{}"), A,
      TEXT("/v?bodySHA256=0{}"), SW_VERIFIED },
    { "R8: and vouches for nothing there", "/v?bodySHA256=@", JSON, TEXT("{}"),
      A, TEXT("/v?bodySHA256=@"), SW_MISMATCH },

    { "R10: JSON is no form", "/v", JSON, TEXT("A=1"), B, TEXT("/vA1"),
      SW_MISMATCH },
    { "R10: nor is text", "/v", "text/plain", TEXT("A=1"), B, TEXT("/vA1"),
      SW_MISMATCH },
    { "R10: nor a body of no type", "/v", NULL, TEXT("A=1"), B, TEXT("/vA1"),
      SW_MISMATCH },
    { "R10: nor of two types", "/v", FORM_TYPE ", " JSON, TEXT("A=1"), B,
      TEXT("/vA1"), SW_MISMATCH },
    { "R10: case and parameters do not matter", "/v",
      "Application/X-www-form-urlencoded; charset=utf-8", TEXT("A=1"), B,
      TEXT("/vA1"), SW_VERIFIED },
    { "R10: raw JSON is no name", "/v", JSON, TEXT("{}"), B, TEXT("/v{}"),
      SW_MISMATCH },

    { "R4: the root without slash", "/", JSON, TEXT("{}"), A, TEXT("{}"),
      SW_VERIFIED },
    { "R4: the root with slash", "/", JSON, TEXT("x"), A, TEXT("/x"),
      SW_VERIFIED },
    { "R4: the root without slash, no body", "/", NULL, TEXT(""), B, TEXT(""),
      SW_VERIFIED },
    { "R4: the root without slash, a form", "/", FORM_TYPE, TEXT("A=1"), B,
      TEXT("A1"), SW_MISMATCH },
    { "R4: a query after the host", "/?a=1", FORM_TYPE, TEXT("A=1"), B,
      TEXT("?a=1A1"), SW_VERIFIED },
    { "R4: a question mark after the host", "/?", JSON, TEXT("x"), A,
      TEXT("?x"), SW_VERIFIED },
    { "R4: no slash is made elsewhere", "/v", JSON, TEXT("{}"), A,
      TEXT("/v/{}"), SW_MISMATCH }
};

/* BASE and text with the hash of the body. */
static sw_span_t expand(sw_span_t text, sw_span_t body)
{
    unsigned char digest[32];
    apr_size_t at = sw_span_find(text, '@'), n = 0;
    char *to = apr_palloc(pool, text.n + 200);

    EVP_Digest(body.p, body.n, digest, NULL, EVP_sha256(), NULL);
    while (at < text.n) {
        memcpy(to + n, text.p, at);
        n += at;
        apr_escape_hex(to + n, digest, 32, 0, NULL);
        n += 64;
        text = sw_span_from(text, at + 1);
        at = sw_span_find(text, '@');
    }
    memcpy(to + n, text.p, text.n);
    to[n + text.n] = '\0';
    return sw_span_of(to, n + text.n);
}

static sw_span_t after_base(sw_span_t text)
{
    char *to = apr_palloc(pool, sizeof(BASE) + text.n);

    memcpy(to, BASE, sizeof(BASE) - 1);
    memcpy(to + sizeof(BASE) - 1, text.p, text.n);
    return sw_span_of(to, sizeof(BASE) - 1 + text.n);
}

static sw_verdict_e verdict_of(sw_request_t request, sw_scheme_e scheme,
                               const char *text)
{
    const sw_key_t *key = sw_key_make(pool, SPAN(SECRET), NULL, "1");
    sw_signature_t signature;
    sw_policy_t policy = { &key, 1, SW_TYPE_ANY };
    sw_match_t match;
    sw_verdict_e verdict = test_fields(text, scheme, &signature);

    request.signature = &signature;
    return verdict != SW_VERIFIED
               ? verdict
               : sw_verify(pool, &policy, &request, &match);
}

static void test_cases(void)
{
    int i;

    for (i = 0; i < COUNT(cases); i++) {
        const case_t *c = &cases[i];
        sw_span_t text = after_base(expand(c->text, c->body));
        sw_verdict_e verdict =
            verdict_of(test_request(BASE,
                                    expand(sw_span(c->target), c->body).p,
                                    c->type, tap_exact(c->body)),
                       c->scheme, test_hmac(SPAN(SECRET), text, c->scheme));

        is_str(sw_outcome(verdict)->token, sw_outcome(c->verdict)->token,
               c->name);
    }
}

/* R4: after a URL that ends in its host only JSON may follow. */
static void test_root(void)
{
    int byte;

    for (byte = 0; byte < 256; byte++) {
        char raw[2] = { (char)byte, '1' };
        sw_span_t text = after_base(sw_span_of(raw, 2));
        const char *form = apr_psprintf(pool, "%%%02x=1", (unsigned)byte);
        int is_json = byte && strchr("{[\" \t\r\n", byte);
        sw_verdict_e bytes =
            verdict_of(test_request(BASE, "/", JSON, sw_span_of(raw, 2)), A,
                       test_hmac(SPAN(SECRET), text, A));
        sw_verdict_e pairs =
            verdict_of(test_request(BASE, "/", FORM_TYPE, sw_span(form)), B,
                       test_hmac(SPAN(SECRET), text, B));

        ok((bytes == SW_VERIFIED) == !!is_json, "R4: host, then byte %02x: %s",
           (unsigned)byte, is_json ? "passes" : "refused");
        ok((pairs == SW_VERIFIED) == (is_json && byte != '['),
           "R4: host, then name %02x: %s", (unsigned)byte,
           is_json && byte != '[' ? "passes" : "refused");
    }
}

/* Every character of every kind of signature counts. */
static void test_characters(void)
{
    static const char all[] = "0123456789abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ+/=-_ ";
    static const sw_scheme_e schemes[] = { A, B, S };
    sw_request_t request = test_request(BASE, "/v", FORM_TYPE, SPAN("A=1"));
    const char *c;
    int i, passed;

    for (i = 0; i < COUNT(schemes); i++) {
        const char *right =
            test_hmac(SPAN(SECRET), schemes[i] == B ? SPAN(BASE "/vA1")
                                                    : SPAN(BASE "/vA=1"),
                      schemes[i]);
        char *text = apr_pstrdup(pool, right), *at;

        for (passed = 0, at = text; *at; at++) {
            char held = *at;

            for (c = all; *c; c++) {
                *at = *c;
                passed += *c != held
                          && verdict_of(request, schemes[i], text)
                                 == SW_VERIFIED;
            }
            *at = held;
        }
        is_int(passed, 0, apr_psprintf(pool, "R3: %s: no other text passes",
                                       sw_scheme_name(schemes[i])));
        is_int(verdict_of(request, schemes[i], text), SW_VERIFIED,
               "but the right one does");
    }
}

int main(void)
{
    tap_begin();
    test_cases();
    test_root();
    test_characters();
    return tap_end();
}
