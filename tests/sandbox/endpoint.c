#include "endpoint.h"

#include <string.h>

#define GET  "GET"
#define POST "POST"

/* name, method, needs a token, body, raw text, calls a day, a minute, handler */
static const struct endpoint endpoints[] = {
    {"token", GET, false, NO_BODY, false, 2000, 0, token_call},
    {"stable_token", POST, false, JSON_BODY, false, 500000, 10000, stable_token_call},

    {"message/template/send", POST, true, JSON_BODY, true, 100000, 0, template_send},
    {"template/api_set_industry", POST, true, JSON_BODY, false, 1000, 0, template_industry_set},
    {"template/get_industry", GET, true, NO_BODY, false, 1000, 0, template_industry_get},
    {"template/api_add_template", POST, true, JSON_BODY, false, 1000, 0, template_add},
    {"template/get_all_private_template", GET, true, NO_BODY, false, 1000, 0, template_list},
    {"template/del_private_template", POST, true, JSON_BODY, false, 1000, 0, template_delete},

    {"message/subscribe/bizsend", POST, true, JSON_BODY, true, 100000, 0, notice_send},
    {"wxaapi/newtmpl/addtemplate", POST, true, JSON_BODY, false, 1000, 0, notice_add},
    {"wxaapi/newtmpl/deltemplate", POST, true, JSON_BODY, false, 1000, 0, notice_delete},
    {"wxaapi/newtmpl/gettemplate", GET, true, NO_BODY, false, 1000, 0, notice_list},
    {"wxaapi/newtmpl/getcategory", GET, true, NO_BODY, false, 1000, 0, notice_categories},
    {"wxaapi/newtmpl/getpubtemplatetitles", GET, true, NO_BODY, false, 1000, 0, notice_titles},
    {"wxaapi/newtmpl/getpubtemplatekeywords", GET, true, NO_BODY, false, 1000, 0, notice_keywords},

    {"message/custom/send", POST, true, JSON_BODY, false, 500000, 0, custom_send},
    {"message/custom/typing", POST, true, JSON_BODY, false, 500000, 0, custom_typing},

    {"message/mass/sendall", POST, true, JSON_BODY, false, 100, 60, mass_sendall},
    {"message/mass/send", POST, true, JSON_BODY, false, 100, 60, mass_send},
    {"message/mass/preview", POST, true, JSON_BODY, false, 100, 60, mass_preview},
    {"message/mass/get", POST, true, JSON_BODY, false, 1000, 60, mass_get},
    {"message/mass/delete", POST, true, JSON_BODY, false, 10, 60, mass_delete},
    {"message/mass/speed/get", POST, true, MAYBE_BODY, false, 1000, 60, mass_speed_get},
    {"message/mass/speed/set", POST, true, JSON_BODY, false, 1000, 60, mass_speed_set},

    {"menu/create", POST, true, JSON_BODY, true, 1000, 0, menu_create},
    {"menu/get", GET, true, NO_BODY, false, 10000, 0, menu_get},
    {"menu/delete", GET, true, NO_BODY, false, 1000, 0, menu_delete},
    {"menu/addconditional", POST, true, JSON_BODY, true, 2000, 0, menu_add},
    {"menu/delconditional", POST, true, JSON_BODY, false, 2000, 0, menu_remove},
    {"menu/trymatch", POST, true, JSON_BODY, false, 20000, 0, menu_try},
    {"get_current_selfmenu_info", GET, true, NO_BODY, false, 10000, 0, menu_current},

    {"user/info", GET, true, NO_BODY, false, 5000000, 0, user_info},
    {"user/info/batchget", POST, true, JSON_BODY, false, 500000, 0, user_info_batch},
    {"user/info/updateremark", POST, true, JSON_BODY, false, 10000, 0, user_remark},
    {"user/get", GET, true, NO_BODY, false, 500, 0, user_list},
    {"tags/create", POST, true, JSON_BODY, false, 1000, 0, tag_create},
    {"tags/get", GET, true, NO_BODY, false, 1000, 0, tag_list},
    {"tags/update", POST, true, JSON_BODY, false, 1000, 0, tag_update},
    {"tags/delete", POST, true, JSON_BODY, false, 1000, 0, tag_delete},
    {"user/tag/get", POST, true, JSON_BODY, false, 1000, 0, tag_members},
    {"tags/members/batchtagging", POST, true, JSON_BODY, false, 100000, 0, tag_put},
    {"tags/members/batchuntagging", POST, true, JSON_BODY, false, 100000, 0, tag_take},
    {"tags/getidlist", POST, true, JSON_BODY, false, 500000, 0, tag_of_user},
    {"tags/members/getblacklist", POST, true, JSON_BODY, false, 1000, 0, black_list},
    {"tags/members/batchblacklist", POST, true, JSON_BODY, false, 1000, 0, black_put},
    {"tags/members/batchunblacklist", POST, true, JSON_BODY, false, 1000, 0, black_take},

    {"qrcode/create", POST, true, JSON_BODY, false, 100000, 0, qrcode_create},
    {"showqrcode", GET, false, NO_BODY, false, 0, 0, qrcode_show},

    {"media/upload", POST, true, FORM_BODY, false, 100000, 0, media_upload},
    {"media/get", GET, true, NO_BODY, false, 200000, 0, media_get},
    {"media/get/jssdk", GET, true, NO_BODY, false, 200000, 0, media_get},
    {"media/uploadimg", POST, true, FORM_BODY, false, 100000, 0, media_upload_image},
    {"media/uploadvideo", POST, true, JSON_BODY, false, 1000, 0, media_upload_video},
    {"material/add_material", POST, true, FORM_BODY, false, 1000, 0, material_add},
    {"material/get_material", POST, true, JSON_BODY, false, 5000, 0, material_get},
    {"material/del_material", POST, true, JSON_BODY, false, 1000, 0, material_delete},
    {"material/get_materialcount", GET, true, NO_BODY, false, 5000, 0, material_count},
    {"material/batchget_material", POST, true, JSON_BODY, false, 5000, 0, material_list},

    {"draft/add", POST, true, JSON_BODY, true, 1000, 0, draft_add},
    {"draft/get", POST, true, JSON_BODY, false, 500, 0, draft_get},
    {"draft/delete", POST, true, JSON_BODY, false, 1000, 0, draft_delete},
    {"draft/update", POST, true, JSON_BODY, true, 1000, 0, draft_update},
    {"draft/count", GET, true, NO_BODY, false, 1000, 0, draft_count},
    {"draft/batchget", POST, true, JSON_BODY, false, 1000, 0, draft_list},
    {"freepublish/submit", POST, true, JSON_BODY, false, 100, 0, publish_submit},
    {"freepublish/get", POST, true, JSON_BODY, false, 100, 0, publish_get},
    {"freepublish/delete", POST, true, JSON_BODY, false, 10, 0, publish_delete},
    {"freepublish/getarticle", POST, true, JSON_BODY, false, 100, 0, publish_article},
    {"freepublish/batchget", POST, true, JSON_BODY, false, 100, 0, publish_list},

    {"connect/oauth2/authorize", GET, false, NO_BODY, false, 0, 0, login_authorize},
    {"sns/oauth2/access_token", GET, false, NO_BODY, false, 0, 50000, login_token},
    {"sns/oauth2/refresh_token", GET, false, NO_BODY, false, 0, 100000, login_refresh},
    {"sns/userinfo", GET, false, NO_BODY, false, 0, 50000, login_user},
    {"sns/auth", GET, false, NO_BODY, false, 0, 50000, login_check},
    {"ticket/getticket", GET, true, NO_BODY, false, 1000000, 0, ticket_get},

    {"openapi/quota/get", POST, true, JSON_BODY, false, 0, 0, quota_get},
    {"openapi/rid/get", POST, true, JSON_BODY, false, 0, 0, rid_get},
    {"clear_quota", POST, true, JSON_BODY, false, 0, 0, quota_clear},
    {"clear_quota/v2", POST, false, JSON_BODY, false, 0, 0, quota_clear_v2},
    {"getcallbackip", GET, true, NO_BODY, false, 0, 0, network_callback_ips},
    {"get_api_domain_ip", GET, true, NO_BODY, false, 0, 0, network_api_ips},
    {"callback/check", POST, true, JSON_BODY, false, 0, 0, network_check},
};

/* Whether the path of an endpoint of this name begins with "cgi-bin/". */
static bool is_cgi(const char *name) {
    return strncmp(name, "sns/", 4) != 0 && strncmp(name, "wxaapi/", 7) != 0 &&
           strncmp(name, "connect/", 8) != 0;
}

const struct endpoint *endpoint_find(const char *path) {
    bool cgi = !strncmp(path, "cgi-bin/", 8);
    for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++)
        if (!strcmp(endpoints[i].name, cgi ? path + 8 : path) && is_cgi(endpoints[i].name) == cgi)
            return &endpoints[i];
    return NULL;
}

const char *endpoint_path(void *ctx, const struct endpoint *endpoint) {
    return must(
        talloc_asprintf(ctx, "/%s%s", is_cgi(endpoint->name) ? "cgi-bin/" : "", endpoint->name));
}
