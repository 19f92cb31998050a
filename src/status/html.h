/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The board as a page. Everything that came over the wire is escaped.
 */
#ifndef SW_HTML_H
#define SW_HTML_H

#include "httpd/module.h"
#include "status/board.h"

void sw_view(request_rec *r, const sw_board_t *board, int is_full);

#endif
