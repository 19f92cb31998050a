/* SPDX-License-Identifier: Apache-2.0 */
/* See names.h. */
#include "core/event/names.h"

#define FORM_TEXT(name) { #name, sizeof(#name) - 1 },
#define JSON_TEXT(name, path) { path, sizeof(path) - 1 },

static const sw_span_t texts[SW_NAME_COUNT] = {
    { "", 0 },
    SW_FORM_NAMES(FORM_TEXT)
    SW_JSON_NAMES(JSON_TEXT)
};

#define FIRST_FORM ((int)F(AccountSid))
#define FIRST_JSON ((int)J(action))

/* Neither is empty. Most differ in their first byte. */
static int compare(sw_span_t a, sw_span_t b)
{
    int difference = (unsigned char)*a.p - (unsigned char)*b.p;

    if (!difference)
        difference = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

    return difference ? difference : (a.n > b.n) - (a.n < b.n);
}

/* The index of the first of texts[low..high) that is not less than the text. */
static int first_from(sw_span_t text, int low, int high)
{
    while (low < high) {
        int middle = low + (high - low) / 2;

        if (compare(texts[middle], text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

sw_name_e sw_name_of_form(sw_span_t name)
{
    int i = name.n ? first_from(name, FIRST_FORM, FIRST_JSON) : FIRST_JSON;

    return i < FIRST_JSON && sw_span_equal(texts[i], name) ? (sw_name_e)i
                                                           : SW_NAME_NONE;
}

sw_name_e sw_name_of_json(sw_span_t path, int *below)
{
    int i = path.n ? first_from(path, FIRST_JSON, SW_NAME_COUNT)
                   : SW_NAME_COUNT;
    int found = i < SW_NAME_COUNT && sw_span_equal(texts[i], path);
    int next = i + found;

    /* "." sorts before every other character of a name. */
    *below = next < SW_NAME_COUNT && texts[next].n > path.n
             && sw_span_starts(texts[next], path)
             && texts[next].p[path.n] == '.';
    return found ? (sw_name_e)i : SW_NAME_NONE;
}

const char *sw_name_text(sw_name_e name)
{
    return texts[name].p;
}
