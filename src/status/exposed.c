/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See exposed.h. The directives decide, as far as paths are literal. Where only
 * a request could show whether a board is protected, there is no warning.
 */
#include <apr_fnmatch.h>
#include <apr_strings.h>

#include "status/exposed.h"
#include "httpd/config/sections.h"
#include "httpd/config/setters.h"

static int is_authorization(const ap_directive_t *d)
{
    return sw_directive_is(d, "Require") || sw_directive_is(d, "Deny")
           || sw_directive_is(d, "Allow") || sw_directive_is(d, "Order");
}

static int holds_authorization(const ap_directive_t *d)
{
    return strncasecmp(d->directive, "<Require", 8) == 0
           || sw_directive_is(d, "<Limit") || sw_directive_is(d, "<LimitExcept")
           || sw_directive_is(d, "<SignalWireWebhook");
}

/* Does any of these directives decide who may come? */
static int authorizes(const ap_directive_t *d)
{
    for (; d; d = d->next) {
        if (is_authorization(d)
            || (holds_authorization(d) && authorizes(d->first_child)))
            return 1;
    }
    return 0;
}

/* Does any of them exclude somebody? */
static int restricts(const ap_directive_t *d)
{
    for (; d; d = d->next) {
        if (sw_directive_is(d, "Deny")
            || (sw_directive_is(d, "Require")
                && strcasecmp(d->args, "all granted") != 0)
            || (holds_authorization(d) && restricts(d->first_child)))
            return 1;
    }
    return 0;
}

/* The first word of the last directive of this name, in the section or in its
 * block, which sets the same configuration; NULL if there is none. */
static const char *last_word(apr_pool_t *p, const ap_directive_t *d,
                             const char *name)
{
    const char *word = NULL, *inner;

    for (; d; d = d->next) {
        if (sw_directive_is(d, name))
            word = sw_directive_word(p, d);
        else if (sw_directive_is(d, "<SignalWireWebhook")) {
            inner = last_word(p, d->first_child, name);
            word = inner ? inner : word;
        }
    }
    return word;
}

static const char *shown_by(apr_pool_t *p, const ap_directive_t *d)
{
    return last_word(p, d, "SignalWireStatusShow");
}

/* ---- what restricts besides authorization ------------------------------ */

static int is_condition(const ap_directive_t *d)
{
    return sw_directive_is(d, "<If") || sw_directive_is(d, "<ElseIf")
           || sw_directive_is(d, "<Else");
}

/* SSLRequireSSL lets in everybody who has TLS. */
static int asks_for_certificate(apr_pool_t *p, const ap_directive_t *d)
{
    for (; d; d = d->next) {
        if (sw_directive_is(d, "SSLRequire")
            || (sw_directive_is(d, "SSLVerifyClient")
                && strcasecmp(sw_directive_word(p, d), "require") == 0))
            return 1;
    }
    return 0;
}

/* Assume that a block without SignalWireVerify refuses unsigned requests: its
 * mode may be inherited. */
static int may_verify(apr_pool_t *p, const ap_directive_t *block)
{
    const char *mode = last_word(p, block->first_child, "SignalWireVerify");

    return !mode
           || (strcasecmp(mode, "off") != 0 && strcasecmp(mode, "optional") != 0
               && strcasecmp(mode, "report") != 0);
}

/* Any condition and any block counts in a section that is sure to contain the
 * board; elsewhere most are for other requests. */
static int has_other_guard(apr_pool_t *p, const ap_directive_t *d, int is_sure)
{
    int found = asks_for_certificate(p, d);

    for (; d; d = d->next) {
        if (is_condition(d))
            found |= is_sure || restricts(d->first_child);
        else if (sw_directive_is(d, "<SignalWireWebhook"))
            found |= is_sure && may_verify(p, d);
    }
    return found;
}

/* Has the virtual host only addresses of this machine? */
static int is_local(const server_rec *s)
{
    const server_addr_rec *address = s->is_virtual ? s->addrs : NULL;
    int n = 0;

    for (; address; address = address->next, n++) {
        char *ip;

        if (apr_sockaddr_ip_get(&ip, address->host_addr)
            || (strncmp(ip, "127.", 4) != 0 && strcmp(ip, "::1") != 0))
            return 0;
    }
    return n > 0;
}

/* ---- the sections around it -------------------------------------------- */

/* A board, and the findings about the sections around it. */
typedef struct board_t {
    apr_pool_t *p;
    const ap_directive_t *directive; /* SetHandler */
    const ap_directive_t *section; /* the nearest around it */
    const char *file; /* file of the board in a literal <Location>, or NULL */
    int is_full, is_restricted;
    int may_be_guarded; /* by other means, which only a request could show */
    int is_decided; /* by the sections that enclose the directive */
    apr_size_t longest; /* path of a <Directory> that authorizes */
    int is_restricted_there; /* by that <Directory> */
} board_t;

