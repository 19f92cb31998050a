/* SPDX-License-Identifier: Apache-2.0 */
/* The signature fields: rules R2 and R3 of docs/signature-rules.md; the table
 * of outcomes. */
#include "core/signature/headers.h"
#include "tap.h"

#define HEX "0123456789abcdef0123456789abcdef01234567"
#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define B64 "ABCdef012+/ABCdef012+/ABCdef"

static const struct {
    const char *name;
    const char *signalwire, *twilio, *sha256;
    sw_verdict_e verdict;
    sw_scheme_e kind;
    int has_sha256, sha256_n;
} cases[] = {
    { "R2: none", NULL, NULL, NULL, SW_NO_SIGNATURE, 0, 0, 0 },
    { "R2: the alias", NULL, HEX, NULL, SW_VERIFIED, SW_SCHEME_SHA1, 0, 0 },
    { "R2: our field wins", HEX, "x", NULL, SW_VERIFIED, SW_SCHEME_SHA1, 0, 0 },
    { "R2: empty, the alias does not heal it", "", HEX, NULL, SW_MALFORMED, 0,
      0, 0 },
    { "R2: malformed, the alias does not heal it", "x", HEX, NULL,
      SW_MALFORMED, 0, 0, 0 },
    { "R2: an empty alias", NULL, "", NULL, SW_MALFORMED, 0, 0, 0 },
    { "R2: repeated", HEX ", " HEX, NULL, NULL, SW_MALFORMED, 0, 0, 0 },
    { "R2: a list", HEX "," HEX, NULL, NULL, SW_MALFORMED, 0, 0, 0 },

    { "R3: 40 hex digits", HEX, NULL, NULL, SW_VERIFIED, SW_SCHEME_SHA1, 0,
      0 },
    { "R3: 28 characters of base64", "ABCdef012+/ABCdef012+/ABCde=", NULL,
      NULL, SW_VERIFIED, SW_SCHEME_FORM, 0, 0 },
    { "R3: upper-case hex", "0123456789ABCDEF0123456789ABCDEF01234567", NULL,
      NULL, SW_MALFORMED, 0, 0, 0 },
    { "R3: 39 hex digits", "0123456789abcdef0123456789abcdef0123456", NULL,
      NULL, SW_MALFORMED, 0, 0, 0 },
    { "R3: 41 hex digits", HEX "0", NULL, NULL, SW_MALFORMED, 0, 0, 0 },
    { "R3: no hex digit", "g123456789abcdef0123456789abcdef01234567", NULL,
      NULL, SW_MALFORMED, 0, 0, 0 },
    { "R3: a prefix", "sha1=" HEX, NULL, NULL, SW_MALFORMED, 0, 0, 0 },
    { "R3: quotes", "\"" HEX "\"", NULL, NULL, SW_MALFORMED, 0, 0, 0 },
    { "R3: a blank before", " " HEX, NULL, NULL, SW_MALFORMED, 0, 0, 0 },
    { "R3: a blank after", HEX " ", NULL, NULL, SW_MALFORMED, 0, 0, 0 },
    { "R3: base64 without padding", B64, NULL, NULL, SW_MALFORMED, 0, 0, 0 },
    { "R3: base64 padded twice", "ABCdef012+/ABCdef012+/ABCd==", NULL, NULL,
      SW_MALFORMED, 0, 0, 0 },
    { "R3: base64 too short", "ABCdef012+/ABCdef012+/ABCd=", NULL, NULL,
      SW_MALFORMED, 0, 0, 0 },
    { "R3: base64 of URLs", "ABCdef012-_ABCdef012+/ABCde=", NULL, NULL,
      SW_MALFORMED, 0, 0, 0 },
    { "R3: SHA-256 in the wrong field", HEX64, NULL, NULL, SW_MALFORMED, 0, 0,
      0 },

    { "R3: SHA-256 alone", NULL, NULL, HEX64, SW_VERIFIED, 0, 1, 64 },
    { "R3: SHA-256 and SHA-1", HEX, NULL, HEX64, SW_VERIFIED, SW_SCHEME_SHA1,
      1, 64 },
    { "R3: empty SHA-256 and SHA-1", HEX, NULL, "", SW_VERIFIED,
      SW_SCHEME_SHA1, 1, 0 },
    { "R3: malformed SHA-256 and SHA-1", HEX, NULL, HEX64 ", " HEX64,
      SW_VERIFIED, SW_SCHEME_SHA1, 1, 0 },
    { "R3: empty SHA-256 alone", NULL, NULL, "", SW_MALFORMED, 0, 1, 0 },
    { "R3: malformed SHA-256 alone", NULL, NULL, HEX, SW_MALFORMED, 0, 1, 0 },
    { "R3: SHA-256 with upper-case hex", NULL, NULL,
      "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef",
      SW_MALFORMED, 0, 1, 0 },
    { "R3: SHA-256 heals no empty field", "", NULL, HEX64, SW_MALFORMED, 0, 1,
      64 }
};

