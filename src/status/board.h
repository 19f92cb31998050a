/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The data of the status board: counters, and records of the last calls and
 * messages, in shared memory. Its size is fixed: no name, number or id from a
 * request becomes a counter.
 */
#ifndef SW_BOARD_H
#define SW_BOARD_H

#include "core/event/event.h"
#include "core/event/states.h"
#include "core/signature/verdict.h"
#include "core/text/span.h"
#include "httpd/module.h"
#include "store/shm_table.h"

/** Counters of the whole server, kept in total, for the last hour and for the
 * last day. MESSAGES, MMS, CALLS, ERRORS and CALL_ERRORS are the first of
 * several: one for each state or error code. */
enum {
    SW_COUNT_REQUESTS,
    SW_COUNT_VERIFIED,
    SW_COUNT_UNVERIFIED, /* passed unverified */
    SW_COUNT_REFUSED,
    SW_COUNT_REPEATS,    /* answered by SignalWireOnce */
    SW_COUNT_UNCLAIMED,  /* ran unprotected: the cache of Once was silent */
    SW_COUNT_SLOW,       /* answered after more than five seconds */
    SW_COUNT_BROKEN,     /* answered with status 500 or more */
    SW_COUNT_SECONDS,    /* sum of the durations of timed calls */
    SW_COUNT_TIMED_CALLS, /* calls whose duration is known */
    SW_COUNT_MOS,        /* sum of mean opinion scores, in hundredths */
    SW_COUNT_SCORES,     /* calls with a score */
    SW_COUNT_MESSAGES,   /* messages that reached a state */
    SW_COUNT_MMS = SW_COUNT_MESSAGES + SW_MESSAGE_COUNT,
    SW_COUNT_CALLS = SW_COUNT_MMS + SW_MESSAGE_COUNT,
    SW_COUNT_ERRORS = SW_COUNT_CALLS + SW_CALL_COUNT,
    SW_COUNT_CALL_ERRORS = SW_COUNT_ERRORS + SW_ERROR_COUNT,
    SW_COUNTERS = SW_COUNT_CALL_ERRORS + SW_ERROR_COUNT
};

typedef struct sw_counters_t {
    apr_uint64_t n[SW_COUNTERS];
} sw_counters_t;

#define SW_BOARD_BLOCKS 64
#define SW_BOARD_KEYS 33 /* the last is for all others */
#define SW_BOARD_NAME 64
#define SW_BOARD_BOUNDS 12

/** Upper bounds of the histogram, in microseconds; above the last is +Inf. */
extern const apr_interval_time_t sw_board_bounds[SW_BOARD_BOUNDS];

/** Counter of one signing key; unused if the label is empty. */
typedef struct sw_board_key_t {
    char label[SW_BOARD_NAME];
    apr_uint64_t id, n;
    apr_time_t last; /* when it verified a request */
} sw_board_key_t;

/** Counters of one block. */
typedef struct sw_board_block_t {
    char name[SW_BOARD_NAME];
    apr_uint64_t passed[SW_VERDICTS], refused[SW_VERDICTS];
    apr_uint64_t latency[SW_BOARD_BOUNDS + 1];
    apr_uint64_t microseconds; /* of all requests together */
    sw_board_key_t keys[SW_BOARD_KEYS];
} sw_board_block_t;

typedef enum sw_direction_e {
    SW_UNDIRECTED, /* not known */
    SW_INBOUND,
    SW_OUTBOUND
} sw_direction_e;

/** A call or a message as observed so far. Texts are cut, cleaned and
 * NUL-terminated. */
typedef struct sw_board_record_t {
    sw_entry_t entry;
    apr_time_t last;        /* time of the last update */
    apr_time_t answered, ended; /* as the event says, or 0 */
    apr_uint32_t states;    /* bit set of all states so far */
    apr_uint32_t block;     /* index of its block on the board */
    int state, is_mms, error; /* error: index in sw_errors, or -1 */
    sw_direction_e direction;
    apr_int32_t seconds;    /* duration, or -1 */
    apr_int32_t mos;        /* mean opinion score in hundredths, or -1 */
    char id[64], code[16], from[48], to[48], name[64], body[160];
    char recording[256];
} sw_board_record_t;

