/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What httpd will open or run when it starts, looked at while it reads its
 * configuration: configtest opens no log, and a graceful restart that cannot
 * open one stops the server. Creates no file and runs no program.
 */
#include <unistd.h>

#include <apr_file_info.h>
#include <apr_strings.h>

#include "httpd/config/openable.h"
#include "httpd/config/setters.h"

/* Is this permitted to the user who starts httpd? A read-only file system
 * refuses root too. */
static apr_status_t may(const char *path, int how)
{
    return access(path, how) ? APR_FROM_OS_ERROR(errno) : APR_SUCCESS;
}

/* A file that is not there yet is made in its directory. */
static const char *may_be_made(apr_pool_t *p, const char *path)
{
    const char *directory = ap_make_dirstr_parent(p, path);
    apr_finfo_t info;
    apr_status_t rv = apr_stat(&info, directory, APR_FINFO_TYPE, p);

    if (!rv && info.filetype != APR_DIR)
        rv = APR_ENOTDIR;
    if (rv)
        return sw_because(p, "a file in a directory that exists", rv);
    rv = may(directory, W_OK | X_OK);
    return rv ? sw_because(p, "a file in a directory that may be written to",
                           rv) : NULL;
}

const char *sw_openable_file(apr_pool_t *p, const char *path)
{
    apr_finfo_t info;
    apr_status_t rv = apr_stat(&info, path, APR_FINFO_TYPE, p);

    if (APR_STATUS_IS_ENOENT(rv))
        return may_be_made(p, path);
    if (!rv && info.filetype == APR_DIR)
        return "a file, this is a directory";
    if (!rv && info.filetype == APR_SOCK)
        return "a file, this is a socket";
    if (!rv)
        rv = may(path, W_OK);
    return rv ? sw_because(p, "a file that can be written", rv) : NULL;
}

/* httpd neither searches PATH for the program of a log nor starts it in a
 * directory that one could rely on. */
const char *sw_openable_program(apr_pool_t *p, const char *command)
{
    apr_finfo_t info;
    apr_status_t rv;
    char **argv;

    if (apr_tokenize_to_argv(command, &argv, p) || !argv[0])
        return "a program after the |";
    if (*argv[0] != '/')
        return "the full path of a program, since httpd looks for it nowhere";
    rv = apr_stat(&info, argv[0], APR_FINFO_TYPE, p);
    if (!rv)
        rv = may(argv[0], X_OK);
    if (rv)
        return sw_because(p, "a program that can be run", rv);
    return info.filetype == APR_REG ? NULL
           : "a program that can be run, this is no regular file";
}

int sw_is_available(server_rec *s, apr_status_t rv, const char *directive,
                    apr_uint32_t n)
{
    if (rv)
        ap_log_error(APLOG_MARK, APLOG_ERR | APLOG_STARTUP, rv, s, "SW0028: "
                     "%s %u: expected a smaller number, there is no shared "
                     "memory for as many", directive, n);
    return rv == APR_SUCCESS;
}