static void test_cases(void)
{
    int i;

    for (i = 0; i < COUNT(cases); i++) {
        sw_signature_t signature;
        sw_verdict_e verdict = sw_signature_read(cases[i].signalwire,
                                                 cases[i].twilio,
                                                 cases[i].sha256, &signature);

        is_str(sw_outcome(verdict)->token, sw_outcome(cases[i].verdict)->token,
               cases[i].name);
        is_str(sw_scheme_name(signature.kind), sw_scheme_name(cases[i].kind),
               "its scheme");
        is_int(signature.has_sha256, cases[i].has_sha256, "SHA-256 is there");
        is_int((long)signature.sha256.n, cases[i].sha256_n, "its length");
    }
}

#define MINE "X-SignalWire-Signature "
#define ALIAS "X-Twilio-Signature "
#define LONG "X-SignalWire-SHA256-Signature "
#define NEITHER "is neither 40 hex digits nor 28 characters of base64"
#define UPPER "0123456789ABCDEF0123456789abcdef01234567"

/* The field at fault, and the fault. */
static const struct {
    const char *signalwire, *twilio, *sha256;
    const char *fault;
} faults[] = {
    { "", NULL, NULL, MINE "is empty" },
    { NULL, "", NULL, ALIAS "is empty" },
    { NULL, "x y", NULL, ALIAS NEITHER },
    { HEX ", " HEX, NULL, NULL, MINE "came twice, or is a list" },
    { "\"" HEX "\"", NULL, NULL, MINE "is in quotes" },
    { "'" HEX "'", NULL, NULL, MINE "is in quotes" },
    { UPPER, NULL, NULL, MINE "has upper-case hex digits" },
    { "sha1=" HEX, NULL, NULL,
      MINE "begins with the name of a digest, as in sha1=..." },
    { "SHA-1=" HEX, NULL, NULL,
      MINE "begins with the name of a digest, as in sha1=..." },
    { "v1=ABCdef012+/ABCdef012+/ABCde=", NULL, NULL,
      MINE "begins with the name of a digest, as in sha1=..." },
    { HEX "0", NULL, NULL, MINE "has 41 hex digits instead of 40" },
    { HEX64, NULL, NULL, MINE "is an SHA-256 digest of 64 hex digits, which "
      "belongs into X-SignalWire-SHA256-Signature" },
    { "ABCdef012-_ABCdef012+/ABCde=", NULL, NULL,
      MINE "is base64 of the alphabet for URLs, with - and _" },
    { "ABCdef012+/ABCdef012+/ABCde", NULL, NULL,
      MINE "is base64 without the = at its end" },
    { B64, NULL, NULL, MINE "is base64 that does not end with exactly one =" },
    { "ABCdef012+/ABCdef012+/ABCd==", NULL, NULL,
      MINE "is base64 that does not end with exactly one =" },
    { "ABCdef012+/ABCdef012+/ABCde==", NULL, NULL,
      MINE "is base64 that does not end with exactly one =" },
    { "ABCdef012+/ABCdef012+/ABC=", NULL, NULL,
      MINE "has 26 characters of base64 instead of 28" },
    { "ABCdef012+/ABCdef012+/ABCdef012+/ABCdefgh/x=", NULL, NULL,
      MINE "is base64 of SHA-256, which SignalWire sends as hex" },
    { "ABCdef012%2B/ABCdef012+/ABCde%3D", NULL, NULL,
      MINE "is percent-encoded" },
    { "<script>", NULL, NULL, MINE NEITHER },
    { "=", NULL, NULL, MINE NEITHER },
    { "", NULL, HEX64, MINE "is empty" },
    { NULL, NULL, "", LONG "is empty" },
    { NULL, NULL, HEX, LONG "is an SHA-1 digest of 40 hex digits, where 64 of "
      "SHA-256 are expected" },
    { NULL, NULL, HEX64 "0", LONG "has 65 hex digits instead of 64" },
    { NULL, NULL, HEX64 "," HEX64, LONG "came twice, or is a list" },
    { NULL, NULL, "sha256=" HEX64,
      LONG "begins with the name of a digest, as in sha1=..." },
    { NULL, NULL, "ABCdef012+/ABCdef012+/ABCdef012+/ABCdefgh/x=",
      LONG "is base64, where 64 hex digits are expected" }
};

