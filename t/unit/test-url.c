/* SPDX-License-Identifier: Apache-2.0 */
/* The URL: rule R4 of docs/signature-rules.md. */
#include <apr_encode.h>

#include "core/signature/url.h"
#include "tap.h"

static const struct {
    int https;
    sw_span_t authority;
    const char *host;  /* NULL: no authority */
    const char *other; /* the other spelling, NULL: none */
} origins[] = {
    { 1, TEXT("example.com"), "example.com", "https://example.com:443" },
    { 0, TEXT("example.com"), "example.com", "http://example.com:80" },
    { 1, TEXT("example.com:443"), "example.com", "https://example.com" },
    { 0, TEXT("example.com:80"), "example.com", "http://example.com" },
    { 1, TEXT("example.com:80"), "example.com", NULL },
    { 0, TEXT("example.com:443"), "example.com", NULL },
    { 1, TEXT("example.com:8443"), "example.com", NULL },
    { 1, TEXT("example.com:0443"), "example.com", NULL },
    { 1, TEXT("example.com:1"), "example.com", NULL },
    { 1, TEXT("example.com:65535"), "example.com", NULL },
    { 1, TEXT("Example.COM"), "Example.COM", "https://Example.COM:443" },
    { 1, TEXT("a_b-c.example."), "a_b-c.example.",
      "https://a_b-c.example.:443" },
    { 1, TEXT("192.0.2.1:443"), "192.0.2.1", "https://192.0.2.1" },
    { 1, TEXT("[2001:db8::1]"), "[2001:db8::1]", "https://[2001:db8::1]:443" },
    { 1, TEXT("[2001:db8::1]:443"), "[2001:db8::1]", "https://[2001:db8::1]" },
    { 0, TEXT("[::ffff:192.0.2.1]:8080"), "[::ffff:192.0.2.1]", NULL },
    { 1, TEXT(""), NULL, NULL },
    { 1, TEXT(":443"), NULL, NULL },
    { 1, TEXT("example.com:"), NULL, NULL },
    { 1, TEXT("example.com:0"), NULL, NULL },
    { 1, TEXT("example.com:65536"), NULL, NULL },
    { 1, TEXT("example.com:000443"), NULL, NULL },
    { 1, TEXT("example.com:+443"), NULL, NULL },
    { 1, TEXT("example.com:44a"), NULL, NULL },
    { 1, TEXT("example.com:443:443"), NULL, NULL },
    { 1, TEXT("example.com/"), NULL, NULL },
    { 1, TEXT("example.com, other.example"), NULL, NULL },
    { 1, TEXT("user@example.com"), NULL, NULL },
    { 1, TEXT("exam ple.com"), NULL, NULL },
    { 1, TEXT("example.com\0.evil.example"), NULL, NULL },
    { 1, TEXT("ex\xc3\xa4mple.com"), NULL, NULL },
    { 1, TEXT("example.com?"), NULL, NULL },
    { 1, TEXT("example.com#"), NULL, NULL },
    { 1, TEXT("2001:db8::1"), NULL, NULL },
    { 1, TEXT("[]"), NULL, NULL },
    { 1, TEXT("[2001:db8::1"), NULL, NULL },
    { 1, TEXT("[example.com]"), NULL, NULL },
    { 1, TEXT("[fe80::1%25eth0]"), NULL, NULL },
    { 1, TEXT("[::1]x"), NULL, NULL },
    { 1, TEXT("[::1]:"), NULL, NULL }
};

static void test_origins(void)
{
    int i;

    for (i = 0; i < COUNT(origins); i++) {
        sw_span_t given = origins[i].authority;
        const char *shown = apr_psprintf(pool, "%s://%s",
                                         origins[i].https ? "https" : "http",
                                         given.p);
        sw_origin_t origin;
        int made = sw_origin_make(pool, origins[i].https, tap_exact(given),
                                  &origin);

        ok(!made == !origins[i].host, "R4: %s is %s", shown,
           origins[i].host ? "an origin" : "none");
        if (!made || !origins[i].host)
            continue;
        is_str(origins[i].host, apr_pstrmemdup(pool, origin.host.p,
                                               origin.host.n), "its host");
        is(origin.plain, sw_span(shown), "as given");
        is(origin.authority, given, "its authority");
        is(origin.other, sw_span(origins[i].other), "its other spelling");
        is_int(sw_origin_is_https(&origin), origins[i].https, "its scheme");
    }
}

