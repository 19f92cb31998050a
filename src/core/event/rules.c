/* SPDX-License-Identifier: Apache-2.0 */
/* The rules that tell kinds apart. The first rule that holds counts. The first
 * column names a row, so that comments can refer to it. */
#include "core/event/rules.h"
#include "core/event/names.h"
#include "core/text/span.h"

/* N3: these are status callbacks. The action of the verb reports sending or
 * invalid; it expects a document, and so may a request with an unknown word. */
static int is_sms_callback(const sw_reading_t *in)
{
    static const char *const words[] = { "sent", "failed", NULL };

    return sw_span_is_one_of(sw_reading_value(in, F(SmsStatus)), words);
}

/* N6: such a call cannot run a document. */
static int has_ended(const sw_reading_t *in)
{
    static const char *const words[] = { "completed", "busy", "failed",
                                         "no-answer", "canceled", NULL };

    return sw_span_is_one_of(sw_reading_value(in, F(CallStatus)), words);
}

/* No verb has run yet, so that there is no result of a verb. */
static int is_unanswered(const sw_reading_t *in)
{
    static const char *const words[] = { "queued", "initiated", "ringing",
                                         NULL };

    return sw_span_is_one_of(sw_reading_value(in, F(CallStatus)), words);
}

/* F14: an incoming message may report this as its status. */
static int is_no_arrival(const sw_reading_t *in)
{
    sw_span_t status = sw_reading_value(in, F(SmsStatus));

    return status.p && !sw_span_equal(status, sw_span("received"))
           && !sw_span_equal(status, sw_span("receiving"));
}

/* F20 */
static int is_outbound(const sw_reading_t *in)
{
    return sw_span_starts(sw_reading_value(in, F(Direction)),
                          sw_span("outbound"));
}

#define PAYMENT { F(PaymentMethod), F(PaymentCardNumber), F(PaymentCardType), \
                  F(PaymentConfirmationCode), F(PaymentToken), \
                  F(PaymentError), F(PayErrorCode), F(ConnectorError), \
                  F(ProfileId), F(Attempt), F(ErrorType) }
#define MESSAGE                                    \
    {                                              \
        F(MessageSid), F(SmsSid), F(SmsMessageSid) \
    }
#define PROGRESS F(CallbackSource), F(SequenceNumber), F(CallDuration), \
                 F(HangupBy), F(HangupDirection), F(AudioInMos), \
                 F(SipResultCode), F(SipInviteResultPhrase)
#define GATHERED F(Digits), F(SpeechResult), F(Confidence)
#define DETECTED                                   \
    {                                              \
        F(AnsweredBy), F(MachineDetectionDuration) \
    }

/* More fields of verbs, which no other rule reads alone. */
#define OF_VERB { F(For), F(Result), F(PaymentMethod), F(PaymentCardNumber), \
                  F(PaymentCardType), F(PaymentConfirmationCode), \
                  F(PaymentToken), F(PaymentError), F(PayErrorCode), \
                  F(ConnectorError), F(QueueTime), F(DialCallDuration), \
                  F(DialSipResponseCode), F(VirtualAgentError) }

