/* SPDX-License-Identifier: Apache-2.0 */
/* See extract.h. Finds the kind by the rules of rules.c and collects the
 * values. */
#include <apr_strings.h>

#include "core/event/extract.h"
#include "core/event/event.h"
#include "core/event/kinds.h"
#include "core/event/names.h"
#include "core/event/rules.h"
#include "core/text/form.h"
#include "core/text/json.h"
#include "core/text/span.h"

/* The number that ends a name after its first n bytes; SW_MEDIA_MAX if there is
 * none, or if it has leading zeros or more than two digits. */
static unsigned int number_after(sw_span_t name, apr_size_t n)
{
    sw_span_t digits = sw_span_from(name, n);

    if (digits.n == 1 && apr_isdigit(digits.p[0]))
        return (unsigned int)(digits.p[0] - '0');
    if (digits.n == 2 && apr_isdigit(digits.p[0]) && digits.p[0] != '0'
        && apr_isdigit(digits.p[1]))
        return (unsigned int)((digits.p[0] - '0') * 10 + digits.p[1] - '0');
    return SW_MEDIA_MAX;
}

/* MediaUrl0, MediaContentType0 and so on. */
static void take_numbered(sw_reading_t *in, sw_span_t name, sw_span_t value)
{
    sw_span_t url = sw_span("MediaUrl"), type = sw_span("MediaContentType");
    int is_url = sw_span_starts(name, url);
    unsigned int n = is_url                       ? number_after(name, url.n)
                     : sw_span_starts(name, type) ? number_after(name, type.n)
                                                  : SW_MEDIA_MAX;

    if (n == SW_MEDIA_MAX)
        return;
    if (in->encoded)
        value = sw_form_decoded(in->pool, value);
    if (is_url)
        sw_reading_media(in, n)->url = value;
    else
        sw_reading_media(in, n)->type = value;
}

/* The array "media" of a message: objects, or (S3) bare URLs. */
static void take_media(sw_reading_t *in, const sw_json_t *media)
{
    const sw_json_t *one = NULL;
    unsigned int n;

    in->media_count = sw_span(
        apr_psprintf(in->pool, "%" APR_SIZE_T_FMT, sw_json_count(media)));
    for (n = 0; n < SW_MEDIA_MAX && (one = sw_json_element(media, one)) != NULL;
         n++) {
        sw_media_item_t *item = sw_reading_media(in, n);

        item->url = sw_json_text(one);
        if (!item->url.p) {
            item->url = sw_json_text(sw_json_at(one, "url"));
            item->type = sw_json_text(sw_json_at(one, "content_type"));
        }
    }
}

static sw_span_t plain_name(sw_span_t name, char *buffer, apr_size_t size)
{
    sw_form_reader_t reader = { name, 0 };
    apr_size_t n;

    if (sw_span_find(name, '%') == name.n && sw_span_find(name, '+') == name.n)
        return name;
    n = sw_form_read(&reader, buffer, size);
    return sw_span_of(buffer, reader.at == name.n ? n : 0);
}

static void collect_pairs(sw_reading_t *in, int of_query)
{
    apr_size_t at = 0;
    sw_pair_t pair;
    char buffer[40];

    in->encoded = 1;
    while (sw_params_pair(in->params, of_query, &at, &pair)) {
        sw_span_t name = pair.name;
        sw_name_e known = sw_name_of_form(name); /* hardly any is encoded */

        if (!known) {
            name = plain_name(name, buffer, sizeof(buffer));
            known = name.p == buffer ? sw_name_of_form(name) : SW_NAME_NONE;
        }
        if (known)
            in->values[known] = pair.value;
        else if (name.n > 8 && name.p[0] == 'M')
            take_numbered(in, name, pair.value);
    }
}

static int any_present(const sw_reading_t *in, const unsigned char *names)
{
    while (*names && !in->values[*names].p)
        names++;
    return *names != SW_NAME_NONE;
}

static int holds(const sw_form_rule_t *rule, const sw_reading_t *in)
{
    const unsigned char *name;

    for (name = rule->all; *name; name++) {
        if (!in->values[*name].p)
            return 0;
    }
    return (!*rule->any || any_present(in, rule->any))
           && !any_present(in, rule->none) && (!rule->when || rule->when(in));
}

static sw_kind_e kind_of_form(const sw_reading_t *in)
{
    const sw_form_rule_t *rule = sw_form_rules;

    while (rule->row && !holds(rule, in))
        rule++;
    return rule->kind;
}

/* The kind by the rules of forms, without the fields that SignalWire cannot
 * have sent. */
static sw_kind_e kind_of_query(const sw_reading_t *in)
{
    const sw_query_rule_t *rule = sw_query_rules;
    const unsigned char *name;
    sw_reading_t told = *in;

    for (; rule->evidence.row; rule++) {
        if (!holds(&rule->evidence, in))
            continue;
        for (name = rule->ignored; *name; name++)
            told.values[*name] = sw_span(NULL);
    }
    return kind_of_form(&told);
}

