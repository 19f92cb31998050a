/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The calls and messages of the board: an event is read as an update, and the
 * update is applied to the record of its call or message.
 */
#ifndef SW_CALLS_H
#define SW_CALLS_H

#include "core/event/event.h"
#include "httpd/module.h"
#include "httpd/request/request.h"
#include "httpd/verify/verify.h"
#include "status/board.h"

/** "inbound", "outbound", or "" if not known. */
const char *sw_direction_word(sw_direction_e direction);

/** Read the event of a request. Does not set update->block.
 * @return 0 if it reports nothing about a call or message */
int sw_update_read(request_rec *r, sw_record_t *record,
                   const sw_decision_t *decision, sw_update_t *update);

/** Apply the update to its record, which is made if need be, and count it. Call
 * with the lock of the calls held. */
void sw_update_apply(const sw_periods_t *to, const sw_boards_t *boards,
                     const sw_update_t *update);

#endif
