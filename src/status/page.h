/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SetHandler signalwire-status: the board as a page, JSON, CSV or for
 * Prometheus. All are written from a copy, so that a slow client holds no lock.
 */
#ifndef SW_PAGE_H
#define SW_PAGE_H

#include "httpd/module.h"

/** Setters of SignalWireStatusShow and SignalWireStatusSize. */
const char *sw_set_status_show(cmd_parms *cmd, void *dir, const char *arg);

const char *sw_set_status_size(cmd_parms *cmd, void *dir, const char *arg);

/** Hook handler: the board. */
int sw_board_handler(request_rec *r);

/** Add a line to the page of mod_status. */
void sw_board_register_status(void);

#endif
