/* SPDX-License-Identifier: Apache-2.0 */
/* See values.h. */
#include "core/event/values.h"
#include "core/text/form.h"

sw_span_t sw_reading_value(const sw_reading_t *in, sw_name_e name)
{
    sw_span_t value = in->values[name];

    return value.p && in->encoded ? sw_form_decoded(in->pool, value) : value;
}

sw_span_t sw_reading_first(const sw_reading_t *in, const unsigned char *names)
{
    for (; *names; names++) {
        if (in->values[*names].p)
            return sw_reading_value(in, (sw_name_e)*names);
    }
    return sw_span(NULL);
}

sw_media_item_t *sw_reading_media(sw_reading_t *in, unsigned int n)
{
    sw_media_item_t *items;
    int i;

    if (!in->media)
        in->media = apr_array_make(in->pool, 4, sizeof(sw_media_item_t));
    items = (sw_media_item_t *)in->media->elts;
    for (i = 0; i < in->media->nelts; i++) {
        if (items[i].n == n)
            return items + i;
    }
    items = apr_array_push(in->media);
    memset(items, 0, sizeof(*items));
    items->n = n;
    return items;
}