/* The most members of an object that have names below them; names.h has eight
 * of that kind. */
#define BELOW_MAX 16

/* An object whose members are collected, and its path. */
typedef struct collecting_t {
    sw_reading_t *in;
    int is_form;    /* J18: the names of forms */
    char path[40];  /* of the object, with a dot after */
    apr_size_t n;
    const sw_json_t *below[BELOW_MAX];
    int below_count;
} collecting_t;

/* Remember an object to collect after its siblings; of a repeated name, the
 * last. */
static void collect_later(collecting_t *c, const sw_json_t *value)
{
    int i = 0;

    while (i < c->below_count && strcmp(c->below[i]->name, value->name) != 0)
        i++;
    if (i == BELOW_MAX)
        return;
    c->below[i] = value;
    c->below_count += i == c->below_count;
}

static int collect_member(void *data, const char *name, const sw_json_t *value)
{
    collecting_t *c = data;
    sw_span_t path = { c->path, c->n + strlen(name) };
    sw_span_t text = sw_json_text(value);
    sw_name_e known;
    int below = 0;

    if (path.n >= sizeof(c->path) || strchr(name, '.'))
        return 1;
    memcpy(c->path + c->n, name, path.n - c->n);
    known = c->is_form ? sw_name_of_form(path) : sw_name_of_json(path, &below);
    if (known && text.p)
        c->in->values[known] = text;
    if (c->is_form && !known)
        take_numbered(c->in, path, text);
    if (below)
        collect_later(c, value);
    return 1;
}

static void collect_object(sw_reading_t *in, const sw_json_t *object,
                           int is_form, sw_span_t path)
{
    collecting_t c = { .in = in, .is_form = is_form, .n = path.n };
    int i;

    memcpy(c.path, path.p, path.n);
    sw_json_members(object, collect_member, &c);
    for (i = 0; i < c.below_count; i++) {
        apr_size_t n = path.n + strlen(c.below[i]->name);

        memcpy(c.path + path.n, c.below[i]->name, n - path.n);
        c.path[n] = '.';
        collect_object(in, c.below[i], is_form, sw_span_of(c.path, n + 1));
    }
}

/* Collect from the last object that describes the event to the first, whose
 * values count. */
static void collect_subjects(sw_reading_t *in)
{
    const char *const *subjects = sw_kinds[in->kind].subject;
    int i = 0;

    while (subjects[i])
        i++;
    while (i-- > 0) {
        const sw_json_t *root = in->params->json;
        const sw_json_t *object = *subjects[i] ? sw_json_at(root, subjects[i])
                                               : root;
        const sw_json_t *media = sw_json_at(object, "media");

        collect_object(in, object, 0, sw_span(""));
        if (sw_json_type(media) == SW_JSON_ARRAY)
            take_media(in, media);
    }
}

static int has_member(const sw_json_t *root, const sw_member_t *want)
{
    const sw_json_t *value = sw_json_at(root, want->path);

    if (!value || (want->type && sw_json_type(value) != want->type))
        return 0;
    return !want->word
           || sw_span_equal(sw_json_text(value), sw_span(want->word));
}

static sw_kind_e applied(const sw_json_rule_t *rule, const sw_json_t *root)
{
    apr_size_t i, of_any = 0, found = 0;

    for (i = 0; i < sizeof(rule->all) / sizeof(*rule->all); i++) {
        if (rule->all[i].path && !has_member(root, &rule->all[i]))
            return SW_UNKNOWN;
    }
    for (i = 0; i < sizeof(rule->any) / sizeof(*rule->any); i++) {
        of_any += rule->any[i].path != NULL;
        found += rule->any[i].path && has_member(root, &rule->any[i]);
    }
    if ((of_any && !found) || (rule->none && sw_json_at(root, rule->none)))
        return SW_UNKNOWN;
    return rule->pick ? rule->pick(root) : rule->kind;
}

static void read_json(sw_reading_t *in)
{
    const sw_json_t *root = in->params->json;
    const sw_json_rule_t *rule = sw_json_rules;

    if (sw_json_type(root) != SW_JSON_OBJECT)
        return;
    for (; rule->row && in->kind == SW_UNKNOWN; rule++)
        in->kind = applied(rule, root);
    if (in->kind == SW_UNKNOWN) {
        collect_object(in, root, 1, sw_span(""));
        in->kind = kind_of_form(in); /* J18 */
    }
    else {
        collect_subjects(in);
    }
}

void sw_reading_make(apr_pool_t *pool, const sw_params_t *params,
                     sw_reading_t *in)
{
    memset(in, 0, sizeof(*in));
    in->pool = pool;
    in->params = params;
    if (params->format == SW_FORMAT_JSON) {
        read_json(in);
    }
    else if (params->format != SW_FORMAT_NONE) {
        int of_query = params->format == SW_FORMAT_QUERY;

        collect_pairs(in, of_query);
        in->kind = of_query ? kind_of_query(in) : kind_of_form(in);
    }
}
