/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that directives name. Each is read as a whole, at configuration only.
 */
#ifndef SW_FILE_H
#define SW_FILE_H

#include "core/text/span.h"
#include "httpd/module.h"

/** A file to read, and its limits. */
typedef struct sw_file_t {
    const char *argument; /* as configured, for errors */
    const char *path;     /* NULL: unusable, an error */
    apr_size_t max;       /* size in bytes */
    const char *most;     /* the same for errors: "a file of at most 64 KiB" */
    int is_secret;        /* refuse a file that others can read or write */
} sw_file_t;

/**
 * Read a regular file of at most @a file->max bytes into @a pool.
 * @return NULL and *text, or the error, which shows no byte of the file
 */
const char *sw_file_read(cmd_parms *cmd, const sw_file_t *file,
                         apr_pool_t *pool, sw_span_t *text);

#endif
