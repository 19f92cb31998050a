/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The setters of SignalWireAnswer, SignalWireGuard and SignalWireFallback. They
 * read, compile and check templates, so that rendering cannot fail. Each
 * returns NULL, or the error.
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
