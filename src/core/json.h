/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading JSON from the wire. The only file that knows Jansson.
 *
 * Bounded before it is parsed, since a parsed value costs far more memory than
 * its text: at most 64 deep, and at most 2048 values and one for each 12 bytes.
 * Lenient where refusing would lose a callback: what is not UTF-8 within a
 * string, and a lone surrogate, is read as U+FFFD; NUL is left out of a value,
 * and is U+FFFD in a name. Numbers are the text that they are, of any size. A name that an object holds
 * twice has its last value, as with most readers.
 */
#ifndef SW_JSON_H
#define SW_JSON_H

#include <apr_pools.h>

#include "span.h"

/** A value; belongs to the root that was read. NULL is an absent one. */
typedef struct json_t sw_json_t;

typedef enum sw_json_e {
    SW_JSON_ABSENT,
    SW_JSON_OBJECT,
    SW_JSON_ARRAY,
    SW_JSON_STRING,
    SW_JSON_NUMBER,
    SW_JSON_OTHER /* null, true, false */
} sw_json_e;

/**
 * Parse @a text.
 * @param repeated set if an object names a member twice, so that another
 * reader may find something else there; may be NULL
 * @return an object or array that lives as long as @a pool, or NULL if
 * @a text is not such a one or past the bounds
 */
const sw_json_t *sw_json_read(apr_pool_t *pool, sw_span_t text,
                              int *repeated);

sw_json_e sw_json_type(const sw_json_t *value);

/** The value at @a path, "name", "name.name" or "name.0", below @a value. A
 * name that holds a dot is not found this way. */
const sw_json_t *sw_json_at(const sw_json_t *value, const char *path);

/** The text of a scalar; null is empty. NULL and a length of 0 for an object,
 * an array and an absent value. NUL-terminated. */
sw_span_t sw_json_text(const sw_json_t *value);

/** Elements of an array, or members of an object; 0 for anything else. */
apr_size_t sw_json_count(const sw_json_t *value);

/** What is done with a member or an element. @return 0 to end the walk */
typedef int sw_json_visit_f(void *data, const char *name,
                            const sw_json_t *value);

/** Visit the members of an object, in the order in which they came. */
int sw_json_members(const sw_json_t *object, sw_json_visit_f *visit,
                    void *data);

/**
 * Visit every scalar below @a value by its path. What stands behind a path of
 * more than 255 bytes is not: the visit is by the name that is too much, with
 * an absent value.
 */
int sw_json_leaves(const sw_json_t *value, sw_json_visit_f *visit, void *data);

#endif
