/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules that tell one kind from another. The first that holds counts.
 */
#ifndef SW_RULES_H
#define SW_RULES_H

#include "core/event/kinds.h"
#include "core/event/values.h"
#include "core/text/json.h"

/** Of a form or query: all are present, one of any (if there are any), none of
 * none, and the condition on a value holds. */
typedef struct sw_form_rule_t {
    const char *row;
    sw_kind_e kind;
    unsigned char all[4];
    unsigned char any[14];
    unsigned char none[18];
    int (*when)(const sw_reading_t *in);
} sw_form_rule_t;

extern const sw_form_rule_t sw_form_rules[]; /* ends with row NULL */

/** A query also holds the parameters of the operator's own URL. If @a evidence
 * holds, the names in @a ignored cannot be SignalWire's and say nothing about
 * the kind. */
typedef struct sw_query_rule_t {
    sw_form_rule_t evidence;
    unsigned char ignored[10];
} sw_query_rule_t;

extern const sw_query_rule_t sw_query_rules[]; /* ends with row NULL */

/** A member of a JSON document: its path, and what it must be (SW_JSON_ABSENT:
 * anything), or the word that it must hold. */
typedef struct sw_member_t {
    const char *path;
    sw_json_e type;
    const char *word;
} sw_member_t;

/** Of JSON. Where a kind depends on a value, pick() finds it; SW_UNKNOWN
 * lets the next rule try. */
typedef struct sw_json_rule_t {
    const char *row;
    sw_kind_e kind;
    sw_member_t all[3];
    sw_member_t any[4];
    const char *none;
    sw_kind_e (*pick)(const sw_json_t *root);
} sw_json_rule_t;

extern const sw_json_rule_t sw_json_rules[]; /* ends with row NULL */

#endif
