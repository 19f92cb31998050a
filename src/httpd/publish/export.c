/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignalWireExport: what an application is told of the verdict and the event.
 * No value of the sender is trusted: values are cleaned for the
 * environment and percent-encoded for headers, and there are limits to both.
 */
#include <apr_hash.h>
#include <apr_strings.h>

#include "httpd/publish/export.h"
#include "core/event/params.h"
#include "core/signature/verdict.h"
#include "core/text/text.h"
#include "httpd/request/event.h"
#include "httpd/request/request.h"

#define VALUE_MAX 8192
#define ENV_MAX 32768
#define HEADERS_MAX 8192

/* Of a parameter's variable, with its NUL. */
#define NAME_SIZE 256

/* Parameters that are too long, each by itself, before all others are. */
#define LEFT_OUT_MAX 100

#define ENV_PREFIX "SIGNALWIRE_"
#define PARAM_PREFIX ENV_PREFIX "PARAM_"

typedef struct variable_t {
    const char *env;
    const char *header;
} variable_t;

#define FIELD_VARIABLE(name, header, privacy) \
    { ENV_PREFIX #name, "SignalWire-" header },

static const variable_t variables[SW_FIELD_COUNT] = {
    SW_FIELDS(FIELD_VARIABLE)
};

static const char *verdict_value(const sw_record_t *record,
                                 const sw_block_t *block,
                                 const sw_decision_t *decision,
                                 sw_field_e field)
{
    int verified = decision->verdict == SW_VERIFIED;

    switch (field) {
    case SW_FIELD_WEBHOOK:
        return block->name;
    case SW_FIELD_VERIFIED:
        return verified ? sw_scheme_name(decision->scheme) : NULL;
    case SW_FIELD_VERDICT:
        return sw_outcome(decision->verdict)->token;
    case SW_FIELD_ONCE:
        return record->delivery;
    case SW_FIELD_LOG_ID:
        return sw_log_id(record);
    default:
        return sw_label_of(decision);
    }
}

sw_span_t sw_value(sw_record_t *record, const sw_block_t *block,
                   const sw_decision_t *decision, sw_field_e field)
{
    return field < SW_FIELD_EVENT
           ? sw_span(verdict_value(record, block, decision, field))
           : sw_event_of(record)->fields[field];
}

/* Entries of one of the tables, and what there was no room for. */
typedef struct part_t {
    apr_array_header_t *entries;  /* of apr_table_entry_t */
    apr_size_t used, room;
    apr_array_header_t *left_out; /* of const char *, the first few */
    int left_out_count;
} part_t;

/* A publication on its way. */
typedef struct making_t {
    request_rec *r;
    sw_record_t *record;
    apr_pool_t *pool;
    unsigned int exports;
    part_t env, headers;
    apr_hash_t *seen; /* variables made of parameters */
} making_t;

static void make_part(apr_pool_t *p, part_t *part, apr_size_t room)
{
    part->entries = apr_array_make(p, 32, sizeof(apr_table_entry_t));
    part->room = room;
}

static void leave_out(const making_t *m, part_t *part, const char *name)
{
    if (!part->left_out)
        part->left_out = apr_array_make(m->pool, 4, sizeof(const char *));
    if (part->left_out_count++ < 4)
        APR_ARRAY_PUSH(part->left_out, const char *) =
            apr_pstrmemdup(m->pool, name, strnlen(name, 64));
}

static void push(apr_array_header_t *entries, const char *name,
                 const char *value)
{
    apr_table_entry_t *entry = apr_array_push(entries);

    entry->key = (char *)(apr_uintptr_t)name;
    entry->val = (char *)(apr_uintptr_t)value;
}

/* The size includes the separators of a header field. The verdict is always
 * added. @return whether there was room */
static int add(const making_t *m, part_t *part, const char *name,
               sw_span_t value, int always)
{
    apr_size_t needs = strlen(name) + value.n + 4;

    if (!always && (value.n > VALUE_MAX || part->used + needs > part->room)) {
        leave_out(m, part, name);
        return 0;
    }
    part->used += needs;
    push(part->entries, name, value.p);
    return 1;
}

static void add_field(making_t *m, const variable_t *variable,
                      sw_span_t value, int always)
{
    if (!value.p)
        return;
    value = sw_text_clean(m->pool, value);
    if (m->exports & SW_EXPORT_ENV)
        add(m, &m->env, variable->env, value, always);
    if (m->exports & SW_EXPORT_HEADERS)
        add(m, &m->headers, variable->header,
            sw_text_field_value(m->pool, value), always);
}

static void add_media(making_t *m, const sw_event_t *event)
{
    int i;

    for (i = 0; event->media && i < event->media->nelts; i++) {
        const sw_media_item_t *item = &APR_ARRAY_IDX(event->media, i,
                                                     sw_media_item_t);
        variable_t url = {
            apr_psprintf(m->pool, ENV_PREFIX "MEDIA_URL_%u", item->n),
            apr_psprintf(m->pool, "SignalWire-Media-Url-%u", item->n)
        };
        variable_t type = {
            apr_psprintf(m->pool, ENV_PREFIX "MEDIA_TYPE_%u", item->n),
            apr_psprintf(m->pool, "SignalWire-Media-Type-%u", item->n)
        };

        add_field(m, &url, item->url, 0);
        add_field(m, &type, item->type, 0);
    }
}

static void add_fields(making_t *m, const sw_dir_t *dir,
                       const sw_decision_t *decision)
{
    int i;

    for (i = 0; i < SW_FIELD_COUNT; i++) {
        if (i == SW_FIELD_SPEECH_RESULT)
            add_media(m, sw_event_of(m->record)); /* before what may be long */
        add_field(m, variables + i, sw_value(m->record, dir->block, decision,
                                             (sw_field_e)i),
                  i <= SW_FIELD_ONCE);
    }
}

/* SIGNALWIRE_PARAM_VARS_USER_NAME for "vars.user.name", cut off where the
 * room ends. @return whether it is whole */
static int write_variable(char to[NAME_SIZE], sw_span_t name)
{
    apr_size_t n = strlen(PARAM_PREFIX), i;

    memcpy(to, PARAM_PREFIX, n);
    for (i = 0; i < name.n && n < NAME_SIZE - 1; i++)
        to[n++] = apr_isalnum(name.p[i]) ? (char)apr_toupper(name.p[i]) : '_';
    to[n] = '\0';
    return i == name.n;
}

/* The first of a name counts; where the room ends, the walk ends too, so that
 * very many parameters cost no more than the room. */
static int add_param(void *data, sw_span_t name, sw_span_t value)
{
    making_t *m = data;
    char variable[NAME_SIZE];
    const char *kept;
    int whole = write_variable(variable, name);

    if (apr_hash_get(m->seen, variable, APR_HASH_KEY_STRING))
        return 1;
    kept = apr_pstrdup(m->pool, variable);
    apr_hash_set(m->seen, kept, APR_HASH_KEY_STRING, kept);
    if (value.p)
        value = sw_text_clean(m->pool, value);
    if (!whole || !value.p || value.n > VALUE_MAX) {
        leave_out(m, &m->env, kept);
        return m->env.left_out_count < LEFT_OUT_MAX;
    }
    value.p = apr_pstrmemdup(m->pool, value.p, value.n);
    return add(m, &m->env, kept, value, 0);
}

static void add_params(making_t *m)
{
    apr_pool_t *scratch;

    apr_pool_create(&scratch, m->pool);
    m->seen = apr_hash_make(scratch);
    sw_params_visit(scratch, sw_params_of(m->record), add_param, m);
    apr_pool_destroy(scratch);
}

static void report(const making_t *m, const part_t *part,
                   const sw_block_t *block, const char *what)
{
    if (!part->left_out_count)
        return;
    ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, m->r, "%s (%s), too long or "
                  "too many: %s%s", what, block->name,
                  apr_array_pstrcat(m->pool, part->left_out, ' '),
                  part->left_out_count > part->left_out->nelts
                  ? " and others" : "");
}

