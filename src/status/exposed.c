/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is there a board that shows people's numbers and messages to everybody? The
 * directives tell, as far as paths are literal. Where only a request could
 * tell whether it is protected, nothing is said.
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

/* Is anything said of who may come, and if so, is it not everybody? */
static int speaks(const ap_directive_t *d)
{
    for (; d; d = d->next) {
        if (is_authorization(d)
            || (holds_authorization(d) && speaks(d->first_child)))
            return 1;
    }
    return 0;
}

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
 * block, which sets the same; NULL if there is none. */
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

/* A block whose mode is not known here may refuse whatever is unsigned. */
static int may_verify(apr_pool_t *p, const ap_directive_t *block)
{
    const char *mode = last_word(p, block->first_child, "SignalWireVerify");

    return !mode || (strcasecmp(mode, "off") != 0
                     && strcasecmp(mode, "optional") != 0
                     && strcasecmp(mode, "report") != 0);
}

/* In a section that is sure to contain the board any condition and any block
 * count; elsewhere most are for other requests. */
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

/* A virtual host that nobody can reach from another machine. */
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

/* A board, and what is known of the sections around it. */
typedef struct place_t {
    apr_pool_t *p;
    const ap_directive_t *board; /* SetHandler */
    const ap_directive_t *section; /* the nearest around it */
    const char *file; /* where it would be, if a literal <Location> */
    int is_full, is_restricted;
    int may_be_guarded; /* otherwise: only a request could tell */
    int is_decided; /* by what stands around it: nothing else counts */
    apr_size_t longest; /* path of a <Directory> that speaks */
    int is_kept; /* by that one */
} place_t;

static int is_literal(const ap_directive_t *d, const char *path)
{
    return (sw_directive_is(d, "<Location") || sw_directive_is(d, "<Directory"))
           && *path == '/' && !apr_fnmatch_test(path);
}

/* May a section elsewhere apply to the board? Patterns may, unless they only
 * hide files, as Debian's do. */
static int may_enclose(const place_t *place, const ap_directive_t *d)
{
    const char *path = sw_directive_word(place->p, d);
    const char *own = sw_directive_word(place->p, place->section);

    if (!is_literal(d, path))
        return *path != '\0' && !sw_directive_is(d, "<Files")
               && !sw_directive_is(d, "<FilesMatch")
               && !sw_directive_is(d, "<Proxy");
    if (sw_directive_is(d, place->section->directive))
        return sw_path_is_below(own, path);
    return place->file && sw_directive_is(d, "<Directory")
           && sw_path_is_below(place->file, path);
}

/* The longest path that says anything wins. */
static void note_directory(place_t *place, const ap_directive_t *d)
{
    apr_size_t n = strlen(sw_directive_word(place->p, d));

    if (n >= place->longest && speaks(d->first_child)) {
        place->longest = n;
        place->is_kept = restricts(d->first_child);
    }
}

/* All sections on the level of a server. */
static void look_around(place_t *place, const ap_directive_t *d)
{
    place->may_be_guarded |= has_other_guard(place->p, d, 0);
    for (; d; d = d->next) {
        const char *shown;

        if (d->directive[0] != '<' || is_condition(d)
            || sw_directive_is(d, "<VirtualHost") || !may_enclose(place, d))
            continue;
        place->may_be_guarded |=
            has_other_guard(place->p, d->first_child,
                            is_literal(d, sw_directive_word(place->p, d)));
        shown = shown_by(place->p, d->first_child);
        place->is_full |= shown && strcasecmp(shown, "full") == 0;
        if (place->is_decided)
            continue;
        if (!sw_directive_is(d, "<Directory"))
            place->is_restricted |= restricts(d->first_child);
        else
            note_directory(place, d);
    }
}

/* The sections that stand around it, from within. */
static void look_outwards(place_t *place)
{
    const ap_directive_t *d = place->board;
    const char *shown = NULL;

    for (; d && (!d->parent || !sw_directive_is(d->parent, "<VirtualHost"));
         d = d->parent) {
        const ap_directive_t *first = d->parent ? d->parent->first_child
                                                : NULL;

        if (first && !shown)
            shown = shown_by(place->p, first);
        place->may_be_guarded |= has_other_guard(place->p, first, 1)
                                 || (first && is_condition(d->parent));
        if (!place->is_decided && speaks(first)) {
            place->is_decided = 1;
            place->is_restricted = restricts(first);
        }
    }
    place->is_full = shown && strcasecmp(shown, "full") == 0;
    if (shown && !place->is_full) /* whatever stands elsewhere */
        place->is_decided = place->is_restricted = 1;
}

static void look_at_server(place_t *place, const server_rec *s)
{
    look_around(place, sw_directives_of(s));
    if (s->is_virtual)
        look_around(place, ap_conftree);
    place->is_restricted |= place->is_kept;
}

static void check_board(apr_pool_t *p, server_rec *s, const ap_directive_t *d)
{
    const core_server_config *core =
        ap_get_core_module_config(s->module_config);
    place_t place = { .p = p, .board = d, .section = d->parent };
    const char *path;

    if (!d->parent || d->parent->directive[0] != '<'
        || sw_directive_is(d->parent, "<VirtualHost") || is_local(s))
        return;
    path = sw_directive_word(p, place.section);
    if (sw_directive_is(place.section, "<Location")
        && is_literal(place.section, path))
        place.file = apr_pstrcat(p, core->ap_document_root, path, NULL);
    look_outwards(&place);
    look_at_server(&place, s);
    if (place.is_full && !place.is_restricted && !place.may_be_guarded)
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s, "SW0017: the board in "
                     "%s %s (line %d of %s) shows whole numbers, names and "
                     "messages to everybody; expected a Require beside "
                     "SignalWireStatusShow full, such as a password",
                     place.section->directive, place.section->args,
                     d->line_num, d->filename);
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

int sw_board_advise(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                    server_rec *s)
{
    (void)pconf;
    (void)plog;
    for (; s && !sw_is_rehearsal(); s = s->next)
        find_boards(ptemp, s, sw_directives_of(s));
    return OK;
}
