/* SPDX-License-Identifier: Apache-2.0 */
/* DEDUPE: the same for a repeated callback, another for any other. */
#include "reading.h"

static sw_span_t dedupe_of(const char *body)
{
    sw_event_t event;

    read_event(sw_span(body), 0, &event);
    return event.fields[SW_FIELD_DEDUPE];
}

/* Two events within one second, for every kind that has a number or date. */
static const struct {
    const char *body, *other;
} pairs[] = {
#define APART(common, one, two) { common one, common two }
    APART("CallSid=a&CallStatus=ringing&Timestamp=1&SequenceNumber=", "1",
          "2"),
    APART("RecordingSid=a&RecordingStatus=in-progress&Timestamp=", "1", "2"),
    APART("RecordingSid=a&RecordingStatus=in-progress&SequenceNumber=", "1",
          "2"),
    APART("RecordingSid=a&RecordingStatus=in-progress&RecordingDuration=",
          "1", "2"),
    APART("TranscriptionSid=a&TranscriptionEvent=x&Timestamp=1&SequenceId=",
          "1", "2"),
    APART("TranscriptionSid=a&SequenceId=1&Timestamp=", "1.0", "1.00"),
    APART("TranscriptionSid=a&TranscriptionEvent=transcription-", "started",
          "stopped"),
    APART("StreamSid=a&StreamEvent=stream-error&Timestamp=1&StreamError=",
          "x", "y"),
    APART("CallSid=a&AnsweredBy=unknown&Timestamp=", "1", "2"),
    APART("ConferenceSid=a&StatusCallbackEvent=participant-mute&CallSid=b"
          "&Timestamp=1&SequenceNumber=", "1", "3"),
    APART("CallSid=a&For=x&PaymentMethod=y&Attempt=1&Timestamp=", "1", "2"),
    APART("MessageSid=a&MessageStatus=sent&Timestamp=", "1", "2"),
    APART("CallSid=a&SmsSid=b&SmsStatus=", "sent", "failed"),
    APART("FaxSid=a&FaxStatus=sending&Timestamp=2026-01-13T21:54:", "46Z",
          "47Z"),
    APART("{\"event_category\":\"x\",\"event_type\":\"y\",\"brand_id\":1,"
          "\"event_at\":1,\"state\":", "1}", "2}"),
    APART("{\"event_type\":\"calling.transcript.failed\",\"params\":{"
          "\"id\":1},\"timestamp\":", "1.1}", "1.10}"),
    APART("{\"action\":\"post_conversation\",\"call_id\":1,"
          "\"ai_session_id\":1,\"ai_start_date\":", "1}", "2}"),
    APART("{\"id\":1,\"status\":\"queued\",\"error_code\":null,"
          "\"timestamp\":", "1}", "2}"),
    APART("{\"message_id\":1,\"body\":\"\",\"timestamp\":", "1}", "2}")
};

static void test_pairs(void)
{
    int i;

    for (i = 0; i < COUNT(pairs); i++) {
        sw_span_t first = dedupe_of(pairs[i].body);

        ok(first.n && !sw_span_equal(first, dedupe_of(pairs[i].other)),
           "two keys: %s", pairs[i].other);
        is(dedupe_of(pairs[i].body), first, "and one of what is repeated");
    }
}

/* Repeated deliveries. */
static const char *const others[] = {
    "CallSid=b&CallStatus=x&SequenceNumber=1&Timestamp=1",
    "CallSid=a&CallStatus=y&SequenceNumber=1&Timestamp=1",
    "CallSid=a&CallStatus=x&SequenceNumber=2&Timestamp=1",
    "CallSid=a&CallStatus=x&SequenceNumber=1&Timestamp=2",
    "CallSid=a&CallStatus=x&SequenceNumber=1%7C1&Timestamp=",
    "CallSid=a%7Cx&CallStatus=&SequenceNumber=1&Timestamp=1",
    "FaxSid=a&FaxStatus=x"
};

static void test_dedupe(void)
{
    sw_span_t first = dedupe_of("CallSid=a&CallStatus=x&SequenceNumber=1"
                                "&Timestamp=1&To=c");
    int i;

    ok(first.n > 0, "a delivery has a key");
    is(dedupe_of("To=d&Timestamp=1&CallSid=%61&CallStatus=x&SequenceNumber=1"),
       first, "its repeat has the same");
    for (i = 0; i < COUNT(others); i++)
        ok(!sw_span_equal(dedupe_of(others[i]), first), "not %s", others[i]);
}

int main(void)
{
    tap_begin();
    test_pairs();
    test_dedupe();
    return tap_end();
}
