/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The counters of the board in the text format of Prometheus.
 */
#ifndef SW_PROMETHEUS_H
#define SW_PROMETHEUS_H

#include "httpd/module.h"
#include "status/board.h"

/** Write all counters; calls and messages of @a board are not needed. */
void sw_prometheus_write(request_rec *r, const sw_board_t *board);

#endif
