/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The layout of the board in shared memory: a graceful restart may bring
 * another build of the module, which must not read it as its own.
 */
#ifndef SW_LAYOUT_H
#define SW_LAYOUT_H

#include "httpd/module.h"

/** What two builds of the module must agree on to share a board, as a text. */
const char *sw_board_layout(apr_pool_t *p);

#endif
