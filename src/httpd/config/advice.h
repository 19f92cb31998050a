/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Warnings about settings that look protective but are not, and about answers
 * that no request reaches. No warning stops configtest or the start.
 */
#ifndef SW_ADVICE_H
#define SW_ADVICE_H

#include "httpd/config/settings.h"
#include "httpd/module.h"

/** Log the warnings about all servers from @a s on. */
void sw_advise(apr_pool_t *p, server_rec *s);

/** Warn if the @a lines (of sw_answer_t) before @a answer answer all its
 * events. */
void sw_advise_answer(cmd_parms *cmd, const apr_array_header_t *lines,
                      const sw_answer_t *answer);

#endif
