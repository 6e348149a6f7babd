#include "wx/callback.h"

#include "config/limits.h"
#include "wx/error.h"
#include "wx/json.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include <cmocka.h>

#define NOW      INT64_C(1700000000)
#define APPID    "wxd21d21d21d21d21d"
#define ORIGINAL "gh_day21demo"
#define MESSAGE_TO(to)                                                                             \
    "<xml><ToUserName><![CDATA[" to                                                                \
    "]]></ToUserName><FromUserName><![CDATA[oOPENID]]>"                                            \
    "</FromUserName><CreateTime>1700000000</CreateTime><MsgType><![CDATA[text]]></MsgType>"        \
    "<Content><![CDATA[签到]]></Content><MsgId>42</MsgId></xml>"
#define MESSAGE MESSAGE_TO(ORIGINAL)

#define MESSAGE_JSON                                                                               \
    "{\"ToUserName\":\"" ORIGINAL                                                                  \
    "\",\"FromUserName\":\"oOPENID\",\"CreateTime\":1700000000,"                                   \
    "\"MsgType\":\"text\",\"Content\":\"签到\",\"MsgId\":42}"

/* An account in each mode, and someone who can speak as WeChat would to it. */
struct fixture {
    struct wx_account plain, compatible, safe;
};

static int set_up(void **state) {
    struct fixture *fixture = talloc_zero(NULL, struct fixture);
    struct wx_account account = {.name = "demo",
                                 .appid = APPID,
                                 .original_id = ORIGINAL,
                                 .token = "day21demotoken",
                                 .window = LIMIT_TIMESTAMP_WINDOW};
    if (wx_aes_key_decode("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", account.key) != 0)
        return -1;
    fixture->plain = fixture->compatible = fixture->safe = account;
    fixture->plain.mode = WX_MODE_PLAIN;
    fixture->compatible.mode = WX_MODE_COMPATIBLE;
    fixture->safe.mode = WX_MODE_SAFE;
    *state = fixture;
    return 0;
}

static int tear_down(void **state) {
    return talloc_free(*state);
}

static const char *sign(void *ctx, const char *token, const char *timestamp, const char *nonce,
                        const char *sealed) {
    char *signature = talloc_size(ctx, WX_SIGNATURE_SIZE);
    wx_sign((const char *const[]){token, timestamp, nonce, sealed}, sealed ? 4 : 3, signature);
    return signature;
}

static char *sealed_with(void *ctx, const uint8_t *key, const char *appid, const char *xml) {
    char *sealed = NULL;
    assert_int_equal(wx_envelope_seal(ctx, key, appid, NULL, xml, strlen(xml), &sealed), 0);
    return sealed;
}

/* The query and body of a push, as WeChat makes them; `sealed` NULL for plain mode. */
static const char *query_of(void *ctx, const char *token, int64_t time, const char *sealed) {
    char *timestamp = talloc_asprintf(ctx, "%lld", (long long)time);
    const char *plain = sign(ctx, token, timestamp, "1320562132", NULL);
    if (!sealed)
        return talloc_asprintf(ctx, "signature=%s&timestamp=%s&nonce=1320562132&openid=oOPENID",
                               plain, timestamp);
    return talloc_asprintf(ctx,
                           "signature=%s&timestamp=%s&nonce=1320562132&openid=oOPENID"
                           "&encrypt_type=aes&msg_signature=%s",
                           plain, timestamp, sign(ctx, token, timestamp, "1320562132", sealed));
}

static const char *envelope(void *ctx, const char *to, const char *sealed) {
    return talloc_asprintf(ctx,
                           "<xml>\n    <ToUserName><![CDATA[%s]]></ToUserName>\n"
                           "    <Encrypt><![CDATA[%s]]></Encrypt>\n</xml>\n",
                           to, sealed);
}

static const char *envelope_json(void *ctx, const char *to, const char *sealed) {
    return talloc_asprintf(ctx, "{\"ToUserName\":\"%s\",\"Encrypt\":\"%s\"}", to, sealed);
}

static int open_it(void *ctx, const struct wx_account *account, const char *method,
                   const char *query, const char *body, struct wx_callback *callback) {
    const struct wx_callback_request request = {.method = method,
                                                .query = query,
                                                .body = body,
                                                .body_length = body ? strlen(body) : 0,
                                                .now = NOW};
    return wx_callback_open(ctx, account, &request, callback);
}

/* `xml` is JSON for an account of that format. */
static int push(void *ctx, const struct wx_account *account, const char *xml,
                struct wx_callback *callback) {
    const char *sealed =
        account->mode == WX_MODE_PLAIN ? NULL : sealed_with(ctx, account->key, account->appid, xml);
    const char *body = !sealed ? xml
                       : account->format == WX_FORMAT_JSON
                           ? envelope_json(ctx, account->original_id, sealed)
                           : envelope(ctx, account->original_id, sealed);
    return open_it(ctx, account, "POST", query_of(ctx, account->token, NOW, sealed), body,
                   callback);
}

/* ---- the check ---- */

