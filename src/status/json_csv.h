/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The board as JSON and as CSV, whose cells are never formulas; and the rates
 * that all pages show.
 */
#ifndef SW_JSON_CSV_H
#define SW_JSON_CSV_H

#include "httpd/module.h"
#include "status/board.h"

/** The number, masked unless @a is_full. In @a p. */
const char *sw_shown_number(apr_pool_t *p, const char *number, int is_full);

/** @a part divided by @a whole; -1 if @a whole is 0. */
double sw_rate(apr_uint64_t part, apr_uint64_t whole);

/** Delivered messages, of those delivered, undelivered or failed; @a first is
 * SW_COUNT_MESSAGES or SW_COUNT_MMS. -1 if there are none. */
double sw_delivery_rate(const sw_counters_t *counters, int first);

/** Completed calls, of all calls that have ended. -1 if there are none. */
double sw_answer_rate(const sw_counters_t *counters);

/** Write the board as JSON. */
void sw_json_write(request_rec *r, const sw_board_t *board);

/** Which records of a list are written. */
typedef struct sw_filter_t {
    const char *statuses; /* words separated by commas, NULL for all */
    const char *webhook;  /* the name of a block, NULL for all */
} sw_filter_t;

/** Write those of a list of the board as CSV. */
void sw_csv_write(request_rec *r, const sw_board_t *board,
                  const sw_board_list_t *list, const sw_filter_t *filter);

#endif
