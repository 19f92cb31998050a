/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The configuration of a section and of a server. Read-only after post_config,
 * except for counters in shared memory.
 */
#ifndef SW_SETTINGS_H
#define SW_SETTINGS_H

#include <ap_expr.h>

#include "core/template/context.h"
#include "core/template/template.h"
#include "httpd/module.h"

typedef enum sw_mode_e {
    SW_MODE_UNSET,
    SW_MODE_REQUIRE,
    SW_MODE_OPTIONAL,
    SW_MODE_EITHER,
    SW_MODE_REPORT,
    SW_MODE_OFF
} sw_mode_e;

/** A <SignalWireWebhook> block. All settings merged from it point to it. */
typedef struct sw_block_t {
    const char *name;
    const char *section;               /* "<Location \"/voice\">" */
    const ap_directive_t *directive;   /* its opening line */
    apr_uint32_t board_index;          /* of its counters on the board */
    volatile apr_uint32_t *diagnoses;  /* states of sw_clock_allows(), in shared
                                          memory */
    int is_inherited;                  /* diagnoses has one for each server */
} sw_block_t;

/** SignalWirePublicURL. Without URLs, the Host field counts: if it is a name of
 * the virtual host, or any with any_host. */
typedef struct sw_public_t {
    int any_host;
    apr_array_header_t *urls; /* of sw_public_url_t */
} sw_public_t;

/** SignalWireTrustedProxy: one address or network. */
typedef struct sw_proxy_t {
    apr_ipsubnet_t *net;
    const char *text; /* as configured */
} sw_proxy_t;

/** SignalWireSharedSecret: any of the values matches, for rotation. */
typedef struct sw_secret_t {
    const char *name;           /* NULL: none, not even an inherited one */
    apr_array_header_t *values; /* of sw_span_t */
} sw_secret_t;

/** SignalWireExport: a set; "none" is SW_EXPORT_SET alone. */
enum {
    SW_EXPORT_SET = 1,
    SW_EXPORT_ENV = 2,
    SW_EXPORT_HEADERS = 4,
    SW_EXPORT_PARAMS = 8
};

/** SignalWireAnswer: a reply, and the requests that it is for. */
typedef struct sw_answer_t {
    const sw_template_t *document; /* NULL: the shortest valid reply */
    const char *path;              /* of the document, or NULL */
    sw_document_e format;          /* of the document */
    const apr_array_header_t *events; /* of const char *, NULL: any */
    const ap_expr_info_t *condition;  /* NULL: none */
    const char *check; /* of the document: "schema", "form" or NULL */
    const char *text;  /* the arguments as configured */
} sw_answer_t;

/** SignalWireFallback: the reply that replaces an invalid one. */
typedef struct sw_fallback_t {
    sw_document_e format;
    const sw_template_t *document;
    int status; /* of HTTP */
    const char *text; /* the arguments as configured */
} sw_fallback_t;

/** SignalWireAckFirst: one of these, or the largest number of applications that
 * may run after their acknowledgements. A quarter: of all workers. */
enum { SW_ACK_QUARTER = -1, SW_ACK_OFF = -2 };

/** SignalWireEventLog. */
typedef struct sw_event_log_t {
    const char *target; /* a path, or "|program"; NULL: none */
    int is_full; /* 1: log unmasked values and all parameters */
    struct apr_file_t *file; /* opened at each start and restart */
} sw_event_log_t;

/** Limits for log messages, in memory that all children share. */
typedef struct sw_shared_t {
    volatile apr_uint32_t warned; /* 1: signalwire() was called too early */
    volatile apr_uint32_t unwritten; /* of sw_clock_allows(): the event log
                                        cannot be written */
} sw_shared_t;

/** SignalWireOnce: this, or the time for which an answer is kept. */
enum { SW_ONCE_OFF = -1 };

/** SignalWireOnceCache. */
typedef struct sw_cache_t {
    const char *name;     /* for logs, without passwords */
    apr_uint32_t entries; /* capacity of a local cache */
    struct sw_redis_claims_t *redis; /* NULL: a local cache */
} sw_cache_t;