static void the_check_is_answered_with_its_echo_in_every_mode(void **state) {
    struct fixture *fixture = *state;
    const struct wx_account *accounts[] = {&fixture->plain, &fixture->compatible, &fixture->safe};
    for (size_t i = 0; i < 3; i++) {
        struct wx_callback callback;
        char *body = NULL;
        size_t length = 0;
        const char *query = talloc_asprintf(fixture, "%s&echostr=5833258582299191661",
                                            query_of(fixture, accounts[i]->token, NOW, NULL));
        assert_int_equal(open_it(fixture, accounts[i], "GET", query, NULL, &callback), 0);
        assert_true(callback.is_check);
        assert_false(callback.sealed);
        assert_int_equal(wx_callback_seal(fixture, &callback, NULL, NOW, &body, &length), 0);
        assert_string_equal(body, "5833258582299191661");
        assert_int_equal(length, strlen(body));
    }
}

static void an_echo_that_a_browser_could_take_for_markup_is_refused(void **state) {
    struct fixture *fixture = *state;
    static const char *const echoes[] = {"%3Cscript%3E", "a%20b", "a+b",      "\"x\"", "",
                                         "a%00b",        "签",    "%e7%ad%be"};
    for (size_t i = 0; i < sizeof echoes / sizeof *echoes; i++) {
        struct wx_callback callback;
        const char *query = talloc_asprintf(
            fixture, "%s&echostr=%s", query_of(fixture, fixture->safe.token, NOW, NULL), echoes[i]);
        assert_int_equal(open_it(fixture, &fixture->safe, "GET", query, NULL, &callback),
                         WX_E_QUERY);
    }
}

static void an_encoded_query_is_decoded(void **state) {
    struct fixture *fixture = *state;
    struct wx_callback callback;
    const char *query = talloc_asprintf(
        fixture,
        "&&%%73ignature=%s&timestamp=%%31700000000&nonce=%%6e%%2F%%2B%%3d&x&%%41=%%fF&"
        "echostr=a%%2Bb%%2f%%3D",
        sign(fixture, fixture->plain.token, "1700000000", "n/+=", NULL));
    assert_int_equal(open_it(fixture, &fixture->plain, "GET", query, NULL, &callback), 0);
    assert_string_equal(callback.echo, "a+b/=");
}

/* ---- what is opened ---- */

static void a_message_is_opened_in_every_mode(void **state) {
    struct fixture *fixture = *state;
    const struct wx_account *accounts[] = {&fixture->plain, &fixture->compatible, &fixture->safe};
    for (size_t i = 0; i < 3; i++) {
        struct wx_callback callback;
        assert_int_equal(push(fixture, accounts[i], MESSAGE, &callback), 0);
        assert_false(callback.is_check);
        assert_int_equal(callback.sealed, accounts[i]->mode != WX_MODE_PLAIN);
        assert_ptr_equal(callback.account, accounts[i]);
        assert_string_equal(callback.message.content, "签到");
        assert_string_equal(callback.message.from, "oOPENID");
    }
}

static void in_compatible_mode_the_encrypted_part_is_what_is_read(void **state) {
    struct fixture *fixture = *state;
    const struct wx_account *account = &fixture->compatible;
    struct wx_callback callback;
    char *sealed = sealed_with(fixture, account->key, APPID, MESSAGE);
    const char *body = talloc_asprintf(
        fixture,
        "<xml><ToUserName>" ORIGINAL
        "</ToUserName><FromUserName>oFORGED</FromUserName>"
        "<CreateTime>1</CreateTime><MsgType>text</MsgType><Content><![CDATA[<Encrypt>AAAA"
        "</Encrypt>]]></Content><Encrypt>%s</Encrypt></xml>",
        sealed);
    assert_int_equal(open_it(fixture, account, "POST",
                             query_of(fixture, account->token, NOW, sealed), body, &callback),
                     0);
    assert_string_equal(callback.message.from, "oOPENID");
    assert_string_equal(callback.message.content, "签到");
}

static void a_message_is_opened_in_json_where_the_account_is_set_so(void **state) {
    struct fixture *fixture = *state;
    struct wx_account *accounts[] = {&fixture->plain, &fixture->compatible, &fixture->safe};
    for (size_t i = 0; i < 3; i++) {
        struct wx_callback callback;
        bool plain = accounts[i]->mode == WX_MODE_PLAIN;
        /* The request has no say in it. */
        assert_int_equal(push(fixture, accounts[i], MESSAGE_JSON, &callback), WX_E_XML);
        accounts[i]->format = WX_FORMAT_JSON;
        assert_int_equal(push(fixture, accounts[i], MESSAGE, &callback), WX_E_JSON);
        assert_int_equal(push(fixture, accounts[i], MESSAGE_JSON, &callback), 0);
        assert_int_equal(callback.sealed, !plain);
        assert_string_equal(callback.message.content, "签到");
        assert_string_equal(callback.message.from, "oOPENID");
        assert_string_equal(callback.message.id, "42");
    }
}

