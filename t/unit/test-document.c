/* SPDX-License-Identifier: Apache-2.0 */
/* Documents: those of t/documents, valid and invalid, with the fault and its
 * line; limits; faults are fit for a log. */
#include <unistd.h>

#include "documents.h"

/* Calls a test with the name and text of each file. @return how many */
static int each_file(const char *dir, void (*test)(const char *, sw_span_t))
{
    apr_finfo_t info;
    apr_dir_t *open;
    int count = 0;

    if (apr_dir_open(&open, in_source(dir), pool) != APR_SUCCESS)
        return 0;
    while (apr_dir_read(&info, APR_FINFO_NAME, open) == APR_SUCCESS) {
        const char *name = apr_pstrcat(pool, dir, "/", info.name, NULL);

        if (*info.name == '.')
            continue;
        test(name, read_file(in_source(name)));
        count++;
    }
    apr_dir_close(open);
    return count;
}

static void test_good_cxml(const char *name, sw_span_t text)
{
    apr_size_t i;
    int faults = 0;

    is_str(cxml(NULL, text), "nothing", name);
    is_str(cxml(schema, text), "nothing",
           apr_psprintf(pool, "%s: valid", name));
    is_str(advice(SW_CHANNEL_ANY, text), "nothing", "nothing to advise");
    while (text.n && text.p[text.n - 1] == '\n')
        text.n--;
    for (i = 0; i < text.n; i++)
        faults += sw_cxml_check(pool, schema, sw_span_of(text.p, i)).reason
                  != NULL;
    is_int(faults, (long)text.n, "no beginning of it");
}

static void test_good_swml(const char *name, sw_span_t text)
{
    sw_channel_e channel = strstr(name, "messaging") ? SW_CHANNEL_MESSAGE
                                                     : SW_CHANNEL_CALL;

    is_str(swml(text), "nothing", name);
    is_str(advice(channel, text), "nothing", "and nothing to advise");
    is_str(advice(SW_CHANNEL_ANY, text), "nothing", "nor as either");
    is_str(json(text), "nothing", "it is JSON");
}

/* The line of the file EXPECTED for this document, without the name. */
static const char *expected(const char *path)
{
    const char *name = strchr(path, '/') + 1;
    sw_span_t all = read_file(in_source(apr_pstrcat(
        pool, apr_pstrmemdup(pool, path, (apr_size_t)(name - path)),
        "EXPECTED", NULL)));
    const char *hit = all.p ? strstr(all.p, apr_psprintf(pool, "\n%s ", name))
                            : NULL;

    if (!hit)
        return "";
    hit += strlen(name) + 1;
    hit += strspn(hit, " ");
    return apr_pstrmemdup(pool, hit, strcspn(hit, "\n"));
}

/* Compare the line and some words of the fault: libxml2 changes its wording
 * from version to version, and its columns too. */
static void test_bad(const char *path, sw_span_t text)
{
    const char *name = strchr(path, '/') + 1;
    const char *got, *words, *hint;

    if (strcmp(name, "EXPECTED") == 0)
        return;
    hint = expected(path);
    words = strchr(hint, ' ');
    got = strstr(name, ".xml") ? cxml(schema, text)
                               : swml(text);
    if (!ok(words && atoi(got) == atoi(hint) && strstr(got, words + 1), "%s",
            name))
        printf("# got: %s\n# expected: %s\n", got, hint);
    if (strncmp(name, "invalid-", 8) == 0)
        is_str(cxml(NULL, text), "nothing", "well-formed");
}

static void test_advised(const char *path, sw_span_t text)
{
    const char *hint = expected(path), *words = "";
    char *end = NULL;
    long line = 0;
    sw_channel_e channel = strncmp(hint, "message", 7) == 0
                           ? SW_CHANNEL_MESSAGE : SW_CHANNEL_CALL;

    if (strstr(path, "EXPECTED"))
        return;
    if (strchr(hint, ' '))
        line = strtol(strchr(hint, ' '), &end, 10);
    if (end && *end)
        words = end + 1;
    is_str(advice(channel, text), apr_psprintf(pool, "%ld:0 %s", line, words),
           path);
    is_str(strstr(path, ".xml") ? cxml(NULL, text) : swml(text), "nothing",
           "it passes");
}

/* Documents from libraries, as in their own tests. */
static void test_library(const char *name, sw_span_t text)
{
    is_str(strstr(name, ".xml") ? cxml(schema, text) : swml(text), "nothing",
           name);
}

/* n times begin, the middle, n times end. */
static sw_span_t nested(const char *before, int n, const char *middle,
                        const char *after)
{
    apr_size_t b = strlen(before), m = strlen(middle), a = strlen(after);
    apr_size_t size = (apr_size_t)n * (a + b) + m;
    char *text = apr_palloc(pool, size + 1), *to = text;
    int i;

    for (i = 0; i < n; i++, to += b)
        memcpy(to, before, b);
    memcpy(to, middle, m);
    to += m;
    for (i = 0; i < n; i++, to += a)
        memcpy(to, after, a);
    *to = '\0';
    return sw_span_of(text, size);
}

static sw_span_t wrapped(const char *begin, sw_span_t inside, const char *end)
{
    return sw_span(apr_pstrcat(pool, begin, inside.p, end, NULL));
}

