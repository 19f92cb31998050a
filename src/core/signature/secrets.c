/* SPDX-License-Identifier: Apache-2.0 */
/* See secrets.h. */
#include <apr_lib.h>

#include "core/signature/secrets.h"

const char *sw_secrets_add(apr_array_header_t *secrets, sw_span_t secret)
{
    if (secret.n == 0)
        return "a key, it is empty";
    if (memchr(secret.p, '\0', secret.n))
        return "text, it holds a NUL byte";
    /* A key is its exact bytes: a blank at its end would make every signature
     * wrong, without any hint. */
    if (apr_isspace(secret.p[0]) || apr_isspace(secret.p[secret.n - 1]))
        return "a key without blanks at its ends";
    APR_ARRAY_PUSH(secrets, sw_span_t) = secret;
    return NULL;
}

static int is_quote(char c)
{
    return c == '"' || c == '\'' || c == '`';
}

static int has_comment(sw_span_t s)
{
    apr_size_t at = sw_span_find(s, '#');

    return at > 0 && at < s.n && apr_isspace(s.p[at - 1]);
}

/* The = that pad base64 are at the end. */
static int has_inner_equals(sw_span_t s)
{
    while (s.n && s.p[s.n - 1] == '=')
        s.n--;
    return sw_span_find(s, '=') < s.n;
}

/* Test first for bytes that only look like a blank. */
static const char *odd_byte(sw_span_t s)
{
    apr_size_t i;

    for (i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (c > 0x7f)
            return "has letters beyond ASCII";
        if (c != ' ' && c != '\t' && (c < 0x20 || c == 0x7f))
            return "has control characters";
        if (c == ' ' || c == '\t')
            return "has blanks";
        if (is_quote((char)c))
            return "has quotes";
    }
    return NULL;
}

const char *sw_secret_oddity(sw_span_t secret, int is_key)
{
    if (secret.n == 0)
        return NULL;
    if (is_quote(secret.p[0]) || is_quote(secret.p[secret.n - 1]))
        return "is in quotes, which count as part of it";
    if (has_comment(secret))
        return "has a # after a blank; a comment needs a line of its own";
    if (has_inner_equals(secret))
        return "has a = in it, as of NAME=value, all of which counts";
    return is_key ? odd_byte(secret) : NULL;
}

const char *sw_secrets_split(apr_array_header_t *secrets, sw_span_t text)
{
    int before = secrets->nelts;

    if (sw_span_starts(text, sw_span("\xef\xbb\xbf")))
        return "plain text, it begins with a byte order mark";
    while (text.n) {
        sw_span_t line = sw_span_of(text.p, sw_span_find(text, '\n'));
        const char *expected;

        text = sw_span_from(text, line.n + 1);
        if (line.n && line.p[line.n - 1] == '\r')
            line.n--;
        if (line.n == 0 || line.p[0] == '#')
            continue;
        expected = sw_secrets_add(secrets, line);
        if (expected)
            return expected;
    }
    return secrets->nelts > before
               ? NULL
               : "a key on a line of its own, there is none";
}
