/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names by which events are told and read, as SignalWire sends them:
 * parameters of forms and queries, and paths of JSON below the object that
 * describes the event. The tables say F(CallSid) and J(device__type).
 * Both lists are in the order of strcmp(); names.c has the first of each
 * initial.
 */
#ifndef SW_NAMES_H
#define SW_NAMES_H

#include "core/text/span.h"

#define SW_FORM_NAMES(X) \
    X(AccountSid) X(AnsweredBy) X(Attempt) X(AudioInMos) X(AvgQueueTime) \
    X(Body) X(CallDuration) X(CallSid) X(CallStatus) X(CallbackSource) \
    X(CallerName) X(ConferenceSid) X(Confidence) X(ConnectorError) \
    X(CurrentQueueSize) X(DequeingCallSid) X(DequeueingCallSid) \
    X(DialCallDuration) X(DialCallSID) X(DialCallSid) X(DialCallStatus) \
    X(DialSipResponseCode) X(Digits) X(Direction) X(Duration) X(ErrorCode) \
    X(ErrorMessage) X(ErrorType) X(EventName) X(FaxSid) X(FaxStatus) X(For) \
    X(ForwardedFrom) X(FriendlyName) X(From) X(HangupBy) X(HangupDirection) \
    X(MachineDetectionDuration) X(MediaUrl) X(MessageSid) X(MessageStatus) \
    X(NotifySipResponseCode) X(NumMedia) X(NumPages) X(NumSegments) \
    X(ParentCallSid) X(PayErrorCode) X(PaymentCardNumber) X(PaymentCardType) \
    X(PaymentConfirmationCode) X(PaymentError) X(PaymentMethod) \
    X(PaymentToken) X(ProfileId) X(QueuePosition) X(QueueResult) X(QueueSid) \
    X(QueueTime) X(RecordingDuration) X(RecordingSid) X(RecordingStatus) \
    X(RecordingUrl) X(ReferCallStatus) X(ReferSipResponseCode) X(Result) \
    X(SequenceId) X(SequenceNumber) X(SipInviteResultPhrase) \
    X(SipResultCode) X(SmsMessageSid) X(SmsSid) X(SmsStatus) X(SpeechResult) \
    X(StableSpeechResult) X(StatusCallbackEvent) X(StreamError) \
    X(StreamEvent) X(StreamName) X(StreamSid) X(Timestamp) X(To) \
    X(TranscriptionEvent) X(TranscriptionSid) X(TranscriptionStatus) \
    X(TranscriptionText) \
    X(UnstableSpeechResult) X(VirtualAgentError) X(VirtualAgentErrorCode) \
    X(VirtualAgentStatus)

#define SW_JSON_NAMES(X) \
    X(action, "action") X(ai_end_date, "ai_end_date") \
    X(ai_session_id, "ai_session_id") X(ai_start_date, "ai_start_date") \
    X(body, "body") \
    X(brand_id, "brand_id") X(call_ended_by, "call_ended_by") \
    X(call_id, "call_id") X(call_state, "call_state") \
    X(caller_id, "caller_id") X(caller_id_name, "caller_id_name") \
    X(caller_id_num, "caller_id_num") \
    X(caller_id_number, "caller_id_number") X(campaign_id, "campaign_id") \
    X(channel_data__call_id, "channel_data.call_id") \
    X(channel_data__caller_id_name, "channel_data.caller_id_name") \
    X(channel_data__caller_id_number, "channel_data.caller_id_number") \
    X(channel_data__destination_number, "channel_data.destination_number") \
    X(conference_id, "conference_id") X(connect_state, "connect_state") \
    X(content_disposition, "content_disposition") \
    X(control_id, "control_id") X(conversation_type, "conversation_type") \
    X(detect__params__event, "detect.params.event") \
    X(detect__type, "detect.type") \
    X(device__params__from, "device.params.from") \
    X(device__params__from_number, "device.params.from_number") \
    X(device__params__to, "device.params.to") \
    X(device__params__to_number, "device.params.to_number") \
    X(device__type, "device.type") X(direction, "direction") \
    X(duration, "duration") X(end_reason, "end_reason") \
    X(error_code, "error_code") X(error_message, "error_message") \
    X(error_type, "error_type") X(event_at, "event_at") \
    X(event_category, "event_category") X(event_type, "event_type") \
    X(failed_reason, "failed_reason") \
    X(fax__params__direction, "fax.params.direction") \
    X(fax__params__document, "fax.params.document") \
    X(fax__params__identity, "fax.params.identity") \
    X(fax__params__number, "fax.params.number") \
    X(fax__params__pages, "fax.params.pages") \
    X(fax__params__remote_identity, "fax.params.remote_identity") \
    X(fax__params__result_text, "fax.params.result_text") \
    X(fax__type, "fax.type") X(final, "final") X(for, "for") X(from, "from") \
    X(from_number, "from_number") X(function, "function") X(id, "id") \
    X(message_id, "message_id") X(message_state, "message_state") \
    X(method, "method") X(name, "name") X(node_id, "node_id") \
    X(num_media, "num_media") X(num_segments, "num_segments") \
    X(number_assignment_id, "number_assignment_id") \
    X(number_assignment_order_id, "number_assignment_order_id") \
    X(number_of_segments, "number_of_segments") \
    X(parent__call_id, "parent.call_id") X(peer__call_id, "peer.call_id") \
    X(peer__device__params__from, "peer.device.params.from") \
    X(peer__device__params__from_number, "peer.device.params.from_number") \
    X(peer__device__params__to, "peer.device.params.to") \
    X(peer__device__params__to_number, "peer.device.params.to_number") \
    X(phone_number, "phone_number") X(position, "position") \
    X(project_id, "project_id") X(reason, "reason") \
    X(reason_ended, "reason_ended") X(record__duration, "record.duration") \
    X(record__url, "record.url") X(recording_duration, "recording_duration") \
    X(recording_id, "recording_id") X(recording_url, "recording_url") \
    X(result__params__confidence, "result.params.confidence") \
    X(result__params__digits, "result.params.digits") \
    X(result__params__text, "result.params.text") \
    X(result__type, "result.type") X(room_id, "room_id") \
    X(room_name, "room_name") X(room_session_id, "room_session_id") \
    X(segment_id, "segment_id") X(segments, "segments") \
    X(sip_notify_response_code, "sip_notify_response_code") \
    X(sip_refer_response_code, "sip_refer_response_code") \
    X(sip_refer_to, "sip_refer_to") X(size, "size") X(space_id, "space_id") \
    X(state, "state") X(status, "status") X(tag, "tag") X(text, "text") \
    X(tick_id, "tick_id") X(timestamp, "timestamp") X(to, "to") \
    X(to_number, "to_number") X(transaction_id, "transaction_id") \
    X(ts, "ts") X(type, "type") X(url, "url")

#define F(name) SW_FORM_##name
#define J(name) SW_JSON_##name

#define SW_NAME_FORM(name) F(name),
#define SW_NAME_JSON(name, path) J(name),

typedef enum sw_name_e {
    SW_NAME_NONE,
    SW_FORM_NAMES(SW_NAME_FORM)
    SW_JSON_NAMES(SW_NAME_JSON)
    SW_NAME_COUNT
} sw_name_e;

/** The parameter of a form that is called @a name, or SW_NAME_NONE. */
sw_name_e sw_name_of_form(sw_span_t name);

/** The path of JSON, or SW_NAME_NONE. @a below is set if there are longer
 * paths that begin with it. */
sw_name_e sw_name_of_json(sw_span_t path, int *below);

/** As it is sent. */
const char *sw_name_text(sw_name_e name);

#endif
