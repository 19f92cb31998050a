/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events: every body of t/callbacks becomes the event expected there, and the
 * rules of docs/variables.md for order, fields and derived fields hold. The
 * environment variable SW_SOURCE names the source directory, else it is ".".
 */
#include <apr_file_io.h>

#include "core/text/json_parse.h"
#include "core/text/text.h"
#include "core/text/timestamp.h"
#include "reading.h"

static const char *path_of(const char *file)
{
    const char *source = getenv("SW_SOURCE");

    return apr_pstrcat(pool, source ? source : ".", "/t/callbacks/", file,
                       NULL);
}

static sw_span_t contents(const char *file)
{
    apr_finfo_t info;
    apr_file_t *in;
    char *text;

    if (apr_file_open(&in, path_of(file), APR_READ | APR_BINARY, 0, pool)
        || apr_file_info_get(&info, APR_FINFO_SIZE, in)) {
        printf("Bail out! no %s\n", path_of(file));
        exit(2);
    }
    text = apr_palloc(pool, (apr_size_t)info.size + 1);
    if (apr_file_read_full(in, text, (apr_size_t)info.size, NULL))
        abort();
    apr_file_close(in);
    return sw_span_of(text, (apr_size_t)info.size);
}

/* The number of fields of an event, without TIME, which follows TIMESTAMP. */
static int count_fields(const sw_event_t *event)
{
    int i, count = 0;

    for (i = 0; i < SW_FIELD_COUNT; i++)
        count += event->fields[i].p && i != SW_FIELD_TIME;
    for (i = 0; event->media && i < event->media->nelts; i++) {
        count += APR_ARRAY_IDX(event->media, i, sw_media_item_t).url.p != NULL;
        count += APR_ARRAY_IDX(event->media, i, sw_media_item_t).type.p != NULL;
    }
    return count;
}

/* A fixture. */
typedef struct fixture_t {
    const char *file;
    sw_event_t event;
    int wrong;
} fixture_t;

static int check_field(void *data, const char *name, const sw_json_t *value)
{
    fixture_t *fixture = data;
    sw_span_t want = sw_text_clean(pool, sw_json_text(value));
    sw_span_t got = field_named(&fixture->event, name);
    int same = strcmp(name, "DEDUPE") == 0
               || sw_span_equal(sw_text_clean(pool, got), want);

    if (!got.p || !same) {
        printf("# %s of %s\n", name, fixture->file);
        tap_show("got", got);
        tap_show("expected", want);
        fixture->wrong++;
    }
    return 1;
}

static int check_fixture(void *data, const char *file, const sw_json_t *fields)
{
    fixture_t fixture = { .file = file };
    sw_event_t *event = &fixture.event;
    sw_span_t time;

    (void)data;
    read_event(contents(file), strstr(file, ".query") != NULL, event);
    sw_json_members(fields, check_field, &fixture);
    is_int(fixture.wrong, 0, file);
    is_int(count_fields(event), (long)sw_json_count(fields), "no other field");
    time = event->fields[SW_FIELD_TIME];
    ok(!time.p == !event->fields[SW_FIELD_TIMESTAMP].p
       && (!time.p || time.n == SW_TIMESTAMP_SIZE - 1), "its time is told");
    return 1;
}

static void test_fixtures(const char *file)
{
    const sw_json_t *all = sw_json_read(pool, contents(file));

    ok(sw_json_count(all) > 10, "%s", file);
    sw_json_members(all, check_fixture, NULL);
}

