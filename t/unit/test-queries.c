/* SPDX-License-Identifier: Apache-2.0 */
/* An operator's own query parameters do not change the kind of any callback
 * that SignalWire sends by GET. */
#include "reading.h"

#define CALL_OF "CallSid=1&AccountSid=p&Direction=inbound&From=a&To=b"

/* Queries as SignalWire sends them, by kind; a document and a callback of each
 * kind that has both. */
static const struct {
    const char *event;
    const char *query;
    const char *but; /* operator's fields that cannot be told from its own */
} queries[] = {
    { "voice.incoming", CALL_OF "&CallStatus=ringing", "" },
    { "voice.incoming", CALL_OF "&CallStatus=in-progress",
      "ConferenceSid Digits" },
    { "voice.outgoing", "CallSid=1&Direction=outbound-api&CallStatus=queued",
      "" },
    { "voice.outgoing", CALL_OF "&CallStatus=in-progress&AnsweredBy=human",
      "Digits" },
    { "voice.gather", CALL_OF "&CallStatus=in-progress&Digits=4", "" },
    { "voice.gather", CALL_OF "&CallStatus=in-progress&SpeechResult=a", "" },
    { "voice.gather.partial",
      CALL_OF "&CallStatus=in-progress&UnstableSpeechResult=a", "" },
    { "voice.record", CALL_OF "&CallStatus=in-progress&RecordingUrl=a"
      "&RecordingDuration=4&Digits=1", "" },
    { "voice.dial", CALL_OF "&CallStatus=in-progress&DialCallSid=2"
      "&DialCallStatus=completed", "" },
    { "voice.refer", CALL_OF "&CallStatus=in-progress&ReferCallStatus=failed",
      "" },
    { "voice.virtualagent",
      CALL_OF "&CallStatus=in-progress&VirtualAgentStatus=failed", "" },
    { "voice.status", CALL_OF "&CallStatus=ringing&CallbackSource=x"
      "&Timestamp=x&SequenceNumber=1", "" },
    { "voice.status", CALL_OF "&CallStatus=completed&CallDuration=4"
      "&Timestamp=x&RecordingUrl=a&RecordingSid=2&RecordingDuration=3", "" },
    { "voice.status", CALL_OF "&CallStatus=failed&ErrorCode=20429", "Digits" },
    { "voice.recording", "CallSid=1&RecordingSid=2&RecordingStatus=absent",
      "" },
    { "voice.transcription",
      "TranscriptionSid=2&TranscriptionStatus=failed&RecordingSid=3", "" },
    { "voice.transcription",
      "CallSid=1&TranscriptionSid=2&TranscriptionEvent=x", "" },
    { "voice.stream", "CallSid=1&StreamSid=2&StreamEvent=stream-started", "" },
    { "voice.amd", "CallSid=1&AnsweredBy=human", "" },
    { "voice.amd", "CallSid=1&AnsweredBy=fax&MachineDetectionDuration=1", "" },
    { "queue.wait", CALL_OF "&CallStatus=in-progress&QueueSid=2"
      "&QueuePosition=1", "" },
    { "queue.result", CALL_OF "&CallStatus=completed&QueueResult=hangup", "" },
    { "queue.dequeue", CALL_OF "&CallStatus=in-progress&DequeingCallSid=2",
      "" },
    { "conference.status", "ConferenceSid=2&StatusCallbackEvent="
      "conference-end&Timestamp=x", "" },
    { "conference.status", CALL_OF "&CallStatus=in-progress&ConferenceSid=2"
      "&StatusCallbackEvent=participant-join&Timestamp=x", "" },
    { "conference.document", CALL_OF "&CallStatus=in-progress"
      "&ConferenceSid=2&FriendlyName=a", "Digits" },
    { "message.incoming", "MessageSid=3&SmsSid=3&Body=a&NumMedia=0", "" },
    { "message.incoming", "SmsMessageSid=3&Body=&SmsStatus=received", "" },
    { "message.status", "MessageSid=3&MessageStatus=delivered&Body=a", "" },
    { "message.status", "SmsSid=3&SmsStatus=sent&Body=a", "" },
    { "fax.incoming", "FaxSid=4&ApiVersion=v1&From=a&To=b", "" },
    { "fax.status", "FaxSid=4&FaxStatus=received&MediaUrl=a", "" }
};

/* Parameters of the URL that SignalWire was told to call. */
static const char *const of_operator[] = {
    "CallSid", "MessageSid", "SmsSid", "SmsMessageSid", "FaxSid",
    "ConferenceSid", "RecordingSid", "RecordingUrl", "TranscriptionSid",
    "StreamSid", "QueueSid", "DialCallSid", "DialCallSID", "ParentCallSid",
    "AccountSid", "For", "Result", "Attempt", "ErrorCode", "Digits",
    "FriendlyName", "id"
};

static void test_queries(void)
{
    const char *one, *text;
    sw_event_t event;
    int i, k, before, wrong = 0;

    for (i = 0; i < COUNT(queries); i++) {
        for (k = -1; k < COUNT(of_operator); k++) {
            one = k < 0 ? "a=b" : apr_pstrcat(pool, of_operator[k], "=own",
                                              NULL);
            for (before = 0; before < 2; before++) {
                text = before ? apr_pstrcat(pool, one, "&", queries[i].query,
                                            NULL)
                       : apr_pstrcat(pool, queries[i].query, "&", one, NULL);
                read_event(sw_span(text), 1, &event);
                if (sw_span_equal(event.fields[SW_FIELD_EVENT],
                                  sw_span(queries[i].event))
                    || (k >= 0 && strstr(queries[i].but, of_operator[k])))
                    continue;
                printf("# %s, not %s: %s\n", event.fields[SW_FIELD_EVENT].p,
                       queries[i].event, text);
                wrong++;
            }
        }
    }
    is_int(wrong, 0, "an operator's own query changes no kind");
}

int main(void)
{
    tap_begin();
    test_queries();
    return tap_end();
}
