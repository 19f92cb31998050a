/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The setters of <SignalWireWebhook> and of the directives about verification
 * and export. Each returns NULL, or the error.
 */
#ifndef SW_CONFIG_H
#define SW_CONFIG_H

#include "httpd/module.h"

const char *sw_set_block(cmd_parms *cmd, void *dir, const char *arg);
const char *sw_set_verify(cmd_parms *cmd, void *dir, const char *arg);
const char *sw_set_public_url(cmd_parms *cmd, void *dir, const char *arg);
const char *sw_set_proxy(cmd_parms *cmd, void *dir, const char *arg);
const char *sw_set_types(cmd_parms *cmd, void *dir, const char *arg);
const char *sw_set_tls(cmd_parms *cmd, void *dir, const char *arg);
const char *sw_set_max_body(cmd_parms *cmd, void *dir, const char *arg);
const char *sw_set_export(cmd_parms *cmd, void *dir, const char *arg);

#endif
