/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every request is counted when all is known of it, under the lock of the
 * calls.
 */
#ifndef SW_COUNTERS_H
#define SW_COUNTERS_H

#include "httpd/module.h"

/** Hook log_transaction. */
int sw_board_count(request_rec *r);

#endif
