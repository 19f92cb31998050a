/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hooks that verify a request and publish the result: access checking,
 * fixups and insertion of filters; and post_config.
 */
#ifndef SW_HOOKS_H
#define SW_HOOKS_H

#include "httpd/module.h"

/** Hook post_config: create the memory that all children share.
 * @return HTTP_INTERNAL_SERVER_ERROR, logged, if there is none */
int sw_post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                   server_rec *s);

/** Hook check_access, before all others: remove forged headers. */
int sw_check_access_first(request_rec *r);

/** Hook check_access, after all others: verify.
 * @return OK, DECLINED outside of blocks, or the status of the refusal */
int sw_check_access_last(request_rec *r);

/** Hook fixups: verify, unless that is done, and publish.
 * @return as sw_check_access_last() */
int sw_fixups(request_rec *r);

/** Hook insert_filter: publish to a request that a sub-request replaced, and
 * insert the guard. */
void sw_insert_filter(request_rec *r);

/** Hook insert_error_filter: insert the guard. */
void sw_insert_error_filter(request_rec *r);

#endif
