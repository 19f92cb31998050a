/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The setters of answers and fallbacks. They read and compile each template,
 * render it with hostile values and check the result, so that rendering cannot
 * fail later.
 */
#include <apr_strings.h>

#include "httpd/config/templates.h"
#include "core/event/event.h"
#include "core/event/suggest.h"
#include "core/template/context.h"
#include "core/template/document.h"
#include "core/template/fault.h"
#include "core/template/hint.h"
#include "core/template/probe.h"
#include "core/template/template.h"
#include "core/text/span.h"
#include "core/text/text.h"
#include "httpd/config/advice.h"
#include "httpd/config/file.h"
#include "httpd/config/setters.h"
#include "httpd/config/settings.h"

/* Compile the schema once for a configuration: that takes milliseconds. */
static const sw_schema_t *schema_of(apr_pool_t *pconf)
{
    static const char key[] = "mod_signalwire_schema";
    void *schema = NULL;

    apr_pool_userdata_get(&schema, key, pconf);
    if (!schema) {
        schema = sw_schema_make(pconf);
        apr_pool_userdata_setn(schema, key, NULL, pconf);
    }
    return schema;
}

/* A template as configured. */
typedef struct template_spec_t {
    sw_document_e format;
    const char *name;
    const char *check; /* "schema" or "form"; NULL: unset */
} template_spec_t;

static const char *fault_text(cmd_parms *cmd, const char *path,
                              sw_fault_t fault)
{
    return apr_psprintf(cmd->pool, "%s \"%s\": line %d: %s",
                        cmd->directive->directive, path, fault.line,
                        fault.reason);
}

/* Only the schema objects to this cXML, and it may not know all verbs: with
 * check=form this is a warning. @return NULL, or the error */
static const char *schema_fault(cmd_parms *cmd, const template_spec_t *spec,
                                const char *text)
{
    if (!spec->check || strcasecmp(spec->check, "form") != 0)
        return apr_pstrcat(cmd->pool, text,
                           "; check=form turns this error into a warning",
                           NULL);
    if (!sw_is_first_pass())
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, cmd->server,
                     "SW0020: %s; check=form accepts it", text);
    return NULL;
}

/* Render with hostile values and check. @return NULL, or the error */
static const char *check_template(cmd_parms *cmd, const template_spec_t *spec,
                                  const char *path, const sw_template_t *t)
{
    sw_fault_t advice, form, fault;

    fault = sw_template_probe(cmd->temp_pool, t, schema_of(cmd->pool), &advice);
    if (advice.reason && !fault.reason && !sw_is_first_pass())
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, cmd->server,
                     "SW0021: %s; SignalWire may not take it",
                     fault_text(cmd, path, advice));
    if (!fault.reason || spec->format != SW_DOCUMENT_CXML)
        return fault.reason ? fault_text(cmd, path, fault) : NULL;
    form = sw_template_probe(cmd->temp_pool, t, NULL, NULL);
    return form.reason ? fault_text(cmd, path, form)
                       : schema_fault(cmd, spec, fault_text(cmd, path, fault));
}

static const char *load_template(cmd_parms *cmd, const template_spec_t *spec,
                                 const sw_template_t **t)
{
    const char *path = ap_server_root_relative(cmd->pool, spec->name);
    const sw_file_t file = {
        path, path, SW_DOCUMENT_MAX, "a file of at most 64 KiB", 0
    };
    const char *error;
    sw_fault_t fault;
    sw_span_t text;

    if (!path)
        return sw_expected(cmd, spec->name, "the path of a template");
    error = sw_file_read(cmd, &file, cmd->temp_pool, &text);
    if (!error && !text.n)
        error = sw_expected(cmd, path, "a document, the file is empty");
    if (error)
        return error;
    *t = sw_template_make(cmd->pool, spec->format, text, &fault);
    error = *t ? check_template(cmd, spec, path, *t)
               : fault_text(cmd, path, fault);
    return error
               ? apr_pstrcat(cmd->pool, error,
                             sw_template_hint(spec->format, text, error), NULL)
               : NULL;
}

static const char *unknown_event(cmd_parms *cmd, const char *list,
                                 const char *event)
{
    const char *meant = sw_suggest_event(event);
    const char *error =
        sw_expected(cmd, apr_pstrcat(cmd->pool, "event=", list, NULL),
                    "event=KIND[,KIND...] without blanks, such as "
                    "voice.incoming (docs/variables.md has all kinds)");

    return meant ? sw_meant(cmd, error, meant) : error;
}

