/* SPDX-License-Identifier: Apache-2.0 */
/* See suggest.h. */
#include <apr_lib.h>

#include "core/event/suggest.h"
#include "core/event/event.h"
#include "core/event/kinds.h"
#include "core/event/names.h"
#include "core/event/params.h"
#include "core/text/span.h"
#include "core/text/text.h"

/* ---- events ------------------------------------------------------------ */

/* The least length of an end: a shorter one is as likely another word. */
#define END_MIN 4

/* The part of an event after its family, or the whole. */
static const char *end_of(const char *event)
{
    const char *dot = strchr(event, '.');

    return dot ? dot + 1 : event;
}

/* Within a family, compare only the ends, which are short and so allow few
 * edits. */
static const char *nearest_of_family(const char *event)
{
    apr_size_t family = (apr_size_t)(end_of(event) - event);
    const char *ends[SW_KIND_COUNT + 1], *nearest;
    int i, n = 0;

    if (strlen(end_of(event)) < END_MIN)
        return NULL;
    for (i = 0; i < SW_KIND_COUNT; i++) {
        const char *kind = sw_kinds[i].event;

        if (kind && strncmp(kind, event, family) == 0)
            ends[n++] = end_of(kind);
    }
    ends[n] = NULL;
    nearest = sw_text_nearest(end_of(event), ends);
    return nearest ? nearest - family : NULL;
}

const char *sw_suggest_event(const char *event)
{
    const char *kinds[SW_KIND_COUNT + 1];
    int i, n = 0;

    for (i = 0; i < SW_KIND_COUNT; i++) {
        if (!sw_kinds[i].event)
            continue;
        if (strcmp(sw_kinds[i].event, event) == 0)
            return NULL;
        kinds[n++] = sw_kinds[i].event;
    }
    kinds[n] = NULL;
    return sw_event_is_known(event) ? nearest_of_family(event)
                                    : sw_text_nearest(event, kinds);
}

/* ---- fields ------------------------------------------------------------ */

/* From these lengths on, a name that differs by one edit, or by two, is a
 * typing error. */
#define ONE_EDIT_MIN 5
#define TWO_EDITS_MIN 12

#define FIELD_TEXT(name, header, privacy) #name,
#define FORM_TEXT(name) #name,

static const char *const known[] = {
    SW_FIELDS(FIELD_TEXT) SW_FORM_NAMES(FORM_TEXT) NULL
};

static int is_known(const char *name)
{
    int below = 0;

    return sw_field_of(name) < SW_FIELD_COUNT
           || sw_name_of_form(sw_span(name)) != SW_NAME_NONE
           || sw_name_of_json(sw_span(name), &below) != SW_NAME_NONE || below;
}

/* Names that differ in a number are different names, paths belong to an
 * application, and items of media have any number. */
static int may_be_misspelt(const char *name)
{
    return !sw_text_starts(name, "MEDIA")
           && !name[strcspn(name, ".0123456789")];
}

/* Are these the same letters, so that two were swapped? */
static int has_same_letters(const char *a, const char *b)
{
    int count[256] = { 0 }, i;

    for (; *a && *b; a++, b++) {
        count[(unsigned char)apr_tolower(*a)]++;
        count[(unsigned char)apr_tolower(*b)]--;
    }
    for (i = 0; i < 256 && !count[i]; i++)
        ;
    return i == 256 && !*a && !*b;
}

static const char *nearest_field(const char *name)
{
    apr_size_t n = strlen(name);
    const char *nearest = may_be_misspelt(name) ? sw_text_nearest(name, known)
                                                : NULL;

    if (!nearest || has_same_letters(name, nearest) || n >= TWO_EDITS_MIN)
        return nearest;
    return n >= ONE_EDIT_MIN ? sw_text_nearest_by(1, name, known) : NULL;
}

/* The name without the prefix of the environment, header fields or
 * templates. */
static const char *without_prefix(const char *name)
{
    if (sw_text_starts(name, "SIGNALWIRE_")
        || sw_text_starts(name, "SIGNALWIRE-"))
        return name + strlen("SIGNALWIRE_");
    return sw_text_starts(name, "sw.") ? name + strlen("sw.") : name;
}

const char *sw_suggest_field(const char *name)
{
    const char *bare = without_prefix(name);

    if (sw_is_card_data(sw_span(bare))) /* never published */
        return NULL;
    if (bare == name)
        return is_known(name) ? NULL : nearest_field(name);
    if (sw_field_of(bare) < SW_FIELD_COUNT)
        return bare;
    return nearest_field(bare);
}
