/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of events, compared: names are sorted and used, a request made
 * from a rule or a source reaches it, every field and key can be filled.
 */
#include "core/event/extract.h"
#include "core/event/kinds.h"
#include "core/event/names.h"
#include "core/event/rules.h"
#include "core/event/sources.h"
#include "core/event/values.h"
#include "tap.h"

#define FIRST_JSON J(action)

static int is_form_name(int name)
{
    return name > SW_NAME_NONE && name < FIRST_JSON;
}

static void check_name(int name)
{
    const char *text = sw_name_text((sw_name_e)name);
    sw_span_t whole = tap_exact(sw_span(text));
    int below;
    sw_name_e found = is_form_name(name) ? sw_name_of_form(whole)
                                         : sw_name_of_json(whole, &below);
    int other, longer = 0;
    char *more = apr_pstrcat(pool, text, "x", NULL);

    is_int((int)found, name, apr_pstrcat(pool, "name ", text, NULL));
    ok(!sw_name_of_form(sw_span(more))
       && !sw_name_of_json(sw_span(more), &below), "one byte more is none");
    ok(whole.n < 38, "it is short enough for what collects it");
    if (name != F(AccountSid) && name != FIRST_JSON)
        ok(strcmp(sw_name_text((sw_name_e)(name - 1)), text) < 0, "in order");
    if (is_form_name(name))
        return;
    for (other = FIRST_JSON; other < SW_NAME_COUNT; other++) {
        sw_span_t path = sw_span(sw_name_text((sw_name_e)other));

        longer |= sw_span_starts(path, sw_span(apr_pstrcat(pool, text, ".",
                                                           NULL)));
    }
    sw_name_of_json(whole, &below);
    is_int(!below, !longer, "and whether there are longer paths");
    for (more = strchr(text, '.'); more; more = strchr(more + 1, '.')) {
        sw_name_of_json(sw_span_of(text, (apr_size_t)(more - text)), &below);
        ok(below, "there is one below each part");
    }
}

static void test_names(void)
{
    int name, below;

    ok(SW_NAME_COUNT <= 256, "a name fits the tables");
    for (name = SW_NAME_NONE + 1; name < SW_NAME_COUNT; name++)
        check_name(name);
    ok(!sw_name_of_form(SPAN("")) && !sw_name_of_json(SPAN(""), &below),
       "nothing is no name");
    ok(!sw_name_of_form(SPAN("A")) && !sw_name_of_form(SPAN("z")),
       "nor is what comes before or after");
    ok(!sw_name_of_form(SPAN("call_id")), "a path is no parameter");
    ok(!sw_name_of_json(SPAN("CallSid"), &below), "nor the reverse");
    ok(!sw_name_of_form(SPAN("CallSid\0")), "nor with a NUL after it");
}

#define HEADER(name, header, privacy) header,

/* Names of fields and of their headers, by either of which they are found. */
static void test_fields(void)
{
    static const char *const headers[] = { SW_FIELDS(HEADER) };
    int i;

    for (i = 0; i < SW_FIELD_COUNT; i++) {
        const char *name = sw_field_name((sw_field_e)i);
        char *header = apr_pstrdup(pool, headers[i]), *c;

        for (c = header; *c; c++)
            *c = (char)(*c == '-' ? '_' : apr_toupper(*c));
        is_str(header, name, "a header is spelled as its field");
        for (c = header; *c; c++) {
            if (c != header && c[-1] != '_')
                *c = (char)apr_tolower(*c);
        }
        for (c = header; *c; c++)
            *c = (char)(*c == '_' ? '-' : *c);
        is_str(headers[i], header, "in title case");
        is_int(sw_field_of(name), i, "found by its name");
        is_int(sw_field_of(header), i, "found by its header");
    }
    is_int(sw_field_of("call_iD"), SW_FIELD_CALL_ID, "whatever the case");
    is_int(sw_field_of("CALL_ID_"), SW_FIELD_COUNT, "no longer name");
    is_int(sw_field_of("CALL_I"), SW_FIELD_COUNT, "no shorter one");
    is_int(sw_field_of("CALL ID"), SW_FIELD_COUNT, "no other character");
    is_int(sw_field_of(""), SW_FIELD_COUNT, "nor nothing");
}

