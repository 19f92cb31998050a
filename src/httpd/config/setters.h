/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the setters of directives share: where a directive may stand, and the
 * words of an error. The words name directive, value and what was expected.
 */
#ifndef SW_SETTERS_H
#define SW_SETTERS_H

#include "httpd/module.h"

/** A directive that takes one of several words (NULL at their end), without
 * regard to case: *place is that of the word. @return NULL, or the error */
const char *sw_take_word(cmd_parms *cmd, const char *arg,
                         const char *const *words, const char *what,
                         int *place);

/** Does httpd read its configuration for the first of two times? Then warnings
 * would be given twice. */
int sw_is_first_pass(void);

/** Does httpd only test its configuration, and open, share and run nothing? */
int sw_is_configtest(void);

/** NULL if the directive may stand here, or the error. */
const char *sw_misplaced(cmd_parms *cmd);

/** The error of a setter: directive, value in quotes, expectation. */
const char *sw_expected(cmd_parms *cmd, const char *value, const char *what);

/** The same, where the value, or its beginning up to "=" or ":", should have
 * been one of @a words: names the nearest. */
const char *sw_expected_of(cmd_parms *cmd, const char *value,
                           const char *what, const char *const *words);

/** An expectation, and what the system says: "a file: No such file ...". */
const char *sw_because(apr_pool_t *p, const char *expected, apr_status_t rv);

/** A error, with the word that was probably meant. */
const char *sw_meant(cmd_parms *cmd, const char *error,
                     const char *nearest);

#endif
