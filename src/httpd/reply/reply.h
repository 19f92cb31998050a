/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Renders and sends the module's own replies.
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

/** Render a template for a request that has passed a block.
 * @return in the pool of @a r */
sw_span_t sw_render(request_rec *r, sw_record_t *record,
                    const sw_template_t *t);

/** Send a reply with its header fields. @return OK */
int sw_reply(request_rec *r, int status, const sw_reply_t *reply);

/** Remove the client's Range and conditional header fields: a document is sent
 * whole. @return whether there were any */
int sw_want_whole(request_rec *r);

/** Does a client follow the Location of a reply with this status? */
int sw_is_redirect(int status);

/** A header field of a reply, or NULL. Looks in err_headers_out too, which has
 * the fields of CGI programs until the reply is sent. */
const char *sw_header_out(const request_rec *r, const char *name);

/** Content-Encoding of a reply, or NULL. */
const char *sw_coding_of(const request_rec *r);

/** The Content-Type of a document. */
const char *sw_content_type(sw_document_e format);

/** Set the header fields of the module's own reply: Content-Type (@a type NULL:
 * unchanged), Content-Length, Cache-Control: no-store. */
void sw_announce(request_rec *r, const char *type, apr_size_t length);

#endif