static sw_reading_t read_text(const char *text)
{
    sw_params_t *params = apr_palloc(pool, sizeof(*params));
    sw_reading_t in;

    sw_params_read(pool, &(sw_content_t){ .body = sw_span(text) }, params);
    sw_reading_make(pool, params, &in);
    return in;
}

/* A value for the condition of a rule. If several rules match, the one without
 * a condition comes later. */
static const char *condition_of(const sw_form_rule_t *rule)
{
    switch (rule->kind) {
    case SW_MESSAGE_STATUS:
        return "&SmsStatus=sent";
    case SW_VOICE_SMS_STATUS:
        return "&SmsStatus=failed";
    case SW_VOICE_STATUS:
        return "&CallStatus=busy";
    default:
        return "&Direction=outbound";
    }
}

/* A form that has just the fields of a rule, with any one of its
 * alternatives. */
static const char *form_of(const sw_form_rule_t *rule, int any, int is_call)
{
    const char *text = is_call ? "CallSid=1" : "x=";
    int i;

    for (i = 0; rule->all[i]; i++)
        text = apr_pstrcat(pool, text, "&", sw_name_text(rule->all[i]), "=1",
                           NULL);
    if (rule->any[any])
        text = apr_pstrcat(pool, text, "&", sw_name_text(rule->any[any]), "=1",
                           NULL);
    return rule->when ? apr_pstrcat(pool, text, condition_of(rule), NULL)
                      : text;
}

static void test_form_rules(int *reached)
{
    const sw_form_rule_t *rule = sw_form_rules;
    int any, is_call = 0;

    for (; rule->row; rule++) {
        for (any = 0; any == 0 || rule->any[any]; any++) {
            const char *text = form_of(rule, any, is_call);

            is_int(read_text(text).kind, rule->kind,
                   apr_psprintf(pool, "%s: %s", rule->row, text));
        }
        reached[rule->kind] |= 1;
        is_call |= strcmp(rule->row, "-") == 0;
    }
    ok(is_call, "a rule ends what needs no call");
    is_int(rule->kind, SW_UNKNOWN, "after the last rule");
}

/* {"path":value}, or {"outer":{"inner":value}} */
static const char *member_of(const char *path, const char *value)
{
    const char *dot = strchr(path, '.');

    return dot ? apr_psprintf(pool, "\"%.*s\":{%s}", (int)(dot - path), path,
                              member_of(dot + 1, value))
               : apr_psprintf(pool, "\"%s\":%s", path, value);
}

static const char *value_of(const sw_member_t *member)
{
    if (member->type == SW_JSON_OBJECT)
        return "{}";
    return member->type == SW_JSON_ARRAY ? "[]"
           : apr_pstrcat(pool, "\"", member->word ? member->word : "1", "\"",
                         NULL);
}

/* The same for JSON. Members of objects come last and count. */
static const char *json_of(const sw_json_rule_t *rule, int any)
{
    const char *text = "{\"x\":1";
    int i;

    for (i = 0; i < COUNT(rule->all) && rule->all[i].path; i++)
        text = apr_pstrcat(pool, text, ",", member_of(rule->all[i].path,
                           value_of(&rule->all[i])), NULL);
    if (rule->any[any].path)
        text = apr_pstrcat(pool, text, ",", member_of(rule->any[any].path,
                           value_of(&rule->any[any])), NULL);
    return apr_pstrcat(pool, text, "}", NULL);
}

