/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignalWireAckFirst: the answer is sent, then the application runs, and its
 * output is read to the end and discarded.
 */
#ifndef SW_ACK_H
#define SW_ACK_H

#include "httpd/config/settings.h"
#include "httpd/module.h"
#include "httpd/reply/reply.h"
#include "httpd/request/request.h"

typedef struct sw_ack_t sw_ack_t;

/** Register the filter that discards. */
void sw_ack_register(void);

/** Send @a reply to @a r before its application runs.
 * @return DECLINED, so that the application runs; or 503 if too many run */
int sw_ack(request_rec *r, sw_record_t *record, const sw_dir_t *dir,
           const sw_reply_t *reply);

/** The time when the acknowledgement was sent; @a now if none was. */
apr_time_t sw_ack_time(const sw_record_t *record, apr_time_t now);

/** Hook log_transaction: log how the application ended, and end its claim. */
int sw_ack_end(request_rec *r);

/** Directive SignalWireAckFirst. */
const char *sw_set_ack(cmd_parms *cmd, void *dir, const char *arg);

#endif
