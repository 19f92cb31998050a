/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts that the files of swhook share. The tool uses the same core as the
 * module, so that both sign, verify and classify by the same code.
 */
#ifndef SW_TOOL_H
#define SW_TOOL_H

#include <apr_file_io.h>
#include <apr_tables.h>

#include "client/client.h"
#include "core/event/event.h"
#include "core/text/json_line.h"
#include "core/signature/signature.h"
#include "tool/message.h"

/** Exit status. */
#define YES 0
#define NO 1
#define USAGE 2

#define FILE_MAX (16 * 1024 * 1024)
#define TYPE_FORM "application/x-www-form-urlencoded"
#define TYPE_JSON "application/json"

/** The command line. */
typedef struct tool_t {
    apr_pool_t *pool;
    apr_file_t *out, *err;
    const char *command;
    int is_cut;           /* standard output did not take all */
    const char *arguments[3];
    int count;            /* of arguments */
    apr_array_header_t *keys; /* of const sw_key_t *, after read_keys() */

    /* options, see options.c */
    int help, is_json, with_sha256, as_curl, as_get, list;
    const char *key_file;
    const char *type;     /* media type of the body */
    const char *url;
    const char *as;
    const char *ca_file;  /* --cacert */
    const char *project;  /* NULL: the keys are for every project */
    unsigned int types;   /* of signature, for verify */
    const char *event;
    apr_array_header_t *fields; /* --header, of const char * */
    long load, concurrency; /* 0: not given */
    long max_body;        /* bytes */
    const char *location;
    long timeout;         /* seconds */
} tool_t;

/* --- options.c */

/** Read the command line after the command. @return -1, or the exit status
 * where there is nothing left to do */
int read_options(tool_t *tool, int argc, const char *const *argv);

/* --- report.c: the output */

/** "swhook: VALUE: expected WHAT" on stderr. @return USAGE */
int expected(tool_t *tool, const char *value, const char *what);

/** Print as apr_psprintf() does, on stdout. */
void say(tool_t *tool, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** @a text in one line that is safe for a terminal: control bytes and
 * backslashes escaped, U+FFFD in place of invalid UTF-8. */
const char *shown(apr_pool_t *pool, sw_span_t text);

/** An object of JSON with room for values of @a size bytes together. */
void begin_json(tool_t *tool, sw_line_t *line, apr_size_t size);
void end_json(tool_t *tool, sw_line_t *line);

/* --- source.c: files and keys */

/** Read a file, or standard input as "-". @return YES, or the exit status
 * after an error message; *text has a NUL after its end */
int read_source(tool_t *tool, const char *name, sw_span_t *text);

/** Fill tool->keys, from --key-file or the environment. */
int read_keys(tool_t *tool);

/* --- show.c */

/** The parameters of a request, as the module reads them. */
void read_params(tool_t *tool, const message_t *request, sw_params_t *params);

/* --- sample.c, samples.c: callbacks for --event */

typedef struct sample_t {
    const char *event; /* NULL at the end */
    int is_json;
    const char *body;  /* @ and a letter stand for a value, see sample.c */
} sample_t;

extern const sample_t samples[];

/** Make a body of the kind @a event, with new ids. @return 0 if there is no
 * such kind */
int make_sample(apr_pool_t *pool, const char *event, sw_span_t *body,
                const char **type);

/* --- callback.c: a signed request */

typedef struct callback_t {
    const char *url;           /* to sign, without the query of --get */
    const char *signed_url;    /* with it */
    const char *origin;        /* of the URL to send to */
    const char *authority;     /* of that URL, as in the Host field */
    const char *path;          /* of that URL, with its query */
    const char *target;        /* the path, with the query of --get */
    sw_span_t body;
    const char *type;          /* NULL: no body */
    const char *credentials;   /* user:password of the signed URL, sent as
                                  Basic; or NULL */
    sw_scheme_e scheme;
    const char *signature, *sha256; /* the second may be NULL */
} callback_t;

/** @a url without user:password, to print it. */
const char *without_credentials(apr_pool_t *pool, const char *url);

/** Make and sign a callback from the command line. @return YES, or the
 * exit status after an error message */
int make_callback(tool_t *tool, callback_t *callback);

/** Give a callback of --event new ids, and sign it again; in @a pool. Another
 * callback stays as it is. @return YES, or the exit status after an error
 * message */
int renew_callback(tool_t *tool, apr_pool_t *pool, callback_t *callback);

/** Put the request of @a callback, with the fields of --header, into
 * @a exchange; in the pool of that. */
void fill_exchange(const tool_t *tool, const callback_t *callback,
                   sw_exchange_t *exchange);

static inline int is_success(int status)
{
    return status >= 200 && status < 300;
}

/* --- the commands: each returns the exit status */

int run_sign(tool_t *tool);
int run_send(tool_t *tool);
int run_load(tool_t *tool, const callback_t *callback);
int run_verify(tool_t *tool);
int run_show(tool_t *tool);

#endif
