/* day21 wx ACCOUNT CALL [JSON]: any call of WeChat's API by hand, and its answer. `day21 wx` lists
 * the calls. */

#include "bot/ask.h"
#include "bot/command.h"
#include "config/limits.h"
#include "wx/quota.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

/* The exit status tells the class of the answer apart. 1 and 2 are everybody's. */
enum { STATUS_CLASS = 10 };

static int status_of(const struct wx_result *result) {
    return wx_class_policy(result->klass)->next == WX_NEXT_DONE ? 0
                                                                : STATUS_CLASS + (int)result->klass;
}

/* ---- the list ---- */

static void list_call(enum wx_endpoint endpoint) {
    const struct wx_endpoint_info *info = wx_endpoint_info(endpoint);
    char quota[32] = "";
    if (info->per_day)
        snprintf(quota, sizeof quota, "%u a day", info->per_day);
    printf("  %-22s %-44s %-13s %s\n", info->name, info->path, quota,
           info->needs ? info->needs : "");
}

static int list(void) {
    printf(
        "day21 wx ACCOUNT CALL [JSON | @FILE | -]\n\n"
        "JSON is what WeChat's documentation shows; of a GET it becomes the query. \"file\" names "
        "a\n"
        "file to upload. A path will do as CALL, too. In the list: name, path, WeChat's quota for\n"
        "an account with few followers, what must be in JSON.\n\n");
    for (int i = 0; i < WX_API_COUNT; i++)
        list_call((enum wx_endpoint)i);
    printf("\nExit status: 0 done");
    for (int i = WX_CLASS_BUSY; i <= WX_CLASS_LOGIN; i++)
        printf(", %d %s", STATUS_CLASS + i, wx_class_name((enum wx_class)i));
    printf("\n");
    return 0;
}

/* Names that share a word with what was asked for. */
static int no_such_call(const char *name) {
    fprintf(stderr, "day21: there is no call %s", name);
    size_t word = strcspn(name, " -_/");
    const char *before = "; there are";
    for (int i = 0; word && i < WX_API_COUNT; i++)
        if (strncmp(wx_api_name((enum wx_endpoint)i), name, word) == 0) {
            fprintf(stderr, "%s %s", before, wx_api_name((enum wx_endpoint)i));
            before = ",";
        }
    fprintf(stderr, "%s\n", *before == ',' ? "" : "; day21 wx lists them");
    return 2;
}

/* ---- arguments ---- */

static char *read_all(void *ctx, FILE *file, size_t *length) {
    size_t size = 65536;
    char *bytes = talloc_size(ctx, size);
    *length = 0;
    while (bytes) {
        *length += fread(bytes + *length, 1, size - *length, file);
        if (*length < size || size > LIMIT_MEDIA)
            break;
        size *= 2;
        bytes = talloc_realloc_size(ctx, bytes, size);
    }
    if (!bytes || *length == size || ferror(file))
        return NULL;
    bytes[*length] = '\0';
    return bytes;
}

static char *read_file(void *ctx, const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    char *bytes = file ? read_all(ctx, file, length) : NULL;
    if (!bytes)
        fprintf(stderr, "day21: %s: %s\n", path,
                file ? "too large or unreadable" : strerror(errno));
    if (file)
        fclose(file);
    return bytes;
}

/* The last word, when it is no part of the name: JSON, @FILE, -. Returns -1 after saying why. */
static int take_json(void *ctx, int *argc, char **argv, const char **json) {
    const char *last = *argc > 1 ? argv[*argc - 1] : "";
    size_t length;
    *json = NULL;
    if (!strchr("{@-", *last) || (*last == '-' && last[1]))
        return 0;
    if (!*last)
        return 0;
    *json = *last == '{'   ? last
            : *last == '@' ? read_file(ctx, last + 1, &length)
                           : read_all(ctx, stdin, &length);
    --*argc;
    if (!*json && *last == '-')
        fprintf(stderr, "day21: what comes in is too large or unreadable\n");
    return *json ? 0 : -1;
}

struct call {
    enum wx_endpoint endpoint;
    const char *json; /* NULL: none */
    struct wx_file file;
};

/* Of an upload, "file" is ours: the path of what goes up. */
static int take_file(void *ctx, struct call *call) {
    json_error_t why;
    json_t *root = json_loads(call->json ? call->json : "{}", 0, &why);
    const char *path = json_string_value(json_object_get(root, "file"));
    if (!path) {
        fprintf(stderr, "day21: %s\n", root ? "\"file\" must name a file to upload" : why.text);
        json_decref(root);
        return 2;
    }
    call->file.name = talloc_strdup(ctx, path);
    call->file.bytes = read_file(ctx, path, &call->file.length);
    json_object_del(root, "file");
    char *rest = json_dumps(root, JSON_COMPACT);
    call->json = talloc_strdup(ctx, rest ? rest : "{}");
    free(rest);
    json_decref(root);
    return call->file.bytes ? 0 : 1;
}

