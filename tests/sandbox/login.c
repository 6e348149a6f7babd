#include "login.h"

#include "bot/config.h"
#include "endpoint.h"

#include "shelf.h"

#include <ctype.h>
#include <string.h>

#define CODE_MS      (5LL * 60 * 1000)
#define TOKEN_MS     (7200LL * 1000)
#define REFRESH_MS   (30LL * 86400 * 1000)
#define STATE_MOST   128
#define CODES_KEPT   2000
#define TOKENS_KEPT  20000
#define CODE_LENGTH  32
#define TOKEN_LENGTH 88

/* values: openid, scope, until, used, snapshot */
static const char codes[] = "login_code", tokens[] = "login_token", refreshes[] = "login_refresh";

json_t *login_set(struct account *account, const json_t *request) {
    static const char *const names[] = {"snapshot", "domain"};
    const json_t *before = shelf_get(account, "login", "set");
    json_t *set = before ? must(json_copy((json_t *)before)) : must(json_object());
    for (int i = 0; i < 2; i++) {
        json_t *value = json_object_get(request, names[i]);
        if (value && json_object_set(set, names[i], value))
            must(NULL);
    }
    shelf_put(account, "login", "set", json_incref(set));
    return set;
}

static int64_t now_of(const struct call *call) {
    return world_now_ms(call->world);
}

/* ---- authorize ---- */

static char *url_encode(void *ctx, const char *text) {
    char *encoded = must(talloc_strdup(ctx, ""));
    for (; *text; text++)
        encoded =
            isalnum((unsigned char)*text) || strchr("-_.~", *text)
                ? must(talloc_strndup_append_buffer(encoded, text, 1))
                : must(talloc_asprintf_append_buffer(encoded, "%%%02X", (unsigned char)*text));
    return encoded;
}

static char *html_escape(void *ctx, const char *text) {
    char *html = must(talloc_strdup(ctx, ""));
    for (; *text; text++)
        html = strchr("<>&\"'", *text) ? must(talloc_asprintf_append_buffer(html, "&#%d;", *text))
                                       : must(talloc_strndup_append_buffer(html, text, 1));
    return html;
}

/* The host of an http(s) URL without port, below ctx; "" when it is none. */
static const char *host_of(void *ctx, const char *url) {
    size_t scheme = !strncmp(url, "http://", 7) ? 7 : !strncmp(url, "https://", 8) ? 8 : 0;
    const char *host = url + scheme;
    size_t length = strcspn(host, ":/?#");
    return scheme && !strpbrk(host, "\r\n\\ @") ? must(talloc_strndup(ctx, host, length)) : "";
}

static bool may_redirect(const struct call *call, const char *uri) {
    void *ctx = call->request->ctx;
    const char *host = host_of(ctx, uri);
    const char *const allowed[] = {
        "127.0.0.1", "localhost", host_of(ctx, call->world->config->public_url),
        value_string(shelf_get(call->account, "login", "set"), "domain")};
    for (size_t i = 0; *host && i < sizeof allowed / sizeof *allowed; i++)
        if (!strcmp(allowed[i], host))
            return true;
    return false;
}

/* Whose phone it is: the page says so in a cookie, a test in the query. */
static const struct person *visitor(const struct call *call) {
    const char *cookies = fcgi_param(call->request, "HTTP_COOKIE");
    const char *name =
        must(talloc_asprintf(call->request->ctx, "sandbox_%s=", call->account->config->name));
    const char *at = cookies ? strstr(cookies, name) : NULL;
    const char *asked = call_query(call, "sandbox_openid");
    if (at && !*asked) {
        at += strlen(name);
        asked = must(talloc_strndup(call->request->ctx, at, strcspn(at, "; ")));
    }
    return person_find(call->account, asked);
}

static void page_give(struct call *call, int status, const char *body) {
    const char *html = must(talloc_asprintf(
        call->request->ctx,
        "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width\"><title>网页授权</title><link rel=\"stylesheet\" "
        "href=\"/sandbox/style.css\"><body class=\"consent\">%s",
        body));
    call_give_file(call, &(struct call_file){
                             .status = status,
                             .content_type = "text/html; charset=utf-8",
                             .headers = "Cache-Control: no-store\r\n",
                             .bytes = html,
                             .length = strlen(html),
                         });
}

static void redirect(struct call *call, const char *uri, const char *code) {
    void *ctx = call->request->ctx;
    size_t length = strcspn(uri, "#");
    const char *with_code = code ? must(talloc_asprintf(ctx, "code=%s", code)) : "";
    char *url = must(talloc_asprintf(
        ctx, "%.*s%c%s%sstate=%s%s", (int)length, uri, memchr(uri, '?', length) ? '&' : '?',
        with_code, code ? "&" : "", url_encode(ctx, call_query(call, "state")), uri + length));
    call_give_file(call, &(struct call_file){
                             .status = 302,
                             .content_type = "text/plain",
                             .headers = must(talloc_asprintf(
                                 ctx, "Location: %s\r\nCache-Control: no-store\r\n", url)),
                             .bytes = "",
                         });
}

