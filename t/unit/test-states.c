/* SPDX-License-Identifier: Apache-2.0 */
/* The states of messages and calls: their words and their order. The words are
 * those of the public API, repeated here. */
#include "core/event/states.h"
#include "tap.h"

static const char *message_word(const char *status)
{
    return sw_message_states[sw_message_state(sw_span(status))].word;
}

static const char *call_word(const char *status, const char *reason)
{
    int state = sw_call_state(sw_span(status), sw_span(reason));

    return state < 0 ? NULL : sw_call_states[state].word;
}

static void test_messages(void)
{
    static const char *const words[] = {
        "queued", "initiated", "sending", "receiving", "sent", "received",
        "delivered", "undelivered", "failed", "read"
    };
    int i;

    for (i = 0; i < COUNT(words); i++)
        is(sw_span(message_word(words[i])), sw_span(words[i]), words[i]);
    is(sw_span(message_word("Delivered")), SPAN("other"), "case counts");
    is(sw_span(message_word("deliver")), SPAN("other"), "a part is none");
    is(sw_span(message_word("")), SPAN("other"), "nothing is none");
    is(sw_span(message_word("other")), SPAN("other"), "nor is its name");
}

static const struct {
    const char *status, *reason, *word;
} calls[] = {
    { "queued", NULL, "queued" },
    { "initiated", NULL, "initiated" },
    { "created", NULL, "initiated" },
    { "ringing", NULL, "ringing" },
    { "in-progress", NULL, "in-progress" },
    { "answered", NULL, "in-progress" },
    { "ending", "hangup", NULL },
    { "completed", NULL, "completed" },
    { "busy", NULL, "busy" },
    { "no-answer", NULL, "no-answer" },
    { "failed", NULL, "failed" },
    { "canceled", NULL, "canceled" },
    { "ended", NULL, "completed" },
    { "ended", "hangup", "completed" },
    { "ended", "busy", "busy" },
    { "ended", "declined", "busy" },
    { "ended", "no_answer", "no-answer" },
    { "ended", "noAnswer", "no-answer" },
    { "ended", "cancel", "canceled" },
    { "ended", "error", "failed" },
    { "ended", "anything", "completed" },
    { "ringing", "busy", "ringing" }, /* a reason is for what has ended */
    { "shiny", "busy", "other" }
};

static void test_calls(void)
{
    int i;

    for (i = 0; i < COUNT(calls); i++)
        is(sw_span(call_word(calls[i].status, calls[i].reason)),
           sw_span(calls[i].word),
           apr_psprintf(pool, "%s, %s", calls[i].status,
                        calls[i].reason ? calls[i].reason : "no reason"));
}

/* One word for a state, whichever the callbacks use. */
static void test_progress(void)
{
    static const char *const calls_words[] = {
        "queued", "initiated", "ringing", "completed", "busy", "no-answer",
        "failed", "canceled"
    };
    static const char *const message_words[] = {
        "queued", "sending", "sent", "delivered", "undelivered", "failed",
        "read", "receiving", "received"
    };
    sw_span_t none = { NULL, 0 };
    int i;

    for (i = 0; i < COUNT(calls_words); i++)
        is_str(sw_call_progress(sw_span(calls_words[i]), none),
               calls_words[i], calls_words[i]);
    for (i = 0; i < COUNT(message_words); i++)
        is_str(sw_message_progress(sw_span(message_words[i])),
               message_words[i], message_words[i]);
    is_str(sw_call_progress(SPAN("answered"), none), "answered", "answered");
    is_str(sw_call_progress(SPAN("in-progress"), none), "answered",
           "in-progress is the same");
    is_str(sw_call_progress(SPAN("ended"), SPAN("noAnswer")), "no-answer",
           "why it has ended");
    is_str(sw_message_progress(SPAN("initiated")), "sending",
           "initiated is sending");
    ok(!sw_call_progress(SPAN("ending"), none), "ending is none");
    ok(!sw_call_progress(SPAN("delivered"), none), "nor a message's word");
    ok(!sw_call_progress(SPAN(""), none), "nor nothing");
    ok(!sw_message_progress(SPAN("other")), "nor other");
}

static int rank_of(const char *status)
{
    return sw_message_states[sw_message_state(sw_span(status))].rank;
}

/* The order, and that an end is after all that goes on. */
static void test_order(void)
{
    static const char *const way[] = {
        "queued", "initiated", "sending", "sent", "delivered", "read"
    };
    int i, k;

    for (i = 1; i < COUNT(way); i++)
        ok(rank_of(way[i - 1]) < rank_of(way[i]), "%s, then %s", way[i - 1],
           way[i]);
    ok(rank_of("shiny") < rank_of("queued"), "anything is more than a word "
       "that nobody knows");
    for (i = 0; i < SW_CALL_COUNT; i++) {
        for (k = 0; k < SW_CALL_COUNT; k++) {
            if (sw_call_states[i].is_final && !sw_call_states[k].is_final)
                ok(sw_call_states[i].rank > sw_call_states[k].rank,
                   "%s is after %s", sw_call_states[i].word,
                   sw_call_states[k].word);
        }
    }
}

static void test_errors(void)
{
    static const char *const codes[] = {
        "20429", "21611", "21612", "21614", "31003", "63011"
    };
    int i, k, twice = 0, known = 0;

    for (i = 0; i < SW_ERROR_COUNT - 1; i++) {
        known += sw_error_of(sw_span(sw_errors[i].code)) == i;
        for (k = 0; k < i; k++)
            twice += !strcmp(sw_errors[i].code, sw_errors[k].code);
    }
    ok(known == SW_ERROR_COUNT - 1, "each code is found");
    ok(!twice, "none stands there twice");
    ok(sw_error_of(SPAN("99999")) == SW_ERROR_COUNT - 1, "any other is other");
    ok(sw_error_of(SPAN("30003\"")) == SW_ERROR_COUNT - 1, "or no code");
    is(sw_span(sw_errors[sw_error_of(SPAN("30003"))].meaning),
       SPAN("Handset unreachable"), "and means what it means");
    for (i = 0; i < COUNT(codes); i++)
        ok(sw_error_of(sw_span(codes[i])) < SW_ERROR_COUNT - 1, "%s has a "
           "phrase", codes[i]);
}

int main(void)
{
    tap_begin();
    test_messages();
    test_calls();
    test_progress();
    test_order();
    test_errors();
    return tap_end();
}
