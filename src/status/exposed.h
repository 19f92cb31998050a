/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is there a board that shows everything to everybody? Asked at configtest and
 * at every start.
 */
#ifndef SW_EXPOSED_H
#define SW_EXPOSED_H

#include "httpd/module.h"

/** Hook check_config: warn of a board that shows everything to everybody. */
int sw_board_advise(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                    server_rec *s);

#endif
