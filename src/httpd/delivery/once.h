/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignalWireOnce: the first delivery of a callback runs the application, the
 * others get its answer.
 */
#ifndef SW_ONCE_H
#define SW_ONCE_H

#include "httpd/config/settings.h"
#include "httpd/module.h"
#include "httpd/request/request.h"

void sw_once_register(void);

/** The application is about to run for @a r. @return DECLINED, if it is to
 * run; OK, if this is a repeat that has been answered, or (@a is_acknowledged)
 * is to be; or 503 */
int sw_once(request_rec *r, sw_record_t *record, const sw_dir_t *dir,
            int is_acknowledged);

/** A request that came by a redirect, into a block or out of it: its reply is
 * the one that counts. */
void sw_once_follow_redirect(request_rec *r, sw_record_t *record);

/** The application of an acknowledged callback has ended, or will not run. */
void sw_once_end(request_rec *r, sw_record_t *record, int has_succeeded);

/** Hook log_transaction: release a claim that is still open. */
int sw_once_release(request_rec *r);

const char *sw_set_once(cmd_parms *cmd, void *dir, const char *arg);

#endif
