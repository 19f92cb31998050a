/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the status board shows: counters, and the last calls and messages, in
 * memory that all children share. Nothing in it grows: no name, number or id
 * from the wire makes a counter of its own.
 */
#ifndef SW_BOARD_H
#define SW_BOARD_H

#include "core/event/event.h"
#include "core/event/states.h"
#include "core/signature/verdict.h"
#include "core/text/span.h"
#include "httpd/module.h"
#include "store/shm_table.h"

/** Counters of the whole server: each in total, of the last hour, of the last
 * day. Those with a COUNT are many, one behind the other. */
enum {
    SW_TALLY_REQUESTS,
    SW_TALLY_VERIFIED,
    SW_TALLY_UNVERIFIED, /* passed without */
    SW_TALLY_REFUSED,
    SW_TALLY_REPEATS,    /* that SignalWireOnce has kept from an application */
    SW_TALLY_UNCLAIMED,  /* that ran though its store was silent */
    SW_TALLY_SLOW,       /* answered after SignalWire's five seconds */
    SW_TALLY_BROKEN,     /* answered with 500 or more */
    SW_TALLY_SECONDS,    /* of calls that were talked in, and how many */
    SW_TALLY_TALKS,
    SW_TALLY_MOS,        /* hundredths of mean opinion scores, and how many */
    SW_TALLY_SCORES,
    SW_TALLY_MESSAGES,   /* messages that have come to a state */
    SW_TALLY_MMS = SW_TALLY_MESSAGES + SW_MESSAGE_COUNT,
    SW_TALLY_CALLS = SW_TALLY_MMS + SW_MESSAGE_COUNT,
    SW_TALLY_ERRORS = SW_TALLY_CALLS + SW_CALL_COUNT,
    SW_TALLY_CALL_ERRORS = SW_TALLY_ERRORS + SW_ERROR_COUNT,
    SW_TALLY_COUNT = SW_TALLY_CALL_ERRORS + SW_ERROR_COUNT
};

typedef struct sw_tally_t {
    apr_uint64_t n[SW_TALLY_COUNT];
} sw_tally_t;

#define SW_BOARD_BLOCKS 64
#define SW_BOARD_KEYS 33 /* the last stands for all others */
#define SW_BOARD_NAME 64
#define SW_BOARD_BOUNDS 12

/** Upper bounds of the histogram, in microseconds; above the last is +Inf. */
extern const apr_interval_time_t sw_board_bounds[SW_BOARD_BOUNDS];

/** Of one signing key; free without a label. */
typedef struct sw_board_key_t {
    char label[SW_BOARD_NAME];
    apr_uint64_t id, n;
    apr_time_t last; /* when it verified a request */
} sw_board_key_t;

/** Of one block. */
typedef struct sw_board_block_t {
    char name[SW_BOARD_NAME];
    apr_uint64_t passed[SW_VERDICTS], refused[SW_VERDICTS];
    apr_uint64_t latency[SW_BOARD_BOUNDS + 1];
    apr_uint64_t microseconds; /* of all requests together */
    sw_board_key_t keys[SW_BOARD_KEYS];
} sw_board_block_t;

typedef enum sw_direction_e {
    SW_UNDIRECTED, /* as far as is known */
    SW_INBOUND,
    SW_OUTBOUND
} sw_direction_e;

/** Of a call or a message: what was observed. Texts are cut, cleaned and
 * NUL-terminated. */
typedef struct sw_seen_t {
    sw_entry_t entry;
    apr_time_t last;        /* when it was heard of */
    apr_time_t answered, ended; /* by the event's own time, or 0 */
    apr_uint32_t states;    /* set of those that it has been in */
    apr_uint32_t block;     /* its place in the board */
    int state, is_mms, error; /* error: -1 for none */
    sw_direction_e direction;
    apr_int32_t seconds;    /* -1 where not known */
    apr_int32_t mos;        /* hundredths, -1 */
    char id[64], code[16], from[48], to[48], name[64], body[160];
    char recording[256];
} sw_seen_t;

#define SW_BOARD_MINUTES 60
#define SW_BOARD_HOURS 24

/** What happened in one minute, or one hour. */
typedef struct sw_slot_t {
    apr_int64_t which;
    sw_tally_t tally;
} sw_slot_t;

/** Requests of one kind that have passed. */
typedef struct sw_board_kind_t {
    apr_uint64_t verified, unverified;
} sw_board_kind_t;

/** What the ring of the calls has in common. */
typedef struct sw_common_t {
    apr_time_t since;
    volatile apr_uint32_t uncounted; /* requests, since nobody let go of it */
    sw_tally_t total;
    sw_slot_t minutes[SW_BOARD_MINUTES], hours[SW_BOARD_HOURS];
    sw_board_kind_t kinds[SW_EVENT_KINDS];
    apr_uint32_t block_count;
    sw_board_block_t blocks[SW_BOARD_BLOCKS];
} sw_common_t;

/** Where something that happens now is counted. */
typedef struct sw_tallies_t {
    sw_tally_t *total, *minute, *hour;
} sw_tallies_t;

/** Two rings; what is counted hangs on that of the calls, under its lock. */
typedef struct sw_boards_t {
    sw_shm_table_t *calls, *messages;
    const apr_array_header_t *key_ids; /* of apr_uint64_t, sorted: all keys of
                                          this configuration */
} sw_boards_t;

/** What an event says of a call or message, read before the lock is taken. */
typedef struct sw_news_t {
    unsigned char key[SW_SHM_KEY];
    const sw_event_t *event;
    apr_pool_t *p;
    apr_uint32_t block;
    int state, is_message, is_recording, is_mms;
    sw_direction_e direction;
    apr_time_t time; /* of the event, by its sender, or of its arrival */
    apr_int32_t mos; /* hundredths, or -1 */
} sw_news_t;

/** Requests of one event that have passed: of all kinds of this name. */
typedef struct sw_board_event_t {
    const char *name;
    apr_uint64_t verified, unverified;
} sw_board_event_t;

/** All of it. The counters are those of one moment, as is each record. */
typedef struct sw_board_t {
    apr_time_t since;
    apr_uint32_t uncounted;
    sw_tally_t total, hour, day;
    int event_count;
    sw_board_event_t events[SW_EVENT_KINDS];
    int block_count;
    sw_board_block_t blocks[SW_BOARD_BLOCKS];
    int call_count, message_count;
    sw_seen_t *calls, *messages; /* the latest first */
} sw_board_t;

/** The name by which a block stands on the board: clean, and cut such that two
 * long ones stay two. */
void sw_board_name(apr_pool_t *p, const char *name, char to[SW_BOARD_NAME]);

/** The label of a key of the block, NULL for an unused place. Keys of several
 * virtual hosts may have the same one: the second is "LABEL (2)". */
const char *sw_board_label(apr_pool_t *p, const sw_board_block_t *block,
                           int place);

/** Order of key_ids. */
int sw_board_compare_ids(const void *a, const void *b);

/** Copy @a from, clean, as much as fits. */
void sw_board_text(apr_pool_t *p, sw_span_t from, char *to, apr_size_t size);

/** Where something that happens @a now is counted; under the lock. */
sw_tallies_t sw_board_tallies(sw_common_t *common, apr_time_t now);

/** Add to a counter; under the lock. */
void sw_board_add(const sw_tallies_t *to, int what, apr_uint64_t by);

/** A copy, in @a p; of the counters alone, without @a records. @return NULL if
 * there is none, or nobody lets go of it */
sw_board_t *sw_board_copy(apr_pool_t *p, server_rec *s, int records);

#endif
