/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parameters and the event of a client's request, as far as its body has
 * been read.
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

/** How large a body may be in @a dir. Until a body without a telling type has
 * been read, the larger limit of JSON applies. */
apr_size_t sw_max_body(const sw_record_t *record, const sw_dir_t *dir);

/** Does the client's method say that the query describes the event? */
int sw_is_get(const sw_record_t *record);

/** The signature fields, as sw_signature_read() has them. */
sw_verdict_e sw_read_signature(const apr_table_t *headers,
                               sw_signature_t *signature);

/** Read the signed body of a request outside of all blocks: an error document
 * or a rewrite rule may bring it into one when another module has taken it. Not
 * if it is proxied. @return DECLINED, or the status of an unreadable body */
int sw_keep_body(request_rec *r);

/** Read the body of a request that passes @a dir, unless verification has read
 * it, if it may describe an event. @return OK, or the status of a body
 * that cannot be read */
int sw_receive(request_rec *r, sw_record_t *record, const sw_dir_t *dir);

/** The parameters of the client's request, as far as its body has been read. */
const sw_params_t *sw_params_of(sw_record_t *record);

/** The event that the client's request is; NULL if it has passed no block. */
const sw_event_t *sw_event_of(sw_record_t *record);

#endif
