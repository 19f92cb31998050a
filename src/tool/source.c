/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are read whole, and the keys in them. No complaint ever shows a
 * key. The rules for a key file are the module's. */
#include <stdlib.h>

#include <apr_lib.h>
#include <apr_strings.h>

#include "tool.h"

#define KEY_FILE_MAX 65536
#define KEYS_MAX 32

static int unreadable(tool_t *tool, const char *name, apr_status_t rv)
{
    char reason[120];

    apr_strerror(rv, reason, sizeof(reason));
    return expected(tool, name, apr_pstrcat(tool->pool, "a readable file: ",
                                            reason, NULL));
}

/* To the end, or one byte more than @a max. */
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
    return text->n <= FILE_MAX ? YES
           : expected(tool, name, "a file of at most 16 MiB");
}

static int add_key(tool_t *tool, const char *source, sw_span_t secret)
{
    const char *label = apr_itoa(tool->pool, tool->keys->nelts + 1);
    const sw_key_t *key;

    if (secret.n == 0)
        return expected(tool, source, "a key, it is empty");
    if (memchr(secret.p, '\0', secret.n))
        return expected(tool, source, "text, it holds a NUL byte");
    if (apr_isspace(secret.p[0]) || apr_isspace(secret.p[secret.n - 1]))
        return expected(tool, source, "a key without blanks at its ends");
    if (tool->keys->nelts == KEYS_MAX)
        return expected(tool, source, "at most 32 keys");
    key = sw_key_make(tool->pool, secret, NULL, label);
    if (!key)
        return expected(tool, source, "a key that OpenSSL takes");
    APR_ARRAY_PUSH(tool->keys, const sw_key_t *) = key;
    return YES;
}

static int split_lines(tool_t *tool, const char *source, sw_span_t text)
{
    int status = YES;

    if (sw_span_starts(text, sw_span("\xef\xbb\xbf")))
        return expected(tool, source, "plain text, it begins with a byte "
                        "order mark");
    while (text.n && status == YES) {
        sw_span_t line = sw_span_of(text.p, sw_span_find(text, '\n'));

        text = sw_span_from(text, line.n + 1);
        if (line.n && line.p[line.n - 1] == '\r')
            line.n--;
        if (line.n && line.p[0] != '#')
            status = add_key(tool, source, line);
    }
    if (status == YES && tool->keys->nelts == 0)
        return expected(tool, source, "a key on a line of its own, there is "
                        "none");
    return status;
}

static int read_key_file(tool_t *tool)
{
    const char *name = tool->key_file;
    apr_finfo_t info;
    apr_file_t *file;
    sw_span_t text;
    /* Looked at before it is opened: to open a FIFO would wait for ever. */
    apr_status_t rv = apr_stat(&info, name, APR_FINFO_TYPE | APR_FINFO_PROT,
                               tool->pool);

    if (!rv && info.filetype != APR_REG)
        return expected(tool, name, "a regular file");
    if (!rv && (info.protection & (APR_FPROT_WREAD | APR_FPROT_WWRITE)))
        return expected(tool, name, "a file that others can neither read nor "
                        "write; run chmod o-rw on it");
    if (!rv)
        rv = apr_file_open(&file, name, APR_FOPEN_READ, APR_OS_DEFAULT,
                           tool->pool);
    if (!rv)
        rv = read_all(tool, file, KEY_FILE_MAX, &text);
    if (rv)
        return unreadable(tool, name, rv);
    if (text.n > KEY_FILE_MAX)
        return expected(tool, name, "a file of at most 64 KiB");
    return split_lines(tool, name, text);
}

int read_keys(tool_t *tool)
{
    static const char name[] = "SIGNALWIRE_SIGNING_KEY";
    const char *text = getenv(name);

    tool->keys = apr_array_make(tool->pool, 2, sizeof(const sw_key_t *));
    if (tool->key_file)
        return read_key_file(tool);
    if (!text)
        return expected(tool, tool->command, "a key: --key-file FILE, or the "
                        "environment variable SIGNALWIRE_SIGNING_KEY");
    return add_key(tool, name, sw_span(text));
}