static const struct {
    const char *text;
    const char *location;
    const char *origin; /* NULL: refused */
    const char *path;
    const char *prefix;
} public_urls[] = {
    { "https://example.com", NULL, "https://example.com", "", "" },
    { "https://example.com/", NULL, "https://example.com", "", "" },
    { "HTTPS://example.com", NULL, "https://example.com", "", "" },
    { "http://example.com:8080", NULL, "http://example.com:8080", "", "" },
    { "https://[::1]:8443/", NULL, "https://[::1]:8443", "", "" },
    { "https://example.com", "/voice", "https://example.com", "", "" },
    { "https://example.com/", "/voice", "https://example.com", "", "" },
    { "https://example.com/hook", "/voice", "https://example.com", "/hook",
      "/voice" },
    { "https://example.com/hook", "/voice/", "https://example.com", "/hook",
      "/voice" },
    { "https://example.com/hook/", "/voice", "https://example.com", "/hook/",
      "/voice" },
    { "https://example.com/hook", "/", "https://example.com", "/hook", "" },
    { "https://example.com/a%20b", "/v", "https://example.com", "/a%20b",
      "/v" },
    { "https://example.com/hook", NULL, NULL, NULL, NULL },
    { "https://example.com/?a=1", "/voice", NULL, NULL, NULL },
    { "https://example.com?a=1", NULL, NULL, NULL, NULL },
    { "https://example.com/#a", "/voice", NULL, NULL, NULL },
    { "https://user@example.com", NULL, NULL, NULL, NULL },
    { "https://user:pass@example.com/", "/voice", NULL, NULL, NULL },
    { "https://example.com /", NULL, NULL, NULL, NULL },
    { "https://example.com/\xc3\xa4", "/voice", NULL, NULL, NULL },
    { "https://", NULL, NULL, NULL, NULL },
    { "https:///voice", "/voice", NULL, NULL, NULL },
    { "https:/example.com", NULL, NULL, NULL, NULL },
    { "ftp://example.com", NULL, NULL, NULL, NULL },
    { "example.com", NULL, NULL, NULL, NULL },
    { "//example.com", NULL, NULL, NULL, NULL },
    { "https://example.com:0", NULL, NULL, NULL, NULL },
    { "", NULL, NULL, NULL, NULL }
};

static void test_public_urls(void)
{
    int i;

    for (i = 0; i < COUNT(public_urls); i++) {
        const char *text = public_urls[i].text;
        const char *location = public_urls[i].location;
        sw_public_url_t url;
        const char *refused = sw_public_url_parse(pool, text, location, &url);

        ok(!refused == !!public_urls[i].origin, "\"%s\" %s%s is %s", text,
           location ? "at " : "nowhere", location ? location : "",
           public_urls[i].origin ? "a public URL" : "refused");
        if (refused || !public_urls[i].origin)
            continue;
        is(url.origin.plain, sw_span(public_urls[i].origin), "its origin");
        is(url.path, sw_span(public_urls[i].path), "its path");
        is(url.prefix, sw_span(public_urls[i].prefix), "what it stands for");
    }
}

static const struct {
    sw_span_t unparsed;
    const char *target; /* NULL: one that no URL can be made of */
    const char *query;
} targets[] = {
    { TEXT("/"), "/", "" },
    { TEXT("/voice"), "/voice", "" },
    { TEXT("/voice?"), "/voice?", "" },
    { TEXT("/voice?a=1?b"), "/voice?a=1?b", "a=1?b" },
    { TEXT("//host/voice"), "//host/voice", "" },
    { TEXT("/%7ex//y/./z?q=%20+"), "/%7ex//y/./z?q=%20+", "q=%20+" },
    { TEXT("/x?u=http://a/b"), "/x?u=http://a/b", "u=http://a/b" },
    { TEXT("http://evil.example/voice?a=1"), "/voice?a=1", "a=1" },
    { TEXT("HTTPS://u:p@evil.example:1/voice"), "/voice", "" },
    { TEXT("http://evil.example/"), "/", "" },
    { TEXT("http://evil.example"), "/", "" },
    { TEXT("*"), NULL, "" },
    { TEXT("evil.example:443"), NULL, "" },
    { TEXT("voice"), NULL, "" },
    { TEXT(""), NULL, "" }
};

static void test_targets(void)
{
    sw_public_url_t base;
    int i;

    sw_public_url_parse(pool, "https://example.com", NULL, &base);
    for (i = 0; i < COUNT(targets); i++) {
        const char *name = apr_psprintf(pool, "R4: target \"%s\"",
                                        targets[i].unparsed.p);
        sw_span_t target = sw_target(tap_exact(targets[i].unparsed));
        sw_urls_t urls;

        sw_urls_make(pool, &(sw_url_parts_t){ &base, 1, target, NULL }, &urls);
        if (!targets[i].target) {
            is_int(urls.count, 0, name);
            continue;
        }
        is(target, sw_span(targets[i].target), name);
        is(sw_target_query(target), sw_span(targets[i].query), "its query");
    }
}

