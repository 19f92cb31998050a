/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The setters of <SignalWireWebhook> and of the directives about verification
 * and export. They check single lines; check.c checks complete blocks.
 */
#include <apr_fnmatch.h>
#include <apr_lib.h>
#include <apr_strings.h>

#include "httpd/config/config.h"
#include "core/signature/url.h"
#include "core/signature/verdict.h"
#include "httpd/config/sections.h"
#include "httpd/config/setters.h"
#include "httpd/config/settings.h"

/* The section around a directive, without blocks and limits of methods. */
static const ap_directive_t *section_of(const ap_directive_t *directive)
{
    const ap_directive_t *d = directive->parent;

    while (d
           && (sw_directive_is(d, "<SignalWireWebhook")
               || sw_directive_is(d, "<Limit")
               || sw_directive_is(d, "<LimitExcept")))
        d = d->parent;
    return d;
}

static const char *without_bracket(apr_pool_t *p, const char *args)
{
    const char *end = ap_strrchr_c(args, '>');

    return end ? apr_pstrmemdup(p, args, (apr_size_t)(end - args)) : args;
}

/* The path of the literal <Location> around a directive, or NULL. */
static const char *literal_location(cmd_parms *cmd)
{
    const ap_directive_t *section = section_of(cmd->directive);
    const char *args, *path;

    if (!section || !sw_directive_is(section, "<Location"))
        return NULL;
    args = without_bracket(cmd->temp_pool, section->args);
    path = ap_getword_conf(cmd->temp_pool, &args);
    return strcmp(path, "~") == 0 || apr_fnmatch_test(path) ? NULL : path;
}

/* The default name of a block: the path or pattern of its section. */
static const char *section_path(cmd_parms *cmd, const ap_directive_t *section)
{
    const char *args = without_bracket(cmd->temp_pool, section->args);
    const char *path = ap_getword_conf(cmd->pool, &args);

    if (strcmp(path, "~") == 0)
        path = ap_getword_conf(cmd->pool, &args);
    return *path ? path : section->directive + 1;
}

static const char *check_block_section(cmd_parms *cmd, const sw_dir_t *dir)
{
    static const char *const sections[] = {
        "<Location", "<LocationMatch", "<Directory", "<DirectoryMatch",
        "<Files", "<FilesMatch", "<If", "<ElseIf", "<Else", NULL
    };
    const ap_directive_t *parent = cmd->directive->parent;
    const char *error = ap_check_cmd_context(cmd, NOT_IN_LIMIT);
    int i;

    if (error)
        return error;
    for (i = 0; parent && sections[i]; i++) {
        if (sw_directive_is(parent, sections[i]))
            break;
    }
    if (!parent || !sections[i])
        return apr_psprintf(cmd->pool,
                            "<SignalWireWebhook> stands in %s; "
                            "expected it inside of <Location>, <Directory>, "
                            "<Files>, their Match forms, or <If>",
                            parent ? apr_pstrcat(cmd->pool, parent->directive,
                                                 ">", NULL)
                                   : "no section");
    return dir->block ? "<SignalWireWebhook>: expected one block in a section, "
                        "this is another"
                      : NULL;
}

const char *sw_set_block(cmd_parms *cmd, void *config, const char *arg)
{
    sw_dir_t *dir = config;
    sw_server_t *server = sw_server_of(cmd->server);
    const ap_directive_t *section = cmd->directive->parent;
    const char *error = check_block_section(cmd, dir);
    const char *words;
    sw_block_t *block;

    if (error)
        return error;
    if (!ap_strchr_c(arg, '>'))
        return "<SignalWireWebhook: expected a closing >";
    words = without_bracket(cmd->temp_pool, arg);
    block = apr_pcalloc(cmd->pool, sizeof(*block));
    block->name = ap_getword_conf(cmd->pool, &words);
    if (*words)
        return sw_expected(cmd, words, "one name at the most");
    for (words = block->name; *words; words++) {
        if (apr_iscntrl(*words))
            return sw_expected(cmd, block->name,
                               "a name without control characters");
    }
    if (!*block->name)
        block->name = section_path(cmd, section);
    block->section = apr_pstrcat(cmd->pool, section->directive, " ",
                                 section->args, NULL);
    block->directive = cmd->directive;
    dir->block = block;
    APR_ARRAY_PUSH(server->blocks, sw_block_t *) = block;
    return ap_walk_config(cmd->directive->first_child, cmd, cmd->context);
}

const char *sw_set_verify(cmd_parms *cmd, void *config, const char *arg)
{
    int index;
    const char *error = sw_take_word(cmd, arg, sw_mode_words, &index);

    if (!error)
        ((sw_dir_t *)config)->verify.mode = (sw_mode_e)(SW_MODE_REQUIRE
                                                        + index);
    return error;
}