static const char *code_make(struct call *call, const struct person *person, const char *scope) {
    const char *code = world_random(call->request->ctx, CODE_LENGTH);
    shelf_put(call->account, codes, code,
              json_pack("{ss ss sI}", "openid", person->openid, "scope", scope, "until",
                        (json_int_t)(now_of(call) + CODE_MS)));
    shelf_cap(call->account, codes, CODES_KEPT);
    return code;
}

/* The same URL with the visitor and what they decided. */
static const char *again(struct call *call, const struct person *person, const char *decision) {
    static const char *const names[] = {"appid", "redirect_uri", "response_type", "scope", "state"};
    void *ctx = call->request->ctx;
    char *url = must(talloc_strdup(ctx, "?"));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        url = must(talloc_asprintf_append(url, "%s=%s&", names[i],
                                          url_encode(ctx, call_query(call, names[i]))));
    url = must(talloc_asprintf_append(url, "sandbox_openid=%s", person->openid));
    if (*decision)
        url = must(talloc_asprintf_append(url, "&sandbox_consent=%s", decision));
    return html_escape(ctx, url);
}

static void choose_page(struct call *call) {
    void *ctx = call->request->ctx;
    char *body = must(talloc_strdup(ctx, "<h1>这是谁的手机？</h1><ul>"));
    for (unsigned i = 0; i < PEOPLE_NAMED; i++) {
        const struct person *person = people_at(call->account, i);
        body = must(talloc_asprintf_append(body, "<li><a href=\"%s\">%s</a></li>",
                                           again(call, person, ""), person_name(ctx, person)));
    }
    page_give(call, 200, must(talloc_strdup_append(body, "</ul>")));
}

static void consent_page(struct call *call, const struct person *person) {
    void *ctx = call->request->ctx;
    page_give(call, 200,
              must(talloc_asprintf(
                  ctx,
                  "<h1>%s</h1><p>申请获得你的昵称、头像</p><p class=\"who\">%s</p>"
                  "<a class=\"allow\" href=\"%s\">允许</a> <a class=\"deny\" href=\"%s\">拒绝</a>",
                  html_escape(ctx, call->account->config->title), person_name(ctx, person),
                  again(call, person, "allow"), again(call, person, "deny"))));
}

/* What the link itself is refused for; NULL: nothing. WeChat says so on a page. */
static const char *link_wrong(const struct call *call) {
    const char *scope = call_query(call, "scope"), *state = call_query(call, "state");
    if (!call->account)
        return "appid 参数错误 40013";
    if (!may_redirect(call, call_query(call, "redirect_uri")))
        return "redirect_uri 域名与后台配置不一致，错误码:10003";
    if (strcmp(call_query(call, "response_type"), "code") != 0)
        return "response_type 参数错误";
    if (strcmp(scope, "snsapi_base") != 0 && strcmp(scope, "snsapi_userinfo") != 0)
        return "Scope 参数错误或没有 Scope 权限，错误码:10005";
    return strlen(state) > STATE_MOST ? "state 参数错误" : NULL;
}

void login_authorize(struct call *call) {
    const char *wrong = link_wrong(call), *scope = call_query(call, "scope");
    const char *uri = call_query(call, "redirect_uri");
    const char *consent = call_query(call, "sandbox_consent");
    if (wrong) {
        page_give(call, 200, must(talloc_asprintf(call->request->ctx, "<p>%s</p>", wrong)));
        return;
    }
    const struct person *person = visitor(call);
    if (!person)
        choose_page(call);
    else if (!strcmp(consent, "deny"))
        redirect(call, uri, NULL);
    else if (!strcmp(scope, "snsapi_userinfo") && strcmp(consent, "allow") != 0)
        consent_page(call, person);
    else
        redirect(call, uri, code_make(call, person, scope));
}

/* ---- tokens ---- */

static void pair_give(struct call *call, const char *openid, const char *scope, bool snapshot,
                      const char *refresh) {
    void *ctx = call->request->ctx;
    const char *token = world_random(ctx, TOKEN_LENGTH);
    int64_t now = now_of(call);
    shelf_put(call->account, tokens, token,
              json_pack("{ss ss sI sb}", "openid", openid, "scope", scope, "until",
                        (json_int_t)(now + TOKEN_MS), "snapshot", snapshot));
    if (!refresh) {
        refresh = world_random(ctx, TOKEN_LENGTH);
        shelf_put(call->account, refreshes, refresh,
                  json_pack("{ss ss sI sb}", "openid", openid, "scope", scope, "until",
                            (json_int_t)(now + REFRESH_MS), "snapshot", snapshot));
    }
    shelf_cap(call->account, tokens, TOKENS_KEPT);
    shelf_cap(call->account, refreshes, TOKENS_KEPT);
    json_t *answer = must(json_pack("{ss sI ss ss ss}", "access_token", token, "expires_in",
                                    (json_int_t)(TOKEN_MS / 1000), "refresh_token", refresh,
                                    "openid", openid, "scope", scope));
    if (snapshot && json_object_set_new(answer, "is_snapshotuser", json_integer(1)))
        must(NULL);
    call_give(call, answer);
}

