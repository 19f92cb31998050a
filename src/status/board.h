/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The board as pages show it: a reader takes no lock, so that it delays no
 * callback.
 */
#ifndef SW_BOARD_H
#define SW_BOARD_H

#include "core/text/span.h"
#include "httpd/module.h"
#include "status/layout.h"

/** Requests of one event that passed; several kinds may share a name. */
typedef struct sw_board_event_t {
    const char *name;
    apr_uint64_t verified, unverified;
} sw_board_event_t;

typedef struct sw_board_block_t {
    const sw_board_names_t *names;
    const sw_block_counters_t *n;
} sw_board_block_t;

/** Calls or messages, the last updated first. */
typedef struct sw_board_list_t {
    const sw_shm_table_t *table;
    const struct sw_board_row_t *rows;
    int count;
    const sw_state_t *states; /* that its records may be in */
    int state_count;
} sw_board_list_t;

typedef struct sw_board_t {
    int is_full; /* whole numbers, names and texts may be shown */
    apr_time_t since;
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
const char *sw_board_label(apr_pool_t *p, const sw_board_names_t *block,
                           int index);

/** Copy as much of @a from as fits, cleaned and NUL-terminated. */
void sw_board_text(apr_pool_t *p, sw_span_t from, char *to, apr_size_t size);

/** Read the counters and, if @a with_records, the order of the records.
 * @return the board in @a p, or NULL if nothing is counted */
sw_board_t *sw_board_read(apr_pool_t *p, server_rec *s, int with_records);

/** Copy a record of the list: 16 bytes of memory for each record are enough to
 * show a list of any length. @return 0 if it has been removed */
int sw_board_record(const sw_board_list_t *list, int i,
                    sw_board_record_t *record);

#endif
