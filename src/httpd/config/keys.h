/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signing keys and shared secrets, and the sources that they are read from, at
 * configuration only. No error shows a secret.
 */
#ifndef SW_KEYS_H
#define SW_KEYS_H

#include "httpd/module.h"

/** Setter of SignalWireSigningKey. @return NULL, or the error */
const char *sw_set_key(cmd_parms *cmd, void *dir, const char *one,
                       const char *two, const char *three);

/** Setter of SignalWireSharedSecret. @return NULL, or the error */
const char *sw_set_secret(cmd_parms *cmd, void *dir, const char *name,
                          const char *source);

/**
 * Read secrets from a source: file:PATH, env:NAME, exec:COMMAND or the secret
 * itself. A file or the output of a program has one in each line.
 * @param values receives at least one sw_span_t, in cmd->pool
 * @return NULL, or the error
 */
const char *sw_source_read(cmd_parms *cmd, const char *source,
                           apr_array_header_t **values);

#endif
