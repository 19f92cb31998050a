/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The record of a client's request, which all sub-requests and redirects that
 * come of it share.
 */
#ifndef SW_REQUEST_H
#define SW_REQUEST_H

#include "core/event/event.h"
#include "core/event/params.h"
#include "httpd/config/settings.h"
#include "httpd/module.h"
#include "httpd/request/body.h"

/** State of the client's request, shared by all its sub-requests and internal
 * redirects. */
typedef struct sw_record_t {
    request_rec *initial; /* the client's request: its pool holds the record */
    const apr_table_t *headers; /* before trailers may be merged into them */
    const char *method; /* the client's: httpd shows error documents by GET */
    sw_body_t body;
    const request_rec *watched; /* publishes again after the trailers */
    struct sw_decision_t *decisions;
    /* The parameters, and the state of the body when they were read. */
    sw_params_t *params;
    sw_body_e params_of;
    sw_event_t *event;
    /* The block that the request passed last, and the decision; NULL before. */
    const sw_block_t *block;
    const struct sw_decision_t *passed;
    const sw_dir_t *dir; /* whose settings decided last, passed or not */
    /* The publication made last, for any sub-request or redirect, and that of
     * the request itself, which is published again after a redirect. */
    struct sw_publication_t *exported, *published;
    /* The section whose guard checks the reply, and the request whose reply
     * that is; NULL if no reply is guarded. */
    const sw_dir_t *guard;
    const request_rec *guard_request;
    const char *encodings; /* Accept-Encoding, withheld from the application */
    int is_replaced;       /* the guard has sent the reply: discard the rest */
    struct sw_ack_t *ack;  /* set once the answer is sent, before the
                              application runs */
    struct sw_once_t *once; /* the claim to this callback, or NULL */
    const char *delivery;   /* SIGNALWIRE_ONCE, or NULL */
    int is_unclaimed;       /* SignalWireOnce is on, but its store did not
                               answer */
    int sub_requests;       /* a sub-request has passed a block, and a fast
                               redirect may make it the request */
} sw_record_t;

/** The request whose reply went out, where redirects followed @a r. */
const request_rec *sw_last(const request_rec *r);

/** The log id of the client's request, %L of the logs; httpd makes one if it
 * has not done so yet. NULL if none can be made. */
const char *sw_log_id(const sw_record_t *record);

/** The block that @a r is in, or NULL. */
const sw_dir_t *sw_dir_of(request_rec *r);

/** The record of the client's request that led to @a r; NULL if there is none.
 * A hook or filter fetches it once and hands it down. */
sw_record_t *sw_record_of(request_rec *r);

/** The same, made if there is none. */
sw_record_t *sw_record_make(request_rec *r);

#endif
