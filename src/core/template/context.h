/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The context of a place in a document, found by reading the text before: may a
 * value stand there, and how must it be escaped? Knows only the XML and JSON
 * that this takes; document.c and swml.c check whole documents.
 */
#ifndef SW_CONTEXT_H
#define SW_CONTEXT_H

#include "core/text/span.h"

typedef enum sw_document_e {
    SW_DOCUMENT_CXML,
    SW_DOCUMENT_SWML,
    SW_DOCUMENT_JSON
} sw_document_e;

/** What a value is escaped for. */
typedef enum sw_place_e {
    SW_PLACE_NONE,      /* no value may stand here */
    SW_PLACE_TEXT,      /* of XML */
    SW_PLACE_ATTRIBUTE, /* the value of one, in quotes */
    SW_PLACE_STRING,    /* of JSON */
    SW_PLACE_NUMBER     /* of JSON, instead of a string */
} sw_place_e;

/** Where the reading of a document stands. Start with format alone set. */
typedef struct sw_context_t {
    sw_document_e format;
    int state;
    int depth;     /* open elements, brackets and quotes */
    int lowest;    /* depth since it was last set */
    int is_close;  /* XML: the tag is one that closes */
    char quote, last;
    apr_uint64_t objects; /* JSON: a bit for each bracket, set for '{' */
    int at_name;          /* JSON: the string is the name of a member */
    int escape;           /* JSON: characters of an escape that are due */
    int braces;           /* SWML: open ones of a placeholder, ${...} */
    int in_reference;     /* XML: after '&' */
    apr_size_t matched; /* bytes of the end of a comment or the like */
} sw_context_t;

/** Read more of the document. @return NULL, or the fault of the text */
const char *sw_context_read(sw_context_t *context, sw_span_t text);

sw_place_e sw_context_place(const sw_context_t *context);

/** "a comment" */
const char *sw_context_name(const sw_context_t *context);

/** May a section begin here? Not within a name or the like. */
int sw_context_may_branch(const sw_context_t *context);

/** Between the attributes of a tag, or in one? Nothing is repeated there. */
int sw_context_is_in_tag(const sw_context_t *context);

/** Do the two stand at the same kind of place, in the same element? */
int sw_context_is_same(const sw_context_t *a, const sw_context_t *b);

#endif
