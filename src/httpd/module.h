/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the glue shares beside the settings: the record of a request, and the
 * one function that each file offers to the next. Read them in this order:
 * body -> access (verdict) -> record (event) -> publish.
 */
#ifndef SW_MODULE_H
#define SW_MODULE_H

#include <httpd.h>
#include <ap_mpm.h>
#include <http_log.h>
#include <http_protocol.h>
#include <http_request.h>

#include "settings.h"
#include "../core/event.h"

/* ---- start-up: check.c, advice.c, openable.c, dump.c ------------------ */

int sw_check_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                    server_rec *s);
/** Warn of what looks protective and is not. */
void sw_advise(apr_pool_t *p, server_rec *s);

/** Warn of an answer that the @a lines before it leave nothing to. */
void sw_advise_answer(cmd_parms *cmd, const apr_array_header_t *lines,
                      const sw_answer_t *answer);

void sw_dump_config(apr_pool_t *pconf, server_rec *s);

/** The path that a request in the section of @a block begins with; NULL if
 * that is not known. */
const char *sw_block_location(apr_pool_t *p, const sw_block_t *block);

int sw_post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                   server_rec *s);

/** Will a start be able to open the file for writing, or to run the program,
 * as it is written after the "|" of a log? @return NULL, or what was expected
 * instead */
const char *sw_openable_file(apr_pool_t *p, const char *path);
const char *sw_openable_program(apr_pool_t *p, const char *command);

/** Was there shared memory for the @a n that a directive asks for? If not, say
 * so. */
int sw_is_available(server_rec *s, apr_status_t rv, const char *directive,
                    apr_uint32_t n);

/* ---- buffer.c, body.c ------------------------------------------------- */

/** Bytes that grow in number. Not from a pool, which would keep every outgrown
 * buffer until the end of the request. */
typedef struct sw_buffer_t {
    char *data; /* malloc()ed, freed with the pool of sw_buffer_make() */
    apr_size_t used;
    apr_size_t size;
} sw_buffer_t;

/** @param size to begin with, 0 for as much as turns out to be needed */
sw_buffer_t *sw_buffer_make(apr_pool_t *pool, apr_size_t size);
void sw_buffer_append(sw_buffer_t *buffer, const char *data, apr_size_t n);

/** Give back what was not needed. */
void sw_buffer_trim(sw_buffer_t *buffer);

typedef enum sw_body_e {
    SW_BODY_UNREAD,
    SW_BODY_WHOLE,
    SW_BODY_OVER,   /* larger than the limit */
    SW_BODY_PARTLY, /* somebody else has read of it */
    SW_BODY_FAILED  /* broken framing, time-out; status says which */
} sw_body_e;

typedef struct sw_body_t {
    sw_body_e state;
    int status;       /* of a failure: 400, 408 or AP_FILTER_ERROR */
    apr_size_t limit; /* that it was larger than */
    apr_off_t announced; /* its length as announced, -1 where it was not */
    sw_span_t text;   /* of a whole body; malloc()ed, lives with the request */
    const request_rec *watched; /* for what its trailers bring */
} sw_body_t;

void sw_body_register(void);

/**
 * Read the body of the client's request once, up to @a limit bytes, and put it
 * back for whoever reads the body next. A larger one is put back as far as it
 * was read, and goes on from the wire; announced as larger it is not touched.
 */
void sw_body_read(request_rec *r, apr_size_t limit, sw_body_t *body);

/** Does reading a body change the headers here? */
int sw_merges_trailers(const request_rec *r);

/** Where trailers of a body that is not read yet may become headers: publish
 * once more behind them. */
void sw_body_watch_trailers(request_rec *r, sw_body_t *body);

/* ---- record.c, access.c, diagnose.c ---------------------------------- */

/** One verdict: of the request as the client sent it, by these settings. */
typedef struct sw_judgement_t {
    struct sw_judgement_t *next;
    sw_dir_t dir;
    sw_verdict_e verdict;
    int status;        /* of the refusal, if it is refused */
    const sw_key_t *key; /* that matched, or NULL */
    sw_scheme_e scheme;
} sw_judgement_t;