const char *sw_set_public_url(cmd_parms *cmd, void *config, const char *arg)
{
    static const char *const words[] = { "none", "request", NULL };
    sw_dir_t *dir = config;
    sw_public_t *to = dir->verify.public_url;
    const char *error = sw_misplaced(cmd);
    sw_public_url_t url;

    if (error)
        return error;
    if (!to) {
        to = apr_pcalloc(cmd->pool, sizeof(*to));
        to->urls = apr_array_make(cmd->pool, 2, sizeof(sw_public_url_t));
        dir->verify.public_url = to;
    }
    if (strcasecmp(arg, "none") == 0) {
        to->any_host = 0;
        apr_array_clear(to->urls);
        return NULL;
    }
    if (strcasecmp(arg, "request") == 0) {
        to->any_host = 1;
    }
    else {
        error = sw_public_url_parse(cmd->pool, arg, literal_location(cmd),
                                    &url);
        if (error) /* mask a password, which ends at an @ */
            return sw_expected_of(cmd,
                                  ap_strchr_c(arg, '@') ? ap_strrchr_c(arg, '@')
                                                        : arg,
                                  error, words);
        APR_ARRAY_PUSH(to->urls, sw_public_url_t) = url;
    }
    if (to->any_host && to->urls->nelts)
        return sw_expected(cmd, arg, "either URLs or the word request alone");
    if (to->urls->nelts > 16)
        return sw_expected(cmd, arg, "at most 16 URLs");
    return NULL;
}

const char *sw_set_proxy(cmd_parms *cmd, void *config, const char *arg)
{
    static const char *const words[] = { "none", NULL };
    sw_dir_t *dir = config;
    const char *error = sw_misplaced(cmd);
    char *address = apr_pstrdup(cmd->temp_pool, arg);
    char *mask = strchr(address, '/');
    sw_proxy_t *proxy;

    if (error)
        return error;
    if (!dir->verify.proxies)
        dir->verify.proxies = apr_array_make(cmd->pool, 2, sizeof(sw_proxy_t));
    if (strcasecmp(arg, "none") == 0) {
        apr_array_clear(dir->verify.proxies);
        return NULL;
    }
    if (mask)
        *mask++ = '\0';
    proxy = apr_array_push(dir->verify.proxies);
    proxy->text = arg;
    if (apr_ipsubnet_create(&proxy->net, address, mask, cmd->pool)
        != APR_SUCCESS)
        return sw_expected_of(cmd, arg,
                              "none, an IP address such as "
                              "192.0.2.1, or a network such as 192.0.2.0/24 "
                              "or 2001:db8::/32",
                              words);
    return NULL;
}

const char *sw_set_types(cmd_parms *cmd, void *config, const char *arg)
{
    const char *error = sw_misplaced(cmd);
    unsigned int types = sw_types_read(arg);

    if (!error && !types)
        error = sw_expected_of(cmd, arg, SW_TYPES_WORDS, sw_types_words);
    ((sw_dir_t *)config)->verify.types = types;
    return error;
}

const char *sw_set_tls(cmd_parms *cmd, void *config, const char *arg)
{
    static const char *const words[] = { "On", "Off", NULL };
    int index;
    const char *error = sw_take_word(cmd, arg, words, &index);

    if (!error)
        ((sw_dir_t *)config)->verify.require_tls = index ? -1 : 1;
    return error;
}

const char *sw_set_max_body(cmd_parms *cmd, void *config, const char *arg)
{
    const char *error = sw_misplaced(cmd);
    apr_off_t bytes;

    if (error)
        return error;
    if (!ap_parse_strict_length(&bytes, arg) || bytes < 1 || bytes > 1073741824)
        return sw_expected(cmd, arg, "a number of bytes from 1 to 1073741824");
    ((sw_dir_t *)config)->verify.max_body = (apr_size_t)bytes;
    return NULL;
}

const char *sw_set_export(cmd_parms *cmd, void *config, const char *arg)
{
    static const char *const words[] = { "none", "env", "headers", "params",
                                         NULL };
    static const unsigned int bits[] = { 0, SW_EXPORT_ENV, SW_EXPORT_HEADERS,
                                         SW_EXPORT_PARAMS };
    sw_dir_t *dir = config;
    int index;
    const char *error = sw_take_word(cmd, arg, words, &index);

    if (error)
        return error;
    if (index == 0 ? dir->exports > SW_EXPORT_SET
                   : dir->exports == SW_EXPORT_SET)
        return sw_expected(cmd, arg,
                           "either none alone, or some of env, "
                           "headers and params");
    dir->exports |= SW_EXPORT_SET | bits[index];
    return NULL;
}
