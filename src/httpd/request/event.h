/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parameters and the event of a client's request.
 */
#ifndef SW_REQUEST_EVENT_H
#define SW_REQUEST_EVENT_H

#include "core/event/event.h"
#include "core/event/params.h"
#include "core/signature/headers.h"
#include "core/signature/verdict.h"
#include "httpd/config/settings.h"
#include "httpd/module.h"
#include "httpd/request/request.h"

/** The largest allowed body in @a dir, in bytes. If only the content shows
 * whether a body is JSON, the larger limit of JSON applies until it is read. */
apr_size_t sw_max_body(const sw_record_t *record, const sw_dir_t *dir);

/** Is the client's method GET or HEAD? The query then describes the event. */
int sw_is_get(const sw_record_t *record);

/** Read the header fields of the signature; see sw_signature_read(). */
sw_verdict_e sw_read_signature(const apr_table_t *headers,
                               sw_signature_t *signature);

/** Read the body of a signed request outside of all blocks: an error document
 * or a rewrite rule may bring the request into a block after another module has
 * consumed the body. Proxied requests are left alone.
 * @return DECLINED, or the status of an unreadable body */
int sw_keep_body(request_rec *r);

/** Read the body of a request that passes @a dir, if no check has read it and
 * it may describe an event.
 * @return OK, or the status of an unreadable body */
int sw_receive(request_rec *r, sw_record_t *record, const sw_dir_t *dir);

/** The parameters of the client's request: of the query and, once it has been
 * read, of the body. They live as long as that request. */
const sw_params_t *sw_params_of(sw_record_t *record);

/** The event of the client's request; NULL if it has passed no block. A body
 * that should be JSON and is not leaves the event unknown, which is logged. */
const sw_event_t *sw_event_of(sw_record_t *record);

#endif
