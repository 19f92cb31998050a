/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignalWireOnceCache: the store that remembers callbacks.
 */
#ifndef SW_ONCE_CACHE_H
#define SW_ONCE_CACHE_H

#include "httpd/config/settings.h"
#include "httpd/module.h"

/** The settings in force, by default a local cache. All servers share one
 * cache; @a s is any of them. */
const sw_cache_t *sw_cache_of(const server_rec *s);

/** Setter of SignalWireOnceCache. @return NULL, or the error */
const char *sw_set_cache(cmd_parms *cmd, void *dir, int argc,
                         char *const argv[]);

#endif
