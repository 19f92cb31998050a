/* SPDX-License-Identifier: Apache-2.0 */
/* One callback of each kind of docs/variables.md, in the order of
 * core/event/kinds.h. Numbers are of the range for fiction. sample.c replaces
 * each @ and its letter. */
#include "tool/tool.h"

#define CALL(direction, status) \
    "CallSid=@c&AccountSid=@p&ApiVersion=2010-04-01&Direction=" direction \
    "&From=%2B15550100123&To=%2B15550100456&CallStatus=" status

#define ENVELOPE(type) \
    "{\"event_type\":\"calling." type "\",\"event_channel\":\"swml:@j\"," \
    "\"timestamp\":@t,\"project_id\":\"@p\",\"space_id\":\"@s\"," \
    "\"params\":{\"call_id\":\"@c\",\"node_id\":\"@s@@us-east\","

#define INFO \
    "{\"call_info\":{\"project_id\":\"@p\",\"space_id\":\"@s\"," \
    "\"call_id\":\"@c\",\"content_type\":\"text/json\"," \
    "\"content_disposition\":\"post_data\"," \
    "\"conversation_type\":\"voice\"},"

const sample_t samples[] = {
    { "unknown", 0,
      "greeting=hello&from=%2B15550100123" },
    { "voice.incoming", 0,
      CALL("inbound", "ringing")
      "&CallerName=Ana" },
    { "voice.outgoing", 0,
      CALL("outbound-api", "in-progress") },
    { "voice.gather", 0,
      CALL("inbound", "in-progress")
      "&Digits=4217" },
    { "voice.gather.partial", 0,
      CALL("inbound", "in-progress")
      "&UnstableSpeechResult=yes+plea&SequenceNumber=2" },
    { "voice.record", 0,
      CALL("inbound", "in-progress")
      "&RecordingUrl=https%3A%2F%2Ffiles.example.com%2F@i.wav&"
      "RecordingDuration=12&Digits=%23" },
    { "voice.dial", 0,
      CALL("inbound", "in-progress")
      "&DialCallSid=@i&DialCallStatus=completed&DialCallDuration=42" },
    { "voice.refer", 0,
      CALL("inbound", "in-progress")
      "&ReferCallStatus=in-progress&ReferSipResponseCode=202&"
      "NotifySipResponseCode=200" },
    { "voice.sms", 0,
      CALL("inbound", "in-progress")
      "&SmsSid=@i&SmsStatus=sent" },
    { "voice.virtualagent", 0,
      CALL("inbound", "in-progress")
      "&VirtualAgentStatus=transfer&VirtualAgentProvider=dialogflow" },
    { "voice.status", 0,
      CALL("inbound", "completed")
      "&CallbackSource=call-progress-events&Timestamp=@d&SequenceNumber=3&"
      "CallDuration=94&HangupBy=%2B15550100123&HangupDirection=inbound&"
      "SipResultCode=200&AudioInMos=4.31" },
    { "voice.recording", 0,
      "AccountSid=@p&CallSid=@c&RecordingSid=@i&"
      "RecordingUrl=https%3A%2F%2Ffiles.example.com%2F@i.wav&"
      "RecordingStatus=completed&RecordingDuration=12&RecordingChannels=1&"
      "RecordingSource=RecordVerb" },
    { "voice.transcription", 0,
      "AccountSid=@p&CallSid=@c&TranscriptionSid=@i&"
      "TranscriptionStatus=completed&TranscriptionText=please+call+me+back&"
      "RecordingSid=@j&RecordingUrl=https%3A%2F%2Ffiles.example.com%2F@j.wav" },
    { "voice.stream", 0,
      "AccountSid=@p&CallSid=@c&StreamSid=@i&StreamName=desk+audio&"
      "StreamEvent=stream-started&StreamTrack=both_tracks&Timestamp=@z" },
    { "voice.amd", 0,
      "AccountSid=@p&CallSid=@c&AnsweredBy=human&"
      "MachineDetectionDuration=3160" },
    { "queue.wait", 0,
      CALL("inbound", "in-progress")
      "&QueueSid=@i&QueuePosition=2&QueueTime=30&AvgQueueTime=45&"
      "CurrentQueueSize=3" },
    { "queue.result", 0,
      CALL("inbound", "in-progress")
      "&QueueSid=@i&QueueResult=bridged&QueueTime=30" },
    { "queue.dequeue", 0,
      CALL("inbound", "in-progress")
      "&QueueSid=@i&QueueTime=30&DequeingCallSid=@j" },
    { "conference.status", 0,
      CALL("inbound", "in-progress")
      "&ConferenceSid=@i&FriendlyName=stand-up&"
      "StatusCallbackEvent=participant-join&Timestamp=@d&SequenceNumber=1&"
      "Muted=false&"
      "Hold=false&StartConferenceOnEnter=true&EndConferenceOnExit=false" },
    { "conference.document", 0,
      CALL("inbound", "in-progress")
      "&ConferenceSid=@i&FriendlyName=stand-up" },
    { "pay.status", 0,
      CALL("inbound", "in-progress")
      "&For=payment-processing&Attempt=1&PaymentMethod=credit-card&"
      "PaymentCardType=visa&PaymentCardNumber=xxxxxxxxxxxx1111" },
    { "pay.result", 0,
      CALL("inbound", "in-progress")
      "&Result=success&PaymentMethod=credit-card&"
      "PaymentConfirmationCode=ch_test_@i&PaymentCardType=visa&"
      "PaymentCardNumber=xxxxxxxxxxxx1111" },
    { "message.incoming", 0,
      "MessageSid=@i&SmsSid=@i&AccountSid=@p&From=%2B15550100123&"
      "To=%2B15550100456&Body=Are+you+open+today%3F&NumMedia=0&NumSegments=1" },
    { "message.status", 0,
      "MessageSid=@i&AccountSid=@p&From=%2B15550100456&To=%2B15550100123&"
      "Body=Your+code+is+42&NumMedia=0&NumSegments=1&MessageStatus=delivered" },
    { "fax.incoming", 0,
      "FaxSid=@i&AccountSid=@p&ApiVersion=v1&From=%2B15550100123&"
      "To=%2B15550100456" },
    { "fax.status", 0,
      "FaxSid=@i&AccountSid=@p&ApiVersion=v1&From=%2B15550100123&"
      "To=%2B15550100456&RemoteStationId=%2B15550100123&FaxStatus=received&"
      "NumPages=2&MediaSid=@j&"
      "MediaUrl=https%3A%2F%2Ffiles.example.com%2F@j.pdf&Timestamp=@z" },
    { "swml.call", 1,
      "{\"call\":{\"call_id\":\"@c\",\"node_id\":\"@s@@us-east\","
      "\"segment_id\":\"@c\",\"call_state\":\"created\","
      "\"direction\":\"inbound\",\"type\":\"phone\","
      "\"from\":\"+15550100123\",\"to\":\"+15550100456\","
      "\"from_number\":\"+15550100123\",\"to_number\":\"+15550100456\","
      "\"headers\":[],\"project_id\":\"@p\",\"space_id\":\"@s\"},\"vars\":{"
      "},\"envs\":{},\"params\":{}}" },
    { "swml.message", 1,
      "{\"message\":{\"message_id\":\"@i\",\"project_id\":\"@p\","
      "\"space_id\":\"@s\",\"direction\":\"inbound\",\"type\":\"sms\","
      "\"from\":\"+15550100123\",\"to\":\"+15550100456\","
      "\"body\":\"Are you open today?\",\"media\":[],\"segments\":1,"
      "\"timestamp\":\"@z\"},\"params\":{}}" },
    { "call.state", 1,
      ENVELOPE("call.state")
      "\"call_state\":\"answered\",\"direction\":\"outbound\",\"device\":{"
      "\"type\":\"phone\",\"params\":{\"from_number\":\"+15550100456\","
      "\"to_number\":\"+15550100123\"}},\"end_reason\":null}}" },
    { "call.connect", 1,
      ENVELOPE("call.connect")
      "\"connect_state\":\"connected\",\"peer\":{\"call_id\":\"@i\","
      "\"node_id\":\"@s@@us-east\",\"device\":{\"type\":\"phone\","
      "\"params\":{\"from_number\":\"+15550100456\","
      "\"to_number\":\"+15550100123\"}}}}}" },
    { "call.record", 1,
      ENVELOPE("call.record")
      "\"control_id\":\"@i\",\"state\":\"finished\","
      "\"url\":\"https://files.example.com/@i.mp3\",\"duration\":12.5,"
      "\"size\":98304}}" },
    { "call.play", 1,
      ENVELOPE("call.play")
      "\"control_id\":\"@i\",\"state\":\"finished\"}}" },
    { "call.collect", 1,
      ENVELOPE("call.collect")
      "\"control_id\":\"@i\",\"result\":{\"type\":\"digit\",\"params\":{"
      "\"digits\":\"4217\",\"terminator\":\"#\"}},\"final\":true}}" },
    { "call.detect", 1,
      ENVELOPE("call.detect")
      "\"control_id\":\"@i\",\"detect\":{\"type\":\"machine\",\"params\":{"
      "\"event\":\"HUMAN\"}}}}" },
    { "call.fax", 1,
      ENVELOPE("call.fax")
      "\"control_id\":\"@i\",\"fax\":{\"type\":\"finished\",\"params\":{"
      "\"direction\":\"receive\",\"identity\":\"+15550100456\","
      "\"remote_identity\":\"+15550100123\","
      "\"document\":\"https://files.example.com/@i.pdf\",\"pages\":2,"
      "\"success\":true,\"result\":0,\"result_text\":\"OK\","
      "\"format\":\"pdf\"}}}}" },
    { "call.tap", 1,
      ENVELOPE("call.tap")
      "\"control_id\":\"@i\",\"state\":\"tapping\",\"tap\":{"
      "\"type\":\"audio\",\"params\":{\"direction\":\"both\"}},\"device\":{"
      "\"type\":\"rtp\",\"params\":{\"addr\":\"192.0.2.10\",\"port\":5000,"
      "\"codec\":\"PCMU\",\"ptime\":20}}}}" },
    { "call.stream", 1,
      ENVELOPE("call.stream")
      "\"control_id\":\"@i\",\"state\":\"streaming\","
      "\"url\":\"wss://media.example.com/@i\",\"name\":\"desk audio\"}}" },
    { "call.refer", 1,
      ENVELOPE("call.refer")
      "\"sip_refer_to\":\"sip:desk@@example.com\",\"state\":\"success\","
      "\"sip_refer_response_code\":\"202\","
      "\"sip_notify_response_code\":\"200\"}}" },
    { "call.pay", 1,
      ENVELOPE("call.pay")
      "\"control_id\":\"@i\",\"for\":\"payment-completed\","
      "\"error_type\":\"\",\"payment_method\":\"credit-card\","
      "\"payment_card_type\":\"visa\"}}" },
    { "call.queue", 1,
      ENVELOPE("call.queue")
      "\"control_id\":null,\"id\":\"@i\",\"status\":\"enqueue\","
      "\"name\":\"support\",\"position\":2,\"size\":3,\"avg_time\":45,"
      "\"enqueue_ts\":@u,\"dequeue_ts\":0,\"leave_ts\":0}}" },
    { "call.conference", 1,
      ENVELOPE("conference")
      "\"conference_id\":\"@i\",\"name\":\"stand-up\","
      "\"status\":\"participant-join\",\"size\":2,\"muted\":false,"
      "\"hold\":false,\"start_on_join\":true,\"end_on_leave\":false}}" },
    { "call.transcript", 1,
      "{\"event_type\":\"calling.transcript.completed\",\"timestamp\":@t,"
      "\"project_id\":\"@p\",\"space_id\":\"@s\",\"params\":{"
      "\"id\":\"@i\",\"call_id\":\"@c\",\"segment_id\":\"@c\","
      "\"text\":\"please call me back\"}}" },
    { "call.control", 1,
      "{\"control_id\":\"@i\",\"call_id\":\"@c\","
      "\"node_id\":\"@s@@us-east\",\"state\":\"finished\"}" },
    { "tendlc.status", 1,
      "{\"project_id\":\"@p\",\"event_at\":\"@z\","
      "\"event_category\":\"campaign\","
      "\"event_type\":\"campaign_activated\",\"state\":\"completed\","
      "\"brand_id\":\"@j\",\"campaign_id\":\"@i\"}" },
    { "swaig.function", 1,
      "{\"function\":\"get_weather\",\"argument\":{\"parsed\":[{"
      "\"city\":\"Lyon\"}],\"raw\":\"{\\\"city\\\":\\\"Lyon\\\"}\"},"
      "\"description\":\"Weather lookup\",\"call_id\":\"@c\","
      "\"ai_session_id\":\"@i\",\"app_name\":\"ai\","
      "\"meta_data_token\":\"token\",\"meta_data\":{},"
      "\"caller_id_name\":\"Ana\",\"caller_id_num\":\"+15550100123\","
      "\"content_type\":\"text/swaig\",\"version\":\"2.0\","
      "\"content_disposition\":\"SWAIG Function\","
      "\"conversation_type\":\"voice\",\"project_id\":\"@p\","
      "\"space_id\":\"@s\"}" },
    { "swaig.signature", 1,
      "{\"action\":\"get_signature\",\"functions\":[\"get_weather\"],"
      "\"content_type\":\"text/swaig\","
      "\"content_disposition\":\"function signature request\","
      "\"version\":\"2.0\",\"project_id\":\"@p\",\"space_id\":\"@s\"}" },
    { "ai.post_prompt", 1,
      "{\"content_disposition\":\"agent.summary\","
      "\"action\":\"post_conversation\",\"call_id\":\"@c\","
      "\"ai_session_id\":\"@i\",\"app_name\":\"ai\","
      "\"conversation_type\":\"voice\",\"call_log\":[{\"role\":\"user\","
      "\"content\":\"Are you open today?\"}],\"post_prompt_data\":{"
      "\"parsed\":[],\"raw\":\"The caller asked for opening hours.\"},"
      "\"caller_id_name\":\"Ana\",\"caller_id_number\":\"+15550100123\","
      "\"content_type\":\"text/json\","
      "\"call_start_date\":@u,\"call_answer_date\":@u,"
      "\"call_end_date\":@u,\"ai_start_date\":@u,\"ai_end_date\":@u,"
      "\"call_ended_by\":\"user\",\"project_id\":\"@p\",\"space_id\":\"@s\"}" },
    { "ai.load_conversation", 1,
      "{\"content_disposition\":\"agent.load_conversation\","
      "\"action\":\"fetch_conversation\",\"call_id\":\"@c\","
      "\"ai_session_id\":\"@i\",\"conversation_id\":\"@j\","
      "\"conversation_type\":\"voice\",\"caller_id_name\":\"Ana\","
      "\"caller_id_number\":\"+15550100123\",\"project_id\":\"@p\","
      "\"space_id\":\"@s\"}" },
    { "ai.debug", 1,
      INFO
      "\"speech_detect\":{\"text\":\"Are you open today?\","
      "\"confidence\":0.94}}" },
    { "ai.sidecar", 1,
      INFO
      "\"sidecar_event\":{\"type\":\"insight\",\"ts\":@u,\"tick_id\":7,"
      "\"channel_data\":{\"call_id\":\"@c\","
      "\"caller_id_number\":\"+15550100123\","
      "\"destination_number\":\"+15550100456\"},"
      "\"raw\":\"Confirm the address.\"}}" },
    { "pay.connector", 1,
      "{\"transaction_id\":\"@i\",\"method\":\"credit-card\","
      "\"cardnumber\":\"4111111111111111\",\"cvv\":\"123\","
      "\"postal_code\":\"00501\",\"description\":\"order A-17\","
      "\"chargeAmount\":20.45,\"expiry_month\":\"09\","
      "\"expiry_year\":\"31\",\"currency_code\":\"usd\",\"parameters\":{"
      "\"order\":\"A-17\"}}" },
    { "video.event", 1,
      "{\"room_id\":\"@i\",\"room_name\":\"stand-up\",\"timestamp\":\"@z\","
      "\"duration\":61}" },
    { "mcp.request", 1,
      "{\"jsonrpc\":\"2.0\",\"id\":\"@i\",\"method\":\"tools/list\","
      "\"params\":{}}" },
    { NULL, 0, NULL }
};
