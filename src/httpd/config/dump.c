/* SPDX-License-Identifier: Apache-2.0 */
/*
 * apachectl -t -D DUMP_SIGNALWIRE: each block with the settings in force and
 * the URLs that it expects. Shows labels and counts of keys, but no secret.
 */
#include <apr_file_io.h>
#include <apr_strings.h>

#include "httpd/config/dump.h"
#include "core/signature/signature.h"
#include "core/signature/url.h"
#include "core/signature/verdict.h"
#include "core/text/span.h"
#include "httpd/config/once_cache.h"
#include "httpd/config/sections.h"

static const char *exports_text(apr_pool_t *p, unsigned int exports)
{
    apr_array_header_t *words = apr_array_make(p, 3, sizeof(const char *));

    if (exports & SW_EXPORT_ENV)
        APR_ARRAY_PUSH(words, const char *) = "env";
    if (exports & SW_EXPORT_HEADERS)
        APR_ARRAY_PUSH(words, const char *) = "headers";
    if (exports & SW_EXPORT_PARAMS)
        APR_ARRAY_PUSH(words, const char *) = "params";
    return words->nelts ? apr_array_pstrcat(p, words, ' ') : "none";
}

/* "#1", "project=ID" or, with a label, "NAME" and "NAME (project=ID)". */
static const char *key_text(apr_pool_t *p, const sw_key_t *key)
{
    const char *label = sw_key_label(key), *project = sw_key_project(key);

    if (!project)
        return apr_isdigit(*label) ? apr_pstrcat(p, "#", label, NULL) : label;
    if (sw_span_starts(sw_span(label), sw_span(project)))
        return apr_pstrcat(p, "project=", label, NULL);
    return apr_pstrcat(p, label, " (project=", project, ")", NULL);
}

static const char *keys_text(apr_pool_t *p, const sw_dir_t *dir)
{
    const apr_array_header_t *keys = dir->verify.keys;
    const char *text;
    int i, count = keys ? keys->nelts : 0;

    text = apr_psprintf(p, "%d key%s", count, count == 1 ? "" : "s");
    for (i = 0; i < count; i++) {
        const sw_key_t *key = APR_ARRAY_IDX(keys, i, const sw_key_t *);

        text = apr_pstrcat(p, text, i ? ", " : ": ", key_text(p, key), NULL);
    }
    return text;
}

static const char *proxies_text(apr_pool_t *p, const sw_dir_t *dir)
{
    const apr_array_header_t *proxies = dir->verify.proxies;
    const char *text = "";
    int i;

    for (i = 0; proxies && i < proxies->nelts; i++)
        text = apr_pstrcat(p, text, i ? " " : "",
                           APR_ARRAY_IDX(proxies, i, sw_proxy_t).text, NULL);
    return *text ? text : "none";
}

/* Append the value of a repeatable directive on a line of its own. */
static const char *append_line(apr_pool_t *p, const char *text,
                               const char *more)
{
    return apr_pstrcat(p, text,
                       *text ? "\n                               " : "", more,
                       NULL);
}

static const char *answers_text(apr_pool_t *p, const sw_dir_t *dir)
{
    const char *text = "";
    int i;

    for (i = 0; dir->answers && i < dir->answers->nelts; i++)
        text = append_line(p, text,
                           APR_ARRAY_IDX(dir->answers, i, sw_answer_t).text);
    return *text ? text : "none";
}

static const char *fallbacks_text(apr_pool_t *p, const sw_dir_t *dir)
{
    const char *text = "";
    int i;

    for (i = 0; dir->fallbacks && i < dir->fallbacks->nelts; i++)
        text =
            append_line(p, text,
                        APR_ARRAY_IDX(dir->fallbacks, i, sw_fallback_t).text);
    return *text ? text : "none";
}

static const char *once_text(apr_pool_t *p, const server_rec *s,
                             const sw_dir_t *dir)
{
    int is_whole = dir->once % APR_USEC_PER_SEC == 0;

    return dir->once <= 0
               ? "Off"
               : apr_psprintf(p, "%" APR_TIME_T_FMT "%s, in %s",
                              is_whole ? apr_time_sec(dir->once)
                                       : apr_time_as_msec(dir->once),
                              is_whole ? "s" : "ms", sw_cache_of(s)->name);
}

