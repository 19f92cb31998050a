/* SPDX-License-Identifier: Apache-2.0 */
/* The event of a body or a query, and its fields by name. */
#ifndef SW_READING_H
#define SW_READING_H

#include "core/event/event.h"
#include "tap.h"

/* A query if is_query, else a body without a Content-Type. */
static inline void read_event(sw_span_t text, int is_query, sw_event_t *event)
{
    sw_params_t *params = apr_palloc(pool, sizeof(*params));
    sw_content_t content = { .has_no_body = is_query };

    *(is_query ? &content.query : &content.body) = tap_exact(text);
    sw_params_read(pool, &content, params);
    sw_event_read(pool, params, event);
}

static inline sw_span_t media_field(const sw_event_t *event, const char *name)
{
    int i, is_type = strncmp(name, "MEDIA_TYPE_", 11) == 0;
    int n = atoi(name + (is_type ? 11 : 10));

    for (i = 0; event->media && i < event->media->nelts; i++) {
        const sw_media_item_t *item = &APR_ARRAY_IDX(event->media, i,
                                                     sw_media_item_t);

        if ((int)item->n == n && (is_type || strstr(name, "MEDIA_URL_")))
            return is_type ? item->type : item->url;
    }
    return sw_span(NULL);
}

static inline sw_span_t field_named(const sw_event_t *event,
                                    const char *name)
{
    sw_field_e field = sw_field_of(name);

    return field < SW_FIELD_COUNT ? event->fields[field]
                                  : media_field(event, name);
}

#endif
