/* SPDX-License-Identifier: Apache-2.0 */
/* The command line: which command takes which option, and its help. */
#include <stdlib.h>

#include <apr_getopt.h>
#include <apr_lib.h>
#include <apr_strings.h>

#include "tool/message.h"
#include "tool/tool.h"

enum option_e {
    OPTION_HELP = 256, OPTION_JSON, OPTION_KEY_FILE, OPTION_TYPE, OPTION_URL,
    OPTION_AS, OPTION_EVENT, OPTION_HEADER, OPTION_SHA256, OPTION_CURL,
    OPTION_GET, OPTION_LIST, OPTION_LOAD, OPTION_CONCURRENCY, OPTION_TIMEOUT,
    OPTION_PROJECT, OPTION_SIGNATURE_TYPE, OPTION_MAX_BODY, OPTION_LOCATION,
    OPTION_CACERT
};

#define HELP                                 \
    {                                        \
        "help", OPTION_HELP, 0, "print this" \
    }
#define JSON                                               \
    {                                                      \
        "json", OPTION_JSON, 0, "print JSON, for programs" \
    }
#define KEY_FILE { "key-file", OPTION_KEY_FILE, 1, \
                   "FILE: keys, one a line (else SIGNALWIRE_SIGNING_KEY)" }
#define END              \
    {                    \
        NULL, 0, 0, NULL \
    }
#define BODY_TYPE { "type", OPTION_TYPE, 1, \
                    "TYPE: of the body: form, json or a media type" }
#define GET { "get", OPTION_GET, 0, \
              "GET: the form is the query of the URL" }
#define SHA256 { "sha256", OPTION_SHA256, 0, \
                 "add X-SignalWire-SHA256-Signature" }

static const apr_getopt_option_t sign_options[] = {
    { "curl", OPTION_CURL, 0, "print a command that sends it" },
    GET, HELP, JSON, KEY_FILE, SHA256, BODY_TYPE, END
};

static const apr_getopt_option_t send_options[] = {
    { "as", OPTION_AS, 1, "URL: what SignalWire was told to call" },
    { "cacert", OPTION_CACERT, 1, "FILE: trust the certificates in it" },
    { "concurrency", OPTION_CONCURRENCY, 1, "C: connections of --load" },
    { "event", OPTION_EVENT, 1, "KIND: make a callback of this kind" },
    GET,
    { "header", OPTION_HEADER, 1, "FIELD: send 'Name: value' too" },
    HELP, JSON, KEY_FILE,
    { "list", OPTION_LIST, 0, "print the kinds" },
    { "load", OPTION_LOAD, 1, "N: send as many" },
    SHA256,
    { "timeout", OPTION_TIMEOUT, 1, "SECONDS: for each reply" },
    BODY_TYPE, END
};

static const apr_getopt_option_t verify_options[] = {
    HELP, JSON, KEY_FILE,
    { "location", OPTION_LOCATION, 1,
      "PATH: of the <Location> whose path that of --url replaces" },
    { "max-body", OPTION_MAX_BODY, 1, "N: as SignalWireMaxBody" },
    { "project", OPTION_PROJECT, 1, "ID: the keys are of this project alone" },
    { "signature-type", OPTION_SIGNATURE_TYPE, 1,
      "TYPE: accept " SW_TYPES_WORDS },
    { "url", OPTION_URL, 1, "URL: what SignalWire was told to call" }, END
};

static const apr_getopt_option_t show_options[] = {
    HELP, JSON,
    { "type", OPTION_TYPE, 1,
      "TYPE: a bare body: form, json, query or a media type" }, END
};

typedef struct command_t {
    const char *name;
    const apr_getopt_option_t *options;
    int least, most; /* arguments */
    const char *synopsis, *about;
} command_t;

static const command_t commands[] = {
    { "sign", sign_options, 1, 2, "[options] URL [FILE]",
      "Print the signature fields of a request to URL with the body in FILE\n"
      "(- for standard input; none: no body).\n" },
    { "send", send_options, 0, 2, "[options] URL [FILE]\n"
      "       swhook send --list",
      "Send a signed callback to URL: the body in FILE (- for standard "
      "input),\nor one that --event makes. Status 0 if the answer is 2xx.\n" },
    { "verify", verify_options, 1, 1, "--url URL [options] FILE",
      "Say whether the request in FILE (- for standard input), as it was on\n"
      "the wire, is signed, and if not, what would have been right.\n" },
    { "show", show_options, 1, 1, "[options] FILE",
      "Print the event that a request is: its fields, one a line.\n" }
};

#define COMMANDS (sizeof(commands) / sizeof(*commands))

