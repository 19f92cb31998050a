/* SPDX-License-Identifier: Apache-2.0 */
/*
 * apachectl -t -D DUMP_SIGNALWIRE: each block with the settings in force and
 * the URLs that it expects. Shows labels and counts of keys, but no secret.
 */
#ifndef SW_DUMP_H
#define SW_DUMP_H

#include "httpd/config/settings.h"
#include "httpd/module.h"

/** Hook test_config. */
void sw_dump_config(apr_pool_t *pconf, server_rec *s);

#endif
