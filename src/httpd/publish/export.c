/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignalWireExport: the verdict and the event for the application. No value of
 * the sender is trusted: all are cleaned for the environment and
 * percent-encoded for header fields, within limits of size.
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

/* The name of a parameter's variable, with its NUL. */
#define NAME_SIZE 256

/* After so many variables that are left out, no more parameters are read. */
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

/* The entries of one table, and the names that did not fit. */
typedef struct part_t {
    apr_pool_t *pool;
    apr_array_header_t *entries;  /* of apr_table_entry_t */
    apr_size_t used, capacity;
    apr_array_header_t *left_out; /* of const char *, the first few */
    int left_out_count;
} part_t;

/* A publication while it is built. */
typedef struct builder_t {
    request_rec *r;
    sw_record_t *record;
    apr_pool_t *pool;
    unsigned int exports;
    part_t env, headers;
    apr_hash_t *seen; /* names of parameter variables */
} builder_t;

static void make_part(apr_pool_t *p, part_t *part, apr_size_t capacity)
{
    part->pool = p;
    part->entries = apr_array_make(p, 32, sizeof(apr_table_entry_t));
    part->capacity = capacity;
}

static void leave_out(part_t *part, const char *name)
{
    if (!part->left_out)
        part->left_out = apr_array_make(part->pool, 4, sizeof(const char *));
    if (part->left_out_count++ < 4)
        APR_ARRAY_PUSH(part->left_out,
                       const char *) = apr_pstrmemdup(part->pool, name,
                                                      strnlen(name, 64));
}

static void push(apr_array_header_t *entries, const char *name,
                 const char *value)
{
    apr_table_entry_t *entry = apr_array_push(entries);

    entry->key = (char *)(apr_uintptr_t)name;
    entry->val = (char *)(apr_uintptr_t)value;
}

/* Add an entry if it fits, or @a always, as the verdict is. The size includes
 * the separators of a header field. @return whether it is added */
static int add(part_t *part, const char *name, sw_span_t value, int always)
{
    apr_size_t needs = strlen(name) + value.n + 4;

    if (!always
        && (value.n > VALUE_MAX || part->used + needs > part->capacity)) {
        leave_out(part, name);
        return 0;
    }
    part->used += needs;
    push(part->entries, name, value.p);
    return 1;
}

static void add_field(builder_t *b, const variable_t *variable, sw_span_t value,
                      int always)
{
    if (!value.p)
        return;
    value = sw_text_clean(b->pool, value);
    if (b->exports & SW_EXPORT_ENV)
        add(&b->env, variable->env, value, always);
    if (b->exports & SW_EXPORT_HEADERS)
        add(&b->headers, variable->header, sw_text_field_value(b->pool, value),
            always);
}

static void add_media(builder_t *b, const sw_event_t *event)
{
    int i;

    for (i = 0; event->media && i < event->media->nelts; i++) {
        const sw_media_item_t *item = &APR_ARRAY_IDX(event->media, i,
                                                     sw_media_item_t);
        variable_t url = {
            apr_psprintf(b->pool, ENV_PREFIX "MEDIA_URL_%u", item->n),
            apr_psprintf(b->pool, "SignalWire-Media-Url-%u", item->n)
        };
        variable_t type = {
            apr_psprintf(b->pool, ENV_PREFIX "MEDIA_TYPE_%u", item->n),
            apr_psprintf(b->pool, "SignalWire-Media-Type-%u", item->n)
        };

        add_field(b, &url, item->url, 0);
        add_field(b, &type, item->type, 0);
    }
}

static void add_fields(builder_t *b, const sw_dir_t *dir,
                       const sw_decision_t *decision)
{
    int i;

    for (i = 0; i < SW_FIELD_COUNT; i++) {
        if (i == SW_FIELD_SPEECH_RESULT)
            add_media(b, sw_event_of(b->record)); /* before long fields */
        add_field(b, variables + i,
                  sw_value(b->record, dir->block, decision, (sw_field_e)i),
                  i <= SW_FIELD_ONCE);
    }
}

/* SIGNALWIRE_PARAM_VARS_USER_NAME for "vars.user.name", cut off at
 * NAME_SIZE. @return whether the name is complete */
static int write_variable(char to[NAME_SIZE], sw_span_t name)
{
    apr_size_t n = strlen(PARAM_PREFIX), i;

    memcpy(to, PARAM_PREFIX, n);
    for (i = 0; i < name.n && n < NAME_SIZE - 1; i++)
        to[n++] = apr_isalnum(name.p[i]) ? (char)apr_toupper(name.p[i]) : '_';
    to[n] = '\0';
    return i == name.n;
}

/* The first parameter of a name counts. The walk ends when the environment is
 * full, which bounds the cost of very many parameters. */
static int add_param(void *data, sw_span_t name, sw_span_t value)
{
    builder_t *b = data;
    char variable[NAME_SIZE];
    const char *kept;
    int whole = write_variable(variable, name);

    if (apr_hash_get(b->seen, variable, APR_HASH_KEY_STRING))
        return 1;
    kept = apr_pstrdup(b->pool, variable);
    apr_hash_set(b->seen, kept, APR_HASH_KEY_STRING, kept);
    if (value.p)
        value = sw_text_clean(b->pool, value);
    if (!whole || !value.p || value.n > VALUE_MAX) {
        leave_out(&b->env, kept);
        return b->env.left_out_count < LEFT_OUT_MAX;
    }
    value.p = apr_pstrmemdup(b->pool, value.p, value.n);
    return add(&b->env, kept, value, 0);
}

static void add_params(builder_t *b)
{
    apr_pool_t *scratch;

    apr_pool_create(&scratch, b->pool);
    b->seen = apr_hash_make(scratch);
    sw_params_visit(scratch, sw_params_of(b->record), add_param, b);
    apr_pool_destroy(scratch);
}

static void log_left_out(const builder_t *b, const part_t *part,
                         const sw_block_t *block, const char *what)
{
    if (!part->left_out_count)
        return;
    ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, b->r,
                  "%s (%s), too long or too many: %s%s", what, block->name,
                  apr_array_pstrcat(b->pool, part->left_out, ' '),
                  part->left_out_count > part->left_out->nelts ? " and others"
                                                               : "");
}

sw_publication_t *sw_export(request_rec *r, sw_record_t *record,
                            const sw_dir_t *dir, const sw_decision_t *decision)
{
    apr_pool_t *p = record->initial->pool;
    sw_publication_t *to = apr_pcalloc(p, sizeof(*to));
    builder_t b = { 0 };

    b.r = r;
    b.record = record;
    b.pool = p;
    b.exports = sw_dir_exports(dir);
    make_part(p, &b.env, ENV_MAX);
    make_part(p, &b.headers, HEADERS_MAX);
    if (b.exports & (SW_EXPORT_ENV | SW_EXPORT_HEADERS))
        add_fields(&b, dir, decision);
    if (b.exports & SW_EXPORT_PARAMS)
        add_params(&b);
    log_left_out(&b, &b.env, dir->block, "SW0119: left out of the environment");
    log_left_out(&b, &b.headers, dir->block, "SW0120: left out of the headers");
    to->block = dir->block;
    to->decision = decision;
    to->exports = b.exports;
    to->env = b.env.entries;
    to->headers = b.headers.entries;
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
