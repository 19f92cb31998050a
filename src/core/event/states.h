/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The progress of a message or a call: a few states for many words, ranked by
 * their order, so that a late callback moves nothing back; and the meaning of
 * the error codes of messages.
 */
#ifndef SW_STATES_H
#define SW_STATES_H

#include "core/text/span.h"

/* State, word, rank, is it final? A state does not follow another of the same
 * rank. */
#define SW_MESSAGE_STATES(X) \
    X(QUEUED, "queued", 1, 0) X(INITIATED, "initiated", 2, 0) \
    X(SENDING, "sending", 3, 0) X(RECEIVING, "receiving", 3, 0) \
    X(SENT, "sent", 4, 0) X(RECEIVED, "received", 5, 1) \
    X(DELIVERED, "delivered", 5, 1) X(UNDELIVERED, "undelivered", 5, 1) \
    X(FAILED, "failed", 5, 1) X(READ, "read", 6, 1) X(OTHER, "other", 0, 0)

#define SW_CALL_STATES(X) \
    X(QUEUED, "queued", 1, 0) X(INITIATED, "initiated", 2, 0) \
    X(RINGING, "ringing", 3, 0) X(IN_PROGRESS, "in-progress", 4, 0) \
    X(COMPLETED, "completed", 5, 1) X(BUSY, "busy", 5, 1) \
    X(NO_ANSWER, "no-answer", 5, 1) X(FAILED, "failed", 5, 1) \
    X(CANCELED, "canceled", 5, 1) X(OTHER, "other", 0, 0)

#define SW_MESSAGE_ENUM(name, word, rank, final) SW_MESSAGE_##name,
#define SW_CALL_ENUM(name, word, rank, final) SW_CALL_##name,

enum { SW_MESSAGE_STATES(SW_MESSAGE_ENUM) SW_MESSAGE_COUNT };
enum { SW_CALL_STATES(SW_CALL_ENUM) SW_CALL_COUNT };

typedef struct sw_state_t {
    const char *word;
    int rank;
    int is_final;
} sw_state_t;

/** Of messages, by SW_MESSAGE_..., and of calls, by SW_CALL_... */
extern const sw_state_t sw_message_states[SW_MESSAGE_COUNT];
extern const sw_state_t sw_call_states[SW_CALL_COUNT];

/** The state that a status is of; SW_MESSAGE_OTHER for any other word. */
int sw_message_state(sw_span_t status);

/** The same of a call, in forms and in JSON, where an ended one has a
 * @a reason. @return -1 for "ending", which says not even whether anybody has
 * answered */
int sw_call_state(sw_span_t status, sw_span_t reason);

/** The word for a state in PROGRESS, of which a call or a message has one,
 * whichever words its callbacks use: "answered" for both "answered" and
 * "in-progress", "sending" for "initiated". NULL for any other word.
 * @param reason see sw_call_state() */
const char *sw_call_progress(sw_span_t status, sw_span_t reason);
const char *sw_message_progress(sw_span_t status);

/** Error codes that are told apart; the last stands for all others. */
typedef struct sw_error_t {
    const char *code, *meaning;
} sw_error_t;

#define SW_ERROR_COUNT 33

extern const sw_error_t sw_errors[SW_ERROR_COUNT];

/** The index of a code in sw_errors; the last if it is none of them. */
int sw_error_of(sw_span_t code);

#endif
