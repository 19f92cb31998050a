/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was probably meant by a name that nothing is called. Operators may have
 * parameters of their own, and SignalWire new events: what is not near is not
 * spoken of.
 */
#ifndef SW_SUGGEST_H
#define SW_SUGGEST_H

/**
 * The kind of event that was probably meant. Of the families that are open,
 * "call." and "video.", it may be meant as it stands.
 * @return NULL if @a event is a kind, or nothing is near
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