static const command_t *command_of(const char *name)
{
    apr_size_t i;

    for (i = 0; name && i < COMMANDS; i++) {
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
    for (option = command->options; option->name; option++) {
        const char *about = option->description;
        int n = option->has_arg ? (int)strcspn(about, ":") : 0;
        const char *name = apr_psprintf(tool->pool, "%s %.*s", option->name, n,
                                        about);

        say(tool, "  --%-21s %s\n", name, n ? about + n + 2 : about);
    }
    return YES;
}

/* A number without anything after it. @return 0 if it is none of those */
static int read_count(const char *text, long least, long most, long *number)
{
    char *end;

    *number = strtol(text, &end, 10);
    return *text >= '0' && *text <= '9' && !*end && *number >= least
           && *number <= most;
}

static const char *media_type(const char *word)
{
    return strcasecmp(word, "form") == 0   ? TYPE_FORM
           : strcasecmp(word, "json") == 0 ? TYPE_JSON
                                           : word;
}

/* A field goes out as it is, so it must be one. Those that the tool makes of
 * the body would be there twice. */
static int is_field(const char *text)
{
    const char *colon = strchr(text, ':');

    return colon && colon > text && is_field_value(sw_span(text))
           && strcspn(text, " \t") > (apr_size_t)(colon - text)
           && strncasecmp(text, "Content-Length:", 15) != 0
           && strncasecmp(text, "Content-Type:", 13) != 0
           && strncasecmp(text, "Transfer-Encoding:", 18) != 0;
}

static int set_number(tool_t *tool, int option, const char *value)
{
    long bytes;

    if (option == OPTION_LOAD)
        return read_count(value, 1, 1000000, &tool->load)
                   ? -1
                   : expected(tool, value,
                              "a number from 1 to 1000000 for --load");
    if (option == OPTION_MAX_BODY) {
        if (!read_count(value, 1, 1073741824, &bytes))
            return expected(tool, value,
                            "bytes from 1 to 1073741824 for --max-body");
        tool->max_body = (apr_size_t)bytes;
        return -1;
    }
    if (option == OPTION_TIMEOUT)
        return read_count(value, 1, 600, &tool->timeout)
                   ? -1
                   : expected(tool, value,
                              "seconds from 1 to 600 for --timeout");
    return read_count(value, 1, 500, &tool->concurrency)
               ? -1
               : expected(tool, value,
                          "a number from 1 to 500 for --concurrency");
}

static int set_text(tool_t *tool, int option, const char *value)
{
    switch (option) {
    case OPTION_KEY_FILE:
        tool->key_file = value;
        break;
    case OPTION_URL:
        tool->url = value;
        break;
    case OPTION_AS:
        tool->as = value;
        break;
    case OPTION_CACERT:
        tool->ca_file = value;
        break;
    case OPTION_LOCATION:
        tool->location = value;
        break;
    case OPTION_PROJECT:
        tool->project = value;
        if (!*value)
            return expected(tool, value, "an ID for --project");
        break;
    case OPTION_SIGNATURE_TYPE:
        tool->types = sw_types_read(value);
        if (!tool->types)
            return expected(tool, value,
                            SW_TYPES_WORDS " for --signature-type");
        break;
    case OPTION_EVENT:
        tool->event = value;
        break;
    case OPTION_TYPE:
        tool->type = media_type(value);
        if (!is_field_value(sw_span(value)) || !*value)
            return expected(tool, value,
                            "form, json or a media type for --type");
        break;
    case OPTION_HEADER:
        APR_ARRAY_PUSH(tool->fields, const char *) = value;
        if (!is_field(value))
            return expected(tool, value,
                            "'NAME: VALUE' for --header, and "
                            "not what describes the body (see --type)");
        break;
    default:
        return set_number(tool, option, value);
    }
    return -1;
}

/* @return -1 to go on */
static int set_option(tool_t *tool, const command_t *command, int option,
                      const char *value)
{
    switch (option) {
    case OPTION_HELP:
        return help_of(tool, command);
    case OPTION_JSON:
        tool->is_json = 1;
        break;
    case OPTION_SHA256:
        tool->with_sha256 = 1;
        break;
    case OPTION_CURL:
        tool->as_curl = 1;
        break;
    case OPTION_GET:
        tool->as_get = 1;
        break;
    case OPTION_LIST:
        tool->list = 1;
        break;
    default:
        return set_text(tool, option, value);
    }
    return -1;
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

/* APR prints its complaint of an unknown option by this. */
static void complain(void *data, const char *format, ...)
{
    (void)data;
    (void)format;
}

/* The word that was not understood; not what stands after its =, which may be
 * a key. */
static const char *unknown_option(tool_t *tool, const apr_getopt_t *reader)
{
    int last = reader->argc - 1;
    const char *word =
        reader->argv[reader->ind > 1 && reader->ind <= last ? reader->ind - 1
                                                            : last];

    return apr_pstrmemdup(tool->pool, word, strcspn(word, "="));
}

int read_options(tool_t *tool, int argc, const char *const *argv)
{
    const command_t *command = command_of(argc > 1 ? argv[1] : NULL);
    apr_getopt_t *reader;
    const char *value;
    apr_status_t rv;
    int option, status = -1;

    if (argc > 1
        && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
        return help_of_tool(tool);
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        say(tool, "swhook of mod_signalwire " SW_VERSION "\n");
        return YES;
    }
    if (!command)
        return expected(tool, argc > 1 ? argv[1] : "no command",
                        "sign, send, verify or show (see swhook --help)");
    tool->command = command->name;
    tool->timeout = 15;
    tool->types = SW_TYPE_ANY;
    tool->max_body = 262144;
    tool->fields = apr_array_make(tool->pool, 2, sizeof(const char *));
    apr_getopt_init(&reader, tool->pool, argc - 1,
                    rename_input(tool->pool, argc - 1, argv + 1));
    reader->interleave = 1;
    reader->errfn = complain;
    do {
        rv = apr_getopt_long(reader, command->options, &option, &value);
        if (!rv)
            status = set_option(tool, command, option, value);
    } while (!rv && status < 0);
    if (status >= 0)
        return status;
    if (!APR_STATUS_IS_EOF(rv))
        return expected(tool, unknown_option(tool, reader),
                        apr_psprintf(tool->pool,
                                     "an option of swhook %s and "
                                     "its value (see swhook %s --help)",
                                     command->name, command->name));
    return take_arguments(tool, command, reader);
}
