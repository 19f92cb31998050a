/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signing keys and shared secrets, and the sources that they are read from:
 * file:PATH, env:NAME, exec:COMMAND or the text itself. They are read at
 * configuration only. No error shows a secret.
 */
#include <apr_lib.h>
#include <apr_strings.h>
#include <apr_thread_proc.h>

#include "httpd/config/keys.h"
#include "core/signature/secrets.h"
#include "core/signature/signature.h"
#include "core/text/span.h"
#include "httpd/config/file.h"
#include "httpd/config/setters.h"
#include "httpd/config/settings.h"

/* @param expected NULL: no error
 * @return NULL, or the error about the source */
static const char *source_error(cmd_parms *cmd, const char *source,
                                const char *expected)
{
    return expected ? sw_expected(cmd, source, expected) : NULL;
}

static const char *read_key_file(cmd_parms *cmd, const char *source,
                                 const char *name, apr_array_header_t *values)
{
    const sw_file_t file = {
        source, *name ? ap_server_root_relative(cmd->temp_pool, name) : NULL,
        SW_SECRETS_FILE_MAX, SW_SECRETS_FILE_MOST, 1
    };
    sw_span_t text;
    const char *error = sw_file_read(cmd, &file, cmd->pool, &text);

    return error ? error
                 : source_error(cmd, source, sw_secrets_split(values, text));
}

static const char *read_env(cmd_parms *cmd, const char *source,
                            const char *name, apr_array_header_t *values)
{
    const char *text = getenv(name);
    sw_span_t value;

    if (!text)
        return sw_expected(cmd, source,
                           "a variable that is set in the "
                           "environment of the server (with Debian's apache2: "
                           "in envvars)");
    value = sw_span(apr_pstrdup(cmd->pool, text));
    if (value.n && value.p[value.n - 1] == '\n')
        value.n--;
    return source_error(cmd, source, sw_secrets_add(values, value));
}

static int has_failed(apr_proc_t *process)
{
    apr_exit_why_e why;
    int code;

    return apr_proc_wait(process, &code, &why, APR_WAIT) != APR_CHILD_DONE
           || !APR_PROC_CHECK_EXIT(why) || code != 0;
}

/* The arguments of a command; NULL if there is none. A relative path starts at
 * ServerRoot, since httpd changes its working directory after the start. */
static char **split_command(cmd_parms *cmd, const char *command)
{
    char **argv;

    if (apr_tokenize_to_argv(command, &argv, cmd->temp_pool) || !argv[0])
        return NULL;
    if (strchr(argv[0], '/'))
        argv[0] = ap_server_root_relative(cmd->temp_pool, argv[0]);
    return argv[0] ? argv : NULL;
}

/* Not ap_get_exec_line(): it neither waits for the program nor checks its exit
 * status, and httpd logs a "long lost child" at a graceful restart. */
static const char *read_command(cmd_parms *cmd, const char *source,
                                const char *command, apr_array_header_t *values)
{
    char *text = apr_palloc(cmd->pool, SW_SECRETS_FILE_MAX);
    char **argv = split_command(cmd, command);
    apr_procattr_t *attributes;
    apr_proc_t process;
    apr_size_t n = 0;

    if (!argv || apr_procattr_create(&attributes, cmd->temp_pool)
        || apr_procattr_io_set(attributes, APR_NO_PIPE, APR_FULL_BLOCK,
                               APR_NO_PIPE)
        || apr_procattr_cmdtype_set(attributes, APR_PROGRAM_PATH)
        || apr_procattr_error_check_set(attributes, 1)
        || apr_proc_create(&process, argv[0], (const char *const *)argv, NULL,
                           attributes, cmd->temp_pool))
        return sw_expected(cmd, source, "a program that can be run");
    apr_file_read_full(process.out, text, SW_SECRETS_FILE_MAX, &n);
    apr_file_close(process.out);
    if (has_failed(&process))
        return sw_expected(cmd, source,
                           "a program that prints a key and ends "
                           "with status 0");
    return source_error(cmd, source,
                        sw_secrets_split(values, sw_span_of(text, n)));
}

