/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of events: the kinds, and the sources of their fields. Shared by
 * extract.c, which finds the kind, event.c, which fills in the fields, and
 * suggest.c.
 */
#ifndef SW_KINDS_H
#define SW_KINDS_H

#include "core/event/event.h"

/* A field, as the tables say it. */
#define V(name) SW_FIELD_##name

/** What a request may be, in the order of docs/variables.md. */
typedef enum sw_kind_e {
    SW_UNKNOWN,
    SW_VOICE_INCOMING,
    SW_VOICE_OUTGOING,
    SW_VOICE_GATHER,
    SW_VOICE_GATHER_PARTIAL,
    SW_VOICE_RECORD,
    SW_VOICE_DIAL,
    SW_VOICE_REFER,
    SW_VOICE_SMS,
    SW_VOICE_SMS_STATUS,
    SW_VOICE_VIRTUALAGENT,
    SW_VOICE_STATUS,
    SW_VOICE_RECORDING,
    SW_VOICE_TRANSCRIPTION,
    SW_VOICE_STREAM,
    SW_VOICE_AMD,
    SW_QUEUE_WAIT,
    SW_QUEUE_RESULT,
    SW_QUEUE_DEQUEUE,
    SW_CONFERENCE_STATUS,
    SW_CONFERENCE_DOCUMENT,
    SW_PAY_STATUS,
    SW_PAY_RESULT,
    SW_MESSAGE_INCOMING,
    SW_MESSAGE_INBOUND,
    SW_MESSAGE_STATUS,
    SW_FAX_INCOMING,
    SW_FAX_STATUS,
    SW_SWML_CALL,
    SW_SWML_MESSAGE,
    SW_CALL_STATE,
    SW_CALL_CONNECT,
    SW_CALL_RECORD,
    SW_CALL_PLAY,
    SW_CALL_COLLECT,
    SW_CALL_DETECT,
    SW_CALL_FAX,
    SW_CALL_TAP,
    SW_CALL_STREAM,
    SW_CALL_REFER,
    SW_CALL_PAY,
    SW_CALL_QUEUE,
    SW_CALL_CONFERENCE,
    SW_CALL_TRANSCRIPT,
    SW_CALL_CONTROL,
    SW_TENDLC_STATUS,
    SW_SWAIG_FUNCTION,
    SW_SWAIG_SIGNATURE,
    SW_AI_POST_PROMPT,
    SW_AI_LOAD_CONVERSATION,
    SW_AI_DEBUG,
    SW_AI_SIDECAR,
    SW_PAY_CONNECTOR,
    SW_VIDEO_EVENT,
    SW_MCP_REQUEST,
    SW_OTHER_CALL,  /* "calling.call.X" for any other X */
    SW_OTHER_VIDEO, /* "video.X" */
    SW_KIND_COUNT
} sw_kind_e;

/** Whose STATUS a kind reports, and so its PROGRESS. */
typedef enum sw_progress_e {
    SW_PROGRESS_NONE,
    SW_PROGRESS_CALL,
    SW_PROGRESS_MESSAGE
} sw_progress_e;

/** A kind. Lists of names end with SW_NAME_NONE, the first that is present
 * counts; lists of words end with NULL, lists of fields with 0. */
typedef struct sw_kind_t {
    const char *event; /* NULL: the event names itself. Two kinds have one name
                          where only RESPONSE differs */
    sw_response_e response;
    const char *subject[3];   /* JSON: the objects that describe the event,
                                 "" is the whole */
    unsigned char id[5];
    unsigned char status[4];
    sw_progress_e progress;
    const char *final[8];     /* STATUS after which none follows */
    sw_field_e key[5];        /* of DEDUPE: the fields that identify the
                                 event. The first must be set. None: the kind
                                 has no DEDUPE */
    sw_field_e order[4];      /* of DEDUPE too: the fields that part repeated
                                 events */
    unsigned char stamps[3];  /* likewise, names that have no field */
    int recurs;               /* Only a final event has a DEDUPE without any
                                 of order and stamps: the same may happen
                                 again to the same thing */
    sw_channel_e channel;     /* of the document; 0: a call */
    unsigned int flags;       /* SW_EVENT_CALL and the like */
} sw_kind_t;

extern const sw_kind_t sw_kinds[SW_KIND_COUNT];

/* All of them have a number that event.h allows. */
typedef char sw_kinds_fit_t[SW_KIND_COUNT <= SW_EVENT_KINDS ? 1 : -1];

#endif
