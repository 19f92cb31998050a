/* SPDX-License-Identifier: Apache-2.0 */
#include "core/event/states.h"

#define STATE(name, word, rank, final) { word, rank, final },

const sw_state_t sw_message_states[SW_MESSAGE_COUNT] = {
    SW_MESSAGE_STATES(STATE)
};

const sw_state_t sw_call_states[SW_CALL_COUNT] = { SW_CALL_STATES(STATE) };

/* Synonyms of the words of a state. */
typedef struct synonym_t {
    const char *word;
    int state;
} synonym_t;

static const synonym_t call_words[] = {
    { "created", SW_CALL_INITIATED },
    { "answered", SW_CALL_IN_PROGRESS },
    { "ending", -1 },
    { "ended", SW_CALL_COMPLETED },
    { NULL, 0 }
};

/* Reasons for which a call has ended other than by hanging up. */
static const synonym_t end_words[] = {
    { "busy", SW_CALL_BUSY },
    { "declined", SW_CALL_BUSY },
    { "decline", SW_CALL_BUSY },
    { "no_answer", SW_CALL_NO_ANSWER },
    { "noAnswer", SW_CALL_NO_ANSWER },
    { "cancel", SW_CALL_CANCELED },
    { "abandoned", SW_CALL_CANCELED },
    { "error", SW_CALL_FAILED },
    { "not_found", SW_CALL_FAILED },
    { NULL, 0 }
};

static int find_state(const sw_state_t *states, int count, sw_span_t word)
{
    int i;

    for (i = 0; i < count - 1; i++) {
        if (sw_span_equal(word, sw_span(states[i].word)))
            break;
    }
    return i;
}

static int find_synonym(const synonym_t *synonyms, sw_span_t word, int none)
{
    for (; synonyms->word; synonyms++) {
        if (sw_span_equal(word, sw_span(synonyms->word)))
            return synonyms->state;
    }
    return none;
}

int sw_message_state(sw_span_t status)
{
    return find_state(sw_message_states, SW_MESSAGE_COUNT, status);
}

int sw_call_state(sw_span_t status, sw_span_t reason)
{
    int state = find_state(sw_call_states, SW_CALL_COUNT, status);

    if (state == SW_CALL_OTHER)
        state = find_synonym(call_words, status, state);
    return state == SW_CALL_COMPLETED ? find_synonym(end_words, reason, state)
                                      : state;
}

const char *sw_call_progress(sw_span_t status, sw_span_t reason)
{
    int state = sw_call_state(status, reason);

    if (state == SW_CALL_IN_PROGRESS)
        return "answered";
    return state < 0 || state == SW_CALL_OTHER ? NULL
                                               : sw_call_states[state].word;
}

const char *sw_message_progress(sw_span_t status)
{
    int state = sw_message_state(status);

    if (state == SW_MESSAGE_INITIATED)
        state = SW_MESSAGE_SENDING;
    return state == SW_MESSAGE_OTHER ? NULL : sw_message_states[state].word;
}

/* By SignalWire's list of error codes. */
const sw_error_t sw_errors[SW_ERROR_COUNT] = {
    { "30001", "Not sent within its validity period" },
    { "30002", "Balance too low" },
    { "30003", "Handset unreachable" },
    { "30004", "Message blocked by the recipient or the carrier" },
    { "30005", "Number unknown, or no longer in service" },
    { "30006", "Landline, or a carrier that cannot be reached" },
    { "30007", "Filtered by the carrier" },
    { "30008", "Unknown error of the carrier" },
    { "30009", "Validity period over at the carrier" },
    { "30010", "Price above the maximum" },
    { "30011", "No MMS at the recipient's carrier" },
    { "30012", "Time to live too short" },
    { "30022", "More messages than the campaign may send" },
    { "30027", "Daily limit of the campaign reached" },
    { "35125", "Daily limit of the sole proprietor's campaign reached" },
    { "20429", "Too many requests" },
    { "21606", "The recipient's number is not a mobile number" },
    { "21610", "The recipient has opted out" },
    { "21611", "Too many calls or messages queued for this sender" },
    { "21612", "Media of this kind are not supported" },
    { "21614", "The recipient's number is not a valid mobile number" },
    { "21617", "Body too long" },
    { "21717", "The sender's number is in no active campaign" },
    { "31003", "Connection timed out" },
    { "32009", "The SIP endpoint is not registered" },
    { "63011", "Could not be delivered to the carrier" },
    { "63019", "Media could not be fetched" },
    { "11200", "No answer from the web server in time" },
    { "11217", "The web server answered 4xx or 5xx" },
    { "11750", "Document longer than 64 kB" },
    { "12100", "Document cannot be read" },
    { "12300", "Content-Type is not valid" },
    { "other", "Any other code" }
};

int sw_error_of(sw_span_t code)
{
    int i;

    for (i = 0; i < SW_ERROR_COUNT - 1; i++) {
        if (sw_span_equal(code, sw_span(sw_errors[i].code)))
            break;
    }
    return i;
}
