/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The calls and messages of the board: what an event says of one, and what has
 * been heard of it so far.
 */
#ifndef SW_CALLS_H
#define SW_CALLS_H

#include "core/event/event.h"
#include "httpd/module.h"
#include "httpd/request/request.h"
#include "httpd/verify/verify.h"
#include "status/board.h"

/** "", "inbound" or "outbound". */
const char *sw_direction_word(sw_direction_e direction);

/** Read the event of a request with this judgement. @return 0 if it says
 * nothing about a call or message */
int sw_news_read(request_rec *r, sw_record_t *record,
                 const sw_judgement_t *judgement, sw_news_t *news);

/** Note it; under the lock of the calls. */
void sw_news_note(const sw_tallies_t *to, const sw_boards_t *boards,
                  const sw_news_t *news);

#endif