const sw_form_rule_t sw_form_rules[] = {
    { "F1", SW_FAX_STATUS, .all = { F(FaxStatus) } },
    { "F1", SW_FAX_INCOMING, .all = { F(FaxSid) } },
    { "F2", SW_VOICE_STREAM, .all = { F(StreamEvent) } },
    { "F3", SW_VOICE_TRANSCRIPTION,
      .any = { F(TranscriptionStatus), F(TranscriptionEvent),
               F(TranscriptionSid) } },
    { "F4", SW_VOICE_RECORDING, .all = { F(RecordingStatus) } },
    { "F5", SW_CONFERENCE_STATUS, .all = { F(ConferenceSid) },
      .any = { F(StatusCallbackEvent), F(EventName) } },
    { "F5", SW_CONFERENCE_DOCUMENT, .all = { F(ConferenceSid) } },
    { "F6", SW_VOICE_DIAL,
      .any = { F(DialCallStatus), F(DialCallSid), F(DialCallSID) } },
    { "F7", SW_QUEUE_RESULT, .all = { F(QueueResult) } },
    { "F8", SW_QUEUE_DEQUEUE,
      .any = { F(DequeingCallSid), F(DequeueingCallSid) } },
    { "F9", SW_QUEUE_WAIT,
      .any = { F(QueuePosition), F(CurrentQueueSize), F(AvgQueueTime) } },
    { "F10", SW_VOICE_REFER,
      .any = { F(ReferCallStatus), F(ReferSipResponseCode),
               F(NotifySipResponseCode) } },
    { "F11", SW_VOICE_VIRTUALAGENT, .all = { F(VirtualAgentStatus) } },
    { "F12", SW_PAY_STATUS, .all = { F(For) }, .any = PAYMENT },
    { "F12", SW_PAY_RESULT, .all = { F(Result) }, .any = PAYMENT },
    { "F13", SW_VOICE_SMS_STATUS, .all = { F(CallSid), F(SmsStatus) },
      .none = { F(MessageSid) }, .when = is_sms_callback },
    { "F13", SW_VOICE_SMS, .all = { F(CallSid) },
      .any = { F(SmsSid), F(SmsStatus) }, .none = { F(MessageSid) } },
    { "F14", SW_MESSAGE_STATUS, .all = { F(MessageStatus) }, .any = MESSAGE,
      .none = { F(CallSid) } },
    { "F14", SW_MESSAGE_STATUS, .any = MESSAGE, .none = { F(CallSid) },
      .when = is_no_arrival },
    { "F14", SW_MESSAGE_INCOMING, .any = MESSAGE, .none = { F(CallSid) } },
    { "-", SW_UNKNOWN, .none = { F(CallSid) } },
    { "F15", SW_VOICE_AMD, .any = DETECTED, .none = { F(CallStatus) } },
    { "F16", SW_VOICE_GATHER_PARTIAL,
      .any = { F(UnstableSpeechResult), F(StableSpeechResult) } },
    { "F17", SW_VOICE_STATUS, .any = { PROGRESS } },
    { "F17", SW_VOICE_STATUS, .all = { F(CallStatus), F(Timestamp) } },
    { "F18", SW_VOICE_RECORD,
      .any = { F(RecordingUrl), F(RecordingDuration), F(RecordingSid) } },
    { "F19", SW_VOICE_GATHER, .any = { GATHERED } },
    { "N6", SW_VOICE_STATUS, .none = OF_VERB, .when = has_ended },
    { "N1", SW_VOICE_OUTGOING, .all = { F(CallStatus) }, .any = DETECTED },
    { "F20", SW_VOICE_OUTGOING, .when = is_outbound },
    { "F21", .kind = SW_VOICE_INCOMING },
    { .row = NULL }
};

#define CALL                      \
    {                             \
        F(CallSid), F(CallStatus) \
    }
#define IDS_OF_MESSAGES F(MessageSid), F(SmsSid), F(SmsMessageSid)
#define IDS_BUT_OF_CALLS F(FaxSid), F(TranscriptionSid), F(DialCallSid), \
                         F(DialCallSID), F(ConferenceSid)
#define NOT_OF_MESSAGES              \
    {                                \
        F(CallSid), IDS_BUT_OF_CALLS \
    }

/* N2. SignalWire sends CallStatus with every request of a verb and with every
 * request for a document. Callbacks about recordings, streams, transcriptions,
 * conferences and machine detection have no CallStatus. Every message has Body
 * and NumMedia. */
