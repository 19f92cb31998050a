/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compiled templates, as segments. Private to template.c, which makes them,
 * render.c and probe.c.
 */
#ifndef SW_SEGMENTS_H
#define SW_SEGMENTS_H

#include <apr_tables.h>

#include "core/template/context.h"
#include "core/text/span.h"

typedef enum sw_segment_e {
    SW_SEGMENT_TEXT,
    SW_SEGMENT_VALUE,
    SW_SEGMENT_SECTION,
    SW_SEGMENT_INVERTED,
    SW_SEGMENT_HELPER
} sw_segment_e;

/** What a helper makes of the text within it. */
typedef enum sw_helper_e {
    SW_HELPER_E164,      /* the number of an address; see e164.h */
    SW_HELPER_DIGITS,    /* every digit; "0" if there are none */
    SW_HELPER_URLENCODE,
    SW_HELPER_LOWER,     /* ASCII */
    SW_HELPER_UPPER,
    SW_HELPER_NUMBER,    /* a JSON number; 0 if it is none */
    SW_HELPER_COUNT      /* none */
} sw_helper_e;

/** Where a name is looked up. */
typedef enum sw_source_e {
    SW_SOURCE_PARAM,
    SW_SOURCE_EVENT, /* sw.NAME */
    SW_SOURCE_ENV,   /* env.NAME */
    SW_SOURCE_ITEM   /* ".": of the list that is gone through */
} sw_source_e;

typedef struct sw_segment_t {
    sw_segment_e type;
    sw_place_e place;    /* of a value or a helper */
    sw_helper_e helper;
    sw_source_e source;
    sw_span_t text;      /* literal, or the name, NUL-terminated */
    int end;             /* index after its content */
    int once;            /* a section of attributes: not for each value */
    int line;
} sw_segment_t;

struct sw_template_t {
    sw_document_e format;
    const sw_segment_t *segments;
    int count;
    int asks_params, asks_event; /* is there a name that is looked up there? */
};

/** Where the rendering gets its values: a request, or a probe. */
typedef struct sw_lookup_t {
    /** The value of a name: NULL and 0 for none. */
    sw_span_t (*value)(apr_pool_t *pool, void *data, const sw_segment_t *name);
    /** Its values, of sw_span_t, in the order in which they came. */
    apr_array_header_t *(*list)(apr_pool_t *pool, void *data,
                                const sw_segment_t *name);
    void *data;
} sw_lookup_t;

/** Where a segment begins in the document that was rendered. */
typedef struct sw_mark_t {
    apr_size_t at;
    int line; /* of the template */
} sw_mark_t;

#endif
