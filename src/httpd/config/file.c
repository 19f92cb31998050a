/* SPDX-License-Identifier: Apache-2.0 */
#include <apr_file_io.h>
#include <apr_strings.h>

#include "httpd/config/file.h"
#include "httpd/config/setters.h"

static const char *unreadable(cmd_parms *cmd, const sw_file_t *file,
                              apr_status_t rv)
{
    return sw_expected(cmd, file->argument,
                       sw_because(cmd->temp_pool, "a readable file", rv));
}

/* @return NULL, or what was expected instead */
static const char *check_info(apr_pool_t *p, const sw_file_t *file,
                              const apr_finfo_t *info)
{
    const char *quote = ap_strchr_c(file->path, '\'') ? "\"" : "'";

    if (file->is_secret
        && (info->protection & (APR_FPROT_WREAD | APR_FPROT_WWRITE)))
        return apr_pstrcat(p,
                           "a file that others can neither read nor write; "
                           "run: chmod o-rw ",
                           quote, file->path, quote, NULL);
    return info->size > (apr_off_t)file->max ? file->most : NULL;
}

const char *sw_file_read(cmd_parms *cmd, const sw_file_t *file,
                         apr_pool_t *pool, sw_span_t *text)
{
    apr_file_t *opened;
    apr_finfo_t info;
    apr_size_t n = 0;
    const char *expected;
    char *to;
    apr_status_t rv = file->path ? APR_SUCCESS : APR_ENOENT;

    /* Before the file is opened: opening a FIFO would wait for its writer. */
    if (!rv)
        rv = apr_stat(&info, file->path,
                      APR_FINFO_TYPE | APR_FINFO_PROT | APR_FINFO_SIZE,
                      cmd->temp_pool);
    if (!rv && info.filetype != APR_REG)
        return sw_expected(cmd, file->argument, "a regular file");
    if (!rv)
        rv = apr_file_open(&opened, file->path, APR_FOPEN_READ, APR_OS_DEFAULT,
                           cmd->temp_pool);
    if (rv)
        return unreadable(cmd, file, rv);
    expected = check_info(cmd->temp_pool, file, &info);
    if (expected)
        return sw_expected(cmd, file->argument, expected);
    to = apr_palloc(pool, (apr_size_t)info.size + 1);
    rv = apr_file_read_full(opened, to, (apr_size_t)info.size, &n);
    apr_file_close(opened);
    *text = sw_span_of(to, n);
    return rv && rv != APR_EOF ? unreadable(cmd, file, rv) : NULL;
}
