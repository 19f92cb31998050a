/* SPDX-License-Identifier: Apache-2.0 */
/* See hint.h. */
#include <apr_lib.h>

#include "core/template/hint.h"

static sw_span_t after_line(sw_span_t text)
{
    return sw_span_from(text, sw_span_find(text, '\n') + 1);
}

static int is_word(char c)
{
    return apr_isalnum(c) || c == '_' || c == '-';
}

/* Is the first line that is no comment "name:", "- step" or "---"? */
static int seems_yaml(sw_span_t text)
{
    sw_span_t line;
    apr_size_t n = 0;

    for (; text.n; text = after_line(text)) {
        line = sw_span_trim(sw_span_of(text.p, sw_span_find(text, '\n')));
        if (line.n && line.p[line.n - 1] == '\r')
            line.n--;
        if (line.n && *line.p != '#' && !sw_span_starts(line, sw_span("{{")))
            break;
    }
    if (!text.n)
        return 0;
    while (n < line.n && is_word(line.p[n]))
        n++;
    return sw_span_starts(line, sw_span("---"))
           || sw_span_starts(line, sw_span("- "))
           || sw_span_starts(line, sw_span("%YAML"))
           || (n > 0 && n < line.n && line.p[n] == ':'
               && (n + 1 == line.n || line.p[n + 1] == ' '));
}

/* Is there a value of the request in an attribute of this name? */
static int has_value(sw_span_t text, sw_span_t name)
{
    for (; text.n > name.n; text = sw_span_from(text, 1)) {
        sw_span_t rest = sw_span_from(text, 1 + name.n), value;

        if (!apr_isspace(*text.p)
            || !sw_span_equal(sw_span_of(text.p + 1, name.n), name))
            continue;
        while (rest.n && (apr_isspace(*rest.p) || *rest.p == '='))
            rest = sw_span_from(rest, 1);
        if (!rest.n || (*rest.p != '"' && *rest.p != '\''))
            continue;
        value = sw_span_of(rest.p + 1,
                           sw_span_find(sw_span_from(rest, 1), *rest.p));
        for (; value.n > 1; value = sw_span_from(value, 1)) {
            if (sw_span_starts(value, sw_span("{{")))
                return 1;
        }
    }
    return 0;
}

const char *sw_template_hint(sw_document_e format, sw_span_t text,
                             const char *reason)
{
    static const char invalid[] = "Invalid attribute ";
    const char *name = strstr(reason, invalid);

    if (format != SW_DOCUMENT_CXML)
        return seems_yaml(text)
                   ? "; templates are JSON, and this looks like YAML"
                   : "";
    if (!name)
        return "";
    name += strlen(invalid);
    return has_value(text, sw_span_of(name, strcspn(name, " ")))
               ? "; a value there has to be a number, which is "
                 "{{#digits}}{{...}}{{/digits}}, or one of the words that the "
                 "schema lists, chosen by sections"
               : "";
}