/* Any other text is the secret itself, unless it looks like a mistyped source.
 * The error shows only parts that cannot be a key. */
static const char *read_inline(cmd_parms *cmd, const char *text,
                               apr_array_header_t *values)
{
    static const char *const sources[] = { "file:", "env:", "exec:", NULL };
    const char *colon = ap_strchr_c(text, ':');
    const char *shown = "...";

    if (!colon && !ap_strchr_c(text, '/')) {
        if (!sw_is_first_pass())
            ap_log_error(APLOG_MARK, APLOG_WARNING, 0, cmd->server,
                         "SW0003: "
                         "%s on line %d of %s: the secret is written inline: "
                         "everyone who can read the configuration or "
                         "mod_info's page knows it. Expected file:PATH",
                         cmd->directive->directive, cmd->directive->line_num,
                         cmd->directive->filename);
        return source_error(cmd, shown, sw_secrets_add(values, sw_span(text)));
    }
    if (colon)
        shown = apr_psprintf(cmd->temp_pool, "%.*s:...", (int)(colon - text),
                             text);
    else if (*text == '/')
        shown = text;
    return sw_expected_of(cmd, shown,
                          "file:PATH, env:NAME, exec:COMMAND, or "
                          "a key without : and /",
                          sources);
}

const char *sw_source_read(cmd_parms *cmd, const char *source,
                           apr_array_header_t **values)
{
    *values = apr_array_make(cmd->pool, 1, sizeof(sw_span_t));
    if (strncasecmp(source, "file:", 5) == 0)
        return read_key_file(cmd, source, source + 5, *values);
    if (strncasecmp(source, "env:", 4) == 0)
        return read_env(cmd, source, source + 4, *values);
    if (strncasecmp(source, "exec:", 5) == 0)
        return read_command(cmd, source, source + 5, *values);
    return read_inline(cmd, source, *values);
}

/* Warn of secrets that look wrong. They may be right, so this is no error. */
static void warn_oddities(cmd_parms *cmd, const apr_array_header_t *values,
                          int are_keys)
{
    int i;

    for (i = 0; i < values->nelts && !sw_is_first_pass(); i++) {
        const char *oddity = sw_secret_oddity(APR_ARRAY_IDX(values, i,
                                                            sw_span_t),
                                              are_keys);

        if (oddity)
            ap_log_error(APLOG_MARK, APLOG_WARNING, 0, cmd->server,
                         "SW0026: "
                         "%s on line %d of %s: secret %d of this source %s; "
                         "expected its bytes and no other",
                         cmd->directive->directive, cmd->directive->line_num,
                         cmd->directive->filename, i + 1, oddity);
    }
}

/* The options before the source of a key; NULL: not given. */
typedef struct key_options_t {
    const char *project, *label;
} key_options_t;

/* The label of a key: that given, or its project, or its number in the list.
 * A repeated label gets the number appended, so that logs tell the keys apart.
 */
static const char *label_of(apr_pool_t *p, const apr_array_header_t *keys,
                            const key_options_t *options)
{
    const char *ordinal = apr_itoa(p, keys->nelts + 1);
    const char *name = options->label ? options->label : options->project;
    int i;

    for (i = 0; name && i < keys->nelts; i++) {
        if (strcmp(sw_key_label(APR_ARRAY_IDX(keys, i, const sw_key_t *)), name)
            == 0)
            return apr_pstrcat(p, name, "/", ordinal, NULL);
    }
    return name ? name : ordinal;
}

/* Is the text safe to show in logs, header fields and the status board? */
static int is_name(const char *text)
{
    apr_size_t n = strlen(text), i;

    for (i = 0; i < n; i++) {
        if (!apr_isgraph(text[i]) || text[i] == '"' || text[i] == '\\')
            return 0;
    }
    return n > 0 && n <= 56;
}

