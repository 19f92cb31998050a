/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include <apr_strings.h>

#include "core/text/json_line.h"
#include "core/text/percent.h"
#include "core/text/text.h"

/* The bytes that end a line, always kept free; with one more to end an object
 * within. */
static const char tail[] = ",\"cut\":true}\n";

#define TAIL (sizeof(tail) - 1)

#define NAME_BYTES 128

/* The longest escape: \u001f. */
#define CHARACTER 6

static apr_size_t capacity_left(const sw_line_t *line)
{
    return line->size - line->n - TAIL - (line->is_inner ? 1 : 0);
}

static void append(sw_line_t *line, const char *text, apr_size_t n)
{
    memcpy(line->p + line->n, text, n);
    line->n += n;
}

static void append_text(sw_line_t *line, const char *text)
{
    append(line, text, strlen(text));
}

void sw_line_begin(sw_line_t *line, char *buffer, apr_size_t size,
                   apr_size_t value_max)
{
    line->p = buffer;
    line->size = size;
    line->n = 0;
    line->value_max = value_max;
    line->is_inner = line->is_cut = 0;
    append(line, "{", 1);
}

/* The character of a value at *at, escaped; moves *at after it. */
static apr_size_t escape_character(sw_span_t value, apr_size_t *at,
                                   char to[CHARACTER])
{
    int valid;
    apr_size_t n = sw_text_next(value, *at, &valid);
    const char *from = value.p + *at;
    unsigned char c = (unsigned char)*from;

    *at += n;
    if (!valid) {
        n = strlen(SW_REPLACEMENT);
        memcpy(to, SW_REPLACEMENT, n);
    }
    else if (c == '"' || c == '\\') {
        to[0] = '\\';
        to[1] = (char)c;
        n = 2;
    }
    else if (c == '\0') {
        n = 0;
    }
    else if (sw_text_is_control(from, n)) {
        memcpy(to, "\\u00", 4);
        (void)sw_hex_write(to + 4, (unsigned char)from[n - 1], 0);
        n = CHARACTER;
    }
    else {
        memcpy(to, from, n);
    }
    return n;
}

/* The number of bytes at the beginning of a text that need no escape. */
static apr_size_t plain_length(sw_span_t text)
{
    apr_size_t n = 0;

    while (n < text.n && text.p[n] >= ' ' && text.p[n] < 0x7f
           && text.p[n] != '"' && text.p[n] != '\\')
        n++;
    return n;
}

/* Append a value in quotes. The caller has checked that there is space for the
 * quotes. */
static void add_quoted(sw_line_t *line, sw_span_t value)
{
    apr_size_t most = capacity_left(line) - 2 - strlen(SW_LINE_CUT), at = 0,
               used = 0;

    if (most > line->value_max)
        most = line->value_max;
    append(line, "\"", 1);
    while (at < value.n) {
        char c[CHARACTER];
        sw_span_t rest = sw_span_from(value, at);
        apr_size_t n = plain_length(rest);

        if (n > most - used)
            n = most - used;
        append(line, rest.p, n);
        at += n;
        used += n;
        if (at == value.n)
            break;
        n = escape_character(value, &at, c);
        if (used + n > most) {
            append_text(line, SW_LINE_CUT);
            line->is_cut = 1;
            break;
        }
        append(line, c, n);
        used += n;
    }
    append(line, "\"", 1);
}

/* @return whether a name of n bytes fits, and a value of at least this size */
static int begin_member(sw_line_t *line, apr_size_t n, apr_size_t value)
{
    if (capacity_left(line) < n + value + strlen(",\"\":")) {
        line->is_cut = 1;
        return 0;
    }
    if (line->p[line->n - 1] != '{')
        append(line, ",", 1);
    return 1;
}

static int add_name(sw_line_t *line, const char *name, apr_size_t value)
{
    if (!begin_member(line, strlen(name), value))
        return 0;
    append(line, "\"", 1);
    append_text(line, name);
    append(line, "\":", 2);
    return 1;
}

void sw_line_text(sw_line_t *line, const char *name, sw_span_t value)
{
    if (add_name(line, name, 2 + 4 + strlen(SW_LINE_CUT)))
        add_quoted(line, value);
}

void sw_line_pair(sw_line_t *line, sw_span_t name, sw_span_t value)
{
    apr_size_t most = line->value_max;

    if (name.n > NAME_BYTES) {
        name.n = NAME_BYTES;
        line->is_cut = 1;
    }
    if (!begin_member(line, name.n * CHARACTER, 2 + 4 + strlen(SW_LINE_CUT)))
        return;
    line->value_max = line->size;
    add_quoted(line, name);
    line->value_max = most;
    append(line, ":", 1);
    add_quoted(line, value);
}

void sw_line_number(sw_line_t *line, const char *name, apr_int64_t value)
{
    char text[32];

    apr_snprintf(text, sizeof(text), "%" APR_INT64_T_FMT, value);
    if (add_name(line, name, strlen(text)))
        append_text(line, text);
}

void sw_line_ms(sw_line_t *line, const char *name, apr_int64_t value)
{
    char text[48];

    apr_snprintf(text, sizeof(text), "%" APR_INT64_T_FMT ".%03d", value / 1000,
                 abs((int)(value % 1000)));
    if (add_name(line, name, strlen(text)))
        append_text(line, text);
}

void sw_line_boolean(sw_line_t *line, const char *name, int value)
{
    const char *text = value ? "true" : "false";

    if (add_name(line, name, strlen(text)))
        append_text(line, text);
}

int sw_line_enter(sw_line_t *line, const char *name)
{
    if (!add_name(line, name, 2))
        return 0;
    append(line, "{", 1);
    line->is_inner = 1;
    return 1;
}

void sw_line_leave(sw_line_t *line)
{
    if (line->is_inner)
        append(line, "}", 1);
    line->is_inner = 0;
}

sw_span_t sw_line_end(sw_line_t *line)
{
    sw_line_leave(line);
    append_text(line, !line->is_cut ? "}\n" : line->n == 1 ? tail + 1 : tail);
    return sw_span_of(line->p, line->n);
}
