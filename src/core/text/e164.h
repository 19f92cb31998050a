/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The telephone number that a text or an address holds. Parses, and never
 * filters: digits of a host name or an extension dial a stranger.
 */
#ifndef SW_E164_H
#define SW_E164_H

#include <apr_pools.h>

#include "core/text/span.h"

/** Digits of a number at most (E.164, 6.2.1). */
#define SW_E164_MAX 15

/**
 * The number in @a text: a plus sign, if there is one, and 1 to 15 digits. Of
 * an address (sip:, sips:, tel:, whatsapp:, client:, or user@host; with or
 * without a display name and angle brackets) that of the user part, whose
 * escapes are decoded; parameters, passwords and extensions are no part of it.
 * Blanks, '-', '.' and brackets may stand between the digits (RFC 3966, 5.1.1),
 * and the "(0)" that is written, and never dialled, after a country code.
 * @return in @a pool; empty if anything else stands there, such as a second
 * number
 */
sw_span_t sw_e164(apr_pool_t *pool, sw_span_t text);

#endif
