/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What only whole blocks can tell, asked at configtest for every server that
 * has or inherits one: is there a key, is there a name? And the walk over all
 * blocks, which dump.c uses too.
 */
#include <apr_shm.h>
#include <apr_strings.h>

#include "module.h"

APLOG_USE_MODULE(signalwire);

/* ---- the walk ---------------------------------------------------------- */

typedef struct walk_t {
    apr_pool_t *p;
    server_rec *s;
    sw_visit_f *visit;
    void *data;
} walk_t;

static const char *walk_sections(walk_t *w, const apr_array_header_t *sections,
                                 const sw_dir_t *outer);

static const sw_dir_t *own_of(ap_conf_vector_t *section)
{
    return ap_get_module_config(section, &signalwire_module);
}

/* Does what one literal section holds apply wherever another does? Patterns
 * and conditions may overlap too, but only requests can tell. */
static int encloses(ap_conf_vector_t *outer, ap_conf_vector_t *inner)
{
    const core_dir_config *o = ap_get_core_module_config(outer);
    const core_dir_config *i = ap_get_core_module_config(inner);
    apr_size_t n;

    if (!o->d || !i->d || o->r || i->r || o->d_is_fnmatch || i->d_is_fnmatch
        || o->d[0] != '/' || i->d[0] != '/')
        return 0;
    n = strlen(o->d);
    while (n && o->d[n - 1] == '/')
        n--;
    return strncmp(o->d, i->d, n) == 0 && (i->d[n] == '/' || i->d[n] == '\0');
}

static const char *walk_section(walk_t *w, ap_conf_vector_t *section,
                                const sw_dir_t *outer)
{
    const core_dir_config *core = ap_get_core_module_config(section);
    const sw_dir_t *own = own_of(section), *dir = outer;
    const char *complaint = NULL;

    if (own) {
        dir = sw_dir_merge(w->p, (void *)outer, (void *)own);
        if (dir->block)
            complaint = w->visit(w->p, w->s, dir, w->data);
    }
    if (!complaint)
        complaint = walk_sections(w, core->sec_file, dir);
    if (!complaint)
        complaint = walk_sections(w, core->sec_if, dir);
    return complaint;
}

static const char *walk_sections(walk_t *w, const apr_array_header_t *sections,
                                 const sw_dir_t *outer)
{
    const char *complaint = NULL;
    int i, k;

    for (i = 0; sections && !complaint && i < sections->nelts; i++) {
        ap_conf_vector_t *section = APR_ARRAY_IDX(sections, i,
                                                  ap_conf_vector_t *);
        const sw_dir_t *dir = outer;

        for (k = 0; k < i; k++) {
            ap_conf_vector_t *earlier = APR_ARRAY_IDX(sections, k,
                                                      ap_conf_vector_t *);

            if (own_of(earlier) && encloses(earlier, section))
                dir = sw_dir_merge(w->p, (void *)dir,
                                   (void *)own_of(earlier));
        }
        complaint = walk_section(w, section, dir);
    }
    return complaint;
}

const char *sw_blocks_visit(apr_pool_t *p, server_rec *s, sw_visit_f *visit,
                            void *data)
{
    const core_server_config *core =
        ap_get_core_module_config(s->module_config);
    const core_dir_config *defaults =
        ap_get_core_module_config(s->lookup_defaults);
    const sw_dir_t *outer = own_of(s->lookup_defaults);
    walk_t w = { p, s, visit, data };
    const char *complaint = walk_sections(&w, core->sec_dir, outer);

    if (!complaint)
        complaint = walk_sections(&w, defaults->sec_file, outer);
    if (!complaint)
        complaint = walk_sections(&w, core->sec_url, outer);
    if (!complaint)
        complaint = walk_sections(&w, defaults->sec_if, outer);
    return complaint;
}

/* ---- the checks -------------------------------------------------------- */

static const char *place_of(apr_pool_t *p, const server_rec *s,
                            const sw_dir_t *dir)
{
    return apr_psprintf(p, "block \"%s\" in %s (line %d of %s), server %s",
                        dir->block->name, dir->block->section,
                        dir->block->directive->line_num,
                        dir->block->directive->filename,
                        s->server_hostname ? s->server_hostname : "_default_");
}

/* Is there a ServerName or a real ServerAlias among these directives? */
static int names_server(const ap_directive_t *d)
{
    for (; d; d = d->next) {
        if (strcasecmp(d->directive, "ServerName") == 0)
            return 1;
        if (strcasecmp(d->directive, "ServerAlias") == 0
            && strcmp(d->args, "*") != 0)
            return 1;
    }
    return 0;
}

/* httpd makes up a name for a server without one; the directives tell. */
static int has_name(const server_rec *s)
{
    const ap_directive_t *d;

    for (d = ap_conftree; d && s->is_virtual; d = d->next) {
        if (strcasecmp(d->directive, "<VirtualHost") == 0 && s->defn_name
            && d->line_num == (int)s->defn_line_number
            && strcmp(d->filename, s->defn_name) == 0
            && names_server(d->first_child))
            return 1;
    }
    return names_server(ap_conftree);
}

static int requires_something(const ap_directive_t *d)
{
    for (; d; d = d->next) {
        if (strncasecmp(d->directive, "<Require", 8) == 0
            || (strcasecmp(d->directive, "Require") == 0
                && strcasecmp(d->args, "all granted") != 0))
            return 1;
    }
    return 0;
}

static int requires_verified(const ap_directive_t *d)
{
    for (; d; d = d->next) {
        if (strcasecmp(d->directive, "Require") == 0
            && strncasecmp(d->args, "signalwire", 10) == 0)
            return 1;
    }
    return 0;
}

