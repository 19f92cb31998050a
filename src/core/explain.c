/* SPDX-License-Identifier: Apache-2.0 */
/* See explain.h. */
#include <apr_strings.h>

#include "explain.h"

/* scheme://host[:port] of a URL, to be proposed as a public URL. */
static const char *origin_of(apr_pool_t *p, const char *url)
{
    const char *end = url ? strstr(url, "://") : NULL;

    end = end ? strpbrk(end + 3, "/?") : NULL;
    return end ? apr_pstrmemdup(p, url, (apr_size_t)(end - url)) : url;
}

static const char *explain_project(apr_pool_t *p, const sw_finding_t *found)
{
    sw_span_t project = found->request->project;

    return apr_psprintf(p, "the key labelled project=%s made it, but the "
                        "request names project \"%.*s\": set "
                        "SignalWireSigningKey with that label, or with none",
                        sw_key_project(found->key),
                        (int)(project.n < 64 ? project.n : 64),
                        sw_span_text(project));
}

static const char *explain_type(apr_pool_t *p, const sw_finding_t *found)
{
    const char *type = found->request->content_type.p;

    type = type ? apr_psprintf(p, "\"%.100s\"", type) : "absent";
    return apr_psprintf(p, "it is right for a form, but Content-Type is %s and "
                        "scheme B vouches for "
                        "application/x-www-form-urlencoded only "
                        "(SignalWireSignatureType form)", type);
}

static const char *explain_none(apr_pool_t *p, const sw_finding_t *found)
{
    return apr_psprintf(p, "expected a signature for %s by one of %d key(s), "
                        "no near miss found: is the key of "
                        "SignalWireSigningKey this project's, and is the body "
                        "as SignalWire sent it?",
                        sw_url_shown(p, &found->request->urls->at[0]),
                        found->key_count);
}

const char *sw_miss_explain(apr_pool_t *p, const sw_finding_t *found)
{
    const char *would = found->would, *origin = origin_of(p, would);

    switch (found->miss) {
    case SW_MISS_PROJECT:
        return explain_project(p, found);
    case SW_MISS_FORWARDED:
        return apr_psprintf(p, "it was made for %s, which the forwarded "
                            "fields name: if that is this server in public, "
                            "set SignalWirePublicURL %s%s%s", would, origin,
                            found->proxy ? " or, for a proxy of yours, "
                                           "SignalWireTrustedProxy " : "",
                            found->proxy ? found->proxy : "");
    case SW_MISS_HOST:
        return apr_psprintf(p, "it was made for %s, which Host names: if that "
                            "is this server in public, set "
                            "SignalWirePublicURL %s", would, origin);
    case SW_MISS_SCHEME:
    case SW_MISS_PORT:
        return apr_psprintf(p, "it was made for %s: set SignalWirePublicURL "
                            "%s", would, origin);
    case SW_MISS_SLASH:
        return apr_psprintf(p, "it was made for %s, a slash at the end of "
                            "the path more or less: set SignalWirePublicURL "
                            "to what SignalWire calls, or let SignalWire call "
                            "this path", would);
    case SW_MISS_ROOT:
        return apr_psprintf(p, "it was made for %s without a slash at its "
                            "end, which is safe for JSON only: let SignalWire "
                            "call %s/ (SignalWirePublicURL cannot help)",
                            would, would);
    case SW_MISS_QUERY:
        return "it was made for the same URL with its query parameters "
               "sorted: something between SignalWire and this server sorts "
               "or unsorts them; SignalWirePublicURL cannot help";
    case SW_MISS_TYPE:
        return explain_type(p, found);
    case SW_MISS_UNCOVERED:
        return "it was made for the URL alone and vouches for no body: with "
               "scheme B that takes the parameters of a form, or bodySHA256 "
               "in the URL (SignalWireVerify off, and another guard, for what "
               "SignalWire does not sign)";
    case SW_MISS_SHA256:
        return "X-SignalWire-Signature is right, but the field "
               "X-SignalWire-SHA256-Signature beside it is wrong, and no "
               "SignalWireSignatureType accepts that: does something on the "
               "way rewrite header fields?";
    case SW_MISS_OTHER:
        return "it is the digest of the other scheme in this one's dress: no "
               "SignalWireSignatureType accepts it; was it copied from a "
               "form to JSON, or the reverse?";
    default:
        return explain_none(p, found);
    }
}

const char *sw_type_explain(apr_pool_t *p, const sw_signature_t *signature)
{
    return apr_pstrcat(p, "it is one of type ",
                       signature->kind == SW_SCHEME_NONE
                       ? "sha256" : sw_scheme_name(signature->kind), NULL);
}
