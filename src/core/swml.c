/* SPDX-License-Identifier: Apache-2.0 */
/* JSON and SWML by Jansson, which says where a fault is; see document.h. */
#include <apr_strings.h>
#include <jansson.h>

#include "document.h"

#define DEPTH_MAX 64

/* Jansson goes 2048 deep. */
static int is_too_deep(sw_span_t text)
{
    int depth = 0, in_string = 0;
    apr_size_t i;

    for (i = 0; i < text.n; i++) {
        char c = text.p[i];

        if (c == '\\')
            i++;
        else if (c == '"')
            in_string = !in_string;
        else if (!in_string && (c == '{' || c == '['))
            depth++;
        else if (!in_string && (c == '}' || c == ']'))
            depth--;
        if (depth > DEPTH_MAX)
            return 1;
    }
    return 0;
}

/* @return a value for the caller to release, or NULL with a fault; a name that
 * comes twice in an object is an advice */
static json_t *load(apr_pool_t *pool, sw_span_t text, sw_fault_t *f,
                    sw_fault_t *advice)
{
    /* As real numbers, integers may be large. */
    size_t flags = JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL;
    const char *reason = sw_document_refuse(text);
    json_error_t error;
    json_t *value;

    if (!reason && is_too_deep(text))
        reason = "values are nested more than 64 deep";
    if (reason) {
        *f = sw_fault_make(pool, reason, 0, 0);
        return NULL;
    }
    value = json_loadb(text.p, text.n, flags | JSON_REJECT_DUPLICATES, &error);
    if (!value && json_error_code(&error) == json_error_duplicate_key) {
        *advice = sw_fault_make(pool, error.text, error.line, error.column);
        value = json_loadb(text.p, text.n, flags, &error);
    }
    if (!value)
        *f = sw_fault_make(pool, error.text, error.line, error.column);
    return value;
}

sw_fault_t sw_json_check(apr_pool_t *pool, sw_span_t text)
{
    sw_fault_t f = { 0 }, advice = { 0 };

    json_decref(load(pool, text, &f, &advice));
    return f;
}

/* Named as in the published schemas. */
static const char *const calling_methods[] = {
    "ai", "ai_sidecar", "amazon_bedrock", "answer", "cond", "connect",
    "denoise", "detect_machine", "enter_queue", "execute", "goto", "hangup",
    "join_conference", "join_room", "label", "live_transcribe",
    "live_translate", "pay", "play", "prompt", "receive_fax", "record",
    "record_call", "request", "return", "send_digits", "send_fax", "send_sms",
    "set", "sip_refer", "sleep", "stop_denoise", "stop_record_call",
    "stop_stream", "stop_tap", "stream", "switch", "tap", "transcribe",
    "transcribe_stop", "transfer", "unset", "user_event", NULL
};

static const char *const messaging_methods[] = {
    "execute", "goto", "label", "receive", "reply", "request", "return",
    "switch", "transfer", NULL
};

static int is_one_of(const char *const *words, const char *word)
{
    while (*words && strcmp(*words, word) != 0)
        words++;
    return *words != NULL;
}

static int is_method(sw_swml_e what, const char *name)
{
    return (what != SW_SWML_MESSAGING && is_one_of(calling_methods, name))
           || (what != SW_SWML_CALLING && is_one_of(messaging_methods, name));
}

static int is_top_level(sw_swml_e what, const char *name)
{
    static const char *const always[] = { "version", "sections", NULL };
    static const char *const messaging[] = { "reply", "receive", NULL };

    return is_one_of(always, name)
           || (what != SW_SWML_CALLING && is_one_of(messaging, name));
}

/* A document while it is checked. */
typedef struct swml_t {
    apr_pool_t *pool;
    sw_swml_e what;
    json_t *root;
    sw_fault_t *advice;
} swml_t;

