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
#include "status/layout.h"

/** What an event reports about a call or message. All that takes long is done
 * when it is read: it is applied with a lock held. */
typedef struct sw_update_t {
    unsigned char key[SW_SHM_KEY];
    sw_board_texts_t texts;
    apr_uint32_t block;
    int state, is_message, is_recording, is_mms, has_duration;
    sw_direction_e direction;
    apr_time_t now, time;  /* of arrival, and of the event if it has one */
    apr_int32_t seconds;   /* duration that the event reports, or -1 */
    apr_int32_t mos;       /* mean opinion score in hundredths, or -1 */
    int error;             /* index in sw_errors, or -1 */
} sw_update_t;

/** "inbound", "outbound", or "" if not known. */
const char *sw_direction_word(sw_direction_e direction);

/** Read the event of a request.
 * @return 0 if it reports nothing about a call or message */
int sw_update_read(request_rec *r, sw_record_t *record,
                   const sw_decision_t *decision, sw_update_t *update);

/** Apply the update to its record, which is made if need be, and count it.
 * @return 0 if another process has held the lock of the record for too long */
int sw_update_apply(const sw_boards_t *boards, const sw_update_t *update);

#endif
