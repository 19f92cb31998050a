/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signing keys and shared secrets as text: which are acceptable, and how a file
 * holds several. No error shows the text.
 */
#ifndef SW_SECRETS_H
#define SW_SECRETS_H

#include <apr_tables.h>

#include "core/text/span.h"

/** Bytes of a key file at most, and keys in use together. */
#define SW_SECRETS_FILE_MAX 65536
#define SW_SECRETS_MAX 32

/** The SW_SECRETS_* limits in words. */
#define SW_SECRETS_FILE_MOST "a file of at most 64 KiB"
#define SW_SECRETS_MOST "at most 32 keys"

/**
 * Add @a secret to @a secrets, an array of sw_span_t.
 * @return NULL, or what was expected of it
 */
const char *sw_secrets_add(apr_array_header_t *secrets, sw_span_t secret);

/**
 * A warning about a secret, for instance that it has quotes around it: these
 * are part of the secret, and no signature will match.
 * @param is_key it is SignalWire's, and plain; a secret of one's own may hold
 * blanks and letters of all kinds
 * @return NULL, or a phrase that shows nothing of the key
 */
const char *sw_secret_oddity(sw_span_t secret, int is_key);

/**
 * Add those in @a text, the content of a file: one a line, which may end with
 * CR LF. Empty lines, and those that begin with #, are none.
 * @return NULL, or what was expected of the file; "at least one" is so
 */
const char *sw_secrets_split(apr_array_header_t *secrets, sw_span_t text);

#endif
