/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The application of the bench: reads the request's body to its end and
 * answers a constant, as handler swnull a short text, as swnull-document 1 KiB
 * of cXML. What it costs is what any application costs at least. For the bench
 * only, never installed.
 */
#include <httpd.h>
#include <http_config.h>
#include <http_protocol.h>

static const char answer[] =
    "The null handler has read the body of this request to its end and "
    "thrown it away. It looks at nothing that was sent, and this text is the "
    "same for every request: some two hundred and fifty bytes, about as much "
    "as a short cXML document, so that a reply costs what replies cost.\n";

static const char document[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<Response>\n"
    "    <Gather action=\"/voice/choice?menu=main&amp;attempt=1\" "
    "numDigits=\"1\" timeout=\"8\" finishOnKey=\"#\">\n"
    "        <Say voice=\"woman\" language=\"en-US\">Welcome to Example "
    "Limited. This call may be recorded for training purposes.</Say>\n"
    "        <Pause length=\"1\"/>\n"
    "        <Say voice=\"woman\" language=\"en-US\">To speak to the sales "
    "department, press 1. For help with an order, press 2.</Say>\n"
    "        <Say voice=\"woman\" language=\"en-US\">For our opening hours, "
    "press 3. To leave a message, press 4.</Say>\n"
    "        <Play>https://hooks.example.com/media/menu-jingle.mp3</Play>\n"
    "    </Gather>\n"
    "    <Say voice=\"woman\" language=\"en-US\">We have not heard your "
    "choice. Please wait a moment while we connect you.</Say>\n"
    "    <Dial timeout=\"30\" timeLimit=\"14400\" answerOnBridge=\"true\" "
    "action=\"/voice/dialled\" callerId=\"+15550100123\">\n"
    "        <Number>+15550100456</Number>\n"
    "        <Number>+15550100789</Number>\n"
    "    </Dial>\n"
    "    <Redirect method=\"POST\">/voice/voicemail</Redirect>\n"
    "</Response>\n";

static int discard_body(request_rec *r)
{
    char buffer[HUGE_STRING_LEN];
    int status = ap_setup_client_block(r, REQUEST_CHUNKED_DECHUNK);
    long n = 0;

    if (status != OK || !ap_should_client_block(r))
        return status;
    do {
        n = ap_get_client_block(r, buffer, sizeof(buffer));
    } while (n > 0);
    return n < 0 ? HTTP_BAD_REQUEST : OK;
}

static int reply(request_rec *r, const char *type, const char *text, size_t n)
{
    ap_set_content_type(r, type);
    ap_set_content_length(r, (apr_off_t)n);
    ap_rwrite(text, (int)n, r);
    return OK;
}

static int handle(request_rec *r)
{
    const char *name = r->handler ? r->handler : "";
    int is_document = strcmp(name, "swnull-document") == 0;
    int status;

    if (!is_document && strcmp(name, "swnull") != 0)
        return DECLINED;
    status = discard_body(r);
    if (status != OK)
        return status;
    return is_document
           ? reply(r, "application/xml", document, sizeof(document) - 1)
           : reply(r, "text/plain", answer, sizeof(answer) - 1);
}

static void register_hooks(apr_pool_t *p)
{
    (void)p;
    ap_hook_handler(handle, NULL, NULL, APR_HOOK_MIDDLE);
}

AP_DECLARE_MODULE(swnull) = {
    STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, NULL, register_hooks,
    AP_MODULE_FLAG_NONE
};