static int prepare(void *ctx, const struct account *account, struct call *call) {
    const struct wx_endpoint_info *info = wx_endpoint_info(call->endpoint);
    json_error_t why;
    json_t *root = call->json ? json_loads(call->json, JSON_REJECT_DUPLICATES, &why) : NULL;
    if (call->json && !json_is_object(root)) {
        fprintf(stderr, "day21: that is no JSON object: %s\n", root ? "" : why.text);
        json_decref(root);
        return 2;
    }
    json_decref(root);
    if (!call->json && call->endpoint == WX_API_MENU_CREATE)
        call->json = menu_json(account->menu);
    if (!call->json && info->needs) {
        fprintf(stderr, "day21: %s needs JSON with %s\n", info->name, info->needs);
        return 2;
    }
    return info->carry == WX_CARRY_FILE ? take_file(ctx, call) : 0;
}

/* ---- the answer ---- */

/* Whoever has one of these can act as the account, or as a person: they are not for a screen. */
static void mask(enum wx_endpoint endpoint, json_t *root) {
    static const char *const names[] = {"access_token", "refresh_token"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (json_object_get(root, names[i]))
            json_object_set_new(root, names[i], json_string("***"));
    if (endpoint == WX_API_TICKET && json_object_get(root, "ticket"))
        json_object_set_new(root, "ticket", json_string("***"));
}

static int print_json(enum wx_endpoint endpoint, json_t *root) {
    mask(endpoint, root);
    char *text = json_dumps(root, JSON_INDENT(2));
    if (text)
        puts(text);
    free(text);
    return text ? 0 : 1;
}

static int print_file(const struct wx_result *result) {
    if (isatty(STDOUT_FILENO)) {
        fprintf(stderr, "day21: a file of %zu bytes: say where to, with > FILE\n", result->length);
        return 1;
    }
    return fwrite(result->body, 1, result->length, stdout) == result->length ? 0 : 1;
}

static int print_answer(enum wx_endpoint endpoint, const struct wx_result *result) {
    json_t *root = json_loadb(result->body, result->length, 0, NULL);
    int status = 0;
    if (json_is_object(root))
        status = print_json(endpoint, root);
    else if (!result->error)
        status = print_file(result);
    json_decref(root);
    if (result->error)
        fprintf(stderr, "day21: %s: %s (%s)\n", wx_api_name(endpoint), result->reason,
                wx_class_name(result->klass));
    return status ? status : status_of(result);
}

/* All that have a quota, one line each. */
static int list_quotas(void *ctx, struct ask *ask) {
    int status = 0;
    for (int i = 0; i < WX_API_COUNT; i++) {
        const struct wx_endpoint_info *info = wx_endpoint_info((enum wx_endpoint)i);
        struct wx_quota quota;
        if (!info->per_day || !info->token)
            continue;
        char *json = talloc_asprintf(ctx, "{\"cgi_path\":\"%s\"}", info->path);
        struct wx_result result = ask_wechat(ctx, ask, WX_API_QUOTA, json, NULL);
        if (result.error)
            fprintf(stderr, "day21: %s: %s (%s)\n", info->name, result.reason,
                    wx_class_name(result.klass));
        else if (wx_quota_read(result.body, &quota))
            fprintf(stderr, "day21: %s: WeChat names no numbers\n", info->name);
        else
            printf("%-22s %10" PRId64 " a day %10" PRId64 " used %10" PRId64 " left\n", info->name,
                   quota.daily_limit, quota.used, quota.remain);
        if (result.error && !status)
            status = status_of(&result);
        if (wx_class_policy(result.klass)->scope == WX_SCOPE_ACCOUNT)
            break; /* the others would be told the same */
    }
    return status;
}

static int make_call(struct account *account, struct call *call) {
    void *ctx = talloc_new(NULL);
    struct ask *ask;
    int status = call->endpoint == WX_API_QUOTA && !call->json ? 0 : prepare(ctx, account, call);
    if (!status && ask_open(ctx, account, &ask))
        status = 1;
    if (!status && call->endpoint == WX_API_QUOTA && !call->json) {
        status = list_quotas(ctx, ask);
    } else if (!status) {
        const struct wx_file *file = call->file.bytes ? &call->file : NULL;
        struct wx_result result = ask_wechat(ctx, ask, call->endpoint, call->json, file);
        status = print_answer(call->endpoint, &result);
    }
    talloc_free(ctx);
    return status;
}

static int wx_run(const struct config *config, const struct accounts *accounts, int argc,
                  char **argv) {
    (void)config;
    if (argc == 0)
        return list();
    struct account *account = command_account(accounts, argv[0]);
    if (!account)
        return 1;
    void *ctx = talloc_new(NULL);
    struct call call = {0};
    int status = take_json(ctx, &argc, argv, &call.json) ? 1 : 0;
    char *name = talloc_strdup(ctx, argc > 1 ? argv[1] : "");
    for (int i = 2; i < argc; i++)
        name = talloc_asprintf_append(name, " %s", argv[i]);
    if (!status) {
        call.endpoint = wx_endpoint_find(name);
        status = call.endpoint == WX_API_COUNT ? no_such_call(name) : make_call(account, &call);
    }
    talloc_free(ctx);
    return status;
}

const struct command wx_command = {
    .name = "wx",
    .arguments = "[ACCOUNT CALL [JSON]]",
    .purpose = "make any call of WeChat's API; without arguments, list them",
    .max = 8,
    .secrets = true,
    .run = wx_run,
};
