/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks of the files, programs and memory that directives ask for. They open
 * and run nothing.
 */
#ifndef SW_OPENABLE_H
#define SW_OPENABLE_H

#include "httpd/module.h"

/** Can the file be opened or created for writing?
 * @return NULL, or the expectation for sw_expected(), in @a p */
const char *sw_openable_file(apr_pool_t *p, const char *path);

/** Can the program be run? @param command as after the "|" of a log
 * @return as sw_openable_file() */
const char *sw_openable_program(apr_pool_t *p, const char *command);

/** Log the error @a rv, if any, of allocating shared memory for @a n entries
 * that @a directive asks for. @return 1 if there was none, else 0 */
int sw_is_available(server_rec *s, apr_status_t rv, const char *directive,
                    apr_uint32_t n);

#endif
