/* SPDX-License-Identifier: Apache-2.0 */
/* See message.h. */
#include <apr_lib.h>
#include <apr_strings.h>

#include "tool/message.h"
#include "core/text/percent.h"

/* RFC 9110, 5.6.2 */
static int is_token(sw_span_t s)
{
    apr_size_t i;

    for (i = 0; i < s.n; i++) {
        if (!apr_isalnum(s.p[i])
            && (!s.p[i] || !strchr("!#$%&'*+-.^_`|~", s.p[i])))
            return 0;
    }
    return s.n > 0;
}

/* Take the next line from *text. @return 0 if no line ends in it */
static int next_line(sw_span_t *text, sw_span_t *line)
{
    apr_size_t end = sw_span_find(*text, '\n');

    if (end == text->n)
        return 0;
    *line = sw_span_of(text->p, end);
    *text = sw_span_from(*text, end + 1);
    if (line->n && line->p[line->n - 1] == '\r')
        line->n--;
    return 1;
}

/* METHOD target HTTP/1.x */
static int split_request_line(sw_span_t line, sw_span_t *method,
                              sw_span_t *target)
{
    apr_size_t space = sw_span_find(line, ' '), i;

    *method = sw_span_of(line.p, space);
    line = sw_span_from(line, space + 1);
    space = sw_span_find(line, ' ');
    *target = sw_span_of(line.p, space);
    line = sw_span_from(line, space + 1);
    for (i = 0; i < target->n; i++) {
        if ((unsigned char)target->p[i] <= ' ' || target->p[i] == 0x7f)
            return 0;
    }
    return is_token(*method) && target->n
           && (sw_span_equal(line, sw_span("HTTP/1.1"))
               || sw_span_equal(line, sw_span("HTTP/1.0")));
}

/* Empty lines may stand before a request. */
static sw_span_t without_empty_lines(sw_span_t text)
{
    while (text.n && (*text.p == '\r' || *text.p == '\n'))
        text = sw_span_from(text, 1);
    return text;
}

int is_request(sw_span_t text)
{
    sw_span_t line, method, target;

    text = without_empty_lines(text);
    return next_line(&text, &line)
           && split_request_line(line, &method, &target);
}

int is_field_value(sw_span_t s)
{
    apr_size_t i;

    for (i = 0; i < s.n; i++) {
        if (((unsigned char)s.p[i] < ' ' && s.p[i] != '\t') || s.p[i] == 0x7f)
            return 0;
    }
    return 1;
}

static int add_field(apr_pool_t *pool, sw_span_t line, apr_table_t *fields)
{
    apr_size_t colon = sw_span_find(line, ':');
    sw_span_t name = sw_span_of(line.p, colon);
    sw_span_t value = sw_span_trim(sw_span_from(line, colon + 1));

    if (colon == line.n || !is_token(name) || !is_field_value(value))
        return 0;
    apr_table_mergen(fields, apr_pstrmemdup(pool, name.p, name.n),
                     apr_pstrmemdup(pool, value.p, value.n));
    return 1;
}

/* A line that begins with a blank continues the line before, as in httpd. */
static void unfold(apr_pool_t *pool, sw_span_t *text, sw_span_t *line)
{
    sw_span_t more = { NULL, 0 };

    while (text->n && (*text->p == ' ' || *text->p == '\t')
           && next_line(text, &more)) {
        const char *joined = apr_psprintf(pool, "%.*s %.*s", (int)line->n,
                                          line->p, (int)more.n, more.p);

        if (line->n + more.n > HEAD_MAX)
            return;
        *line = sw_span_of(joined, line->n + 1 + more.n);
    }
}

