/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random templates. Most fit together, so that the probe passes them, and they
 * use rare constructs.
 */
#ifndef SW_DRAFTS_H
#define SW_DRAFTS_H

#include "tap.h"

/* A template under construction. It has few names, so that most of them are
 * used more than once. */
typedef struct draft_t {
    char p[6000];
    apr_size_t n;
    unsigned int first, names;
    unsigned int verb; /* that its attributes or content are for */
    int depth;
} draft_t;

static const char *const names[] = {
    "A", "B", "env.A", "C", "sw.from", "From", "D", "A"
};

static void add(draft_t *d, const char *text)
{
    apr_size_t n = strlen(text);

    if (d->n + n < sizeof(d->p)) {
        memcpy(d->p + d->n, text, n);
        d->n += n;
    }
}

static int one_in(unsigned int n)
{
    return tap_random(n) == 0;
}

#define ADD_ONE_OF(d, words) add(d, words[tap_random(COUNT(words))])

static const char *a_name(const draft_t *d)
{
    return names[(d->first + tap_random(d->names)) % COUNT(names)];
}

static void add_tag(draft_t *d, const char *type, const char *name)
{
    add(d, "{{");
    add(d, type);
    add(d, name);
    add(d, "}}");
}

static void add_value(draft_t *d)
{
    add_tag(d, "", d->depth && one_in(4) ? "." : a_name(d));
}

typedef void part_f(draft_t *d);

static void add_section(draft_t *d, part_f *part)
{
    const char *name = a_name(d);

    if (++d->depth < 4) {
        add_tag(d, one_in(3) ? "^" : "#", name);
        part(d);
        add_tag(d, "/", name);
    }
    d->depth--;
}

static void add_helper(draft_t *d)
{
    static const char *const helpers[] = {
        "digits", "e164", "urlencode", "lower", "upper", "digits"
    };
    static const char *const literals[] = { "", "", "", "1", "+", "$", "{" };
    const char *name = helpers[tap_random(COUNT(helpers))];

    add_tag(d, "#", name);
    ADD_ONE_OF(d, literals);
    add_value(d);
    ADD_ONE_OF(d, literals);
    add_tag(d, "/", name);
}

/* Literals: mostly valid, now and then not. */

static void add_text_literal(draft_t *d)
{
    static const char *const good[] = {
        "Hi", " ", "]", "]]", ">", "&amp;", "'", "\"", "{", "$", "\n", "5"
    };
    static const char *const odd[] = {
        "&#6", "&", ";", "&#x", "]]>", "<!-- c -->", "<![CDATA[x]]>", "<",
        "<break/>", "\xc3", "{{! c }}", "\n{{! c }}\n"
    };

    if (one_in(8))
        ADD_ONE_OF(d, odd);
    else
        ADD_ONE_OF(d, good);
}

static void add_string_literal(draft_t *d)
{
    static const char *const good[] = {
        "Hi", " ", "$", "%", "{", "}", "${a}", "%{b}", "\\\\", "\\n", "\\u0024",
        "\\u0025", "\\u007b", "\\u007B", "\\u0041", "$\\u007b"
    };
    static const char *const odd[] = {
        "\\u00", "\\ud8", "\\ud83d", "\\u", "\\", "\"", "4", "00", "\n",
        "{{! c }}"
    };

    if (one_in(8))
        ADD_ONE_OF(d, odd);
    else
        ADD_ONE_OF(d, good);
}

static void add_run(draft_t *d, part_f *literal, part_f *self)
{
    unsigned int i, count = tap_random(4);

    for (i = 0; i < count; i++) {
        switch (tap_random(6)) {
        case 0:
        case 1:
            literal(d);
            break;
        case 2:
            add_helper(d);
            break;
        case 3:
            add_section(d, self);
            break;
        default:
            add_value(d);
        }
    }
}

/* cXML */

static void add_text(draft_t *d)
{
    add_run(d, add_text_literal, add_text);
}

static void add_number(draft_t *d)
{
    static const char *const before[] = { "", "", "", "1", "0" };
    static const char *const numbers[] = {
        "{{#digits}}{{A}}{{/digits}}", "{{#digits}}{{B}}1{{/digits}}", "5",
        "{{#digits}}1{{C}}{{/digits}}", "{{#A}}5{{/A}}{{^A}}6{{/A}}",
        "{{#e164}}1{{A}}{{/e164}}", "{{#e164}}{{A}}1{{/e164}}", "{{A}}"
    };

    ADD_ONE_OF(d, before);
    ADD_ONE_OF(d, numbers);
}

