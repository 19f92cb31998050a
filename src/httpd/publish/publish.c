/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes a publication to the tables of a request, after removing look-alikes
 * of the sender. Each request in a block is written to: after an internal
 * redirect httpd has prefixed the names in the old environment.
 */
#include <apr_strings.h>
#include <util_filter.h>

#include "httpd/publish/publish.h"
#include "httpd/publish/export.h"
#include "httpd/request/request.h"

static ap_filter_rec_t *trailers_handle;

/* Backends may read header fields as CGI does, where every character but
 * letters and digits becomes '_'. */
static int is_look_alike(const char *name)
{
    static const char prefix[] = "signalwire";
    apr_size_t n = strlen(prefix);

    return strncasecmp(name, prefix, n) == 0 && name[n]
           && !apr_isalnum(name[n]);
}

static void scrub(apr_table_t *table, int (*is_ours)(const char *name))
{
    int i = 0;

    while (i < apr_table_elts(table)->nelts) {
        const char *name =
            APR_ARRAY_IDX(apr_table_elts(table), i, apr_table_entry_t).key;

        if (is_ours(name))
            apr_table_unset(table, name);
        else
            i++;
    }
}

/* mod_proxy removes the header fields that the client's Connection fields name,
 * separated by commas or semicolons. */
static void scrub_connection(request_rec *r)
{
    const char *fields = apr_table_getm(r->pool, r->headers_in, "Connection");
    const char *kept = "";
    char *word, *last;

    if (!fields || !ap_strcasestr(fields, "signalwire"))
        return;
    for (word = apr_strtok(apr_pstrdup(r->pool, fields), ",; \t", &last); word;
         word = apr_strtok(NULL, ",; \t", &last)) {
        if (!is_look_alike(word))
            kept = apr_pstrcat(r->pool, kept, *kept ? ", " : "", word, NULL);
    }
    apr_table_setn(r->headers_in, "Connection", kept);
}

/* Add the entries from i on. None of their names is in the table, so there is
 * no need to search for each. */
static void add_entries(apr_table_t *table, const apr_array_header_t *entries,
                        int i)
{
    for (; i < entries->nelts; i++) {
        const apr_table_entry_t *entry = &APR_ARRAY_IDX(entries, i,
                                                        apr_table_entry_t);

        apr_table_addn(table, entry->key, entry->val);
    }
}

void sw_scrub_headers(request_rec *r)
{
    scrub(r->headers_in, is_look_alike);
    scrub_connection(r);
}

static void write_tables(request_rec *r, const sw_publication_t *publication,
                         int env, int headers)
{
    add_entries(r->subprocess_env, publication->env, env);
    add_entries(r->notes, publication->env, env);
    add_entries(r->headers_in, publication->headers, headers);
}

static void apply(request_rec *r, const sw_publication_t *publication)
{
    scrub(r->subprocess_env, sw_is_variable);
    scrub(r->notes, sw_is_variable);
    sw_scrub_headers(r);
    write_tables(r, publication, 0, 0);
}

void sw_publish_watch(request_rec *r, sw_record_t *record)
{
    if (!sw_merges_trailers(r) || r->main || record->body.state == SW_BODY_WHOLE
        || record->watched == r)
        return;
    record->watched = r;
    ap_add_input_filter_handle(trailers_handle, record, r, r->connection);
}

void sw_publish(request_rec *r, sw_record_t *record, const sw_dir_t *dir,
                const sw_decision_t *decision)
{
    sw_publication_t *last = record->exported;

    if (!last || last->block != dir->block || last->decision != decision
        || last->exports != sw_dir_exports(dir))
        last = record->exported = sw_export(r, record, dir, decision);
    if (!r->main)
        record->published = last;
    sw_publish_watch(r, record);
    apply(r, last);
}

void sw_publish_delivery(request_rec *r, sw_record_t *record,
                         const char *delivery)
{
    sw_publication_t *to = record->published;
    int env, headers;

    record->delivery = delivery;
    if (!to)
        return;
    env = to->env->nelts;
    headers = to->headers->nelts;
    sw_export_more(to, SW_FIELD_ONCE, delivery);
    write_tables(r, to, env, headers);
}

void sw_publish_again(request_rec *r, sw_record_t *record)
{
    if (!record->decisions)
        return;
    sw_publish_watch(r, record);
    if (record->published)
        apply(r, record->published);
    else
        sw_scrub_headers(r); /* refused: its error document */
}

/* With MergeTrailers, a body that the module has not read may bring fields that
 * look like the module's: publish again. */
static apr_status_t publish_after(ap_filter_t *f, apr_bucket_brigade *bb,
                                  ap_input_mode_t mode, apr_read_type_e block,
                                  apr_off_t wanted)
{
    apr_status_t rv = ap_get_brigade(f->next, bb, mode, block, wanted);

    if (!rv && !APR_BRIGADE_EMPTY(bb)
        && APR_BUCKET_IS_EOS(APR_BRIGADE_LAST(bb)))
        sw_publish_again(f->r, f->ctx);
    return rv;
}

void sw_publish_register(void)
{
    /* Just above the protocol filters: among equals the newest is lowest. */
    trailers_handle = ap_register_input_filter("SIGNALWIRE_TRAILERS",
                                               publish_after, NULL,
                                               AP_FTYPE_PROTOCOL - 1);
}
