/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the author of a template that is refused probably meant.
 */
#ifndef SW_HINT_H
#define SW_HINT_H

#include "core/template/context.h"
#include "core/text/span.h"

/** What the author of @a text should write instead of what was found by the
 * schema or a parser for this @a reason: a clause to be put after it, or "". */
const char *sw_template_hint(sw_document_e format, sw_span_t text,
                             const char *reason);

#endif
