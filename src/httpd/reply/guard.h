/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignalWireGuard: the reply of an application is held until it is known to be
 * a document, and replaced if it is none.
 */
#ifndef SW_GUARD_H
#define SW_GUARD_H

#include "httpd/config/settings.h"
#include "httpd/module.h"
#include "httpd/request/request.h"

void sw_guard_register(void);
/** The request has passed @a dir, or (NULL) is a redirect out of any block: is
 * its reply to be guarded? */
void sw_guard_begin(request_rec *r, sw_record_t *record, const sw_dir_t *dir);

/** No longer: the reply is our own, or a refusal. */
void sw_guard_end(const request_rec *r, sw_record_t *record);

/** Put the filter in, if the reply to @a r is to be guarded; in insert_filter
 * and insert_error_filter. */
void sw_guard_insert(request_rec *r, sw_record_t *record);

#endif
