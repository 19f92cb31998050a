/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hooks that only order the others: access checking, fixups, filters, and
 * what is made at start.
 */
#ifndef SW_HOOKS_H
#define SW_HOOKS_H

#include "httpd/module.h"

int sw_post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                   server_rec *s);

int sw_check_access_first(request_rec *r);
int sw_check_access_last(request_rec *r);
int sw_fixups(request_rec *r);
void sw_insert_filter(request_rec *r);
void sw_insert_error_filter(request_rec *r);

#endif
