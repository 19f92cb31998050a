/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The event that a request describes: parameters in, a kind and the fields of
 * one vocabulary out, the same for forms, JSON and queries. docs/variables.md
 * has the tables. Nothing fails here: an event that is not recognised has the
 * kind "unknown".
 */
#ifndef SW_EVENT_H
#define SW_EVENT_H

#include <apr_tables.h>

#include "core/event/params.h"
#include "core/text/span.h"

/* Fields, how their header fields are spelled, and how private they are. The
 * first are the verdict's, and are filled in when a request is verified. Those
 * that may be long stand last: where room is scarce, these are left out. */
#define SW_FIELDS(X) \
    X(WEBHOOK, "Webhook", PUBLIC) X(VERIFIED, "Verified", PUBLIC) \
    X(VERDICT, "Verdict", PUBLIC) X(KEY, "Key", PUBLIC) \
    X(ONCE, "Once", PUBLIC) X(LOG_ID, "Log-Id", PUBLIC) \
    X(EVENT, "Event", PUBLIC) X(FORMAT, "Format", PUBLIC) \
    X(RESPONSE, "Response", PUBLIC) X(ID, "Id", PUBLIC) \
    X(STATUS, "Status", PUBLIC) X(PROGRESS, "Progress", PUBLIC) \
    X(TERMINAL, "Terminal", PUBLIC) X(EVENT_TYPE, "Event-Type", PUBLIC) \
    X(TRANSCRIPTION_EVENT, "Transcription-Event", PUBLIC) \
    X(TYPE, "Type", PUBLIC) X(CONVERSATION_TYPE, "Conversation-Type", PUBLIC) \
    X(PROJECT_ID, "Project-Id", PUBLIC) X(SPACE_ID, "Space-Id", PUBLIC) \
    X(CALL_ID, "Call-Id", PUBLIC) X(PARENT_CALL_ID, "Parent-Call-Id", PUBLIC) \
    X(PEER_CALL_ID, "Peer-Call-Id", PUBLIC) \
    X(SEGMENT_ID, "Segment-Id", PUBLIC) X(NODE_ID, "Node-Id", PUBLIC) \
    X(TAG, "Tag", PRIVATE) X(CONTROL_ID, "Control-Id", PUBLIC) \
    X(SESSION_ID, "Session-Id", PUBLIC) X(MESSAGE_ID, "Message-Id", PUBLIC) \
    X(FAX_ID, "Fax-Id", PUBLIC) X(CONFERENCE_ID, "Conference-Id", PUBLIC) \
    X(RECORDING_ID, "Recording-Id", PUBLIC) \
    X(TRANSCRIPTION_ID, "Transcription-Id", PUBLIC) \
    X(QUEUE_ID, "Queue-Id", PUBLIC) X(STREAM_ID, "Stream-Id", PUBLIC) \
    X(FROM, "From", NUMBER) X(TO, "To", NUMBER) \
    X(DIRECTION, "Direction", PUBLIC) X(CALLER_NAME, "Caller-Name", PRIVATE) \
    X(FORWARDED_FROM, "Forwarded-From", NUMBER) X(REASON, "Reason", PUBLIC) \
    X(ERROR_CODE, "Error-Code", PUBLIC) \
    X(ERROR_MESSAGE, "Error-Message", PRIVATE) \
    X(SIP_CODE, "Sip-Code", PUBLIC) X(HANGUP_BY, "Hangup-By", PUBLIC) \
    X(TIMESTAMP, "Timestamp", PUBLIC) X(TIME, "Time", PUBLIC) \
    X(SEQUENCE, "Sequence", PUBLIC) X(DURATION, "Duration", PUBLIC) \
    X(NUM_SEGMENTS, "Num-Segments", PUBLIC) X(NUM_MEDIA, "Num-Media", PUBLIC) \
    X(DIGITS, "Digits", PRIVATE) X(CONFIDENCE, "Confidence", PRIVATE) \
    X(RECORDING_URL, "Recording-Url", PRIVATE) \
    X(RECORDING_DURATION, "Recording-Duration", PUBLIC) \
    X(NUM_PAGES, "Num-Pages", PUBLIC) X(ANSWERED_BY, "Answered-By", PUBLIC) \
    X(NAME, "Name", PRIVATE) X(QUEUE_POSITION, "Queue-Position", PUBLIC) \
    X(QUEUE_SIZE, "Queue-Size", PUBLIC) X(FUNCTION, "Function", PUBLIC) \
    X(DEDUPE, "Dedupe", PRIVATE) X(SPEECH_RESULT, "Speech-Result", PRIVATE) \
    X(TRANSCRIPT, "Transcript", PRIVATE) X(BODY, "Body", PRIVATE)

#define SW_FIELD_ENUM(name, header, privacy) SW_FIELD_##name,

/** Those before SW_FIELD_EVENT are the verdict's, those from
 * SW_FIELD_SPEECH_RESULT on may be long. */
typedef enum sw_field_e {
    SW_FIELDS(SW_FIELD_ENUM)
    SW_FIELD_COUNT
} sw_field_e;

/** How much of a field is shown in a log or page that many people may read. */
typedef enum sw_privacy_e {
    SW_PRIVACY_PUBLIC,  /* all of it */
    SW_PRIVACY_NUMBER,  /* a telephone number or address: masked */
    SW_PRIVACY_PRIVATE  /* nothing: what people say, are called, or typed */
} sw_privacy_e;

sw_privacy_e sw_field_privacy(sw_field_e field);

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

/** The purpose of a document, as a set: some verbs fit several. */
typedef enum sw_channel_e {
    SW_CHANNEL_CALL = 1,
    SW_CHANNEL_MESSAGE = 2,
    SW_CHANNEL_FAX = 4,
    SW_CHANNEL_ANY = 7
} sw_channel_e;

/** Flags of an event, by its kind. */
enum {
    SW_EVENT_CALL = 1,        /* reports the progress of a call */
    SW_EVENT_MESSAGE = 2,     /* reports the progress of a message */
    SW_EVENT_RECEIVED = 4,    /* a message that came in */
    SW_EVENT_RECORDING = 8,   /* reports a recording of a call */
    SW_EVENT_ACTION = 16,     /* as a form it may be a verb's action, which
                                 wants a document */
    SW_EVENT_ANY_STATUS = 32, /* the status of the reply is the application's
                                 answer */
    SW_EVENT_MAY_BE_EMPTY = 64, /* the reply */
    SW_EVENT_PAYMENT = 128
};

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
    unsigned int flags; /* SW_EVENT_CALL and the like */
    sw_span_t fields[SW_FIELD_COUNT];
    apr_array_header_t *media; /* of sw_media_item_t, by n; NULL for none */
} sw_event_t;

/** The field or the item of media called @a name (sw_field_of()), "Call-Id" or
 * "MEDIA_URL_0"; NULL and 0 if there is none. */
sw_span_t sw_event_value(const sw_event_t *event, const char *name);

/** How many kinds there may be. */
#define SW_EVENT_KINDS 80

/** The name of the kind with this number; "call.*" and "video.*" for kinds
 * whose events carry their name, NULL if there is no such kind. Some kinds
 * share a name. */
const char *sw_event_kind(unsigned int kind);

/** Is @a event the name of a kind? Any "call.X" and "video.X" is. */
int sw_event_is_known(const char *event);

/** Is the reply to every event of this name a status code only? */
int sw_event_is_callback(const char *event);

/** Read the event out of @a params. What is not in @a pool belongs to them. */
void sw_event_read(apr_pool_t *pool, const sw_params_t *params,
                   sw_event_t *event);

#endif
