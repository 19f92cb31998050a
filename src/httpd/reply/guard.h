/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignalWireGuard: holds the reply of an application until it is known to be a
 * document, and replaces any other reply.
 */
#ifndef SW_GUARD_H
#define SW_GUARD_H

#include "httpd/config/settings.h"
#include "httpd/module.h"
#include "httpd/request/request.h"

/** Register the filter of replies. */
void sw_guard_register(void);

/** Decide whether the reply to @a r is guarded. @param dir the block that @a r
 * has passed; NULL after a redirect out of any block */
void sw_guard_begin(request_rec *r, sw_record_t *record, const sw_dir_t *dir);

/** Do not guard the reply: it is the module's own, or a refusal. */
void sw_guard_end(const request_rec *r, sw_record_t *record);

/** Insert the filter if the reply to @a r is guarded; in insert_filter and
 * insert_error_filter. */
void sw_guard_insert(request_rec *r, sw_record_t *record);

#endif
