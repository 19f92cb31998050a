/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks of complete blocks, for every server that has or inherits one: is
 * there a key, is there a name?
 */
#include <apr_strings.h>

#include "httpd/config/check.h"
#include "httpd/config/advice.h"
#include "httpd/config/sections.h"
#include "httpd/config/setters.h"
#include "httpd/config/settings.h"

static int requires_something(const ap_directive_t *d)
{
    for (; d; d = d->next) {
        if (strncasecmp(d->directive, "<Require", 8) == 0
            || (sw_directive_is(d, "Require")
                && strcasecmp(d->args, "all granted") != 0))
            return 1;
    }
    return 0;
}

static int requires_verified(const ap_directive_t *d)
{
    for (; d; d = d->next) {
        if (sw_directive_is(d, "Require")
            && strncasecmp(d->args, "signalwire", 10) == 0)
            return 1;
    }
    return 0;
}

/* Must a request pass anything besides the signature: a secret or Require? */
static int has_other_guard(const sw_dir_t *dir)
{
    const ap_directive_t *block = dir->block->directive;

    return sw_has_secret(dir) || requires_something(block->first_child)
           || requires_something(block->parent->first_child);
}

/* Is there anything to verify with? @return NULL, or the error */
static const char *check_keys(apr_pool_t *p, const server_rec *s,
                              const sw_dir_t *dir)
{
    const sw_verify_t *verify = &dir->verify;

    if (!verify->keys || verify->keys->nelts == 0)
        return apr_psprintf(p,
                            "SW0001: <SignalWireWebhook> %s: expected a "
                            "SignalWireSigningKey in it, in its virtual host "
                            "or in the server, since SignalWireVerify is not "
                            "off; for example SignalWireSigningKey "
                            "file:/etc/apache2/signalwire.key",
                            sw_block_describe(p, s, dir));
    if (verify->public_url
        && verify->keys->nelts * verify->public_url->urls->nelts > 64)
        return apr_psprintf(p,
                            "SW0007: <SignalWireWebhook> %s: expected at "
                            "most 64 combinations of SignalWireSigningKey and "
                            "SignalWirePublicURL, since a forged request is "
                            "tried with each; there are %d keys and %d URLs",
                            sw_block_describe(p, s, dir), verify->keys->nelts,
                            verify->public_url->urls->nelts);
    if (sw_dir_mode(dir) == SW_MODE_EITHER && !sw_has_secret(dir))
        return apr_psprintf(p,
                            "SW0040: <SignalWireWebhook> %s: expected a "
                            "SignalWireSharedSecret in it, in its virtual host "
                            "or in the server, since SignalWireVerify is "
                            "either: without one everybody could send "
                            "unsigned requests",
                            sw_block_describe(p, s, dir));
    return NULL;
}

static void warn_off(apr_pool_t *p, server_rec *s, const sw_dir_t *dir)
{
    if (requires_verified(dir->block->directive->first_child))
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                     "SW0006: %s: with "
                     "SignalWireVerify off nothing is verified, and "
                     "Require signalwire verified refuses everything; "
                     "expected SignalWireVerify optional",
                     sw_block_describe(p, s, dir));
}

static void warn_weak(apr_pool_t *p, server_rec *s, const sw_dir_t *dir)
{
    const sw_public_t *url = dir->verify.public_url;

    if (!(url && (url->any_host || url->urls->nelts)) && !sw_has_name(s, 1))
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                     "SW0002: %s: neither "
                     "SignalWirePublicURL nor ServerName says what SignalWire "
                     "calls; most requests will be refused as unknown-host. "
                     "Expected for example SignalWirePublicURL "
                     "https://hooks.example.com",
                     sw_block_describe(p, s, dir));
    if (sw_dir_mode(dir) == SW_MODE_OPTIONAL && !has_other_guard(dir))
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                     "SW0004: %s: with "
                     "SignalWireVerify optional anybody may send unsigned "
                     "requests; expected a guard besides it, such as "
                     "SignalWireSharedSecret or Require",
                     sw_block_describe(p, s, dir));
}

static const char *check_block(apr_pool_t *p, server_rec *s,
                               const sw_dir_t *dir, void *data)
{
    int is_off = sw_dir_mode(dir) == SW_MODE_OFF;
    const char *error = is_off ? NULL : check_keys(p, s, dir);

    (void)data;
    if (!error && !sw_is_first_pass())
        (is_off ? warn_off : warn_weak)(p, s, dir);
    return error;
}

int sw_check_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                    server_rec *s)
{
    server_rec *each;

    (void)pconf;
    (void)plog;
    for (each = s; each; each = each->next) {
        const char *error = sw_blocks_visit(ptemp, each, check_block, NULL);

        if (error) {
            ap_log_error(APLOG_MARK, APLOG_ERR | APLOG_STARTUP, 0, each, "%s",
                         error);
            return !OK;
        }
    }
    if (!sw_is_first_pass())
        sw_advise(ptemp, s);
    return OK;
}
