/* SPDX-License-Identifier: Apache-2.0 */
/* Creation, merging and defaults of the settings. */
#include "httpd/config/settings.h"
#include "core/signature/signature.h"
#include "core/signature/verdict.h"

const char *const sw_mode_words[] = {
    "require", "optional", "either", "report", "off", NULL
};

const char *sw_mode_name(sw_mode_e mode)
{
    return sw_mode_words[mode - SW_MODE_REQUIRE];
}

void *sw_dir_create(apr_pool_t *p, char *path)
{
    (void)path;
    return apr_pcalloc(p, sizeof(sw_dir_t));
}

/* The inner section wins where it is set. */
#define MERGE(member) to->member = i->member ? i->member : o->member

static void merge_verify(sw_verify_t *to, const sw_verify_t *o,
                         const sw_verify_t *i)
{
    MERGE(mode);
    MERGE(keys);
    MERGE(public_url);
    MERGE(proxies);
    MERGE(types);
    MERGE(require_tls);
    MERGE(secret);
    MERGE(max_body);
}

int sw_verify_is_same(const sw_verify_t *a, const sw_verify_t *b)
{
    return a->mode == b->mode && a->keys == b->keys
           && a->public_url == b->public_url && a->proxies == b->proxies
           && a->types == b->types && a->require_tls == b->require_tls
           && a->secret == b->secret && a->max_body == b->max_body;
}

void *sw_dir_merge(apr_pool_t *p, void *outer, void *inner)
{
    const sw_dir_t *o = outer, *i = inner;
    sw_dir_t *to = apr_pcalloc(p, sizeof(*to));

    merge_verify(&to->verify, &o->verify, &i->verify);
    MERGE(block);
    MERGE(exports);
    MERGE(answers);
    MERGE(guard);
    MERGE(fallbacks);
    MERGE(ack);
    MERGE(once);
    MERGE(event_log);
    MERGE(show);
    return to;
}

void *sw_server_create(apr_pool_t *p, server_rec *s)
{
    sw_server_t *server = apr_pcalloc(p, sizeof(*server));

    (void)s;
    server->blocks = apr_array_make(p, 4, sizeof(sw_block_t *));
    server->secret_names = apr_array_make(p, 1, sizeof(const char *));
    server->event_logs = apr_array_make(p, 1, sizeof(sw_event_log_t *));
    server->keys = apr_array_make(p, 1, sizeof(const sw_key_t *));
    return server;
}

void *sw_server_merge(apr_pool_t *p, void *outer, void *inner)
{
    const sw_server_t *o = outer, *i = inner;
    sw_server_t *to = apr_pcalloc(p, sizeof(*to));

    to->blocks = apr_array_append(p, o->blocks, i->blocks);
    to->secret_names = apr_array_append(p, o->secret_names, i->secret_names);
    to->event_logs = i->event_logs;
    to->keys = i->keys;
    to->cache = o->cache;     /* only the main server may set this */
    to->records = o->records; /* and this */
    to->defaults = i->defaults;
    return to;
}

sw_server_t *sw_server_of(const server_rec *s)
{
    return ap_get_module_config(s->module_config, &signalwire_module);
}

int sw_has_blocks(const server_rec *first)
{
    const server_rec *s;

    for (s = first; s; s = s->next) {
        if (sw_server_of(s)->blocks->nelts)
            return 1;
    }
    return 0;
}

int sw_has_secret(const sw_dir_t *dir)
{
    return dir->verify.secret && dir->verify.secret->name;
}

sw_mode_e sw_verify_mode(const sw_verify_t *verify)
{
    return verify->mode ? verify->mode : SW_MODE_REQUIRE;
}

sw_mode_e sw_dir_mode(const sw_dir_t *dir)
{
    return sw_verify_mode(&dir->verify);
}

unsigned int sw_dir_types(const sw_dir_t *dir)
{
    return dir->verify.types ? dir->verify.types : SW_TYPE_ANY;
}

apr_size_t sw_dir_max_body(const sw_dir_t *dir, int is_json)
{
    return dir->verify.max_body ? dir->verify.max_body
           : is_json            ? SW_MAX_JSON
                                : SW_MAX_BODY;
}

unsigned int sw_dir_exports(const sw_dir_t *dir)
{
    return dir->exports ? dir->exports : SW_EXPORT_ENV | SW_EXPORT_HEADERS;
}
