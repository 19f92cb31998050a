/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every request in a block is counted when it has ended, if there is a board.
 */
#ifndef SW_COUNT_H
#define SW_COUNT_H

#include "httpd/module.h"

/** Hook log_transaction: count a request, and apply its event to the record of
 * its call or message. */
int sw_board_count(request_rec *r);

#endif
