/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the request body once into a buffer and replays it to the next reader.
 * This unit refuses no request: it reports the state of the body.
 */
#ifndef SW_BODY_H
#define SW_BODY_H

#include "core/text/span.h"
#include "httpd/module.h"

typedef enum sw_body_e {
    SW_BODY_UNREAD,
    SW_BODY_WHOLE,
    SW_BODY_OVER,   /* larger than the limit */
    SW_BODY_PARTLY, /* another module has read part of it */
    SW_BODY_FAILED  /* bad framing or timeout, see status */
} sw_body_e;

typedef struct sw_body_t {
    sw_body_e state;
    int status;       /* of SW_BODY_FAILED, such as 408 or AP_FILTER_ERROR */
    apr_size_t limit; /* the limit that was applied, in bytes */
    apr_off_t announced; /* its Content-Length, -1: none or invalid */
    sw_span_t text;   /* the bytes read; malloc()ed, freed with the request */
} sw_body_t;

/** Register the replay filter. */
void sw_body_register(void);

/**
 * Read the body of the client's request @a initial once, up to @a limit bytes,
 * and install its replay for @a r and the requests that led to it. The replay
 * of a longer body continues from the connection. A body with a Content-Length
 * above @a limit is not read at all.
 * @param body the result; an earlier read is repeated only if the body was over
 * its limit and @a limit is larger
 */
void sw_body_read(request_rec *r, request_rec *initial, apr_size_t limit,
                  sw_body_t *body);

/** Is MergeTrailers on? Reading a body may then change headers_in. */
int sw_merges_trailers(const request_rec *r);

#endif
