/* SPDX-License-Identifier: Apache-2.0 */
/* See client.h. One multi handle keeps the connections; each exchange has an
 * easy handle of its own. */
#include "client/client.h"

#ifdef SW_CURL

#include <curl/curl.h>

#include <apr_lib.h>
#include <apr_strings.h>

struct sw_client_t {
    CURLM *multi;
    sw_client_limits_t limits;
    const char *ca_file;
};

typedef struct sw_transfer_t {
    sw_client_t *client;
    sw_exchange_t *exchange;
    CURL *easy;
    struct curl_slist *fields;
    char error[CURL_ERROR_SIZE];
    char *kept;
    apr_size_t head_size;
    int in_head; /* 0: fields are trailers */
} sw_transfer_t;

static void read_field(sw_exchange_t *exchange, sw_span_t line)
{
    apr_pool_t *pool = exchange->pool;
    apr_size_t colon = sw_span_find(line, ':');
    sw_span_t value = sw_span_trim(sw_span_from(line, colon + 1));

    if (colon < line.n)
        apr_table_addn(exchange->reply_fields,
                       apr_pstrmemdup(pool, line.p, colon),
                       apr_pstrmemdup(pool, value.p, value.n));
}

/* Called for each line of a head and of trailers. The head of the final reply
 * replaces those of interim ones. @return @a n to go on */
static size_t receive_head(char *p, size_t one, size_t n, void *data)
{
    sw_transfer_t *transfer = data;
    sw_exchange_t *exchange = transfer->exchange;
    sw_span_t line = sw_span_of(p, n * one);

    transfer->head_size += line.n;
    if (transfer->head_size > SW_REPLY_HEAD_MAX) {
        exchange->failure = "the head of the reply has more than 64 KiB";
        return 0;
    }
    while (line.n && (line.p[line.n - 1] == '\n' || line.p[line.n - 1] == '\r'))
        line.n--;
    if (line.n > 5 && memcmp(line.p, "HTTP/", 5) == 0) {
        apr_table_clear(exchange->reply_fields);
        transfer->in_head = 1;
    }
    else if (line.n == 0)
        transfer->in_head = 0;
    else if (transfer->in_head)
        read_field(exchange, line);
    return n;
}

static size_t receive_body(char *p, size_t one, size_t n, void *data)
{
    sw_transfer_t *transfer = data;
    sw_exchange_t *exchange = transfer->exchange;
    const sw_client_limits_t *limits = &transfer->client->limits;
    apr_size_t size = n * one, had = exchange->reply_body.n;

    if (size > limits->body_max - exchange->reply_size) {
        exchange->failure = apr_psprintf(exchange->pool,
                                         "the reply has more "
                                         "than %" APR_SIZE_T_FMT " bytes",
                                         limits->body_max);
        return 0;
    }
    exchange->reply_size += size;
    if (size > limits->body_kept - had)
        size = limits->body_kept - had;
    if (!transfer->kept)
        transfer->kept = apr_palloc(exchange->pool, limits->body_kept + 1);
    memcpy(transfer->kept + had, p, size);
    exchange->reply_body = sw_span_of(transfer->kept, had + size);
    return n;
}

/* libcurl writes "Name;" as an empty field, and drops "Name:". */
static const char *as_listed(apr_pool_t *pool, const char *field)
{
    apr_size_t colon = strcspn(field, ":");

    if (!field[colon] || sw_span_trim(sw_span(field + colon + 1)).n)
        return field;
    return apr_pstrcat(pool, apr_pstrmemdup(pool, field, colon), ";", NULL);
}

/* @return 0 if there is no memory */
static int add_header(sw_transfer_t *transfer, const char *field)
{
    struct curl_slist *list = curl_slist_append(transfer->fields, field);

    if (list)
        transfer->fields = list;
    return list != NULL;
}

/* Of two fields with one name libcurl obeys the first: the empty ones at the
 * end keep it from adding its own. */
static int set_fields(sw_transfer_t *transfer)
{
    const apr_array_header_t *fields = transfer->exchange->fields;
    int i;

    for (i = 0; fields && i < fields->nelts; i++) {
        const char *field = APR_ARRAY_IDX(fields, i, const char *);

        if (!add_header(transfer, as_listed(transfer->exchange->pool, field)))
            return 0;
    }
    return add_header(transfer, "Accept:") && add_header(transfer, "Expect:")
           && add_header(transfer, "Content-Type:")
           && !curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER,
                                transfer->fields);
}

