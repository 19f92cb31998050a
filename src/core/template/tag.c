/* SPDX-License-Identifier: Apache-2.0 */
/* See tag.h. */
#include <apr_strings.h>

#include "core/template/tag.h"

#define NAME_MAX_LEN 128

apr_size_t sw_tag_find(sw_span_t text, apr_size_t from, const char *what)
{
    apr_size_t n = strlen(what);

    while (from + n <= text.n && memcmp(text.p + from, what, n) != 0)
        from++;
    return from + n <= text.n ? from : text.n;
}

static int is_space(char c)
{
    return c != '\n' && sw_is_blank(c);
}

/* A tag alone on its line removes the line, as in Mustache. */
static void take_whole_line(sw_span_t text, apr_size_t begin, sw_tag_t *tag)
{
    apr_size_t from = begin, to = tag->end;

    while (from > 0 && is_space(text.p[from - 1]))
        from--;
    while (to < text.n && is_space(text.p[to]))
        to++;
    if ((from > 0 && text.p[from - 1] != '\n')
        || (to < text.n && text.p[to] != '\n'))
        return;
    tag->before = from;
    tag->after = to < text.n ? to + 1 : to;
}

static const char *check_name(apr_pool_t *pool, sw_span_t name)
{
    const char *shown = apr_pstrmemdup(pool, sw_span_text(name),
                                       name.n < 64 ? name.n : 64);
    apr_size_t i;

    if (name.n == 0 || name.n > NAME_MAX_LEN)
        return "a tag without a name, or with an endless one";
    for (i = 0; i < name.n; i++) {
        if (!apr_isgraph(name.p[i]) && (unsigned char)name.p[i] < 0x80)
            return apr_psprintf(pool, "{{%s}}: expected a name without blanks",
                                shown);
        if (name.p[i] == '{' || name.p[i] == '}')
            return apr_psprintf(pool, "{{%s}}: braces in a name", shown);
    }
    return NULL;
}

const char *sw_tag_read(apr_pool_t *pool, sw_span_t text, apr_size_t begin,
                        sw_tag_t *tag)
{
    apr_size_t close = sw_tag_find(text, begin + 2, "}}");
    sw_span_t inner = sw_span_trim(
        sw_span_of(text.p + begin + 2, close - begin - 2));
    char first = inner.n ? *inner.p : '\0';

    if (close == text.n)
        return "{{ without }}";
    if (first == '{' || first == '&')
        return "{{{...}}} and {{&...}} are not escaped; expected {{...}}";
    if (first == '>')
        return "{{>...}}: there are no partials";
    if (first == '=')
        return "{{=...=}}: the delimiters stay {{ and }}";
    tag->type = first && strchr("#^/!", first) ? first : '\0';
    tag->name = sw_span_trim(sw_span_from(inner, tag->type != '\0'));
    tag->before = begin;
    tag->end = tag->after = close + 2;
    if (tag->type)
        take_whole_line(text, begin, tag);
    return tag->type == '!' ? NULL : check_name(pool, tag->name);
}
