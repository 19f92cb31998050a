/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The board as JSON and CSV. No cell of CSV is a formula.
 */
#ifndef SW_JSON_CSV_H
#define SW_JSON_CSV_H

#include "httpd/module.h"
#include "status/board.h"

/** As it may be shown to whoever sees the board. */
const char *sw_shown_number(apr_pool_t *p, const char *number, int is_full);

/** A part of a whole, or -1 of nothing; of all messages that came to an end,
 * from @a first (SW_TALLY_MESSAGES or _MMS), those that were delivered; of all
 * calls those that were answered. */
double sw_rate(apr_uint64_t part, apr_uint64_t whole);
double sw_delivery_rate(const sw_tally_t *tally, int first);
double sw_answer_rate(const sw_tally_t *tally);

/** The board as JSON; calls or messages as CSV, of some statuses (with commas
 * between) and one block, or NULL for all. */
void sw_feed_json(request_rec *r, const sw_board_t *board, int is_full);
void sw_feed_csv(request_rec *r, const sw_board_t *board, int of_messages,
                 const char *statuses, const char *webhook, int is_full);

#endif
