/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The configuration of sections and servers: made, merged, and set by the
 * directives that one line decides.
 */
#ifndef SW_CONFIG_H
#define SW_CONFIG_H

#include "httpd/config/settings.h"
#include "httpd/module.h"
#include "status/board.h"

void *sw_dir_create(apr_pool_t *p, char *path);
void *sw_dir_merge(apr_pool_t *p, void *outer, void *inner);
void *sw_server_create(apr_pool_t *p, server_rec *s);
void *sw_server_merge(apr_pool_t *p, void *outer, void *inner);
sw_server_t *sw_server_of(const server_rec *s);

sw_mode_e sw_dir_mode(const sw_dir_t *dir);

unsigned int sw_dir_types(const sw_dir_t *dir);

const char *sw_set_block(cmd_parms *cmd, void *dir, const char *arg);

const char *sw_set_verify(cmd_parms *cmd, void *dir, const char *arg);

const char *sw_set_public_url(cmd_parms *cmd, void *dir, const char *arg);

const char *sw_set_proxy(cmd_parms *cmd, void *dir, const char *arg);

const char *sw_set_types(cmd_parms *cmd, void *dir, const char *arg);

const char *sw_set_tls(cmd_parms *cmd, void *dir, const char *arg);

const char *sw_set_max_body(cmd_parms *cmd, void *dir, const char *arg);

const char *sw_set_export(cmd_parms *cmd, void *dir, const char *arg);

#endif
