/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mod_signalwire: webhooks of SignalWire, verified before any application
 * runs. Not to be confused with FreeSWITCH's module of the same name.
 * This file declares the directives, the hooks in the order of their phases
 * with the reason for each place, and the module record. Their code is in
 * src/httpd, src/log and src/status. The path of a request:
 * request -> body -> signed text -> verdict -> event -> published -> answer |
 * application (CGI, PHP, proxy) -> guard -> event log, board /
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
#include "status/counters.h"
#include "status/exposed.h"
#include "status/memory.h"
#include "status/page.h"

/* Defaults may stand at server level, within a section they need a block
 * around them, and a block needs a section: the setters say so better than
 * httpd's "not allowed here". Never in .htaccess: its author must not be able
 * to switch verification off. */
#define WHERE (RSRC_CONF | ACCESS_CONF)

static const command_rec directives[] = {
    AP_INIT_RAW_ARGS("<SignalWireWebhook", sw_set_block, NULL, WHERE,
        "[name]: the section receives webhooks of SignalWire"),
    AP_INIT_TAKE1("SignalWireVerify", sw_set_verify, NULL, WHERE,
        "require|optional|either|report|off: what a wrong or absent signature "
        "means"),
    AP_INIT_TAKE123("SignalWireSigningKey", sw_set_key, NULL, WHERE,
        "[project=ID] [label=NAME] file:PATH|env:NAME|exec:COMMAND|KEY: a "
        "signing key; may repeat"),
    AP_INIT_ITERATE("SignalWirePublicURL", sw_set_public_url, NULL, WHERE,
        "URL...|request|none: what SignalWire was told to call"),
    AP_INIT_ITERATE("SignalWireTrustedProxy", sw_set_proxy, NULL, WHERE,
        "none|IP|CIDR...: proxies whose forwarded fields are believed"),
    AP_INIT_TAKE1("SignalWireSignatureType", sw_set_types, NULL, WHERE,
        "any|form|body|sha256: the kinds of signature that are accepted"),
    AP_INIT_TAKE1("SignalWireRequireTLS", sw_set_tls, NULL, WHERE,
        "On|Off: refuse what came without TLS"),
    AP_INIT_TAKE12("SignalWireSharedSecret", sw_set_secret, NULL, WHERE,
        "NAME SOURCE|none: a query parameter that must hold a secret"),
    AP_INIT_TAKE1("SignalWireMaxBody", sw_set_max_body, NULL, WHERE,
        "BYTES: the largest body that is accepted"),
    AP_INIT_ITERATE("SignalWireExport", sw_set_export, NULL, WHERE,
        "none|[env] [headers] [params]: how the application is told"),
    AP_INIT_TAKE_ARGV("SignalWireAnswer", sw_set_answer, NULL, WHERE,
        "cxml|swml TEMPLATE|ack|none [event=KIND,...] [expr=...] "
        "[check=schema|form]: what is answered without any application"),
    AP_INIT_TAKE1("SignalWireGuard", sw_set_guard, NULL, WHERE,
        "On|Off: replace what an application answers if it is no document"),
    AP_INIT_TAKE_ARGV("SignalWireFallback", sw_set_fallback, NULL, WHERE,
        "cxml|swml|json TEMPLATE [status=CODE] [check=schema|form]|none: what "
        "is sent instead"),
    AP_INIT_TAKE1("SignalWireAckFirst", sw_set_ack, NULL, WHERE,
        "On|Off|MAX: answer callbacks before the application runs"),
    AP_INIT_TAKE1("SignalWireOnce", sw_set_once, NULL, WHERE,
        "On|Off|DURATION: a callback that is repeated runs the application "
        "once"),
    AP_INIT_TAKE_ARGV("SignalWireOnceCache", sw_set_cache, NULL, RSRC_CONF,
        "local[:ENTRIES]|redis:URL: where it is remembered which have run"),
    AP_INIT_TAKE12("SignalWireEventLog", sw_set_event_log, NULL, WHERE,
        "PATH|\"|program\"|none [full]: a line of JSON for every request"),
    AP_INIT_TAKE1("SignalWireStatusShow", sw_set_status_show, NULL, WHERE,
        "masked|full: what signalwire-status shows of people"),
    AP_INIT_TAKE1("SignalWireStatusSize", sw_set_status_size, NULL, RSRC_CONF,
        "N: how many calls and messages it knows"),
    { NULL, { NULL }, NULL, 0, RAW_ARGS, NULL }
};

static void register_hooks(apr_pool_t *p)
{
    /* What only whole blocks can tell is a configuration error too. */
    ap_hook_check_config(sw_check_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_check_config(sw_claims_check_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_check_config(sw_board_check_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_check_config(sw_board_check_exposed, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_test_config(sw_dump_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_config(sw_post_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_config(sw_board_post_config, NULL, NULL, APR_HOOK_MIDDLE);

    ap_hook_open_logs(sw_event_log_open, NULL, NULL, APR_HOOK_MIDDLE);

    /* A child counts the workers that it holds; of one that crashed, the
     * parent forgets them. */
    ap_hook_child_init(sw_workers_child_init, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_init(sw_claims_child_init, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_status(sw_workers_child_status, NULL, NULL, APR_HOOK_MIDDLE);

    sw_body_register();
    sw_publish_register();
    sw_ack_register();
    sw_once_register();
    sw_guard_register();
    sw_require_register(p);
    sw_expr_register();
    sw_board_register_status();

    /* Before any access checker that might refuse the request: its error
     * document must not meet forged fields. */
    ap_hook_check_access(sw_check_access_first, NULL, NULL,
                         APR_HOOK_REALLY_FIRST - 1, AP_AUTH_INTERNAL_PER_CONF);

    /* After the other access checkers: what a renegotiation or
     * mod_access_compat refuses costs no body. PER_CONF, since the older form
     * would switch off httpd's shortcut for sub-requests in all of the server.
     */
    ap_hook_check_access(sw_check_access_last, NULL, NULL, APR_HOOK_LAST,
                         AP_AUTH_INTERNAL_PER_CONF);

    /* The backstop: "Satisfy Any" and equal configurations walk past the
     * access checker. Before every other fixup, since those may redirect, or
     * read the body as ModSecurity's does. */
    ap_hook_fixups(sw_fixups, NULL, NULL, APR_HOOK_REALLY_FIRST - 1);

    /* After the fast redirects that other fixups make; runs before the
     * handler, and before mod_cache decides whether to save. */
    ap_hook_insert_filter(sw_insert_filter, NULL, NULL, APR_HOOK_REALLY_FIRST);

    /* Error pages that httpd makes itself see no other filters. */
    ap_hook_insert_error_filter(sw_insert_error_filter, NULL, NULL,
                                APR_HOOK_REALLY_FIRST);

    /* Whatever handler the section has: what is answered reaches none. */
    ap_hook_handler(sw_answer, NULL, NULL, APR_HOOK_REALLY_FIRST);

    /* Of a section of its own. */
    ap_hook_handler(sw_board_handler, NULL, NULL, APR_HOOK_MIDDLE);

    /* Before any log sees the request line, and the status of an application
     * that the client has not waited for. */
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
