/* SPDX-License-Identifier: Apache-2.0 */
/* Suggestions: typing errors are found, and the names in SignalWire's callbacks
 * and guides, and those of operators, are left alone. */
#include "core/event/suggest.h"
#include "tap.h"

typedef struct pair_t {
    const char *word, *meant;
} pair_t;

static void test_events(void)
{
    static const pair_t cases[] = {
        { "voice.incomming", "voice.incoming" },
        { "voice.incoming", NULL },
        { "voice.in", NULL },
        { "voiceincoming", "voice.incoming" },
        { "message.statsu", "message.status" },
        { "mesage.status", "message.status" },
        { "fax.status", NULL },
        { "swml.cal", "swml.call" },
        { "unknwon", "unknown" },
        { "unknown", NULL },
        { "call.stae", "call.state" },
        { "call.conect", "call.connect" },
        { "call.state", NULL },
        { "call.hold", NULL },            /* may come */
        { "call.say", NULL },             /* so may this, near call.pay */
        { "call.", NULL },
        { "video.evnt", "video.event" },
        { "video.room.started", NULL },
        { "", NULL }
    };
    int i;

    for (i = 0; i < COUNT(cases); i++)
        is_str(sw_suggest_event(cases[i].word), cases[i].meant,
               apr_psprintf(pool, "event \"%s\"", cases[i].word));
}

static void test_misspelt(void)
{
    static const pair_t cases[] = {
        { "Form", "FROM" },
        { "Statsu", "STATUS" },
        { "Digit", "DIGITS" },
        { "Evnet", "EVENT" },
        { "CallId", "CALL_ID" },
        { "Call Id", "CALL_ID" },
        { "callsid", "CallSid" },
        { "RecordingUlr", "RecordingUrl" },
        { "SpechResult", "SpeechResult" },
        { "DialCallStatsu", "DialCallStatus" },
        { "RecordngDuratin", "RecordingDuration" },
        { "DIALCALLSTATUS", "DialCallStatus" },
        { "SIGNALWIRE_FROM", "FROM" },
        { "signalwire_call_id", "call_id" },
        { "SignalWire-Call-Id", "Call-Id" },
        { "SIGNALWIRE_STATSU", "STATUS" },
        { "sw.from", "from" },
        { "sw.statsu", "STATUS" }
    };
    int i;

    for (i = 0; i < COUNT(cases); i++)
        is_str(sw_suggest_field(cases[i].word), cases[i].meant,
               apr_psprintf(pool, "field \"%s\"", cases[i].word));
}

static void test_left_alone(void)
{
    static const char *const names[] = {
        "From", "from", "CALL-ID", "Call_Id", "CallSid", "CallSid", "Body",
        "MEDIA_URL_0", "media-type-3", "MediaUrl0", "MediaContentType7",
        "SpeechResult", "call.from", "call.headers", "params.state",
        "FromCity", "FromState", "FromZip", "FromCountry", "ToCity", "ToZip",
        "CalledCity", "CallerCity", "Caller", "Called", "ApiVersion",
        "MessagingServiceSid", "SmsMessageSid", "StirVerstat", "CallToken",
        "tenant", "token", "code", "Code", "type", "Type", "Page", "page",
        "step", "Menu", "lang", "Data", "data", "customer_id", "callerId",
        "game", "Room", "key2", "Name2", "utm_source", "rest_route", "secret",
        "SIGNALWIRE_COLOUR", "SIGNALWIRE_PARAM_COLOUR", "sw.colour", "", "T",
        "segments", "vars.name", "x-custom", "PostData", "Location", "State",
        "Country", "Conference", "event_time", "transcribe", "Order",
        "payment_card_number", "PAYMENTTOKEN", "OrderId", "UserId",
        "Project", "Account"
    };
    int i;

    for (i = 0; i < COUNT(names); i++)
        is_str(sw_suggest_field(names[i]), NULL,
               apr_psprintf(pool, "field \"%s\" is left alone", names[i]));
}

int main(void)
{
    tap_begin();
    test_events();
    test_misspelt();
    test_left_alone();
    return tap_end();
}
