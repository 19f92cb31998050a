/* SPDX-License-Identifier: Apache-2.0 */
/* See secrets.h. */
#include <apr_lib.h>

#include "secrets.h"

const char *sw_secrets_add(apr_array_header_t *secrets, sw_span_t secret)
{
    if (secret.n == 0)
        return "a key, it is empty";
    if (memchr(secret.p, '\0', secret.n))
        return "text, it holds a NUL byte";
    /* A key is its exact bytes, so a blank that an editor left behind would
     * make every signature wrong without a word. */
    if (apr_isspace(secret.p[0]) || apr_isspace(secret.p[secret.n - 1]))
        return "a key without blanks at its ends";
    APR_ARRAY_PUSH(secrets, sw_span_t) = secret;
    return NULL;
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
    return secrets->nelts > before ? NULL
           : "a key on a line of its own, there is none";
}
