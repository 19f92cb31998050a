/* SPDX-License-Identifier: Apache-2.0 */
/* swhook show: the event in a request, with the fields that an application
 * gets. */
#include <apr_strings.h>

#include "core/text/text.h"
#include "tool/tool.h"

/* Called with the name and value of a field. */
typedef void print_f(void *data, const char *name, sw_span_t value);

static void each_field(tool_t *tool, const sw_event_t *event, print_f *print,
                       void *data)
{
    int i;

    for (i = 0; i < SW_FIELD_COUNT; i++) {
        if (event->fields[i].p)
            print(data, sw_field_name((sw_field_e)i), event->fields[i]);
    }
    for (i = 0; event->media && i < event->media->nelts; i++) {
        const sw_media_item_t *item = &APR_ARRAY_IDX(event->media, i,
                                                     sw_media_item_t);

        if (item->url.p)
            print(data, apr_psprintf(tool->pool, "MEDIA_URL_%u", item->n),
                  item->url);
        if (item->type.p)
            print(data, apr_psprintf(tool->pool, "MEDIA_TYPE_%u", item->n),
                  item->type);
    }
}

static void print_line(void *data, const char *name, sw_span_t value)
{
    tool_t *tool = data;

    value = sw_text_clean(tool->pool, value);
    say(tool, "%s %s\n", name, shown(tool->pool, value));
}

static void add_size(void *data, const char *name, sw_span_t value)
{
    apr_size_t *size = data;

    *size += strlen(name) + value.n + 64;
}

static void add_member(void *data, const char *name, sw_span_t value)
{
    sw_line_text(data, name, value);
}

static void print_event(tool_t *tool, const sw_event_t *event)
{
    apr_size_t size = 0;
    sw_line_t line;

    if (!tool->is_json) {
        each_field(tool, event, print_line, tool);
        return;
    }
    each_field(tool, event, add_size, &size);
    begin_json(tool, &line, size);
    each_field(tool, event, add_member, &line);
    end_json(tool, &line);
}

/* A compressed body is not read, as in the module. */
void read_params(tool_t *tool, const message_t *request, sw_params_t *params)
{
    const char *coding = apr_table_get(request->fields, "Content-Encoding");
    sw_span_t target = sw_target(sw_span(request->target));
    sw_content_t content = { 0 };

    content.has_no_body = strcmp(request->method, "GET") == 0
                          || strcmp(request->method, "HEAD") == 0;
    content.type = sw_span(apr_table_get(request->fields, "Content-Type"));
    if (!coding || strcasecmp(coding, "identity") == 0)
        content.body = request->body;
    content.query = sw_target_query(target);
    sw_params_read(tool->pool, &content, params);
}

int run_show(tool_t *tool)
{
    const char *name = tool->arguments[0], *error;
    message_t request;
    sw_content_t content = { 0 };
    sw_params_t params;
    sw_event_t event;
    sw_span_t text;
    int is_query = tool->type && strcasecmp(tool->type, "query") == 0;
    int status = read_source(tool, name, &text);

    if (status != YES)
        return status;
    if (tool->type && is_request(text))
        return expected(tool, "--type",
                        "a bare body; this is a whole request, "
                        "which says its type itself");
    if (is_query && text.n && text.p[text.n - 1] == '\n')
        text.n--; /* of a file with the query in a line */
    if (tool->type) {
        content.has_no_body = is_query;
        content.type = sw_span(tool->type);
        *(is_query ? &content.query : &content.body) = text;
        sw_params_read(tool->pool, &content, &params);
    }
    else {
        error = is_request(text)
                    ? read_request(tool->pool, text, &request)
                    : "a request as on the wire, or --type for a bare body";
        if (error) {
            expected(tool, name, error);
            return NO;
        }
        read_params(tool, &request, &params);
    }
    sw_event_read(tool->pool, &params, &event);
    print_event(tool, &event);
    return YES;
}