static int is_literal(const ap_directive_t *d, const char *path)
{
    return (sw_directive_is(d, "<Location") || sw_directive_is(d, "<Directory"))
           && *path == '/' && !apr_fnmatch_test(path);
}

/* May a section elsewhere apply to the board? A pattern may, unless it is one
 * of <Files>: Debian's only hide files. */
static int may_enclose(const board_t *board, const ap_directive_t *d)
{
    const char *path = sw_directive_word(board->p, d);
    const char *own = sw_directive_word(board->p, board->section);

    if (!is_literal(d, path))
        return *path != '\0' && !sw_directive_is(d, "<Files")
               && !sw_directive_is(d, "<FilesMatch")
               && !sw_directive_is(d, "<Proxy");
    if (sw_directive_is(d, board->section->directive))
        return sw_path_is_below(own, path);
    return board->file && sw_directive_is(d, "<Directory")
           && sw_path_is_below(board->file, path);
}

/* The <Directory> with the longest path that authorizes wins. */
static void note_directory(board_t *board, const ap_directive_t *d)
{
    apr_size_t n = strlen(sw_directive_word(board->p, d));

    if (n >= board->longest && authorizes(d->first_child)) {
        board->longest = n;
        board->is_restricted_there = restricts(d->first_child);
    }
}

/* Look at all sections on the level of a server. */
static void look_around(board_t *board, const ap_directive_t *d)
{
    board->may_be_guarded |= has_other_guard(board->p, d, 0);
    for (; d; d = d->next) {
        const char *shown;

        if (d->directive[0] != '<' || is_condition(d)
            || sw_directive_is(d, "<VirtualHost") || !may_enclose(board, d))
            continue;
        board->may_be_guarded |=
            has_other_guard(board->p, d->first_child,
                            is_literal(d, sw_directive_word(board->p, d)));
        shown = shown_by(board->p, d->first_child);
        board->is_full |= shown && strcasecmp(shown, "full") == 0;
        if (board->is_decided)
            continue;
        if (!sw_directive_is(d, "<Directory"))
            board->is_restricted |= restricts(d->first_child);
        else
            note_directory(board, d);
    }
}

/* Look at the sections that enclose the directive, the innermost first. */
static void look_outwards(board_t *board)
{
    const ap_directive_t *d = board->directive;
    const char *shown = NULL;

    for (; d && (!d->parent || !sw_directive_is(d->parent, "<VirtualHost"));
         d = d->parent) {
        const ap_directive_t *first = d->parent ? d->parent->first_child : NULL;

        if (first && !shown)
            shown = shown_by(board->p, first);
        board->may_be_guarded |= has_other_guard(board->p, first, 1)
                                 || (first && is_condition(d->parent));
        if (!board->is_decided && authorizes(first)) {
            board->is_decided = 1;
            board->is_restricted = restricts(first);
        }
    }
    board->is_full = shown && strcasecmp(shown, "full") == 0;
    if (shown && !board->is_full) /* masked, whatever stands elsewhere */
        board->is_decided = board->is_restricted = 1;
}

static void look_at_server(board_t *board, const server_rec *s)
{
    look_around(board, sw_directives_of(s));
    if (s->is_virtual)
        look_around(board, ap_conftree);
    board->is_restricted |= board->is_restricted_there;
}

static void check_board(apr_pool_t *p, server_rec *s, const ap_directive_t *d)
{
    const core_server_config *core = ap_get_core_module_config(
        s->module_config);
    board_t board = { .p = p, .directive = d, .section = d->parent };
    const char *path;

    if (!d->parent || d->parent->directive[0] != '<'
        || sw_directive_is(d->parent, "<VirtualHost") || is_local(s))
        return;
    path = sw_directive_word(p, board.section);
    if (sw_directive_is(board.section, "<Location")
        && is_literal(board.section, path))
        board.file = apr_pstrcat(p, core->ap_document_root, path, NULL);
    look_outwards(&board);
    look_at_server(&board, s);
    if (board.is_full && !board.is_restricted && !board.may_be_guarded)
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                     "SW0017: the board in "
                     "%s %s (line %d of %s) shows whole numbers, names and "
                     "messages to everybody; expected a Require beside "
                     "SignalWireStatusShow full, such as a password",
                     board.section->directive, board.section->args, d->line_num,
                     d->filename);
}

static void find_boards(apr_pool_t *p, server_rec *s, const ap_directive_t *d)
{
    for (; d; d = d->next) {
        if (sw_directive_is(d, "SetHandler")
            && strcasecmp(sw_directive_word(p, d), "signalwire-status") == 0)
            check_board(p, s, d);
        else if (d->first_child && !sw_directive_is(d, "<VirtualHost"))
            find_boards(p, s, d->first_child);
    }
}

int sw_board_check_exposed(apr_pool_t *pconf, apr_pool_t *plog,
                           apr_pool_t *ptemp, server_rec *s)
{
    (void)pconf;
    (void)plog;
    for (; s && !sw_is_first_pass(); s = s->next)
        find_boards(ptemp, s, sw_directives_of(s));
    return OK;
}