const sw_query_rule_t sw_query_rules[] = {
    { { "a status of a message", .all = { F(MessageStatus) }, .any = MESSAGE },
      NOT_OF_MESSAGES },
    { { "the status of one that came", .all = { F(SmsStatus) },
        .any = MESSAGE, .none = { F(CallStatus) } }, NOT_OF_MESSAGES },
    { { "a message", .all = { F(Body) }, .any = MESSAGE,
        .none = { F(CallStatus) } }, NOT_OF_MESSAGES },
    { { "a message", .all = { F(NumMedia) }, .any = MESSAGE,
        .none = { F(CallStatus) } }, NOT_OF_MESSAGES },
    { { "the status of another thing",
        .any = { F(StreamEvent), F(TranscriptionStatus),
                 F(TranscriptionEvent), F(RecordingStatus) } },
      { F(FaxSid), F(TranscriptionSid) } },
    { { "a conference", .all = { F(ConferenceSid) },
        .any = { F(StatusCallbackEvent), F(EventName) } },
      { F(FaxSid), F(TranscriptionSid) } },
    { { "a call", .all = { F(CallSid) }, .any = { F(CallStatus), F(Direction) },
        .none = { F(MessageStatus) } },
      { IDS_OF_MESSAGES, F(FaxSid), F(TranscriptionSid), F(DialCallSid),
        F(DialCallSID) } },
    { { "who answers a call", .all = { F(CallSid) }, .any = DETECTED },
      { IDS_OF_MESSAGES, IDS_BUT_OF_CALLS } },
    { { "a call, not its conference", .all = CALL,
        .any = { PROGRESS, F(Timestamp), GATHERED, F(RecordingDuration) },
        .none = { F(StatusCallbackEvent), F(EventName) } },
      { F(ConferenceSid) } },
    { { "a verb of a call", .all = CALL,
        .any = { F(DialCallStatus), F(QueueResult), F(DequeingCallSid),
                 F(DequeueingCallSid), F(QueuePosition), F(CurrentQueueSize),
                 F(AvgQueueTime), F(ReferCallStatus), F(VirtualAgentStatus),
                 F(SmsStatus), F(UnstableSpeechResult),
                 F(StableSpeechResult) },
        .none = { F(StatusCallbackEvent), F(EventName) } },
      { F(ConferenceSid) } },
    { { "a call that has ended", .all = CALL,
        .none = { F(StatusCallbackEvent), F(EventName) }, .when = has_ended },
      { F(ConferenceSid) } },
    { { "a call that begins", .all = CALL,
        .none = { F(StatusCallbackEvent), F(EventName) },
        .when = is_unanswered },
      { F(ConferenceSid), GATHERED, F(RecordingUrl), F(RecordingDuration),
        F(RecordingSid) } },
    { { "no recording", .all = CALL,
        .none = { F(RecordingDuration), F(RecordingSid) } },
      { F(RecordingUrl) } },
    { { "no recording", .all = CALL,
        .none = { F(RecordingDuration), F(RecordingUrl) } },
      { F(RecordingSid) } },
    { { "no payment", .all = CALL,
        .none = { F(PaymentMethod), F(PaymentCardNumber), F(PaymentCardType),
                  F(PaymentConfirmationCode), F(PaymentToken),
                  F(PaymentError), F(PayErrorCode), F(ConnectorError) } },
      { F(For), F(Result) } },
    { .evidence = { .row = NULL } }
};

/* A word that may become the second part of an event's name. */
static int is_token(const char *word)
{
    apr_size_t n = strlen(word);

    return n > 0 && n <= 32
           && strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789._") == n;
}

static sw_kind_e kind_of_call(const char *word)
{
    int i;

    for (i = SW_CALL_STATE; i <= SW_CALL_CONTROL; i++) {
        if (strcmp(sw_kinds[i].event + strlen("call."), word) == 0)
            return (sw_kind_e)i;
    }
    return SW_OTHER_CALL;
}

/* J10 */
static sw_kind_e kind_of_event_type(const sw_json_t *root)
{
    static const char calling[] = "calling.", call[] = "call.",
                      transcript[] = "transcript.", video[] = "video.";
    const char *type = sw_json_text(sw_json_at(root, "event_type")).p;

    if (strcmp(type, "messaging.state") == 0)
        return SW_MESSAGE_STATUS;
    if (strcmp(type, "messaging.receive") == 0)
        return SW_MESSAGE_INBOUND;
    if (strncmp(type, video, strlen(video)) == 0)
        return is_token(type + strlen(video)) ? SW_OTHER_VIDEO : SW_UNKNOWN;
    if (strncmp(type, calling, strlen(calling)) != 0)
        return SW_UNKNOWN;
    type += strlen(calling);
    if (strncmp(type, transcript, strlen(transcript)) == 0)
        return SW_CALL_TRANSCRIPT;
    if (strncmp(type, call, strlen(call)) == 0)
        type += strlen(call);
    return is_token(type) ? kind_of_call(type) : SW_UNKNOWN;
}

