/* SPDX-License-Identifier: Apache-2.0 */
/* See calls.h. */
#include <stddef.h>

#include <apr_atomic.h>
#include <apr_lib.h>
#include <apr_siphash.h>
#include <apr_strings.h>

#include "status/calls.h"
#include "core/event/params.h"
#include "core/event/states.h"
#include "core/text/span.h"
#include "core/text/text.h"
#include "core/text/timestamp.h"
#include "httpd/config/settings.h"
#include "httpd/request/event.h"
#include "status/board.h"
#include "status/counters.h"
#include "store/shm_table.h"

#define SECONDS_MAX 100000000

static void count_up(const sw_boards_t *boards, int counter, apr_uint64_t n)
{
    sw_counters_add(boards->counters->total.n + counter, n);
}

/* ---- records, with the lock held ---------------------------------------- */

/* The first value that is not empty stays. */
#define NOTE(record, update, member) \
    do { \
        if (!*(record)->texts.member && *(update)->texts.member) \
            memcpy((record)->texts.member, (update)->texts.member, \
                   sizeof((record)->texts.member)); \
    } while (0)

static void note_texts(sw_board_record_t *record, const sw_update_t *update)
{
    NOTE(record, update, code);
    NOTE(record, update, from);
    NOTE(record, update, to);
    NOTE(record, update, name);
    NOTE(record, update, body);
    NOTE(record, update, recording);
    if (update->direction != SW_UNDIRECTED)
        record->direction = update->direction;
}

