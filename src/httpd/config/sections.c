/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The blocks of a server with their merged settings, as far as the
 * configuration shows them, and the directives that configure it.
 */
#include <apr_strings.h>

#include "httpd/config/sections.h"

typedef struct walk_t {
    apr_pool_t *p;
    server_rec *s;
    sw_visit_f *visit;
    void *data;
} walk_t;

static const char *walk_sections(walk_t *w, const apr_array_header_t *sections,
                                 const sw_dir_t *outer);

static const sw_dir_t *config_of(ap_conf_vector_t *section)
{
    return ap_get_module_config(section, &signalwire_module);
}

int sw_path_is_below(const char *path, const char *folder)
{
    apr_size_t n = strlen(folder);

    while (n && folder[n - 1] == '/')
        n--;
    return strncmp(path, folder, n) == 0 && (!path[n] || path[n] == '/');
}

/* Does every request in the literal section @a inner match @a outer too?
 * Patterns and conditions may also overlap, but only a request shows that. */
static int encloses(ap_conf_vector_t *outer, ap_conf_vector_t *inner)
{
    const core_dir_config *o = ap_get_core_module_config(outer);
    const core_dir_config *i = ap_get_core_module_config(inner);

    return o->d && i->d && !o->r && !i->r && !o->d_is_fnmatch
           && !i->d_is_fnmatch && o->d[0] == '/' && i->d[0] == '/'
           && sw_path_is_below(i->d, o->d);
}

static const char *walk_section(walk_t *w, ap_conf_vector_t *section,
                                const sw_dir_t *outer)
{
    const core_dir_config *core = ap_get_core_module_config(section);
    const sw_dir_t *own = config_of(section), *dir = outer;
    const char *error = NULL;

    if (own) {
        dir = sw_dir_merge(w->p, (void *)outer, (void *)own);
        if (dir->block)
            error = w->visit(w->p, w->s, dir, w->data);
    }
    if (!error)
        error = walk_sections(w, core->sec_file, dir);
    if (!error)
        error = walk_sections(w, core->sec_if, dir);
    return error;
}

/* Merge the earlier sections that enclose a section into @a outer. */
static const sw_dir_t *outer_of(apr_pool_t *p,
                                const apr_array_header_t *sections, int i,
                                const sw_dir_t *outer)
{
    ap_conf_vector_t *section = APR_ARRAY_IDX(sections, i, ap_conf_vector_t *);
    int k;

    for (k = 0; k < i; k++) {
        ap_conf_vector_t *earlier = APR_ARRAY_IDX(sections, k,
                                                  ap_conf_vector_t *);

        if (config_of(earlier) && encloses(earlier, section))
            outer = sw_dir_merge(p, (void *)outer, (void *)config_of(earlier));
    }
    return outer;
}

static const char *walk_sections(walk_t *w, const apr_array_header_t *sections,
                                 const sw_dir_t *outer)
{
    const char *error = NULL;
    int i;

    for (i = 0; sections && !error && i < sections->nelts; i++)
        error = walk_section(w, APR_ARRAY_IDX(sections, i, ap_conf_vector_t *),
                             outer_of(w->p, sections, i, outer));
    return error;
}

/* Walk <Directory> and <Files>, which httpd merges before any <Location>. */
static const char *walk_files(walk_t *w, const core_server_config *core,
                              const core_dir_config *defaults)
{
    const sw_dir_t *outer = config_of(w->s->lookup_defaults);
    const char *error = walk_sections(w, core->sec_dir, outer);

    return error ? error : walk_sections(w, defaults->sec_file, outer);
}

const char *sw_blocks_visit(apr_pool_t *p, server_rec *s, sw_visit_f *visit,
                            void *data)
{
    const core_server_config *core = ap_get_core_module_config(
        s->module_config);
    const core_dir_config *defaults = ap_get_core_module_config(
        s->lookup_defaults);
    const sw_dir_t *outer = config_of(s->lookup_defaults);
    walk_t w = { p, s, visit, data };
    const char *error = walk_files(&w, core, defaults);

    if (!error)
        error = walk_sections(&w, core->sec_url, outer);
    if (!error)
        error = walk_sections(&w, defaults->sec_if, outer);
    return error;
}

/* Its "error" ends the walk. */
static const char *find_once(apr_pool_t *p, server_rec *s, const sw_dir_t *dir,
                             void *data)
{
    (void)p;
    (void)s;
    (void)data;
    return dir->once > 0 ? "found" : NULL;
}

int sw_uses_once(apr_pool_t *p, server_rec *s)
{
    return sw_blocks_visit(p, s, find_once, NULL) != NULL;
}

