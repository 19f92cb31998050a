/* SPDX-License-Identifier: Apache-2.0 */
#include "masked.h"

#include <apr_lib.h>

#define SHORT_CODE 6

static apr_size_t digits_of(sw_span_t value)
{
    apr_size_t i = value.n && value.p[0] == '+', digits = 0;

    for (; i < value.n; i++) {
        if (!apr_isdigit(value.p[i]))
            return 0;
        digits++;
    }
    return digits;
}

/* The first two characters and the last three, but four are hidden. */
static sw_span_t mask_number(sw_span_t value, char to[SW_MASKED_MAX])
{
    apr_size_t n = value.n < SW_MASKED_MAX ? value.n : SW_MASKED_MAX, i;
    apr_size_t last = value.n < 9 ? value.n - 6 : 3;

    for (i = 0; i < n; i++)
        to[i] = i < 2 ? value.p[i] : '*';
    for (i = 1; i <= last; i++)
        to[n - i] = value.p[value.n - i];
    return sw_span_of(to, n);
}

/* What stands before a colon, if it says what kind of address it is. */
static apr_size_t scheme_length(sw_span_t value)
{
    static const char *const schemes[] = {
        "sip:", "sips:", "tel:", "client:", "verto:", NULL
    };
    int i;

    for (i = 0; schemes[i]; i++) {
        if (sw_span_starts(value, sw_span(schemes[i])))
            return strlen(schemes[i]);
    }
    return 0;
}

/* The scheme, one character, three stars. */
static sw_span_t mask_word(sw_span_t value, char to[SW_MASKED_MAX])
{
    apr_size_t n = scheme_length(value);

    memcpy(to, value.p, n);
    value = sw_span_from(value, n);
    to[n++] = value.n && apr_isalnum(value.p[0]) ? value.p[0] : '*';
    memcpy(to + n, "***", 3);
    return sw_span_of(to, n + 3);
}

sw_span_t sw_masked(sw_span_t value, char to[SW_MASKED_MAX])
{
    apr_size_t digits = digits_of(value);

    if (value.n == 0)
        return value;
    if (digits > SHORT_CODE)
        return mask_number(value, to);
    if (digits && value.p[0] != '+') {
        memcpy(to, value.p, value.n);
        return sw_span_of(to, value.n);
    }
    return mask_word(value, to);
}
