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

/* The first name with each initial; 0 where there is none. t/unit/test-kinds
 * finds every name by them. */
/* clang-format off */
static const unsigned char forms[26] = {
    ['A' - 'A'] = F(AccountSid), ['B' - 'A'] = F(Body),
    ['C' - 'A'] = F(CallDuration), ['D' - 'A'] = F(DequeingCallSid),
    ['E' - 'A'] = F(ErrorCode), ['F' - 'A'] = F(FaxSid),
    ['H' - 'A'] = F(HangupBy), ['M' - 'A'] = F(MachineDetectionDuration),
    ['N' - 'A'] = F(NotifySipResponseCode), ['P' - 'A'] = F(ParentCallSid),
    ['Q' - 'A'] = F(QueuePosition), ['R' - 'A'] = F(RecordingDuration),
    ['S' - 'A'] = F(SequenceId), ['T' - 'A'] = F(Timestamp),
    ['U' - 'A'] = F(UnstableSpeechResult), ['V' - 'A'] = F(VirtualAgentError)
};

static const unsigned char paths[26] = {
    ['a' - 'a'] = J(action), ['b' - 'a'] = J(body),
    ['c' - 'a'] = J(call_ended_by), ['d' - 'a'] = J(detect__params__event),
    ['e' - 'a'] = J(end_reason), ['f' - 'a'] = J(failed_reason),
    ['i' - 'a'] = J(id), ['m' - 'a'] = J(message_id), ['n' - 'a'] = J(name),
    ['p' - 'a'] = J(parent__call_id), ['r' - 'a'] = J(reason),
    ['s' - 'a'] = J(segment_id), ['t' - 'a'] = J(tag), ['u' - 'a'] = J(url)
};
/* clang-format on */

/* The index in texts of the first name with the initial of @a name, a letter
 * from @a a on. */
static int first_name(const unsigned char *initials, char a, sw_span_t name)
{
    unsigned int letter;

    if (!name.n)
        return 0;
    letter = (unsigned int)(unsigned char)*name.p - (unsigned char)a;
    return letter < 26 ? initials[letter] : 0;
}

static int has_initial(int i, sw_span_t name)
{
    return i && i < SW_NAME_COUNT && *texts[i].p == *name.p;
}

sw_name_e sw_name_of_form(sw_span_t name)
{
    int i;

    for (i = first_name(forms, 'A', name); has_initial(i, name); i++) {
        if (sw_span_equal(texts[i], name))
            return (sw_name_e)i;
    }
    return SW_NAME_NONE;
}

/* Neither is empty; most differ in length or at the end. */
static int has_prefix(sw_span_t text, sw_span_t with)
{
    return text.n >= with.n && text.p[with.n - 1] == with.p[with.n - 1]
           && memcmp(text.p, with.p, with.n) == 0;
}

sw_name_e sw_name_of_json(sw_span_t path, int *below)
{
    sw_name_e found = SW_NAME_NONE;
    int i;

    *below = 0;
    for (i = first_name(paths, 'a', path); has_initial(i, path); i++) {
        if (!has_prefix(texts[i], path))
            continue;
        if (texts[i].n == path.n)
            found = (sw_name_e)i;
        else if (texts[i].p[path.n] == '.')
            *below = 1;
    }
    return found;
}

const char *sw_name_text(sw_name_e name)
{
    return texts[name].p;
}