/* An absolute form may go without a path, but never without its query. */
static void test_query_without_path(void)
{
    static const char *const unparsed[] = {
        "http://h?a=/b", "http://h?a=1", "https://u@h:1?a=1", "http://?a=1"
    };
    sw_public_url_t base;
    int i, k, bad;

    sw_public_url_parse(pool, "https://example.com", NULL, &base);
    for (i = 0; i < COUNT(unparsed); i++) {
        sw_urls_t urls;

        sw_urls_make(pool, &(sw_url_parts_t){
                         &base, 1, sw_target(sw_span(unparsed[i])), NULL },
                     &urls);
        for (k = bad = 0; k < urls.count; k++)
            bad += !sw_target_query(urls.at[k].rest).n;
        is_int(bad, 0, apr_psprintf(pool, "R4: the query of \"%s\" is signed",
                                    unparsed[i]));
    }
}

/* The URLs that may have been signed, in order, each with a blank after it; "^"
 * marks one that ends in its host. */
static const char *listed(const sw_urls_t *urls)
{
    const char *text = "";
    int i;

    for (i = 0; i < urls->count; i++) {
        const sw_url_t *url = &urls->at[i];

        text = apr_pstrcat(pool, text,
            apr_pstrmemdup(pool, url->origin.p, url->origin.n),
            apr_pstrmemdup(pool, sw_span_text(url->path), url->path.n),
            apr_pstrmemdup(pool, sw_span_text(url->rest), url->rest.n),
            url->ends_in_host ? "^ " : " ", NULL);
    }
    return text;
}

static const struct {
    const char *bases[3];
    const char *location;
    const char *target;
    const char *urls;
} lists[] = {
    { { "https://h" }, NULL, "/v?b=2&a=1",
      "https://h/v?b=2&a=1 https://h:443/v?b=2&a=1 " },
    { { "http://h:80" }, NULL, "/v", "http://h:80/v http://h/v " },
    { { "https://h:8443" }, NULL, "/v", "https://h:8443/v " },
    { { "https://[::1]" }, NULL, "/v?",
      "https://[::1]/v? https://[::1]:443/v? " },
    { { "https://h:1" }, NULL, "/%7ex//y/./z;p?",
      "https://h:1/%7ex//y/./z;p? " },
    { { "https://a:1", "http://b:2" }, NULL, "/v",
      "https://a:1/v http://b:2/v " },
    { { "https://h:1" }, NULL, "/", "https://h:1/ https://h:1^ " },
    { { "https://h" }, NULL, "/",
      "https://h/ https://h:443/ https://h^ https://h:443^ " },
    { { "https://h:1" }, NULL, "/?a=1", "https://h:1/?a=1 https://h:1?a=1 " },
    { { "https://h:1" }, NULL, "/?", "https://h:1/? https://h:1? " },
    { { "https://h:1" }, NULL, "//", "https://h:1// " },
    { { "https://h:1/x" }, "/v", "/v", "https://h:1/x " },
    { { "https://h:1/x" }, "/v", "/v?a", "https://h:1/x?a " },
    { { "https://h:1/x" }, "/v", "/v/", "https://h:1/x/ " },
    { { "https://h:1/x" }, "/v", "/v/in?a", "https://h:1/x/in?a " },
    { { "https://h:1/x/" }, "/v", "/v/in", "https://h:1/x/in " },
    { { "https://h:1/x/" }, "/v", "/v", "https://h:1/x/ " },
    { { "https://h:1/x/" }, "/v", "/v/", "https://h:1/x/ " },
    { { "https://h:1/x" }, "/v/", "/v/in", "https://h:1/x/in " },
    { { "https://h:1/x" }, "/v/", "/v", "https://h:1/x " },
    { { "https://h:1/x" }, "/", "/in", "https://h:1/x/in " },
    { { "https://h:1/x" }, "/", "/", "https://h:1/x/ " },
    { { "https://h:1/x" }, "/v", "/voice", "" },
    { { "https://h:1/x" }, "/v", "/%76/in", "" },
    { { "https://h:1/x" }, "/v", "//v/in", "" },
    { { "https://h:1/x" }, "/v", "/V", "" },
    { { "https://h:1/x" }, "/v", "/v;p", "" },
    { { "https://h:1/x", "https://h:2" }, "/v", "/w", "https://h:2/w " },
    { { "https://h:1" }, "/v", "/v", "https://h:1/v " },
    { { NULL }, NULL, "/v", "" }
};

static void test_lists(void)
{
    int i, n;

    for (i = 0; i < COUNT(lists); i++) {
        sw_public_url_t bases[3];
        sw_urls_t urls;

        for (n = 0; n < 3 && lists[i].bases[n]; n++)
            sw_public_url_parse(pool, lists[i].bases[n], lists[i].location,
                                &bases[n]);
        sw_urls_make(pool, &(sw_url_parts_t){
                         bases, n, tap_exact(sw_span(lists[i].target)), NULL },
                     &urls);
        is_str(listed(&urls), lists[i].urls,
               apr_psprintf(pool, "R4: %s%s%s below %s", lists[i].target,
                            n ? " of " : "", n ? lists[i].bases[0] : "",
                            lists[i].location ? lists[i].location : "/"));
    }
}

