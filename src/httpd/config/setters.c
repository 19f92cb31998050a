/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Helpers for the setters of directives: where a directive is allowed, and the
 * texts of errors.
 */
#include <apr_strings.h>

#include "httpd/config/setters.h"
#include "core/text/text.h"
#include "httpd/config/sections.h"
#include "httpd/config/settings.h"

const char *sw_expected(cmd_parms *cmd, const char *value, const char *what)
{
    return apr_psprintf(cmd->pool, "%s \"%s\": expected %s",
                        cmd->directive->directive, value, what);
}

const char *sw_because(apr_pool_t *p, const char *expected, apr_status_t rv)
{
    char reason[120];

    return apr_pstrcat(p, expected, ": ",
                       apr_strerror(rv, reason, sizeof(reason)), NULL);
}

/* The part up to "=" or ":": "event=voice.incoming" -> "event=". */
static const char *prefix_of(apr_pool_t *p, const char *value)
{
    apr_size_t n = strcspn(value, "=:");

    return value[n] ? apr_pstrmemdup(p, value, n + 1) : value;
}

const char *sw_expected_of(cmd_parms *cmd, const char *value, const char *what,
                           const char *const *words)
{
    const char *nearest = sw_text_nearest(prefix_of(cmd->temp_pool, value),
                                          words);
    const char *error = sw_expected(cmd, value, what);

    return nearest ? sw_meant(cmd, error, nearest) : error;
}

const char *sw_meant(cmd_parms *cmd, const char *error, const char *nearest)
{
    return apr_pstrcat(cmd->pool, error, "; did you mean \"", nearest, "\"?",
                       NULL);
}

int sw_is_first_pass(void)
{
    return ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG
           && ap_state_query(AP_SQ_RUN_MODE) == AP_SQ_RM_NORMAL;
}

int sw_is_configtest(void)
{
    return ap_state_query(AP_SQ_RUN_MODE) == AP_SQ_RM_CONFIG_TEST;
}

/* Remember the first default that has no effect without a block. */
static void remember_default(cmd_parms *cmd)
{
    static const char *const needs_block[] = {
        "SignalWireVerify", "SignalWireSigningKey", "SignalWirePublicURL",
        "SignalWireSharedSecret", "SignalWireRequireTLS", "SignalWireGuard",
        "SignalWireAckFirst", "SignalWireOnce", "SignalWireEventLog", NULL
    };
    sw_server_t *server = sw_server_of(cmd->server);
    const ap_directive_t *d = cmd->directive;
    int i;

    if (server->defaults || strcasecmp(d->args, "off") == 0
        || strcasecmp(d->args, "none") == 0)
        return;
    for (i = 0; needs_block[i]; i++) {
        if (sw_directive_is(d, needs_block[i]))
            server->defaults = d;
    }
}

const char *sw_misplaced(cmd_parms *cmd)
{
    const ap_directive_t *d;
    const char *error = ap_check_cmd_context(cmd, NOT_IN_LIMIT);

    if (!error && !cmd->path)
        remember_default(cmd);
    if (error || !cmd->path)
        return error;
    for (d = cmd->directive->parent; d; d = d->parent) {
        if (sw_directive_is(d, "<SignalWireWebhook"))
            return NULL;
    }
    return apr_psprintf(cmd->pool,
                        "%s stands directly in a section, where it "
                        "would look protective and do nothing; expected "
                        "<SignalWireWebhook> ... </SignalWireWebhook> around "
                        "it",
                        cmd->directive->directive);
}

/* "a, b or c" */
static const char *list_words(apr_pool_t *p, const char *const *words)
{
    const char *list = words[0];
    int i;

    for (i = 1; words[i]; i++)
        list = apr_pstrcat(p, list, words[i + 1] ? ", " : " or ", words[i],
                           NULL);
    return list;
}

const char *sw_take_word(cmd_parms *cmd, const char *arg,
                         const char *const *words, int *index)
{
    const char *error = sw_misplaced(cmd);

    if (error)
        return error;
    for (*index = 0; words[*index]; (*index)++) {
        if (strcasecmp(arg, words[*index]) == 0)
            return NULL;
    }
    return sw_expected_of(cmd, arg, list_words(cmd->temp_pool, words), words);
}
