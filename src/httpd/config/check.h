/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Errors and warnings about complete blocks, for every server.
 */
#ifndef SW_CHECK_H
#define SW_CHECK_H

#include "httpd/module.h"

/** Hook check_config. @return OK, or !OK with the error logged */
int sw_check_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                    server_rec *s);

#endif
