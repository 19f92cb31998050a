/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The values of a request by their names, before they are the fields of an
 * event.
 */
#ifndef SW_VALUES_H
#define SW_VALUES_H

#include <apr_tables.h>

#include "core/event/event.h"
#include "core/event/kinds.h"
#include "core/event/names.h"
#include "core/event/params.h"
#include "core/text/span.h"

/** A request on its way to an event: its kind, its values by name. */
typedef struct sw_reading_t {
    apr_pool_t *pool;
    const sw_params_t *params;
    sw_kind_e kind;
    int encoded;                      /* the values are, as a form has them */
    sw_span_t values[SW_NAME_COUNT];  /* NULL and 0 where absent */
    sw_span_t media_count;            /* of JSON */
    apr_array_header_t *media;        /* of sw_media_item_t */
} sw_reading_t;

/** The value called @a name, decoded. */
sw_span_t sw_reading_value(const sw_reading_t *in, sw_name_e name);

/** The value of the first of the names (SW_NAME_NONE at their end) that is
 * present; NULL and 0 for none. */
sw_span_t sw_reading_first(const sw_reading_t *in, const unsigned char *names);

/** The item that is numbered @a n, made if there is none. */
sw_media_item_t *sw_reading_media(sw_reading_t *in, unsigned int n);

#endif