sw_publication_t *sw_export(request_rec *r, sw_record_t *record,
                            const sw_dir_t *dir,
                            const sw_decision_t *decision)
{
    apr_pool_t *p = record->initial->pool;
    sw_publication_t *to = apr_pcalloc(p, sizeof(*to));
    making_t m = { 0 };

    m.r = r;
    m.record = record;
    m.pool = p;
    m.exports = sw_dir_exports(dir);
    make_part(p, &m.env, ENV_MAX);
    make_part(p, &m.headers, HEADERS_MAX);
    if (m.exports & (SW_EXPORT_ENV | SW_EXPORT_HEADERS))
        add_fields(&m, dir, decision);
    if (m.exports & SW_EXPORT_PARAMS)
        add_params(&m);
    report(&m, &m.env, dir->block, "SW0119: left out of the environment");
    report(&m, &m.headers, dir->block, "SW0120: left out of the headers");
    to->block = dir->block;
    to->decision = decision;
    to->exports = m.exports;
    to->env = m.env.entries;
    to->headers = m.headers.entries;
    return to;
}

void sw_export_more(sw_publication_t *to, sw_field_e field, const char *value)
{
    if (to->exports & SW_EXPORT_ENV)
        push(to->env, variables[field].env, value);
    if (to->exports & SW_EXPORT_HEADERS)
        push(to->headers, variables[field].header, value);
}

int sw_is_variable(const char *name)
{
    const char *rest;

    if (strncasecmp(name, ENV_PREFIX, strlen(ENV_PREFIX)) != 0)
        return 0;
    rest = name + strlen(ENV_PREFIX);
    return strncasecmp(rest, "PARAM_", 6) == 0
           || strncasecmp(rest, "MEDIA_", 6) == 0
           || sw_field_of(rest) < SW_FIELD_COUNT;
}
