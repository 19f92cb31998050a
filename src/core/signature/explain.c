/* SPDX-License-Identifier: Apache-2.0 */
/* See explain.h. */
#include <apr_strings.h>

#include "core/signature/explain.h"
#include "core/signature/headers.h"
#include "core/signature/origins.h"
#include "core/signature/signature.h"
#include "core/signature/targets.h"
#include "core/signature/url.h"
#include "core/signature/verdict.h"
#include "core/text/form.h"
#include "core/text/span.h"
#include "core/text/text.h"

#define SHOWN_MAX 256
#define PROJECT_MAX 64

/* Text from the request may be long. */
static const char *limited(apr_pool_t *p, const char *text)
{
    return strlen(text) <= SHOWN_MAX
               ? text
               : apr_psprintf(p, "%.*s...", SHOWN_MAX, text);
}

/* Percent-encoded, so that a log or a terminal shows it as it is; empty if the
 * request names no project. */
static const char *project_shown(apr_pool_t *p, const sw_request_t *request)
{
    sw_span_t project = request->project;

    if (project.n > PROJECT_MAX)
        project.n = PROJECT_MAX;
    project = sw_text_field_value(p, project);
    return apr_pstrmemdup(p, sw_span_text(project), project.n);
}

static const char *explain_project(apr_pool_t *p, const sw_finding_t *found)
{
    return apr_psprintf(p,
                        "the key labelled project=%s made it, but the "
                        "request names project \"%s\": set "
                        "SignalWireSigningKey with that label, or with none",
                        sw_key_project(found->near->key),
                        project_shown(p, found->request));
}

static const char *explain_type(apr_pool_t *p, const sw_finding_t *found)
{
    const char *type = found->request->content_type.p;

    type = type ? apr_psprintf(p, "\"%.100s\"", type) : "absent";
    return apr_psprintf(p,
                        "it is right for a form, but Content-Type is %s and "
                        "scheme B vouches for "
                        "application/x-www-form-urlencoded only "
                        "(SignalWireSignatureType form)",
                        type);
}

static const char *explain_sha256(apr_pool_t *p, const sw_finding_t *found)
{
    const char *fault = sw_sha256_fault(p, found->request->signature);

    return apr_psprintf(p,
                        "X-SignalWire-Signature is right, but the field "
                        "X-SignalWire-SHA256-Signature beside it is wrong%s%s, "
                        "and no SignalWireSignatureType accepts that: does "
                        "something on the way rewrite header fields?",
                        fault ? ", since " : "", fault ? fault : "");
}

static const char *explain_none(apr_pool_t *p, const sw_finding_t *found)
{
    const sw_url_t *url = &found->request->urls->at[0];

    return apr_psprintf(p,
                        "expected a signature for %s by one of %d key(s), "
                        "no near miss found%s: is the key of "
                        "SignalWireSigningKey this project's, and is the body "
                        "as SignalWire sent it? A prefix of the path that a "
                        "proxy has cut is restored by a SignalWirePublicURL "
                        "with a path",
                        limited(p, sw_url_shown(p, url)), found->key_count,
                        found->near->is_cut ? ", though not everything was "
                                              "tried, for so large a body or "
                                              "so many keys and URLs"
                                            : "");
}

/* How the origin differs. */
static const char *origin_clause(apr_pool_t *p, const sw_candidate_t *origin)
{
    switch (origin->change) {
    case SW_ORIGIN_FORWARDED:
        return ", which the forwarded fields name";
    case SW_ORIGIN_HOST:
        return apr_psprintf(p, ", which %s names", origin->field);
    case SW_ORIGIN_PATH:
        return ", without the path that SignalWirePublicURL has";
    default:
        return "";
    }
}

/* How the target differs. */
static const char *target_clause(apr_pool_t *p, const sw_original_t *original)
{
    int index = original->index;

    switch (original->change) {
    case SW_CHANGE_PATH:
        return apr_psprintf(p, ", whose path %s names", original->field);
    case SW_CHANGE_SLASH:
        return ", with a slash more or less in its path";
    case SW_CHANGE_EMPTY:
        return ", with a bare ? or & more or less in its query";
    case SW_CHANGE_PARAMETER:
        return original->count == 1
                   ? apr_psprintf(p, ", without parameter %d of its query",
                                  index)
                   : apr_psprintf(p,
                                  ", without parameters %d to %d of its query",
                                  index, index + original->count - 1);
    case SW_CHANGE_ORDER:
        return ", with the parameters of its query sorted, or in another order";
    case SW_CHANGE_ENCODING:
        return ", with its path or query percent-encoded in another way";
    default:
        return "";
    }
}

/* Why no directive helps, and what does. */
static const char *target_remedy(const sw_near_miss_t *near)
{
    switch (near->original.change) {
    case SW_CHANGE_NONE:
        return "let SignalWire call it with a slash at its end; without, it is "
               "safe for JSON only (SignalWirePublicURL cannot help)";
    case SW_CHANGE_PATH:
        return "something rewrites the path, not only its beginning, and "
               "SignalWirePublicURL cannot help: let SignalWire call the path "
               "that arrives, or the proxy pass on the path that it receives";
    case SW_CHANGE_SLASH:
        return "let SignalWire call this path (SignalWirePublicURL cannot "
               "help)";
    case SW_CHANGE_ENCODING:
        return "something between SignalWire and this server decodes the URL "
               "and encodes it again; SignalWirePublicURL cannot help: let it "
               "pass on what it receives (ProxyPass ... nocanon; in nginx "
               "proxy_pass without a path)";
    default:
        return "something between SignalWire and this server changes the "
               "query; SignalWirePublicURL cannot help";
    }
}

