/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The blocks of a server with their merged settings, and the directives that
 * configure it. For checks and dumps at configuration.
 */
#ifndef SW_SECTIONS_H
#define SW_SECTIONS_H

#include "httpd/config/settings.h"
#include "httpd/module.h"

/** The path of the literal <Location> around @a block; NULL if it is in another
 * section. */
const char *sw_block_location(apr_pool_t *p, const sw_block_t *block);

/** Called with the merged settings of a block. @return NULL, or an error, which
 * ends the walk */
typedef const char *sw_visit_f(apr_pool_t *p, server_rec *s,
                               const sw_dir_t *dir, void *data);

/** Call @a visit for each block of a server. The merged settings live in @a p.
 * @return NULL, or the error of @a visit */
const char *sw_blocks_visit(apr_pool_t *p, server_rec *s, sw_visit_f *visit,
                            void *data);

/** Does any block of this server have SignalWireOnce? */
int sw_uses_once(apr_pool_t *p, server_rec *s);

/** Called for a block whose section lies in a section that httpd merges later.
 * @param before the settings that the block seems to have
 * @param after those in force */
typedef void sw_override_f(apr_pool_t *p, server_rec *s, const sw_dir_t *before,
                           const sw_dir_t *after);

/** Call @a found for each block of a server that a later block overrides. */
void sw_blocks_overridden(apr_pool_t *p, server_rec *s, sw_override_f *found);

/** A block's name, section, line, file and server, for messages. */
const char *sw_block_describe(apr_pool_t *p, const server_rec *s,
                              const sw_dir_t *dir);

/** Is @a path equal to @a folder, or below it? */
int sw_path_is_below(const char *path, const char *folder);

/** Is this the directive @a name? The name of a section begins with "<". */
int sw_directive_is(const ap_directive_t *d, const char *name);

/** The first argument, without quotes and the ">" of a section; in @a p. */
const char *sw_directive_word(apr_pool_t *p, const ap_directive_t *d);

/** The first directive of the server: a virtual host's, or the whole
 * configuration for the main server. NULL if there is none. */
const ap_directive_t *sw_directives_of(const server_rec *s);

/** Does the configuration give the server or the main server a ServerName, or
 * with @a or_alias a ServerAlias? */
int sw_has_name(const server_rec *s, int or_alias);

#endif
