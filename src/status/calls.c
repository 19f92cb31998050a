/* SPDX-License-Identifier: Apache-2.0 */
/* See calls.h. */
#include <apr_lib.h>
#include <apr_strings.h>

#include "status/calls.h"
#include "core/event/params.h"
#include "core/event/states.h"
#include "core/signature/signature.h"
#include "core/text/span.h"
#include "core/text/text.h"
#include "core/text/timestamp.h"
#include "httpd/request/event.h"
#include "store/shm_table.h"

/* The first value that is not empty stays. */
static void set_text(char *to, apr_size_t size, apr_pool_t *p, sw_span_t from)
{
    if (from.n && !*to)
        sw_board_text(p, from, to, size);
}

#define SET(record, member, update, field) \
    set_text((record)->member, sizeof((record)->member), (update)->p, \
             (update)->event->fields[field])

static void note_texts(sw_board_record_t *record, const sw_update_t *update)
{
    SET(record, code, update, SW_FIELD_ERROR_CODE);
    SET(record, from, update, SW_FIELD_FROM);
    SET(record, to, update, SW_FIELD_TO);
    SET(record, name, update, SW_FIELD_CALLER_NAME);
    SET(record, body, update, SW_FIELD_BODY);
    SET(record, recording, update, SW_FIELD_RECORDING_URL);
    if (update->direction != SW_UNDIRECTED)
        record->direction = update->direction;
}

static sw_board_record_t *find_or_make(sw_shm_table_t *table,
                                       const sw_update_t *update)
{
    apr_uint32_t i = sw_shm_table_find(table, update->key);
    sw_board_record_t *record;

    if (i != SW_SHM_NONE)
        return sw_shm_table_at(table, i);
    i = sw_shm_table_take_oldest(table);
    record = sw_shm_table_at(table, i);
    if (record->entry.state)
        sw_shm_table_remove(table, i);
    memset((char *)record + sizeof(record->entry), 0,
           sizeof(*record) - sizeof(record->entry));
    record->error = record->seconds = record->mos = -1;
    record->state = update->is_message ? SW_MESSAGE_OTHER : SW_CALL_OTHER;
    record->block = update->block;
    set_text(record->id, sizeof(record->id), update->p,
             update->event->fields[update->is_message ? SW_FIELD_MESSAGE_ID
                                                      : SW_FIELD_CALL_ID]);
    sw_shm_table_insert(table, i, update->key, 1);
    return record;
}

/* Has the call or message already ended in another state of the same rank?
 * "read" ranks above "delivered", so it does not contradict it. */
static int has_ended_otherwise(const sw_board_record_t *record,
                               const sw_state_t *states, int end)
{
    int i;

    for (i = 0; states[end].is_final && (record->states >> i) != 0; i++) {
        if (i != end && ((record->states >> i) & 1) && states[i].is_final
            && states[i].rank == states[end].rank)
            return 1;
    }
    return 0;
}

/* Add the state of the update. A late update does not move the record back; the
 * first final state stays.
 * @return whether the state counts: it is new, and no second end */
static int enter_state(sw_board_record_t *record, const sw_update_t *update,
                       const sw_state_t *states)
{
    int is_first = !((record->states >> update->state) & 1)
                   && !has_ended_otherwise(record, states, update->state);

    if (states[update->state].rank > states[record->state].rank)
        record->state = update->state;
    record->states |= (apr_uint32_t)1 << update->state;
    return is_first;
}

/* Only the first error code of a record is counted. */
static void note_error(const sw_periods_t *to, int errors,
                       sw_board_record_t *record, const sw_update_t *update)
{
    sw_span_t code = update->event->fields[SW_FIELD_ERROR_CODE];

    if (!code.n || sw_span_equal(code, sw_span("0")) || record->error >= 0)
        return;
    record->error = sw_error_of(code);
    sw_board_add(to, errors + record->error, 1);
}