static void an_outer_body_in_json_is_refused_for_what_is_in_it(void **state) {
    struct fixture *fixture = *state;
    fixture->safe.format = WX_FORMAT_JSON;
    const struct wx_account *account = &fixture->safe;
    char *sealed = sealed_with(fixture, account->key, APPID, MESSAGE_JSON);
    static const struct {
        const char *format; /* %s: the ciphertext */
        int error;
    } cases[] = {
        {"", WX_E_EMPTY},
        {"%s", WX_E_JSON},
        {"[\"%s\"]", WX_E_JSON},
        {"<xml><Encrypt>%s</Encrypt></xml>", WX_E_JSON},
        {"{\"Encrypt\":\"%s\",\"Encrypt\":\"AAAA\"}", WX_E_JSON},
        {"{\"Encrypt\":[\"%s\"]}", WX_E_JSON},
        {"{\"a\":{\"Encrypt\":\"%s\"}}", WX_E_PLAIN},
        {"{\"encrypt\":\"%s\"}", WX_E_PLAIN},
        {"{}", WX_E_PLAIN},
        {"{\"Encrypt\":\"\"}", WX_E_SIGNATURE},
        {"{\"Encrypt\":\"%sA\"}", WX_E_SIGNATURE},
        {"{\"ToUserName\":\"gh_other\",\"Encrypt\":\"%s\"}", WX_E_RECIPIENT},
        {"{\"Encrypt\":\"%s\"}", 0},
        {"{\"ToUserName\":\"" ORIGINAL "\",\"FromUserName\":\"oFORGED\",\"Encrypt\":\"%s\"}", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct wx_callback callback;
        const char *place = strstr(cases[i].format, "%s"), *body = cases[i].format;
        if (place)
            body =
                talloc_asprintf(fixture, "%.*s%s%s", (int)(place - body), body, sealed, place + 2);
        int error = open_it(fixture, account, "POST",
                            query_of(fixture, account->token, NOW, sealed), body, &callback);
        if (error != cases[i].error)
            fail_msg("%s: %s", cases[i].format, wx_error_text(error));
        if (!error)
            assert_string_equal(callback.message.from, "oOPENID");
    }
}

/* What is signed and sealed by the token and the key before a change, and by those after it, in
 * each mode and format. */
static void the_token_and_the_key_before_a_change_are_still_accepted(void **state) {
    struct fixture *fixture = *state;
    const struct wx_account *accounts[] = {&fixture->plain, &fixture->compatible, &fixture->safe};
    for (size_t i = 0; i < 6; i++) {
        struct wx_account before = *accounts[i / 2], after;
        struct wx_callback callback;
        bool json = i % 2, sealed = before.mode != WX_MODE_PLAIN;
        const char *message = json ? MESSAGE_JSON : MESSAGE;
        before.format = json ? WX_FORMAT_JSON : WX_FORMAT_XML;
        after = before;
        after.token = "another";
        memset(after.key, 7, sizeof after.key);
        char *cipher = sealed ? sealed_with(fixture, before.key, APPID, message) : NULL;
        const char *query = query_of(fixture, before.token, NOW, cipher);
        const char *body = !sealed ? message
                           : json  ? envelope_json(fixture, ORIGINAL, cipher)
                                   : envelope(fixture, ORIGINAL, cipher);
        assert_int_equal(open_it(fixture, &after, "POST", query, body, &callback), WX_E_SIGNATURE);
        after.previous_token = before.token;
        assert_int_equal(open_it(fixture, &after, "POST", query, body, &callback),
                         sealed ? WX_E_ENVELOPE : 0);
        after.has_previous_key = sealed;
        memcpy(after.previous_key, before.key, sizeof after.previous_key);
        assert_int_equal(open_it(fixture, &after, "POST", query, body, &callback), 0);
        assert_string_equal(callback.signing_token, before.token);
        if (sealed)
            assert_ptr_equal(callback.key, after.previous_key);
        /* The new ones are, too, and either with the other's. */
        assert_int_equal(push(fixture, &after, message, &callback), 0);
        assert_string_equal(callback.signing_token, "another");
        if (!sealed)
            continue;
        assert_ptr_equal(callback.key, after.key);
        query = query_of(fixture, after.token, NOW, cipher);
        assert_int_equal(open_it(fixture, &after, "POST", query, body, &callback), 0);
        assert_ptr_equal(callback.key, after.previous_key);
        assert_string_equal(callback.signing_token, "another");
    }
}

static void an_empty_previous_token_opens_nothing(void **state) {
    struct fixture *fixture = *state;
    struct wx_account account = fixture->plain;
    struct wx_callback callback;
    account.previous_token = "";
    assert_int_equal(
        open_it(fixture, &account, "POST", query_of(fixture, "", NOW, NULL), MESSAGE, &callback),
        WX_E_SIGNATURE);
}

static void a_time_is_good_up_to_the_window_on_either_side(void **state) {
    struct fixture *fixture = *state;
    const struct wx_account *accounts[] = {&fixture->plain, &fixture->safe};
    static const struct {
        int64_t off;
        int error;
    } cases[] = {
        {0, 0},
        {-LIMIT_TIMESTAMP_WINDOW, 0},
        {LIMIT_TIMESTAMP_WINDOW, 0},
        {-LIMIT_TIMESTAMP_WINDOW - 1, WX_E_TIMESTAMP},
        {LIMIT_TIMESTAMP_WINDOW + 1, WX_E_TIMESTAMP},
        {-NOW, WX_E_TIMESTAMP},
        {INT64_C(100000000000000000), WX_E_TIMESTAMP},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t j = 0; j < 2; j++) {
            struct wx_callback callback;
            const struct wx_account *account = accounts[j];
            char *sealed = j ? sealed_with(fixture, account->key, APPID, MESSAGE) : NULL;
            const char *query = query_of(fixture, account->token, NOW + cases[i].off, sealed);
            const char *body = sealed ? envelope(fixture, ORIGINAL, sealed) : MESSAGE;
            assert_int_equal(open_it(fixture, account, "POST", query, body, &callback),
                             cases[i].error);
        }
}

/* ---- what is refused ---- */

static void other_methods_are_refused(void **state) {
    struct fixture *fixture = *state;
    static const char *const methods[] = {"HEAD", "PUT", "get", "", "POSTS"};
    struct wx_callback callback;
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        assert_int_equal(open_it(fixture, &fixture->plain, methods[i],
                                 query_of(fixture, fixture->plain.token, NOW, NULL), MESSAGE,
                                 &callback),
                         WX_E_METHOD);
}

static void a_query_that_can_be_read_in_two_ways_is_refused(void **state) {
    struct fixture *fixture = *state;
    const char *good = query_of(fixture, fixture->plain.token, NOW, NULL);
    const char *signature = sign(fixture, fixture->plain.token, "1700000000", "1", NULL);
    char *padding = talloc_zero_size(fixture, LIMIT_QUERY + 1);
    memset(padding, 'x', LIMIT_QUERY);
    const char *const queries[] = {
        NULL,
        "",
        "nonsense",
        talloc_asprintf(fixture, "%s&%s", good, good),
        talloc_asprintf(fixture, "%s&nonce=1320562132", good),
        talloc_asprintf(fixture, "%s&%%6eonce=1320562132", good),
        talloc_asprintf(fixture, "%s&nonce", good),
        talloc_asprintf(fixture, "%s&a=%%", good),
        talloc_asprintf(fixture, "%s&a=%%4", good),
        talloc_asprintf(fixture, "%s&a=%%4g", good),
        talloc_asprintf(fixture, "%s&a=%%00", good),
        talloc_asprintf(fixture, "%s&%%=a", good),
        talloc_asprintf(fixture, "%s&%s", good, padding),
        talloc_asprintf(fixture, "signature=%s&nonce=1", signature),
        talloc_asprintf(fixture, "signature=%s&timestamp=1700000000", signature),
        talloc_asprintf(fixture, "signature=%s&timestamp=1700000000&nonce=", signature),
        talloc_asprintf(fixture, "signature=%s&timestamp=1700000000&nonce=1+", signature),
        "timestamp=1700000000&nonce=1",
        "signature&timestamp=1700000000&nonce=1",
    };
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        struct wx_callback callback;
        int error = open_it(fixture, &fixture->plain, "POST", queries[i], MESSAGE, &callback);
        if (error != WX_E_QUERY)
            fail_msg("%s: %s", queries[i], wx_error_text(error));
        assert_int_equal(open_it(fixture, &fixture->plain, "GET", queries[i], NULL, &callback),
                         WX_E_QUERY);
    }
    struct wx_callback callback;
    assert_int_equal(open_it(fixture, &fixture->plain, "POST", good, MESSAGE, &callback), 0);
    /* The check without its echo. */
    assert_int_equal(open_it(fixture, &fixture->plain, "GET", good, NULL, &callback), WX_E_QUERY);
}

