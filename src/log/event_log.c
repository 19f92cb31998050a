/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignalWireEventLog: a line of JSON for every request in a block, written
 * when the request has ended. Each line is one write(): lines of several
 * processes do not mix, neither in a file that is opened for appending nor, up
 * to PIPE_BUF bytes, in a pipe.
 */
#include <apr_strings.h>
#include <ap_mpm.h>

#include "log/event_log.h"
#include "core/event/event.h"
#include "core/event/params.h"
#include "core/signature/url.h"
#include "core/signature/verdict.h"
#include "core/text/json_line.h"
#include "core/text/mask.h"
#include "core/text/span.h"
#include "core/text/timestamp.h"
#include "httpd/config/openable.h"
#include "httpd/config/setters.h"
#include "httpd/config/settings.h"
#include "httpd/request/event.h"
#include "httpd/request/request.h"
#include "httpd/verify/diagnose.h"
#include "httpd/verify/verify.h"
#include "store/clock.h"

#define PIPE_LINE 4096
#define FILE_LINE 65536
#define VALUE_MAX 512
#define FULL_VALUE_MAX 8192

/* ---- configuration ----------------------------------------------------- */

/* "|" and "||" run a program, "|$" runs a shell, as in CustomLog. */
static const char *program_of(const char *target, apr_cmdtype_e *how)
{
    const char *program = target + 1;

    *how = *program == '$' ? APR_SHELLCMD_ENV : APR_PROGRAM_ENV;
    return *program == '|' || *program == '$' ? program + 1 : program;
}

/* Finds at configtest what would make open_log() fail. */
static const char *check_target(cmd_parms *cmd, const char *target)
{
    apr_cmdtype_e how;
    const char *program, *expected;

    if (*target != '|') {
        expected = sw_openable_file(cmd->temp_pool, target);
    }
    else {
        program = program_of(target, &how);
        expected = how == APR_PROGRAM_ENV || !*program
                       ? sw_openable_program(cmd->temp_pool, program)
                       : NULL;
    }
    return expected ? sw_expected(cmd, target, expected) : NULL;
}

const char *sw_set_event_log(cmd_parms *cmd, void *config, const char *target,
                             const char *how)
{
    static const char *const words[] = { "full", NULL };
    sw_dir_t *dir = config;
    const char *error = sw_misplaced(cmd);
    int is_pipe = *target == '|';
    sw_event_log_t *log;

    if (error)
        return error;
    if (how && strcasecmp(how, "full") != 0)
        return sw_expected_of(cmd, how, "full, or nothing, after the file",
                              words);
    if (!target[is_pipe])
        return sw_expected(cmd, target,
                           "a file, or \"|\" and a program, or none");
    log = apr_pcalloc(cmd->pool, sizeof(*log));
    log->is_full = how != NULL;
    dir->event_log = log;
    if (strcasecmp(target, "none") == 0)
        return how ? sw_expected(cmd, how, "nothing after none") : NULL;
    log->target = is_pipe ? target : ap_server_root_relative(cmd->pool, target);
    if (!log->target)
        return sw_expected(cmd, target, "a file");
    APR_ARRAY_PUSH(sw_server_of(cmd->server)->event_logs,
                   sw_event_log_t *) = log;
    return check_target(cmd, log->target);
}

/* ---- opening ----------------------------------------------------------- */

static apr_file_t *open_pipe(apr_pool_t *p, const char *target)
{
    apr_cmdtype_e how;
    const char *program = program_of(target, &how);
    piped_log *log = ap_open_piped_log_ex(p, program, how);

    return log ? ap_piped_log_write_fd(log) : NULL;
}

/* Not readable for everybody: a full log holds messages and numbers. */
static apr_status_t open_file(apr_pool_t *p, const char *target,
                              apr_file_t **file)
{
    return apr_file_open(file, target,
                         APR_FOPEN_WRITE | APR_FOPEN_APPEND | APR_FOPEN_CREATE
                             | APR_FOPEN_LARGEFILE,
                         APR_FPROT_UREAD | APR_FPROT_UWRITE | APR_FPROT_GREAD,
                         p);
}

