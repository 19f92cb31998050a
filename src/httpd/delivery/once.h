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

/** Register the filter that watches the reply. */
void sw_once_register(void);

/** Claim the callback before the application runs for @a r.
 * @return DECLINED if the application is to run; OK for a repeat, which has
 * been answered, or which the caller answers if @a is_acknowledged; or 503 */
int sw_once(request_rec *r, sw_record_t *record, const sw_dir_t *dir,
            int is_acknowledged);

/** Watch the reply of @a r, which a redirect has made, instead of the earlier
 * one. */
void sw_once_follow_redirect(request_rec *r, sw_record_t *record);

/** End the claim, if any, when the application of an acknowledged callback has
 * ended or will not run. */
void sw_once_end(request_rec *r, sw_record_t *record, int has_succeeded);

/** Hook log_transaction: release a claim that is still open. */
int sw_once_release(request_rec *r);

/** Directive SignalWireOnce. */
const char *sw_set_once(cmd_parms *cmd, void *dir, const char *arg);

#endif
