/* SPDX-License-Identifier: Apache-2.0 */
/* See client.h. Each exchange keeps an easy handle, one multi handle keeps the
 * connections. */
#include "client/client.h"

#ifdef SW_CURL

#include <curl/curl.h>

#include <apr_strings.h>

const int sw_client_is_built = 1;

/* Called for each line of a head and of trailers. @return other than the size:
 * end the transfer */
static size_t receive_head(char *p, size_t one, size_t n, void *data)
{
    sw_exchange_t *exchange = data;

    (void)p;
    exchange->head_size += n * one;
    if (exchange->head_size <= SW_REPLY_HEAD_MAX)
        return n * one;
    exchange->failure = "the head of the reply has more than 64 KiB";
    return 0;
}

static size_t receive_body(char *p, size_t one, size_t n, void *data)
{
    sw_exchange_t *exchange = data;
    apr_size_t size = n * one, had = exchange->reply_size;
    apr_size_t room = had < exchange->reply_room ? exchange->reply_room - had
                                                 : 0;

    exchange->reply_size += size;
    if (exchange->reply_size > SW_REPLY_MAX) {
        exchange->failure = "the reply has more than 16 MiB";
        return 0;
    }
    if (room)
        memcpy(exchange->reply + had, p, size < room ? size : room);
    return size;
}

/* libcurl drops "Name:" and sends "Name;" as an empty field. */
static char *field_line(apr_pool_t *pool, const char *field)
{
    char *line = apr_pstrdup(pool, field), *colon = strchr(line, ':');

    if (colon && sw_span_trim(sw_span(colon + 1)).n == 0)
        memcpy(colon, ";", 2);
    return line;
}

/* A list in the pool needs no curl_slist_free_all(). Its last item keeps
 * libcurl from announcing a large body with Expect: 100-continue. */
static struct curl_slist *make_fields(const sw_exchange_t *exchange)
{
    apr_pool_t *pool = exchange->pool;
    struct curl_slist *list = apr_pcalloc(pool, sizeof(*list)), *first;
    int i;

    list->data = apr_pstrdup(pool, "Expect:");
    for (i = exchange->fields->nelts; i > 0; i--) {
        first = apr_palloc(pool, sizeof(*first));
        first->data = field_line(pool, APR_ARRAY_IDX(exchange->fields, i - 1,
                                                     const char *));
        first->next = list;
        list = first;
    }
    return list;
}

static int is_loopback(const char *origin)
{
    const char *host = strstr(origin, "://") + 3;
    apr_size_t n = strcspn(host, ":");

    return strncmp(host, "[::1]", 5) == 0
           || (n == 9 && strncasecmp(host, "localhost", n) == 0)
           || (strncmp(host, "127.", 4) == 0
               && strspn(host, "0123456789.") == n);
}

static void set_options(const sw_client_t *client, sw_exchange_t *exchange)
{
    CURL *easy = exchange->easy;

    curl_easy_setopt(easy, CURLOPT_PRIVATE, exchange);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange->error);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, receive_head);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive_body);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, client->timeout);
    if (client->ca_file) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, client->ca_file);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
}

static void set_request(CURL *easy, const sw_exchange_t *exchange)
{
    const char *target = exchange->target;
    /* Since 8.8, libcurl drops the empty query of a URL. */
    int is_empty_query = target[strlen(target) - 1] == '?';

    curl_easy_setopt(easy, CURLOPT_URL,
                     apr_pstrcat(exchange->pool, exchange->origin, target,
                                 NULL));
    curl_easy_setopt(easy, CURLOPT_REQUEST_TARGET,
                     is_empty_query ? target : NULL);
    if (is_loopback(exchange->origin))
        curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, make_fields(exchange));
    if (exchange->body.p) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                         (curl_off_t)exchange->body.n);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, exchange->body.p);
    }
}

/* A reset also clears the count of libcurl's own retries. @return 0 if there is
 * no memory */
static int begin_exchange(const sw_client_t *client, CURLM *multi,
                          sw_exchange_t *exchange)
{
    *exchange->error = '\0';
    exchange->failure = NULL;
    exchange->head_size = exchange->reply_size = 0;
    curl_easy_reset(exchange->easy);
    set_options(client, exchange);
    set_request(exchange->easy, exchange);
    return !curl_multi_add_handle(multi, exchange->easy);
}