static void test_json_rules(int *reached)
{
    const sw_json_rule_t *rule = sw_json_rules;
    int any, i;

    for (; rule->row; rule++) {
        for (any = 0; !rule->pick && (any == 0 || (any < COUNT(rule->any)
                                      && rule->any[any].path)); any++) {
            const char *text = json_of(rule, any);

            is_int(read_text(text).kind, rule->kind,
                   apr_psprintf(pool, "%s: %s", rule->row, text));
        }
        reached[rule->kind] |= 2;
    }
    for (i = SW_CALL_STATE; i <= SW_CALL_CONTROL; i++) {
        const char *event = sw_kinds[i].event;

        ok(strncmp(event, "call.", 5) == 0, "%s is of a call", event);
        is_int(read_text(apr_psprintf(pool, "{\"event_type\":\"calling.%s\"}",
                                      event)).kind, i, "J10");
        is_int(read_text(apr_psprintf(pool, "{\"event_type\":\"calling.%s\"}",
                                      event + 5)).kind, i, "without call.");
        reached[i] |= 2;
    }
    is_int(read_text("{\"event_type\":\"calling.call.x\"}").kind,
           SW_OTHER_CALL, "any other call");
    is_int(read_text("{\"event_type\":\"video.x\"}").kind, SW_OTHER_VIDEO,
           "any video");
    reached[SW_OTHER_CALL] = reached[SW_OTHER_VIDEO] = 2;
}

/* Is there a source of field for this kind, or is it derived? */
static int can_fill(int field, int kind, int reached)
{
    apr_size_t i;

    if (field == SW_FIELD_ID || field == SW_FIELD_STATUS)
        return (field == SW_FIELD_ID ? sw_kinds[kind].id
                                     : sw_kinds[kind].status)[0] != 0;
    for (i = 0; i < sw_source_count; i++) {
        const sw_source_t *source = sw_sources + i;

        if (source->field == field && (!source->kind || source->kind == kind)
            && (reached & (is_form_name(source->name) ? 1 : 2)))
            return 1;
    }
    return 0;
}

/* Names that the rules of a kind could find, and none of card data. */
static int are_sensible(const unsigned char *names, int room, int reached)
{
    int i;

    for (i = 0; i < room && names[i]; i++) {
        if (!(reached & (is_form_name(names[i]) ? 1 : 2))
            || sw_is_card_data(sw_span(sw_name_text(names[i]))))
            return 0;
    }
    return 1;
}

static void check_kind(int k, int reached)
{
    const sw_kind_t *kind = sw_kinds + k;
    const char *event = kind->event ? kind->event : "(itself)";
    int i, other, same = 0;

    ok(k == SW_UNKNOWN || reached, "%s is reached", event);
    for (other = 0; kind->event && other < k; other++)
        same += sw_kinds[other].event
                && strcmp(kind->event, sw_kinds[other].event) == 0
                && kind->response == sw_kinds[other].response;
    is_int(same, 0, "no other kind of that reply is called so");
    ok(!kind->event || strspn(kind->event, "abcdefghijklmnopqrstuvwxyz._")
                       == strlen(kind->event), "%s is a word", event);
    ok(k == SW_UNKNOWN || !(reached & 2) == !kind->subject[0],
       "%s: JSON has a subject", event);
    ok(are_sensible(kind->id, COUNT(kind->id), reached), "%s: ID", event);
    ok(are_sensible(kind->status, COUNT(kind->status), reached), "%s: STATUS",
       event);
    ok(!kind->final[0] || kind->status[0], "%s: final states of one", event);
    ok(!kind->final[0] || kind->response == SW_RESPONSE_NONE,
       "%s: of callbacks", event);
    ok(!kind->key[0] || (kind->response == SW_RESPONSE_NONE && kind->event),
       "%s: so is a key", event);
    for (i = 0; kind->key[i]; i++)
        ok(can_fill((int)kind->key[i], k, reached), "%s: key %s", event,
           sw_field_name(kind->key[i]));
    for (i = 0; kind->order[i]; i++)
        ok(can_fill((int)kind->order[i], k, reached), "%s: order %s", event,
           sw_field_name(kind->order[i]));
    ok(are_sensible(kind->stamps, COUNT(kind->stamps), reached),
       "%s: stamps", event);
    ok(kind->key[0] || (!kind->order[0] && !kind->stamps[0] && !kind->recurs),
       "%s: nothing without a key", event);
    ok(!kind->key[0] || kind->order[0], "%s: what tells two apart", event);
    ok(kind->progress == SW_PROGRESS_NONE || kind->status[0],
       "%s: progress of a status", event);
    ok(!kind->key[0] || kind->key[0] == SW_FIELD_ID
       || can_fill(SW_FIELD_ID, k, reached), "%s: with an ID", event);
}

