/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A reply of the module's own: rendered, announced, sent.
 */
#ifndef SW_REPLY_H
#define SW_REPLY_H

#include "core/template/context.h"
#include "core/template/template.h"
#include "core/text/span.h"
#include "httpd/module.h"
#include "httpd/request/request.h"

/** A reply of the module's own. */
typedef struct sw_reply_t {
    const char *type; /* Content-Type, or NULL */
    sw_span_t text;
} sw_reply_t;

/** Fill in a template for a request that has passed a block. @return in the
 * pool of @a r */
sw_span_t sw_render(request_rec *r, sw_record_t *record,
                    const sw_template_t *t);

/** Send a reply. @return OK */
int sw_reply(request_rec *r, int status, const sw_reply_t *reply);

/** Take away what the client says of a part of the reply, or of a copy that it
 * has: a document is sent whole. @return whether it said such */
int sw_want_whole(request_rec *r);

/** Does a reply of this status send the client elsewhere? */
int sw_is_redirect(int status);

/** A header field of a reply, or NULL. That of a CGI program stands among the
 * err_headers_out until the head of the reply is made. */
const char *sw_header_out(const request_rec *r, const char *name);

/** Content-Encoding of a reply, or NULL. */
const char *sw_coding_of(const request_rec *r);

/** The header of our own reply: type (NULL: as it is), length, no-store. */
const char *sw_content_type(sw_document_e format);
void sw_announce(request_rec *r, const char *type, apr_size_t length);

#endif
