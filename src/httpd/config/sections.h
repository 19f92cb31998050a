/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The blocks of a server, and the directives that were written for it: for
 * what is asked or printed at configuration.
 */
#ifndef SW_SECTIONS_H
#define SW_SECTIONS_H

#include "httpd/config/settings.h"
#include "httpd/module.h"

/** The path that a request in the section of @a block begins with; NULL if
 * that is not known. */
const char *sw_block_location(apr_pool_t *p, const sw_block_t *block);

/** What is done with each block of a server, its settings merged. A error
 * ends the walk. */
typedef const char *sw_visit_f(apr_pool_t *p, server_rec *s,
                               const sw_dir_t *dir, void *data);
const char *sw_blocks_visit(apr_pool_t *p, server_rec *s, sw_visit_f *visit,
                            void *data);

/** Has a block of this server SignalWireOnce? */
int sw_uses_once(apr_pool_t *p, server_rec *s);

/** What is done where a later section encloses that of a block: the settings
 * that the block seems to have, and those that are in force. */
typedef void sw_override_f(apr_pool_t *p, server_rec *s,
                           const sw_dir_t *before, const sw_dir_t *after,
                           void *data);
void sw_blocks_overridden(apr_pool_t *p, server_rec *s, sw_override_f *found,
                          void *data);

/** Where a block stands, for people. */
const char *sw_place_of(apr_pool_t *p, const server_rec *s,
                        const sw_dir_t *dir);

/** Is @a path the same as @a folder, or below it? */
int sw_path_is_below(const char *path, const char *folder);

/** The name as it is written, a section's with its "<". */
int sw_directive_is(const ap_directive_t *d, const char *name);

/** The first word of the arguments, without quotes and a section's ">". */
const char *sw_directive_word(apr_pool_t *p, const ap_directive_t *d);

/** The directives of a server: of a virtual host those in it. */
const ap_directive_t *sw_directives_of(const server_rec *s);

/** Does the configuration give the server a ServerName, its own or the main
 * server's, or else (@a or_alias) a ServerAlias? */
int sw_has_name(const server_rec *s, int or_alias);

#endif
