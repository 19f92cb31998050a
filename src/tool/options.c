/* SPDX-License-Identifier: Apache-2.0 */
/* The command line: which command takes which option, and its help. */
#include <stdlib.h>

#include <apr_getopt.h>
#include <apr_lib.h>
#include <apr_strings.h>

#include "tool/message.h"
#include "tool/tool.h"

enum { SIGN = 1, SEND = 2, VERIFY = 4, SHOW = 8, ALL = 15 };

typedef struct option_t option_t;

struct option_t {
    const char *name;
    int commands;
    /* @return 0 if @a value is not as expected */
    int (*set)(tool_t *tool, const option_t *option, const char *value);
    apr_size_t at;     /* the member of tool_t */
    long least, most;  /* of a number */
    const char *about; /* begins with the name of the value, if there is one */
    const char *expected;
};

static int set_flag(tool_t *tool, const option_t *option, const char *value)
{
    (void)value;
    *(int *)((char *)tool + option->at) = 1;
    return 1;
}

static int set_text(tool_t *tool, const option_t *option, const char *value)
{
    *(const char **)((char *)tool + option->at) = value;
    return 1;
}

static int set_id(tool_t *tool, const option_t *option, const char *value)
{
    return set_text(tool, option, value) && *value;
}

/* Digits alone, and a number in the range. */
static int set_number(tool_t *tool, const option_t *option, const char *value)
{
    long *number = (long *)((char *)tool + option->at);
    char *end;

    *number = strtol(value, &end, 10);
    return *value >= '0' && *value <= '9' && !*end && *number >= option->least
           && *number <= option->most;
}

static int set_media_type(tool_t *tool, const option_t *option,
                          const char *value)
{
    (void)option;
    tool->type = strcasecmp(value, "form") == 0   ? TYPE_FORM
                 : strcasecmp(value, "json") == 0 ? TYPE_JSON
                                                  : value;
    return *value && is_field_value(sw_span(value));
}

static int set_signature_types(tool_t *tool, const option_t *option,
                               const char *value)
{
    (void)option;
    tool->types = sw_types_read(value);
    return tool->types != 0;
}

/* The tool makes the fields that describe the body: given too, they would be
 * there twice. */
static int add_header(tool_t *tool, const option_t *option, const char *value)
{
    const char *colon = strchr(value, ':');

    (void)option;
    APR_ARRAY_PUSH(tool->fields, const char *) = value;
    return colon && colon > value && is_field_value(sw_span(value))
           && strcspn(value, " \t") > (apr_size_t)(colon - value)
           && strncasecmp(value, "Content-Length:", 15) != 0
           && strncasecmp(value, "Content-Type:", 13) != 0
           && strncasecmp(value, "Transfer-Encoding:", 18) != 0;
}

#define AT(member) APR_OFFSETOF(tool_t, member), 0, 0
#define NUMBER(member, least, most) APR_OFFSETOF(tool_t, member), least, most
#define MEDIA_TYPE "form, json or a media type for --type"