static apr_status_t open_log(apr_pool_t *p, sw_event_log_t *log)
{
    if (*log->target != '|')
        return open_file(p, log->target, &log->file);
    log->file = open_pipe(p, log->target);
    return log->file ? APR_SUCCESS : APR_EGENERAL;
}

/* Several blocks may name the same file or program, which is opened once. */
static sw_event_log_t *find_open(const apr_array_header_t *open,
                                 const char *target)
{
    int i;

    for (i = 0; i < open->nelts; i++) {
        sw_event_log_t *other = APR_ARRAY_IDX(open, i, sw_event_log_t *);

        if (strcmp(other->target, target) == 0)
            return other;
    }
    return NULL;
}

static int open_all(apr_pool_t *p, server_rec *s, apr_array_header_t *open)
{
    const apr_array_header_t *logs = sw_server_of(s)->event_logs;
    int i;

    for (i = 0; i < logs->nelts; i++) {
        sw_event_log_t *log = APR_ARRAY_IDX(logs, i, sw_event_log_t *);
        const sw_event_log_t *other = find_open(open, log->target);
        apr_status_t rv = other ? APR_SUCCESS : open_log(p, log);

        if (rv) {
            ap_log_error(APLOG_MARK, APLOG_STARTUP | APLOG_ERR, rv, s,
                         "SW0011: SignalWireEventLog %s cannot be opened",
                         log->target);
            return 0;
        }
        if (other)
            log->file = other->file;
        else
            APR_ARRAY_PUSH(open, sw_event_log_t *) = log;
    }
    return 1;
}

int sw_event_log_open(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                      server_rec *s)
{
    apr_array_header_t *open = apr_array_make(ptemp, 4,
                                              sizeof(sw_event_log_t *));

    (void)plog;
    for (; s && !sw_is_first_pass(); s = s->next) {
        if (!open_all(pconf, s, open))
            return HTTP_INTERNAL_SERVER_ERROR;
    }
    return OK;
}

/* ---- a line ------------------------------------------------------------ */

/* CALL_ID is the member "call_id". "time" is the time of the request, so TIME,
 * the time of the event in RFC 3339, takes the place of TIMESTAMP. */
static const char *member_name(sw_field_e field, char to[32])
{
    if (field == SW_FIELD_TIME)
        field = SW_FIELD_TIMESTAMP;
    apr_cpystrn(to, sw_field_name(field), 32);
    ap_str_tolower(to);
    return to;
}

static void add_fields(sw_line_t *line, const sw_event_t *event, int is_full)
{
    char name[32], masked[SW_MASKED_MAX];
    int i;

    for (i = SW_FIELD_EVENT + 1; i < SW_FIELD_COUNT; i++) {
        sw_privacy_e privacy = sw_field_privacy((sw_field_e)i);
        sw_span_t value = event->fields[i];

        if (!value.n || i == SW_FIELD_TIMESTAMP
            || (!is_full
                && (privacy == SW_PRIVACY_PRIVATE || i == SW_FIELD_RESPONSE)))
            continue;
        /* The id of a room may be its name, which is private. */
        if (!is_full && i == SW_FIELD_ID
            && sw_span_equal(value, event->fields[SW_FIELD_NAME]))
            continue;
        if (!is_full && privacy == SW_PRIVACY_NUMBER)
            value = sw_masked(value, masked);
        sw_line_text(line, member_name((sw_field_e)i, name), value);
    }
}

static int add_param(void *line, sw_span_t name, sw_span_t value)
{
    sw_line_pair(line, name, value);
    return 1;
}