#define SW_BOARD_MINUTES 60
#define SW_BOARD_HOURS 24

/** The counters of one minute or hour, which is numbered from 1970. */
typedef struct sw_slot_t {
    apr_int64_t number;
    sw_counters_t counters;
} sw_slot_t;

/** Requests of one kind of event that passed. */
typedef struct sw_board_kind_t {
    apr_uint64_t verified, unverified;
} sw_board_kind_t;

/** All counters, in the common area of the table of calls. */
typedef struct sw_board_common_t {
    apr_time_t since;
    volatile apr_uint32_t uncounted; /* requests: the lock was not free */
    sw_counters_t total;
    sw_slot_t minutes[SW_BOARD_MINUTES], hours[SW_BOARD_HOURS];
    sw_board_kind_t kinds[SW_EVENT_KINDS];
    apr_uint32_t block_count;
    sw_board_block_t blocks[SW_BOARD_BLOCKS];
} sw_board_common_t;

/** The counters that count an event of this moment. */
typedef struct sw_periods_t {
    sw_counters_t *total, *minute, *hour;
} sw_periods_t;

/** The tables of calls and messages. The counters are in the table of calls and
 * under its lock. */
typedef struct sw_boards_t {
    sw_shm_table_t *calls, *messages;
    const apr_array_header_t *key_ids; /* of apr_uint64_t, sorted: all
                                          configured keys */
} sw_boards_t;

/** What an event reports about a call or message; read before the lock is
 * taken. */
typedef struct sw_update_t {
    unsigned char key[SW_SHM_KEY];
    const sw_event_t *event;
    apr_pool_t *p;
    apr_uint32_t block;
    int state, is_message, is_recording, is_mms;
    sw_direction_e direction;
    apr_time_t time; /* of the event, or else of its arrival */
    apr_int32_t mos; /* mean opinion score in hundredths, or -1 */
} sw_update_t;

/** Requests of one event that passed; several kinds may share a name. */
typedef struct sw_board_event_t {
    const char *name;
    apr_uint64_t verified, unverified;
} sw_board_event_t;

/** A copy of the board. All counters are of one moment, and so is each record.
 */
/** Calls or messages, the last updated first. */
typedef struct sw_board_list_t {
    const sw_board_record_t *records;
    int count;
    const sw_state_t *states; /* that its records may be in */
    int state_count;
} sw_board_list_t;

typedef struct sw_board_t {
    int is_full; /* whole numbers, names and texts may be shown */
    apr_time_t since;
    apr_uint32_t uncounted;
    sw_counters_t total, hour, day;
    int event_count;
    sw_board_event_t events[SW_EVENT_KINDS];
    int block_count;
    sw_board_block_t blocks[SW_BOARD_BLOCKS];
    sw_board_list_t calls, messages;
} sw_board_t;

/** The name of a block on the board: valid UTF-8, without controls; a long one
 * is cut and ends in a hash, so that two long names stay different. */
void sw_board_name(apr_pool_t *p, const char *name, char to[SW_BOARD_NAME]);

/** The label of a key of the block, NULL for an unused index. Keys of several
 * virtual hosts may have the same label: the second is "LABEL (2)". */
const char *sw_board_label(apr_pool_t *p, const sw_board_block_t *block,
                           int index);

/** Compare two apr_uint64_t for qsort() and bsearch() of key_ids. */
int sw_board_compare_ids(const void *a, const void *b);

/** Copy as much of @a from as fits, cleaned and NUL-terminated. */
void sw_board_text(apr_pool_t *p, sw_span_t from, char *to, apr_size_t size);

/** The counters of @a now. Call with the lock held. */
sw_periods_t sw_board_periods(sw_board_common_t *common, apr_time_t now);

/** Add @a n to the counter SW_COUNT_... Call with the lock held. */
void sw_board_add(const sw_periods_t *to, int counter, apr_uint64_t n);

/** Copy the board into @a p; only its counters unless @a records is set.
 * @return NULL if there is no board, or its lock is not free */
sw_board_t *sw_board_copy(apr_pool_t *p, server_rec *s, int records);

#endif
