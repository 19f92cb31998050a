/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tags of Mustache, as far as templates have them: {{Name}}, {{#Name}},
 * {{^Name}}, {{/Name}} and {{! comment }}.
 */
#ifndef SW_TAG_H
#define SW_TAG_H

#include <apr_pools.h>

#include "core/text/span.h"

/** A tag, by offsets into its text. */
typedef struct sw_tag_t {
    char type;          /* # ^ / ! or NUL: a value */
    sw_span_t name;
    apr_size_t end;     /* after its braces */
    apr_size_t before;  /* where the text before it ends, and the text after */
    apr_size_t after;  /* begins: a tag alone on its line takes the line */
} sw_tag_t;

/** Offset of @a what at or after @a from; text.n if there is none. */
apr_size_t sw_tag_find(sw_span_t text, apr_size_t from, const char *what);

/** Read the tag whose braces are at @a begin. @return NULL, or what is wrong
 * with it, in @a pool */
const char *sw_tag_read(apr_pool_t *pool, sw_span_t text, apr_size_t begin,
                        sw_tag_t *tag);

#endif
