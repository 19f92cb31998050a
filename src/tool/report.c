/* SPDX-License-Identifier: Apache-2.0 */
/* The output. Bytes from the network are escaped, so that a terminal does not
 * obey them and the JSON is valid. */
#include <stdarg.h>

#include <apr_strings.h>

#include "core/text/percent.h"
#include "core/text/text.h"
#include "tool/tool.h"

int expected(tool_t *tool, const char *value, const char *what)
{
    apr_file_printf(tool->err, "swhook: %s: expected %s\n",
                    shown(tool->pool, sw_span(value)), what);
    return USAGE;
}

/* EPIPE is no error: a reader such as head closes the pipe early. */
static void write_all(tool_t *tool, const char *text, apr_size_t n)
{
    apr_status_t rv = apr_file_write_full(tool->out, text, n, NULL);

    if (rv && !APR_STATUS_IS_EPIPE(rv))
        tool->is_cut = 1;
}

void say(tool_t *tool, const char *format, ...)
{
    va_list arguments;
    const char *text;

    va_start(arguments, format);
    text = apr_pvsprintf(tool->pool, format, arguments);
    va_end(arguments);
    write_all(tool, text, strlen(text));
}

static char *escape(char *to, const char *p, apr_size_t n)
{
    const char *plain = *p == '\n'   ? "\\n"
                        : *p == '\r' ? "\\r"
                        : *p == '\t' ? "\\t"
                        : *p == '\\' ? "\\\\"
                                     : NULL;

    *to++ = '\\';
    if (plain) {
        *to++ = plain[1];
        return to;
    }
    *to++ = 'x';
    return sw_hex_write(to, (unsigned char)p[n - 1], 0);
}

const char *shown(apr_pool_t *pool, sw_span_t text)
{
    char *to = apr_palloc(pool, text.n * 4 + 1), *begin = to;
    apr_size_t at = 0, n;
    int valid;

    for (; at < text.n; at += n) {
        n = sw_text_next(text, at, &valid);
        if (!valid) {
            memcpy(to, SW_REPLACEMENT, strlen(SW_REPLACEMENT));
            to += strlen(SW_REPLACEMENT);
        }
        else if (text.p[at] == '\\' || sw_text_is_control(text.p + at, n)) {
            to = escape(to, text.p + at, n);
        }
        else {
            memcpy(to, text.p + at, n);
            to += n;
        }
    }
    *to = '\0';
    return begin;
}

/* JSON takes up to six bytes for a character; the constant is for names. */
void begin_json(tool_t *tool, sw_line_t *line, apr_size_t size)
{
    size = size * 6 + 16384;
    sw_line_begin(line, apr_palloc(tool->pool, size), size, size);
}

void end_json(tool_t *tool, sw_line_t *line)
{
    sw_span_t text = sw_line_end(line);

    write_all(tool, text.p, text.n);
}
