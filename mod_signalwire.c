/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mod_signalwire: webhooks of SignalWire, verified before any application
 * runs. Not to be confused with FreeSWITCH's module of the same name.
 *
 * This file declares the module: its directives, its hooks in the order of
 * their phases with the reason for each position, and the module record. The
 * implementation is in src/httpd, src/log and src/status. A request takes this
 * path:
 *
 *     request -> body -> signed text -> verdict -> event -> published
 *         -> answer | application (CGI, PHP, proxy) -> guard
 *         -> event log, status board
 */
#define SW_DECLARES_MODULE
#include "httpd/answer.h"
#include "httpd/config/check.h"
#include "httpd/config/config.h"
#include "httpd/config/dump.h"
#include "httpd/config/keys.h"
#include "httpd/config/once_cache.h"
#include "httpd/config/settings.h"
#include "httpd/config/templates.h"
#include "httpd/delivery/ack.h"
#include "httpd/delivery/claims.h"
#include "httpd/delivery/once.h"
#include "httpd/delivery/workers.h"
#include "httpd/hooks.h"
#include "httpd/module.h"
#include "httpd/publish/expr.h"
#include "httpd/publish/publish.h"
#include "httpd/reply/guard.h"
#include "httpd/reply/redirect.h"
#include "httpd/request/body.h"
#include "httpd/verify/require.h"
#include "log/event_log.h"
#include "log/request_line.h"
#include "status/count.h"
#include "status/exposed.h"
#include "status/memory.h"
#include "status/page.h"

/* Defaults are allowed at server level. Within a section, a directive needs a
 * block around it, and a block needs a section: the setters check that, since
 * their errors say more than httpd's "not allowed here". Nothing is allowed in
 * .htaccess, whose authors must not be able to switch verification off. */
#define WHERE (RSRC_CONF | ACCESS_CONF)

static const command_rec directives[] = {
    AP_INIT_RAW_ARGS("<SignalWireWebhook", sw_set_block, NULL, WHERE,
        "[name]: the section receives webhooks of SignalWire"),
    AP_INIT_TAKE1("SignalWireVerify", sw_set_verify, NULL, WHERE,
        "require|optional|either|report|off: how to treat a wrong or missing "
        "signature"),
    AP_INIT_TAKE123("SignalWireSigningKey", sw_set_key, NULL, WHERE,
        "[project=ID] [label=NAME] file:PATH|env:NAME|exec:COMMAND|KEY: a "
        "signing key; may repeat"),
    AP_INIT_ITERATE("SignalWirePublicURL", sw_set_public_url, NULL, WHERE,
        "URL...|request|none: the URLs that SignalWire was told to call"),
    AP_INIT_ITERATE("SignalWireTrustedProxy", sw_set_proxy, NULL, WHERE,
        "none|IP|CIDR...: proxies whose forwarded fields are believed"),
    AP_INIT_TAKE1("SignalWireSignatureType", sw_set_types, NULL, WHERE,
        "any|form|body|sha256: the kinds of signature that are accepted"),
    AP_INIT_TAKE1("SignalWireRequireTLS", sw_set_tls, NULL, WHERE,
        "On|Off: refuse requests without TLS"),
    AP_INIT_TAKE12("SignalWireSharedSecret", sw_set_secret, NULL, WHERE,
        "NAME SOURCE|none: a query parameter that must hold a secret"),
    AP_INIT_TAKE1("SignalWireMaxBody", sw_set_max_body, NULL, WHERE,
        "BYTES: the largest body that is accepted"),
    AP_INIT_ITERATE("SignalWireExport", sw_set_export, NULL, WHERE,
        "none|[env] [headers] [params]: how the application gets the results"),
    AP_INIT_TAKE_ARGV("SignalWireAnswer", sw_set_answer, NULL, WHERE,
        "cxml|swml TEMPLATE|ack|none [event=KIND,...] [expr=...] "
        "[check=schema|form]: an answer that needs no application"),
    AP_INIT_TAKE1("SignalWireGuard", sw_set_guard, NULL, WHERE,
        "On|Off: replace an application's reply unless it is a valid document"),
    AP_INIT_TAKE_ARGV("SignalWireFallback", sw_set_fallback, NULL, WHERE,
        "cxml|swml|json TEMPLATE [status=CODE] [check=schema|form]|none: the "
        "reply that the guard sends instead"),
    AP_INIT_TAKE1("SignalWireAckFirst", sw_set_ack, NULL, WHERE,
        "On|Off|MAX: answer callbacks before the application runs"),
    AP_INIT_TAKE1("SignalWireOnce", sw_set_once, NULL, WHERE,
        "On|Off|DURATION: run the application once for a repeated callback"),
    AP_INIT_TAKE_ARGV("SignalWireOnceCache", sw_set_cache, NULL, RSRC_CONF,
        "local[:ENTRIES]|redis:URL: the store that remembers callbacks"),
    AP_INIT_TAKE12("SignalWireEventLog", sw_set_event_log, NULL, WHERE,
        "PATH|\"|program\"|none [full]: log a line of JSON for every request"),
    AP_INIT_TAKE1("SignalWireStatusShow", sw_set_status_show, NULL, WHERE,
        "masked|full: whether signalwire-status masks personal data"),
    AP_INIT_TAKE1("SignalWireStatusSize", sw_set_status_size, NULL, RSRC_CONF,
        "N: how many calls and messages signalwire-status remembers"),
    { NULL, { NULL }, NULL, 0, RAW_ARGS, NULL }
};

