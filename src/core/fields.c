/* SPDX-License-Identifier: Apache-2.0 */
/* See fields.h. Whether a signature is right is not asked here. */
#include "fields.h"

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
        if (text.n == 64 && is_all(text, is_lower_hex))
            signature->sha256 = text;
    }
    if (field) {
        signature->text = sw_span(field);
        signature->kind = kind_of(signature->text);
    }
    if (signature->kind == SW_SCHEME_NONE
        && (field || signature->sha256.n == 0))
        return SW_MALFORMED;
    return SW_VERIFIED;
}