/* To the blank line. @return NULL, or what was expected */
static const char *read_fields(apr_pool_t *pool, sw_span_t *text,
                               apr_table_t *fields)
{
    sw_span_t line = { NULL, 0 };
    apr_size_t total = 0;
    int n = 0;

    while (next_line(text, &line)) {
        if (line.n == 0)
            return NULL;
        unfold(pool, text, &line);
        total += line.n;
        if (total > HEAD_MAX)
            return "header fields of at most 64 KiB";
        if (++n > FIELDS_MAX)
            return apr_psprintf(pool, "at most %d header fields", FIELDS_MAX);
        if (!add_field(pool, line, fields))
            return apr_psprintf(pool,
                                "a header field, \"Name: value\", as the "
                                "%d. of them",
                                n);
    }
    return "a blank line after the header fields";
}

/* Digits alone, to the base 10 or 16. @return 1 if they are a number of at most
 * @a max */
static int parse_number(sw_span_t s, unsigned int base, apr_uint64_t max,
                        apr_uint64_t *number)
{
    apr_size_t i;

    *number = 0;
    for (i = 0; i < s.n; i++) {
        int digit = sw_hex_digit(s.p[i]);

        if (digit < 0 || (unsigned int)digit >= base)
            return 0;
        *number = *number * base + (unsigned int)digit;
        if (*number > max)
            return 0;
    }
    return s.n > 0;
}

/* A chunk size, without its extensions. */
static int read_chunk_size(sw_span_t line, apr_uint64_t max, apr_uint64_t *size)
{
    line.n = sw_span_find(line, ';');
    return parse_number(sw_span_trim(line), 16, max, size);
}

static const char *read_chunks(apr_pool_t *pool, sw_span_t *text,
                               message_t *request)
{
    char *to = apr_palloc(pool, text->n + 1);
    apr_table_t *trailers = apr_table_make(pool, 2);
    sw_span_t line;
    apr_uint64_t size;
    apr_size_t n = 0;

    for (;;) {
        if (!next_line(text, &line) || !read_chunk_size(line, text->n, &size))
            return "the size of a chunk that lies within the file";
        if (size == 0)
            break;
        memcpy(to + n, text->p, (apr_size_t)size);
        n += (apr_size_t)size;
        *text = sw_span_from(*text, (apr_size_t)size);
        if (!next_line(text, &line) || line.n)
            return "the end of a line after each chunk";
    }
    to[n] = '\0';
    request->body = sw_span_of(to, n);
    return read_fields(pool, text, trailers);
}

static const char *read_body(apr_pool_t *pool, sw_span_t *text,
                             message_t *request)
{
    const char *length = apr_table_get(request->fields, "Content-Length");
    const char *coding = apr_table_get(request->fields, "Transfer-Encoding");
    apr_uint64_t n = 0;

    if (coding) {
        if (length || strcasecmp(coding, "chunked") != 0)
            return "Transfer-Encoding: chunked, without another coding and "
                   "without Content-Length";
        return read_chunks(pool, text, request);
    }
    if (length && !parse_number(sw_span(length), 10, text->n, &n))
        return apr_psprintf(pool,
                            "a Content-Length of at most the %" APR_SIZE_T_FMT
                            " bytes that follow",
                            text->n);
    request->body = sw_span_of(apr_pstrmemdup(pool, text->p, (apr_size_t)n),
                               (apr_size_t)n);
    *text = sw_span_from(*text, (apr_size_t)n);
    return NULL;
}

const char *read_request(apr_pool_t *pool, sw_span_t text, message_t *request)
{
    sw_span_t line, method, target;
    const char *expected;

    text = without_empty_lines(text);
    memset(request, 0, sizeof(*request));
    request->fields = apr_table_make(pool, 16);
    if (!next_line(&text, &line) || !split_request_line(line, &method, &target)
        || line.n > HEAD_MAX)
        return "a request line such as POST /voice HTTP/1.1";
    request->method = apr_pstrmemdup(pool, method.p, method.n);
    request->target = apr_pstrmemdup(pool, target.p, target.n);
    expected = read_fields(pool, &text, request->fields);
    if (expected)
        return expected;
    expected = read_body(pool, &text, request);
    request->rest = text.n;
    return expected;
}