/* Any name in the families call. and video. is accepted, so only warn. */
static void advise_event(cmd_parms *cmd, const char *event)
{
    const char *meant = sw_suggest_event(event);

    if (meant && !sw_is_first_pass())
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, cmd->server,
                     "SW0027: %s "
                     "on line %d of %s: event=%s is no kind that this version "
                     "knows; did you mean %s?",
                     cmd->directive->directive, cmd->directive->line_num,
                     cmd->directive->filename, event, meant);
}

static const char *read_events(cmd_parms *cmd, const char *list,
                               const apr_array_header_t **events)
{
    apr_array_header_t *to = apr_array_make(cmd->pool, 2, sizeof(const char *));
    const char *rest = list;

    do {
        char *event = ap_getword(cmd->pool, &rest, ',');

        ap_str_tolower(event);
        if (!sw_event_is_known(event))
            return unknown_event(cmd, list, event);
        advise_event(cmd, event);
        APR_ARRAY_PUSH(to, const char *) = event;
    } while (*rest || rest[-1] == ',');
    *events = to;
    return NULL;
}

static const char *read_condition(cmd_parms *cmd, const char *text,
                                  const ap_expr_info_t **condition)
{
    const char *fault = NULL;

    *condition = ap_expr_parse_cmd(cmd, text, 0, &fault, NULL);
    return fault ? apr_psprintf(cmd->pool,
                                "%s \"expr=%s\": expected an expression: %s",
                                cmd->directive->directive, text, fault)
                 : NULL;
}

/* Is expr= in argv[0] the whole expression? httpd splits arguments at blanks
 * unless a quote precedes the whole argument, so that anything but an option
 * after it is the rest of the expression. @return NULL, or the error */
static const char *check_expression_quotes(cmd_parms *cmd, int argc,
                                           char *const argv[])
{
    const char *text = argv[0];
    int i;

    for (i = 1; i < argc && !sw_text_starts(argv[i], "event=")
                && !sw_text_starts(argv[i], "expr=")
                && !sw_text_starts(argv[i], "check=");
         i++)
        text = apr_pstrcat(cmd->temp_pool, text, " ", argv[i], NULL);
    return i == 1
               ? NULL
               : sw_expected(cmd, text,
                             "the whole argument in quotes, since "
                             "blanks divide it, and they stand before expr=: "
                             "\"expr=signalwire('Digits') == '1'\"");
}

/* Read "check=schema" or "check=form", once. @return whether it is one */
static int read_check(const char *option, const char **check)
{
    const char *word = option + 6;

    if (strncasecmp(option, "check=", 6) != 0 || *check
        || (strcasecmp(word, "schema") != 0 && strcasecmp(word, "form") != 0))
        return 0;
    *check = word;
    return 1;
}

/* Read the options of a template or, without a path, an acknowledgement. */
static const char *read_options(cmd_parms *cmd, int argc, char *const argv[],
                                sw_answer_t *answer)
{
    static const char *const words[] = { "event=", "expr=", NULL };
    const char *error = NULL;
    int i;

    for (i = 0; i < argc && !error; i++) {
        if (sw_text_starts(argv[i], "event=") && !answer->events) {
            error = read_events(cmd, argv[i] + 6, &answer->events);
        }
        else if (sw_text_starts(argv[i], "expr=") && !answer->condition) {
            error = check_expression_quotes(cmd, argc - i, argv + i);
            if (!error)
                error = read_condition(cmd, argv[i] + 5, &answer->condition);
        }
        else if (!answer->path || !read_check(argv[i], &answer->check)) {
            error = sw_expected_of(cmd, argv[i],
                                   answer->path
                                       ? "event=KIND[,KIND...], \"expr=...\" "
                                         "or check=schema|form, each once"
                                       : "event=KIND[,KIND...] or "
                                         "\"expr=...\", each once",
                                   words);
        }
    }
    return error;
}

/* Read "cxml TEMPLATE" or "swml TEMPLATE", and options. */
static const char *read_document(cmd_parms *cmd, int argc, char *const argv[],
                                 sw_answer_t *answer)
{
    template_spec_t spec = { .format = SW_DOCUMENT_CXML };
    const char *error;

    if (argc < 2)
        return sw_expected(cmd, argv[0], "the path of a template after it");
    if (strcasecmp(argv[0], "swml") == 0)
        spec.format = SW_DOCUMENT_SWML;
    spec.name = answer->path = argv[1];
    answer->format = spec.format;
    error = read_options(cmd, argc - 2, argv + 2, answer);
    spec.check = answer->check;
    return error ? error : load_template(cmd, &spec, &answer->document);
}

