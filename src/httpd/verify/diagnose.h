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

/** How much of a target is logged: no query, and not without end. */
apr_size_t sw_shown_length(sw_span_t target);

/**
 * What else the log line of a refusal should say: of a mismatch what would
 * have matched and which directive to set (once a second for each block on
 * average, at most five times at once).
 * @return text that follows the phrase, perhaps empty; in context->scratch
 */
const char *sw_diagnose(const sw_verify_context_t *context,
                        sw_verdict_e verdict);

#endif
