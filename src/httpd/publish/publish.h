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

/** Take away what the sender made to look like the headers of sw_publish(). */
void sw_scrub_headers(request_rec *r);

/** Tell the application of a request that has passed @a dir: environment,
 * notes and headers. What looks like them is taken away first. */
void sw_publish(request_rec *r, sw_record_t *record, const sw_dir_t *dir,
                const sw_judgement_t *judgement);

/** Tell it which delivery of a callback it is, "first" or "repeat". */
void sw_publish_delivery(request_rec *r, sw_record_t *record,
                         const char *delivery);

/** The same once more, to the request that came of it by a redirect. */
void sw_publish_again(request_rec *r, sw_record_t *record);

/** Where trailers of a body that is not read yet may become headers: publish
 * once more behind them. */
void sw_publish_watch(request_rec *r, sw_record_t *record);

/** Register the filter of trailers. */
void sw_publish_register(void);

#endif
