/* SPDX-License-Identifier: Apache-2.0 */
/* See fault.h. */
#include <apr_lib.h>
#include <apr_strings.h>

#include "core/template/fault.h"
#include "core/text/text.h"

#define REASON_MAX 200

/* A library's message quotes the document and so may hold any bytes. */
static const char *one_line(apr_pool_t *pool, const char *text)
{
    sw_span_t s = sw_span(text);
    char *line = apr_palloc(pool, REASON_MAX + 1);
    apr_size_t i, n, at = 0;
    int valid;

    for (i = 0; i < s.n; i += n) {
        sw_span_t piece;

        n = sw_text_next(s, i, &valid);
        piece = !valid                           ? sw_span(SW_REPLACEMENT)
                : sw_text_is_control(s.p + i, n) ? sw_span(" ")
                                                 : sw_span_of(s.p + i, n);
        if (at + piece.n > REASON_MAX)
            break;
        memcpy(line + at, piece.p, piece.n);
        at += piece.n;
    }
    while (at && line[at - 1] == ' ')
        at--;
    line[at] = '\0';
    return line;
}

sw_fault_t sw_fault_make(apr_pool_t *pool, const char *reason, int line,
                         int column)
{
    sw_fault_t f = { one_line(pool, reason), line > 0 ? line : 0,
                     column > 0 ? column : 0 };

    return f;
}

const char *sw_document_refuse(sw_span_t text)
{
    int has_bom = sw_span_starts(text, sw_span("\xef\xbb\xbf"));
    apr_size_t i = has_bom ? 3 : 0;

    while (i < text.n && sw_is_blank(text.p[i]))
        i++;
    if (i == text.n)
        return "empty";
    if (text.n > SW_DOCUMENT_MAX)
        return "larger than 64 KiB";
    if (memchr(text.p, '\0', text.n))
        return "holds a NUL byte";
    return has_bom ? "begins with a byte order mark" : NULL;
}

const char *sw_fault_place(apr_pool_t *pool, sw_fault_t fault)
{
    if (!fault.line)
        return "";
    return apr_psprintf(pool,
                        fault.column ? " in line %d, column %d" : " in line %d",
                        fault.line, fault.column);
}

static sw_span_t skip_to_word(sw_span_t text)
{
    while (text.n && sw_is_blank(*text.p))
        text = sw_span_from(text, 1);
    return text;
}

/* The text up to the quote, if XML allows it (XML 1.0, 4.3.3). */
static sw_span_t encoding_name(sw_span_t text, char quote)
{
    sw_span_t name = sw_span_of(text.p, sw_span_find(text, quote));
    apr_size_t i;

    for (i = 0; i < name.n; i++) {
        if (!apr_isalnum(name.p[i])
            && (!name.p[i] || !strchr("._-", name.p[i])))
            return sw_span(NULL);
    }
    return name.n < text.n ? name : sw_span(NULL);
}

sw_span_t sw_document_encoding(sw_span_t text)
{
    static const char begin[] = "<?xml", word[] = "encoding";
    sw_span_t head = sw_span_of(text.p, sw_span_find(text, '>'));
    char quote;

    if (!sw_span_starts(head, sw_span(begin)) || head.n == strlen(begin)
        || !sw_is_blank(head.p[strlen(begin)]))
        return sw_span(NULL);
    while (head.n && !sw_span_starts(head, sw_span(word)))
        head = sw_span_from(head, 1);
    head = skip_to_word(sw_span_from(head, strlen(word)));
    if (!head.n || *head.p != '=')
        return sw_span(NULL);
    head = skip_to_word(sw_span_from(head, 1));
    quote = head.n ? *head.p : '\0';
    head = sw_span_from(head, 1);
    return quote == '"' || quote == '\'' ? encoding_name(head, quote)
                                         : sw_span(NULL);
}
