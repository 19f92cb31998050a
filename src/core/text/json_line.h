/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A line of JSON: one object, written into a buffer of a given size, whatever
 * bytes its values are. What does not fit is cut, and the line says so.
 */
#ifndef SW_JSON_LINE_H
#define SW_JSON_LINE_H

#include <apr.h>

#include "core/text/span.h"

/** The smallest buffer, and the mark after a value that is cut. */
#define SW_LINE_MIN 128
#define SW_LINE_CUT "\xe2\x80\xa6"

/** A line on its way; the buffer is the caller's. */
typedef struct sw_line_t {
    char *p;
    apr_size_t size, n;
    apr_size_t value_max; /* bytes of JSON that a value may take */
    int is_inner; /* within the object that a member is */
    int is_cut;
} sw_line_t;

void sw_line_begin(sw_line_t *line, char *buffer, apr_size_t size,
                   apr_size_t value_max);

/** Add a member: text, without NUL, U+FFFD for what is no UTF-8; a number; a
 * time in microseconds as milliseconds; true or false. Names are written as
 * they are. */
void sw_line_text(sw_line_t *line, const char *name, sw_span_t value);
void sw_line_number(sw_line_t *line, const char *name, apr_int64_t value);
void sw_line_ms(sw_line_t *line, const char *name, apr_int64_t value);
void sw_line_boolean(sw_line_t *line, const char *name, int value);

/** As sw_line_text(), where the name may be anything too; it is cut after 128
 * bytes. */
void sw_line_pair(sw_line_t *line, sw_span_t name, sw_span_t value);

/** Add a member that is an object, which holds the members that follow until
 * sw_line_leave(), but no other object. @return whether it fits */
int sw_line_enter(sw_line_t *line, const char *name);
void sw_line_leave(sw_line_t *line);

/** "cut" if it was, the end, a line feed. @return the whole line */
sw_span_t sw_line_end(sw_line_t *line);

#endif
