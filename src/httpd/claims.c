/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignalWireOnceCache: which store remembers the callbacks of this server, and
 * what happens when it is silent: requests run as if there were none, and it
 * is left alone for a while.
 */
#include <apr_atomic.h>
#include <apr_shm.h>
#include <apr_strings.h>

#include "claims.h"
#include "module.h"

APLOG_USE_MODULE(signalwire);

#define ENTRIES 20000
#define ENTRIES_MAX 1000000
#define LEFT_ALONE 5 /* seconds */

/* In memory that all children share. Times are whole seconds. */
typedef struct silence_t {
    volatile apr_uint32_t until;  /* nobody asks the store */
    volatile apr_uint32_t warned; /* last */
    volatile apr_uint32_t count;  /* of requests that ran without it */
} silence_t;

struct sw_claims_t {
    const char *name; /* of the store, as it may be shown */
    apr_uint32_t entries;
    sw_table_t *table;
    silence_t *silence;
};

static const char *take_local(cmd_parms *cmd, sw_claims_t *claims,
                              const char *arg)
{
    apr_off_t entries = ENTRIES;

    if (arg[5] == ':' && (!ap_parse_strict_length(&entries, arg + 6)
                          || entries < 1 || entries > ENTRIES_MAX))
        return sw_expected(cmd, arg, "local or local:ENTRIES, a number from 1 "
                           "to " APR_STRINGIFY(ENTRIES_MAX));
    claims->entries = (apr_uint32_t)entries;
    claims->name = apr_psprintf(cmd->pool, "local:%u", claims->entries);
    return NULL;
}

const char *sw_set_cache(cmd_parms *cmd, void *dir, int argc,
                         char *const argv[])
{
    sw_server_t *server = sw_server_of(cmd->server);
    const char *complaint = ap_check_cmd_context(cmd, GLOBAL_ONLY);

    (void)dir;
    if (complaint)
        return complaint;
    if (argc < 1)
        return "SignalWireOnceCache: expected local[:ENTRIES] or redis:URL";
    server->claims = apr_pcalloc(cmd->pool, sizeof(*server->claims));
    if (strncasecmp(argv[0], "local", 5) == 0
        && (!argv[0][5] || argv[0][5] == ':') && argc == 1)
        return take_local(cmd, server->claims, argv[0]);
    return sw_expected(cmd, argv[0], "local[:ENTRIES] or redis:URL");
}

const char *sw_claims_name(const server_rec *s)
{
    const sw_claims_t *claims = sw_server_of(s)->claims;

    return claims ? claims->name : "local:" APR_STRINGIFY(ENTRIES);
}

static const char *uses_once(apr_pool_t *p, server_rec *s,
                             const sw_dir_t *dir, void *data)
{
    (void)p;
    (void)s;
    if (dir->once > 0)
        *(int *)data = 1;
    return NULL;
}

static apr_status_t share_silence(apr_pool_t *p, sw_claims_t *claims)
{
    apr_shm_t *memory;
    apr_status_t rv = apr_shm_create(&memory, sizeof(silence_t), NULL, p);

    if (rv)
        return rv;
    claims->silence = apr_shm_baseaddr_get(memory);
    memset(claims->silence, 0, sizeof(silence_t));
    return APR_SUCCESS;
}

static apr_status_t share_table(server_rec *s, sw_claims_t *claims)
{
    apr_status_t rv = sw_table_share(s->process->pool, claims->entries,
                                     &claims->table);

    if (!rv && sw_table_entries(claims->table) != claims->entries)
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, s, "SW0008: "
                     "SignalWireOnceCache %s: the table goes on with the %u "
                     "entries that it has, until httpd is stopped and started",
                     claims->name, sw_table_entries(claims->table));
    return rv;
}

/* Not in a rehearsal: the process that makes the lock may end behind it, where
 * httpd detaches from the terminal, and would take it away. */
apr_status_t sw_claims_share(apr_pool_t *p, server_rec *s)
{
    sw_claims_t *claims = sw_server_of(s)->claims;
    int is_used = 0;
    server_rec *each;
    apr_status_t rv;

    for (each = s; each; each = each->next)
        (void)sw_blocks_visit(p, each, uses_once, &is_used);
    if (!is_used || sw_is_rehearsal())
        return APR_SUCCESS;
    if (!claims) {
        claims = apr_pcalloc(p, sizeof(*claims));
        claims->name = sw_claims_name(s);
        claims->entries = ENTRIES;
    }
    for (each = s; each; each = each->next)
        sw_server_of(each)->claims = claims;
    rv = share_silence(p, claims);
    return rv ? rv : share_table(s, claims);
}

void sw_claims_begin(apr_pool_t *p, server_rec *s)
{
    sw_claims_t *claims = sw_server_of(s)->claims;

    if (claims && claims->table
        && sw_table_begin(p, claims->table) != APR_SUCCESS)
        claims->table = NULL;
}

static void warn(request_rec *r, sw_claims_t *claims, const char *why)
{
    apr_uint32_t now = (apr_uint32_t)apr_time_sec(apr_time_now());
    apr_uint32_t last = apr_atomic_read32(&claims->silence->warned);

    if (now - last < 60
        || apr_atomic_cas32(&claims->silence->warned, now, last) != last)
        return;
    ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, r, "SW0129: "
                  "SignalWireOnceCache %s: %s. Callbacks run without it, "
                  "repeats among them (%u so far; said at most once a minute)",
                  claims->name, why, apr_atomic_read32(&claims->silence->count));
}

static void leave_alone(sw_claims_t *claims)
{
    apr_atomic_set32(&claims->silence->until,
                     (apr_uint32_t)apr_time_sec(apr_time_now()) + LEFT_ALONE);
}

static int is_left_alone(const sw_claims_t *claims)
{
    apr_uint32_t until = apr_atomic_read32(&claims->silence->until);

    return until && (apr_uint32_t)apr_time_sec(apr_time_now()) < until;
}

sw_claim_e sw_claims_take(request_rec *r, sw_claim_t *claim,
                          sw_kept_t *answer)
{
    sw_claims_t *claims = sw_server_of(r->server)->claims;
    sw_claim_e state;

    if (!claims || !claims->table)
        return SW_CLAIM_SILENT;
    state = is_left_alone(claims) ? SW_CLAIM_SILENT
            : sw_table_take(claims->table, claim, r->pool, answer);
    if (state != SW_CLAIM_SILENT && state != SW_CLAIM_FULL)
        return state;
    apr_atomic_inc32(&claims->silence->count);
    if (is_left_alone(claims))
        return state;
    if (state == SW_CLAIM_SILENT)
        leave_alone(claims);
    warn(r, claims, state == SW_CLAIM_FULL
         ? "all its entries are of applications that run"
         : "its lock is held by a process that has stopped");
    return state;
}

void sw_claims_end(request_rec *r, const sw_claim_t *claim,
                   const sw_kept_t *answer, apr_interval_time_t time)
{
    sw_claims_t *claims = sw_server_of(r->server)->claims;

    if (is_left_alone(claims)
        || sw_table_end(claims->table, claim, answer, time))
        return;
    leave_alone(claims);
    warn(r, claims, "its lock is held by a process that has stopped");
}
