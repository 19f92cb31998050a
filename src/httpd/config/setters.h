/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Helpers for the setters of directives: where a directive is allowed, and the
 * texts of errors. A text names the directive, the value and the expectation.
 * Errors live in cmd->pool.
 */
#ifndef SW_SETTERS_H
#define SW_SETTERS_H

#include "httpd/module.h"

/** Read the argument of a directive that takes one of @a words (NULL at their
 * end), without regard to case, and check where the directive stands.
 * @param index receives the word's
 * @return NULL, or the error */
const char *sw_take_word(cmd_parms *cmd, const char *arg,
                         const char *const *words, int *index);

/** Is this the first of the two passes over the configuration at start? Warn
 * only in the second, or a warning would appear twice. */
int sw_is_first_pass(void);

/** Does httpd only test its configuration, and not start? */
int sw_is_configtest(void);

/** Check where the directive stands. @return NULL, or the error */
const char *sw_misplaced(cmd_parms *cmd);

/** An error: the directive, @a value in quotes, and "expected" @a what. */
const char *sw_expected(cmd_parms *cmd, const char *value, const char *what);

/** The same for a value that should be one of @a words (NULL at their end), or
 * begin with one up to "=" or ":". Suggests the nearest word. */
const char *sw_expected_of(cmd_parms *cmd, const char *value, const char *what,
                           const char *const *words);

/** An expectation with the system's reason: "a file: No such file ...". */
const char *sw_because(apr_pool_t *p, const char *expected, apr_status_t rv);

/** An error with a suggestion: "...; did you mean ...?". */
const char *sw_meant(cmd_parms *cmd, const char *error, const char *nearest);

#endif
