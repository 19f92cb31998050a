/* SPDX-License-Identifier: Apache-2.0 */
/*
 * apachectl -t -D DUMP_SIGNALWIRE: each block with the settings in force and
 * the URL that it expects. Of keys and secrets only labels and numbers.
 */
#ifndef SW_DUMP_H
#define SW_DUMP_H

#include "httpd/config/settings.h"
#include "httpd/module.h"

void sw_dump_config(apr_pool_t *pconf, server_rec *s);

#endif
