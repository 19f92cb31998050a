/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line tool: what its files share. It stands on the core as the
 * module does, so that both sign, verify and classify by the same code.
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

/* --- report.c: what people and programs read */

/** "swhook: VALUE: expected WHAT" on stderr. @return USAGE */
int expected(tool_t *tool, const char *value, const char *what);

/** Print as apr_psprintf() does, on stdout. */
void say(tool_t *tool, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** @a text without anything that a terminal would obey: control bytes, and
 * what is no UTF-8; a backslash is two. In one line. */
const char *shown(apr_pool_t *pool, sw_span_t text);

/** An object of JSON with room for values of @a size bytes together. */
void begin_json(tool_t *tool, sw_line_t *line, apr_size_t size);
void end_json(tool_t *tool, sw_line_t *line);

/* --- source.c: files and keys */

/** Read a file, or standard input as "-". @return YES, or the exit status
 * after a complaint; *text has a NUL after its end */
int read_source(tool_t *tool, const char *name, sw_span_t *text);

/** Fill tool->keys, from --key-file or the environment. */
int read_keys(tool_t *tool);

/* --- show.c: what happened */

/** The parameters of a request, as the module reads them. */
void read_params(tool_t *tool, const message_t *request, sw_params_t *params);

/* --- sample.c, samples.c: events that were never sent */

typedef struct sample_t {
    const char *event; /* NULL at the end */
    int is_json;
    const char *body;  /* with @ and a letter for what is fresh each time */
} sample_t;

extern const sample_t samples[];

/** A body of the kind @a event, with ids of its own. @return 0 if there is no
 * such kind */
int make_sample(apr_pool_t *pool, const char *event, sw_span_t *body,
                const char **type);

/* --- callback.c: a request of our own, signed */

typedef struct callback_t {
    const char *url;           /* that is signed, without --get's query */
    const char *signed_url;    /* and with it */
    const char *origin;        /* of the URL that it goes to */
    const char *authority;     /* of that URL, as the Host field has it */
    const char *path;          /* and query */
    const char *target;
    sw_span_t body;
    const char *type;          /* NULL: no body */
    const char *credentials;   /* of the URL that is signed, or NULL: they
                                  arrive as Basic */
    sw_scheme_e scheme;
    const char *signature, *sha256; /* the second may be NULL */
} callback_t;

/** The URL as it may be printed. */
const char *without_credentials(apr_pool_t *pool, const char *url);

/** By the URL and the FILE of the command line, signed. @return YES, or the
 * exit status after a complaint */
int make_callback(tool_t *tool, callback_t *callback);

/** The same with ids of its own, if --event makes it; in @a pool. */
int renew_callback(tool_t *tool, apr_pool_t *pool, callback_t *callback);

/** The request for @a callback, with the fields of --header; in the pool of the
 * exchange. */
void fill_exchange(const tool_t *tool, const callback_t *callback,
                   sw_exchange_t *exchange);

/* --- the commands */

int run_sign(tool_t *tool);
int run_send(tool_t *tool);
int run_load(tool_t *tool, const callback_t *callback);

static inline int is_success(int status)
{
    return status >= 200 && status < 300;
}
int run_verify(tool_t *tool);
int run_show(tool_t *tool);

#endif