/* In the order of --help. */
static const option_t options[] = {
    { "as", SEND, set_text, AT(as),
      "URL: what SignalWire was told to call", NULL },
    { "cacert", SEND, set_text, AT(ca_file),
      "FILE: trust the certificates in it", NULL },
    { "concurrency", SEND, set_number, NUMBER(concurrency, 1, 500),
      "C: connections of --load", NULL },
    { "curl", SIGN, set_flag, AT(as_curl),
      "print a command that sends it", NULL },
    { "event", SEND, set_text, AT(event),
      "KIND: make a callback of this kind", NULL },
    { "get", SIGN | SEND, set_flag, AT(as_get),
      "GET: the form is the query of the URL", NULL },
    { "header", SEND, add_header, AT(fields),
      "FIELD: send 'Name: value' too",
      "'NAME: VALUE' for --header, and not what describes the body "
      "(see --type)" },
    { "help", ALL, set_flag, AT(help), "print this", NULL },
    { "json", ALL, set_flag, AT(is_json), "print JSON, for programs", NULL },
    { "key-file", SIGN | SEND | VERIFY, set_text, AT(key_file),
      "FILE: keys, one a line (else SIGNALWIRE_SIGNING_KEY)", NULL },
    { "list", SEND, set_flag, AT(list), "print the kinds", NULL },
    { "load", SEND, set_number, NUMBER(load, 1, 1000000),
      "N: send as many", NULL },
    { "location", VERIFY, set_text, AT(location),
      "PATH: of the <Location> whose path that of --url replaces", NULL },
    { "max-body", VERIFY, set_number, NUMBER(max_body, 1, 1073741824),
      "N: as SignalWireMaxBody", NULL },
    { "project", VERIFY, set_id, AT(project),
      "ID: the keys are of this project alone", "an ID for --project" },
    { "sha256", SIGN | SEND, set_flag, AT(with_sha256),
      "add X-SignalWire-SHA256-Signature", NULL },
    { "signature-type", VERIFY, set_signature_types, AT(types),
      "TYPE: accept " SW_TYPES_WORDS,
      SW_TYPES_WORDS " for --signature-type" },
    { "timeout", SEND, set_number, NUMBER(timeout, 1, 600),
      "SECONDS: for each reply", NULL },
    { "type", SIGN | SEND, set_media_type, AT(type),
      "TYPE: of the body: form, json or a media type", MEDIA_TYPE },
    { "type", SHOW, set_media_type, AT(type),
      "TYPE: a bare body: form, json, query or a media type", MEDIA_TYPE },
    { "url", VERIFY, set_text, AT(url),
      "URL: what SignalWire was told to call", NULL }
};

#define OPTIONS (sizeof(options) / sizeof(*options))
#define OPTION_BASE 256 /* above every short option */

/* The options of a command, as APR reads them. */
static const apr_getopt_option_t *options_of(apr_pool_t *pool, int command)
{
    apr_getopt_option_t *list = apr_pcalloc(pool,
                                            (OPTIONS + 1) * sizeof(*list));
    apr_size_t i, n = 0;

    for (i = 0; i < OPTIONS; i++) {
        if (options[i].commands & command) {
            list[n].name = options[i].name;
            list[n].optch = OPTION_BASE + (int)i;
            list[n].has_arg = options[i].set != set_flag;
            list[n++].description = options[i].about;
        }
    }
    return list;
}

/* @return 0 after an error message */
static int set_option(tool_t *tool, int code, const char *value)
{
    const option_t *option = options + (code - OPTION_BASE);

    if (option->set(tool, option, value))
        return 1;
    expected(tool, value,
             option->expected
                 ? option->expected
                 : apr_psprintf(tool->pool, "a number from %ld to %ld for --%s",
                                option->least, option->most, option->name));
    return 0;
}

typedef struct command_t {
    const char *name;
    int bit;
    int least, most; /* arguments */
    const char *synopsis, *about;
} command_t;

static const command_t commands[] = {
    { "sign", SIGN, 1, 2, "[options] URL [FILE]",
      "Print the signature fields of a request to URL with the body in FILE\n"
      "(- for standard input; none: no body).\n" },
    { "send", SEND, 0, 2, "[options] URL [FILE]\n"
      "       swhook send --list",
      "Send a signed callback to URL: the body in FILE (- for standard "
      "input),\nor one that --event makes. Status 0 if the answer is 2xx.\n" },
    { "verify", VERIFY, 1, 1, "--url URL [options] FILE",
      "Say whether the request in FILE (- for standard input), as it was on\n"
      "the wire, is signed, and if not, what would have been right.\n" },
    { "show", SHOW, 1, 1, "[options] FILE",
      "Print the event that a request is: its fields, one a line.\n" }
};

#define COMMANDS (sizeof(commands) / sizeof(*commands))

static const command_t *command_of(const char *name)
{
    apr_size_t i;

    for (i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return commands + i;
    }
    return NULL;
}

static int help_of_tool(tool_t *tool)
{
    say(tool, "Usage: swhook sign|send|verify|show [options] ...\n\n"
              "  sign    print the signature of a request\n"
              "  send    send a signed callback, or many\n"
              "  verify  is this request signed, and if not, why?\n"
              "  show    what happened? the event that a request is\n\n"
              "swhook COMMAND --help prints the options, swhook(1) tells all.\n"
              "Exit status: 0 yes, 1 no, 2 usage.\n");
    return YES;
}

