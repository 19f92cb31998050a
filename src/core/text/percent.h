/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Percent-encoding (RFC 3986, 2.1), and the hex digits of bytes.
 */
#ifndef SW_PERCENT_H
#define SW_PERCENT_H

#include "core/text/span.h"

/** The value of a hex digit of either case; -1 for any other character. */
static inline int sw_hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/** Write the two hex digits of @a c. @return the end of the text written */
static inline char *sw_hex_write(char *to, unsigned char c, int is_upper)
{
    const char *digits = is_upper ? "0123456789ABCDEF" : "0123456789abcdef";

    *to++ = digits[c >> 4];
    *to++ = digits[c & 15];
    return to;
}

/** Write @a c as %HH. @return the end of the text written */
static inline char *sw_percent_write(char *to, unsigned char c)
{
    *to++ = '%';
    return sw_hex_write(to, c, 1);
}

/** The byte that the %HH at @a at stands for; -1 if none begins there. */
static inline int sw_percent_read(sw_span_t text, apr_size_t at)
{
    int high, low;

    if (at >= text.n || text.n - at < 3 || text.p[at] != '%')
        return -1;
    high = sw_hex_digit(text.p[at + 1]);
    low = sw_hex_digit(text.p[at + 2]);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

/**
 * Encode every byte that is neither unreserved (RFC 3986, 2.3) nor in @a keep.
 * @param to has room for three bytes for each of @a text
 * @return the end of what is written
 */
char *sw_percent_encode(char *to, sw_span_t text, const char *keep);

#endif