static void note_message(const sw_periods_t *to, sw_shm_table_t *table,
                         const sw_update_t *update)
{
    sw_board_record_t *record = find_or_make(table, update);
    apr_time_t now = apr_time_now();

    if (update->is_mms)
        record->is_mms = 1;
    if (enter_state(record, update, sw_message_states))
        sw_board_add(to,
                     update->state
                         + (record->is_mms ? SW_COUNT_MMS : SW_COUNT_MESSAGES),
                     1);
    note_error(to, SW_COUNT_ERRORS, record, update);
    note_texts(record, update);
    record->last = now;
}

/* The duration that the event reports, or else the time from answer to end,
 * which may be reported in either order. -1 if unknown. */
static apr_int32_t seconds_of(const sw_board_record_t *record,
                              const sw_update_t *update)
{
    sw_span_t text = update->event->fields[SW_FIELD_DURATION];
    int is_number = text.n && text.n < 10
                    && strspn(text.p, "0123456789") == text.n;
    apr_int64_t seconds = is_number ? apr_atoi64(text.p) : -1;

    if (!text.n && record->answered && record->ended)
        seconds = apr_time_sec(record->ended - record->answered);
    return seconds >= 0 && seconds < 100000000 ? (apr_int32_t)seconds : -1;
}

static void note_duration(const sw_periods_t *to, sw_board_record_t *record,
                          const sw_update_t *update)
{
    if (update->state == SW_CALL_IN_PROGRESS
        && (!record->answered || update->time < record->answered))
        record->answered = update->time;
    if (update->state == SW_CALL_COMPLETED && !record->ended)
        record->ended = update->time;
    if (!record->ended || record->seconds >= 0)
        return;
    record->seconds = seconds_of(record, update);
    if (record->seconds < 0)
        return;
    sw_board_add(to, SW_COUNT_TIMED_CALLS, 1);
    sw_board_add(to, SW_COUNT_SECONDS, (apr_uint64_t)record->seconds);
}

static void note_call(const sw_periods_t *to, sw_shm_table_t *table,
                      const sw_update_t *update)
{
    sw_board_record_t *record = find_or_make(table, update);
    apr_time_t now = apr_time_now();

    if (enter_state(record, update, sw_call_states))
        sw_board_add(to, SW_COUNT_CALLS + update->state, 1);
    note_duration(to, record, update);
    note_error(to, SW_COUNT_CALL_ERRORS, record, update);
    if (update->mos >= 0 && record->mos < 0) {
        record->mos = update->mos;
        sw_board_add(to, SW_COUNT_SCORES, 1);
        sw_board_add(to, SW_COUNT_MOS, (apr_uint64_t)update->mos);
    }
    note_texts(record, update);
    record->last = now;
}

/* The key of a record is a digest of sender and id: no sender can change a
 * record of another one, whatever id it sends. */
static int make_key(apr_pool_t *p, const char *sender, sw_span_t id,
                    unsigned char key[SW_SHM_KEY])
{
    apr_size_t n = strlen(sender) + 1; /* with its NUL */
    char *text = apr_palloc(p, n + id.n);

    memcpy(text, sender, n);
    memcpy(text + n, id.p, id.n);
    return sw_digest(sw_span_of(text, n + id.n), key);
}

/* The event's own time where a duration is computed from it. */
static apr_time_t time_of(request_rec *r, const sw_update_t *update)
{
    const sw_span_t *f = update->event->fields;
    apr_time_t time;

    if (!update->is_message && !f[SW_FIELD_DURATION].n
        && (update->state == SW_CALL_IN_PROGRESS
            || update->state == SW_CALL_COMPLETED)
        && sw_timestamp_read(f[SW_FIELD_TIMESTAMP], &time))
        return time;
    return r->request_time;
}

