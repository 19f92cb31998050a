/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks at configuration of the files and programs that httpd opens or runs at
 * start: configtest opens no log, and a graceful restart that cannot open one
 * stops the server. Creates no file and runs no program.
 */
#include <unistd.h>

#include <apr_file_info.h>
#include <apr_strings.h>

#include "httpd/config/openable.h"
#include "httpd/config/setters.h"

/* May the user who starts httpd do this? On a read-only file system not even
 * root may write. */
static apr_status_t check_access(const char *path, int how)
{
    return access(path, how) ? APR_FROM_OS_ERROR(errno) : APR_SUCCESS;
}

/* Can a missing file be created in its directory? */
static const char *check_creatable(apr_pool_t *p, const char *path)
{
    const char *directory = ap_make_dirstr_parent(p, path);
    apr_finfo_t info;
    apr_status_t rv = apr_stat(&info, directory, APR_FINFO_TYPE, p);

    if (rv)
        return sw_because(p, "a file in a directory that exists", rv);
    rv = check_access(directory, W_OK | X_OK);
    return rv ? sw_because(p, "a file in a directory that may be written to",
                           rv)
              : NULL;
}

const char *sw_openable_file(apr_pool_t *p, const char *path)
{
    apr_finfo_t info;
    apr_status_t rv = apr_stat(&info, path, APR_FINFO_TYPE, p);

    if (APR_STATUS_IS_ENOENT(rv))
        return check_creatable(p, path);
    if (!rv && info.filetype == APR_DIR)
        return "a file, this is a directory";
    if (!rv && info.filetype == APR_SOCK)
        return "a file, this is a socket";
    if (!rv)
        rv = check_access(path, W_OK);
    return rv ? sw_because(p, "a file that can be written", rv) : NULL;
}

/* The path must be absolute: httpd does not search PATH for the program of a
 * log, and the working directory is not defined. */
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
        rv = check_access(argv[0], X_OK);
    if (rv)
        return sw_because(p, "a program that can be run", rv);
    return info.filetype == APR_REG
               ? NULL
               : "a program that can be run, this is no regular file";
}

int sw_is_available(server_rec *s, apr_status_t rv, const char *directive,
                    apr_uint32_t n)
{
    if (rv)
        ap_log_error(APLOG_MARK, APLOG_ERR | APLOG_STARTUP, rv, s,
                     "SW0028: "
                     "%s %u: expected a smaller number, there is no shared "
                     "memory for as many",
                     directive, n);
    return rv == APR_SUCCESS;
}
