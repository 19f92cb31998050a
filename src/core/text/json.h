/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading JSON of requests (RFC 8259), into one array of values that lives in a
 * pool: a request of 1 KB costs about 2 us and two allocations, and no text
 * more than fifteen times its size.
 *
 * At most 64 deep. Lenient where refusing would lose a callback: bytes that are
 * not UTF-8 within a string, and a lone surrogate, are read as U+FFFD; NUL is
 * left out of a value, and is U+FFFD in a name. Numbers keep their text, of any
 * size. A repeated name in an object has its last value, as with most readers.
 */
#ifndef SW_JSON_H
#define SW_JSON_H

#include <apr.h>

#include "core/text/span.h"

typedef enum sw_json_e {
    SW_JSON_ABSENT,
    SW_JSON_OBJECT,
    SW_JSON_ARRAY,
    SW_JSON_STRING,
    SW_JSON_NUMBER,
    SW_JSON_OTHER /* null, true, false */
} sw_json_e;

/** A value; lives with the pool of its root, NULL is an absent one. Its members
 * are for json.c and json_parse.c. */
typedef struct sw_json_t {
    const char *name; /* in its object, or NULL */
    const char *text; /* of a scalar, NUL-terminated */
    apr_uint32_t n;
    unsigned int type : 3;
    unsigned int size : 29; /* itself and the values that it contains, which
                               follow it */
} sw_json_t;

sw_json_e sw_json_type(const sw_json_t *value);

/** The value at @a path, "name", "name.name" or "name.0", below @a value. A
 * name that holds a dot is not found this way. */
const sw_json_t *sw_json_at(const sw_json_t *value, const char *path);

/** The member of an object called @a name, whatever is in it. */
const sw_json_t *sw_json_member(const sw_json_t *object, const char *name);

/** Is that the only value there? Then any reader finds the same one. */
int sw_json_is_sole(const sw_json_t *value, const char *path);

/** The text of a scalar; null is empty. NULL and a length of 0 for an object,
 * an array and an absent value. NUL-terminated, with no NUL in it. */
sw_span_t sw_json_text(const sw_json_t *value);

/** Elements of an array, members of an object; 0 for anything else. */
apr_size_t sw_json_count(const sw_json_t *value);

/** The element after @a before (NULL: the first) of an array; NULL if there is
 * none. */
const sw_json_t *sw_json_element(const sw_json_t *array,
                                 const sw_json_t *before);

/** What is done with a member or an element. @return 0 to end the walk */
typedef int sw_json_visit_f(void *data, const char *name,
                            const sw_json_t *value);

/** Visit the members of an object as they came, repeated ones too; nothing else
 * has any. */
int sw_json_members(const sw_json_t *object, sw_json_visit_f *visit,
                    void *data);

/**
 * Visit every scalar below @a value by its path, as they came. What stands
 * after a path of more than 255 bytes is not: the visit is by the name that
 * is too much, with an absent value.
 */
int sw_json_leaves(const sw_json_t *value, sw_json_visit_f *visit, void *data);

#endif