const char *sw_set_answer(cmd_parms *cmd, void *config, int argc,
                          char *const argv[])
{
    static const char *const forms[] = { "cxml", "swml", "ack", "none", NULL };
    sw_dir_t *dir = config;
    sw_answer_t answer = { 0 };
    const char *error = sw_misplaced(cmd);
    const char *word = argc > 0 ? argv[0] : "";

    answer.text = cmd->directive->args;
    if (error)
        return error;
    if (!dir->answers)
        dir->answers = apr_array_make(cmd->pool, 2, sizeof(sw_answer_t));
    if (strcasecmp(word, "none") == 0 && argc == 1) {
        apr_array_clear(dir->answers);
        return NULL;
    }
    if (strcasecmp(word, "cxml") == 0 || strcasecmp(word, "swml") == 0)
        error = read_document(cmd, argc, argv, &answer);
    else if (strcasecmp(word, "ack") == 0)
        error = read_options(cmd, argc - 1, argv + 1, &answer);
    else
        return sw_expected_of(cmd, word, "cxml TEMPLATE, swml TEMPLATE or ack",
                              forms);
    if (error)
        return error;
    sw_advise_answer(cmd, dir->answers, &answer);
    APR_ARRAY_PUSH(dir->answers, sw_answer_t) = answer;
    return NULL;
}

const char *sw_set_guard(cmd_parms *cmd, void *config, const char *arg)
{
    static const char *const words[] = { "On", "Off", NULL };
    int index;
    const char *error = sw_take_word(cmd, arg, words, &index);

    if (error)
        return error;
    ((sw_dir_t *)config)->guard = index ? -1 : 1;
    /* Initialises libxml2 while there is only one thread. */
    return schema_of(cmd->pool) ? NULL : "SignalWireGuard: out of memory";
}

/* The code in "status=CODE"; 0 if it is none, or one without a body. */
static int read_status(const char *option)
{
    int status = strncasecmp(option, "status=", 7) == 0 && strlen(option) == 10
                     ? atoi(option + 7)
                     : 0;

    return status < 200 || status > 599 || status == HTTP_NO_CONTENT
                   || status == 205 || status == HTTP_NOT_MODIFIED
               ? 0
               : status;
}

static const char *read_fallback(cmd_parms *cmd, int argc, char *const argv[],
                                 sw_fallback_t *fallback)
{
    static const char *const words[] = { "cxml", "swml", "json", NULL };
    static const char *const options[] = { "status=", "check=", NULL };
    template_spec_t spec = { .check = NULL };
    int i, index;
    const char *error = sw_take_word(cmd, argc ? argv[0] : "", words, &index);

    if (error)
        return error;
    if (argc < 2)
        return sw_expected(cmd, argv[0], "a template after it");
    spec.format = fallback->format = (sw_document_e)(SW_DOCUMENT_CXML + index);
    spec.name = argv[1];
    for (i = 2; i < argc; i++) {
        if (!fallback->status && read_status(argv[i]))
            fallback->status = read_status(argv[i]);
        else if (!read_check(argv[i], &spec.check))
            return sw_expected_of(cmd, argv[i],
                                  "status=CODE, from 200 to 599 "
                                  "and with a body, or check=schema|form, "
                                  "each once",
                                  options);
    }
    if (!fallback->status)
        fallback->status = HTTP_OK;
    return load_template(cmd, &spec, &fallback->document);
}

const char *sw_set_fallback(cmd_parms *cmd, void *config, int argc,
                            char *const argv[])
{
    sw_dir_t *dir = config;
    sw_fallback_t fallback = { 0 };
    const char *error = sw_misplaced(cmd);
    int i;

    if (error)
        return error;
    if (!dir->fallbacks)
        dir->fallbacks = apr_array_make(cmd->pool, 2, sizeof(sw_fallback_t));
    if (argc == 1 && strcasecmp(argv[0], "none") == 0) {
        apr_array_clear(dir->fallbacks);
        return NULL;
    }
    fallback.text = cmd->directive->args;
    error = read_fallback(cmd, argc, argv, &fallback);
    for (i = 0; !error && i < dir->fallbacks->nelts; i++) {
        if (APR_ARRAY_IDX(dir->fallbacks, i, sw_fallback_t).format
            == fallback.format)
            error = sw_expected(cmd, argv[0], "one fallback for a format");
    }
    if (!error)
        APR_ARRAY_PUSH(dir->fallbacks, sw_fallback_t) = fallback;
    return error;
}
