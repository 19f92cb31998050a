/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signing keys and shared secrets, and where they come from. Read at
 * configuration only; no error shows a secret.
 */
#ifndef SW_KEYS_H
#define SW_KEYS_H

#include "httpd/module.h"

const char *sw_set_key(cmd_parms *cmd, void *dir, const char *one,
                       const char *two, const char *three);

const char *sw_set_secret(cmd_parms *cmd, void *dir, const char *name,
                          const char *source);

/** The secrets of a source, of sw_span_t: one of each line of a file or of what
 * a program prints, else exactly one; never none.
 * @return NULL, or the error */
const char *sw_source_read(cmd_parms *cmd, const char *source,
                           apr_array_header_t **values);

#endif