static void advise(const swml_t *swml, const char *reason)
{
    if (!swml->advice->reason)
        *swml->advice = sw_fault_make(swml->pool, reason, 0, 0);
}

/* Each of the following returns what is wrong, or NULL. */

static const char *check_step(const swml_t *swml, const char *section,
                              size_t i, json_t *step)
{
    void *member = json_object_iter(step);
    const char *name;

    if (json_object_size(step) != 1)
        return apr_psprintf(swml->pool, "sections.%s[%" APR_SIZE_T_FMT
                            "] is not an object of one member", section, i);
    name = json_object_iter_key(member);
    if (!is_method(swml->what, name))
        advise(swml, apr_psprintf(swml->pool, "sections.%s[%" APR_SIZE_T_FMT
                                  "] has the unknown method %s", section, i,
                                  name));
    return NULL;
}

static const char *check_section(const swml_t *swml, const char *name,
                                 json_t *section)
{
    const char *reason = NULL;
    json_t *step;
    size_t i;

    if (!json_is_array(section))
        return apr_psprintf(swml->pool, "sections.%s is not an array", name);
    if (json_array_size(section) == 0)
        advise(swml, apr_psprintf(swml->pool, "sections.%s is empty", name));
    for (i = 0; i < json_array_size(section) && !reason; i++) {
        step = json_array_get(section, i);
        reason = check_step(swml, name, i, step);
    }
    return reason;
}

static const char *check_sections(const swml_t *swml, json_t *sections)
{
    json_t *section, *main_section = json_object_get(sections, "main");
    const char *name, *reason = NULL;

    if (!json_is_object(sections))
        return "sections is not an object";
    if (!main_section)
        return "sections has no main";
    json_object_foreach(sections, name, section) {
        if (!reason)
            reason = check_section(swml, name, section);
    }
    if (!reason && json_array_size(main_section) == 0)
        reason = "sections.main is empty";
    return reason;
}

static const char *check_version(const swml_t *swml)
{
    json_t *version = json_object_get(swml->root, "version");
    const char *text = json_string_value(version);

    if (version && (!text || strcmp(text, "1.0.0") != 0))
        return "version is not \"1.0.0\"";
    return NULL;
}

/* Where SignalWire begins: at one of three members. */
static const char *check_entry(const swml_t *swml)
{
    json_t *sections = json_object_get(swml->root, "sections");
    int messaging = swml->what != SW_SWML_CALLING;
    int entries = (sections != NULL)
                  + (messaging && json_object_get(swml->root, "reply"))
                  + (messaging && json_object_get(swml->root, "receive"));

    if (entries == 0)
        return messaging ? "no sections, reply or receive" : "no sections";
    if (entries > 1) {
        if (swml->what == SW_SWML_MESSAGING)
            return "more than one of sections, reply and receive";
        advise(swml, "more than one of sections, reply and receive");
    }
    return sections ? check_sections(swml, sections) : NULL;
}

static void advise_names(const swml_t *swml)
{
    json_t *value;
    const char *name;

    json_object_foreach(swml->root, name, value) {
        if (!is_top_level(swml->what, name))
            advise(swml, apr_psprintf(swml->pool, "unknown member %s", name));
    }
}

sw_fault_t sw_swml_check(apr_pool_t *pool, sw_swml_e what, sw_span_t text,
                         sw_fault_t *advice)
{
    sw_fault_t f = { 0 }, none = { 0 };
    swml_t swml = { pool, what, NULL, &none };
    const char *reason = NULL;

    swml.root = load(pool, text, &f, &none);
    if (swml.root) {
        reason = json_is_object(swml.root) ? check_version(&swml)
                                           : "not an object";
        if (!reason)
            reason = check_entry(&swml);
        if (!reason)
            advise_names(&swml);
    }
    json_decref(swml.root);
    if (reason)
        f = sw_fault_make(pool, reason, 0, 0);
    if (advice)
        *advice = none;
    return f;
}