static void a_signed_time_that_is_no_number_is_refused(void **state) {
    struct fixture *fixture = *state;
    static const char *const times[] = {"now", "-1",           "1700000000x",
                                        "1e9", "1700000000.0", "1700000000000000000000"};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        struct wx_callback callback;
        const char *query =
            talloc_asprintf(fixture, "signature=%s&timestamp=%s&nonce=n",
                            sign(fixture, fixture->plain.token, times[i], "n", NULL), times[i]);
        assert_int_equal(open_it(fixture, &fixture->plain, "POST", query, MESSAGE, &callback),
                         WX_E_QUERY);
    }
}

static void the_signature_is_looked_at_before_the_rest(void **state) {
    struct fixture *fixture = *state;
    struct wx_callback callback = {.echo = "untouched"};
    /* Another's token, an old time, and a body that is none: what is said is the signature. */
    const char *query = query_of(fixture, "not our token", 1, NULL);
    assert_int_equal(open_it(fixture, &fixture->plain, "POST", query, "<!DOCTYPE x>", &callback),
                     WX_E_SIGNATURE);
    assert_int_equal(open_it(fixture, &fixture->plain, "POST", query, "", &callback),
                     WX_E_SIGNATURE);
    query = talloc_asprintf(fixture, "%s&echostr=1", query);
    assert_int_equal(open_it(fixture, &fixture->plain, "GET", query, NULL, &callback),
                     WX_E_SIGNATURE);
    query = query_of(fixture, "not our token", 1, "AAAA");
    assert_int_equal(open_it(fixture, &fixture->safe, "POST", query,
                             envelope(fixture, "gh_other", "AAAA"), &callback),
                     WX_E_SIGNATURE);
    assert_string_equal(callback.echo, "untouched");
}