/* "4.31" is 431; further digits are cut. -1 unless from 1 to 5. */
static apr_int32_t read_score(sw_span_t text)
{
    apr_size_t i;
    apr_int32_t score = 0, unit = 100;

    for (i = 0; i < text.n; i++) {
        if (i == 1 && text.p[i] == '.')
            continue;
        if (i == 1 || !apr_isdigit(text.p[i]))
            return -1;
        score += (text.p[i] - '0') * unit;
        unit /= 10;
    }
    return score >= 100 && score <= 500 ? score : -1;
}

/* The direction that the event reports; a message's status implies one. */
static sw_direction_e direction_of(const sw_update_t *update)
{
    sw_span_t text = update->event->fields[SW_FIELD_DIRECTION];

    if (sw_span_equal(text, sw_span("inbound")))
        return SW_INBOUND;
    if (sw_span_starts(text, sw_span("outbound")))
        return SW_OUTBOUND;
    if (!update->is_message || update->state == SW_MESSAGE_OTHER)
        return SW_UNDIRECTED;
    return update->state == SW_MESSAGE_RECEIVED
                   || update->state == SW_MESSAGE_RECEIVING
               ? SW_INBOUND
               : SW_OUTBOUND;
}

const char *sw_direction_word(sw_direction_e direction)
{
    return direction == SW_INBOUND    ? "inbound"
           : direction == SW_OUTBOUND ? "outbound"
                                      : "";
}

int sw_update_read(request_rec *r, sw_record_t *record,
                   const sw_decision_t *decision, sw_update_t *update)
{
    const sw_event_t *event = sw_event_of(record);
    const sw_span_t *f = event->fields;
    const int is_incoming = (event->flags & SW_EVENT_RECEIVED) != 0;
    const int is_call = (event->flags & SW_EVENT_CALL) != 0;
    sw_span_t id;

    update->is_recording = (event->flags & SW_EVENT_RECORDING) != 0;
    update->is_message = (event->flags & SW_EVENT_MESSAGE) != 0;
    id = f[update->is_message ? SW_FIELD_MESSAGE_ID : SW_FIELD_CALL_ID];
    if ((!is_call && !update->is_message && !update->is_recording) || !id.n)
        return 0;
    update->event = event;
    update->p = r->pool;
    update->state = is_incoming ? SW_MESSAGE_RECEIVED
                    : update->is_message
                        ? sw_message_state(f[SW_FIELD_STATUS])
                        : sw_call_state(f[SW_FIELD_STATUS], f[SW_FIELD_REASON]);
    if (update->state < 0
        || !make_key(r->pool, sw_sender(r, decision, 0), id, update->key))
        return 0;
    update->direction = direction_of(update);
    update->is_mms = f[SW_FIELD_NUM_MEDIA].n
                     && !sw_span_equal(f[SW_FIELD_NUM_MEDIA], sw_span("0"));
    update->time = time_of(r, update);
    update->mos = is_call && sw_call_states[update->state].is_final
                      ? read_score(
                          sw_param(r->pool, sw_params_of(record), "AudioInMos"))
                      : -1;
    return 1;
}

/* Only the URL, and only for a known call: status and duration of such an event
 * are those of the recording. */
static void note_recording(sw_shm_table_t *table, const sw_update_t *update)
{
    apr_uint32_t i = sw_shm_table_find(table, update->key);

    if (i != SW_SHM_NONE)
        SET((sw_board_record_t *)sw_shm_table_at(table, i), recording, update,
            SW_FIELD_RECORDING_URL);
}

void sw_update_apply(const sw_periods_t *to, const sw_boards_t *boards,
                     const sw_update_t *update)
{
    if (update->is_recording) {
        note_recording(boards->calls, update);
    }
    else if (!update->is_message) {
        note_call(to, boards->calls, update);
    }
    else if (sw_shm_table_lock(boards->messages)) {
        note_message(to, boards->messages, update);
        sw_shm_table_unlock(boards->messages);
    }
}