static void test_faults(void)
{
    sw_signature_t signature;
    int i;

    for (i = 0; i < COUNT(faults); i++) {
        is_str(sw_outcome(sw_signature_read(faults[i].signalwire,
                                            faults[i].twilio,
                                            faults[i].sha256,
                                            &signature))->token,
               "malformed-signature", "R3: malformed");
        is_str(sw_signature_fault(pool, &signature), faults[i].fault,
               faults[i].fault);
    }
    sw_signature_read(HEX, NULL, "x", &signature);
    is_str(sw_sha256_fault(pool, &signature),
           LONG "is not 64 hex digits",
           "beside a good one too");
    sw_signature_read(HEX, NULL, HEX64, &signature);
    is_str(sw_sha256_fault(pool, &signature), NULL, "a good one has none");
    sw_signature_read(HEX, NULL, NULL, &signature);
    is_str(sw_sha256_fault(pool, &signature), NULL, "nor has none");
}

static const struct {
    sw_verdict_e verdict;
    const char *id, *token;
    int status;
} outcomes[] = {
    { SW_VERIFIED, "SW0100", "verified", 200 },
    { SW_NO_SIGNATURE, "SW0101", "no-signature", 403 },
    { SW_MALFORMED, "SW0102", "malformed-signature", 403 },
    { SW_MISMATCH, "SW0103", "signature-mismatch", 403 },
    { SW_WRONG_TYPE, "SW0104", "signature-type", 403 },
    { SW_UNKNOWN_HOST, "SW0105", "unknown-host", 403 },
    { SW_NO_PREFIX, "SW0106", "url-prefix", 403 },
    { SW_FORWARDED, "SW0107", "forwarded-fields", 403 },
    { SW_BODY_HASH, "SW0108", "body-hash", 403 },
    { SW_TOO_LARGE, "SW0109", "body-too-large", 413 },
    { SW_BODY_CONSUMED, "SW0110", "body-consumed", 403 },
    { SW_NO_TLS, "SW0111", "no-tls", 403 },
    { SW_BAD_SECRET, "SW0112", "shared-secret", 403 },
    { SW_NO_KEY, "SW0113", "no-key", 403 },
    { SW_NO_PROJECT_KEY, "SW0114", "no-project-key", 403 },
    { SW_UNREADABLE, "SW0115", "body-unreadable", 400 },
    { SW_VERIFY_OFF, "SW0116", "off", 403 }
};

/* R12: the status for the client and the words for the administrator. */
static void test_outcomes(void)
{
    int i;

    is_int(COUNT(outcomes), SW_VERDICTS, "R12: every verdict is known here");
    for (i = 0; i < COUNT(outcomes); i++) {
        const sw_outcome_t *row = sw_outcome(outcomes[i].verdict);

        is_str(row->id, outcomes[i].id, "R12: the id");
        is_str(row->token, outcomes[i].token, outcomes[i].id);
        is_int(row->status, outcomes[i].status, "its status");
        ok(row->phrase && strlen(row->phrase) > 9, "its phrase");
        ok(outcomes[i].verdict == SW_VERIFIED
               || strstr(row->phrase, "SignalWire")
               || outcomes[i].verdict == SW_UNKNOWN_HOST
               || outcomes[i].verdict == SW_UNREADABLE,
           "it names the directive that decides, or what follows does");
    }
    is_str(sw_scheme_name(SW_SCHEME_SHA256), "sha256", "SHA-256 has a name");
    is_str(sw_scheme_name(SW_SCHEME_SHA1), "sha1", "SHA-1 has a name");
    is_str(sw_scheme_name(SW_SCHEME_FORM), "form", "scheme B has a name");
    is_str(sw_scheme_name(SW_SCHEME_NONE), "none", "no scheme has one too");
}

int main(void)
{
    tap_begin();
    test_cases();
    test_faults();
    test_outcomes();
    return tap_end();
}