static void the_signature_of_the_query_does_not_vouch_for_a_ciphertext(void **state) {
    struct fixture *fixture = *state;
    const struct wx_account *account = &fixture->safe;
    struct wx_callback callback;
    char *sealed = sealed_with(fixture, account->key, APPID, MESSAGE);
    const char *body = envelope(fixture, ORIGINAL, sealed);
    assert_int_equal(open_it(fixture, account, "POST", query_of(fixture, account->token, NOW, NULL),
                             body, &callback),
                     WX_E_QUERY);
    assert_int_equal(open_it(fixture, account, "POST",
                             query_of(fixture, account->token, NOW, "another"), body, &callback),
                     WX_E_SIGNATURE);
}

static void a_plain_body_is_refused_where_the_account_is_not_plain(void **state) {
    struct fixture *fixture = *state;
    const struct wx_account *accounts[] = {&fixture->compatible, &fixture->safe};
    for (size_t i = 0; i < 2; i++) {
        struct wx_callback callback;
        const char *query = query_of(fixture, accounts[i]->token, NOW, NULL);
        assert_int_equal(open_it(fixture, accounts[i], "POST", query, MESSAGE, &callback),
                         WX_E_PLAIN);
        query = talloc_asprintf(fixture, "%s&encrypt_type=raw", query);
        assert_int_equal(open_it(fixture, accounts[i], "POST", query, MESSAGE, &callback),
                         WX_E_PLAIN);
    }
}

static void an_envelope_does_not_make_a_plain_account_decrypt(void **state) {
    struct fixture *fixture = *state;
    struct wx_callback callback;
    char *sealed = sealed_with(fixture, fixture->plain.key, APPID, MESSAGE);
    assert_int_equal(open_it(fixture, &fixture->plain, "POST",
                             query_of(fixture, fixture->plain.token, NOW, sealed),
                             envelope(fixture, ORIGINAL, sealed), &callback),
                     WX_E_FIELD);
}

