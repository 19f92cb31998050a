/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes that grow in number, outside of pools.
 */
#ifndef SW_BUFFER_H
#define SW_BUFFER_H

#include "httpd/module.h"

/** Bytes that grow in number. Not from a pool, which would keep every outgrown
 * buffer until the end of the request. */
typedef struct sw_buffer_t {
    char *data; /* malloc()ed, freed with the pool of sw_buffer_make() */
    apr_size_t used;
    apr_size_t size;
} sw_buffer_t;

/** @param size to begin with, 0 for as much as turns out to be needed */
sw_buffer_t *sw_buffer_make(apr_pool_t *pool, apr_size_t size);
void sw_buffer_append(sw_buffer_t *buffer, const char *data, apr_size_t n);

/** Give back what was not needed. */
void sw_buffer_trim(sw_buffer_t *buffer);

#endif
