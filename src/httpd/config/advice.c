/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Warnings about configurations that httpd can run and that look protective but
 * are not. Where it depends on the request, there is no warning.
 */
#include <apr_strings.h>

#include "httpd/config/advice.h"
#include "core/event/event.h"
#include "httpd/config/once_cache.h"
#include "httpd/config/sections.h"
#include "httpd/config/setters.h"

/* ---- answers ----------------------------------------------------------- */

/* Does a line answer every event of this kind? */
static int answers_all(const sw_answer_t *line, const char *event)
{
    if (line->condition)
        return 0;
    if (line->events)
        return ap_array_str_contains(line->events, event);
    return line->document || sw_event_is_callback(event);
}

/* The first line that answers every event of the kind. */
static const sw_answer_t *line_for(const apr_array_header_t *lines,
                                   const char *event)
{
    int i;

    for (i = 0; i < lines->nelts; i++) {
        const sw_answer_t *line = &APR_ARRAY_IDX(lines, i, sw_answer_t);

        if (answers_all(line, event))
            return line;
    }
    return NULL;
}

/* The first line that answers everything that a line without event= does. */
static const sw_answer_t *line_for_all(const apr_array_header_t *lines,
                                       const sw_answer_t *answer)
{
    int i;

    for (i = 0; i < lines->nelts; i++) {
        const sw_answer_t *line = &APR_ARRAY_IDX(lines, i, sw_answer_t);

        if (!line->condition && !line->events
            && (line->document || !answer->document))
            return line;
    }
    return NULL;
}

void sw_advise_answer(cmd_parms *cmd, const apr_array_header_t *lines,
                      const sw_answer_t *answer)
{
    const sw_answer_t *earlier = NULL;
    int i;

    if (!answer->events)
        earlier = line_for_all(lines, answer);
    for (i = 0; answer->events && i < answer->events->nelts; i++) {
        earlier = line_for(lines,
                           APR_ARRAY_IDX(answer->events, i, const char *));
        if (!earlier)
            return;
    }
    if (earlier && !sw_is_first_pass())
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, cmd->server,
                     "SW0018: "
                     "SignalWireAnswer %s on line %d of %s is never reached: "
                     "the line before it, SignalWireAnswer %s, answers all "
                     "its events; expected the other order",
                     answer->text, cmd->directive->line_num,
                     cmd->directive->filename, earlier->text);
}

/* ---- settings without a block ------------------------------------------ */

/* Does a block use the defaults of the server? Those of the main server apply
 * to all virtual hosts. */
static int has_block_for_defaults(const server_rec *s)
{
    return s->is_virtual ? sw_server_of(s)->blocks->nelts > 0
                         : sw_has_blocks(s);
}

static void advise_defaults(const server_rec *main_server, server_rec *s)
{
    const sw_server_t *server = sw_server_of(s);
    const ap_directive_t *first = server->defaults;

    if ((s != main_server && server == sw_server_of(main_server)) || !first
        || has_block_for_defaults(s))
        return;
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                 "SW0014: %s on line %d of "
                 "%s: no <SignalWireWebhook> block uses it, so it does "
                 "nothing, and no request is verified; expected a block in "
                 "the section that receives webhooks",
                 first->directive, first->line_num, first->filename);
}

/* ---- a later section --------------------------------------------------- */

/* The strictness of a mode: higher refuses more requests. */
static int strictness(const sw_dir_t *dir)
{
    switch (sw_dir_mode(dir)) {
    case SW_MODE_REQUIRE:
        return 3;
    case SW_MODE_REPORT:
        return 1;
    case SW_MODE_OFF:
        return 0;
    default:
        return 2;
    }
}

/* Do these hold a binding "Require signalwire verified"? Next to it, "Require
 * all granted" cancels it, except where @a all must hold. */
static int requires_verified(const ap_directive_t *d, int all)
{
    int found = 0, is_open = 0;

    for (; d; d = d->next) {
        if (sw_directive_is(d, "Require")) {
            found |= strcasecmp(d->args, "signalwire verified") == 0;
            is_open |= !all && strcasecmp(d->args, "all granted") == 0;
        }
        else if (sw_directive_is(d, "<RequireAll")
                 || sw_directive_is(d, "<RequireAny")
                 || sw_directive_is(d, "<SignalWireWebhook"))
            found |= requires_verified(d->first_child,
                                       sw_directive_is(d, "<RequireAll"));
    }
    return found && !is_open;
}

/* Does Require refuse the unverified requests that the mode passes? */
static int is_required(const sw_dir_t *dir)
{
    return sw_dir_mode(dir) != SW_MODE_OFF
           && requires_verified(dir->block->directive->parent->first_child, 0);
}

static const char *append_and(apr_pool_t *p, const char *text, const char *more)
{
    return text ? apr_pstrcat(p, text, " and ", more, NULL) : more;
}