#define OBJECT(path)               \
    {                              \
        path, SW_JSON_OBJECT, NULL \
    }
#define ARRAY(path)               \
    {                             \
        path, SW_JSON_ARRAY, NULL \
    }
#define STRING(path)               \
    {                              \
        path, SW_JSON_STRING, NULL \
    }
#define WORD(path, word)           \
    {                              \
        path, SW_JSON_STRING, word \
    }
#define HAS(path)                  \
    {                              \
        path, SW_JSON_ABSENT, NULL \
    }

const sw_json_rule_t sw_json_rules[] = {
    { "J1", SW_SWML_CALL, .all = { OBJECT("call"), HAS("call.call_id") } },
    { "J2", SW_SWML_MESSAGE,
      .all = { OBJECT("message"), HAS("message.message_id") } },
    { "J3", SW_AI_SIDECAR, .all = { OBJECT("sidecar_event") } },
    { "J4", SW_SWAIG_FUNCTION,
      .all = { STRING("function"), OBJECT("argument") } },
    { "J5", SW_SWAIG_SIGNATURE,
      .any = { ARRAY("functions"), WORD("action", "get_signature") } },
    { "J6", SW_AI_POST_PROMPT,
      .any = { HAS("post_prompt_data"),
               WORD("action", "post_conversation") } },
    { "J7", SW_AI_LOAD_CONVERSATION,
      .all = { WORD("action", "fetch_conversation") } },
    { "J8", SW_AI_DEBUG, .all = { OBJECT("call_info") } },
    { "J9", SW_TENDLC_STATUS,
      .all = { STRING("event_category"), STRING("event_type") } },
    { "J10", .all = { STRING("event_type") }, .pick = kind_of_event_type },
    { "J11", SW_PAY_CONNECTOR,
      .all = { HAS("cardnumber"), HAS("transaction_id") } },
    { "J12", SW_MCP_REQUEST, .all = { WORD("jsonrpc", "2.0"), HAS("method") } },
    { "J13", SW_CALL_STATE, .all = { HAS("call_id"), HAS("call_state") } },
    { "J14", SW_CALL_COLLECT,
      .all = { HAS("call_id"), HAS("control_id"), HAS("result") } },
    { "J14", SW_CALL_DETECT,
      .all = { HAS("call_id"), HAS("control_id"), HAS("detect") } },
    { "J14", SW_CALL_FAX,
      .all = { HAS("call_id"), HAS("control_id"), HAS("fax") } },
    { "J14", SW_CALL_TAP,
      .all = { HAS("call_id"), HAS("control_id"), HAS("tap") } },
    { "J14", SW_CALL_RECORD,
      .all = { HAS("call_id"), HAS("control_id"), HAS("record") } },
    { "J14", SW_CALL_PAY,
      .all = { HAS("call_id"), HAS("control_id"), HAS("for") } },
    { "J14", SW_CALL_CONTROL, .all = { HAS("call_id"), HAS("control_id") } },
    { "J15", SW_MESSAGE_STATUS, .all = { HAS("status"), HAS("message_id") } },
    { "J15", SW_MESSAGE_STATUS, .all = { HAS("status"), HAS("id") },
      .any = { HAS("number_of_segments"), HAS("error_code") } },
    { "J15", SW_MESSAGE_STATUS,
      .all = { HAS("status"), HAS("id"), HAS("from") }, .any = { HAS("to") } },
    { "J16", SW_MESSAGE_INBOUND, .all = { HAS("message_id") },
      .any = { HAS("body"), HAS("media") }, .none = "status" },
    { "J17", SW_VIDEO_EVENT,
      .any = { HAS("room_id"), HAS("room_session_id"), HAS("room_name") } },
    { .row = NULL }
};
