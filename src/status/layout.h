/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The layout of the board in shared memory, as text. A graceful restart may
 * load another build of the module; with another layout it must not read the
 * counters and records of the old one.
 */
#ifndef SW_LAYOUT_H
#define SW_LAYOUT_H

#include "httpd/module.h"

/** Two builds with equal texts can share a board. In @a p. */
const char *sw_board_layout(apr_pool_t *p);

#endif