/* libcurl's texts for these two hold milliseconds: many failures would not look
 * alike. */
static const char *reason(const sw_exchange_t *exchange, CURLcode code)
{
    long os_error = 0;

    curl_easy_getinfo(exchange->easy, CURLINFO_OS_ERRNO, &os_error);
    if (code == CURLE_COULDNT_CONNECT && os_error)
        return apr_strerror((apr_status_t)os_error, exchange->error,
                            CURL_ERROR_SIZE);
    if (code == CURLE_OPERATION_TIMEDOUT)
        return "no whole reply within the time-out";
    return *exchange->error ? exchange->error : curl_easy_strerror(code);
}

static void read_reply(sw_exchange_t *exchange, CURLcode code)
{
    CURL *easy = exchange->easy;
    curl_off_t took = 0;
    long status = 0;
    char *type = NULL, *location = NULL;

    curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &took);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type);
    curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &location);
    exchange->took = took;
    exchange->status = (int)status;
    exchange->type = type;
    exchange->location = location;
    exchange->is_unusable = code == CURLE_COULDNT_RESOLVE_HOST
                            || code == CURLE_COULDNT_RESOLVE_PROXY
                            || code == CURLE_URL_MALFORMAT
                            || code == CURLE_SSL_CACERT_BADFILE;
    if (code && !exchange->failure)
        exchange->failure = reason(exchange, code);
    else if (!code && (status < 100 || status > 999))
        exchange->failure = "the reply has no status of three digits";
}

/* A server may close a connection just when it is used again. libcurl sends the
 * request once more, except if it failed in the middle of sending. */
static int is_to_repeat(const sw_exchange_t *exchange, CURLcode code)
{
    long connects = 0;

    curl_easy_getinfo(exchange->easy, CURLINFO_NUM_CONNECTS, &connects);
    return code == CURLE_SEND_ERROR && !connects && !exchange->head_size;
}

/* @return 1 if the exchange is busy again */
static int finish_exchange(const sw_client_t *client, CURLM *multi,
                           const CURLMsg *message)
{
    CURL *easy = message->easy_handle;
    CURLcode code = message->data.result;
    void *exchange = NULL;

    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &exchange);
    curl_multi_remove_handle(multi, easy);
    if (is_to_repeat(exchange, code)) {
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
        return !curl_multi_add_handle(multi, easy);
    }
    read_reply(exchange, code);
    return client->next(client->data, exchange)
           && begin_exchange(client, multi, exchange);
}

void sw_client_run(const sw_client_t *client, sw_exchange_t *exchanges, int n)
{
    CURLM *multi = curl_global_init(CURL_GLOBAL_DEFAULT) ? NULL
                                                         : curl_multi_init();
    const CURLMsg *message;
    int i, left, busy = 0;

    /* One connection has one exchange, in HTTP/2 too. */
    curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
    for (i = 0; i < n; i++) {
        exchanges[i].error = apr_palloc(client->pool, CURL_ERROR_SIZE);
        exchanges[i].easy = curl_easy_init();
        if (exchanges[i].easy)
            busy += begin_exchange(client, multi, exchanges + i);
    }
    while (busy && !(client->is_stopped && client->is_stopped(client->data))
           && !curl_multi_perform(multi, &left)) {
        while ((message = curl_multi_info_read(multi, &left)) != NULL)
            busy += finish_exchange(client, multi, message) - 1;
        if (busy)
            curl_multi_poll(multi, NULL, 0, 100, NULL);
    }
    for (i = 0; i < n; i++) {
        curl_multi_remove_handle(multi, exchanges[i].easy);
        curl_easy_cleanup(exchanges[i].easy);
    }
    curl_multi_cleanup(multi);
    curl_global_cleanup();
}

#else /* not SW_CURL */

const int sw_client_is_built = 0;

void sw_client_run(const sw_client_t *client, sw_exchange_t *exchanges, int n)
{
    (void)client;
    (void)exchanges;
    (void)n;
}

#endif
