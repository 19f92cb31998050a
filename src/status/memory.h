/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shared memory of the board: made when httpd starts, kept through graceful
 * restarts.
 */
#ifndef SW_MEMORY_H
#define SW_MEMORY_H

#include "httpd/module.h"

/** Hook check_config: at configtest, try to make memory of that size. */
int sw_board_check_config(apr_pool_t *pconf, apr_pool_t *plog,
                          apr_pool_t *ptemp, server_rec *s);

/** Hook post_config: if a board is configured, make the memory or find that of
 * the last generation, and give each block the index of its counters. */
int sw_board_post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                         server_rec *s);

/** Hook child_init. */
void sw_board_child_init(apr_pool_t *pchild, server_rec *s);

#endif