/* Start of the server and its children. */
static void register_start(apr_pool_t *p)
{
    /* Errors that no single directive shows. */
    ap_hook_check_config(sw_check_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_check_config(sw_claims_check_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_check_config(sw_board_check_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_check_config(sw_board_check_exposed, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_test_config(sw_dump_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_config(sw_post_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_config(sw_board_post_config, NULL, NULL, APR_HOOK_MIDDLE);

    ap_hook_open_logs(sw_event_log_open, NULL, NULL, APR_HOOK_MIDDLE);

    /* Each child counts the workers that it holds. The parent resets the
     * count of a child that has exited. */
    ap_hook_child_init(sw_workers_child_init, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_init(sw_claims_child_init, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_init(sw_board_child_init, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_status(sw_workers_child_status, NULL, NULL, APR_HOOK_MIDDLE);

    sw_body_register();
    sw_publish_register();
    sw_ack_register();
    sw_once_register();
    sw_guard_register();
    sw_require_register(p);
    sw_expr_register();
    sw_board_register_status();
}

static void register_hooks(apr_pool_t *p)
{
    register_start(p);

    /* Before any access checker that might refuse the request: its error
     * document must not meet forged fields. */
    ap_hook_check_access(sw_check_access_first, NULL, NULL,
                         APR_HOOK_REALLY_FIRST - 1, AP_AUTH_INTERNAL_PER_CONF);

    /* After the other access checkers: no body is read for a request that
     * mod_ssl or mod_access_compat refuses. PER_CONF: a hook with PER_URI
     * would make httpd check every sub-request of the server again. */
    ap_hook_check_access(sw_check_access_last, NULL, NULL, APR_HOOK_LAST,
                         AP_AUTH_INTERNAL_PER_CONF);

    /* The second check: with "Satisfy Any" httpd may ignore a refusal of the
     * access checkers, and it skips them for a sub-request or redirect with an
     * equal configuration. Before every other fixup, since those may redirect
     * the request or, like ModSecurity's, read the body. */
    ap_hook_fixups(sw_fixups, NULL, NULL, APR_HOOK_REALLY_FIRST - 1);

    /* After the fixups, which may make fast redirects; before the handler
     * runs and mod_cache decides whether to save the reply. */
    ap_hook_insert_filter(sw_insert_filter, NULL, NULL, APR_HOOK_REALLY_FIRST);

    /* Error pages of httpd itself pass no filters but these. */
    ap_hook_insert_error_filter(sw_insert_error_filter, NULL, NULL,
                                APR_HOOK_REALLY_FIRST);

    /* Before the handler of the section, which an answer replaces. */
    ap_hook_handler(sw_answer, NULL, NULL, APR_HOOK_REALLY_FIRST);

    /* SetHandler signalwire-status. */
    ap_hook_handler(sw_board_handler, NULL, NULL, APR_HOOK_MIDDLE);

    /* Before any log reads the request line, which may hold secrets, or the
     * status, which may be that of an application after its acknowledgement. */
    ap_hook_log_transaction(sw_ack_end, NULL, NULL, APR_HOOK_REALLY_FIRST);
    ap_hook_log_transaction(sw_once_release, NULL, NULL,
                            APR_HOOK_REALLY_FIRST + 1);
    ap_hook_log_transaction(sw_redirect_note, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_log_transaction(sw_request_line_mask, NULL, NULL,
                            APR_HOOK_REALLY_FIRST);
    /* Before mod_log_config, so that its %L shows the line's log_id. */
    ap_hook_log_transaction(sw_event_log_write, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_log_transaction(sw_board_count, NULL, NULL, APR_HOOK_MIDDLE);
}

AP_DECLARE_MODULE(signalwire) = {
    STANDARD20_MODULE_STUFF,
    sw_dir_create,
    sw_dir_merge,
    sw_server_create,
    sw_server_merge,
    directives,
    register_hooks,
    AP_MODULE_FLAG_NONE
};
