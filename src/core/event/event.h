/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happened: parameters in, a kind and the fields of one vocabulary out,
 * the same whatever was sent. docs/variables.md shows the tables by which a
 * request is read. Nothing fails here: what is not recognised is of
 * the kind "unknown".
 */
#ifndef SW_EVENT_H
#define SW_EVENT_H

#include <apr_tables.h>

#include "core/event/params.h"
#include "core/text/span.h"

/* Fields, and how their header fields are spelled. The first are the
 * verdict's: who verifies fills them in. Those that may be long stand last:
 * they are left out first where room is scarce. */
#define SW_FIELDS(X) \
    X(WEBHOOK, "Webhook") X(VERIFIED, "Verified") \
    X(VERDICT, "Verdict") X(KEY, "Key") X(ONCE, "Once") \
    X(LOG_ID, "Log-Id") \
    X(EVENT, "Event") X(FORMAT, "Format") X(RESPONSE, "Response") \
    X(ID, "Id") X(STATUS, "Status") X(PROGRESS, "Progress") \
    X(TERMINAL, "Terminal") X(EVENT_TYPE, "Event-Type") \
    X(TRANSCRIPTION_EVENT, "Transcription-Event") X(TYPE, "Type") \
    X(CONVERSATION_TYPE, "Conversation-Type") \
    X(PROJECT_ID, "Project-Id") X(SPACE_ID, "Space-Id") \
    X(CALL_ID, "Call-Id") X(PARENT_CALL_ID, "Parent-Call-Id") \
    X(PEER_CALL_ID, "Peer-Call-Id") X(SEGMENT_ID, "Segment-Id") \
    X(NODE_ID, "Node-Id") X(TAG, "Tag") X(CONTROL_ID, "Control-Id") \
    X(SESSION_ID, "Session-Id") X(MESSAGE_ID, "Message-Id") \
    X(FAX_ID, "Fax-Id") X(CONFERENCE_ID, "Conference-Id") \
    X(RECORDING_ID, "Recording-Id") X(TRANSCRIPTION_ID, "Transcription-Id") \
    X(QUEUE_ID, "Queue-Id") X(STREAM_ID, "Stream-Id") \
    X(FROM, "From") X(TO, "To") X(DIRECTION, "Direction") \
    X(CALLER_NAME, "Caller-Name") X(FORWARDED_FROM, "Forwarded-From") \
    X(REASON, "Reason") X(ERROR_CODE, "Error-Code") \
    X(ERROR_MESSAGE, "Error-Message") X(SIP_CODE, "Sip-Code") \
    X(HANGUP_BY, "Hangup-By") X(TIMESTAMP, "Timestamp") X(TIME, "Time") \
    X(SEQUENCE, "Sequence") X(DURATION, "Duration") \
    X(NUM_SEGMENTS, "Num-Segments") X(NUM_MEDIA, "Num-Media") \
    X(DIGITS, "Digits") X(CONFIDENCE, "Confidence") \
    X(RECORDING_URL, "Recording-Url") \
    X(RECORDING_DURATION, "Recording-Duration") X(NUM_PAGES, "Num-Pages") \
    X(ANSWERED_BY, "Answered-By") X(NAME, "Name") \
    X(QUEUE_POSITION, "Queue-Position") X(QUEUE_SIZE, "Queue-Size") \
    X(FUNCTION, "Function") X(DEDUPE, "Dedupe") \
    X(SPEECH_RESULT, "Speech-Result") X(TRANSCRIPT, "Transcript") \
    X(BODY, "Body")

#define SW_FIELD_ENUM(name, header) SW_FIELD_##name,

/** Those before SW_FIELD_EVENT are the verdict's, those from
 * SW_FIELD_SPEECH_RESULT on may be long. */
typedef enum sw_field_e {
    SW_FIELDS(SW_FIELD_ENUM)
    SW_FIELD_COUNT
} sw_field_e;

/** "CALL_ID" */
const char *sw_field_name(sw_field_e field);

/** The field called @a name, without regard to case and '-' as '_';
 * SW_FIELD_COUNT for none. */
sw_field_e sw_field_of(const char *name);

/** What the reply to an event must be. */
typedef enum sw_response_e {
    SW_RESPONSE_NONE, /* a status code: a callback */
    SW_RESPONSE_CXML,
    SW_RESPONSE_SWML,
    SW_RESPONSE_JSON
} sw_response_e;

/** What a document is run for: a set, since some verbs have several. */
typedef enum sw_channel_e {
    SW_CHANNEL_CALL = 1,
    SW_CHANNEL_MESSAGE = 2,
    SW_CHANNEL_FAX = 4,
    SW_CHANNEL_ANY = 7
} sw_channel_e;

/** MEDIA_URL_n and MEDIA_TYPE_n; NULL and 0 where unset. */
typedef struct sw_media_item_t {
    unsigned int n;
    sw_span_t url;
    sw_span_t type;
} sw_media_item_t;

/** Numbers of media from this on are passed over. */
#define SW_MEDIA_MAX 100

/** Values are NUL-terminated; NULL and 0 is an unset field. Those of the
 * verdict are unset. */
typedef struct sw_event_t {
    unsigned int kind; /* less than SW_EVENT_KINDS */
    sw_response_e response;
    sw_channel_e channel;
    sw_span_t fields[SW_FIELD_COUNT];
    apr_array_header_t *media; /* of sw_media_item_t, by n; NULL for none */
} sw_event_t;

/** The field or the item of media called @a name (sw_field_of()), "Call-Id" or
 * "MEDIA_URL_0"; NULL and 0 if there is none. */
sw_span_t sw_event_value(const sw_event_t *event, const char *name);

/** How many kinds there may be. */
#define SW_EVENT_KINDS 80

/** What the kind of that number is called; "call.*" and "video.*" where an
 * event names itself, NULL where there is no such kind. Some kinds share a
 * name. */
const char *sw_event_kind(unsigned int kind);

/** Is @a event the name of a kind? Any "call.X" and "video.X" is. */
int sw_event_is_known(const char *event);

/** Is the reply to every event of this name a status code only? */
int sw_event_is_callback(const char *event);

/** Read the event out of @a params. What is not in @a pool belongs to them. */
void sw_event_read(apr_pool_t *pool, const sw_params_t *params,
                   sw_event_t *event);

#endif
