/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The counters of the board for Prometheus.
 */
#ifndef SW_PROMETHEUS_H
#define SW_PROMETHEUS_H

#include "httpd/module.h"
#include "status/board.h"

void sw_feed_prometheus(request_rec *r, const sw_board_t *board);

#endif
