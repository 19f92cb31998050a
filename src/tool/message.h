/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages of HTTP/1.1 as they are on the wire: a request that was saved to a
 * file, read as a whole, and a reply that comes piece by piece. Every length
 * is bounded, and what is doubtful is refused: two readings of one request are
 * what a forger wants.
 */
#ifndef SW_TOOL_MESSAGE_H
#define SW_TOOL_MESSAGE_H

#include <apr_tables.h>

#include "core/text/span.h"

/** Bytes of a head, and fields in it. */
#define HEAD_MAX 65536
#define FIELDS_MAX 200

typedef struct message_t {
    const char *method, *target; /* of a request */
    int status;                  /* of a reply */
    apr_table_t *fields; /* repeated ones joined by ", ", as httpd does */
    sw_span_t body;      /* of a request: transfer coding undone, with a NUL
                            behind its end */
    apr_size_t rest;     /* bytes behind the request */
} message_t;

/** Does @a text begin as a request does? */
int is_request(sw_span_t text);

/** May the value of a header field hold these bytes? */
int is_field_value(sw_span_t s);

/**
 * Read a request. Lines may end without CR, since editors save them so.
 * @return NULL, or what was expected instead
 */
const char *read_request(apr_pool_t *pool, sw_span_t text, message_t *request);

typedef enum reply_state_e {
    REPLY_HEAD,
    REPLY_BODY,
    REPLY_TO_CLOSE, /* the body ends with the connection */
    REPLY_CHUNK,    /* the line with its size */
    REPLY_CHUNK_END,
    REPLY_TRAILER,
    REPLY_DONE,
    REPLY_BAD
} reply_state_e;

/** What is kept of the body, to be shown. */
#define KEPT_MAX 65536

/** A reply on its way; begin with zeros and the pool. */
typedef struct reply_t {
    apr_pool_t *pool;
    reply_state_e state;
    message_t message;
    int has_begun;      /* a byte has come */
    int is_chunked, is_old, must_close; /* old: HTTP/1.0 */
    apr_uint64_t left;  /* of the body or the chunk */
    apr_uint64_t size;  /* of the body so far */
    char *line;         /* what is read by lines: head, sizes, trailers */
    apr_size_t line_n, line_total;
    char *kept;         /* NULL: nothing is kept */
    apr_size_t kept_n;
} reply_t;

/** Digits alone, to the base 10 or 16. @return whether they are a number of at
 * most @a max */
int read_number(sw_span_t s, unsigned int base, apr_uint64_t max,
                apr_uint64_t *number);

/** The size at the beginning of a line of chunked coding. */
int read_chunk_size(sw_span_t line, apr_uint64_t max, apr_uint64_t *size);

/** Read on. @return bytes that were used; fewer than given where it is done */
apr_size_t reply_read(reply_t *reply, const char *p, apr_size_t n);

/** The connection has ended. @return whether the reply is whole */
int reply_end(reply_t *reply);

#endif
