/* SPDX-License-Identifier: Apache-2.0 */
#include "progress.h"

#define STATE(name, word, rank, final) { word, rank, final },

const sw_state_t sw_message_states[SW_MESSAGE_COUNT] = {
    SW_MESSAGE_STATES(STATE)
};

const sw_state_t sw_call_states[SW_CALL_COUNT] = { SW_CALL_STATES(STATE) };

/* The words that are other words for a state. */
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

/* Why a call has ended, where it is not by hanging up. */
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

const sw_error_t sw_errors[SW_ERROR_COUNT] = {
    { "30001", "Queue overflow" },
    { "30002", "Account suspended" },
    { "30003", "Handset unreachable" },
    { "30004", "Message blocked by the recipient or the carrier" },
    { "30005", "Number unknown, or no longer in service" },
    { "30006", "Landline, or a carrier that cannot be reached" },
    { "30007", "Filtered by the carrier" },
    { "30008", "Unknown error of the carrier" },
    { "30009", "A segment is missing" },
    { "30010", "Price above the maximum" },
    { "30011", "No MMS at the recipient's carrier" },
    { "30012", "Time to live too short" },
    { "30022", "More messages than the campaign may send" },
    { "30027", "Daily limit of the campaign reached" },
    { "21610", "The recipient has opted out" },
    { "21617", "Body too long" },
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
