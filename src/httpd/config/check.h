/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What only whole blocks can tell, asked at configtest for every server.
 */
#ifndef SW_CHECK_H
#define SW_CHECK_H

#include "httpd/module.h"

int sw_check_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                    server_rec *s);

#endif
