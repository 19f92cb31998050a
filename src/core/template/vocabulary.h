/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names of cXML: which elements stand in which, and which attributes they
 * have. Made of conf/cxml.rng, and good for hints only: two elements of one
 * name, such as the Prompt of AI and that of Pay, are one here, and what is not
 * here may still be right.
 */
#ifndef SW_VOCABULARY_H
#define SW_VOCABULARY_H

#include "core/event/event.h"
#include "core/text/span.h"

/**
 * Say what is odd about the element @a name within @a parent, in a document for
 * @a channel: it is unknown, misspelt or misplaced, or a verb of another kind
 * of document. Children of an unknown parent are not checked.
 * @return NULL for nothing; else in @a pool, with the name as it is
 */
const char *sw_vocabulary_element(apr_pool_t *pool, sw_channel_e channel,
                                  const char *parent, const char *name);

/** The same of the attribute @a name of @a element. */
const char *sw_vocabulary_attribute(apr_pool_t *pool, const char *element,
                                    sw_span_t name);

#endif
