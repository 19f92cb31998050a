/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The calls and messages of the board: what an event says of one, and what has
 * been heard of it so far.
 */
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

/* What is known of it stays. */
static void set_text(char *to, apr_size_t size, apr_pool_t *p, sw_span_t from)
{
    if (from.n && !*to)
        sw_board_text(p, from, to, size);
}

#define SET(seen, member, news, field) \
    set_text((seen)->member, sizeof((seen)->member), (news)->p, \
             (news)->event->fields[field])

static void note_texts(sw_seen_t *seen, const sw_news_t *news)
{
    SET(seen, code, news, SW_FIELD_ERROR_CODE);
    SET(seen, from, news, SW_FIELD_FROM);
    SET(seen, to, news, SW_FIELD_TO);
    SET(seen, name, news, SW_FIELD_CALLER_NAME);
    SET(seen, body, news, SW_FIELD_BODY);
    SET(seen, recording, news, SW_FIELD_RECORDING_URL);
    if (news->direction != SW_UNDIRECTED)
        seen->direction = news->direction;
}

static sw_seen_t *find_or_make(sw_shm_table_t *table, const sw_news_t *news)
{
    apr_uint32_t i = sw_shm_table_find(table, news->key);
    sw_seen_t *seen;

    if (i != SW_SHM_NONE)
        return sw_shm_table_at(table, i);
    i = sw_shm_table_take_oldest(table);
    seen = sw_shm_table_at(table, i);
    if (seen->entry.state)
        sw_shm_table_remove(table, i);
    memset((char *)seen + sizeof(seen->entry), 0,
           sizeof(*seen) - sizeof(seen->entry));
    seen->error = seen->seconds = seen->mos = -1;
    seen->state = news->is_message ? SW_MESSAGE_OTHER : SW_CALL_OTHER;
    seen->block = news->block;
    set_text(seen->id, sizeof(seen->id), news->p,
             news->event->fields[news->is_message ? SW_FIELD_MESSAGE_ID
                                                  : SW_FIELD_CALL_ID]);
    sw_shm_table_insert(table, i, news->key, 1);
    return seen;
}

/* Has it ended already, and otherwise? What is read later has been delivered,
 * which is no other end. */
static int has_ended_otherwise(const sw_seen_t *seen, const sw_state_t *states,
                               int end)
{
    int i;

    for (i = 0; states[end].is_final && (seen->states >> i) != 0; i++) {
        if (i != end && ((seen->states >> i) & 1) && states[i].is_final
            && states[i].rank == states[end].rank)
            return 1;
    }
    return 0;
}

/* @return whether this is the first that is heard of the state. Late news
 * moves nothing back, and a second end is none. */
static int reach(sw_seen_t *seen, const sw_news_t *news,
                 const sw_state_t *states)
{
    int is_first = !((seen->states >> news->state) & 1)
                   && !has_ended_otherwise(seen, states, news->state);

    if (states[news->state].rank > states[seen->state].rank)
        seen->state = news->state;
    seen->states |= (apr_uint32_t)1 << news->state;
    return is_first;
}

/* The first that is told of it. */
static void note_error(const sw_tallies_t *to, int errors, sw_seen_t *seen,
                       const sw_news_t *news)
{
    sw_span_t code = news->event->fields[SW_FIELD_ERROR_CODE];

    if (!code.n || sw_span_equal(code, sw_span("0")) || seen->error >= 0)
        return;
    seen->error = sw_error_of(code);
    sw_board_add(to, errors + seen->error, 1);
}

static void note_message(const sw_tallies_t *to, sw_shm_table_t *table,
                         const sw_news_t *news)
{
    sw_seen_t *seen = find_or_make(table, news);
    apr_time_t now = apr_time_now();

    if (news->is_mms)
        seen->is_mms = 1;
    if (reach(seen, news, sw_message_states))
        sw_board_add(to, news->state
                     + (seen->is_mms ? SW_TALLY_MMS : SW_TALLY_MESSAGES), 1);
    note_error(to, SW_TALLY_ERRORS, seen, news);
    note_texts(seen, news);
    seen->last = now;
}

/* As it is told; or else from the answer to the end, whichever is heard of
 * last. */
static apr_int32_t seconds_of(const sw_seen_t *seen, const sw_news_t *news)
{
    sw_span_t text = news->event->fields[SW_FIELD_DURATION];
    int is_number = text.n && text.n < 10
                    && strspn(text.p, "0123456789") == text.n;
    apr_int64_t seconds = is_number ? apr_atoi64(text.p) : -1;

    if (!text.n && seen->answered && seen->ended)
        seconds = apr_time_sec(seen->ended - seen->answered);
    return seconds >= 0 && seconds < 100000000 ? (apr_int32_t)seconds : -1;
}

static void note_duration(const sw_tallies_t *to, sw_seen_t *seen,
                          const sw_news_t *news)
{
    if (news->state == SW_CALL_IN_PROGRESS
        && (!seen->answered || news->time < seen->answered))
        seen->answered = news->time;
    if (news->state == SW_CALL_COMPLETED && !seen->ended)
        seen->ended = news->time;
    if (!seen->ended || seen->seconds >= 0)
        return;
    seen->seconds = seconds_of(seen, news);
    if (seen->seconds < 0)
        return;
    sw_board_add(to, SW_TALLY_TALKS, 1);
    sw_board_add(to, SW_TALLY_SECONDS, (apr_uint64_t)seen->seconds);
}

