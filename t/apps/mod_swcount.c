/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An application for tests only, quick enough to be run ten thousand times:
 * handler "swcount" writes a line for each of its runs to the file "runs" in the
 * directory DONE, the last word of the path, and says which run it was.
 */
#include <fcntl.h>
#include <unistd.h>

#include <apr_hash.h>
#include <apr_strings.h>
#include <httpd.h>
#include <http_config.h>
#include <http_protocol.h>

/* Of up to three milliseconds, so that the next delivery often meets it. */
static void work(const char *word)
{
    apr_ssize_t n = APR_HASH_KEY_STRING;

    apr_sleep((apr_interval_time_t)(apr_hashfunc_default(word, &n) % 4)
              * 1000);
}

static int note(request_rec *r, const char *word)
{
    const char *done = apr_table_get(r->subprocess_env, "DONE");
    const char *line = apr_pstrcat(r->pool, word, "\n", NULL);
    ssize_t n = (ssize_t)strlen(line);
    int file = open(apr_pstrcat(r->pool, done, "/runs", NULL),
                    O_WRONLY | O_APPEND | O_CREAT, 0644);

    if (file < 0)
        return 0;
    n -= write(file, line, (size_t)n);
    return close(file) == 0 && n == 0;
}

static int handle(request_rec *r)
{
    const char *word;

    if (!r->handler || strcmp(r->handler, "swcount") != 0)
        return DECLINED;
    word = strrchr(r->uri, '/') + 1;
    if (!note(r, word))
        return HTTP_INTERNAL_SERVER_ERROR;
    work(word);
    ap_set_content_type(r, "text/plain");
    ap_rprintf(r, "%s by %d at %" APR_TIME_T_FMT, word, (int)getpid(),
               apr_time_now());
    return OK;
}

static void register_hooks(apr_pool_t *p)
{
    (void)p;
    ap_hook_handler(handle, NULL, NULL, APR_HOOK_MIDDLE);
}

AP_DECLARE_MODULE(swcount) = {
    STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, NULL, register_hooks,
    AP_MODULE_FLAG_NONE
};