/* A control byte, or one of @a others, would make it another request. */
static int is_free_of(const char *text, const char *others)
{
    while (*text && (!apr_iscntrl(*text) || *text == '\t')
           && !strchr(others, *text))
        text++;
    return *text == '\0';
}

static int is_request(const sw_exchange_t *exchange)
{
    const apr_array_header_t *fields = exchange->fields;
    int i;

    for (i = 0; fields && i < fields->nelts; i++) {
        if (!is_free_of(APR_ARRAY_IDX(fields, i, const char *), ""))
            return 0;
    }
    return is_free_of(exchange->method, " \t")
           && is_free_of(exchange->target, " \t")
           && (strncasecmp(exchange->origin, "http://", 7) == 0
               || strncasecmp(exchange->origin, "https://", 8) == 0);
}

static int is_loopback(const char *origin)
{
    const char *host = strstr(origin, "://") + 3;
    apr_size_t n = strcspn(host, ":/");

    return strncmp(host, "[::1]", 5) == 0
           || (n == 9 && strncasecmp(host, "localhost", n) == 0)
           || (strncmp(host, "127.", 4) == 0
               && strspn(host, "0123456789.") == n);
}

/* Part of the URL, as a proxy needs it; but libcurl wants a path there, and
 * drops fragments and, since 8.8, an empty query. */
static void set_target(CURL *easy, const sw_exchange_t *exchange)
{
    const char *target = exchange->target;
    int is_path = *target == '/' && !strchr(target, '#')
                  && target[strlen(target) - 1] != '?';

    curl_easy_setopt(easy, CURLOPT_URL,
                     apr_pstrcat(exchange->pool, exchange->origin,
                                 is_path ? target : "/", NULL));
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    if (!is_path)
        curl_easy_setopt(easy, CURLOPT_REQUEST_TARGET, target);
    if (is_loopback(exchange->origin))
        curl_easy_setopt(easy, CURLOPT_PROXY, "");
}

static void set_body(CURL *easy, const sw_exchange_t *exchange)
{
    if (strcmp(exchange->method, "HEAD") == 0)
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    else if (exchange->body.n || strcmp(exchange->method, "GET") != 0) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                         (curl_off_t)exchange->body.n);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS,
                         exchange->body.n ? exchange->body.p : "");
    }
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, exchange->method);
}

static void set_options(sw_transfer_t *transfer)
{
    const sw_client_t *client = transfer->client;
    CURL *easy = transfer->easy;

    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
                     (long)apr_time_as_msec(client->limits.timeout));
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, receive_head);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    if (client->ca_file) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, client->ca_file);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
}

static apr_status_t end_transfer(void *data)
{
    sw_transfer_t *transfer = data;

    curl_multi_remove_handle(transfer->client->multi, transfer->easy);
    curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->fields);
    return APR_SUCCESS;
}

/* @return 0 if there is no memory */
static int start(sw_client_t *client, sw_exchange_t *exchange)
{
    sw_transfer_t *transfer = apr_pcalloc(exchange->pool, sizeof(*transfer));

    exchange->transfer = transfer;
    transfer->client = client;
    transfer->exchange = exchange;
    transfer->easy = curl_easy_init();
    if (!transfer->easy)
        return 0;
    apr_pool_cleanup_register(exchange->pool, transfer, end_transfer,
                              apr_pool_cleanup_null);
    set_options(transfer);
    set_target(transfer->easy, exchange);
    set_body(transfer->easy, exchange);
    return set_fields(transfer)
           && !curl_multi_add_handle(client->multi, transfer->easy);
}

int sw_client_begin(sw_client_t *client, sw_exchange_t *exchange)
{
    exchange->reply_fields = apr_table_make(exchange->pool, 12);
    exchange->failure = !is_request(exchange)
                            ? "not a request that HTTP can carry"
                        : !start(client, exchange) ? "out of memory"
                                                   : NULL;
    exchange->is_unusable = exchange->failure != NULL;
    return !exchange->failure;
}

/* A server may close a connection just when it is used again. libcurl itself
 * sends the request once more, except if sending it has failed in its middle.
 * @return whether the request is on its way again */
