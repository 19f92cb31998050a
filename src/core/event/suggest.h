/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Suggestions for misspelt names. Operators may have parameters of their own,
 * and SignalWire new events: without a similar name there is no suggestion.
 */
#ifndef SW_SUGGEST_H
#define SW_SUGGEST_H

/**
 * The kind of event that was probably meant. In the open families, "call." and
 * "video.", any name may be right.
 * @return NULL if @a event is a kind, or none is similar
 */
const char *sw_suggest_event(const char *event);

/**
 * The field or parameter that was probably meant by the name in
 * signalwire('name'): a name of the environment or of a header field stands
 * for its field.
 * @return NULL if @a name is known, or nothing is near
 */
const char *sw_suggest_field(const char *name);

#endif