/** What is told to the application, ready to be told again. */
typedef struct sw_publication_t {
    const sw_block_t *block;
    const sw_judgement_t *judgement;
    unsigned int exports;
    apr_array_header_t *env;     /* of apr_table_entry_t: also for the notes */
    apr_array_header_t *headers; /* of apr_table_entry_t */
} sw_publication_t;

/** What hangs on the client's request, and is shared by all sub-requests and
 * redirects that come of it. */
typedef struct sw_record_t {
    const apr_table_t *headers; /* before trailers may be merged into them */
    const char *method; /* the client's: httpd shows error documents by GET */
    sw_body_t body;
    sw_judgement_t *judgements;
    /* The parameters, and the state of the body that they were read from. */
    sw_params_t *params;
    sw_body_e params_of;
    sw_event_t *event;
    /* The block that was passed last, and as what; NULL before. */
    const sw_block_t *block;
    const sw_judgement_t *passed;
    const sw_dir_t *dir; /* by which it was judged last, passed or not */
    /* What was made last, for whichever request, and what was published to
     * the request itself, to be published again behind a redirect. */
    sw_publication_t *exported, *published;
    /* Whose guard the reply must pass, and the request whose reply it is;
     * NULL where no reply is guarded, or no longer. */
    const sw_dir_t *guard;
    const request_rec *guard_request;
    const char *encodings; /* Accept-Encoding, which is withheld meanwhile */
    int is_replaced;       /* the reply: nothing may follow on the wire */
    struct sw_ack_t *ack;  /* the answer is out, the application runs */
    struct sw_once_t *once; /* the claim to this callback, NULL: none */
    const char *delivery;   /* SIGNALWIRE_ONCE, or NULL */
    int is_unclaimed;       /* SignalWireOnce is on, but its store was silent */
    int sub_requests; /* one has passed a block and may become the request */
} sw_record_t;

/** The request that the client sent, of which @a r came. */
request_rec *sw_initial(request_rec *r);

/** The block that @a r is in, or NULL. */
const sw_dir_t *sw_dir_of(request_rec *r);

/** The record of the client's request: NULL if there is none, or made then. */
sw_record_t *sw_record_of(request_rec *r);
sw_record_t *sw_record_make(request_rec *r);

/** How large a body may be in @a dir. Until a body without a telling type has
 * been read, the larger limit of JSON applies. */
apr_size_t sw_max_body(const sw_record_t *record, const sw_dir_t *dir);

/** Does the client's method say that the query describes the event? */
int sw_is_get(const sw_record_t *record);

/** The signature fields, as sw_signature_read() has them. */
sw_verdict_e sw_read_signature(const apr_table_t *headers,
                               sw_signature_t *signature);

/** Read the signed body of a request outside of all blocks: an error document
 * or a rewrite rule may bring it into one when another module has taken it. Not
 * if it is proxied. @return DECLINED, or the status of an unreadable body */
int sw_keep_body(request_rec *r);

/** Read the body of a request that passes @a dir though nobody has looked at
 * it yet, if it may describe an event. @return OK, or the status of a body
 * that cannot be read */
int sw_receive(request_rec *r, const sw_dir_t *dir);

/** The parameters of the client's request, as far as its body has been read. */
const sw_params_t *sw_params_of(request_rec *r);

/** The event that the client's request is; NULL if it has passed no block. */
const sw_event_t *sw_event_of(request_rec *r);

/** The verdict on @a r by @a dir: from the record, or computed and logged. */
const sw_judgement_t *sw_judge(request_rec *r, const sw_dir_t *dir);

/** The verdict by which @a r has passed the block that it is in, or the last
 * one that it was in; NULL if it has passed none so far. */
const sw_judgement_t *sw_judged(request_rec *r, const sw_block_t **block);

