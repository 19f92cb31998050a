/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SetHandler signalwire-status: who asks for what.
 */
#ifndef SW_PAGE_H
#define SW_PAGE_H

#include "httpd/module.h"

const char *sw_set_show(cmd_parms *cmd, void *dir, const char *arg);

const char *sw_set_records(cmd_parms *cmd, void *dir, const char *arg);

/** The handler, and a line on the page of mod_status. */
int sw_status(request_rec *r);
void sw_status_register(void);

#endif
