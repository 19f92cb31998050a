/* SPDX-License-Identifier: Apache-2.0 */
/* See settings.h. */
#include "httpd/config/settings.h"
#include "core/signature/verdict.h"

void *sw_dir_create(apr_pool_t *p, char *path)
{
    (void)path;
    return apr_pcalloc(p, sizeof(sw_dir_t));
}

void *sw_dir_merge(apr_pool_t *p, void *outer, void *inner)
{
    const sw_dir_t *o = outer, *i = inner;
    sw_dir_t *to = apr_palloc(p, sizeof(*to));

    to->block = i->block ? i->block : o->block;
    to->mode = i->mode ? i->mode : o->mode;
    to->keys = i->keys ? i->keys : o->keys;
    to->public_url = i->public_url ? i->public_url : o->public_url;
    to->proxies = i->proxies ? i->proxies : o->proxies;
    to->types = i->types ? i->types : o->types;
    to->require_tls = i->require_tls ? i->require_tls : o->require_tls;
    to->secret = i->secret ? i->secret : o->secret;
    to->max_body = i->max_body ? i->max_body : o->max_body;
    to->exports = i->exports ? i->exports : o->exports;
    to->answers = i->answers ? i->answers : o->answers;
    to->guard = i->guard ? i->guard : o->guard;
    to->fallbacks = i->fallbacks ? i->fallbacks : o->fallbacks;
    to->ack = i->ack ? i->ack : o->ack;
    to->once = i->once ? i->once : o->once;
    to->journal = i->journal ? i->journal : o->journal;
    to->show = i->show ? i->show : o->show;
    return to;
}

void *sw_server_create(apr_pool_t *p, server_rec *s)
{
    sw_server_t *server = apr_pcalloc(p, sizeof(*server));

    (void)s;
    server->blocks = apr_array_make(p, 4, sizeof(sw_block_t *));
    server->secret_names = apr_array_make(p, 1, sizeof(const char *));
    server->journals = apr_array_make(p, 1, sizeof(sw_journal_t *));
    server->key_ids = apr_array_make(p, 1, sizeof(apr_uint64_t));
    return server;
}

void *sw_server_merge(apr_pool_t *p, void *outer, void *inner)
{
    const sw_server_t *o = outer, *i = inner;
    sw_server_t *to = apr_pcalloc(p, sizeof(*to));

    to->blocks = apr_array_append(p, o->blocks, i->blocks);
    to->secret_names = apr_array_append(p, o->secret_names, i->secret_names);
    to->journals = i->journals;
    to->key_ids = i->key_ids;
    to->cache = o->cache; /* the directives of these two are of the main */
    to->records = o->records; /* server alone */
    to->defaults = i->defaults;
    return to;
}

sw_server_t *sw_server_of(const server_rec *s)
{
    return ap_get_module_config(s->module_config, &signalwire_module);
}

sw_mode_e sw_dir_mode(const sw_dir_t *dir)
{
    return dir->mode ? dir->mode : SW_MODE_REQUIRE;
}

unsigned int sw_dir_types(const sw_dir_t *dir)
{
    return dir->types ? dir->types : SW_TYPE_ANY;
}

apr_size_t sw_dir_max_body(const sw_dir_t *dir, int is_json)
{
    return dir->max_body ? dir->max_body
           : is_json ? SW_MAX_JSON : SW_MAX_BODY;
}

unsigned int sw_dir_exports(const sw_dir_t *dir)
{
    return dir->exports ? dir->exports : SW_EXPORT_ENV | SW_EXPORT_HEADERS;
}