static int start_again(sw_transfer_t *transfer, CURLcode code)
{
    CURLM *multi = transfer->client->multi;
    long connects = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_NUM_CONNECTS, &connects);
    if (code != CURLE_SEND_ERROR || connects || transfer->head_size)
        return 0;
    curl_multi_remove_handle(multi, transfer->easy);
    curl_easy_setopt(transfer->easy, CURLOPT_FRESH_CONNECT, 1L);
    return !curl_multi_add_handle(multi, transfer->easy);
}

/* For a refused connection the system's words are plainer than libcurl's. */
static const char *reason(const sw_transfer_t *transfer, CURLcode code)
{
    apr_pool_t *pool = transfer->exchange->pool;
    CURL *easy = transfer->easy;
    curl_off_t connected = 0;
    long os_error = 0;

    curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &connected);
    curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &os_error);
    if (code == CURLE_OPERATION_TIMEDOUT)
        return connected ? "no whole reply within the time-out"
                         : "no connection within the time-out";
    if (code == CURLE_COULDNT_CONNECT && os_error)
        return apr_strerror((apr_status_t)os_error, apr_palloc(pool, 120), 120);
    return apr_pstrdup(pool, *transfer->error ? transfer->error
                                              : curl_easy_strerror(code));
}

static sw_exchange_t *finish_exchange(sw_transfer_t *transfer, CURLcode code)
{
    sw_exchange_t *exchange = transfer->exchange;
    curl_off_t took = 0;
    long status = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_TOTAL_TIME_T, &took);
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    exchange->took = took;
    exchange->is_unusable = code == CURLE_COULDNT_RESOLVE_HOST
                            || code == CURLE_COULDNT_RESOLVE_PROXY
                            || code == CURLE_URL_MALFORMAT
                            || code == CURLE_SSL_CACERT_BADFILE;
    if (code && !exchange->failure)
        exchange->failure = reason(transfer, code);
    else if (!code && (status < 100 || status > 999))
        exchange->failure = "the reply has no status of three digits";
    else
        exchange->status = (int)status;
    apr_pool_cleanup_run(exchange->pool, transfer, end_transfer);
    return exchange;
}

static sw_exchange_t *next_finished(sw_client_t *client)
{
    int left;
    CURLMsg *message = curl_multi_info_read(client->multi, &left);
    void *transfer = NULL;
    CURLcode code;

    if (!message)
        return NULL;
    code = message->data.result;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    return start_again(transfer, code) ? NULL : finish_exchange(transfer, code);
}

sw_exchange_t *sw_client_next(sw_client_t *client, apr_interval_time_t wait)
{
    sw_exchange_t *exchange = next_finished(client);
    int running = 0;

    if (exchange)
        return exchange;
    curl_multi_perform(client->multi, &running);
    exchange = next_finished(client);
    if (!exchange && running)
        curl_multi_poll(client->multi, NULL, 0, (int)apr_time_as_msec(wait),
                        NULL);
    return exchange;
}

static apr_status_t end_client(void *data)
{
    sw_client_t *client = data;

    curl_multi_cleanup(client->multi);
    curl_global_cleanup();
    return APR_SUCCESS;
}

sw_client_t *sw_client_make(apr_pool_t *pool, const sw_client_limits_t *limits,
                            const char *ca_file)
{
    sw_client_t *client = apr_pcalloc(pool, sizeof(*client));

    if (curl_global_init(CURL_GLOBAL_DEFAULT))
        return NULL;
    client->limits = *limits;
    client->ca_file = ca_file;
    client->multi = curl_multi_init();
    if (!client->multi) {
        curl_global_cleanup();
        return NULL;
    }
    /* Each exchange has a connection to itself. */
    curl_multi_setopt(client->multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
    apr_pool_cleanup_register(pool, client, end_client, apr_pool_cleanup_null);
    return client;
}

#else /* not SW_CURL */

sw_client_t *sw_client_make(apr_pool_t *pool, const sw_client_limits_t *limits,
                            const char *ca_file)
{
    (void)pool;
    (void)limits;
    (void)ca_file;
    return NULL;
}

int sw_client_begin(sw_client_t *client, sw_exchange_t *exchange)
{
    (void)client;
    exchange->failure = "built without libcurl";
    return 0;
}

sw_exchange_t *sw_client_next(sw_client_t *client, apr_interval_time_t wait)
{
    (void)client;
    (void)wait;
    return NULL;
}

#endif
