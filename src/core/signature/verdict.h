/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A verdict: the outcome of verifying one request. Every outcome has one row in
 * the table of verdict.c: the id of its log line, the token that applications
 * and counters see, the phrase that people read, and the HTTP status.
 */
#ifndef SW_VERDICT_H
#define SW_VERDICT_H

typedef enum sw_verdict_e {
    SW_VERIFIED,
    SW_NO_SIGNATURE,
    SW_MALFORMED,
    SW_MISMATCH,
    SW_WRONG_TYPE,
    SW_UNKNOWN_HOST,
    SW_NO_PREFIX,
    SW_FORWARDED,
    SW_BODY_HASH,
    SW_TOO_LARGE,
    SW_BODY_CONSUMED,
    SW_NO_TLS,
    SW_BAD_SECRET,
    SW_NO_KEY,
    SW_NO_PROJECT_KEY,
    SW_UNREADABLE,
    SW_VERIFY_OFF,
    SW_VERDICTS
} sw_verdict_e;

/** The scheme of the signature that verified a request. */
typedef enum sw_scheme_e {
    SW_SCHEME_NONE = 0,
    SW_SCHEME_FORM = 1,   /* B: base64 HMAC-SHA1 of URL and parameters */
    SW_SCHEME_SHA1 = 2,   /* A: hex HMAC-SHA1 of URL and body */
    SW_SCHEME_SHA256 = 4  /* hex HMAC-SHA256 of URL and body */
} sw_scheme_e;

/* Sets of schemes, as SignalWireSignatureType names them. */
#define SW_TYPE_FORM SW_SCHEME_FORM
#define SW_TYPE_BODY (SW_SCHEME_SHA1 | SW_SCHEME_SHA256)
#define SW_TYPE_SHA256 SW_SCHEME_SHA256
#define SW_TYPE_ANY (SW_TYPE_FORM | SW_TYPE_BODY)

typedef struct sw_outcome_t {
    const char *id;     /* of the log line: "SW0103" */
    const char *token;  /* one word: "signature-mismatch" */
    const char *phrase; /* for people */
    int status;         /* HTTP status of the refusal */
} sw_outcome_t;

/** The row of @a verdict; never NULL. Static memory. */
const sw_outcome_t *sw_outcome(sw_verdict_e verdict);

/** The word of SignalWireSignatureType for @a types. Static memory. */
const char *sw_types_word(unsigned int types);

/** The set that the word @a text stands for, in any case; 0 if it is none. */
unsigned int sw_types_read(const char *text);

/** The words, with NULL at their end, and for error messages. */
extern const char *const sw_types_words[];
#define SW_TYPES_WORDS "any, form, body or sha256"

/** "form", "sha1", "sha256", or "none". Static memory. */
const char *sw_scheme_name(sw_scheme_e scheme);

#endif
