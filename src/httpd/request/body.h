/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The body: read once, kept in one buffer, replayed to the next reader. It
 * refuses nothing: it says what became of the body.
 */
#ifndef SW_BODY_H
#define SW_BODY_H

#include "core/text/span.h"
#include "httpd/module.h"

typedef enum sw_body_e {
    SW_BODY_UNREAD,
    SW_BODY_WHOLE,
    SW_BODY_OVER,   /* larger than the limit */
    SW_BODY_PARTLY, /* another module has read a part of it */
    SW_BODY_FAILED  /* broken framing, time-out; status says which */
} sw_body_e;

typedef struct sw_body_t {
    sw_body_e state;
    int status;       /* of a failure: 400, 408 or AP_FILTER_ERROR */
    apr_size_t limit; /* that it was larger than */
    apr_off_t announced; /* its length as announced, -1 where it was not */
    sw_span_t text;   /* of a whole body; malloc()ed, lives with the request */
} sw_body_t;

void sw_body_register(void);

/**
 * Read the body of the client's request once, up to @a limit bytes, and put it
 * back for the next reader. Of a larger body, the part that was read is put
 * back, and the rest still comes from the connection. A body whose announced
 * length is larger is not read.
 */
void sw_body_read(request_rec *r, request_rec *initial, apr_size_t limit,
                  sw_body_t *body);

/** Does reading a body change the headers here? */
int sw_merges_trailers(const request_rec *r);

#endif