/* The URLs of https://h:1/v with these credentials, but for the first, which
 * has none. */
static const char *with_field(const char *field)
{
    sw_public_url_t base;
    sw_urls_t urls;
    const char *text;

    sw_public_url_parse(pool, "https://h:1", NULL, &base);
    sw_urls_make(pool, &(sw_url_parts_t){ &base, 1, SPAN("/v"), field },
                 &urls);
    text = listed(&urls);
    return strncmp(text, "https://h:1/v ", 14) ? "the plain URL is missing"
                                               : text + 14;
}

static const struct {
    sw_span_t login;
    const char *urls;
} logins[] = {
    { TEXT("user:pass"), "https://user:pass@h:1/v " },
    { TEXT("user:"), "https://user@h:1/v " },
    { TEXT("user"), "https://user@h:1/v " },
    { TEXT(":pass"), "https://:pass@h:1/v " },
    { TEXT("a-b._~9:Z"), "https://a-b._~9:Z@h:1/v " },
    { TEXT("u$r:p!&'()*+,;="),
      "https://u$r:p!&'()*+,;=@h:1/v "
      "https://u%24r:p%21%26%27%28%29%2A%2B%2C%3B%3D@h:1/v " },
    { TEXT("u:a:b"), "https://u:a%3Ab@h:1/v " },
    { TEXT("/?#@%:[]"), "https://%2F%3F%23%40%25:%5B%5D@h:1/v " },
    { TEXT("u:evil.example/x?#"),
      "https://u:evil.example%2Fx%3F%23@h:1/v " },
    { TEXT("u:%2F"), "https://u:%252F@h:1/v " },
    { TEXT("\xc3\xa4:\xff"), "https://%C3%A4:%FF@h:1/v " },
    { TEXT("a\0b: \"<>\\^`{|}\x7f\r\n"),
      "https://a%00b:%20%22%3C%3E%5C%5E%60%7B%7C%7D%7F%0D%0A@h:1/v " }
};

static const char *const no_logins[] = {
    "", "Basic", "Basic ", "Basic    ", "Basic !!!!", "Basic =dXNlcjpwYXNz",
    "Basic dXNl cjpw", "Basicx dXNlcjpwYXNz", "Bearer dXNlcjpwYXNz",
    "Digest username=\"user\"", "Basic dXNlcjpwYXNz, Basic dXNlcjpwYXNz",
    " Basic dXNlcjpwYXNz"
};

static void test_logins(void)
{
    sw_public_url_t base;
    sw_urls_t urls;
    int i;

    for (i = 0; i < COUNT(logins); i++) {
        const char *text =
            apr_pencode_base64(pool, logins[i].login.p,
                               (apr_ssize_t)logins[i].login.n, 0, NULL);
        is_str(with_field(apr_pstrcat(pool, "Basic ", text, NULL)),
               logins[i].urls,
               apr_psprintf(pool, "R4: credentials %d", i + 1));
    }
    is_str(with_field("basic \t dXNlcjpwYXNz "), logins[0].urls,
           "R4: the scheme in lower case, blanks");
    for (i = 0; i < COUNT(no_logins); i++)
        is_str(with_field(no_logins[i]), "",
               apr_psprintf(pool, "R4: no credentials in \"%s\"",
                            no_logins[i]));

    sw_public_url_parse(pool, "https://h", NULL, &base);
    sw_urls_make(pool,
                 &(sw_url_parts_t){ &base, 1, SPAN("/"), "Basic JDo=" }, &urls);
    is_str(listed(&urls),
           "https://h/ https://h:443/ https://$@h/ https://$@h:443/ "
           "https://%24@h/ https://%24@h:443/ "
           "https://h^ https://h:443^ https://$@h^ https://$@h:443^ "
           "https://%24@h^ https://%24@h:443^ ",
           "R4: at most twelve URLs for a base");
}

static void test_shown(void)
{
    sw_url_t url = { SPAN("https://h"), SPAN("/x"), SPAN("/y?token=z"), 0 };

    is_str(sw_url_shown(pool, &url), "https://h/x/y", "shown without query");
    url.path = url.rest = sw_span(NULL);
    is_str(sw_url_shown(pool, &url), "https://h", "shown without anything");
}

int main(void)
{
    tap_begin();
    test_origins();
    test_public_urls();
    test_targets();
    test_query_without_path();
    test_lists();
    test_logins();
    test_shown();
    return tap_end();
}
