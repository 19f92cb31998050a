/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growing buffer for a request body or a held reply.
 */
#ifndef SW_BUFFER_H
#define SW_BUFFER_H

#include "httpd/module.h"

/** A growing buffer. It is not from a pool, which would keep every outgrown
 * block until the end of the request. */
typedef struct sw_buffer_t {
    char *data; /* malloc()ed, NULL while size is 0; freed with the pool */
    apr_size_t used;
    apr_size_t size;
} sw_buffer_t;

/** Make an empty buffer. @param size bytes to reserve, 0: none yet */
sw_buffer_t *sw_buffer_make(apr_pool_t *pool, apr_size_t size);

/** Append a copy of @a n bytes. Like httpd, aborts if out of memory. */
void sw_buffer_append(sw_buffer_t *buffer, const char *data, apr_size_t n);

/** Release the unused end of the buffer. */
void sw_buffer_trim(sw_buffer_t *buffer);

#endif
