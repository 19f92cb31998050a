/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Boards that show people's numbers and messages to everybody: found in the
 * directives at configtest and at every start.
 */
#ifndef SW_EXPOSED_H
#define SW_EXPOSED_H

#include "httpd/module.h"

/** Hook check_config: warn of each board with SignalWireStatusShow full that
 * nothing restricts. Never fails. */
int sw_board_check_exposed(apr_pool_t *pconf, apr_pool_t *plog,
                           apr_pool_t *ptemp, server_rec *s);

#endif