/* Bodies that match several rules, or nearly match one. */
static const struct {
    const char *fact;
    const char *event;
    const char *body;
} order[] = {
    { "F1 before all", "fax.status", "FaxStatus=x&StreamEvent=x&CallSid=1" },
    { "F4 before F5", "voice.recording",
      "RecordingStatus=x&ConferenceSid=1&StatusCallbackEvent=x" },
    { "F5 before F17", "conference.status",
      "ConferenceSid=1&StatusCallbackEvent=x&CallSid=1&SequenceNumber=1" },
    { "F6 before F17", "voice.dial",
      "CallSid=1&DialCallStatus=x&HangupDirection=x" },
    { "F6 before F18", "voice.dial", "CallSid=1&DialCallSID=1&RecordingUrl=x" },
    { "F7 before F9", "queue.result", "QueueResult=x&AvgQueueTime=1" },
    { "F8 before F9", "queue.dequeue", "DequeingCallSid=1&QueuePosition=1" },
    { "F12 before F17", "pay.status",
      "CallSid=1&For=x&Attempt=1&CallStatus=x&Timestamp=x" },
    { "F12: For before Result", "pay.status", "For=x&Result=x&ProfileId=1" },
    { "F12 needs a payment", "voice.incoming", "CallSid=1&For=x&Result=x" },
    { "F13 before F17", "voice.sms", "CallSid=1&SmsSid=1&SequenceNumber=1" },
    { "F13 without MessageSid", "voice.incoming",
      "CallSid=1&SmsSid=1&MessageSid=1" },
    { "F14: a status may be received", "message.status",
      "MessageSid=1&MessageStatus=received&Body=x&NumMedia=0" },
    { "F14: and empty", "message.status", "SmsSid=1&MessageStatus=" },
    { "F14: SmsStatus of a message that came", "message.incoming",
      "SmsSid=1&SmsStatus=received" },
    { "F14: also escaped", "message.incoming",
      "SmsMessageSid=1&SmsStatus=re%63eiving" },
    { "F14: of one that went", "message.status", "SmsSid=1&SmsStatus=sent" },
    { "F14 without CallSid", "voice.incoming",
      "CallSid=1&MessageSid=1&MessageStatus=sent" },
    { "no CallSid", "unknown", "CallStatus=x&Timestamp=x&Digits=1" },
    { "F15 before F17", "voice.amd",
      "CallSid=1&MachineDetectionDuration=1&SequenceNumber=1" },
    { "N1: a document of who answers", "voice.outgoing",
      "CallSid=1&AnsweredBy=human&CallStatus=x" },
    { "N1: also with the time that it took", "voice.outgoing",
      "CallSid=1&MachineDetectionDuration=1&CallStatus=in-progress" },
    { "F17 before N1", "voice.status",
      "CallSid=1&AnsweredBy=human&CallStatus=x&SequenceNumber=1" },
    { "N6 before N1", "voice.status",
      "CallSid=1&AnsweredBy=human&CallStatus=completed" },
    { "N6 before F20", "voice.status",
      "CallSid=1&CallStatus=failed&Direction=outbound-api&ErrorCode=20429" },
    { "N6: a final state", "voice.outgoing",
      "CallSid=1&CallStatus=answered&Direction=outbound-api" },
    { "F18 before N6", "voice.record",
      "CallSid=1&CallStatus=completed&RecordingUrl=x" },
    { "F19 before N6", "voice.gather",
      "CallSid=1&CallStatus=completed&Digits=hangup" },
    { "N6: no field of a verb", "voice.incoming",
      "CallSid=1&CallStatus=completed&QueueTime=4" },
    { "F3: while the call goes on", "voice.transcription",
      "CallSid=1&TranscriptionEvent=transcription-started" },
    { "F16 before F17", "voice.gather.partial",
      "CallSid=1&UnstableSpeechResult=x&SequenceNumber=1" },
    { "F17 before F18", "voice.status",
      "CallSid=1&CallStatus=x&Timestamp=x&RecordingUrl=x&RecordingSid=1" },
    { "F18 before F19", "voice.record", "CallSid=1&RecordingUrl=x&Digits=1" },
    { "F19 before F20", "voice.gather",
      "CallSid=1&Digits=&Direction=outbound-api" },
    { "F20 before F21", "voice.outgoing", "CallSid=1&Direction=outbound-dial" },
    { "F20 escaped", "voice.outgoing", "CallSid=1&Direction=%6futbound-api" },
    { "names are case-sensitive", "voice.incoming",
      "CallSid=1&callstatus=x&timestamp=x&DIGITS=1" },
    { "names are decoded", "voice.gather", "Call%53id=1&%44igits=1" },
    { "not beyond their ends", "unknown", "CallSid%00=1&CallSi=1&CallSids=1" },
    { "nothing", "unknown", "" },

    { "J1 before J2", "swml.call",
      "{\"message\":{\"message_id\":1},\"call\":{\"call_id\":1}}" },
    { "J1: an object", "unknown", "{\"call\":[{\"call_id\":1}]}" },
    { "J3 before J8", "ai.sidecar", "{\"call_info\":{},\"sidecar_event\":{}}" },
    { "J4 before J7", "swaig.function",
      "{\"action\":\"fetch_conversation\",\"function\":\"f\","
      "\"argument\":{}}" },
    { "J4: a string", "unknown", "{\"function\":1,\"argument\":{}}" },
    { "J5 before J8", "swaig.signature",
      "{\"functions\":[],\"call_info\":{}}" },
    { "J5 by a word", "swaig.signature", "{\"action\":\"get_signature\"}" },
    { "J6 by a word", "ai.post_prompt",
      "{\"action\":\"post_conversation\"}" },
    { "J7 by another", "ai.load_conversation",
      "{\"action\":\"fetch_conversation\"}" },
    { "J6 before J7", "ai.post_prompt",
      "{\"action\":\"fetch_conversation\",\"post_prompt_data\":null}" },
    { "J9 before J10", "tendlc.status",
      "{\"event_category\":\"x\",\"event_type\":\"calling.call.state\"}" },
    { "J9: strings", "unknown", "{\"event_category\":1,\"event_type\":2}" },
    { "J10 before J11", "call.pay", "{\"event_type\":\"calling.call.pay\","
      "\"cardnumber\":1,\"transaction_id\":1}" },
    { "J10: others go on", "call.state",
      "{\"event_type\":\"x\",\"call_id\":1,\"call_state\":1}" },
    { "J10: the last of all", "unknown", "{\"event_type\":\"x\"}" },
    { "J10: any other call", "call.hold",
      "{\"event_type\":\"calling.call.hold\"}" },
    { "J10: without call", "call.script.warning",
      "{\"event_type\":\"calling.script.warning\"}" },
    { "J10: not any word", "unknown",
      "{\"event_type\":\"calling.call.a b\\n\"}" },
    { "J10: nor none", "unknown", "{\"event_type\":\"calling.call.\"}" },
    { "J10: nor a long one", "unknown", "{\"event_type\":\"calling.call."
      "abcdefghijklmnopqrstuvwxyzabcdefg\"}" },
    { "J10: video", "video.room.started",
      "{\"event_type\":\"video.room.started\",\"room_id\":1}" },
    { "J12: a string", "unknown", "{\"jsonrpc\":2.0,\"method\":\"x\"}" },
    { "J13 before J14", "call.state",
      "{\"call_id\":1,\"call_state\":1,\"control_id\":1,\"result\":{}}" },
    { "J14 needs both", "unknown", "{\"control_id\":1,\"result\":{}}" },
    { "J15 before J16", "message.status",
      "{\"message_id\":1,\"status\":\"x\",\"body\":\"x\"}" },
    { "J16: no status", "unknown", "{\"id\":1,\"status\":1,\"body\":1}" },
    { "J16: media will do", "message.incoming",
      "{\"message_id\":1,\"media\":[]}" },
    { "J18: rules of forms", "message.incoming",
      "{\"SmsSid\":\"1\",\"SmsStatus\":\"received\"}" },
    { "J18: scalars", "voice.incoming", "{\"CallSid\":1,\"Digits\":[]}" },
    { "J18 after the others", "video.event", "{\"CallSid\":1,\"room_id\":1}" },
    { "no names with dots", "unknown",
      "{\"call.call_id\":1,\"call\":{\"call_id.\":1}}" },
    { "an array", "unknown", "[{\"call\":{\"call_id\":1}}]" },
    { "broken", "unknown", "{\"call\":{\"call_id\":1}" }
};

