/* SPDX-License-Identifier: Apache-2.0 */
#include "core/text/percent.h"

static int is_kept(unsigned char c, const char *keep)
{
    return c && c < 0x80
           && (apr_isalnum(c) || strchr("-._~", c) || strchr(keep, c));
}

char *sw_percent_encode(char *to, sw_span_t text, const char *keep)
{
    apr_size_t i;

    for (i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];

        if (is_kept(c, keep))
            *to++ = (char)c;
        else
            to = sw_percent_write(to, c);
    }
    return to;
}
