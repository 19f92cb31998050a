/* SPDX-License-Identifier: Apache-2.0 */
/* Makes a callback of a row of samples.c, with new ids and the time of now. */
#include <apr_escape.h>
#include <apr_strings.h>
#include <apr_uuid.h>

#include "core/text/timestamp.h"
#include "tool/tool.h"

#define UUID (APR_UUID_FORMATTED_LENGTH + 1)

/* The values of one callback: an id is the same in all its fields. */
typedef struct fresh_t {
    char call[UUID], other[UUID], third[UUID];
    char rfc822[APR_RFC822_DATE_LEN], iso[SW_TIMESTAMP_SIZE];
    char seconds[32], micros[32];
    const char *name; /* the kind, as --event gives it */
} fresh_t;

static void make_id(char *to)
{
    apr_uuid_t id;

    apr_uuid_get(&id);
    apr_uuid_format(to, &id);
}

static void make_fresh(fresh_t *fresh)
{
    apr_time_t now = apr_time_now();

    make_id(fresh->call);
    make_id(fresh->other);
    make_id(fresh->third);
    apr_rfc822_date(fresh->rfc822, now);
    sw_timestamp_write(fresh->iso, now);
    apr_snprintf(fresh->seconds, sizeof(fresh->seconds),
                 "%" APR_TIME_T_FMT ".%06d", apr_time_sec(now),
                 (int)apr_time_usec(now));
    apr_snprintf(fresh->micros, sizeof(fresh->micros), "%" APR_TIME_T_FMT, now);
}

/* In a form, with +0000 in place of GMT. */
static const char *form_date(apr_pool_t *pool, const fresh_t *fresh)
{
    return apr_pescape_urlencoded(pool,
                                  apr_psprintf(pool, "%.*s+0000",
                                               (int)strlen(fresh->rfc822) - 3,
                                               fresh->rfc822));
}

static const char *filled(apr_pool_t *pool, const fresh_t *fresh, char letter)
{
    switch (letter) {
    case 'c':
        return fresh->call;
    case 'i':
        return fresh->other;
    case 'j':
        return fresh->third;
    case 'p': /* project and space are constant */
        return "40c1eac7-0b67-50b6-92d7-29cd27a00950";
    case 's':
        return "0b157e9d-be6f-5182-8869-713ea418f40e";
    case 'd':
        return form_date(pool, fresh);
    case 'z':
        return fresh->iso;
    case 't':
        return fresh->seconds;
    case 'u':
        return fresh->micros;
    case 'n':
        return fresh->name;
    default: /* "@@" */
        return "@";
    }
}

static sw_span_t expand(apr_pool_t *pool, const char *text,
                        const fresh_t *fresh)
{
    apr_array_header_t *parts = apr_array_make(pool, 64, sizeof(char *));
    const char *at;

    for (; (at = strchr(text, '@')) != NULL; text = at + 2) {
        APR_ARRAY_PUSH(parts,
                       const char *) = apr_pstrmemdup(pool, text,
                                                      (apr_size_t)(at - text));
        APR_ARRAY_PUSH(parts, const char *) = filled(pool, fresh, at[1]);
    }
    APR_ARRAY_PUSH(parts, const char *) = text;
    return sw_span(apr_array_pstrcat(pool, parts, 0));
}

/* "call.NAME" or "video.NAME", with a name that such an event may have. */
static int is_own_name(const char *event)
{
    const char *dot = strchr(event, '.');

    return dot && strlen(dot + 1) <= 32
           && strspn(dot + 1, "abcdefghijklmnopqrstuvwxyz0123456789._")
                  == strlen(dot + 1)
           && strcmp(event, "call.") != 0 && strcmp(event, "video.") != 0;
}

static const sample_t *sample_of(const char *event)
{
    static const sample_t call = { "call.", 1,
        "{\"event_type\":\"calling.@n\",\"event_channel\":\"swml:@i\","
        "\"timestamp\":@t,\"project_id\":\"@p\",\"space_id\":\"@s\","
        "\"params\":{\"call_id\":\"@c\",\"control_id\":\"@j\","
        "\"state\":\"finished\"}}" };
    static const sample_t video = { "video.", 1,
        "{\"event_type\":\"@n\",\"timestamp\":@t,\"project_id\":\"@p\","
        "\"params\":{\"room_id\":\"@i\",\"name\":\"standup\"}}" };
    const sample_t *sample;

    for (sample = samples; sample->event; sample++) {
        if (strcmp(sample->event, event) == 0)
            return sample;
    }
    if (is_own_name(event) && strncmp(event, "call.", 5) == 0)
        return &call;
    if (is_own_name(event) && strncmp(event, "video.", 6) == 0)
        return &video;
    return NULL;
}

int make_sample(apr_pool_t *pool, const char *event, sw_span_t *body,
                const char **type)
{
    const sample_t *sample = sample_of(event);
    fresh_t fresh;

    if (!sample)
        return 0;
    make_fresh(&fresh);
    fresh.name = event;
    *body = expand(pool, sample->body, &fresh);
    *type = sample->is_json ? TYPE_JSON : TYPE_FORM;
    return 1;
}