static const char *max_body_text(apr_pool_t *p, const sw_dir_t *dir)
{
    apr_size_t bytes = dir->verify.max_body;

    return bytes ? apr_psprintf(p, "%" APR_SIZE_T_FMT, bytes)
                 : APR_STRINGIFY(SW_MAX_BODY) ", JSON " APR_STRINGIFY(
                     SW_MAX_JSON);
}

static void print_urls(apr_pool_t *p, apr_file_t *out, const server_rec *s,
                       const sw_dir_t *dir)
{
    const sw_public_t *configured = dir->verify.public_url;
    const char *location = sw_block_location(p, dir->block);
    const char *path = location ? location : "/...";
    int i;

    if (configured && configured->any_host) {
        apr_file_printf(out, "      expects  whatever host is called, at %s\n",
                        path);
        return;
    }
    if (!configured || configured->urls->nelts == 0) {
        apr_file_printf(out,
                        "      expects  http[s]://%s%s, the scheme as "
                        "the connection is, or a ServerAlias\n",
                        s->server_hostname ? s->server_hostname : "?", path);
        return;
    }
    for (i = 0; i < configured->urls->nelts; i++) {
        const sw_public_url_t *url = &APR_ARRAY_IDX(configured->urls, i,
                                                    sw_public_url_t);
        const char *rest = path;

        if (url->path.n && sw_span_starts(sw_span(path), url->prefix))
            rest = path + url->prefix.n;
        apr_file_printf(out, "      expects  %.*s%.*s%s\n",
                        (int)url->origin.plain.n, url->origin.plain.p,
                        (int)url->path.n, sw_span_text(url->path), rest);
    }
}

static const char *dump_block(apr_pool_t *p, server_rec *s, const sw_dir_t *dir,
                              void *data)
{
    const ap_directive_t *block = dir->block->directive;
    apr_file_t *out = data;

    apr_file_printf(out, "  %s in %s (%s:%d), server %s\n", dir->block->name,
                    dir->block->section, block->filename, block->line_num,
                    s->server_hostname ? s->server_hostname : "?");
    print_urls(p, out, s, dir);
    apr_file_printf(out,
                    "      SignalWireVerify         %s\n"
                    "      SignalWireSigningKey     %s\n"
                    "      SignalWireTrustedProxy   %s\n"
                    "      SignalWireSignatureType  %s\n"
                    "      SignalWireRequireTLS     %s\n"
                    "      SignalWireSharedSecret   %s\n"
                    "      SignalWireMaxBody        %s\n"
                    "      SignalWireExport         %s\n"
                    "      SignalWireAnswer         %s\n"
                    "      SignalWireGuard          %s\n"
                    "      SignalWireFallback       %s\n"
                    "      SignalWireAckFirst       %s\n"
                    "      SignalWireOnce           %s\n"
                    "      SignalWireEventLog       %s%s\n"
                    "      SignalWireStatusShow     %s\n",
                    sw_mode_name(sw_dir_mode(dir)), keys_text(p, dir),
                    proxies_text(p, dir), sw_types_word(sw_dir_types(dir)),
                    dir->verify.require_tls == 1 ? "On" : "Off",
                    sw_has_secret(dir) ? dir->verify.secret->name : "none",
                    max_body_text(p, dir), exports_text(p, sw_dir_exports(dir)),
                    answers_text(p, dir), dir->guard > 0 ? "On" : "Off",
                    fallbacks_text(p, dir),
                    dir->ack > 0                 ? apr_itoa(p, dir->ack)
                    : dir->ack == SW_ACK_QUARTER ? "On"
                                                 : "Off",
                    once_text(p, s, dir),
                    dir->event_log && dir->event_log->target
                        ? dir->event_log->target
                        : "none",
                    dir->event_log && dir->event_log->is_full ? " full" : "",
                    dir->show > 0 ? "full" : "masked");
    return NULL;
}

void sw_dump_config(apr_pool_t *pconf, server_rec *s)
{
    apr_file_t *out;

    if (!ap_exists_config_define("DUMP_SIGNALWIRE")
        || apr_file_open_stdout(&out, pconf) != APR_SUCCESS)
        return;
    apr_file_printf(out,
                    "SignalWireOnceCache %s\n"
                    "SignalWireWebhook blocks:\n",
                    sw_cache_of(s)->name);
    for (; s; s = s->next)
        (void)sw_blocks_visit(pconf, s, dump_block, out);
}
