/* SPDX-License-Identifier: Apache-2.0 */
#include <apr_lib.h>

#include "core/text/mask.h"

#define SHORT_CODE 6

/* A longer number does not fit after the longest scheme. */
#define NUMBER_MAX (SW_MASKED_MAX - 10)

/* The address within '"Alice" <sip:alice@example.com>;tag=1'. */
static sw_span_t bracketed_part(sw_span_t value)
{
    sw_span_t inner = sw_span_from(value, sw_span_find(value, '<') + 1);
    apr_size_t end = sw_span_find(inner, '>');

    return end > 0 && end < inner.n ? sw_span_of(inner.p, end) : value;
}

/* The length of a scheme such as "sip:", or 0. */
static apr_size_t scheme_length(sw_span_t value)
{
    static const char *const schemes[] = {
        "sip:", "sips:", "tel:", "client:", "verto:", "whatsapp:",
        "messenger:", "rcs:", NULL
    };
    int i;

    for (i = 0; schemes[i]; i++) {
        sw_span_t scheme = sw_span(schemes[i]);

        if (sw_span_starts_nocase(value, scheme))
            return scheme.n;
    }
    return 0;
}

/* The address without host and parameters. */
static sw_span_t user_part(sw_span_t address)
{
    apr_size_t n = 0;

    while (n < address.n && !(address.p[n] && strchr("@;?", address.p[n])))
        n++;
    return sw_span_of(address.p, n);
}

/* The digits of a number, with the + before them and without separators; empty
 * for anything else. */
static sw_span_t number_of(sw_span_t user, char to[NUMBER_MAX])
{
    apr_size_t i, n = 0;

    for (i = 0; i < user.n; i++) {
        char c = user.p[i];

        if (c && strchr("-. ()", c))
            continue;
        if (n == NUMBER_MAX || !(apr_isdigit(c) || (c == '+' && n == 0)))
            return sw_span_of(to, 0);
        to[n++] = c;
    }
    return sw_span_of(to, n);
}

/* Show the first two characters and the last three, but hide at least four. */
static apr_size_t mask_number(sw_span_t number, char *to)
{
    apr_size_t last = number.n < 9 ? number.n - 6 : 3, i;

    for (i = 0; i < number.n; i++)
        to[i] = i < 2 || i >= number.n - last ? number.p[i] : '*';
    return number.n;
}

/* One character, three stars. */
static apr_size_t mask_word(sw_span_t word, char *to)
{
    to[0] = word.n && apr_isalnum(word.p[0]) ? word.p[0] : '*';
    memcpy(to + 1, "***", 3);
    return 4;
}

sw_span_t sw_masked(sw_span_t value, char to[SW_MASKED_MAX])
{
    char buffer[NUMBER_MAX];
    sw_span_t address = bracketed_part(value);
    apr_size_t n = scheme_length(address), digits;
    sw_span_t user = user_part(sw_span_from(address, n));
    sw_span_t number = number_of(user, buffer);

    if (value.n == 0)
        return value;
    memcpy(to, address.p, n);
    digits = number.n - (number.n && number.p[0] == '+');
    if (digits > SHORT_CODE) {
        n += mask_number(number, to + n);
    }
    else if (digits == value.n) { /* a short code, by itself */
        memcpy(to, value.p, value.n);
        n = value.n;
    }
    else {
        n += mask_word(user, to + n);
    }
    return sw_span_of(to, n);
}
