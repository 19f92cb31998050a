/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Will a start find what a directive names? Asked at configtest, which opens
 * and runs nothing.
 */
#ifndef SW_OPENABLE_H
#define SW_OPENABLE_H

#include "httpd/module.h"

/** Will a start be able to open the file for writing, or to run the program,
 * as it is written after the "|" of a log? @return NULL, or what was expected
 * instead */
const char *sw_openable_file(apr_pool_t *p, const char *path);
const char *sw_openable_program(apr_pool_t *p, const char *command);

/** Was there shared memory for the @a n that a directive asks for? If not, say
 * so. */
int sw_is_available(server_rec *s, apr_status_t rv, const char *directive,
                    apr_uint32_t n);

#endif
