/* SPDX-License-Identifier: Apache-2.0 */
/* See headers.h. Checks the form only, not the signature. */
#include <apr_strings.h>

#include "core/signature/headers.h"

#define SHA256_FIELD "X-SignalWire-SHA256-Signature"

static int is_all(sw_span_t s, int (*test)(char))
{
    apr_size_t i;

    for (i = 0; i < s.n; i++) {
        if (!test(s.p[i]))
            return 0;
    }
    return 1;
}

static int is_lower_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static int is_base64(char c)
{
    return apr_isalnum(c) || c == '+' || c == '/';
}

static int is_any_hex(char c)
{
    return apr_isxdigit(c) != 0;
}

static int is_url_base64(char c)
{
    return is_base64(c) || c == '-' || c == '_';
}

static sw_scheme_e kind_of(sw_span_t text)
{
    if (text.n == 40 && is_all(text, is_lower_hex))
        return SW_SCHEME_SHA1;
    if (text.n == 28 && text.p[27] == '='
        && is_all(sw_span_of(text.p, 27), is_base64))
        return SW_SCHEME_FORM;
    return SW_SCHEME_NONE;
}

sw_verdict_e sw_signature_read(const char *signalwire, const char *twilio,
                               const char *sha256, sw_signature_t *signature)
{
    const char *field = signalwire ? signalwire : twilio;

    memset(signature, 0, sizeof(*signature));
    if (!field && !sha256)
        return SW_NO_SIGNATURE;
    if (sha256) {
        sw_span_t text = sw_span(sha256);

        signature->has_sha256 = 1;
        signature->sha256_text = text;
        if (text.n == 64 && is_all(text, is_lower_hex))
            signature->sha256 = text;
    }
    if (field) {
        signature->name = signalwire ? "X-SignalWire-Signature"
                                     : "X-Twilio-Signature";
        signature->text = sw_span(field);
        signature->kind = kind_of(signature->text);
    }
    if (signature->kind == SW_SCHEME_NONE
        && (field || signature->sha256.n == 0))
        return SW_MALFORMED;
    return SW_VERIFIED;
}

/* The fault of hex digits: wrong case, or wrong length. */
static const char *hex_fault(apr_pool_t *pool, sw_span_t text,
                             apr_size_t expected)
{
    if (text.n == 40 && expected == 64)
        return "is an SHA-1 digest of 40 hex digits, where 64 of SHA-256 are "
               "expected";
    if (text.n == 64 && expected == 40)
        return "is an SHA-256 digest of 64 hex digits, which belongs "
               "into " SHA256_FIELD;
    if (text.n != expected)
        return apr_psprintf(pool,
                            "has %" APR_SIZE_T_FMT " hex digits instead "
                            "of %" APR_SIZE_T_FMT,
                            text.n, expected);
    return "has upper-case hex digits";
}

/* The fault of base64: padding, alphabet, or length. */
static const char *base64_fault(apr_pool_t *pool, sw_span_t text)
{
    sw_span_t bare = text;

    while (bare.n && bare.p[bare.n - 1] == '=')
        bare.n--;
    if (!is_all(bare, is_base64))
        return "is base64 of the alphabet for URLs, with - and _";
    if (bare.n == 27 && bare.n == text.n)
        return "is base64 without the = at its end";
    if (bare.n == 27 || text.n == 28)
        return "is base64 that does not end with exactly one =";
    if (bare.n == 43)
        return "is base64 of SHA-256, which SignalWire sends as hex";
    return apr_psprintf(pool,
                        "has %" APR_SIZE_T_FMT " characters of base64 "
                        "instead of 28",
                        text.n);
}

/* A label before the digest: sha1=..., v1=... */
static int has_label(sw_span_t text)
{
    sw_span_t label = sw_span_of(text.p, sw_span_find(text, '='));

    return label.n && label.n < 16 && label.n + 20 < text.n
           && is_all(label, is_url_base64);
}

static int is_quoted(sw_span_t text)
{
    return text.n > 1 && (text.p[0] == '"' || text.p[0] == '\'')
           && text.p[text.n - 1] == text.p[0];
}

static const char *fault_of(apr_pool_t *pool, sw_span_t text,
                            apr_size_t expected)
{
    sw_span_t bare = text;

    while (bare.n && bare.p[bare.n - 1] == '=')
        bare.n--;
    if (text.n == 0)
        return "is empty";
    if (sw_span_find(text, ',') < text.n)
        return "came twice, or is a list";
    if (is_quoted(text))
        return "is in quotes";
    if (has_label(text))
        return "begins with the name of a digest, as in sha1=...";
    if (is_all(text, is_any_hex))
        return hex_fault(pool, text, expected);
    if (sw_span_find(text, '%') < text.n)
        return "is percent-encoded";
    if (bare.n >= 20 && text.n - bare.n < 3 && is_all(bare, is_url_base64))
        return expected == 64 ? "is base64, where 64 hex digits are expected"
                              : base64_fault(pool, text);
    return expected == 64
               ? "is not 64 hex digits"
               : "is neither 40 hex digits nor 28 characters of base64";
}

const char *sw_sha256_fault(apr_pool_t *pool, const sw_signature_t *signature)
{
    if (!signature->has_sha256 || signature->sha256.n)
        return NULL;
    return apr_pstrcat(pool, SHA256_FIELD " ",
                       fault_of(pool, signature->sha256_text, 64), NULL);
}

const char *sw_signature_fault(apr_pool_t *pool,
                               const sw_signature_t *signature)
{
    if (!signature->name)
        return sw_sha256_fault(pool, signature);
    return apr_pstrcat(pool, signature->name, " ",
                       fault_of(pool, signature->text, 40), NULL);
}
