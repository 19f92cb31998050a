/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignalWireOnceCache: which store remembers callbacks.
 */
#ifndef SW_ONCE_CACHE_H
#define SW_ONCE_CACHE_H

#include "httpd/config/settings.h"
#include "httpd/module.h"

/** The settings in force, also where a directive is left unset. There is one
 * cache for all servers; @a s is any of them. */
const sw_cache_t *sw_cache_of(const server_rec *s);

const char *sw_set_cache(cmd_parms *cmd, void *dir, int argc,
                         char *const argv[]);

#endif