/* The settings of the later section that undo those of the earlier one. */
static const char *weaker_settings(apr_pool_t *p, const sw_dir_t *before,
                                   const sw_dir_t *after)
{
    const char *text = NULL;

    if (strictness(after) < strictness(before) && !is_required(after))
        text = apr_pstrcat(p, "SignalWireVerify ",
                           sw_mode_name(sw_dir_mode(after)), NULL);
    if (sw_has_secret(before) && !sw_has_secret(after))
        text = append_and(p, text, "SignalWireSharedSecret none");
    if (before->verify.require_tls == 1 && after->verify.require_tls != 1)
        text = append_and(p, text, "SignalWireRequireTLS Off");
    return text;
}

static int is_in_virtual_host(const sw_block_t *block)
{
    const ap_directive_t *d = block->directive;

    while (d && !sw_directive_is(d, "<VirtualHost"))
        d = d->parent;
    return d != NULL;
}

/* A virtual host may override the main server on purpose: no warning. */
static void advise_override(apr_pool_t *p, server_rec *s,
                            const sw_dir_t *before, const sw_dir_t *after)
{
    const char *text = weaker_settings(p, before, after);

    if (is_in_virtual_host(before->block) != is_in_virtual_host(after->block))
        return;
    if (text)
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                     "SW0015: %s: %s of "
                     "block \"%s\" in %s (line %d of %s) is in force there, "
                     "since that section comes later; expected it before",
                     sw_block_describe(p, s, before), text, after->block->name,
                     after->block->section, after->block->directive->line_num,
                     after->block->directive->filename);
}

/* ---- settings without what they need ----------------------------------- */

/* The merged settings of a block, and its server. */
typedef struct merged_block_t {
    server_rec *s;
    const sw_dir_t *dir;
} merged_block_t;

static const char *collect(apr_pool_t *p, server_rec *s, const sw_dir_t *dir,
                           void *data)
{
    merged_block_t *found = apr_array_push(data);

    (void)p;
    found->s = s;
    found->dir = dir;
    return NULL;
}

static int has_fallbacks(const sw_dir_t *dir)
{
    return dir->fallbacks && dir->fallbacks->nelts;
}

/* May a guard send these fallbacks? A guard without fallbacks of its own may
 * inherit them, where sections overlap only on some requests. */
static int is_guarded(const apr_array_header_t *blocks, const sw_dir_t *dir)
{
    int i;

    for (i = 0; i < blocks->nelts; i++) {
        const sw_dir_t *other = APR_ARRAY_IDX(blocks, i, merged_block_t).dir;

        if (other->guard > 0
            && (other->fallbacks == dir->fallbacks || !has_fallbacks(other)))
            return 1;
    }
    return 0;
}

/* Is this the first block with this list? Inherited lists get one warning. */
static int is_first(const apr_array_header_t *blocks, int i)
{
    const sw_dir_t *dir = APR_ARRAY_IDX(blocks, i, merged_block_t).dir;
    int k;

    for (k = 0; k < i; k++) {
        if (APR_ARRAY_IDX(blocks, k, merged_block_t).dir->fallbacks
            == dir->fallbacks)
            return 0;
    }
    return 1;
}

static void advise_fallbacks(apr_pool_t *p, const apr_array_header_t *blocks)
{
    int i;

    for (i = 0; i < blocks->nelts; i++) {
        const merged_block_t *found = &APR_ARRAY_IDX(blocks, i, merged_block_t);

        if (has_fallbacks(found->dir) && is_first(blocks, i)
            && !is_guarded(blocks, found->dir))
            ap_log_error(APLOG_MARK, APLOG_WARNING, 0, found->s,
                         "SW0016: %s: "
                         "SignalWireFallback is never sent, since the guard "
                         "is off; expected SignalWireGuard On",
                         sw_block_describe(p, found->s, found->dir));
    }
}

/* Machines that share a Redis use the ServerName in the keys of callbacks. */
static void advise_cache(apr_pool_t *p, server_rec *s)
{
    const sw_cache_t *cache = sw_cache_of(s);

    for (; s && cache->redis; s = s->next) {
        if (sw_uses_once(p, s) && !sw_has_name(s, 0))
            ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                         "SW0025: SignalWireOnceCache %s: the server %s has no "
                         "ServerName of its own, by which machines that share "
                         "the cache know a callback; expected the same "
                         "ServerName on each of them",
                         cache->name,
                         s->server_hostname ? s->server_hostname : "_default_");
    }
}

void sw_advise(apr_pool_t *p, server_rec *s)
{
    apr_array_header_t *blocks = apr_array_make(p, 8, sizeof(merged_block_t));
    server_rec *each;

    for (each = s; each; each = each->next) {
        advise_defaults(s, each);
        sw_blocks_overridden(p, each, advise_override);
        (void)sw_blocks_visit(p, each, collect, blocks);
    }
    advise_fallbacks(p, blocks);
    advise_cache(p, s);
}
