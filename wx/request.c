#include "wx/request.h"

#include "wx/arguments.h"

#include <string.h>
#include <talloc.h>

char *wx_request_encode(void *ctx, const char *text) {
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    char *encoded = talloc_size(ctx, strlen(text) * 3 + 1), *end = encoded;
    if (!encoded)
        return NULL;
    for (; *text; text++) {
        if (strchr(plain, *text))
            *end++ = *text;
        else
            end += sprintf(end, "%%%02X", (unsigned char)*text);
    }
    *end = '\0';
    return encoded;
}

static int set_text(json_t *arguments, const char *name, const char *value) {
    return !name || json_object_set_new(arguments, name, json_string(value)) == 0 ? 0 : WX_E_NOMEM;
}

/* All arguments in one object: ours, those given, then the usual ones that were not given. */
static int gather(const struct wx_endpoint_info *info, const char *json, const char *appid,
                  const char *secret, json_t **arguments) {
    json_t *all = json_object();
    json_t *given = json_loads(json ? json : "{}", JSON_REJECT_DUPLICATES, NULL);
    json_t *usual = json_loads(info->standard ? info->standard : "{}", 0, NULL);
    int error = !all || !usual ? WX_E_NOMEM : json_is_object(given) ? 0 : WX_E_FIELD;
    if (!error)
        error = set_text(all, info->appid_as, appid);
    if (!error)
        error = set_text(all, info->secret_as, secret);
    if (!error && (json_object_update(all, given) || json_object_update_missing(all, usual)))
        error = WX_E_NOMEM;
    json_decref(given);
    json_decref(usual);
    if (error)
        json_decref(all);
    else
        *arguments = all;
    return error;
}

static char *value_text(void *ctx, const json_t *value) {
    if (json_is_string(value))
        return wx_request_encode(ctx, json_string_value(value));
    if (json_is_integer(value))
        return talloc_asprintf(ctx, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return NULL;
}

static int append(struct wx_request *request, const char *name, const json_t *value) {
    if (!json_is_string(value) && !json_is_integer(value))
        return WX_E_FIELD;
    char *text = value_text(request, value), *key = wx_request_encode(request, name);
    if (text && key)
        request->query = talloc_asprintf_append(request->query, "%s%s=%s",
                                                *request->query ? "&" : "", key, text);
    bool ok = text && key && request->query;
    talloc_free(text);
    talloc_free(key);
    return ok ? 0 : WX_E_NOMEM;
}

static int carry_query(struct wx_request *request, json_t *arguments) {
    const char *name;
    json_t *value;
    int error = 0;
    json_object_foreach(arguments, name, value) {
        if (!error)
            error = append(request, name, value);
    }
    return error;
}

static int carry_json(struct wx_request *request, json_t *arguments) {
    request->body = wx_arguments_text(request, json_incref(arguments));
    request->length = request->body ? strlen(request->body) : 0;
    return request->body ? 0 : WX_E_NOMEM;
}

static int carry_file(struct wx_request *request, json_t *arguments, const struct wx_file *file) {
    json_t *described = json_object_get(arguments, "description");
    char *description = NULL;
    int error = 0;
    if (described) {
        description =
            json_is_object(described) ? wx_arguments_text(request, json_incref(described)) : NULL;
        error = description ? 0 : WX_E_FIELD;
        json_object_del(arguments, "description");
    }
    if (!error)
        error = carry_query(request, arguments);
    if (!error)
        error = wx_multipart_write(request, file, description, &request->body, &request->length,
                                   &request->content_type);
    return error;
}

/* Whether the guard stands in `json`. Looked for as it is written, since the text of a message
 * cannot hold it: there, a quote has a backslash before it. One written with a blank before the
 * colon is missed, which only means more care. */
static bool guarded(const struct wx_endpoint_info *info, const char *json) {
    char wanted[32];
    int length = snprintf(wanted, sizeof wanted, "\"%s\":", info->guard);
    return json && length < (int)sizeof wanted && strstr(json, wanted);
}

static int copy_json(struct wx_request *request, const char *json) {
    request->body = talloc_strdup(request, json ? json : "{}");
    request->length = request->body ? strlen(request->body) : 0;
    return request->body ? 0 : WX_E_NOMEM;
}

static int carry(struct wx_request *request, const struct wx_endpoint_info *info, const char *json,
                 const struct wx_file *file, const char *appid, const char *secret) {
    if (info->carry == WX_CARRY_JSON && !info->standard && !info->appid_as)
        return copy_json(request, json);
    json_t *arguments;
    int error = gather(info, json, appid, secret, &arguments);
    if (error)
        return error;
    error = info->carry == WX_CARRY_QUERY  ? carry_query(request, arguments)
            : info->carry == WX_CARRY_JSON ? carry_json(request, arguments)
                                           : carry_file(request, arguments, file);
    json_decref(arguments);
    return error;
}

int wx_request_write(void *ctx, enum wx_endpoint endpoint, const char *json,
                     const struct wx_file *file, const char *appid, const char *secret,
                     struct wx_request **request) {
    const struct wx_endpoint_info *info = wx_endpoint_info(endpoint);
    if ((info->carry == WX_CARRY_FILE) != (file != NULL))
        return WX_E_FIELD;
    struct wx_request *made = talloc_zero(ctx, struct wx_request);
    if (!made)
        return WX_E_NOMEM;
    made->query = talloc_strdup(made, "");
    made->once = info->repeat == WX_REPEAT_NEVER ||
                 (info->repeat == WX_REPEAT_GUARDED && !guarded(info, json));
    int error = made->query ? carry(made, info, json, file, appid, secret) : WX_E_NOMEM;
    if (error)
        talloc_free(made);
    else
        *request = made;
    return error;
}
