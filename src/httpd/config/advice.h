/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Warnings at configtest: what looks protective and is not, and what can never
 * be reached. Refuses nothing.
 */
#ifndef SW_ADVICE_H
#define SW_ADVICE_H

#include "httpd/config/settings.h"
#include "httpd/module.h"

void sw_advise(apr_pool_t *p, server_rec *s);

/** Warn of an answer that the @a lines before it leave nothing to. */
void sw_advise_answer(cmd_parms *cmd, const apr_array_header_t *lines,
                      const sw_answer_t *answer);

#endif
