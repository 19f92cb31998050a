/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignalWireAckFirst: the answer goes out, then the application runs, and its
 * output is read to the end and discarded.
 */
#ifndef SW_ACK_H
#define SW_ACK_H

#include "httpd/config/settings.h"
#include "httpd/module.h"
#include "httpd/reply/reply.h"
#include "httpd/request/request.h"

typedef struct sw_ack_t sw_ack_t;

void sw_ack_register(void);

/** Send the answer to @a r before its application runs.
 * @return DECLINED, for the application to run; or 503 if too many do */
int sw_ack(request_rec *r, sw_record_t *record, const sw_dir_t *dir,
           const sw_reply_t *reply);

/** When the answer went out, if it was before the application: else @a now. */
apr_time_t sw_ack_time(const sw_record_t *record, apr_time_t now);

/** Hook log_transaction: what became of the application. */
int sw_ack_end(request_rec *r);

const char *sw_set_ack(cmd_parms *cmd, void *dir, const char *arg);

#endif
