/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that directives name: read whole, at configuration only.
 */
#ifndef SW_FILE_H
#define SW_FILE_H

#include "core/text/span.h"
#include "httpd/module.h"

/** A file to read. */
typedef struct sw_file_t {
    const char *argument; /* of the directive, for errors */
    const char *path;     /* NULL: the argument names none */
    apr_size_t max;       /* bytes at most */
    const char *most;     /* that limit in words: "a file of at most 64 KiB" */
    int is_secret;        /* others may neither read nor write the file */
} sw_file_t;

/**
 * Read a regular file of at most @a file->max bytes into @a pool.
 * @return NULL with *text, or the error; it shows no byte of the file
 */
const char *sw_file_read(cmd_parms *cmd, const sw_file_t *file,
                         apr_pool_t *pool, sw_span_t *text);

#endif