/** May a request with this judgement pass? */
int sw_passes(const sw_judgement_t *judgement);

/** What the key that matched is called; NULL for none. */
const char *sw_label_of(const sw_judgement_t *judgement);

/**
 * From whom a request comes, as far as that is proven: its server by the
 * ServerName as written, whether it was verified, and the project of the key
 * that verified it; not the key itself, which may be rotated. What one sender
 * leaves in memory that all share is no other's.
 * @param is_shared with other machines, too: the addresses of the virtual host,
 * which may have a namesake on another port, are left out
 * @return in the pool of @a r
 */
const char *sw_sender(request_rec *r, const sw_judgement_t *judgement,
                      int is_shared);

int sw_access_begin(request_rec *r);
int sw_access_check(request_rec *r);
int sw_fixups(request_rec *r);
void sw_insert_filter(request_rec *r);


/** How much of a target is logged: no query, and not without end. */
apr_size_t sw_shown_length(sw_span_t target);

/* ---- workers.c -------------------------------------------------------- */

typedef struct sw_workers_t sw_workers_t;

/** Make the memory that all children share; in post_config. */
apr_status_t sw_workers_share(apr_pool_t *p, server_rec *s);

/** Hooks child_init and child_status. */
void sw_workers_begin(apr_pool_t *p, server_rec *s);
void sw_workers_child(server_rec *s, pid_t pid, ap_generation_t generation,
                      int place, mpm_child_status state);

/** What a worker may be held by. */
typedef enum sw_hold_e {
    SW_HOLD_ACK,    /* an application behind its acknowledgement */
    SW_HOLD_REPEAT, /* waiting for the first delivery */
    SW_HOLD_COUNT
} sw_hold_e;

/** Hold a worker until the request ends, if no more than @a max are held by
 * this, or (not above 0) a quarter of all. @return whether it may */
int sw_workers_hold(request_rec *r, sw_hold_e what, int max);

/** Hold it no longer. */
void sw_workers_release(request_rec *r, sw_hold_e what);

/* ---- claims.c, once.c -------------------------------------------------- */

typedef struct sw_claims_t sw_claims_t;

/** Hook check_config: will there be memory for the claims? */
int sw_claims_check(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                    server_rec *s);

/** Make what all children share, if any block has SignalWireOnce; in
 * post_config. */
apr_status_t sw_claims_share(apr_pool_t *p, server_rec *s);

/** Hook child_init. */
void sw_claims_begin(apr_pool_t *p, server_rec *s);

void sw_once_register(void);

/** The application is about to run for @a r. @return DECLINED, if it is to
 * run; OK, if this is a repeat that has been answered, or (@a is_acknowledged)
 * is to be; or 503 */
int sw_once(request_rec *r, const sw_dir_t *dir, const sw_event_t *event,
            int is_acknowledged);

/** A request that came by a redirect, into a block or out of it: its reply is
 * the one that counts. */
void sw_once_go_on(request_rec *r);

/** The application behind an acknowledgement has ended, or will not run. */
void sw_once_end(request_rec *r, int has_succeeded);

/** Hook log_transaction: a claim that nobody has settled is given up. */
int sw_once_release(request_rec *r);

/* ---- export.c, publish.c, expr.c, answer.c, ack.c ---------------------- */

/** What an application of the block @a dir is told of a request with this
 * verdict; logs what there is no room for. */
sw_publication_t *sw_export(request_rec *r, const sw_dir_t *dir,
                            const sw_judgement_t *judgement);

/** Is an environment variable of this name one that sw_export() makes? */
int sw_is_variable(const char *name);

/** The field of the verdict or of the event; NULL and 0 if it is unset. */
sw_span_t sw_value(request_rec *r, const sw_block_t *block,
                   const sw_judgement_t *judgement, const sw_event_t *event,
                   sw_field_e field);

/** Add what became known only now; @a value is not copied. */
void sw_export_more(sw_publication_t *to, sw_field_e field, const char *value);

