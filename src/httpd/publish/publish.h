/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The publication in the tables of a request: environment, notes, headers.
 * Look-alikes of the sender are taken away first.
 */
#ifndef SW_PUBLISH_H
#define SW_PUBLISH_H

#include "httpd/config/settings.h"
#include "httpd/module.h"
#include "httpd/request/request.h"
#include "httpd/verify/verify.h"

/** Remove the client's header fields that look like those of sw_publish(). */
void sw_scrub_headers(request_rec *r);

/** Publish a request that has passed @a dir in the environment, notes and
 * header fields, after removing what looks like them. */
void sw_publish(request_rec *r, sw_record_t *record, const sw_dir_t *dir,
                const sw_decision_t *decision);

/** Publish which delivery of a callback this is, "first" or "repeat". */
void sw_publish_delivery(request_rec *r, sw_record_t *record,
                         const char *delivery);

/** Publish the same again, in a request that an internal redirect has made. */
void sw_publish_again(request_rec *r, sw_record_t *record);

/** If trailers of a body that is not read yet may become header fields, publish
 * again after they have come. */
void sw_publish_watch(request_rec *r, sw_record_t *record);

/** Register the filter of trailers. */
void sw_publish_register(void);

#endif
