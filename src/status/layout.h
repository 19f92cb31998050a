/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The board in shared memory: counters, their history, and records of the last
 * calls and messages. Its size is fixed: no name, number or id from a request
 * becomes a counter.
 *
 * No request waits for another one to count. Each process has a set of counters
 * of its own, which only grow; readers add up all sets. The tables of records
 * have several locks, and readers take none.
 */
#ifndef SW_LAYOUT_H
#define SW_LAYOUT_H

#include <apr_siphash.h>

#include "core/event/event.h"
#include "core/event/states.h"
#include "core/signature/verdict.h"
#include "store/shm_table.h"

/** Counters of the whole server. MESSAGES, MMS, CALLS, ERRORS and CALL_ERRORS
 * are the first of several: one for each state or error code. */
enum {
    SW_COUNT_REQUESTS,
    SW_COUNT_VERIFIED,
    SW_COUNT_UNVERIFIED, /* passed unverified */
    SW_COUNT_REFUSED,
    SW_COUNT_REPEATS,    /* answered by SignalWireOnce */
    SW_COUNT_UNCLAIMED,  /* ran unprotected: the cache of Once had failed */
    SW_COUNT_SLOW,       /* answered after more than five seconds */
    SW_COUNT_BROKEN,     /* answered with status 500 or more */
    SW_COUNT_SECONDS,    /* sum of the durations of timed calls */
    SW_COUNT_TIMED_CALLS, /* calls whose duration is known */
    SW_COUNT_MOS,        /* sum of mean opinion scores, in hundredths */
    SW_COUNT_SCORES,     /* calls with a score */
    SW_COUNT_UNCOUNTED, /* events of calls and messages: their record
                            was locked for too long */
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

/** Requests of one kind of event that passed. */
typedef struct sw_kind_counters_t {
    apr_uint64_t verified, unverified;
} sw_kind_counters_t;

/** Counters of one block. */
typedef struct sw_block_counters_t {
    apr_uint64_t passed[SW_VERDICTS], refused[SW_VERDICTS];
    apr_uint64_t latency[SW_BOARD_BOUNDS + 1];
    apr_uint64_t microseconds; /* of all requests together */
    apr_uint64_t keys[SW_BOARD_KEYS]; /* verified requests, by key */
} sw_block_counters_t;

/** The counters of one process, or of a few if there are many. Its members are
 * apr_uint64_t only. */
typedef struct sw_counter_set_t {
    sw_counters_t total;
    sw_kind_counters_t kinds[SW_EVENT_KINDS];
    sw_block_counters_t blocks[SW_BOARD_BLOCKS];
} sw_counter_set_t;

#define SW_BOARD_SETS 64

/** The counters of all sets together as a minute or hour began. */
typedef struct sw_snapshot_t {
    volatile apr_uint32_t number; /* of the minute or hour, from 1970. 0: none,
                                     or it is being written */
    sw_counters_t counters;
} sw_snapshot_t;

#define SW_BOARD_MINUTES 64 /* more than an hour */
#define SW_BOARD_HOURS 32   /* more than a day */

/** A signing key of a block. Unused if the id is 0. */
typedef struct sw_board_key_t {
    volatile apr_uint64_t id;
    volatile apr_uint64_t last; /* when it verified a request, to a second */
    char label[SW_BOARD_NAME];
} sw_board_key_t;

typedef struct sw_board_names_t {
    char name[SW_BOARD_NAME];
    sw_board_key_t keys[SW_BOARD_KEYS];
} sw_board_names_t;

/** All but the records. */
typedef struct sw_board_common_t {
    unsigned char secret[APR_SIPHASH_KSIZE * 2]; /* for the keys of records */
    apr_time_t since;
    volatile apr_uint32_t processes; /* so far */
    volatile apr_uint32_t minute;    /* of the last snapshot */
    sw_snapshot_t minutes[SW_BOARD_MINUTES], hours[SW_BOARD_HOURS];
    apr_uint32_t block_count;
    sw_board_names_t blocks[SW_BOARD_BLOCKS];
    sw_counter_set_t sets[SW_BOARD_SETS];
} sw_board_common_t;

typedef enum sw_direction_e {
    SW_UNDIRECTED, /* not known */
    SW_INBOUND,
    SW_OUTBOUND
} sw_direction_e;

/** Texts of a call or message, cut, cleaned and NUL-terminated. */
typedef struct sw_board_texts_t {
    char id[64], code[16], from[48], to[48], name[64], body[160];
    char recording[256];
} sw_board_texts_t;

/** A call or a message as observed so far. */
typedef struct sw_board_record_t {
    sw_entry_t entry;
    volatile apr_uint32_t version; /* odd while it is written */
    apr_time_t last;        /* time of the last update */
    apr_time_t answered, ended; /* as the event says, or 0 */
    apr_uint32_t states;    /* bit set of all states so far */
    apr_uint32_t block;     /* index of its block on the board */
    int state, is_mms, error; /* error: index in sw_errors, or -1 */
    sw_direction_e direction;
    apr_int32_t seconds;    /* duration, or -1 */
    apr_int32_t mos;        /* mean opinion score in hundredths, or -1 */
    sw_board_texts_t texts;
} sw_board_record_t;

/** The board as a process sees it. */
typedef struct sw_boards_t {
    sw_shm_table_t *calls, *messages;
    sw_board_common_t *common;  /* in the table of calls */
    sw_counter_set_t *counters; /* of this process */
} sw_boards_t;

/** Two builds with equal texts can share a board. In @a p. */
const char *sw_board_layout(apr_pool_t *p);

#endif
