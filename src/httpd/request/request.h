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

/** What hangs on the client's request, and is shared by all sub-requests and
 * redirects that come of it. */
typedef struct sw_record_t {
    request_rec *initial; /* the client's request: its pool holds the record */
    const apr_table_t *headers; /* before trailers may be merged into them */
    const char *method; /* the client's: httpd shows error documents by GET */
    sw_body_t body;
    const request_rec *watched; /* for what the body's trailers bring */
    struct sw_judgement_t *judgements;
    /* The parameters, and the state of the body that they were read from. */
    sw_params_t *params;
    sw_body_e params_of;
    sw_event_t *event;
    /* The block that was passed last, and as what; NULL before. */
    const sw_block_t *block;
    const struct sw_judgement_t *passed;
    const sw_dir_t *dir; /* by which it was judged last, passed or not */
    /* What was made last, for whichever request, and what was published to
     * the request itself, to be published again behind a redirect. */
    struct sw_publication_t *exported, *published;
    /* Whose guard the reply must pass, and the request whose reply it is;
     * NULL where no reply is guarded, or no longer. */
    const sw_dir_t *guard;
    const request_rec *guard_request;
    const char *encodings; /* Accept-Encoding, which is withheld meanwhile */
    int is_replaced;       /* the reply: nothing may follow on the wire */
    struct sw_ack_t *ack;  /* the answer is out, the application runs */
    struct sw_once_t *once; /* the claim to this callback, NULL: none */
    const char *delivery;   /* SIGNALWIRE_ONCE, or NULL */
    int is_unclaimed;       /* SignalWireOnce is on, but its store was silent */
    int sub_requests; /* one has passed a block and may become the request */
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