static void add_verbs(draft_t *d);

static const struct {
    const char *name;
    const char *attributes[2]; /* of any text, of a number */
    part_f *content;
} verbs[] = {
    { "Say", { "voice", "loop" }, add_text },
    { "Play", { "digits", "loop" }, add_text },
    { "Pause", { "xmlns:x", "length" }, NULL },
    { "Gather", { "hints", "numDigits" }, add_verbs }, /* of those above */
    { "Dial", { "action", "timeout" }, add_text },
    { "Sms", { "to", "xmlns:x" }, add_text },
    { "Redirect", { "xmlns:x", "method" }, add_text },
    { "Pay", { "description", "maxAttempts" }, NULL },
    { "Record", { "action", "maxLength" }, NULL }
};

static void add_attribute(draft_t *d)
{
    int is_number = one_in(2);
    const char *quote = one_in(2) ? "'" : "\"";

    add(d, " ");
    add(d, verbs[d->verb].attributes[is_number]);
    add(d, "=");
    add(d, quote);
    (is_number ? add_number : add_text)(d);
    add(d, quote);
}

static void add_verb(draft_t *d, unsigned int verb)
{
    add(d, "<");
    add(d, verbs[verb].name);
    d->verb = verb;
    if (one_in(2))
        add_attribute(d);
    if (one_in(4))
        add_section(d, add_attribute);
    if (one_in(8) || !verbs[verb].content) {
        add(d, "/>");
        return;
    }
    add(d, ">");
    verbs[verb].content(d);
    add(d, "</");
    add(d, verbs[verb].name);
    add(d, ">\n");
}

static void add_verbs(draft_t *d)
{
    unsigned int i, count = 1 + tap_random(3), within = d->verb;

    for (i = 0; i < count && d->depth < 4; i++) {
        d->verb = within;
        d->depth++;
        if (one_in(4))
            add_section(d, add_verbs);
        else
            add_verb(d, tap_random(within == 3 ? 3 : COUNT(verbs)));
        d->depth--;
    }
    d->verb = within;
}

static void draft_cxml(draft_t *d)
{
    add(d, one_in(4) ? "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" : "");
    add(d, "<Response>\n");
    add_verbs(d);
    add(d, "</Response>\n");
}

/* SWML */

static void add_string(draft_t *d)
{
    add_run(d, add_string_literal, add_string);
}

static void add_steps(draft_t *d)
{
    unsigned int i, count = tap_random(3);

    for (i = 0; i < count; i++) {
        switch (tap_random(4)) {
        case 0:
            add(d, "{\"play\":{\"url\":\"say:");
            add_string(d);
            add(d, "\"}},\n");
            break;
        case 1:
            add(d, "{\"set\":{\"a\":\"");
            add(d, one_in(8) ? " " : "");
            add_tag(d, "#", "number");
            add_value(d);
            add_tag(d, "/", "number");
            add(d, "\",\"b\":\"");
            add_string(d);
            add(d, one_in(8) ? "\",\"" : "");
            add_string(d);
            add(d, "\"}},\n");
            break;
        case 2:
            add_section(d, add_steps);
            break;
        default:
            add(d, "{\"answer\":{}},");
        }
    }
}

static void draft_swml(draft_t *d)
{
    static const char *const versions[] = {
        "1.0.0", "1.0.0", "1.0.0", "1.0.{{#digits}}{{A}}{{/digits}}"
    };

    add(d, "{\"version\":\"");
    ADD_ONE_OF(d, versions);
    add(d, "\",\"sections\":{\"main\":[");
    add_steps(d);
    add(d, "{\"hangup\":{}}]}}\n");
}

/* Insert, remove or change a byte, or repeat a part. */
static void spoil(draft_t *d)
{
    static const char bytes[] = "<>\"'&{}[]/\\ =;,$%u0-!";
    apr_size_t at = tap_random((unsigned int)d->n);
    apr_size_t n = 1 + tap_random(8);

    if (d->n + n >= sizeof(d->p) || at + n > d->n)
        return;
    if (one_in(3)) {
        d->p[at] = bytes[tap_random(sizeof(bytes) - 1)];
    }
    else if (one_in(2)) {
        memmove(d->p + at, d->p + at + n, d->n - at - n);
        d->n -= n;
    }
    else {
        memmove(d->p + at + n, d->p + at, d->n - at);
        d->n += n;
    }
}

#endif