/** Take away what the sender made to look like the headers of sw_publish(). */
void sw_scrub_headers(request_rec *r);

/** Tell the application of a request that has passed @a dir: environment,
 * notes and headers. What looks like them is taken away first. */
void sw_publish(request_rec *r, const sw_dir_t *dir,
                const sw_judgement_t *judgement);

/** Tell it which delivery of a callback it is, "first" or "repeat". */
void sw_publish_delivery(request_rec *r, const char *delivery);

/** The same once more, to the request that came of it by a redirect. */
void sw_publish_again(request_rec *r);

/** Register signalwire() for expressions, and signalwire_field() for other
 * modules. */
void sw_expr_register(void);

/** Handler: what SignalWireAnswer says, or DECLINED. */
int sw_answer(request_rec *r);
/** A document of a template, with the values of the request. */
sw_span_t sw_render(request_rec *r, const sw_template_t *t);

/** Send a reply of our own, of @a type or NULL. @return OK */
int sw_reply(request_rec *r, int status, const char *type, sw_span_t text);

/** Take away what the client says of a part of the reply, or of a copy that it
 * has: a document is sent whole. @return whether it said such */
int sw_want_whole(request_rec *r);

/** Content-Encoding of a reply, or NULL. That of a CGI program stands among
 * the err_headers_out until the head of the reply is made. */
const char *sw_coding_of(const request_rec *r);

/** The header of our own reply: type (NULL: as it is), length, no-store. */
const char *sw_content_type(sw_document_e format);
void sw_announce(request_rec *r, const char *type, apr_size_t length);

typedef struct sw_ack_t sw_ack_t;
typedef struct sw_boards_t sw_boards_t;

void sw_ack_register(void);

/** Send the answer to @a r, of @a type or NULL, before its application runs.
 * @return DECLINED, for the application to run; or 503 if too many do */
int sw_ack(request_rec *r, const sw_dir_t *dir, const sw_event_t *event,
           const char *type, sw_span_t text);

/** When the answer went out, if it was before the application: else @a now. */
apr_time_t sw_ack_time(const sw_record_t *record, apr_time_t now);

/** Hook log_transaction: what became of the application. */
int sw_ack_end(request_rec *r);

/* ---- journal.c -------------------------------------------------------- */

/** Hook open_logs: open what SignalWireEventLog names. */
int sw_journal_open(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                    server_rec *s);

/** Hook log_transaction: a line for a request that was in a block. */
int sw_journal_write(request_rec *r);

/* ---- inspect.c, guard.c, redirect.c, require.c, mask.c ---------------- */

void sw_guard_register(void);
/** The request has passed @a dir, or (NULL) is a redirect out of any block: is
 * its reply to be guarded? */
void sw_guard_begin(request_rec *r, const sw_dir_t *dir);

/** No longer: the reply is our own, or a refusal. */
void sw_guard_end(request_rec *r);

/** Hooks insert_filter and insert_error_filter. */
void sw_guard_insert(request_rec *r);

/** Is the reply @a text to @a event a document? Logs what SignalWire may mind.
 * @return what is wrong with it; *text begins later where that makes a document
 * of it */
sw_fault_t sw_inspect(request_rec *r, const sw_event_t *event,
                      sw_span_t *text);

/** Correct the Content-Type of a document, and log that, and what was repaired
 * besides (@a also, or NULL). */
void sw_repair(request_rec *r, const sw_event_t *event, sw_span_t text,
               const char *also);

/** Hook log_transaction: a redirect as the reply to a webhook. */
int sw_redirect_note(request_rec *r);

/** Register the provider of "Require signalwire verified". */
void sw_require_register(apr_pool_t *p);

/** Is the query parameter that SignalWireSharedSecret names right? */
int sw_secret_is_right(apr_pool_t *p, const sw_secret_t *secret,
                       sw_span_t query);

/** Hook log_transaction: take shared secrets out of the logged request. */
int sw_mask_request(request_rec *r);

#endif