#define EXPECTED_KEY "[project=ID] [label=NAME] file:PATH, env:NAME, " \
                     "exec:COMMAND or a key"

static int is_key_option(const char *arg)
{
    return strncasecmp(arg, "project=", 8) == 0
           || strncasecmp(arg, "label=", 6) == 0;
}

static const char *read_key_option(cmd_parms *cmd, const char *arg,
                                   key_options_t *options)
{
    int is_label = apr_tolower(*arg) == 'l';
    const char *name = ap_strchr_c(arg, '=');
    const char **to = is_label ? &options->label : &options->project;

    if (!is_key_option(arg) || *to)
        return sw_expected(cmd, "...", EXPECTED_KEY);
    *to = ++name;
    return is_name(name)
               ? NULL
               : sw_expected(
                   cmd, arg,
                   is_label
                       ? "a name of at most 56 characters of ASCII without "
                         "blanks and quotes"
                       : "an ID such as 40c1eac7-0b67-50b6-92d7-"
                         "29cd27a00950: at most 56 characters of ASCII "
                         "without blanks and quotes");
}

static const char *add_keys(cmd_parms *cmd, sw_dir_t *dir, const char *source,
                            const key_options_t *options)
{
    apr_array_header_t *values;
    const char *error = sw_source_read(cmd, source, &values);
    int i;

    if (!error)
        warn_oddities(cmd, values, 1);
    for (i = 0; !error && i < values->nelts; i++) {
        const char *label = label_of(cmd->temp_pool, dir->verify.keys, options);
        const sw_key_t *key = sw_key_make(cmd->pool,
                                          APR_ARRAY_IDX(values, i, sw_span_t),
                                          options->project, label);

        if (!key)
            return sw_expected(cmd, source, "a key that OpenSSL takes");
        APR_ARRAY_PUSH(dir->verify.keys, const sw_key_t *) = key;
        APR_ARRAY_PUSH(sw_server_of(cmd->server)->keys, const sw_key_t *) = key;
    }
    if (!error && dir->verify.keys->nelts > SW_SECRETS_MAX)
        return sw_expected(cmd, source, SW_SECRETS_MOST);
    return error;
}

const char *sw_set_key(cmd_parms *cmd, void *config, const char *one,
                       const char *two, const char *three)
{
    sw_dir_t *dir = config;
    const char *error = sw_misplaced(cmd);
    const char *source = three ? three : two ? two : one;
    key_options_t options = { NULL, NULL };

    if (error)
        return error;
    if (!dir->verify.keys)
        dir->verify.keys = apr_array_make(cmd->pool, 2,
                                          sizeof(const sw_key_t *));
    if (!two && strcasecmp(one, "none") == 0) {
        apr_array_clear(dir->verify.keys);
        return NULL;
    }
    if (two)
        error = read_key_option(cmd, one, &options);
    if (!error && two && three)
        error = read_key_option(cmd, two, &options);
    if (!error && is_key_option(source))
        error = sw_expected(cmd, source, EXPECTED_KEY);
    return error ? error : add_keys(cmd, dir, source, &options);
}

const char *sw_set_secret(cmd_parms *cmd, void *config, const char *name,
                          const char *source)
{
    sw_server_t *server = sw_server_of(cmd->server);
    const char *error = sw_misplaced(cmd);
    sw_secret_t *secret = apr_pcalloc(cmd->pool, sizeof(*secret));

    if (error)
        return error;
    ((sw_dir_t *)config)->verify.secret = secret;
    if (!source && strcasecmp(name, "none") == 0)
        return NULL;
    if (!source || !*name)
        return sw_expected(cmd, name,
                           "the name of a query parameter and "
                           "file:PATH, env:NAME, exec:COMMAND or a secret");
    secret->name = name;
    APR_ARRAY_PUSH(server->secret_names, const char *) = name;
    error = sw_source_read(cmd, source, &secret->values);
    if (!error)
        warn_oddities(cmd, secret->values, 0);
    return error;
}
