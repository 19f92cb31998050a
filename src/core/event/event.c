/* SPDX-License-Identifier: Apache-2.0 */
/* See event.h. Fills the fields from the sources of sources.c, then those that
 * are derived. */
#include <apr_strings.h>

#include "core/event/event.h"
#include "core/event/extract.h"
#include "core/event/kinds.h"
#include "core/event/names.h"
#include "core/event/sources.h"
#include "core/event/states.h"
#include "core/event/values.h"
#include "core/text/json.h"
#include "core/text/span.h"
#include "core/text/timestamp.h"

/* A debug report has one property today. */
#define PROPERTIES_MAX 8

#define FIELD_TEXT(name, header, privacy) #name,
#define FIELD_PRIVACY(name, header, privacy) SW_PRIVACY_##privacy,

static const char *const field_names[] = { SW_FIELDS(FIELD_TEXT) };

const char *sw_field_name(sw_field_e field)
{
    return field_names[field];
}

sw_privacy_e sw_field_privacy(sw_field_e field)
{
    static const unsigned char privacy[] = { SW_FIELDS(FIELD_PRIVACY) };

    return (sw_privacy_e)privacy[field];
}

static int is_same_name(const char *field, const char *name)
{
    for (; *field; field++, name++) {
        if (*field != (*name == '-' ? '_' : apr_toupper(*name)))
            return 0;
    }
    return !*name;
}

sw_field_e sw_field_of(const char *name)
{
    int i = 0;

    while (i < SW_FIELD_COUNT && !is_same_name(field_names[i], name))
        i++;
    return (sw_field_e)i;
}

const char *sw_event_kind(unsigned int kind)
{
    if (kind == SW_OTHER_CALL || kind == SW_OTHER_VIDEO)
        return kind == SW_OTHER_CALL ? "call.*" : "video.*";
    return kind < SW_KIND_COUNT ? sw_kinds[kind].event : NULL;
}

int sw_event_is_known(const char *event)
{
    int i;

    for (i = 0; i < SW_KIND_COUNT; i++) {
        if (sw_kinds[i].event && strcmp(sw_kinds[i].event, event) == 0)
            return 1;
    }
    return sw_span_starts(sw_span(event), sw_span("call."))
           || sw_span_starts(sw_span(event), sw_span("video."));
}

int sw_event_is_callback(const char *event)
{
    int i;

    for (i = 0; i < SW_KIND_COUNT; i++) {
        if (sw_kinds[i].event && strcmp(sw_kinds[i].event, event) == 0
            && sw_kinds[i].response != SW_RESPONSE_NONE)
            return 0;
    }
    return 1;
}

sw_span_t sw_event_value(const sw_event_t *event, const char *name)
{
    sw_field_e field = sw_field_of(name);
    char known[24];
    int i;

    if (field < SW_FIELD_COUNT)
        return event->fields[field];
    for (i = 0; event->media && i < event->media->nelts; i++) {
        const sw_media_item_t *item = &APR_ARRAY_IDX(event->media, i,
                                                     sw_media_item_t);

        apr_snprintf(known, sizeof(known), "MEDIA_URL_%u", item->n);
        if (is_same_name(known, name))
            return item->url;
        apr_snprintf(known, sizeof(known), "MEDIA_TYPE_%u", item->n);
        if (is_same_name(known, name))
            return item->type;
    }
    return sw_span(NULL);
}

static void fill_fields(const sw_reading_t *in, sw_span_t *fields)
{
    apr_size_t i;

    for (i = 0; i < sw_source_count; i++) {
        const sw_source_t *source = sw_sources + i;

        if (in->values[source->name].p && !fields[source->field].p
            && (!source->kind || source->kind == in->kind))
            fields[source->field] = sw_reading_value(in,
                                                     (sw_name_e)source->name);
    }
}

/* The name of an event that names itself: "calling.call.hold" is call.hold,
 * "video.X" stays. */
static sw_span_t name_itself(const sw_reading_t *in)
{
    const char *type = in->values[J(event_type)].p, *word;

    if (in->kind == SW_OTHER_VIDEO)
        return sw_span(type);
    word = type + strlen("calling.");
    if (strncmp(word, "call.", strlen("call.")) == 0)
        return sw_span(word);
    return sw_span(apr_pstrcat(in->pool, "call.", word, NULL));
}