const char *sw_block_describe(apr_pool_t *p, const server_rec *s,
                              const sw_dir_t *dir)
{
    return apr_psprintf(p, "block \"%s\" in %s (line %d of %s), server %s",
                        dir->block->name, dir->block->section,
                        dir->block->directive->line_num,
                        dir->block->directive->filename,
                        s->server_hostname ? s->server_hostname : "_default_");
}

/* ---- later sections ---------------------------------------------------- */

typedef struct override_walk_t {
    const apr_array_header_t *locations;
    sw_override_f *found;
} override_walk_t;

static const sw_dir_t *merge_later(apr_pool_t *p, const sw_dir_t *dir,
                                   ap_conf_vector_t *later)
{
    return sw_dir_merge(p, (void *)dir, (void *)config_of(later));
}

/* httpd merges <Location "/"> after every <Directory> and <Files>, also if it
 * is configured before them. */
static const char *compare_root(apr_pool_t *p, server_rec *s,
                                const sw_dir_t *dir, void *data)
{
    const override_walk_t *l = data;
    int i;

    for (i = 0; i < l->locations->nelts; i++) {
        ap_conf_vector_t *section = APR_ARRAY_IDX(l->locations, i,
                                                  ap_conf_vector_t *);
        const core_dir_config *core = ap_get_core_module_config(section);

        if (config_of(section) && config_of(section)->block && core->d
            && !core->r && !core->d_is_fnmatch && strcmp(core->d, "/") == 0)
            l->found(p, s, dir, merge_later(p, dir, section));
    }
    return NULL;
}

static void compare_location(apr_pool_t *p, server_rec *s, int i,
                             const override_walk_t *l)
{
    ap_conf_vector_t *section = APR_ARRAY_IDX(l->locations, i,
                                              ap_conf_vector_t *);
    const sw_dir_t *dir = outer_of(p, l->locations, i,
                                   config_of(s->lookup_defaults));
    int k;

    dir = sw_dir_merge(p, (void *)dir, (void *)config_of(section));
    for (k = i + 1; k < l->locations->nelts; k++) {
        ap_conf_vector_t *later = APR_ARRAY_IDX(l->locations, k,
                                                ap_conf_vector_t *);

        if (config_of(later) && config_of(later)->block
            && encloses(later, section))
            l->found(p, s, dir, merge_later(p, dir, later));
    }
}

void sw_blocks_overridden(apr_pool_t *p, server_rec *s, sw_override_f *found)
{
    const core_server_config *core = ap_get_core_module_config(
        s->module_config);
    override_walk_t l = { core->sec_url, found };
    walk_t w = { p, s, compare_root, &l };
    int i;

    if (!core->sec_url)
        return;
    (void)walk_files(&w, core, ap_get_core_module_config(s->lookup_defaults));
    for (i = 0; i < core->sec_url->nelts; i++) {
        const sw_dir_t *own = config_of(
            APR_ARRAY_IDX(core->sec_url, i, ap_conf_vector_t *));

        if (own && own->block)
            compare_location(p, s, i, &l);
    }
}

/* ---- directives -------------------------------------------------------- */

int sw_directive_is(const ap_directive_t *d, const char *name)
{
    return strcasecmp(d->directive, name) == 0;
}

const char *sw_directive_word(apr_pool_t *p, const ap_directive_t *d)
{
    const char *args = d->args;
    char *word = ap_getword_conf(p, &args);
    apr_size_t n = strlen(word);

    if (n && d->directive[0] == '<' && word[n - 1] == '>')
        word[n - 1] = '\0';
    return word;
}

const ap_directive_t *sw_directives_of(const server_rec *s)
{
    const ap_directive_t *d = ap_conftree;

    for (; d && s->is_virtual; d = d->next) {
        if (sw_directive_is(d, "<VirtualHost") && s->defn_name
            && d->line_num == (int)s->defn_line_number
            && strcmp(d->filename, s->defn_name) == 0)
            return d->first_child;
    }
    return d;
}

/* Do these hold a ServerName, or a ServerAlias other than "*"? */
static int names_server(const ap_directive_t *d, int or_alias)
{
    for (; d; d = d->next) {
        if (sw_directive_is(d, "ServerName"))
            return 1;
        if (or_alias && sw_directive_is(d, "ServerAlias")
            && strcmp(d->args, "*") != 0)
            return 1;
    }
    return 0;
}

/* httpd makes up a name for a server without one, so search the directives. */
int sw_has_name(const server_rec *s, int or_alias)
{
    return names_server(sw_directives_of(s), or_alias)
           || names_server(ap_conftree, or_alias);
}

const char *sw_block_location(apr_pool_t *p, const sw_block_t *block)
{
    const ap_directive_t *section = block->directive->parent;
    const char *path;

    if (!sw_directive_is(section, "<Location"))
        return NULL;
    path = sw_directive_word(p, section);
    return *path == '/' ? path : NULL;
}