/* A virtual visitor has an openid that is nobody's. */
static const char *snapshot_openid(const struct call *call) {
    char openid[PERSON_OPENID];
    uint32_t number = PEOPLE_MOST * 2;
    number += (uint32_t)shelf_count(call->account, codes);
    person_openid(call->account->config->name, number, openid);
    return must(talloc_strdup(call->request->ctx, openid));
}

static int code_errcode(const struct call *call, const json_t *code) {
    const char *secret = call_query(call, "secret");
    if (!call->account)
        return 40013;
    if (!*secret)
        return 41004;
    if (!call->account->config->secret || strcmp(call->account->config->secret, secret) != 0)
        return 40125;
    if (strcmp(call_query(call, "grant_type"), "authorization_code") != 0)
        return 40002;
    if (!*call_query(call, "code"))
        return 41008;
    if (!code)
        return 40029;
    if (json_is_true(json_object_get(code, "used")))
        return 40163;
    return value_integer(code, "until", 0) <= now_of(call) ? 42003 : 0;
}

void login_token(struct call *call) {
    const char *text = call_query(call, "code");
    json_t *code = call->account ? shelf_get(call->account, codes, text) : NULL;
    int errcode = code_errcode(call, code);
    if (errcode) {
        call_refuse(call, errcode, NULL);
        return;
    }
    bool snapshot =
        json_is_true(json_object_get(shelf_get(call->account, "login", "set"), "snapshot"));
    if (json_object_set_new(code, "used", json_true()))
        must(NULL);
    shelf_put(call->account, codes, text, json_incref(code));
    const char *openid = must(talloc_strdup(call->request->ctx, value_string(code, "openid")));
    const char *scope = must(talloc_strdup(call->request->ctx, value_string(code, "scope")));
    pair_give(call, snapshot ? snapshot_openid(call) : openid, scope, snapshot, NULL);
}

void login_refresh(struct call *call) {
    void *ctx = call->request->ctx;
    const char *text = call_query(call, "refresh_token");
    const json_t *refresh = call->account ? shelf_get(call->account, refreshes, text) : NULL;
    int errcode = !call->account                                                 ? 40013
                  : strcmp(call_query(call, "grant_type"), "refresh_token") != 0 ? 40002
                  : !*text                                                       ? 41003
                  : !refresh                                                     ? 40030
                  : value_integer(refresh, "until", 0) <= now_of(call)           ? 42002
                                                                                 : 0;
    if (errcode)
        call_refuse(call, errcode, NULL);
    else
        pair_give(call, must(talloc_strdup(ctx, value_string(refresh, "openid"))),
                  must(talloc_strdup(ctx, value_string(refresh, "scope"))),
                  json_is_true(json_object_get(refresh, "snapshot")), text);
}

/* What stands behind the access_token of the call, and whose account it is; NULL when the call has
 * been refused. */
static const json_t *token_asked(struct call *call, struct account **account) {
    const char *text = call_query(call, "access_token");
    const json_t *token = NULL;
    for (unsigned i = 0; i < call->world->accounts_count && !token; i++) {
        *account = &call->world->accounts[i];
        token = shelf_get(*account, tokens, text);
    }
    int errcode = !*text                                                                   ? 41001
                  : !token                                                                 ? 40001
                  : value_integer(token, "until", 0) <= now_of(call)                       ? 42001
                  : strcmp(value_string(token, "openid"), call_query(call, "openid")) != 0 ? 40003
                                                                                           : 0;
    if (!errcode)
        return token;
    call_refuse(call, errcode, NULL);
    return NULL;
}

void login_check(struct call *call) {
    struct account *account = NULL;
    if (token_asked(call, &account))
        call_accept(call, 0);
}

void login_user(struct call *call) {
    struct account *account = NULL;
    const json_t *token = token_asked(call, &account);
    if (!token)
        return;
    const char *openid = value_string(token, "openid");
    const struct person *person = person_find(account, openid);
    if (strcmp(value_string(token, "scope"), "snsapi_userinfo") != 0) {
        call_refuse(call, 48001, NULL);
        return;
    }
    json_t *answer =
        must(json_pack("{ss ss si ss ss ss ss ss s[]}", "openid", openid, "nickname",
                       person ? person_name(call->request->ctx, person) : "微信用户", "sex", 0,
                       "language", "", "city", "", "province", "", "country", "", "headimgurl",
                       "https://thirdwx.qlogo.cn/mmopen/vi_32/day21sandbox/132", "privilege"));
    if (json_is_true(json_object_get(token, "snapshot")) &&
        json_object_set_new(answer, "is_snapshotuser", json_integer(1)))
        must(NULL);
    call_give(call, answer);
}
