/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request of HTTP/1.1 as it was on the wire, saved to a file. Every length is
 * bounded. An ambiguous request is refused, since a forger wants two readings
 * of one request.
 */
#ifndef SW_TOOL_MESSAGE_H
#define SW_TOOL_MESSAGE_H

#include <apr_tables.h>

#include "core/text/span.h"

/** Bytes of a head, and fields in it. */
#define HEAD_MAX 65536
#define FIELDS_MAX 200

typedef struct message_t {
    const char *method, *target;
    apr_table_t *fields; /* repeated ones joined by ", ", as httpd does */
    sw_span_t body;      /* transfer coding undone, with a NUL after its end */
    apr_size_t rest;     /* bytes after the request */
} message_t;

/** @return 1 if @a text begins with a request line */
int is_request(sw_span_t text);

/** @return 1 if the value of a header field may hold these bytes */
int is_field_value(sw_span_t s);

/**
 * Read a request. Lines may end without CR, since editors save them so.
 * @return NULL, or what was expected
 */
const char *read_request(apr_pool_t *pool, sw_span_t text, message_t *request);

#endif
