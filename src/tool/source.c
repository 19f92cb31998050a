/* SPDX-License-Identifier: Apache-2.0 */
/* Reads files whole, and the keys in them. No error message shows a key. The
 * rules for a key file are those of the module. */
#include <stdlib.h>

#include <apr_strings.h>

#include "core/signature/secrets.h"
#include "tool/tool.h"

static int unreadable(tool_t *tool, const char *name, apr_status_t rv)
{
    char reason[120];

    apr_strerror(rv, reason, sizeof(reason));
    return expected(tool, name,
                    apr_pstrcat(tool->pool, "a readable file: ", reason, NULL));
}

/* To the end of the file, or at least one byte more than @a max. */
static apr_status_t read_all(tool_t *tool, apr_file_t *file, apr_size_t max,
                             sw_span_t *text)
{
    apr_size_t size = 65536, n = 0, more;
    char *to = apr_palloc(tool->pool, size + 1), *larger;
    apr_status_t rv;

    for (;;) {
        rv = apr_file_read_full(file, to + n, size - n, &more);
        n += more;
        if (rv || n > max)
            break;
        larger = apr_palloc(tool->pool, size * 2 + 1);
        memcpy(larger, to, n);
        to = larger;
        size *= 2;
    }
    to[n] = '\0';
    *text = sw_span_of(to, n);
    return APR_STATUS_IS_EOF(rv) ? APR_SUCCESS : rv;
}

int read_source(tool_t *tool, const char *name, sw_span_t *text)
{
    apr_file_t *file;
    apr_status_t rv;

    if (strcmp(name, "-") == 0)
        rv = apr_file_open_stdin(&file, tool->pool);
    else
        rv = apr_file_open(&file, name, APR_FOPEN_READ, APR_OS_DEFAULT,
                           tool->pool);
    if (!rv)
        rv = read_all(tool, file, FILE_MAX, text);
    if (rv)
        return unreadable(tool, name, rv);
    return text->n <= FILE_MAX
               ? YES
               : expected(tool, name, "a file of at most 16 MiB");
}

static int make_keys(tool_t *tool, const char *source,
                     const apr_array_header_t *secrets)
{
    int i;

    if (secrets->nelts > SW_SECRETS_MAX)
        return expected(tool, source, SW_SECRETS_MOST);
    tool->keys = apr_array_make(tool->pool, secrets->nelts,
                                sizeof(const sw_key_t *));
    for (i = 0; i < secrets->nelts; i++) {
        const sw_key_t *key = sw_key_make(tool->pool,
                                          APR_ARRAY_IDX(secrets, i, sw_span_t),
                                          tool->project,
                                          apr_itoa(tool->pool, i + 1));

        if (!key)
            return expected(tool, source, "a key that OpenSSL takes");
        APR_ARRAY_PUSH(tool->keys, const sw_key_t *) = key;
    }
    return YES;
}

static int read_key_file(tool_t *tool, apr_array_header_t *secrets)
{
    const char *name = tool->key_file, *error;
    apr_finfo_t info;
    apr_file_t *file;
    sw_span_t text;
    /* Before apr_file_open(), which waits for ever on a FIFO. */
    apr_status_t rv = apr_stat(&info, name, APR_FINFO_TYPE | APR_FINFO_PROT,
                               tool->pool);

    if (!rv && info.filetype != APR_REG)
        return expected(tool, name, "a regular file");
    if (!rv && (info.protection & (APR_FPROT_WREAD | APR_FPROT_WWRITE)))
        return expected(tool, name,
                        "a file that others can neither read nor "
                        "write; run chmod o-rw on it");
    if (!rv)
        rv = apr_file_open(&file, name, APR_FOPEN_READ, APR_OS_DEFAULT,
                           tool->pool);
    if (!rv)
        rv = read_all(tool, file, SW_SECRETS_FILE_MAX, &text);
    /* A name without a file may be a key, given by mistake: do not print it. */
    if (rv)
        return unreadable(tool, APR_STATUS_IS_ENOENT(rv) ? "--key-file" : name,
                          rv);
    error = text.n > SW_SECRETS_FILE_MAX ? SW_SECRETS_FILE_MOST
                                         : sw_secrets_split(secrets, text);
    return error ? expected(tool, name, error) : make_keys(tool, name, secrets);
}

int read_keys(tool_t *tool)
{
    static const char name[] = "SIGNALWIRE_SIGNING_KEY";
    apr_array_header_t *secrets = apr_array_make(tool->pool, 2,
                                                 sizeof(sw_span_t));
    const char *text = getenv(name), *error;
    sw_span_t secret;

    if (tool->key_file)
        return read_key_file(tool, secrets);
    if (!text)
        return expected(tool, tool->command,
                        "a key: --key-file FILE, or the "
                        "environment variable SIGNALWIRE_SIGNING_KEY");
    secret = sw_span(text);
    if (secret.n
        && secret.p[secret.n - 1]
               == '\n') /* SignalWireSigningKey env: drops it too */
        secret.n--;
    error = sw_secrets_add(secrets, secret);
    return error ? expected(tool, name, error) : make_keys(tool, name, secrets);
}
