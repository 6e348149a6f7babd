#include "wx/endpoint.h"

#include <string.h>

#define GET    .token = true, .carry = WX_CARRY_QUERY
#define POST   .token = true, .carry = WX_CARRY_JSON
#define UPLOAD .token = true, .carry = WX_CARRY_FILE, .large = true
#define ONCE   .repeat = WX_REPEAT_NEVER

#define GUARDED_BY(name) .repeat = WX_REPEAT_GUARDED, .guard = name

/* clang-format off */
static const struct wx_endpoint_info endpoints[WX_API_COUNT] = {
    [WX_API_TOKEN] = {"token", "/cgi-bin/token", .carry = WX_CARRY_QUERY, ONCE,
        .appid_as = "appid", .secret_as = "secret",
        .standard = "{\"grant_type\":\"client_credential\"}", .per_day = 2000},
    [WX_API_STABLE_TOKEN] = {"stable token", "/cgi-bin/stable_token", .carry = WX_CARRY_JSON,
        .appid_as = "appid", .secret_as = "secret",
        .standard = "{\"grant_type\":\"client_credential\",\"force_refresh\":false}",
        .per_day = 500000, .per_minute = 10000},
    [WX_API_TICKET] = {"ticket", "/cgi-bin/ticket/getticket", GET,
        .standard = "{\"type\":\"jsapi\"}"},

    [WX_API_TEMPLATE_SEND] = {"template send", "/cgi-bin/message/template/send", POST,
        GUARDED_BY("client_msg_id"), .needs = "touser, template_id, data", .per_day = 100000},
    [WX_API_TEMPLATE_SET_INDUSTRY] = {"template set industry", "/cgi-bin/template/api_set_industry",
        POST, ONCE, .needs = "industry_id1, industry_id2"}, /* one change a month */
    [WX_API_TEMPLATE_GET_INDUSTRY] = {"template get industry", "/cgi-bin/template/get_industry",
        GET},
    [WX_API_TEMPLATE_ADD] = {"template add", "/cgi-bin/template/api_add_template", POST, ONCE,
        .needs = "template_id_short, keyword_name_list"},
    [WX_API_TEMPLATE_LIST] = {"template list", "/cgi-bin/template/get_all_private_template", GET},
    [WX_API_TEMPLATE_DELETE] = {"template delete", "/cgi-bin/template/del_private_template", POST,
        .needs = "template_id"},

    [WX_API_SUBSCRIBE_SEND] = {"subscribe send", "/cgi-bin/message/subscribe/bizsend", POST, ONCE,
        .needs = "touser, template_id, data"},
    [WX_API_SUBSCRIBE_ADD] = {"subscribe add", "/wxaapi/newtmpl/addtemplate", POST, ONCE,
        .needs = "tid, kidList, sceneDesc"},
    [WX_API_SUBSCRIBE_DELETE] = {"subscribe delete", "/wxaapi/newtmpl/deltemplate", POST,
        .needs = "priTmplId"},
    [WX_API_SUBSCRIBE_LIST] = {"subscribe list", "/wxaapi/newtmpl/gettemplate", GET},
    [WX_API_SUBSCRIBE_CATEGORIES] = {"subscribe categories", "/wxaapi/newtmpl/getcategory", GET},
    [WX_API_SUBSCRIBE_TITLES] = {"subscribe titles", "/wxaapi/newtmpl/getpubtemplatetitles", GET,
        .standard = "{\"start\":0,\"limit\":30}", .needs = "ids"},
    [WX_API_SUBSCRIBE_KEYWORDS] = {"subscribe keywords", "/wxaapi/newtmpl/getpubtemplatekeywords",
        GET, .needs = "tid"},

    [WX_API_CUSTOM_SEND] = {"custom send", "/cgi-bin/message/custom/send", POST, ONCE,
        .needs = "touser, msgtype", .per_day = 500000},
    [WX_API_CUSTOM_TYPING] = {"custom typing", "/cgi-bin/message/custom/typing", POST,
        .standard = "{\"command\":\"Typing\"}", .needs = "touser"},

    [WX_API_MASS_SENDALL] = {"mass sendall", "/cgi-bin/message/mass/sendall", POST,
        GUARDED_BY("clientmsgid"), .needs = "filter, msgtype", .per_day = 100, .per_minute = 60},
    [WX_API_MASS_SEND] = {"mass send", "/cgi-bin/message/mass/send", POST,
        GUARDED_BY("clientmsgid"), .needs = "touser, msgtype", .per_day = 100, .per_minute = 60},
    [WX_API_MASS_PREVIEW] = {"mass preview", "/cgi-bin/message/mass/preview", POST, ONCE,
        .needs = "touser or towxname, msgtype", .per_day = 100},
    [WX_API_MASS_GET] = {"mass get", "/cgi-bin/message/mass/get", POST, .needs = "msg_id"},
    [WX_API_MASS_DELETE] = {"mass delete", "/cgi-bin/message/mass/delete", POST,
        .needs = "msg_id"},
    [WX_API_MASS_SPEED_GET] = {"mass speed get", "/cgi-bin/message/mass/speed/get", POST},
    [WX_API_MASS_SPEED_SET] = {"mass speed set", "/cgi-bin/message/mass/speed/set", POST,
        .needs = "speed"},

    [WX_API_MENU_CREATE] = {"menu create", "/cgi-bin/menu/create", POST, .needs = "button",
        .per_day = 1000},
    [WX_API_MENU_GET] = {"menu get", "/cgi-bin/menu/get", GET, .per_day = 10000},
    [WX_API_MENU_DELETE] = {"menu delete", "/cgi-bin/menu/delete", GET, .per_day = 1000},
    [WX_API_MENU_CURRENT] = {"menu current", "/cgi-bin/get_current_selfmenu_info", GET},
    [WX_API_MENU_ADD_CONDITIONAL] = {"menu addconditional", "/cgi-bin/menu/addconditional", POST,
        ONCE, .needs = "button, matchrule"},
    [WX_API_MENU_DELETE_CONDITIONAL] = {"menu delconditional", "/cgi-bin/menu/delconditional",
        POST, .needs = "menuid"},
    [WX_API_MENU_TRY_MATCH] = {"menu trymatch", "/cgi-bin/menu/trymatch", POST,
        .needs = "user_id"},

    [WX_API_USER_INFO] = {"user info", "/cgi-bin/user/info", GET,
        .standard = "{\"lang\":\"zh_CN\"}", .needs = "openid", .per_day = 5000000},
    [WX_API_USER_BATCHGET] = {"user batchget", "/cgi-bin/user/info/batchget", POST,
        .needs = "user_list"},
    [WX_API_USER_LIST] = {"user get", "/cgi-bin/user/get", GET, .per_day = 500},
    [WX_API_USER_REMARK] = {"user remark", "/cgi-bin/user/info/updateremark", POST,
        .needs = "openid, remark"},

    [WX_API_TAGS_CREATE] = {"tags create", "/cgi-bin/tags/create", POST, ONCE, .needs = "tag"},
    [WX_API_TAGS_GET] = {"tags get", "/cgi-bin/tags/get", GET},
    [WX_API_TAGS_UPDATE] = {"tags update", "/cgi-bin/tags/update", POST, .needs = "tag"},
    [WX_API_TAGS_DELETE] = {"tags delete", "/cgi-bin/tags/delete", POST, .needs = "tag"},
    [WX_API_TAGS_MEMBERS] = {"tags members", "/cgi-bin/user/tag/get", POST, .needs = "tagid"},
    [WX_API_TAGS_TAG] = {"tags tag", "/cgi-bin/tags/members/batchtagging", POST,
        .needs = "openid_list, tagid"},
    [WX_API_TAGS_UNTAG] = {"tags untag", "/cgi-bin/tags/members/batchuntagging", POST,
        .needs = "openid_list, tagid"},
    [WX_API_TAGS_OF] = {"tags of", "/cgi-bin/tags/getidlist", POST, .needs = "openid"},

    [WX_API_BLACKLIST_GET] = {"blacklist get", "/cgi-bin/tags/members/getblacklist", POST,
        .standard = "{\"begin_openid\":\"\"}"},
    [WX_API_BLACKLIST_ADD] = {"blacklist add", "/cgi-bin/tags/members/batchblacklist", POST,
        .needs = "openid_list"},
    [WX_API_BLACKLIST_REMOVE] = {"blacklist remove", "/cgi-bin/tags/members/batchunblacklist",
        POST, .needs = "openid_list"},

    [WX_API_QRCODE_CREATE] = {"qrcode create", "/cgi-bin/qrcode/create", POST,
        .needs = "action_name, action_info", .per_day = 100000},

    [WX_API_MEDIA_UPLOAD] = {"media upload", "/cgi-bin/media/upload", UPLOAD, ONCE,
        .needs = "type, file"},
    [WX_API_MEDIA_GET] = {"media get", "/cgi-bin/media/get", GET, .needs = "media_id",
        .file = true, .large = true},
    [WX_API_MEDIA_GET_JSSDK] = {"media get jssdk", "/cgi-bin/media/get/jssdk", GET,
        .needs = "media_id", .file = true, .large = true},
    [WX_API_MEDIA_UPLOADIMG] = {"media uploadimg", "/cgi-bin/media/uploadimg", UPLOAD, ONCE,
        .needs = "file"},
    [WX_API_MEDIA_UPLOADVIDEO] = {"media uploadvideo", "/cgi-bin/media/uploadvideo", POST, ONCE,
        .needs = "media_id, title, description"},
    [WX_API_MATERIAL_ADD] = {"material add", "/cgi-bin/material/add_material", UPLOAD, ONCE,
        .needs = "type, file"},
    [WX_API_MATERIAL_GET] = {"material get", "/cgi-bin/material/get_material", POST,
        .needs = "media_id", .file = true, .large = true},
    [WX_API_MATERIAL_DELETE] = {"material delete", "/cgi-bin/material/del_material", POST,
        .needs = "media_id"},
    [WX_API_MATERIAL_COUNT] = {"material count", "/cgi-bin/material/get_materialcount", GET},
    [WX_API_MATERIAL_LIST] = {"material batchget", "/cgi-bin/material/batchget_material", POST,
        .standard = "{\"offset\":0,\"count\":20}", .needs = "type", .large = true},

    [WX_API_DRAFT_ADD] = {"draft add", "/cgi-bin/draft/add", POST, ONCE, .needs = "articles",
        .large = true, .per_day = 1000},
    [WX_API_DRAFT_GET] = {"draft get", "/cgi-bin/draft/get", POST, .needs = "media_id",
        .large = true, .per_day = 500},
    [WX_API_DRAFT_UPDATE] = {"draft update", "/cgi-bin/draft/update", POST,
        .needs = "media_id, index, articles", .large = true, .per_day = 1000},
    [WX_API_DRAFT_DELETE] = {"draft delete", "/cgi-bin/draft/delete", POST, .needs = "media_id",
        .per_day = 1000},
    [WX_API_DRAFT_COUNT] = {"draft count", "/cgi-bin/draft/count", GET, .per_day = 1000},
    [WX_API_DRAFT_LIST] = {"draft batchget", "/cgi-bin/draft/batchget", POST,
        .standard = "{\"offset\":0,\"count\":20,\"no_content\":1}", .large = true,
        .per_day = 1000},

    [WX_API_PUBLISH_SUBMIT] = {"publish submit", "/cgi-bin/freepublish/submit", POST, ONCE,
        .needs = "media_id", .per_day = 100},
    [WX_API_PUBLISH_GET] = {"publish get", "/cgi-bin/freepublish/get", POST,
        .needs = "publish_id", .per_day = 100},
    [WX_API_PUBLISH_DELETE] = {"publish delete", "/cgi-bin/freepublish/delete", POST,
        .needs = "article_id", .per_day = 10},
    [WX_API_PUBLISH_ARTICLE] = {"publish article", "/cgi-bin/freepublish/getarticle", POST,
        .needs = "article_id", .large = true},
    [WX_API_PUBLISH_LIST] = {"publish batchget", "/cgi-bin/freepublish/batchget", POST,
        .standard = "{\"offset\":0,\"count\":20,\"no_content\":1}", .large = true},

    /* These go with a person's token, or with what will become one. A code is good once. */
    [WX_API_OAUTH_TOKEN] = {"oauth token", "/sns/oauth2/access_token", .carry = WX_CARRY_QUERY,
        ONCE, .appid_as = "appid", .secret_as = "secret",
        .standard = "{\"grant_type\":\"authorization_code\"}", .needs = "code",
        .per_minute = 50000},
    [WX_API_OAUTH_REFRESH] = {"oauth refresh", "/sns/oauth2/refresh_token",
        .carry = WX_CARRY_QUERY, .appid_as = "appid",
        .standard = "{\"grant_type\":\"refresh_token\"}", .needs = "refresh_token",
        .per_minute = 50000},
    [WX_API_OAUTH_USERINFO] = {"oauth userinfo", "/sns/userinfo", .carry = WX_CARRY_QUERY,
        .standard = "{\"lang\":\"zh_CN\"}", .needs = "access_token, openid",
        .per_minute = 50000},
    [WX_API_OAUTH_CHECK] = {"oauth check", "/sns/auth", .carry = WX_CARRY_QUERY,
        .needs = "access_token, openid", .per_minute = 50000},

    [WX_API_QUOTA] = {"quota", "/cgi-bin/openapi/quota/get", POST, .needs = "cgi_path"},
    [WX_API_QUOTA_CLEAR] = {"quota clear", "/cgi-bin/clear_quota", POST, ONCE,
        .appid_as = "appid"}, /* ten a month */
    [WX_API_QUOTA_CLEAR_V2] = {"quota clear v2", "/cgi-bin/clear_quota/v2", ONCE,
        .carry = WX_CARRY_JSON, .appid_as = "appid", .secret_as = "appsecret"},
    [WX_API_RID] = {"rid", "/cgi-bin/openapi/rid/get", POST, .needs = "rid"},
    [WX_API_CALLBACK_IP] = {"callback ip", "/cgi-bin/getcallbackip", GET},
    [WX_API_DOMAIN_IP] = {"api ip", "/cgi-bin/get_api_domain_ip", GET},
    [WX_API_CALLBACK_CHECK] = {"callback check", "/cgi-bin/callback/check", POST,
        .standard = "{\"action\":\"all\",\"check_operator\":\"DEFAULT\"}"},
};
/* clang-format on */

const struct wx_endpoint_info *wx_endpoint_info(enum wx_endpoint endpoint) {
    return &endpoints[endpoint];
}

static bool same_name(const char *name, const char *given) {
    for (; *name && *given; name++, given++)
        if (*name != *given && !(*name == ' ' && strchr("-_/", *given)))
            return false;
    return *name == *given;
}

enum wx_endpoint wx_endpoint_find(const char *name) {
    static const char root[] = "/cgi-bin/";
    for (int i = 0; i < WX_API_COUNT; i++) {
        const char *path = endpoints[i].path;
        bool below = strncmp(path, root, strlen(root)) == 0;
        if (same_name(endpoints[i].name, name) || strcmp(path, name) == 0 ||
            (below && strcmp(path + strlen(root), name) == 0))
            return (enum wx_endpoint)i;
    }
    return WX_API_COUNT;
}