/* A request of the source's kind, of a call if of any, with that name. */
static const char *text_for(const sw_source_t *source)
{
    const char *name = sw_name_text((sw_name_e)source->name);
    const sw_json_rule_t *rule = sw_json_rules;
    const char *event = sw_kinds[source->kind].event, *subject;
    const char *member = member_of(name, "\"1\"");
    int last = 0;

    if (is_form_name(source->name))
        return apr_psprintf(pool, "%s=1", name);
    if (!source->kind || strncmp(event, "call.", 5) == 0)
        return apr_psprintf(pool, "{\"event_type\":\"calling.%s\","
                            "\"params\":{%s}}",
                            source->kind ? event : "call.x", member);
    while (rule->kind != source->kind)
        rule++;
    while (sw_kinds[source->kind].subject[last + 1])
        last++;
    subject = sw_kinds[source->kind].subject[last];
    if (!*subject || strcmp(subject, "params") == 0)
        return apr_psprintf(pool, "%s,%s}", apr_pstrndup(pool,
                            json_of(rule, 0), strlen(json_of(rule, 0)) - 1),
                            member);
    return apr_psprintf(pool, "{\"%s\":{\"%s_id\":1,%s}}", subject, subject,
                        member);
}

static void test_sources(int *used)
{
    apr_size_t i, k;

    for (i = 0; i < sw_source_count; i++) {
        const sw_source_t *source = sw_sources + i;
        const char *name = sw_name_text((sw_name_e)source->name);
        const char *field = sw_field_name((sw_field_e)source->field);
        sw_reading_t in = read_text(text_for(source));
        int same = 0;

        ok(in.values[source->name].p
           && (!source->kind || is_form_name(source->name)
               || in.kind == source->kind), "%s is found", name);
        ok(!sw_is_card_data(sw_span(name)), "it is no card data");
        for (k = 0; k < i; k++)
            same += sw_sources[k].field == source->field
                    && sw_sources[k].name == source->name
                    && (!sw_sources[k].kind || !source->kind
                        || sw_sources[k].kind == source->kind);
        is_int(same, 0, apr_pstrcat(pool, field, " has it once", NULL));
        used[source->name] = 1;
    }
}

/* Names that no table uses. */
static void test_used(int *used)
{
    static const int by_hand[] = { F(MediaUrl), J(fax__params__document),
                                   J(final), J(content_disposition) };
    const sw_form_rule_t *rule;
    const unsigned char *name;
    int i, k;

    for (rule = sw_form_rules; rule->row; rule++) {
        for (name = rule->all; *name; name++)
            used[*name] = 1;
        for (name = rule->any; *name; name++)
            used[*name] = 1;
        for (name = rule->none; *name; name++)
            used[*name] = 1;
    }
    for (k = 0; k < SW_KIND_COUNT; k++) {
        for (i = 0; i < COUNT(sw_kinds[k].id); i++)
            used[sw_kinds[k].id[i]] = 1;
        for (i = 0; i < COUNT(sw_kinds[k].status); i++)
            used[sw_kinds[k].status[i]] = 1;
        for (i = 0; i < COUNT(sw_kinds[k].stamps); i++)
            used[sw_kinds[k].stamps[i]] = 1;
    }
    for (i = 0; i < COUNT(by_hand); i++)
        used[by_hand[i]]++;
    for (i = SW_NAME_NONE + 1; i < SW_NAME_COUNT; i++)
        is_int(used[i], 1, apr_pstrcat(pool, "used: ",
                                       sw_name_text((sw_name_e)i), NULL));
}

int main(void)
{
    int reached[SW_KIND_COUNT] = { 0 }, used[SW_NAME_COUNT] = { 0 }, i;

    tap_begin();
    test_names();
    test_fields();
    test_form_rules(reached);
    test_json_rules(reached);
    for (i = SW_UNKNOWN; i < SW_KIND_COUNT; i++)
        check_kind(i, reached[i]);
    test_sources(used);
    test_used(used);
    return tap_end();
}
