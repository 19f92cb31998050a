/* SPDX-License-Identifier: Apache-2.0 */
/* The URL from the fields of a trusted proxy: R4 of docs/signature-rules.md. */
#include "core/signature/forwarded.h"
#include "tap.h"

/* The connection's own: http, inner:8080 */
static const struct {
    const char *name;
    sw_forwarded_t fields;
    const char *origin; /* NULL: refused */
} cases[] = {
    { "nothing", { .proto = NULL }, "http://inner:8080" },
    { "Proto", { .proto = "https" }, "https://inner:8080" },
    { "Proto in capitals", { .proto = "HTTPS" }, "https://inner:8080" },
    { "Proto with blanks", { .proto = " http\t" }, "http://inner:8080" },
    { "Host", { .host = "h.example" }, "http://h.example" },
    { "Host with port", { .host = "h.example:8443" }, "http://h.example:8443" },
    { "Proto and Host", { .proto = "https", .host = "h.example" },
      "https://h.example" },
    { "Host, IPv6", { .host = "[::1]:81" }, "http://[::1]:81" },
    { "Host with blanks", { .host = " h.example " }, "http://h.example" },

    { "Proto is a list", { .proto = "https, http" }, NULL },
    { "Proto is a list of one kind", { .proto = "https,https" }, NULL },
    { "Proto is empty", { .proto = "" }, NULL },
    { "Proto is ws", { .proto = "ws" }, NULL },
    { "Host is a list", { .host = "a.example, b.example" }, NULL },
    { "Host is empty", { .host = "" }, NULL },
    { "Host has credentials", { .host = "u@a.example" }, NULL },
    { "Host has a path", { .host = "a.example/x" }, NULL },

    { "Port", { .host = "a.example", .port = "8443" },
      "http://a.example:8443" },
    { "Port with Host received, the same", { .port = "8080" },
      "http://inner:8080" },
    { "Port with Host received, another", { .port = "443" }, NULL },
    { "default Port", { .proto = "https", .host = "h", .port = "443" },
      "https://h" },
    { "default Port of http", { .host = "h", .port = "80" }, "http://h" },
    { "Port 443 against http", { .host = "h", .port = "443" }, NULL },
    { "Port 80 against https", { .proto = "https", .host = "h",
                                 .port = "80" }, NULL },
    { "Port as in Host", { .host = "h:81", .port = "81" }, "http://h:81" },
    { "Port other than in Host", { .host = "h:81", .port = "82" }, NULL },
    { "Port and IPv6", { .host = "[::1]", .port = "81" }, "http://[::1]:81" },
    { "Port with blanks", { .host = "h", .port = " 81 " }, "http://h:81" },
    { "Port is a list", { .host = "h", .port = "81, 81" }, NULL },
    { "Port is empty", { .host = "h", .port = "" }, NULL },
    { "Port 0", { .host = "h", .port = "0" }, NULL },
    { "Port 65536", { .host = "h", .port = "65536" }, NULL },
    { "Port with a path", { .host = "h", .port = "81/x" }, NULL },
    { "Port is a word", { .host = "h", .port = "x" }, NULL },

    { "Forwarded: proto", { .forwarded = "proto=https" },
      "https://inner:8080" },
    { "Forwarded: all", { .forwarded = "for=1.2.3.4;proto=https;host=h;by=x" },
      "https://h" },
    { "Forwarded: blanks and capitals",
      { .forwarded = " For=1.2.3.4 ; PROTO=HTTPS ; Host=h " }, "https://h" },
    { "Forwarded: quotes",
      { .forwarded = "for=\"[::1]\";host=\"[::1]:81\";proto=\"http\"" },
      "http://[::1]:81" },
    { "Forwarded: host alone", { .forwarded = "host=h:82" }, "http://h:82" },
    { "Forwarded: neither", { .forwarded = "for=1.2.3.4" },
      "http://inner:8080" },
    { "Forwarded: empty", { .forwarded = "" }, "http://inner:8080" },
    { "Forwarded: two proxies",
      { .forwarded = "for=a;proto=https, for=b;proto=http" }, NULL },
    { "Forwarded: two proxies, one of them silent",
      { .forwarded = "for=a, for=b;proto=https;host=h" }, NULL },
    { "Forwarded: proto twice", { .forwarded = "proto=https;proto=https" },
      NULL },
    { "Forwarded: host twice", { .forwarded = "host=a;host=b" }, NULL },
    { "Forwarded: host twice, one empty", { .forwarded = "host=;host=b" },
      NULL },
    { "Forwarded: no value", { .forwarded = "proto" }, NULL },
    { "Forwarded: empty proto", { .forwarded = "proto=" }, NULL },
    { "Forwarded: empty quotes", { .forwarded = "host=\"\"" }, NULL },
    { "Forwarded: half a quote", { .forwarded = "host=\"h" }, NULL },
    { "Forwarded: a single quote mark", { .forwarded = "host=\"" }, NULL },
    { "Forwarded: escape in quotes", { .forwarded = "host=\"h\\.x\"" }, NULL },
    { "Forwarded: a comma in quotes", { .forwarded = "host=\"a,b\"" }, NULL },
    { "Forwarded is not read beside Proto",
      { .proto = "https", .forwarded = "host=h;proto=http" },
      "https://inner:8080" },
    { "Forwarded is not read beside Host",
      { .host = "h", .forwarded = "a, b" }, "http://h" },
    { "Forwarded is not read beside Port",
      { .port = "8080", .forwarded = "host=h" }, "http://inner:8080" }
};

static void test_cases(void)
{
    int i;

    for (i = 0; i < COUNT(cases); i++) {
        sw_forwarded_t fields = cases[i].fields;
        sw_origin_t origin;
        int made;

        fields.own_host = "inner:8080";
        made = sw_forwarded_origin(pool, &fields, 0, &origin);
        is(made ? origin.plain : sw_span(NULL), sw_span(cases[i].origin),
           cases[i].name);
        if (!cases[i].origin)
            ok(!made, "%s: refused", cases[i].name);
    }
}

static void test_own(void)
{
    sw_forwarded_t fields = { .proto = NULL };
    sw_origin_t origin;

    ok(!sw_forwarded_origin(pool, &fields, 1, &origin), "no host at all");
    fields.own_host = "a b";
    ok(!sw_forwarded_origin(pool, &fields, 1, &origin), "a bad Host");
    fields.own_host = NULL;
    fields.host = "h";
    ok(sw_forwarded_origin(pool, &fields, 1, &origin), "but forwarded");
    is(origin.plain, SPAN("https://h"), "the connection's own scheme");
}

int main(void)
{
    tap_begin();
    test_cases();
    test_own();
    return tap_end();
}