static void test_bounds(void)
{
    char *big = apr_palloc(pool, SW_DOCUMENT_MAX + 1);
    sw_span_t text = sw_span_of(big, SW_DOCUMENT_MAX);

    memset(big, ' ', SW_DOCUMENT_MAX + 1);
    memcpy(big, "<Response/>", 11);
    is_str(cxml(schema, text), "nothing", "64 KiB of cXML");
    text.n++;
    is_str(cxml(schema, text), "0:0 larger than 64 KiB", "and a byte");
    memcpy(big, "{\"a\":[1]  }", 11);
    is_str(json(text), "0:0 larger than 64 KiB", "so of JSON");
    text.n--;
    is_str(json(text), "nothing", "64 KiB of JSON");
    text = wrapped("<Response><Say>", nested("<p>", 30, "x", "</p>"),
                   "</Say></Response>");
    is_str(cxml(schema, text), "nothing", "32 elements deep");
    text = wrapped("<Response><Say>\n", nested("<p>", 31, "x", "</p>"),
                   "</Say></Response>");
    is_str(cxml(NULL, text), "2:93 elements are nested more than 32 deep",
           "33 deep");
    is_str(json(nested("[", 63, "{", "]")), "1:65 string or '}' expected near "
           "']'", "63 arrays around what is no object");
    is_str(json(nested("[", 64, "", "]")), "nothing", "64 arrays");
    is_str(json(nested("{\"[\":", 64, "\"\\\"[[{\"", "}")), "nothing",
           "64 objects");
    is_str(json(nested("[", 65, "", "]")),
           "0:0 values are nested more than 64 deep", "65 arrays");
    is_str(json(nested("[", 32000, "", "]")),
           "0:0 values are nested more than 64 deep", "32000 arrays");
}

/* Documents with thousands of elements are checked within seconds. */
static void test_many(void)
{
    sw_span_t many = nested("<Leave/>", 8000, "", "");
    apr_time_t begin = apr_time_now();

    is_str(cxml(schema, wrapped("<Response>", many, "</Response>")), "nothing",
           "8000 verbs");
    many = nested("<s>a<break/></s>", 4000, "", "");
    is_str(cxml(schema, wrapped("<Response><Say>", many, "</Say></Response>")),
           "nothing", "8000 elements of SSML");
    ok(apr_time_now() - begin < apr_time_from_sec(5), "soon");
}

/* Documents of templates with values. */
static void test_open_places(void)
{
    static const char *const hostile[] = {
        "", " ", "a b", "&lt;&amp;&quot;&#39;", "%zz", "\xf0\x9f\x98\x80",
        "javascript:", "#", "&#10;"
    };
    int i;

    for (i = 0; i < COUNT(hostile); i++)
        is_str(cxml(schema, sw_span(apr_psprintf(
                   pool, "<Response><Redirect>%s</Redirect><Dial action='%s' "
                   "callerId='%s'><Number sendDigits='%s' url='%s'>%s</Number>"
                   "</Dial></Response>", hostile[i], hostile[i], hostile[i],
                   hostile[i], hostile[i], hostile[i]))),
               "nothing", "any text where text may stand");
    is_str(cxml(schema, wrapped("<Response><Pause length='",
                                nested("1", 400, "", ""), "'/></Response>")),
           "nothing", "a number of any length");
}

static void test_silence(void)
{
    static const char *const names[] = {
        "UTF-16", "UTF-16LE", "UCS-4", "US-ASCII", "HTML", "none", "UTF-8",
        "ISO-8859-1"
    };
    char path[] = "/tmp/sw-document-XXXXXX";
    int file = mkstemp(path), before = dup(2), i;

    fflush(stderr);
    dup2(file, 2);
    for (i = 0; i < COUNT(names); i++)
        cxml(schema, sw_span(apr_psprintf(
            pool, "<?xml version='1.0' encoding='%s'?>\n<Response><Say>"
            "\xe9\xff \x1b$B\x80\x81</Say></Response>", names[i])));
    cxml(schema, SPAN("<Response><Say>\xff</Say><a:b/><Oops c:d='1'/>"));
    fflush(stderr);
    dup2(before, 2);
    is_int((long)lseek(file, 0, SEEK_END), 0, "nothing is printed");
    close(before);
    close(file);
    unlink(path);
}

static void test_reasons(void)
{
    char *name = apr_palloc(pool, 3001);

    memset(name, 'n', 3000);
    name[3000] = '\0';
    memcpy(name + 100, "\xc3\xa9\xc3\xa9", 4);
    is_int((long)strlen(cxml(schema, sw_span(apr_psprintf(pool, "<%s/>",
                                                          name)))),
           204, "a long name is cut");
    is_str(said(sw_fault_make(pool, "a\nb\xc2\x85" "c\x7f\xff\t\n", 3, -1)),
           "3:0 a b c \xef\xbf\xbd", "clean");
    is_str(said(sw_fault_make(pool, nested("\xe2\x82\xac", 100, "", "").p, -1,
                              0)),
           apr_psprintf(pool, "0:0 %s", nested("\xe2\x82\xac", 66, "", "").p),
           "no half of a character");
}

int main(void)
{
    tap_begin();
    parser = sw_parser_make(pool);
    schema = sw_schema_make(pool);
    ok(schema != NULL, "the schema compiles");
    ok(each_file("cxml", test_good_cxml) >= 25, "enough cXML");
    ok(each_file("swml", test_good_swml) >= 5, "enough SWML");
    ok(each_file("bad", test_bad) >= 50, "enough that is bad");
    ok(each_file("library", test_library) >= 20, "enough of libraries");
    ok(each_file("advised", test_advised) >= 25, "enough that is advised");
    test_bounds();
    test_many();
    test_open_places();
    test_silence();
    test_reasons();
    return tap_end();
}
