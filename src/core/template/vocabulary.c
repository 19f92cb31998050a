/* SPDX-License-Identifier: Apache-2.0 */
/* See vocabulary.h. */
#include <stdlib.h>

#include <apr_strings.h>

#include "core/template/vocabulary.h"
#include "core/text/span.h"
#include "core/text/text.h"

/* An element. Lists end with NULL. */
typedef struct name_t {
    const char *name;
    const char *const *attributes;
    const char *const *children;
    unsigned int channels; /* of which it is a verb */
    int has_any;           /* its author names its children */
} name_t;

#include "cxml_names.h"

static int compare_names(const void *key, const void *item)
{
    return strcmp(key, ((const name_t *)item)->name);
}

static const name_t *name_of(const char *element)
{
    return bsearch(element, names, sizeof(names) / sizeof(*names),
                   sizeof(*names), compare_names);
}

/* @param where a phrase: "element x in Response", of which x is the name */
static const char *unknown(apr_pool_t *pool, const char *name,
                           const char *where, const char *const *words)
{
    const char *near = sw_text_nearest(name, words);

    return apr_pstrcat(pool, "unknown ", where, near ? "; did you mean " : NULL,
                       near, near ? "?" : NULL, NULL);
}

static const char *channel_name(sw_channel_e channel)
{
    return channel == SW_CHANNEL_CALL      ? "a call"
           : channel == SW_CHANNEL_MESSAGE ? "a message"
                                           : "a fax";
}

const char *sw_vocabulary_element(apr_pool_t *pool, sw_channel_e channel,
                                  const char *parent, const char *name)
{
    const name_t *outer = name_of(parent), *known = name_of(name);

    if (!outer || outer->has_any)
        return NULL;
    if (!sw_text_is_one_of(name, outer->children))
        return known ? apr_pstrcat(pool, name, " does not belong into ", parent,
                                   NULL)
                     : unknown(pool, name,
                               apr_pstrcat(pool, "element ", name, " in ",
                                           parent, NULL),
                               outer->children);
    if (strcmp(parent, "Response") == 0 && !(known->channels & channel))
        return apr_pstrcat(pool, name, " is no verb of ", channel_name(channel),
                           NULL);
    return NULL;
}

const char *sw_vocabulary_attribute(apr_pool_t *pool, const char *element,
                                    sw_span_t name)
{
    const name_t *known = name_of(element);
    const char *word;

    if (!known)
        return NULL;
    word = apr_pstrmemdup(pool, sw_span_text(name), name.n);
    if (sw_text_is_one_of(word, known->attributes))
        return NULL;
    return unknown(pool, word,
                   apr_pstrcat(pool, "attribute ", word, " of ", element, NULL),
                   known->attributes);
}