static void a_plain_body_is_refused_for_what_is_in_it(void **state) {
    struct fixture *fixture = *state;
    static const struct {
        const char *body;
        int error;
    } cases[] = {
        {NULL, WX_E_EMPTY},
        {"", WX_E_EMPTY},
        {"\r\n", WX_E_EMPTY},
        {"<!DOCTYPE xml>" MESSAGE, WX_E_DOCTYPE},
        {"{}", WX_E_XML},
        {"<xml></xml>", WX_E_FIELD},
        {"<xml><a><a><a><a><a><a><a><a></a></a></a></a></a></a></a></a></xml>", WX_E_TOO_LARGE},
        {MESSAGE_TO("gh_other"), WX_E_RECIPIENT},
        {MESSAGE_TO("gh_day21demo2"), WX_E_RECIPIENT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct wx_callback callback;
        const char *query = query_of(fixture, fixture->plain.token, NOW, NULL);
        assert_int_equal(open_it(fixture, &fixture->plain, "POST", query, cases[i].body, &callback),
                         cases[i].error);
    }
}

static void an_outer_body_is_refused_for_what_is_in_it(void **state) {
    struct fixture *fixture = *state;
    const struct wx_account *account = &fixture->safe;
    char *sealed = sealed_with(fixture, account->key, APPID, MESSAGE);
    static const struct {
        const char *format; /* %s: the ciphertext */
        int error;
    } cases[] = {
        {"", WX_E_EMPTY},
        {" \n", WX_E_EMPTY},
        {"%s", WX_E_XML},
        {"{\"Encrypt\":\"%s\"}", WX_E_XML},
        {"<!DOCTYPE xml><xml><Encrypt>%s</Encrypt></xml>", WX_E_DOCTYPE},
        {"<xml><Encrypt>%s</Encrypt><Encrypt>AAAA</Encrypt></xml>", WX_E_XML},
        {"<xml><Encrypt><![CDATA[%s]]><![CDATA[AAAA]]></Encrypt></xml>", WX_E_XML},
        {"<xml><Encrypt><a>%s</a></Encrypt></xml>", WX_E_XML},
        {"<xml><Encrypt>&#65;%s</Encrypt></xml>", WX_E_XML},
        {"<xml><a><Encrypt>%s</Encrypt></a></xml>", WX_E_PLAIN},
        {"<xml><encrypt>%s</encrypt></xml>", WX_E_PLAIN},
        {"<xml><Encrypt></Encrypt></xml>", WX_E_SIGNATURE},
        {"<xml><Encrypt/></xml>", WX_E_SIGNATURE},
        {"<xml><Encrypt>%sA</Encrypt></xml>", WX_E_SIGNATURE},
        {"<xml><Encrypt>%s\n</Encrypt></xml>", WX_E_SIGNATURE},
        {"<xml><ToUserName>gh_other</ToUserName><Encrypt>%s</Encrypt></xml>", WX_E_RECIPIENT},
        {"<xml><ToUserName></ToUserName><Encrypt>%s</Encrypt></xml>", WX_E_RECIPIENT},
        {"<xml><Encrypt>%s</Encrypt></xml>", 0},
        {"<?xml version=\"1.0\"?><xml>\n <Encrypt>\n<![CDATA[%s]]>\n</Encrypt> </xml>", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct wx_callback callback;
        const char *place = strstr(cases[i].format, "%s");
        const char *body = cases[i].format;
        if (place)
            body =
                talloc_asprintf(fixture, "%.*s%s%s", (int)(place - body), body, sealed, place + 2);
        int error = open_it(fixture, account, "POST",
                            query_of(fixture, account->token, NOW, sealed), body, &callback);
        if (error != cases[i].error)
            fail_msg("%s: %s", cases[i].format, wx_error_text(error));
    }
}

static void a_signed_ciphertext_is_refused_for_what_is_in_it(void **state) {
    struct fixture *fixture = *state;
    const struct wx_account *account = &fixture->safe;
    uint8_t other_key[WX_AES_KEY_SIZE] = {9};
    const struct {
        const char *name, *sealed;
        int error;
    } cases[] = {
        {"no base64", "!!!!", WX_E_ENVELOPE},
        {"odd length",
         talloc_asprintf(fixture, "%.87s", sealed_with(fixture, account->key, APPID, "hello")),
         WX_E_ENVELOPE},
        {"no whole block", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", WX_E_ENVELOPE},
        {"another key", sealed_with(fixture, other_key, APPID, MESSAGE), WX_E_ENVELOPE},
        {"another account's AppID",
         sealed_with(fixture, account->key, "wxd21d21d21d21d210", MESSAGE), WX_E_APPID},
        {"no AppID", sealed_with(fixture, account->key, "", MESSAGE), WX_E_APPID},
        {"nothing", sealed_with(fixture, account->key, APPID, ""), WX_E_EMPTY},
        {"a DOCTYPE", sealed_with(fixture, account->key, APPID, "<!DOCTYPE xml>" MESSAGE),
         WX_E_DOCTYPE},
        {"JSON", sealed_with(fixture, account->key, APPID, "{\"ToUserName\":\"gh_day21demo\"}"),
         WX_E_XML},
        {"a message to another", sealed_with(fixture, account->key, APPID, MESSAGE_TO("gh_other")),
         WX_E_RECIPIENT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct wx_callback callback;
        int error = open_it(fixture, account, "POST",
                            query_of(fixture, account->token, NOW, cases[i].sealed),
                            envelope(fixture, ORIGINAL, cases[i].sealed), &callback);
        if (error != cases[i].error)
            fail_msg("%s: %s", cases[i].name, wx_error_text(error));
    }
}

/* ---- the answer ---- */

struct answer {
    const char *encrypt, *signature, *timestamp, *nonce;
};

static int read_answer(void *data, const char *path, const char *value, size_t length) {
    struct answer *answer = data;
    (void)length;
    const char **field = strcmp(path, "Encrypt") == 0        ? &answer->encrypt
                         : strcmp(path, "MsgSignature") == 0 ? &answer->signature
                         : strcmp(path, "TimeStamp") == 0    ? &answer->timestamp
                         : strcmp(path, "Nonce") == 0        ? &answer->nonce
                                                             : NULL;
    if (!field)
        return WX_E_FIELD;
    *field = value;
    return 0;
}

static void check_answer(struct fixture *fixture, const struct wx_account *account,
                         const struct wx_callback *callback, const uint8_t *key,
                         const char *token) {
    const struct wx_reply reply = {.type = WX_REPLY_TEXT, .text = "签到成功"};
    bool json = account->format == WX_FORMAT_JSON;
    char *body = NULL, *opened = NULL, *plain = NULL;
    size_t length = 0, opened_length = 0, plain_length = 0;
    struct answer answer = {0};
    assert_int_equal(wx_callback_seal(fixture, callback, &reply, NOW + 1, &body, &length), 0);
    assert_int_equal(length, strlen(body));
    assert_int_equal(
        (json ? wx_json_read : wx_xml_read)(fixture, body, length, read_answer, &answer), 0);
    assert_string_equal(answer.timestamp, "1700000001");
    assert_string_equal(answer.signature,
                        sign(fixture, token, answer.timestamp, answer.nonce, answer.encrypt));
    assert_int_equal(wx_envelope_open(fixture, key, APPID, answer.encrypt, strlen(answer.encrypt),
                                      &opened, &opened_length),
                     0);
    assert_int_equal((json ? wx_reply_write_json : wx_reply_write)(
                         fixture, &reply, &callback->message, NOW + 1, &plain, &plain_length),
                     0);
    assert_string_equal(opened, plain);
}

static void an_answer_goes_out_sealed_by_what_opened_the_message(void **state) {
    struct fixture *fixture = *state;
    const struct wx_account *accounts[] = {&fixture->compatible, &fixture->safe};
    for (size_t i = 0; i < 4; i++) {
        struct wx_account account = *accounts[i / 2], before;
        struct wx_callback callback;
        account.format = i % 2 ? WX_FORMAT_JSON : WX_FORMAT_XML;
        before = account;
        account.token = "new token";
        account.previous_token = before.token;
        account.has_previous_key = true;
        memcpy(account.previous_key, before.key, sizeof account.previous_key);
        memset(account.key, 7, sizeof account.key);
        const char *message = i % 2 ? MESSAGE_JSON : MESSAGE;
        assert_int_equal(push(fixture, &account, message, &callback), 0);
        check_answer(fixture, &account, &callback, account.key, account.token);
        /* As WeChat would push that has not heard of the change yet. */
        char *sealed = sealed_with(fixture, before.key, APPID, message);
        assert_int_equal(
            open_it(fixture, &account, "POST", query_of(fixture, before.token, NOW, sealed),
                    (i % 2 ? envelope_json : envelope)(fixture, ORIGINAL, sealed), &callback),
            0);
        check_answer(fixture, &account, &callback, before.key, before.token);
    }
}

/* A string where the documentation's example has a number would be another document. */
static void an_envelope_in_json_has_the_types_of_the_example(void **state) {
    struct fixture *fixture = *state;
    struct wx_callback callback;
    const struct wx_reply reply = {.type = WX_REPLY_TEXT, .text = "签到成功"};
    char *body = NULL;
    size_t length = 0;
    fixture->safe.format = WX_FORMAT_JSON;
    assert_int_equal(push(fixture, &fixture->safe, MESSAGE_JSON, &callback), 0);
    assert_int_equal(wx_callback_seal(fixture, &callback, &reply, NOW, &body, &length), 0);
    json_t *root = json_loadb(body, length, JSON_REJECT_DUPLICATES, NULL);
    assert_int_equal(json_object_size(root), 4);
    assert_true(json_is_string(json_object_get(root, "Encrypt")));
    assert_true(json_is_string(json_object_get(root, "MsgSignature")));
    assert_true(json_is_integer(json_object_get(root, "TimeStamp")));
    assert_true(json_is_string(json_object_get(root, "Nonce")));
    json_decref(root);
}

static void an_answer_in_plain_mode_is_the_reply_itself(void **state) {
    struct fixture *fixture = *state;
    struct wx_callback callback;
    const struct wx_reply reply = {.type = WX_REPLY_TEXT, .text = "签到成功"};
    char *body = NULL, *plain = NULL;
    size_t length = 0, plain_length = 0;
    assert_int_equal(push(fixture, &fixture->plain, MESSAGE, &callback), 0);
    assert_int_equal(wx_callback_seal(fixture, &callback, &reply, NOW, &body, &length), 0);
    assert_int_equal(wx_reply_write(fixture, &reply, &callback.message, NOW, &plain, &plain_length),
                     0);
    assert_string_equal(body, plain);
    assert_int_equal(length, plain_length);

    fixture->plain.format = WX_FORMAT_JSON;
    assert_int_equal(push(fixture, &fixture->plain, MESSAGE_JSON, &callback), 0);
    assert_int_equal(wx_callback_seal(fixture, &callback, &reply, NOW, &body, &length), 0);
    assert_int_equal(
        wx_reply_write_json(fixture, &reply, &callback.message, NOW, &plain, &plain_length), 0);
    assert_string_equal(body, plain);
    assert_int_equal(length, plain_length);
}

static void success_is_never_encrypted(void **state) {
    struct fixture *fixture = *state;
    const struct wx_account *accounts[] = {&fixture->plain, &fixture->compatible, &fixture->safe};
    for (size_t i = 0; i < 3; i++) {
        struct wx_callback callback;
        const struct wx_reply none = {.type = WX_REPLY_NONE};
        char *body = NULL;
        size_t length = 0;
        assert_int_equal(push(fixture, accounts[i], MESSAGE, &callback), 0);
        assert_int_equal(wx_callback_seal(fixture, &callback, &none, NOW, &body, &length), 0);
        assert_string_equal(body, "success");
    }
}

/* ---- whole requests that others have recorded ---- */

/* A request of a vector: as `body` or, if that is NULL, as WeChat would send it. */
static int open_vector(void *ctx, const json_t *vector, const char *body, const char *to,
                       enum wx_format format, struct wx_callback *callback) {
    const char *timestamp = json_string_value(json_object_get(vector, "timestamp"));
    const char *encrypted = json_string_value(json_object_get(vector, "encrypted"));
    struct wx_account *account = talloc_zero(ctx, struct wx_account);
    *account = (struct wx_account){.appid = json_string_value(json_object_get(vector, "appid")),
                                   .original_id = to,
                                   .token = json_string_value(json_object_get(vector, "token")),
                                   .mode = WX_MODE_SAFE,
                                   .format = format,
                                   .window = LIMIT_TIMESTAMP_WINDOW};
    assert_int_equal(wx_aes_key_decode(json_string_value(json_object_get(vector, "encodingAESKey")),
                                       account->key),
                     0);
    if (!body)
        body = (format == WX_FORMAT_JSON ? envelope_json : envelope)(ctx, to, encrypted);
    const struct wx_callback_request request = {
        .method = "POST",
        .query = talloc_asprintf(ctx, "msg_signature=%s&timestamp=%s&nonce=%s",
                                 json_string_value(json_object_get(vector, "msg_signature")),
                                 timestamp, json_string_value(json_object_get(vector, "nonce"))),
        .body = body,
        .body_length = strlen(body),
        .now = strtoll(timestamp, NULL, 10) + 5};
    return wx_callback_open(ctx, account, &request, callback);
}

/* A request made of a vector opens, when its ciphertext holds a message to an account, up to the
 * fields that only an Official Account's messages have. */
static bool check_vector(void *ctx, const json_t *vector) {
    const char *kind = json_string_value(json_object_get(vector, "kind"));
    const char *plaintext = json_string_value(json_object_get(vector, "plaintext"));
    const char *appid = json_string_value(json_object_get(vector, "appid"));
    bool json = plaintext && *plaintext == '{';
    if (!kind || strcmp(kind, "decrypt") != 0 || !appid ||
        !strstr(plaintext, json ? "\"ToUserName\"" : "<ToUserName>"))
        return false;
    struct wx_message inner;
    assert_int_equal((json ? wx_message_parse_json : wx_message_parse)(ctx, plaintext,
                                                                       strlen(plaintext), &inner),
                     0);
    struct wx_callback callback;
    bool forged = json_is_true(json_object_get(vector, "negative_msg_signature"));
    assert_int_equal(
        open_vector(ctx, vector, NULL, inner.to, json ? WX_FORMAT_JSON : WX_FORMAT_XML, &callback),
        forged ? WX_E_SIGNATURE : 0);
    if (!forged)
        assert_string_equal(callback.message.content, inner.content);
    return json;
}

static size_t check_vectors(void *ctx, const char *path) {
    json_t *vectors = json_load_file(path, 0, NULL);
    size_t i, in_json = 0;
    json_t *vector;
    json_array_foreach(vectors, i, vector) in_json += check_vector(ctx, vector);
    assert_true(in_json > 0);
    i = json_array_size(vectors);
    json_decref(vectors);
    return i;
}

static void the_requests_tencent_publishes_are_opened(void **state) {
    assert_int_equal(check_vectors(*state, "tests/wx/data/vectors.json"), 13);
}

static void the_requests_others_have_recorded_are_opened(void **state) {
    const char *shared = getenv("DAY21_SHARED");
    const char *path =
        talloc_asprintf(*state, "%s/wechat/vectors.json", shared ? shared : "../shared");
    FILE *file = fopen(path, "r");
    if (!file)
        skip();
    fclose(file);
    assert_true(check_vectors(*state, path) > 40);
}

/* The bodies as they were recorded, opened with what the vectors know of them. */
static void the_bodies_others_have_recorded_are_opened(void **state) {
    static const struct {
        const char *name, *to, *vector, *content;
        enum wx_format format;
    } bodies[] = {
        {"envelope_compatible_mode.xml", "gh_a96a4a619366", "v28", "你好", WX_FORMAT_XML},
        {"envelope_safe_mode.xml", "gh_a96a4a619366", "v31", NULL, WX_FORMAT_XML},
        {"envelope_safe_mode_json.json", "gh_97417a04a28d", "v26", "", WX_FORMAT_JSON},
    };
    const char *shared = getenv("DAY21_SHARED") ? getenv("DAY21_SHARED") : "../shared";
    json_t *vectors =
        json_load_file(talloc_asprintf(*state, "%s/wechat/vectors.json", shared), 0, NULL);
    if (!vectors)
        skip();
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        char body[8192];
        FILE *file =
            fopen(talloc_asprintf(*state, "%s/wechat/inbound/%s", shared, bodies[i].name), "r");
        assert_non_null(file);
        body[fread(body, 1, sizeof body - 1, file)] = '\0';
        fclose(file);
        size_t j;
        json_t *vector;
        struct wx_callback callback = {.sealed = false};
        json_array_foreach(vectors, j, vector) {
            if (strcmp(json_string_value(json_object_get(vector, "id")), bodies[i].vector) == 0)
                assert_int_equal(
                    open_vector(*state, vector, body, bodies[i].to, bodies[i].format, &callback),
                    0);
        }
        assert_true(callback.sealed);
        if (bodies[i].content)
            assert_string_equal(callback.message.content, bodies[i].content);
    }
    json_decref(vectors);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_check_is_answered_with_its_echo_in_every_mode),
        TEST(an_echo_that_a_browser_could_take_for_markup_is_refused),
        TEST(an_encoded_query_is_decoded),
        TEST(a_message_is_opened_in_every_mode),
        TEST(in_compatible_mode_the_encrypted_part_is_what_is_read),
        TEST(the_token_and_the_key_before_a_change_are_still_accepted),
        TEST(a_message_is_opened_in_json_where_the_account_is_set_so),
        TEST(an_outer_body_in_json_is_refused_for_what_is_in_it),
        TEST(an_empty_previous_token_opens_nothing),
        TEST(a_time_is_good_up_to_the_window_on_either_side),
        TEST(other_methods_are_refused),
        TEST(a_query_that_can_be_read_in_two_ways_is_refused),
        TEST(a_signed_time_that_is_no_number_is_refused),
        TEST(the_signature_is_looked_at_before_the_rest),
        TEST(the_signature_of_the_query_does_not_vouch_for_a_ciphertext),
        TEST(a_plain_body_is_refused_where_the_account_is_not_plain),
        TEST(an_envelope_does_not_make_a_plain_account_decrypt),
        TEST(a_plain_body_is_refused_for_what_is_in_it),
        TEST(an_outer_body_is_refused_for_what_is_in_it),
        TEST(a_signed_ciphertext_is_refused_for_what_is_in_it),
        TEST(an_answer_goes_out_sealed_by_what_opened_the_message),
        TEST(an_envelope_in_json_has_the_types_of_the_example),
        TEST(an_answer_in_plain_mode_is_the_reply_itself),
        TEST(success_is_never_encrypted),
        TEST(the_requests_tencent_publishes_are_opened),
        TEST(the_requests_others_have_recorded_are_opened),
        TEST(the_bodies_others_have_recorded_are_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