/* Anything but the signature that somebody has to pass here? */
static int has_other_guard(const sw_dir_t *dir)
{
    const ap_directive_t *block = dir->block->directive;

    return (dir->secret && dir->secret->name)
           || requires_something(block->first_child)
           || requires_something(block->parent->first_child);
}

static const char *check_block(apr_pool_t *p, server_rec *s,
                               const sw_dir_t *dir, void *data)
{
    sw_mode_e mode = sw_dir_mode(dir);

    (void)data;
    if (mode == SW_MODE_OFF) {
        if (requires_verified(dir->block->directive->first_child)
            && !sw_is_rehearsal())
            ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s, "SW0006: %s: with "
                         "SignalWireVerify off nothing is verified, and "
                         "Require signalwire verified refuses everything; "
                         "expected SignalWireVerify optional",
                         place_of(p, s, dir));
        return NULL;
    }
    if (!dir->keys || dir->keys->nelts == 0)
        return apr_psprintf(p, "SW0001: <SignalWireWebhook> %s: expected a "
                            "SignalWireSigningKey in it, in its virtual host "
                            "or in the server, since SignalWireVerify is not "
                            "off; for example SignalWireSigningKey "
                            "file:/etc/apache2/signalwire.key",
                            place_of(p, s, dir));
    if (dir->public_url
        && dir->keys->nelts * dir->public_url->urls->nelts > 64)
        return apr_psprintf(p, "SW0007: <SignalWireWebhook> %s: expected at "
                            "most 64 combinations of SignalWireSigningKey and "
                            "SignalWirePublicURL, since a forged request is "
                            "tried with each; there are %d keys and %d URLs",
                            place_of(p, s, dir), dir->keys->nelts,
                            dir->public_url->urls->nelts);
    if (mode == SW_MODE_EITHER && !(dir->secret && dir->secret->name))
        return apr_psprintf(p, "SW0040: <SignalWireWebhook> %s: expected a "
                            "SignalWireSharedSecret in it, in its virtual host "
                            "or in the server, since SignalWireVerify is "
                            "either: without one everybody could send "
                            "unsigned requests", place_of(p, s, dir));
    if (sw_is_rehearsal())
        return NULL;
    if (!(dir->public_url && (dir->public_url->any_host
                              || dir->public_url->urls->nelts))
        && !has_name(s))
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s, "SW0002: %s: neither "
                     "SignalWirePublicURL nor ServerName says what SignalWire "
                     "calls; most requests will be refused as unknown-host. "
                     "Expected for example SignalWirePublicURL "
                     "https://hooks.example.com", place_of(p, s, dir));
    if (mode == SW_MODE_OPTIONAL && !has_other_guard(dir))
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s, "SW0004: %s: with "
                     "SignalWireVerify optional anybody may send unsigned "
                     "requests; expected a guard besides it, such as "
                     "SignalWireSharedSecret or Require",
                     place_of(p, s, dir));
    return NULL;
}

int sw_check_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                    server_rec *s)
{
    (void)pconf;
    (void)plog;
    for (; s; s = s->next) {
        const char *complaint = sw_blocks_visit(ptemp, s, check_block, NULL);

        if (complaint) {
            ap_log_error(APLOG_MARK, APLOG_ERR | APLOG_STARTUP, 0, s, "%s",
                         complaint);
            return !OK;
        }
    }
    return OK;
}

/* A request that is broken before its host is known is logged by the default
 * server: every server masks the secrets of all. */
static void share_secret_names(apr_pool_t *p, server_rec *s)
{
    apr_array_header_t *all = apr_array_make(p, 1, sizeof(const char *));
    server_rec *each;
    int blocks = 0;

    for (each = s; each; each = each->next) {
        apr_array_cat(all, sw_server_of(each)->secret_names);
        blocks += sw_server_of(each)->blocks->nelts;
    }
    /* SignalWire's SDKs write a bearer token into the URLs of AI agents. */
    if (blocks)
        APR_ARRAY_PUSH(all, const char *) = "__token";
    for (each = s; each; each = each->next)
        sw_server_of(each)->secret_names = all;
}

/* Signs, and a clock for each block's diagnoses, and how many workers are held:
 * shared by all children. Nothing where there is no block. */
static apr_status_t share_memory(apr_pool_t *p, server_rec *s)
{
    volatile apr_uint32_t *clocks;
    sw_signs_t *signs;
    apr_shm_t *memory;
    apr_size_t size = 0;
    server_rec *each;
    apr_status_t rv;
    int i;

    for (each = s; each; each = each->next)
        size += (apr_size_t)sw_server_of(each)->blocks->nelts
                * sizeof(*clocks);
    if (size == 0)
        return APR_SUCCESS;
    size += sizeof(*signs);
    rv = apr_shm_create(&memory, size, NULL, p);
    if (rv)
        return rv;
    signs = apr_shm_baseaddr_get(memory);
    memset(signs, 0, size);
    clocks = (volatile apr_uint32_t *)(signs + 1);
    for (each = s; each; each = each->next) {
        const apr_array_header_t *blocks = sw_server_of(each)->blocks;

        sw_server_of(each)->signs = signs;
        for (i = 0; i < blocks->nelts; i++)
            APR_ARRAY_IDX(blocks, i, sw_block_t *)->diagnosed = clocks++;
    }
    rv = sw_workers_share(p, s);
    return rv ? rv : sw_claims_share(p, s);
}

int sw_post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                   server_rec *s)
{
    apr_status_t rv = share_memory(pconf, s);

    (void)plog;
    (void)ptemp;
    share_secret_names(pconf, s);
    if (rv) {
        ap_log_error(APLOG_MARK, APLOG_CRIT, rv, s, "SW0005: no shared memory "
                     "for the state of <SignalWireWebhook> blocks");
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    return OK;
}
