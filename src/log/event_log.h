/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignalWireEventLog: a line of JSON for every request in a block. One write()
 * for each, so that the lines of many children stay whole.
 */
#ifndef SW_EVENT_LOG_H
#define SW_EVENT_LOG_H

#include "httpd/module.h"

/** Hook open_logs: open what SignalWireEventLog names. */
int sw_journal_open(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                    server_rec *s);

/** Hook log_transaction: a line for a request that was in a block. */
int sw_journal_write(request_rec *r);

const char *sw_set_journal(cmd_parms *cmd, void *dir, const char *target,
                           const char *how);

#endif
