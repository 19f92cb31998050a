/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the application learns of the verdict: environment and notes, under
 * the same names. Called for every request in a block, so that the names are
 * there after an internal redirect too, where httpd prefixes the old ones.
 */
#include "module.h"

static void set(request_rec *r, const char *name, const char *value)
{
    if (value) {
        apr_table_setn(r->subprocess_env, name, value);
        apr_table_setn(r->notes, name, value);
    }
    else {
        apr_table_unset(r->subprocess_env, name);
        apr_table_unset(r->notes, name);
    }
}

void sw_publish(request_rec *r, const sw_block_t *block,
                const sw_judgement_t *judgement)
{
    int verified = judgement->verdict == SW_VERIFIED;

    set(r, "SIGNALWIRE_WEBHOOK", block->name);
    set(r, "SIGNALWIRE_VERIFIED",
        verified ? sw_scheme_name(judgement->scheme) : NULL);
    set(r, "SIGNALWIRE_VERIFY_REASON",
        verified ? NULL : sw_outcome(judgement->verdict)->token);
    set(r, "SIGNALWIRE_KEY", judgement->label);
}
