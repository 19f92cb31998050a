/* SPDX-License-Identifier: Apache-2.0 */
/* See e164.h. RFC 3261 (19.1, 20.10), RFC 3966; numbers as people write
 * them. */
#include "core/text/e164.h"
#include "core/text/percent.h"

#define LOCAL_MIN 7 /* digits of a number without its area code */

static sw_span_t until(sw_span_t text, char c)
{
    return sw_span_of(text.p, sw_span_find(text, c));
}

static sw_span_t trim(sw_span_t text)
{
    while (text.n && apr_isspace(*text.p))
        text = sw_span_from(text, 1);
    while (text.n && apr_isspace(text.p[text.n - 1]))
        text.n--;
    return text;
}

/* Remove the scheme. @return 0 if there is no scheme that has numbers, 2 for a
 * scheme whose address has a host, with or without a user; else 1 */
static int take_scheme(sw_span_t *text)
{
    static const char *const schemes[] = { "sip:", "sips:", "tel:",
                                           "whatsapp:", "client:" };
    apr_size_t i;

    for (i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
        sw_span_t scheme = sw_span(schemes[i]);

        if (sw_span_starts_nocase(*text, scheme)) {
            *text = trim(sw_span_from(*text, scheme.n));
            return 1 + (i < 2);
        }
    }
    return 0;
}

/* "Alice <sip:...>", where the name may be quoted and hold brackets. Without
 * brackets, parameters belong to the header field, not to the address. */
static sw_span_t address_of(sw_span_t text)
{
    sw_span_t rest = text, address = text;
    apr_size_t i;

    if (take_scheme(&address))
        return text;
    if (rest.n && *rest.p == '"') {
        for (i = 1; i < rest.n && rest.p[i] != '"'; i++)
            i += rest.p[i] == '\\';
        rest = sw_span_from(rest, i);
    }
    rest = sw_span_from(rest, sw_span_find(rest, '<'));
    return trim(rest.n ? until(sw_span_from(rest, 1), '>') : text);
}

/* @return a copy; empty if an escape is malformed */
static sw_span_t decoded(apr_pool_t *pool, sw_span_t text)
{
    char *to = apr_palloc(pool, text.n + 1);
    apr_size_t i, n = 0;

    for (i = 0; i < text.n; i++) {
        char c = text.p[i];

        if (c == '%') {
            int byte = sw_percent_read(text, i);

            if (byte < 0)
                return sw_span_of(to, 0);
            c = (char)byte;
            i += 2;
        }
        to[n++] = c;
    }
    return sw_span_of(to, n);
}

/* The part of an address that may be a number. */
static sw_span_t user_of(apr_pool_t *pool, sw_span_t text)
{
    sw_span_t address = text;
    int scheme = take_scheme(&address);
    sw_span_t user = until(address, '@');

    if (!scheme && user.n == address.n)
        return text;
    /* Without a user there is only a host. No host begins with a plus. */
    if (scheme == 2 && user.n == address.n && (!user.n || *user.p != '+'))
        return sw_span_of(text.p, 0);
    user = decoded(pool, until(until(until(user, ':'), ';'), '?'));
    return trim(until(user, ';'));
}

static int is_separator(char c)
{
    return c && strchr(" \t-.()", c);
}

/* "ext. 22", "x22", "#22", and nothing after it */
static int is_extension(sw_span_t text)
{
    static const char *const words[] = { "extension", "extn", "ext", "x",
                                         "#" };
    apr_size_t i;

    for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
        sw_span_t word = sw_span(words[i]);

        if (text.n > word.n && sw_span_starts_nocase(text, word)) {
            text = sw_span_from(text, word.n);
            break;
        }
    }
    if (i == sizeof(words) / sizeof(*words))
        return 0;
    for (i = 0; i < text.n; i++) {
        if (!apr_isdigit(text.p[i]) && !apr_isspace(text.p[i])
            && (!text.p[i] || !strchr(".:-=#", text.p[i])))
            return 0;
    }
    return 1;
}

/* The number ends where digits to dial after the answer begin: a comma is a
 * pause, unless it groups digits. */
static int is_end(sw_span_t text, apr_size_t n)
{
    return (n > 0 && (*text.p == ';' || is_extension(text)))
           || (n >= LOCAL_MIN && *text.p == ',');
}

sw_span_t sw_e164(apr_pool_t *pool, sw_span_t text)
{
    static const char trunk[] = "(0)";
    char *to = apr_palloc(pool, SW_E164_MAX + 1);
    apr_size_t i, n = 0, digits = 0;

    text = user_of(pool, address_of(trim(text)));
    for (i = 0; i < text.n; i++) {
        sw_span_t rest = sw_span_from(text, i);
        char c = *rest.p;

        if (is_end(rest, digits))
            break;
        if (digits && *to == '+' && sw_span_starts(rest, sw_span(trunk))) {
            i += strlen(trunk) - 1;
            continue;
        }
        if (is_separator(c))
            continue;
        if (!(c == '+' && n == 0) && (!apr_isdigit(c) || digits == SW_E164_MAX))
            return sw_span_of(to, 0);
        digits += c != '+';
        to[n++] = c;
    }
    return sw_span_of(to, digits ? n : 0);
}
