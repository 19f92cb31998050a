/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an administrator has set: the configuration of a section and of a
 * server. Read-only once httpd serves.
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

/** A <SignalWireWebhook> block; all merged settings of it share this one. */
typedef struct sw_block_t {
    const char *name;
    const char *section;               /* "<Location \"/voice\">" */
    const ap_directive_t *directive;   /* where it stands */
    apr_uint32_t board_index;          /* of its counters on the board */
    volatile apr_uint32_t *diagnoses;  /* of sw_clock_allows(), in memory that
                                          all children share */
    int is_inherited;                  /* it has one for each server */
} sw_block_t;

/** SignalWirePublicURL. Without URLs: Host, if it is a name of the virtual
 * host, or with any_host whatever it is. */
typedef struct sw_public_t {
    int any_host;
    apr_array_header_t *urls; /* of sw_public_url_t */
} sw_public_t;

/** SignalWireTrustedProxy: one address or network, and how it was written. */
typedef struct sw_proxy_t {
    apr_ipsubnet_t *net;
    const char *text;
} sw_proxy_t;

/** SignalWireSharedSecret: any of the values will do (rotation). */
typedef struct sw_secret_t {
    const char *name;           /* NULL: none, also if an outer section has */
    apr_array_header_t *values; /* of sw_span_t */
} sw_secret_t;

/** SignalWireExport: a set; "none" is SW_EXPORT_SET alone. */
enum {
    SW_EXPORT_SET = 1,
    SW_EXPORT_ENV = 2,
    SW_EXPORT_HEADERS = 4,
    SW_EXPORT_PARAMS = 8
};

/** SignalWireAnswer: what is answered, and when. */
typedef struct sw_answer_t {
    const sw_template_t *document; /* NULL: the smallest right reply */
    sw_document_e format;          /* of the document */
    const apr_array_header_t *events; /* of const char *, NULL: any */
    const ap_expr_info_t *condition;  /* NULL: none */
    const char *text; /* as it was written */
} sw_answer_t;

/** SignalWireFallback: what is sent instead of a bad reply. */
typedef struct sw_fallback_t {
    sw_document_e format;
    const sw_template_t *document;
    int status;
    const char *text; /* as it was written */
} sw_fallback_t;

/** SignalWireAckFirst: these, or the largest number of applications. */
enum { SW_ACK_QUARTER = -1, SW_ACK_OFF = -2 };

/** SignalWireEventLog. */
typedef struct sw_event_log_t {
    const char *target; /* a path, or "|program"; NULL: none */
    int is_full;
    struct apr_file_t *file; /* opened at each start and restart */
} sw_event_log_t;

/** What all children should know, in memory that they share. */
typedef struct sw_signs_t {
    volatile apr_uint32_t warned; /* of signalwire() asked too early */
    volatile apr_uint32_t unwritten; /* the error about it; sw_clock_allows() */
} sw_signs_t;

/** SignalWireOnce, or how long an answer is kept. */
enum { SW_ONCE_OFF = -1 };

/** SignalWireOnceCache. */
typedef struct sw_cache_t {
    const char *name;     /* as it may be shown */
    apr_uint32_t entries; /* of the local one */
    struct sw_redis_claims_t *redis; /* NULL: local */
} sw_cache_t;

/** On what a verdict depends, and nothing else: two sections in which all of
 * it is the same share their verdicts. Zero and NULL mean unset. */
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
    sw_block_t *block;          /* NULL: the module is not switched on here */
    sw_verify_t verify;
    unsigned int exports;       /* set of SW_EXPORT_... */
    apr_array_header_t *answers; /* of sw_answer_t */
    int guard;                  /* 0 unset, 1 on, -1 off */
    apr_array_header_t *fallbacks; /* of sw_fallback_t, one for a format */
    int ack;                    /* 0 unset, SW_ACK_... or a number */
    apr_interval_time_t once;   /* 0 unset, SW_ONCE_OFF or a time */
    const sw_event_log_t *event_log;
    int show;                   /* on the board: 1 all, -1 masked, 0 unset */
} sw_dir_t;

/** Per-server: what must be known where no section is. */
typedef struct sw_server_t {
    apr_array_header_t *blocks;       /* of sw_block_t *; those of the main
                                         server first */
    apr_array_header_t *secret_names; /* of const char * */
    apr_array_header_t *event_logs;   /* of sw_event_log_t *, its own */
    apr_array_header_t *key_ids;      /* of apr_uint64_t, its own */
    const ap_directive_t *defaults;   /* the first at server level, its own */
    sw_signs_t *signs;                /* NULL where no server has a block */
    struct sw_workers_t *workers;     /* NULL as above */
    const sw_cache_t *cache;          /* the same for all, or NULL: unset */
    apr_uint32_t records;             /* the same for all, 0: unset */
    struct sw_boards_t *boards;       /* NULL where there is no block */
    struct sw_claims_t *claims;       /* NULL where none has SignalWireOnce */
} sw_server_t;

/** The words of SignalWireVerify, from SW_MODE_REQUIRE on; NULL at the end. */
extern const char *const sw_mode_words[];
const char *sw_mode_name(sw_mode_e mode);

void *sw_dir_create(apr_pool_t *p, char *path);
void *sw_dir_merge(apr_pool_t *p, void *outer, void *inner);

/** Does the same verdict follow from both? */
int sw_verify_is_same(const sw_verify_t *a, const sw_verify_t *b);

void *sw_server_create(apr_pool_t *p, server_rec *s);
void *sw_server_merge(apr_pool_t *p, void *outer, void *inner);

sw_server_t *sw_server_of(const server_rec *s);

/** Has any server from @a first on a block? */
int sw_has_blocks(const server_rec *first);

/* What is in force, also where it is unset. */
int sw_has_secret(const sw_dir_t *dir);
sw_mode_e sw_verify_mode(const sw_verify_t *verify);
sw_mode_e sw_dir_mode(const sw_dir_t *dir);
unsigned int sw_dir_types(const sw_dir_t *dir); /* set of sw_scheme_e */
/** The largest body: of a form or of an unknown type, and of JSON. */
#define SW_MAX_BODY 262144
#define SW_MAX_JSON 1048576
apr_size_t sw_dir_max_body(const sw_dir_t *dir, int is_json);
unsigned int sw_dir_exports(const sw_dir_t *dir);

#endif