static void note_call(const sw_tallies_t *to, sw_shm_table_t *table,
                      const sw_news_t *news)
{
    sw_seen_t *seen = find_or_make(table, news);
    apr_time_t now = apr_time_now();

    if (reach(seen, news, sw_call_states))
        sw_board_add(to, SW_TALLY_CALLS + news->state, 1);
    note_duration(to, seen, news);
    note_error(to, SW_TALLY_CALL_ERRORS, seen, news);
    if (news->mos >= 0 && seen->mos < 0) {
        seen->mos = news->mos;
        sw_board_add(to, SW_TALLY_SCORES, 1);
        sw_board_add(to, SW_TALLY_MOS, (apr_uint64_t)news->mos);
    }
    note_texts(seen, news);
    seen->last = now;
}

/* Of a sender and an id: what somebody else says of a call is another record,
 * which no choice of an id leads to. */
static int make_key(apr_pool_t *p, const char *sender, sw_span_t id,
                     unsigned char key[SW_SHM_KEY])
{
    apr_size_t n = strlen(sender) + 1; /* with its NUL */
    char *text = apr_palloc(p, n + id.n);

    memcpy(text, sender, n);
    memcpy(text + n, id.p, id.n);
    return sw_digest(sw_span_of(text, n + id.n), key);
}

/* When it happened, where a duration depends on it. */
static apr_time_t time_of(request_rec *r, const sw_news_t *news)
{
    const sw_span_t *f = news->event->fields;
    apr_time_t time;

    if (!news->is_message && !f[SW_FIELD_DURATION].n
        && (news->state == SW_CALL_IN_PROGRESS
            || news->state == SW_CALL_COMPLETED)
        && sw_timestamp_read(f[SW_FIELD_TIMESTAMP], &time))
        return time;
    return r->request_time;
}

/* "4.31" is 431, from 1 to 5; what comes behind is cut. */
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

/* As it is told; of a message its status says it too. */
static sw_direction_e direction_of(const sw_news_t *news)
{
    sw_span_t text = news->event->fields[SW_FIELD_DIRECTION];

    if (sw_span_equal(text, sw_span("inbound")))
        return SW_INBOUND;
    if (sw_span_starts(text, sw_span("outbound")))
        return SW_OUTBOUND;
    if (!news->is_message || news->state == SW_MESSAGE_OTHER)
        return SW_UNDIRECTED;
    return news->state == SW_MESSAGE_RECEIVED
           || news->state == SW_MESSAGE_RECEIVING ? SW_INBOUND : SW_OUTBOUND;
}

const char *sw_direction_word(sw_direction_e direction)
{
    return direction == SW_INBOUND ? "inbound"
           : direction == SW_OUTBOUND ? "outbound" : "";
}

int sw_news_read(request_rec *r, sw_record_t *record,
                 const sw_judgement_t *judgement, sw_news_t *news)
{
    static const char *const calls[] = {
        "voice.status", "voice.incoming", "voice.outgoing", "call.state",
        "swml.call", NULL
    };
    static const char *const received[] = {
        "message.incoming", "swml.message", NULL
    };
    const sw_event_t *event = sw_event_of(record);
    const sw_span_t *f = event->fields;
    static const char *const recordings[] = {
        "voice.record", "voice.recording", "call.record", NULL
    };
    const char *kind = f[SW_FIELD_EVENT].p;
    int is_incoming = sw_text_is_one_of(kind, received);
    int is_call = sw_text_is_one_of(kind, calls);
    sw_span_t id;

    news->is_recording = sw_text_is_one_of(kind, recordings);
    news->is_message = is_incoming || strcmp(kind, "message.status") == 0;
    id = f[news->is_message ? SW_FIELD_MESSAGE_ID : SW_FIELD_CALL_ID];
    if ((!is_call && !news->is_message && !news->is_recording) || !id.n)
        return 0;
    news->event = event;
    news->p = r->pool;
    news->state = is_incoming ? SW_MESSAGE_RECEIVED
                  : news->is_message ? sw_message_state(f[SW_FIELD_STATUS])
                  : sw_call_state(f[SW_FIELD_STATUS], f[SW_FIELD_REASON]);
    if (news->state < 0
        || !make_key(r->pool, sw_sender(r, judgement, 0), id, news->key))
        return 0;
    news->direction = direction_of(news);
    news->is_mms = f[SW_FIELD_NUM_MEDIA].n
                   && !sw_span_equal(f[SW_FIELD_NUM_MEDIA], sw_span("0"));
    news->time = time_of(r, news);
    news->mos = is_call && sw_call_states[news->state].is_final ? read_score(
                    sw_param(r->pool, sw_params_of(record), "AudioInMos"))
                                                                : -1;
    return 1;
}

/* What has been recorded, if the call is known: it says nothing of how far
 * that has come, and its duration is another. */
static void note_recording(sw_shm_table_t *table, const sw_news_t *news)
{
    apr_uint32_t i = sw_shm_table_find(table, news->key);

    if (i != SW_SHM_NONE)
        SET((sw_seen_t *)sw_shm_table_at(table, i), recording, news,
            SW_FIELD_RECORDING_URL);
}

void sw_news_note(const sw_tallies_t *to, const sw_boards_t *boards,
                  const sw_news_t *news)
{
    if (news->is_recording) {
        note_recording(boards->calls, news);
    }
    else if (!news->is_message) {
        note_call(to, boards->calls, news);
    }
    else if (sw_shm_table_lock(boards->messages)) {
        note_message(to, boards->messages, news);
        sw_shm_table_unlock(boards->messages);
    }
}