/* The directive that helps. Header fields may come from an attacker, hence the
 * condition. */
static const char *directive(apr_pool_t *p, const sw_finding_t *found)
{
    const sw_near_miss_t *near = found->near;
    int is_named = near->origin.change == SW_ORIGIN_FORWARDED
                   || near->origin.change == SW_ORIGIN_HOST
                   || near->original.change == SW_CHANGE_PATH;
    int may_trust = near->origin.change == SW_ORIGIN_FORWARDED
                    && !near->original.change && found->proxy;

    return apr_pstrcat(p, is_named ? "if that is this server in public, " : "",
                       "set SignalWirePublicURL ", limited(p, near->public_url),
                       near->location ? " in a block in <Location \"" : "",
                       near->location ? near->location : "",
                       near->location ? "\">" : "",
                       may_trust ? " or, for a proxy of yours, "
                                   "SignalWireTrustedProxy "
                                 : "",
                       may_trust ? found->proxy : "", NULL);
}

static const char *explain_url(apr_pool_t *p, const sw_finding_t *found)
{
    const sw_near_miss_t *near = found->near;
    const char *besides = !near->public_url && near->origin.change
                                  && near->original.change
                              ? ". Besides, SignalWirePublicURL must have the "
                                "origin of that URL"
                              : "";

    return apr_pstrcat(
        p, "it was made for ", limited(p, near->matched_url),
        origin_clause(p, &near->origin), target_clause(p, &near->original),
        ": ", near->public_url ? directive(p, found) : target_remedy(near),
        besides,
        near->is_sha256_wrong
            ? ". Besides, X-SignalWire-SHA256-Signature is wrong, "
              "and no SignalWireSignatureType accepts that"
            : "",
        NULL);
}

const char *sw_miss_explain(apr_pool_t *p, const sw_finding_t *found)
{
    switch (found->near->miss) {
    case SW_MISS_URL:
        return explain_url(p, found);
    case SW_MISS_PROJECT:
        return explain_project(p, found);
    case SW_MISS_ROOT:
        return apr_psprintf(p,
                            "it was made for %s without a slash at its "
                            "end, which is safe for JSON only: let SignalWire "
                            "call %s/ (SignalWirePublicURL cannot help)",
                            found->near->matched_url, found->near->matched_url);
    case SW_MISS_TYPE:
        return explain_type(p, found);
    case SW_MISS_UNCOVERED:
        return "it was made for the URL alone and vouches for no body: with "
               "scheme B that takes the parameters of a form, or bodySHA256 "
               "in the URL (SignalWireVerify off, and another guard, for what "
               "SignalWire does not sign)";
    case SW_MISS_SHA256:
        return explain_sha256(p, found);
    case SW_MISS_ENCODING:
        return "it is the digest of the other scheme, encoded as this one's: "
               "no SignalWireSignatureType accepts it; was it copied from a "
               "form to JSON, or the reverse?";
    default:
        return explain_none(p, found);
    }
}

const char *sw_type_explain(apr_pool_t *p, const sw_signature_t *signature)
{
    return apr_pstrcat(p, "it is one of type ",
                       signature->kind == SW_SCHEME_NONE
                           ? "sha256"
                           : sw_scheme_name(signature->kind),
                       NULL);
}

const char *sw_project_explain(apr_pool_t *p, const sw_request_t *request)
{
    if (request->project.n == 0)
        return "the callback names no project, several, or one that could not "
               "be read; only a SignalWireSigningKey without project= serves "
               "it";
    return apr_psprintf(p,
                        "the callback is of project \"%s\"; if that is "
                        "yours, set SignalWireSigningKey project=%s",
                        project_shown(p, request), project_shown(p, request));
}

/* The fault in the form of one bodySHA256, or NULL. */
static const char *hash_fault(sw_span_t value)
{
    apr_size_t i;

    if (value.n == 0)
        return "it is empty";
    if (value.n != 64)
        return "it has not 64 digits";
    for (i = 0; i < value.n; i++) {
        if (value.p[i] >= 'A' && value.p[i] <= 'F')
            return "it has upper-case digits";
    }
    return NULL;
}

const char *sw_hash_explain(const sw_request_t *request)
{
    apr_size_t at = 0;
    const char *fault = NULL;
    sw_pair_t pair;
    int count = 0;

    while (sw_form_next(request->query, &at, &pair)) {
        if (!sw_span_equal(pair.name, sw_span("bodySHA256")))
            continue;
        count++;
        if (!fault)
            fault = hash_fault(pair.value);
    }
    if (fault)
        return fault;
    return count > 1 ? "there are several, and each must be the hash"
                     : "it is the hash of another body, or of none";
}
