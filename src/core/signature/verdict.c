/* SPDX-License-Identifier: Apache-2.0 */
/* See verdict.h. The one table of outcomes; it decides nothing. */
#include <stddef.h>
#include <strings.h>

#include "core/signature/verdict.h"

static const sw_outcome_t outcomes[SW_VERDICTS] = {
    [SW_VERIFIED] = { "SW0100", "verified", "signature verified", 200 },
    [SW_NO_SIGNATURE] = { "SW0101", "no-signature",
        "no X-SignalWire-Signature field, which SignalWireVerify asks for",
        403 },
    [SW_MALFORMED] = { "SW0102", "malformed-signature",
        "SignalWireVerify asks for a well-formed signature field", 403 },
    [SW_MISMATCH] = { "SW0103", "signature-mismatch",
        "no SignalWireSigningKey made this signature for this URL and body",
        403 },
    [SW_WRONG_TYPE] = { "SW0104", "signature-type",
        "SignalWireSignatureType excludes this kind of signature", 403 },
    [SW_UNKNOWN_HOST] = { "SW0105", "unknown-host",
        "the host is no ServerName or ServerAlias of this virtual host", 403 },
    [SW_NO_PREFIX] = { "SW0106", "url-prefix",
        "the request target, of which SignalWirePublicURL makes the URL, does "
        "not begin with the path of this section", 403 },
    [SW_FORWARDED] = { "SW0107", "forwarded-fields",
        "the forwarded fields of a SignalWireTrustedProxy are lists, malformed "
        "or contradict each other", 403 },
    [SW_BODY_HASH] = { "SW0108", "body-hash",
        "SignalWireVerify asks that bodySHA256 in the URL is the hash of the "
        "body, in lower-case hex", 403 },
    [SW_TOO_LARGE] = { "SW0109", "body-too-large",
        "the body is larger than SignalWireMaxBody", 413 },
    [SW_BODY_CONSUMED] = { "SW0110", "body-consumed",
        "another handler has already read the body, outside of any "
        "<SignalWireWebhook> block", 403 },
    [SW_NO_TLS] = { "SW0111", "no-tls",
        "SignalWireRequireTLS is on and the request came without TLS", 403 },
    [SW_BAD_SECRET] = { "SW0112", "shared-secret",
        "the query has not the secret of SignalWireSharedSecret", 403 },
    [SW_NO_KEY] = { "SW0113", "no-key",
        "no SignalWireSigningKey applies here", 403 },
    [SW_NO_PROJECT_KEY] = { "SW0114", "no-project-key",
        "every SignalWireSigningKey is labelled for another project", 403 },
    [SW_UNREADABLE] = { "SW0115", "body-unreadable",
        "the body could not be read", 400 },
    [SW_VERIFY_OFF] = { "SW0116", "off",
        "SignalWireVerify is off", 403 }
};

const sw_outcome_t *sw_outcome(sw_verdict_e verdict)
{
    return &outcomes[verdict];
}

const char *const sw_types_words[] = { "any", "form", "body", "sha256", NULL };

/* In their order. */
static const unsigned int sets[] = {
    SW_TYPE_ANY, SW_TYPE_FORM, SW_TYPE_BODY, SW_TYPE_SHA256
};

const char *sw_types_word(unsigned int types)
{
    int i;

    for (i = 1; sw_types_words[i]; i++) {
        if (sets[i] == types)
            return sw_types_words[i];
    }
    return sw_types_words[0];
}

unsigned int sw_types_read(const char *text)
{
    int i;

    for (i = 0; sw_types_words[i]; i++) {
        if (strcasecmp(sw_types_words[i], text) == 0)
            return sets[i];
    }
    return 0;
}

const char *sw_scheme_name(sw_scheme_e scheme)
{
    switch (scheme) {
    case SW_SCHEME_FORM:
        return "form";
    case SW_SCHEME_SHA1:
        return "sha1";
    case SW_SCHEME_SHA256:
        return "sha256";
    default:
        return "none";
    }
}
