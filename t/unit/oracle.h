/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The core's reader of JSON compared with Jansson: each accepts the text that
 * the other accepts, with the same values, except for what json.h promises to
 * read nevertheless. For unit programs and fuzz targets.
 */
#ifndef SW_ORACLE_H
#define SW_ORACLE_H

#include <stdlib.h>

#include <jansson.h>

#include <apr_hash.h>
#include <apr_strings.h>

#include "core/text/json.h"

static const char *oracle_compare(const sw_json_t *ours, json_t *theirs);

/* The core leaves NUL out of text. */
static inline int oracle_same_text(sw_span_t ours, json_t *theirs)
{
    const char *p = json_string_value(theirs);
    apr_size_t i, n = 0;

    for (i = 0; i < json_string_length(theirs); i++) {
        if (p[i] && (n >= ours.n || ours.p[n++] != p[i]))
            return 0;
    }
    return n == ours.n;
}

/* The members of an object, the last of each name. */
typedef struct oracle_members_t {
    json_t *theirs;
    const char *wrong;
    apr_hash_t *last;
} oracle_members_t;

static inline int oracle_member(void *data, const char *name,
                                const sw_json_t *value)
{
    oracle_members_t *members = data;

    apr_hash_set(members->last, name, APR_HASH_KEY_STRING, value);
    return 1;
}

static inline const char *oracle_object(const sw_json_t *ours, json_t *theirs)
{
    oracle_members_t members = { theirs, NULL, NULL };
    apr_pool_t *scratch;
    const char *name, *wrong = NULL;
    json_t *value;

    apr_pool_create(&scratch, NULL);
    members.last = apr_hash_make(scratch);
    sw_json_members(ours, oracle_member, &members);
    if (apr_hash_count(members.last) != json_object_size(theirs))
        wrong = "an object has other members";
    json_object_foreach(theirs, name, value) {
        const sw_json_t *found = apr_hash_get(members.last, name,
                                              APR_HASH_KEY_STRING);

        if (!wrong)
            wrong = found ? oracle_compare(found, value) : "no such member";
    }
    apr_pool_destroy(scratch);
    return wrong;
}

static inline const char *oracle_array(const sw_json_t *ours, json_t *theirs)
{
    const char *wrong = NULL;
    char index[24];
    apr_size_t i;

    if (sw_json_count(ours) != json_array_size(theirs))
        return "an array has another length";
    for (i = 0; i < json_array_size(theirs) && !wrong; i++) {
        apr_snprintf(index, sizeof(index), "%" APR_SIZE_T_FMT, i);
        wrong = oracle_compare(sw_json_at(ours, index),
                               json_array_get(theirs, i));
    }
    return wrong;
}

/* @return the difference, or NULL */
static const char *oracle_compare(const sw_json_t *ours, json_t *theirs)
{
    sw_span_t text = sw_json_text(ours);
    int good;

    switch (json_typeof(theirs)) {
    case JSON_OBJECT:
        return sw_json_type(ours) == SW_JSON_OBJECT
               ? oracle_object(ours, theirs) : "no object";
    case JSON_ARRAY:
        return sw_json_type(ours) == SW_JSON_ARRAY
               ? oracle_array(ours, theirs) : "no array";
    case JSON_STRING:
        good = sw_json_type(ours) == SW_JSON_STRING
               && oracle_same_text(text, theirs);
        return good ? NULL : "another string";
    case JSON_INTEGER:
        good = sw_json_type(ours) == SW_JSON_NUMBER
               && strtoll(text.p, NULL, 10) == json_integer_value(theirs);
        return good ? NULL : "another integer";
    case JSON_REAL:
        good = sw_json_type(ours) == SW_JSON_NUMBER
               && strtod(text.p, NULL) == json_real_value(theirs);
        return good ? NULL : "another number";
    default:
        good = sw_json_type(ours) == SW_JSON_OTHER
               && sw_span_equal(text, sw_span(json_is_true(theirs) ? "true"
                                              : json_is_false(theirs) ? "false"
                                              : ""));
        return good ? NULL : "another word";
    }
}

/* For well-formed text. */
static inline int oracle_depth(sw_span_t text)
{
    int depth = 0, deepest = 0, is_string = 0;
    apr_size_t i;

    for (i = 0; i < text.n; i++) {
        char c = text.p[i];

        if (c == '"')
            is_string = !is_string;
        else if (is_string)
            i += c == '\\';
        else
            depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        if (depth > deepest)
            deepest = depth;
    }
    return deepest;
}

/* Deviations that json.h promises to read. */
static inline int oracle_is_lenient(const json_error_t *error)
{
    enum json_error_code code = json_error_code(error);

    return code == json_error_invalid_utf8
           || code == json_error_null_byte_in_key
           || code == json_error_numeric_overflow
           || strstr(error->text, "invalid Unicode") != NULL;
}

/** The difference between the core's reading and Jansson's, or NULL. */
static inline const char *oracle_differs(const sw_json_t *ours, sw_span_t text)
{
    json_error_t error;
    json_t *theirs = json_loadb(text.n ? text.p : "", text.n, JSON_ALLOW_NUL,
                                &error);
    const char *wrong = NULL;

    if (theirs && ours)
        wrong = oracle_compare(ours, theirs);
    else if (theirs)
        /* Jansson skips a NUL after a number. */
        wrong = oracle_depth(text) > 64 || memchr(text.p, 0, text.n)
                ? NULL : "not read";
    else if (ours)
        wrong = oracle_is_lenient(&error) ? NULL : "read";
    json_decref(theirs);
    return wrong;
}

#endif
