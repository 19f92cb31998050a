/* SPDX-License-Identifier: Apache-2.0 */
/* See buffer.h. */
#include <stdlib.h>

#include "httpd/request/buffer.h"

#define MIN_SIZE 8192

static apr_status_t free_buffer(void *data)
{
    free(((sw_buffer_t *)data)->data);
    return APR_SUCCESS;
}

sw_buffer_t *sw_buffer_make(apr_pool_t *pool, apr_size_t size)
{
    sw_buffer_t *buffer = apr_pcalloc(pool, sizeof(*buffer));

    apr_pool_cleanup_register(pool, buffer, free_buffer, apr_pool_cleanup_null);
    if (size)
        buffer->data = ap_malloc(size);
    buffer->size = size;
    return buffer;
}

void sw_buffer_append(sw_buffer_t *buffer, const char *data, apr_size_t n)
{
    apr_size_t needed = buffer->used + n;

    if (n == 0)
        return; /* HTTP/2 sends empty buckets; data may still be NULL */
    if (needed > buffer->size) {
        if (needed < 2 * buffer->size)
            needed = 2 * buffer->size;
        if (needed < MIN_SIZE)
            needed = MIN_SIZE;
        buffer->data = ap_realloc(buffer->data, needed);
        buffer->size = needed;
    }
    memcpy(buffer->data + buffer->used, data, n);
    buffer->used += n;
}

void sw_buffer_trim(sw_buffer_t *buffer)
{
    if (buffer->used == 0 || buffer->used == buffer->size)
        return;
    buffer->data = ap_realloc(buffer->data, buffer->used);
    buffer->size = buffer->used;
}