/* The description of an option that takes a value begins with its name. */
static int help_of(tool_t *tool, const command_t *command)
{
    const apr_getopt_option_t *option;

    say(tool, "Usage: swhook %s %s\n\n%s\n", command->name, command->synopsis,
        command->about);
    for (option = options_of(tool->pool, command->bit); option->name;
         option++) {
        const char *about = option->description;
        int n = option->has_arg ? (int)strcspn(about, ":") : 0;
        const char *name = apr_psprintf(tool->pool, "%s %.*s", option->name, n,
                                        about);

        say(tool, "  --%-21s %s\n", name, n ? about + n + 2 : about);
    }
    return YES;
}

/* APR's reader takes a lone "-" for an option, so it goes by another name. */
static const char standard_input[] = "/dev/stdin";

static const char *const *rename_input(apr_pool_t *pool, int argc,
                                       const char *const *argv)
{
    const char **to = apr_pcalloc(pool, ((apr_size_t)argc + 1) * sizeof(*to));
    int i;

    for (i = 0; i < argc; i++)
        to[i] = strcmp(argv[i], "-") == 0 ? standard_input : argv[i];
    return to;
}

static int take_arguments(tool_t *tool, const command_t *command,
                          const apr_getopt_t *reader)
{
    int i = reader->ind, n = reader->argc - i;

    if (n < command->least || n > command->most)
        return expected(tool, command->name,
                        apr_pstrcat(tool->pool, "swhook ", command->name, " ",
                                    command->synopsis, NULL));
    for (; i < reader->argc; i++)
        tool->arguments[tool->count++] = reader->argv[i] == standard_input
                                             ? "-"
                                             : reader->argv[i];
    return -1;
}

/* APR prints its own error message by this. */
static void print_nothing(void *data, const char *format, ...)
{
    (void)data;
    (void)format;
}

/* The word that was not understood, without the value after its =, which may be
 * a key. */
static const char *unknown_option(tool_t *tool, const apr_getopt_t *reader)
{
    int last = reader->argc - 1;
    const char *word =
        reader->argv[reader->ind > 1 && reader->ind <= last ? reader->ind - 1
                                                            : last];

    return apr_pstrmemdup(tool->pool, word, strcspn(word, "="));
}

/* @return as read_options() */
static int read_command(tool_t *tool, const command_t *command, int argc,
                        const char *const *argv)
{
    const apr_getopt_option_t *list = options_of(tool->pool, command->bit);
    apr_getopt_t *reader;
    const char *value;
    apr_status_t rv;
    int code;

    apr_getopt_init(&reader, tool->pool, argc,
                    rename_input(tool->pool, argc, argv));
    reader->interleave = 1;
    reader->errfn = print_nothing;
    while (!(rv = apr_getopt_long(reader, list, &code, &value))) {
        if (!set_option(tool, code, value))
            return USAGE;
        if (tool->help)
            return help_of(tool, command);
    }
    if (!APR_STATUS_IS_EOF(rv))
        return expected(tool, unknown_option(tool, reader),
                        apr_psprintf(tool->pool,
                                     "an option of swhook %s and "
                                     "its value (see swhook %s --help)",
                                     command->name, command->name));
    return take_arguments(tool, command, reader);
}

int read_options(tool_t *tool, int argc, const char *const *argv)
{
    const char *word = argc > 1 ? argv[1] : "no command";
    const command_t *command = command_of(word);

    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        return help_of_tool(tool);
    if (strcmp(word, "--version") == 0) {
        say(tool, "swhook of mod_signalwire " SW_VERSION "\n");
        return YES;
    }
    if (!command)
        return expected(tool, word,
                        "sign, send, verify or show (see swhook --help)");
    tool->command = command->name;
    tool->timeout = 15;
    tool->types = SW_TYPE_ANY;
    tool->max_body = 262144;
    tool->fields = apr_array_make(tool->pool, 2, sizeof(const char *));
    return read_command(tool, command, argc - 1, argv + 1);
}
