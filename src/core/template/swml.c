/* SPDX-License-Identifier: Apache-2.0 */
/* JSON and SWML by Jansson, which says where a fault is; see swml.h. */
#include <apr_strings.h>
#include <jansson.h>

#include "core/template/swml.h"
#include "core/event/event.h"
#include "core/text/text.h"

#define DEPTH_MAX 64

/* Jansson allows a depth of 2048. */
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

/* @return a value for the caller to release, or NULL with a fault. A repeated
 * name in an object is an advice */
static json_t *load_json(apr_pool_t *pool, sw_span_t text, sw_fault_t *f,
                         sw_fault_t *advice)
{
    /* Read as real numbers, integers may be large. */
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

    json_decref(load_json(pool, text, &f, &advice));
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

/* Methods whose value is not always an object. SignalWire's documentation uses
 * some that its schema does not have. */
typedef struct form_t {
    const char *method;
    int string, array, number, any;
} form_t;

static const form_t forms[] = {
    { "cond", .array = 1 },
    { "label", .string = 1 },
    { "play", .string = 1 },
    { "reply", .string = 1 },
    { "return", .any = 1 },
    { "sleep", .string = 1, .number = 1 },
    { "transfer", .array = 1 },
    { "unset", .string = 1, .array = 1 }
};

/* A document while it is checked. */
typedef struct swml_t {
    apr_pool_t *pool;
    sw_channel_e channel;
    json_t *root;
    sw_fault_t advice;
} swml_t;

/* Keep the first advice: the checker is not sure of any. */
__attribute__((format(printf, 2, 3)))
static void advise_swml(swml_t *swml, const char *format, ...)
{
    va_list args;

    if (swml->advice.reason)
        return;
    va_start(args, format);
    swml->advice = sw_fault_make(swml->pool,
                                 apr_pvsprintf(swml->pool, format, args), 0, 0);
    va_end(args);
}

/* Many serializers write null for an absent member. */
static json_t *non_null(const swml_t *swml, const char *name)
{
    json_t *value = json_object_get(swml->root, name);

    return json_is_null(value) ? NULL : value;
}

/* ---- steps: nothing in them is a fault --------------------------------- */

/* A step as it is named in advice, "sections.main[2]". */
static const char *step_name(const swml_t *swml, const char *section, size_t i)
{
    return apr_psprintf(swml->pool, "%s%s[%" APR_SIZE_T_FMT "]",
                        section ? "sections." : "", section ? section : "", i);
}

static const char *other_channel(const swml_t *swml, const char *name)
{
    if (swml->channel == SW_CHANNEL_CALL
        && sw_text_is_one_of(name, messaging_methods))
        return "of messages";
    return swml->channel == SW_CHANNEL_MESSAGE
                   && sw_text_is_one_of(name, calling_methods)
               ? "of calls"
               : NULL;
}

static void check_method(swml_t *swml, const char *step, const char *name)
{
    const char *const *methods = swml->channel == SW_CHANNEL_MESSAGE
                                     ? messaging_methods
                                     : calling_methods;
    const char *other, *near;

    if (sw_text_is_one_of(name, methods)
        || (swml->channel == SW_CHANNEL_ANY
            && sw_text_is_one_of(name, messaging_methods)))
        return;
    other = other_channel(swml, name);
    near = sw_text_nearest(name, methods);
    if (other)
        advise_swml(swml, "%s has %s, a method %s", step, name, other);
    else
        advise_swml(swml, "%s has the unknown method %s%s%s%s", step, name,
                    near ? "; did you mean " : "", near ? near : "",
                    near ? "?" : "");
}

/* SignalWire replaces "${...}" by the value of a variable. */
static int is_variable(const json_t *value)
{
    const char *text = json_string_value(value);

    return text && (*text == '$' || *text == '%') && text[1] == '{';
}

static void check_value(swml_t *swml, const char *step, const char *method,
                        const json_t *value)
{
    form_t form = { 0 };
    apr_size_t i;

    for (i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
        if (strcmp(forms[i].method, method) == 0)
            form = forms[i];
    }
    if (!form.any && !is_variable(value)
        && !(form.string && json_is_string(value))
        && !(form.array && json_is_array(value))
        && !(form.number && json_is_number(value)) && !json_is_object(value))
        advise_swml(swml, "the value of %s in %s is not what the method takes",
                    method, step);
}

static void check_step(swml_t *swml, const char *step, json_t *value)
{
    size_t count = json_object_size(value);
    json_t *member;
    const char *name;

    if (json_is_string(value)) {
        check_method(swml, step, json_string_value(value));
        return;
    }
    json_object_foreach (value, name, member) {
        check_method(swml, step, name);
        check_value(swml, step, name, member);
    }
    if (!json_is_object(value))
        advise_swml(swml, "%s is neither an object nor a word", step);
    else if (count == 2 && json_object_get(value, "label"))
        advise_swml(swml, "%s has a label beside its method", step);
    else if (count != 1)
        advise_swml(swml, "%s has %s", step,
                    count ? "more than one method" : "no method");
}

static void check_steps(swml_t *swml, const char *section, json_t *steps)
{
    size_t i;

    for (i = 0; i < json_array_size(steps) && !swml->advice.reason; i++)
        check_step(swml, step_name(swml, section, i), json_array_get(steps, i));
}

/* ---- the document: each returns what is wrong, or NULL ----------------- */

static const char *check_main(swml_t *swml, json_t *section)
{
    if (!section)
        return "sections has no main";
    if (!json_is_array(section) && !json_is_object(section))
        return "sections.main is neither a list nor an object";
    if (json_array_size(section) + json_object_size(section) == 0)
        return "sections.main is empty";
    if (json_is_object(section))
        advise_swml(swml, "sections.main is an object, not a list of steps");
    return NULL;
}

static const char *check_sections(swml_t *swml, json_t *sections)
{
    const char *name, *reason;
    json_t *section;

    if (!json_is_object(sections))
        return "sections is not an object";
    reason = check_main(swml, json_object_get(sections, "main"));
    json_object_foreach (sections, name, section) {
        check_steps(swml, name, section);
        if (json_array_size(section) == 0)
            advise_swml(swml,
                        json_is_array(section)
                            ? "sections.%s is empty"
                            : "sections.%s is not a list of steps",
                        name);
    }
    return reason;
}

static const char *check_version(swml_t *swml)
{
    json_t *version = non_null(swml, "version");
    const char *text = json_string_value(version);

    return version && (!text || strcmp(text, "1.0.0") != 0)
               ? "version is not \"1.0.0\""
               : NULL;
}

/* The entry point: one of three members, two of which are for messages. */
static const char *check_entry(swml_t *swml)
{
    json_t *sections = non_null(swml, "sections");
    const char *other = non_null(swml, "reply")     ? "reply"
                        : non_null(swml, "receive") ? "receive"
                                                    : NULL;

    if (!sections && !other)
        return "no sections, reply or receive";
    if (other && swml->channel == SW_CHANNEL_CALL)
        advise_swml(swml, "%s is an entry point of messages", other);
    if ((sections && other)
        || (non_null(swml, "reply") && non_null(swml, "receive")))
        advise_swml(swml, "more than one of sections, reply and receive");
    return sections ? check_sections(swml, sections) : NULL;
}

static const char *check_object(swml_t *swml)
{
    static const char *const top[] = { "version", "sections", "reply",
                                       "receive", NULL };
    const char *name, *near, *reason = check_version(swml);
    json_t *value;

    if (!reason)
        reason = check_entry(swml);
    json_object_foreach (swml->root, name, value) {
        near = sw_text_nearest(name, top);
        if (!sw_text_is_one_of(name, top))
            advise_swml(swml, "unknown member %s%s%s%s", name,
                        near ? "; did you mean " : "", near ? near : "",
                        near ? "?" : "");
    }
    return reason;
}

/* Only the methods of a bare list tell that it is SWML. */
static const char *check_list(swml_t *swml)
{
    size_t i, known = 0;
    json_t *step;
    const char *name;

    json_array_foreach (swml->root, i, step) {
        name = json_is_string(step)
                   ? json_string_value(step)
                   : json_object_iter_key(json_object_iter(step));
        known += name
                 && (sw_text_is_one_of(name, calling_methods)
                     || sw_text_is_one_of(name, messaging_methods));
    }
    if (!known)
        return "a list without any step that is known";
    advise_swml(swml, "a bare list of steps, without sections");
    return NULL;
}

sw_fault_t sw_swml_check(apr_pool_t *pool, sw_span_t text, sw_advice_t *advice)
{
    sw_fault_t f = { 0 };
    swml_t swml = { .pool = pool, .channel = advice ? advice->channel
                                                    : SW_CHANNEL_ANY };
    const char *reason = NULL;

    swml.root = load_json(pool, text, &f, &swml.advice);
    if (swml.root)
        reason = json_is_object(swml.root)  ? check_object(&swml)
                 : json_is_array(swml.root) ? check_list(&swml)
                                            : "not an object";
    json_decref(swml.root);
    if (reason)
        f = sw_fault_make(pool, reason, 0, 0);
    if (advice)
        advice->fault = swml.advice;
    return f;
}