/* Use the oldest record for the call or message of the update. */
static void make_record(sw_shm_table_t *table, apr_uint32_t i,
                        const sw_update_t *update)
{
    sw_board_record_t *record = sw_shm_table_at(table, i);

    if (record->entry.state)
        sw_shm_table_remove(table, i);
    memset((char *)record + offsetof(sw_board_record_t, last), 0,
           sizeof(*record) - offsetof(sw_board_record_t, last));
    record->error = record->seconds = record->mos = -1;
    record->state = update->is_message ? SW_MESSAGE_OTHER : SW_CALL_OTHER;
    record->block = update->block;
    memcpy(record->texts.id, update->texts.id, sizeof(record->texts.id));
    sw_shm_table_insert(table, i, update->key, 1);
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
static void note_error(const sw_boards_t *boards, int errors,
                       sw_board_record_t *record, const sw_update_t *update)
{
    if (update->error < 0 || record->error >= 0)
        return;
    record->error = update->error;
    count_up(boards, errors + record->error, 1);
}

static void note_message(const sw_boards_t *boards, sw_board_record_t *record,
                         const sw_update_t *update)
{
    if (update->is_mms)
        record->is_mms = 1;
    if (enter_state(record, update, sw_message_states))
        count_up(boards,
                 update->state
                     + (record->is_mms ? SW_COUNT_MMS : SW_COUNT_MESSAGES),
                 1);
    note_error(boards, SW_COUNT_ERRORS, record, update);
}

/* The duration that the event reports, or else the time from answer to end,
 * which may be reported in either order. -1 if unknown. */
static apr_int32_t seconds_of(const sw_board_record_t *record,
                              const sw_update_t *update)
{
    apr_int64_t seconds = update->seconds;

    if (!update->has_duration && record->answered && record->ended)
        seconds = apr_time_sec(record->ended - record->answered);
    return seconds >= 0 && seconds < SECONDS_MAX ? (apr_int32_t)seconds : -1;
}

static void note_duration(const sw_boards_t *boards, sw_board_record_t *record,
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
    count_up(boards, SW_COUNT_TIMED_CALLS, 1);
    count_up(boards, SW_COUNT_SECONDS, (apr_uint64_t)record->seconds);
}

static void note_call(const sw_boards_t *boards, sw_board_record_t *record,
                      const sw_update_t *update)
{
    if (enter_state(record, update, sw_call_states))
        count_up(boards, SW_COUNT_CALLS + update->state, 1);
    note_duration(boards, record, update);
    note_error(boards, SW_COUNT_CALL_ERRORS, record, update);
    if (update->mos >= 0 && record->mos < 0) {
        record->mos = update->mos;
        count_up(boards, SW_COUNT_SCORES, 1);
        count_up(boards, SW_COUNT_MOS, (apr_uint64_t)update->mos);
    }
}

/* Of a recording only the URL, and only for a known call: status and duration
 * of such an event are those of the recording. */
static void note(const sw_boards_t *boards, sw_board_record_t *record,
                 const sw_update_t *update)
{
    if (update->is_recording) {
        NOTE(record, update, recording);
        return;
    }
    if (update->is_message)
        note_message(boards, record, update);
    else
        note_call(boards, record, update);
    note_texts(record, update);
    record->last = update->now;
}

/* Readers take no lock: the version tells them whether a record is whole. It is
 * odd at first if the last writer has died. */
static void write_record(const sw_boards_t *boards, sw_shm_table_t *table,
                         const sw_update_t *update)
{
    apr_uint32_t i = sw_shm_table_find(table, update->key);
    int is_new = i == SW_SHM_NONE;
    sw_board_record_t *record;

    if (is_new && update->is_recording)
        return;
    if (is_new)
        i = sw_shm_table_take_oldest(table,
                                     sw_shm_table_part(table, update->key));
    record = sw_shm_table_at(table, i);
    apr_atomic_set32(&record->version, record->version | 1);
    __sync_synchronize();
    if (is_new)
        make_record(table, i, update);
    note(boards, record, update);
    __sync_synchronize();
    apr_atomic_inc32(&record->version);
}

int sw_update_apply(const sw_boards_t *boards, const sw_update_t *update)
{
    sw_shm_table_t *table = update->is_message ? boards->messages
                                               : boards->calls;
    apr_uint32_t part = sw_shm_table_part(table, update->key);

    if (!sw_shm_table_lock(table, part))
        return 0;
    write_record(boards, table, update);
    sw_shm_table_unlock(table, part);
    return 1;
}

/* ---- reading an event ---------------------------------------------------- */

/* A keyed hash of sender and id, of 128 bits: no sender can change a record of
 * another one, whatever id it sends. */
static void make_key(request_rec *r, const char *sender, sw_span_t id,
                     unsigned char key[SW_SHM_KEY])
{
    const unsigned char *secret =
        sw_server_of(r->server)->boards->common->secret;
    apr_size_t n = strlen(sender) + 1 + id.n; /* with its NUL */
    char *text = apr_palloc(r->pool, n);
    apr_uint64_t hash[2];

    memcpy(text, sender, n - id.n);
    memcpy(text + n - id.n, id.p, id.n);
    hash[0] = apr_siphash24(text, n, secret);
    hash[1] = apr_siphash24(text, n, secret + APR_SIPHASH_KSIZE);
    memset(key, 0, SW_SHM_KEY);
    memcpy(key, hash, sizeof(hash));
}

/* The event's own time where a duration is computed from it. */
static apr_time_t time_of(request_rec *r, const sw_span_t *f,
                          const sw_update_t *update)
{
    apr_time_t time;

    if (!update->is_message && !update->has_duration
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
static sw_direction_e direction_of(const sw_update_t *update, sw_span_t text)
{
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

/* The duration that the event reports, in seconds. */
static apr_int32_t read_seconds(sw_span_t text)
{
    return text.n && text.n < 10 && strspn(text.p, "0123456789") == text.n
               ? (apr_int32_t)apr_atoi64(text.p)
               : -1;
}

static int read_error(sw_span_t code)
{
    return code.n && !sw_span_equal(code, sw_span("0")) ? sw_error_of(code)
                                                        : -1;
}

#define TEXT(p, update, member, from) \
    sw_board_text(p, from, (update)->texts.member, \
                  sizeof((update)->texts.member))

static void read_texts(apr_pool_t *p, const sw_span_t *f, sw_update_t *update)
{
    TEXT(p, update, id,
         f[update->is_message ? SW_FIELD_MESSAGE_ID : SW_FIELD_CALL_ID]);
    TEXT(p, update, code, f[SW_FIELD_ERROR_CODE]);
    TEXT(p, update, from, f[SW_FIELD_FROM]);
    TEXT(p, update, to, f[SW_FIELD_TO]);
    TEXT(p, update, name, f[SW_FIELD_CALLER_NAME]);
    TEXT(p, update, body, f[SW_FIELD_BODY]);
    TEXT(p, update, recording, f[SW_FIELD_RECORDING_URL]);
}

static int state_of(const sw_event_t *event)
{
    const sw_span_t *f = event->fields;

    if (event->flags & SW_EVENT_RECEIVED)
        return SW_MESSAGE_RECEIVED;
    return event->flags & SW_EVENT_MESSAGE
               ? sw_message_state(f[SW_FIELD_STATUS])
               : sw_call_state(f[SW_FIELD_STATUS], f[SW_FIELD_REASON]);
}

int sw_update_read(request_rec *r, sw_record_t *record,
                   const sw_decision_t *decision, sw_update_t *update)
{
    const unsigned int wanted = SW_EVENT_CALL | SW_EVENT_MESSAGE
                                | SW_EVENT_RECORDING;
    const sw_event_t *event = sw_event_of(record);
    const sw_span_t *f = event->fields;
    const int is_call = (event->flags & SW_EVENT_CALL) != 0;
    sw_span_t id;

    update->is_recording = (event->flags & SW_EVENT_RECORDING) != 0;
    update->is_message = (event->flags & SW_EVENT_MESSAGE) != 0;
    update->state = state_of(event);
    id = f[update->is_message ? SW_FIELD_MESSAGE_ID : SW_FIELD_CALL_ID];
    if (!(event->flags & wanted) || !id.n || update->state < 0)
        return 0;
    make_key(r, sw_sender(r, decision, 0), id, update->key);
    update->block = record->dir->block->board_index;
    update->direction = direction_of(update, f[SW_FIELD_DIRECTION]);
    update->is_mms = f[SW_FIELD_NUM_MEDIA].n
                     && !sw_span_equal(f[SW_FIELD_NUM_MEDIA], sw_span("0"));
    update->has_duration = f[SW_FIELD_DURATION].n > 0;
    update->seconds = read_seconds(f[SW_FIELD_DURATION]);
    update->error = read_error(f[SW_FIELD_ERROR_CODE]);
    update->now = apr_time_now();
    update->time = time_of(r, f, update);
    update->mos = is_call && sw_call_states[update->state].is_final
                      ? read_score(
                          sw_param(r->pool, sw_params_of(record), "AudioInMos"))
                      : -1;
    read_texts(r->pool, f, update);
    return 1;
}
