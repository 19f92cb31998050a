/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignalWireAnswer, SignalWireGuard and SignalWireFallback: templates are read,
 * compiled and checked at configuration, and never fail later.
 */
#ifndef SW_TEMPLATES_H
#define SW_TEMPLATES_H

#include "httpd/module.h"

const char *sw_set_answer(cmd_parms *cmd, void *dir, int argc,
                          char *const argv[]);

const char *sw_set_guard(cmd_parms *cmd, void *dir, const char *arg);

const char *sw_set_fallback(cmd_parms *cmd, void *dir, int argc,
                            char *const argv[]);

#endif
