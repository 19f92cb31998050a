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

/** Write the board as JSON, with whole numbers and texts if @a is_full. */
void sw_json_write(request_rec *r, const sw_board_t *board, int is_full);

/** Write calls or messages as CSV: those with one of @a statuses (separated by
 * commas, NULL for all) and of the block @a webhook (NULL for all). */
void sw_csv_write(request_rec *r, const sw_board_t *board, int of_messages,
                  const char *statuses, const char *webhook, int is_full);

#endif