static void add_params(sw_line_t *line, sw_record_t *record)
{
    apr_pool_t *scratch;

    apr_pool_create(&scratch, record->initial->pool);
    if (sw_line_enter(line, "params")) {
        sw_params_visit(scratch, sw_params_of(record), add_param, line);
        sw_line_leave(line);
    }
    apr_pool_destroy(scratch);
}

static void add_word(sw_line_t *line, const char *name, const char *value)
{
    if (value)
        sw_line_text(line, name, sw_span(value));
}

static void add_verdict(sw_line_t *line, const sw_record_t *record,
                        const sw_decision_t *decision)
{
    add_word(line, "verdict", sw_outcome(decision->verdict)->token);
    sw_line_boolean(line, "passed", sw_passes(decision));
    if (decision->verdict == SW_VERIFIED)
        add_word(line, "scheme", sw_scheme_name(decision->scheme));
    add_word(line, "key", sw_label_of(decision));
    add_word(line, "once", record->delivery);
}

static void add_reply(sw_line_t *line, request_rec *r,
                      const sw_record_t *record)
{
    const request_rec *last = sw_last(r);
    sw_span_t target = sw_target(sw_span(r->unparsed_uri));
    apr_interval_time_t took = apr_time_now() - r->request_time;

    sw_line_number(line, "reply", last->status);
    /* The clock may have been set back since the request came. */
    sw_line_ms(line, "ms", took > 0 ? took : 0);
    sw_line_number(line, "bytes", last->bytes_sent);
    add_word(line, "method", record->method);
    target.n = sw_shown_length(target);
    sw_line_text(line, "path", target);
    add_word(line, "client", r->useragent_ip);
    add_word(line, "log_id", sw_log_id(record));
}

static sw_span_t write_line(request_rec *r, sw_record_t *record,
                            const sw_decision_t *decision, sw_line_t *line)
{
    const sw_event_log_t *log = record->dir->event_log;
    const sw_event_t *event = sw_passes(decision) ? sw_event_of(record) : NULL;
    char time[SW_TIMESTAMP_SIZE];

    sw_timestamp_write(time, r->request_time);
    add_word(line, "time", time);
    add_word(line, "webhook", record->dir->block->name);
    if (event)
        sw_line_text(line, "event", event->fields[SW_FIELD_EVENT]);
    add_verdict(line, record, decision);
    add_reply(line, r, record);
    if (event) {
        add_fields(line, event, log->is_full);
        if (log->is_full)
            add_params(line, record);
    }
    return sw_line_end(line);
}

/* A full disk may take only a part of a line; the next one then continues it
 * (docs/observing.md, "A full disk"). */
static apr_status_t write_out(apr_file_t *file, sw_span_t text)
{
    apr_size_t n = text.n;
    apr_status_t rv = apr_file_write(file, text.p, &n);

    return !rv && n < text.n ? APR_ENOSPC : rv;
}

int sw_event_log_write(request_rec *r)
{
    sw_record_t *record = sw_record_of(r);
    const sw_event_log_t *log = record && record->dir ? record->dir->event_log
                                                      : NULL;
    sw_shared_t *shared = sw_server_of(r->server)->shared;
    char small[PIPE_LINE], *buffer = small;
    apr_size_t size = PIPE_LINE;
    apr_status_t rv;
    sw_line_t line;

    if (!log || !log->file)
        return DECLINED;
    if (log->is_full && *log->target != '|') {
        size = FILE_LINE;
        buffer = apr_palloc(r->pool, size);
    }
    sw_line_begin(&line, buffer, size,
                  log->is_full ? FULL_VALUE_MAX : VALUE_MAX);
    rv = write_out(log->file,
                   write_line(r, record, sw_decide(r, record, record->dir),
                              &line));
    if (rv && sw_clock_allows(&shared->unwritten, apr_time_from_sec(1), 1))
        ap_log_rerror(APLOG_MARK, APLOG_ERR, rv, r,
                      "SW0132: "
                      "SignalWireEventLog %s cannot be written (logged at "
                      "most once a second)",
                      log->target);
    return DECLINED;
}