static void test_order(void)
{
    sw_event_t event;
    int i;

    for (i = 0; i < COUNT(order); i++) {
        read_event(sw_span(order[i].body), 0, &event);
        is(event.fields[SW_FIELD_EVENT], sw_span(order[i].event),
           order[i].fact);
    }
}

#define CALL(name, members) \
    "{\"event_type\":\"calling.call." name "\",\"params\":{" members "}}"

static const struct {
    const char *body;
    const char *field;
    const char *value; /* NULL: unset */
} fields[] = {
    { "MessageSid=a&SmsSid=b&SmsMessageSid=c", "MESSAGE_ID", "a" },
    { "SmsMessageSid=c&SmsSid=b", "MESSAGE_ID", "b" },
    { "CallSid=1&Body=a%2Bb+c%00%ff", "BODY",
      "a+b c" SW_REPLACEMENT },
    { "CallSid=1&Body=", "BODY", "" },
    { "CallSid=1&From=a&From=b", "FROM", "b" },
    { "CallSid=1&Direction=outbound-api", "DIRECTION", "outbound" },
    { "CallSid=1&Direction=inbound", "DIRECTION", "inbound" },
    { "CallSid=1&Direction=x", "DIRECTION", "x" },
    { "CallSid=1&DequeueingCallSid=2", "PEER_CALL_ID", "2" },
    { "CallSid=1&ReferSipResponseCode=2&NotifySipResponseCode=3", "SIP_CODE",
      "3" },
    { "CallSid=1&RecordingUrl=x&RecordingDuration=5", "DURATION", "5" },
    { "CallSid=1&CallDuration=9&RecordingDuration=5", "DURATION", "9" },
    { "CallSid=1&HangupBy=x&RecordingDuration=5", "DURATION", NULL },
    { "CallSid=1&HangupBy=x&RecordingDuration=5", "RECORDING_DURATION", "5" },
    { "MessageSid=1&MediaUrl10=x&MediaUrl1=y", "MEDIA_URL_10", "x" },
    { "MessageSid=1&MediaUrl10=x&MediaUrl%31=%79", "MEDIA_URL_1", "y" },
    { "MessageSid=1&MediaUrl0=x&MediaUrl0=y", "MEDIA_URL_0", "y" },
    { "MessageSid=1&MediaContentType0=x", "MEDIA_TYPE_0", "x" },
    { "MessageSid=1&MediaContentType0=x", "MEDIA_URL_0", NULL },
    { "MessageSid=1&MediaUrl01=x&MediaUrl=y&MediaUrl1x=z", "MEDIA_URL_1",
      NULL },
    { "MessageSid=1&MediaUrl99=x", "MEDIA_URL_99", "x" },
    { "MessageSid=1&MediaUrl100=x", "MEDIA_URL_100", NULL },
    { "FaxSid=1&FaxStatus=received&MediaUrl=x", "MEDIA_URL_0", "x" },

    { "{\"call\":{\"call_id\":1.50e+3}}", "CALL_ID", "1.50e+3" },
    { "{\"call\":{\"call_id\":1,\"tag\":null}}", "TAG", "" },
    { "{\"call\":{\"call_id\":1,\"tag\":{}}}", "TAG", NULL },
    { "{\"call\":{\"call_id\":1,\"tag\":false}}", "TAG", "false" },
    { "{\"call\":{\"call_id\":1},\"tag\":\"x\"}", "TAG", NULL },
    { "{\"call\":{\"call_id\":1},\"params\":{\"tag\":\"x\"}}", "TAG", NULL },
    { "{\"call_id\":1,\"call_state\":\"x\",\"call_state\":\"y\"}", "STATUS",
      "y" },
    { "{\"function\":\"f\",\"argument\":{}}", "EVENT_TYPE", "ai" },
    { "{\"function\":\"f\",\"argument\":{},\"channel_data\":{}}",
      "EVENT_TYPE", "sidecar" },
    { "{\"function\":\"f\",\"argument\":{},"
      "\"content_disposition\":\"agent.function\"}", "EVENT_TYPE", "bedrock" },
    { "{\"a\":1,\"call_info\":{},\"b\":{}}", "EVENT_TYPE", "a,b" },
    { "{\"message\":{\"message_id\":1,\"media\":[{\"url\":\"u\"},\"v\",{}]}}",
      "NUM_MEDIA", "3" },
    { "{\"message\":{\"message_id\":1,\"media\":[{},{},1,\"v\"]}}",
      "MEDIA_URL_3", "v" },
    { "{\"call\":{\"call_id\":1,\"parent.call_id\":2}}", "PARENT_CALL_ID",
      NULL },
    { "{\"call\":{\"call_id\":1,\"parent\":{\"call_id\":2},"
      "\"parent\":{\"call_id\":3}}}", "PARENT_CALL_ID", "3" },
    { "{\"call\":{\"call_id\":1,\"parent\":{\"call_id\":2},"
      "\"parent\":{}}}", "PARENT_CALL_ID", NULL },
    { CALL("fax", "\"fax\":{\"params\":{\"direction\":\"send\","
           "\"identity\":1,\"remote_identity\":2}}"), "FROM", "1" },
    { CALL("fax", "\"fax\":{\"params\":{\"direction\":\"receive\","
           "\"identity\":1,\"remote_identity\":2}}"), "FROM", "2" },
    { CALL("fax", "\"fax\":{\"params\":{\"document\":\"d\"}}"), "MEDIA_URL_0",
      "d" },
    { CALL("refer", "\"sip_refer_to\":1,\"sip_refer_response_code\":2"), "TO",
      "1" },

    { "CallSid=1&CallStatus=busy&SequenceNumber=1", "TERMINAL", "1" },
    { "CallSid=1&CallStatus=bus&SequenceNumber=1", "TERMINAL", "0" },
    { "CallSid=1&SequenceNumber=1", "TERMINAL", NULL },
    { "CallSid=1&CallStatus=completed", "TERMINAL", "1" },
    { "CallSid=1&CallStatus=completed", "RESPONSE", "none" },
    { "CallSid=1&SmsSid=2&SmsStatus=sent", "RESPONSE", "none" },
    { "CallSid=1&SmsSid=2&SmsStatus=failed", "TERMINAL", "1" },
    { "CallSid=1&SmsSid=2&SmsStatus=sending", "RESPONSE", "cxml" },
    { "CallSid=1&SmsSid=2&SmsStatus=invalid", "RESPONSE", "cxml" },
    { "CallSid=1&SmsSid=2&SmsStatus=se%6et", "RESPONSE", "none" },
    { "CallSid=1&SmsSid=2", "RESPONSE", "cxml" },
    { "{\"message_id\":1,\"body\":1}", "RESPONSE", "none" },
    { "{\"event_type\":\"messaging.receive\"}", "RESPONSE", "none" },
    { "{\"MessageSid\":1}", "RESPONSE", "cxml" },

    { "CallSid=1&CallStatus=in-progress", "PROGRESS", "answered" },
    { "CallSid=1&CallStatus=answered&HangupBy=x", "PROGRESS", "answered" },
    { "CallSid=1&CallStatus=shiny", "PROGRESS", NULL },
    { "CallSid=1", "PROGRESS", NULL },
    { "CallSid=1&DialCallStatus=busy&CallStatus=in-progress", "PROGRESS",
      NULL },
    { "MessageSid=1&MessageStatus=initiated", "PROGRESS", "sending" },
    { "MessageSid=1&MessageStatus=delivered", "PROGRESS", "delivered" },
    { "{\"call_id\":1,\"call_state\":\"ended\",\"end_reason\":\"busy\"}",
      "PROGRESS", "busy" },
    { "{\"call_id\":1,\"call_state\":\"ending\"}", "PROGRESS", NULL },
    { "{\"call\":{\"call_id\":1,\"call_state\":\"created\"}}", "PROGRESS",
      "initiated" },
    { "MessageSid=1&MessageStatus=sent", "TERMINAL", "0" },
    { "MessageSid=1&MessageStatus=sent&NumMedia=0", "TERMINAL", "0" },
    { "MessageSid=1&MessageStatus=sent&NumMedia=1", "TERMINAL", "1" },
    { CALL("collect", "\"result\":{\"type\":\"digit\"}"), "TERMINAL", "1" },
    { CALL("collect", "\"result\":{\"type\":\"digit\"},\"final\":false"),
      "TERMINAL", "0" },
    { CALL("hold", "\"state\":\"finished\""), "TERMINAL", NULL },
    { "MessageSid=&MessageStatus=sent", "DEDUPE", NULL },
    { "{\"call_id\":1,\"control_id\":1,\"record\":{},\"state\":\"paused\"}",
      "DEDUPE", NULL },
    { "{\"call_id\":1,\"control_id\":1,\"record\":{},\"state\":\"paused\","
      "\"timestamp\":1.50}", "DEDUPE", "call.record|1|1|paused|1.50" },
    { "{\"call_id\":1,\"control_id\":1,\"record\":{},"
      "\"state\":\"finished\"}", "DEDUPE", "call.record|1|1|finished|" },
    { "ConferenceSid=1&StatusCallbackEvent=participant-mute", "DEDUPE", NULL },
    { "ConferenceSid=1&StatusCallbackEvent=conference-end", "DEDUPE",
      "conference.status|1|conference-end|||" },
    { "{\"action\":\"post_conversation\",\"call_id\":1}", "DEDUPE", NULL },
    { "{\"action\":\"post_conversation\",\"call_id\":1,\"ai_end_date\":2}",
      "DEDUPE", "ai.post_prompt|1||||2" },
    { "{\"call\":{\"call_id\":1}}", "DEDUPE", NULL }
};

static void test_fields(void)
{
    sw_event_t event;
    int i;

    for (i = 0; i < COUNT(fields); i++) {
        sw_span_t got;

        read_event(sw_span(fields[i].body), 0, &event);
        got = field_named(&event, fields[i].field);
        is(sw_text_clean(pool, got), sw_span(fields[i].value),
           apr_psprintf(pool, "%s: %s", fields[i].field, fields[i].body));
        ok(!got.p == !fields[i].value, "set or unset");
    }
}

int main(void)
{
    tap_begin();
    test_fixtures("EXPECTED.json");
    test_fixtures("EXPECTED-MORE.json");
    test_order();
    test_fields();
    return tap_end();
}
