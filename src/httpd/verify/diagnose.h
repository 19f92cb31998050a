/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of the log line of a refusal. It never shows a key, an expected
 * signature, a query or a body.
 */
#ifndef SW_DIAGNOSE_H
#define SW_DIAGNOSE_H

#include "core/signature/verdict.h"
#include "core/text/span.h"
#include "httpd/module.h"
#include "httpd/verify/context.h"

/** How many bytes of a target the log shows: no query, at most 256. */
apr_size_t sw_shown_length(sw_span_t target);

/**
 * Explain a refusal to the administrator. The diagnosis of a mismatch says
 * what would have matched and which directive to set; each block of a server
 * makes one a second on average, and at most five at once.
 * @return text that follows the phrase, perhaps empty; in context->scratch
 */
const char *sw_diagnose(const sw_verify_context_t *context,
                        sw_verdict_e verdict);

#endif