static sw_span_t inbound_or_outbound(sw_span_t direction)
{
    sw_span_t outbound = sw_span("outbound");

    if (sw_span_starts(direction, outbound)
        || sw_span_equal(direction, sw_span("send")))
        return outbound;
    if (sw_span_equal(direction, sw_span("receive")))
        return sw_span("inbound");
    return direction;
}

/* "identity" is the number of this side, in either direction. */
static void swap_fax_ends(sw_span_t *fields)
{
    sw_span_t from = fields[SW_FIELD_FROM];

    if (sw_span_equal(fields[SW_FIELD_DIRECTION], sw_span("inbound"))) {
        fields[SW_FIELD_FROM] = fields[SW_FIELD_TO];
        fields[SW_FIELD_TO] = from;
    }
}

/* The properties of a debug report: every member but call_info. */
static int add_property(void *data, const char *name, const sw_json_t *value)
{
    apr_array_header_t *names = data;

    (void)value;
    if (strcmp(name, "call_info") != 0)
        APR_ARRAY_PUSH(names, const char *) = name;
    return names->nelts < PROPERTIES_MAX;
}

static sw_span_t properties(const sw_reading_t *in)
{
    apr_array_header_t *names = apr_array_make(in->pool, 1,
                                               sizeof(const char *));

    sw_json_members(in->params->json, add_property, names);
    return sw_span(apr_array_pstrcat(in->pool, names, ','));
}

static sw_span_t ai_flavour(const sw_reading_t *in)
{
    const sw_json_t *channel = sw_json_at(in->params->json, "channel_data");

    if (sw_json_type(channel) == SW_JSON_OBJECT)
        return sw_span("sidecar");
    return sw_span(sw_span_equal(in->values[J(content_disposition)],
                                 sw_span("agent.function"))
                       ? "bedrock"
                       : "ai");
}

/* Fields that are special to one kind. */
static void fill_by_kind(sw_reading_t *in, sw_span_t *fields)
{
    sw_span_t document = in->values[J(fax__params__document)];

    switch (in->kind) {
    case SW_CALL_FAX:
        swap_fax_ends(fields);
        if (document.p)
            sw_reading_media(in, 0)->url = document;
        break;
    case SW_FAX_STATUS:
        if (in->values[F(MediaUrl)].p)
            sw_reading_media(in, 0)->url = sw_reading_value(in, F(MediaUrl));
        break;
    case SW_AI_DEBUG:
        fields[SW_FIELD_EVENT_TYPE] = properties(in);
        break;
    case SW_SWAIG_FUNCTION:
        fields[SW_FIELD_EVENT_TYPE] = ai_flavour(in);
        break;
    default:
        break;
    }
}

static sw_span_t progress(const sw_kind_t *kind, const sw_span_t *fields)
{
    sw_span_t status = fields[SW_FIELD_STATUS];

    if (kind->progress == SW_PROGRESS_CALL)
        return sw_span(sw_call_progress(status, fields[SW_FIELD_REASON]));
    return sw_span(kind->progress == SW_PROGRESS_MESSAGE
                       ? sw_message_progress(status)
                       : NULL);
}

static int is_final(const sw_reading_t *in, const sw_span_t *fields)
{
    sw_span_t status = fields[SW_FIELD_STATUS];
    sw_span_t media = fields[SW_FIELD_NUM_MEDIA];

    /* No carrier reports the delivery of an MMS. */
    if (in->kind == SW_MESSAGE_STATUS && sw_span_equal(status, sw_span("sent")))
        return media.n && !sw_span_equal(media, sw_span("0"));
    /* An interim result of collecting. */
    if (sw_span_equal(in->values[J(final)], sw_span("false")))
        return 0;
    return sw_span_is_one_of(status, sw_kinds[in->kind].final);
}

/* "|" and a value of a key. Separators in the value are escaped, so that two
 * events never have the same key. @return the end of what is written */
static char *write_part(char *to, sw_span_t value)
{
    apr_size_t i;

    *to++ = '|';
    for (i = 0; i < value.n; i++) {
        if (value.p[i] == '|' || value.p[i] == '\\')
            *to++ = '\\';
        *to++ = value.p[i] ? value.p[i] : ' ';
    }
    return to;
}

/* The values of a key: as many as a row of the kinds can name. */
#define ROOM_OF(list) (sizeof(sw_kinds->list) / sizeof(*sw_kinds->list))
#define KEY_MAX (ROOM_OF(key) + ROOM_OF(order) + ROOM_OF(stamps))

