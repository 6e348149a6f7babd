#ifndef DAY21_WX_ENDPOINT_H
#define DAY21_WX_ENDPOINT_H

/* The table of WeChat's server API (wx/endpoint.c): where each call goes, what it carries, what it
 * costs and whether it may be repeated. Rules: the pages of developers.weixin.qq.com/doc/service
 * that bear the names of the paths. */

#include <stdbool.h>
#include <stddef.h>

enum wx_endpoint {
    WX_API_TOKEN,        /* ends the token that this endpoint gave before: by hand only */
    WX_API_STABLE_TOKEN, /* used by wx/token.c itself */
    WX_API_TICKET,       /* of the JS-SDK: wx/jssdk.h */

    WX_API_TEMPLATE_SEND, /* wx/template.h */
    WX_API_TEMPLATE_SET_INDUSTRY,
    WX_API_TEMPLATE_GET_INDUSTRY,
    WX_API_TEMPLATE_ADD,
    WX_API_TEMPLATE_LIST,
    WX_API_TEMPLATE_DELETE,

    WX_API_SUBSCRIBE_SEND, /* wx/subscribe.h */
    WX_API_SUBSCRIBE_ADD,
    WX_API_SUBSCRIBE_DELETE,
    WX_API_SUBSCRIBE_LIST,
    WX_API_SUBSCRIBE_CATEGORIES,
    WX_API_SUBSCRIBE_TITLES,
    WX_API_SUBSCRIBE_KEYWORDS,

    WX_API_CUSTOM_SEND, /* wx/custom.h */
    WX_API_CUSTOM_TYPING,

    WX_API_MASS_SENDALL, /* wx/mass.h */
    WX_API_MASS_SEND,
    WX_API_MASS_PREVIEW,
    WX_API_MASS_GET,
    WX_API_MASS_DELETE,
    WX_API_MASS_SPEED_GET,
    WX_API_MASS_SPEED_SET,

    WX_API_MENU_CREATE,
    WX_API_MENU_GET,
    WX_API_MENU_DELETE,
    WX_API_MENU_CURRENT,
    WX_API_MENU_ADD_CONDITIONAL,
    WX_API_MENU_DELETE_CONDITIONAL,
    WX_API_MENU_TRY_MATCH,

    WX_API_USER_INFO, /* wx/user.h */
    WX_API_USER_BATCHGET,
    WX_API_USER_LIST,
    WX_API_USER_REMARK,

    WX_API_TAGS_CREATE,
    WX_API_TAGS_GET,
    WX_API_TAGS_UPDATE,
    WX_API_TAGS_DELETE,
    WX_API_TAGS_MEMBERS,
    WX_API_TAGS_TAG,
    WX_API_TAGS_UNTAG,
    WX_API_TAGS_OF,

    WX_API_BLACKLIST_GET,
    WX_API_BLACKLIST_ADD,
    WX_API_BLACKLIST_REMOVE,

    WX_API_QRCODE_CREATE, /* wx/qrcode.h */

    WX_API_MEDIA_UPLOAD, /* wx/media.h */
    WX_API_MEDIA_GET,
    WX_API_MEDIA_GET_JSSDK,
    WX_API_MEDIA_UPLOADIMG,
    WX_API_MEDIA_UPLOADVIDEO,
    WX_API_MATERIAL_ADD,
    WX_API_MATERIAL_GET,
    WX_API_MATERIAL_DELETE,
    WX_API_MATERIAL_COUNT,
    WX_API_MATERIAL_LIST,

    WX_API_DRAFT_ADD,
    WX_API_DRAFT_GET,
    WX_API_DRAFT_UPDATE,
    WX_API_DRAFT_DELETE,
    WX_API_DRAFT_COUNT,
    WX_API_DRAFT_LIST,

    WX_API_PUBLISH_SUBMIT,
    WX_API_PUBLISH_GET,
    WX_API_PUBLISH_DELETE,
    WX_API_PUBLISH_ARTICLE,
    WX_API_PUBLISH_LIST,

    WX_API_OAUTH_TOKEN, /* wx/oauth.h */
    WX_API_OAUTH_REFRESH,
    WX_API_OAUTH_USERINFO,
    WX_API_OAUTH_CHECK,

    WX_API_QUOTA, /* wx/quota.h */
    WX_API_QUOTA_CLEAR,
    WX_API_QUOTA_CLEAR_V2,
    WX_API_RID,
    WX_API_CALLBACK_IP,
    WX_API_DOMAIN_IP,
    WX_API_CALLBACK_CHECK,

    WX_API_COUNT,
};

/* How the arguments, always a JSON object, travel. */
enum wx_carry {
    WX_CARRY_QUERY, /* GET, each member a part of the query */
    WX_CARRY_JSON,  /* POST, as it is */
    WX_CARRY_FILE,  /* POST multipart/form-data: `type` in the query, `description` a field of its
                       own, and the file as the field `media` */
};

/* Whether the same request may reach WeChat twice. It must not, where the second would do something
 * again: then it goes over HTTP/1.1, where we know what libcurl repeats by itself (wx/http.h). */
enum wx_repeat {
    WX_REPEAT_SAFE,    /* asks something, or sets what is set already */
    WX_REPEAT_GUARDED, /* safe when the arguments have the member `guard` */
    WX_REPEAT_NEVER,
};

struct wx_endpoint_info {
    const char *name; /* for a log line and the command line: "template send" */
    const char *path;
    enum wx_carry carry;
    enum wx_repeat repeat;
    const char *guard;    /* client_msg_id, clientmsgid */
    bool token;           /* goes with the account's access_token */
    const char *appid_as; /* the argument that is the AppID, filled in by wx_api; NULL: none */
    const char *secret_as;
    const char *standard; /* JSON: arguments that are so unless given otherwise; NULL: none */
    const char *needs;    /* arguments without which WeChat refuses, for the usage: "openid" */
    bool file;            /* the answer may be a file: told from JSON by its first byte */
    bool large;           /* carries or answers up to LIMIT_MEDIA, in LIMIT_HTTP_MEDIA_MS */
    unsigned per_day;     /* WeChat's quota of an account with few followers; 0: not published */
    unsigned per_minute;  /* kept by wx_api (wx/flow.h); 0: no limit known */
};

/* Never NULL for an endpoint of the enum. */
const struct wx_endpoint_info *wx_endpoint_info(enum wx_endpoint endpoint);

/* The endpoint of this name or path, WX_API_COUNT if there is none. In a name, "-", "_", "/" and "
 * " are the same; a path is with or without its "/cgi-bin/". */
enum wx_endpoint wx_endpoint_find(const char *name);

#endif
