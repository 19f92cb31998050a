/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hints for the author of a template that is refused.
 */
#ifndef SW_HINT_H
#define SW_HINT_H

#include "core/template/context.h"
#include "core/text/span.h"

/** The remedy for a fault that the schema or a parser has found in @a text,
 * with this @a reason: a clause to append to the reason, or "". */
const char *sw_template_hint(sw_document_e format, sw_span_t text,
                             const char *reason);

#endif