static int key_values(const sw_reading_t *in, const sw_span_t *fields,
                      sw_span_t values[KEY_MAX])
{
    const sw_kind_t *kind = sw_kinds + in->kind;
    const unsigned char *name;
    const sw_field_e *field;
    int n = 0;

    for (field = kind->key; *field; field++)
        values[n++] = fields[*field];
    for (field = kind->order; *field; field++)
        values[n++] = fields[*field];
    for (name = kind->stamps; *name; name++)
        values[n++] = sw_reading_value(in, (sw_name_e)*name);
    return n;
}

static sw_span_t write_key(apr_pool_t *p, sw_span_t event,
                           const sw_span_t *values, int count)
{
    apr_size_t size = event.n + 1;
    char *key, *to;
    int i;

    for (i = 0; i < count; i++)
        size += 1 + 2 * values[i].n;
    key = apr_palloc(p, size);
    memcpy(key, event.p, event.n);
    to = key + event.n;
    for (i = 0; i < count; i++)
        to = write_part(to, values[i]);
    *to = '\0';
    return sw_span_of(key, (apr_size_t)(to - key));
}

static int is_ordered(const sw_reading_t *in, const sw_span_t *fields)
{
    const sw_kind_t *kind = sw_kinds + in->kind;
    const sw_field_e *part = kind->order;
    const unsigned char *name = kind->stamps;

    while (*part && !fields[*part].n)
        part++;
    while (*name && !in->values[*name].n)
        name++;
    return *part || *name;
}

/* kind|field|field..., empty where unset. To drop a callback does more harm
 * than to run one twice: the key has every number and date of the event, and an
 * event that may recur has no key without them. Values are compared as
 * received, to the last digit of a time. */
static sw_span_t dedupe(const sw_reading_t *in, const sw_span_t *fields)
{
    const sw_kind_t *kind = sw_kinds + in->kind;
    sw_span_t values[KEY_MAX];

    if (!kind->key[0] || !fields[kind->key[0]].n)
        return sw_span(NULL);
    if (kind->recurs && !is_final(in, fields) && !is_ordered(in, fields))
        return sw_span(NULL);
    return write_key(in->pool, sw_span(kind->event), values,
                     key_values(in, fields, values));
}

static void derive(sw_reading_t *in, sw_span_t *fields)
{
    static const char *const responses[] = { "none", "cxml", "swml", "json" };
    const sw_kind_t *kind = sw_kinds + in->kind;
    apr_time_t time;

    fields[SW_FIELD_EVENT] = kind->event ? sw_span(kind->event)
                                         : name_itself(in);
    fields[SW_FIELD_FORMAT] = sw_span(sw_format_name(in->params->format));
    fields[SW_FIELD_RESPONSE] = sw_span(responses[kind->response]);
    fields[SW_FIELD_ID] = sw_reading_first(in, kind->id);
    fields[SW_FIELD_STATUS] = sw_reading_first(in, kind->status);
    if (fields[SW_FIELD_DIRECTION].p)
        fields[SW_FIELD_DIRECTION] = inbound_or_outbound(
            fields[SW_FIELD_DIRECTION]);
    if (!fields[SW_FIELD_NUM_MEDIA].p)
        fields[SW_FIELD_NUM_MEDIA] = in->media_count;
    fill_by_kind(in, fields);
    fields[SW_FIELD_PROGRESS] = progress(kind, fields);
    if (kind->response == SW_RESPONSE_NONE && kind->final[0]
        && fields[SW_FIELD_STATUS].p)
        fields[SW_FIELD_TERMINAL] = sw_span(is_final(in, fields) ? "1" : "0");
    fields[SW_FIELD_DEDUPE] = dedupe(in, fields);
    if (sw_timestamp_read(fields[SW_FIELD_TIMESTAMP], &time)) {
        char *text = apr_palloc(in->pool, SW_TIMESTAMP_SIZE);

        sw_timestamp_write(text, time);
        fields[SW_FIELD_TIME] = sw_span(text);
    }
}

void sw_event_read(apr_pool_t *pool, const sw_params_t *params,
                   sw_event_t *event)
{
    sw_reading_t in;

    memset(event, 0, sizeof(*event));
    sw_reading_make(pool, params, &in);
    fill_fields(&in, event->fields);
    derive(&in, event->fields);
    event->kind = (unsigned int)in.kind;
    event->response = sw_kinds[in.kind].response;
    event->channel = sw_kinds[in.kind].channel ? sw_kinds[in.kind].channel
                                               : SW_CHANNEL_CALL;
    event->flags = sw_kinds[in.kind].flags;
    event->media = in.media;
}
