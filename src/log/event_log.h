/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignalWireEventLog: a line of JSON for every request in a block, refused ones
 * too. docs/observing.md lists the members.
 */
#ifndef SW_EVENT_LOG_H
#define SW_EVENT_LOG_H

#include "httpd/module.h"

/** Hook open_logs: open the files and programs of all servers, each once. */
int sw_event_log_open(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                      server_rec *s);

/** Hook log_transaction: write the line of a request that was in a block. Runs
 * before mod_log_config, whose %L then shows the line's log_id. */
int sw_event_log_write(request_rec *r);

/** Setter of SignalWireEventLog; @a how is "full" or NULL. */
const char *sw_set_event_log(cmd_parms *cmd, void *dir, const char *target,
                             const char *how);

#endif
