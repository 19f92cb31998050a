/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Telephone numbers and addresses, masked: calls can be told apart, but nobody
 * can be called.
 */
#ifndef SW_MASK_H
#define SW_MASK_H

#include "core/text/span.h"

#define SW_MASKED_MAX 32

/**
 * Shorten a number or an address: "+15550100123" is "+1*******123", at least
 * four digits hidden; "sip:alice@example.com" is "sip:a***",
 * "whatsapp:+15550100123" is "whatsapp:+1*******123". Host, parameters and the
 * name before "<sip:...>" are left out. Anything else, such as a name, is its
 * first character and "***". Short codes of up to six digits stay as they are.
 * @return the text in @a to; ASCII
 */
sw_span_t sw_masked(sw_span_t value, char to[SW_MASKED_MAX]);

#endif