/** The settings that a verdict depends on, and no others: sections in which all
 * are the same share their verdicts. Zero and NULL mean unset. */
typedef struct sw_verify_t {
    sw_mode_e mode;
    apr_array_header_t *keys;   /* of const sw_key_t * */
    sw_public_t *public_url;
    apr_array_header_t *proxies; /* of sw_proxy_t */
    unsigned int types;         /* set of sw_scheme_e */
    int require_tls;            /* 0 unset, 1 on, -1 off */
    const sw_secret_t *secret;
    apr_size_t max_body;        /* bytes, 0 unset */
} sw_verify_t;

/** Per-directory settings. Zero and NULL mean unset. */
typedef struct sw_dir_t {
    sw_block_t *block;          /* NULL: no block applies here */
    sw_verify_t verify;
    unsigned int exports;       /* set of SW_EXPORT_... */
    apr_array_header_t *answers; /* of sw_answer_t */
    int guard;                  /* 0 unset, 1 on, -1 off */
    apr_array_header_t *fallbacks; /* of sw_fallback_t, one for a format */
    int ack;                    /* 0 unset, SW_ACK_... or a number */
    apr_interval_time_t once;   /* 0 unset, SW_ONCE_OFF or microseconds */
    const sw_event_log_t *event_log;
    int show;                   /* on the board: 1 full, -1 masked, 0 unset */
} sw_dir_t;

/** Per-server settings and state. */
typedef struct sw_server_t {
    apr_array_header_t *blocks;       /* of sw_block_t *, those of the main
                                         server first */
    apr_array_header_t *secret_names; /* of const char * */
    apr_array_header_t *event_logs;   /* of sw_event_log_t *, not inherited */
    apr_array_header_t *keys;         /* of const sw_key_t *, not inherited */
    const ap_directive_t *defaults;   /* the first that needs a block, or NULL;
                                         not inherited */
    sw_shared_t *shared;              /* NULL: no server has a block */
    struct sw_workers_t *workers;     /* NULL: as above */
    const sw_cache_t *cache;          /* the same for all servers; NULL unset */
    apr_uint32_t records;             /* the same for all servers; 0 unset */
    struct sw_boards_t *boards;       /* NULL: no server has a block */
    struct sw_claims_t *claims;       /* NULL: no block has SignalWireOnce */
} sw_server_t;

/** The words of SignalWireVerify, from SW_MODE_REQUIRE on; NULL at the end. */
extern const char *const sw_mode_words[];

/** The word for a mode other than SW_MODE_UNSET. */
const char *sw_mode_name(sw_mode_e mode);

/** Callbacks of the module record: create and merge an sw_dir_t. */
void *sw_dir_create(apr_pool_t *p, char *path);
void *sw_dir_merge(apr_pool_t *p, void *outer, void *inner);

/** Do both give the same verdict on every request? */
int sw_verify_is_same(const sw_verify_t *a, const sw_verify_t *b);

/** Callbacks of the module record: create and merge an sw_server_t. */
void *sw_server_create(apr_pool_t *p, server_rec *s);
void *sw_server_merge(apr_pool_t *p, void *outer, void *inner);

sw_server_t *sw_server_of(const server_rec *s);

/** Does @a first or any server after it have a block? */
int sw_has_blocks(const server_rec *first);

/** The settings in force, with the defaults of those that are unset. */
int sw_has_secret(const sw_dir_t *dir);
sw_mode_e sw_verify_mode(const sw_verify_t *verify);
sw_mode_e sw_dir_mode(const sw_dir_t *dir);
unsigned int sw_dir_types(const sw_dir_t *dir); /* set of sw_scheme_e */
/** The default limits in bytes for bodies: JSON, and all others. */
#define SW_MAX_BODY 262144
#define SW_MAX_JSON 1048576
apr_size_t sw_dir_max_body(const sw_dir_t *dir, int is_json);
unsigned int sw_dir_exports(const sw_dir_t *dir);

#endif
