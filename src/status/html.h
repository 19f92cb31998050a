/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The board as a page of HTML.
 */
#ifndef SW_HTML_H
#define SW_HTML_H

#include "httpd/module.h"
#include "status/board.h"

/** Write the content of <main>. */
void sw_html_write(request_rec *r, const sw_board_t *board);

#endif
