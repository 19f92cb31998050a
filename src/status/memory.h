/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory of the board: made when httpd starts, found again after a graceful
 * restart, and looked for at configtest.
 */
#ifndef SW_MEMORY_H
#define SW_MEMORY_H

#include "httpd/module.h"

/** Hook check_config: will there be memory for it? */
int sw_board_check(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                   server_rec *s);

/** Hook post_config: make what all children share, or find it. */
int sw_board_share(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                   server_rec *s);

#endif
