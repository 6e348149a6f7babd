#include "bot/config.h"

#include "bot/calendar.h"
#include "bot/clock.h"
#include "bot/notices.h"
#include "config/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <talloc.h>
#include <unistd.h>

/* The file as it is written. Numbers are pointers, so that one left out and a 0 differ. */
struct file {
    const char *listen, *redis, *redis_password_file, *api_base, *api_base_fallback, *public_url,
        *templates, *archive, *reports;
    unsigned *processes, *timestamp_window, *turn_deadline_ms;
    struct file_work {
        unsigned *tick_ms, *claim_after_s, *concurrency, *daily_cap, *ledger_days;
        const char *quiet_from, *quiet_to;
    } work;
    struct config_account *accounts;
    unsigned accounts_count;
};

#define ANY_TEXT 200 /* bytes at most; most have a stricter rule besides */

#define TEXT(key, type, member)                                                                    \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, type, member, 1, ANY_TEXT)
#define TEXT_OR_NOT(key, type, member)                                                             \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, 1, ANY_TEXT)
#define NUMBER_OR_NOT(key, type, member)                                                           \
    CYAML_FIELD_UINT_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member)
#define SPANS(key, member)                                                                         \
    CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct config_account,     \
                         member, &span_value, 0, WORKDAYS_SPANS)

static const cyaml_schema_field_t template_fields[] = {
    TEXT("notice", struct config_template, notice),
    TEXT("id", struct config_template, id),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t template_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct config_template, template_fields),
};

static const cyaml_schema_field_t span_fields[] = {
    CYAML_FIELD_STRING_PTR("reason", CYAML_FLAG_POINTER, struct workdays_span, name, 1,
                           WORKDAYS_NAME),
    TEXT("date", struct workdays_span, date),
    TEXT_OR_NOT("to", struct workdays_span, to),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t span_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct workdays_span, span_fields),
};

static const cyaml_schema_field_t report_fields[] = {
    TEXT_OR_NOT("day", struct config_report, day),
    TEXT_OR_NOT("week", struct config_report, week),
    TEXT_OR_NOT("month", struct config_report, month),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t account_fields[] = {
    TEXT("name", struct config_account, name),
    TEXT("title", struct config_account, title),
    TEXT("appid", struct config_account, appid),
    TEXT("original_id", struct config_account, original_id),
    TEXT("mode", struct config_account, mode),
    TEXT_OR_NOT("format", struct config_account, format),
    TEXT("token", struct config_account, token),
    TEXT_OR_NOT("previous_token", struct config_account, previous_token),
    TEXT_OR_NOT("aes_key", struct config_account, aes_key),
    TEXT_OR_NOT("previous_aes_key", struct config_account, previous_aes_key),
    TEXT_OR_NOT("secret_file", struct config_account, secret_file),
    TEXT_OR_NOT("secret_env", struct config_account, secret_env),
    TEXT("pack", struct config_account, pack),
    TEXT_OR_NOT("time_zone", struct config_account, time_zone),
    TEXT_OR_NOT("calendar", struct config_account, calendar),
    SPANS("rest_days", company_days.rest),
    SPANS("work_days", company_days.work),
    CYAML_FIELD_MAPPING("war_report", CYAML_FLAG_OPTIONAL, struct config_account, war_report,
                        report_fields),
    CYAML_FIELD_SEQUENCE("templates", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
                         struct config_account, templates, &template_value, 0, 100),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t account_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct config_account, account_fields),
};

static const cyaml_schema_field_t work_fields[] = {
    NUMBER_OR_NOT("tick_ms", struct file_work, tick_ms),
    NUMBER_OR_NOT("claim_after_s", struct file_work, claim_after_s),
    NUMBER_OR_NOT("concurrency", struct file_work, concurrency),
    NUMBER_OR_NOT("daily_cap", struct file_work, daily_cap),
    NUMBER_OR_NOT("ledger_days", struct file_work, ledger_days),
    TEXT_OR_NOT("quiet_from", struct file_work, quiet_from),
    TEXT_OR_NOT("quiet_to", struct file_work, quiet_to),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t file_fields[] = {
    TEXT_OR_NOT("listen", struct file, listen),
    NUMBER_OR_NOT("processes", struct file, processes),
    TEXT_OR_NOT("redis", struct file, redis),
    TEXT_OR_NOT("redis_password_file", struct file, redis_password_file),
    TEXT_OR_NOT("api_base", struct file, api_base),
    TEXT_OR_NOT("api_base_fallback", struct file, api_base_fallback),
    TEXT("public_url", struct file, public_url),
    TEXT_OR_NOT("templates", struct file, templates),
    TEXT_OR_NOT("archive", struct file, archive),
    TEXT_OR_NOT("reports", struct file, reports),
    NUMBER_OR_NOT("timestamp_window", struct file, timestamp_window),
    NUMBER_OR_NOT("turn_deadline_ms", struct file, turn_deadline_ms),
    CYAML_FIELD_MAPPING("work", CYAML_FLAG_OPTIONAL, struct file, work, work_fields),
    CYAML_FIELD_SEQUENCE("accounts", CYAML_FLAG_POINTER, struct file, accounts, &account_value, 1,
                         LIMIT_ACCOUNTS),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t file_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct file, file_fields),
};

#define MEMBER(type, structure, offset) (*(type *)(void *)((char *)(structure) + (offset)))

static const struct number {
    const char *where;
    size_t given, member; /* of an unsigned * in struct file, of an unsigned in struct config */
    unsigned least, most, standard;
} numbers[] = {
#define NUMBER(name, least, most, standard)                                                        \
    { #name, offsetof(struct file, name), offsetof(struct config, name), least, most, standard }
    NUMBER(processes, 1, 64, 1),
    NUMBER(timestamp_window, 10, 3600, LIMIT_TIMESTAMP_WINDOW),
    NUMBER(turn_deadline_ms, 100, 4800, LIMIT_TURN_DEADLINE_MS),
    NUMBER(work.tick_ms, 10, 60000, 1000),
    NUMBER(work.claim_after_s, 1, 540, 60),
    NUMBER(work.concurrency, 1, 256, 32),
    NUMBER(work.daily_cap, 1, 100, 2),
    NUMBER(work.ledger_days, 1, 90, 3),
#undef NUMBER
};

static int take_numbers(struct config *config, const struct file *file,
                        struct yaml_problem *problem) {
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
        const struct number *number = &numbers[i];
        const unsigned *given = MEMBER(unsigned *const, file, number->given);
        unsigned value = given ? *given : number->standard;
        if (value < number->least || value > number->most)
            return yaml_refuse(config->path, problem, number->where, "%u, expected %u to %u", value,
                               number->least, number->most);
        MEMBER(unsigned, config, number->member) = value;
    }
    return 0;
}

/* Each of the following says what was expected, or returns NULL. */

static const char *wrong_address(const char *text) {
    if (strchr(text, '/'))
        return strlen(text) < sizeof((struct sockaddr_un){0}.sun_path)
                   ? NULL
                   : "a socket's path, at most 107 bytes";
    const char *colon = strrchr(text, ':');
    size_t digits = colon ? strspn(colon + 1, "0123456789") : 0;
    if (!colon || colon == text || digits == 0 || digits > 5 || colon[1 + digits] ||
        atoi(colon + 1) < 1 || atoi(colon + 1) > 65535)
        return "a socket's path with a / in it, or host:port";
    return NULL;
}

static const char *wrong_url(const char *text) {
    size_t scheme = strncmp(text, "https://", 8) == 0  ? 8
                    : strncmp(text, "http://", 7) == 0 ? 7
                                                       : 0;
    const char *host = text + scheme;
    if (scheme == 0 || !host[0] || strchr("/:", host[0]))
        return "a URL with http:// or https://";
    if (host[strspn(host,
                    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                    "-._~:/%[]")])
        return "a URL of host, port and path only";
    if (host[strlen(host) - 1] == '/')
        return "a URL without a / at its end";
    return NULL;
}

static const char *wrong_directory(const char *text) {
    struct stat status;
    return stat(text, &status) == 0 && S_ISDIR(status.st_mode) ? NULL : "a directory that is there";
}

static const char *wrong_time(const char *text) {
    return clock_minute(text) < 0 ? CLOCK_EXPECTED : NULL;
}

static const struct text {
    const char *where;
    size_t given, member; /* of a const char * in struct file and in struct config */
    const char *standard;
    const char *(*wrong)(const char *text);
} texts[] = {
#define TEXT_OF(name, standard, wrong)                                                             \
    { #name, offsetof(struct file, name), offsetof(struct config, name), standard, wrong }
    TEXT_OF(listen, "var/run/serve.sock", wrong_address),
    TEXT_OF(redis, "var/run/redis.sock", wrong_address),
    TEXT_OF(redis_password_file, NULL, NULL),
    TEXT_OF(api_base, "https://api.weixin.qq.com", wrong_url),
    TEXT_OF(api_base_fallback, NULL, wrong_url),
    TEXT_OF(public_url, NULL, wrong_url),
    TEXT_OF(templates, "templates", wrong_directory),
    TEXT_OF(archive, "var/archive", NULL),
    TEXT_OF(reports, "var/reports", NULL),
    TEXT_OF(work.quiet_from, "21:30", wrong_time),
    TEXT_OF(work.quiet_to, "08:30", wrong_time),
#undef TEXT_OF
};

static int take_texts(struct config *config, const struct file *file,
                      struct yaml_problem *problem) {
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        const struct text *text = &texts[i];
        const char *given = MEMBER(const char *const, file, text->given);
        const char *value = given ? given : text->standard;
        const char *expected = text->wrong && value ? text->wrong(value) : NULL;
        if (expected)
            return yaml_refuse(config->path, problem, text->where, "expected %s", expected);
        MEMBER(const char *, config, text->member) = value;
    }
    config->work.quiet_from_minute = (unsigned)clock_minute(config->work.quiet_from);
    config->work.quiet_to_minute = (unsigned)clock_minute(config->work.quiet_to);
    return 0;
}

#define DIGITS  "0123456789"
#define LOWER   "abcdefghijklmnopqrstuvwxyz"
#define LETTERS LOWER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* How an account's texts look. They may be secrets, so a complaint never repeats them. */
static const struct form {
    const char *key;
    size_t member; /* of a const char * in struct config_account */
    const char *prefix, *characters;
    unsigned least, most; /* characters after the prefix */
    const char *expected;
} forms[] = {
#define FORM(name, ...)                                                                            \
    { #name, offsetof(struct config_account, name), __VA_ARGS__ }
    FORM(name, "", LOWER DIGITS "-", 1, 32, "a-z, 0-9 and - only"),
    FORM(appid, "wx", DIGITS "abcdef", 16, 16, "wx and 16 of 0-9 and a-f"),
    FORM(original_id, "gh_", LETTERS DIGITS "_-", 1, 60, "gh_ and letters, digits, _ or -"),
    FORM(token, "", LETTERS DIGITS, 3, 32, "letters and digits only"),
    FORM(previous_token, "", LETTERS DIGITS, 3, 32, "letters and digits only"),
    FORM(aes_key, "", LETTERS DIGITS, WX_ENCODING_AES_KEY, WX_ENCODING_AES_KEY,
         "letters and digits only"),
    FORM(previous_aes_key, "", LETTERS DIGITS, WX_ENCODING_AES_KEY, WX_ENCODING_AES_KEY,
         "letters and digits only"),
    FORM(secret_env, "", LETTERS DIGITS "_", 1, 64, "letters, digits and _ only"),
    FORM(pack, "", LETTERS DIGITS "_-", 1, 64, "the name of a directory in templates"),
    FORM(calendar, "", LETTERS DIGITS "_-", 1, 64, "the name of a file in templates/calendar"),
#undef FORM
};

/* A place inside an account, or with `key` NULL the account. */
struct place {
    char text[96];
};

static struct place in_account(unsigned index, const char *key) {
    struct place place;
    snprintf(place.text, sizeof(place.text), "accounts[%u]%s%s", index, key ? "." : "",
             key ? key : "");
    return place;
}

static int check_forms(const struct config *config, unsigned index, struct yaml_problem *problem) {
    for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
        const struct form *form = &forms[i];
        const char *text = MEMBER(const char *, &config->accounts[index], form->member);
        if (!text)
            continue;
        struct place place = in_account(index, form->key);
        const char *where = place.text;
        size_t prefix = strlen(form->prefix), length = strlen(text);
        size_t least = prefix + form->least, most = prefix + form->most;
        if (length < least || length > most)
            return least == most
                       ? yaml_refuse(config->path, problem, where, "%zu characters, expected %zu",
                                     length, least)
                       : yaml_refuse(config->path, problem, where,
                                     "%zu characters, expected %zu to %zu", length, least, most);
        if (strncmp(text, form->prefix, prefix) != 0 ||
            text[prefix + strspn(text + prefix, form->characters)])
            return yaml_refuse(config->path, problem, where, "expected %s", form->expected);
    }
    return 0;
}

static const struct mode {
    const char *name;
    enum wx_mode mode;
} modes[] = {{"plain", WX_MODE_PLAIN}, {"compatible", WX_MODE_COMPATIBLE}, {"safe", WX_MODE_SAFE}};

static int take_format(struct config *config, unsigned index, struct yaml_problem *problem) {
    struct config_account *account = &config->accounts[index];
    if (!account->format)
        account->format = "xml";
    bool json = strcmp(account->format, "json") == 0;
    if (!json && strcmp(account->format, "xml") != 0)
        return yaml_refuse(config->path, problem, in_account(index, "format").text,
                           "expected xml or json");
    account->wx.format = json ? WX_FORMAT_JSON : WX_FORMAT_XML;
    return 0;
}

/* The mode, and the keys it needs. */
static int take_mode(struct config *config, unsigned index, struct yaml_problem *problem) {
    struct config_account *account = &config->accounts[index];
    const struct mode *mode = NULL;
    for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++)
        if (strcmp(account->mode, modes[i].name) == 0)
            mode = &modes[i];
    if (!mode)
        return yaml_refuse(config->path, problem, in_account(index, "mode").text,
                           "expected plain, compatible or safe");
    account->wx.mode = mode->mode;

    bool encrypts = mode->mode != WX_MODE_PLAIN;
    if (encrypts && !account->aes_key)
        return yaml_refuse(config->path, problem, in_account(index, "aes_key").text,
                           "missing: mode %s needs the EncodingAESKey", mode->name);
    if (!encrypts && (account->aes_key || account->previous_aes_key))
        return yaml_refuse(
            config->path, problem,
            in_account(index, account->aes_key ? "aes_key" : "previous_aes_key").text,
            "mode plain has none");
    if (account->aes_key && wx_aes_key_decode(account->aes_key, account->wx.key))
        return yaml_refuse(config->path, problem, in_account(index, "aes_key").text,
                           "cannot be decoded");
    account->wx.has_previous_key = account->previous_aes_key != NULL;
    if (account->previous_aes_key &&
        wx_aes_key_decode(account->previous_aes_key, account->wx.previous_key))
        return yaml_refuse(config->path, problem, in_account(index, "previous_aes_key").text,
                           "cannot be decoded");
    return 0;
}

static int check_templates(const struct config *config, unsigned index,
                           struct yaml_problem *problem) {
    const struct config_account *account = &config->accounts[index];
    for (unsigned i = 0; i < account->templates_count; i++) {
        const struct config_template *template = &account->templates[i];
        char notice[32], id[32];
        snprintf(notice, sizeof(notice), "templates[%u].notice", i);
        snprintf(id, sizeof(id), "templates[%u].id", i);
        if (notices_find(template->notice) < 0)
            return yaml_refuse(config->path, problem, in_account(index, notice).text,
                               "there is no notice of this name");
        if (config_template_id(account, template->notice) != template->id)
            return yaml_refuse(config->path, problem, in_account(index, notice).text,
                               "has a template already");
        size_t length = strlen(template->id);
        if (length > 64 || template->id[strspn(template->id, LETTERS DIGITS "_-")])
            return yaml_refuse(config->path, problem, in_account(index, id).text,
                               "expected up to 64 letters, digits, _ or -");
    }
    return 0;
}

static int take_reports(struct config *config, unsigned index, struct yaml_problem *problem) {
    struct config_report *report = &config->accounts[index].war_report;
    struct {
        const char *key, **text, *standard;
    } const periods[] = {
        [WAR_REPORT_DAY] = {"war_report.day", &report->day, "off"},
        [WAR_REPORT_WEEK] = {"war_report.week", &report->week, "mon 09:00"},
        [WAR_REPORT_MONTH] = {"war_report.month", &report->month, "off"},
    };
    for (int i = WAR_REPORT_DAY; i <= WAR_REPORT_MONTH; i++) {
        if (!*periods[i].text)
            *periods[i].text = periods[i].standard;
        const char *expected =
            war_report_schedule_read((enum war_report_period)i, *periods[i].text, &report->at[i]);
        if (expected)
            return yaml_refuse(config->path, problem, in_account(index, periods[i].key).text,
                               "expected %s", expected);
    }
    return 0;
}

static int check_time_zone(const struct config *config, unsigned index,
                           struct yaml_problem *problem) {
    struct calendar *calendar;
    if (calendar_open(NULL, config->accounts[index].time_zone, &calendar))
        return yaml_refuse(config->path, problem, in_account(index, "time_zone").text,
                           "expected a name such as Asia/Shanghai");
    talloc_free(calendar);
    return 0;
}

static int check_pack(const struct config *config, unsigned index, struct yaml_problem *problem) {
    char *directory =
        talloc_asprintf(NULL, "%s/%s", config->templates, config->accounts[index].pack);
    int result = !directory || wrong_directory(directory)
                     ? yaml_refuse(config->path, problem, in_account(index, "pack").text,
                                   "there is no directory %s", directory ? directory : "")
                     : 0;
    talloc_free(directory);
    return result;
}

/* No two accounts may share a name (a path), an AppID or an original id. */
static int check_unique(const struct config *config, unsigned index, struct yaml_problem *problem) {
    for (size_t i = 0; i < 3; i++) { /* the first three forms */
        const char *text = MEMBER(const char *, &config->accounts[index], forms[i].member);
        for (unsigned other = 0; other < index; other++)
            if (strcmp(text, MEMBER(const char *, &config->accounts[other], forms[i].member)) == 0)
                return yaml_refuse(config->path, problem, in_account(index, forms[i].key).text,
                                   "accounts[%u] has the same", other);
    }
    return 0;
}

static int take_account(struct config *config, unsigned index, struct yaml_problem *problem) {
    struct config_account *account = &config->accounts[index];
    if (check_forms(config, index, problem) || check_unique(config, index, problem))
        return -1;
    if (strlen(account->title) > 90 || strpbrk(account->title, "\n\t"))
        return yaml_refuse(config->path, problem, in_account(index, "title").text,
                           "expected one line of up to 90 bytes");
    if (!account->secret_file == !account->secret_env)
        return yaml_refuse(config->path, problem, in_account(index, NULL).text,
                           "expected either secret_file or secret_env");
    if (!account->time_zone)
        account->time_zone = "Asia/Shanghai";
    if (!account->calendar)
        account->calendar = "cn";
    if (take_mode(config, index, problem) || take_format(config, index, problem) ||
        check_pack(config, index, problem) || check_time_zone(config, index, problem) ||
        take_reports(config, index, problem) || check_templates(config, index, problem))
        return -1;

    account->wx.name = account->name;
    account->wx.appid = account->appid;
    account->wx.original_id = account->original_id;
    account->wx.token = account->token;
    account->wx.previous_token = account->previous_token;
    account->wx.window = (int)config->timestamp_window;
    return 0;
}

static int compare_accounts(const void *left, const void *right) {
    return strcmp((*(const struct config_account *const *)left)->name,
                  (*(const struct config_account *const *)right)->name);
}

static int take_accounts(struct config *config, struct yaml_problem *problem) {
    config->by_name = talloc_array(config, const struct config_account *, config->accounts_count);
    if (!config->by_name)
        return yaml_refuse(config->path, problem, "", "out of memory");
    for (unsigned i = 0; i < config->accounts_count; i++) {
        if (take_account(config, i, problem))
            return -1;
        config->by_name[i] = &config->accounts[i];
    }
    qsort(config->by_name, config->accounts_count, sizeof(*config->by_name), compare_accounts);
    return 0;
}

int config_load(void *ctx, const char *path, struct config **config, struct yaml_problem *problem) {
    void *loaded;
    struct config *made = talloc_zero(ctx, struct config);
    if (!made)
        return yaml_refuse(path, problem, "", "out of memory");
    if (yaml_load(made, path, &file_value, &loaded, problem))
        goto fail;

    const struct file *file = loaded;
    made->path = talloc_strdup(made, path);
    made->accounts = file->accounts;
    made->accounts_count = file->accounts_count;
    if (!made->path) {
        yaml_refuse(path, problem, "", "out of memory");
        goto fail;
    }
    if (take_texts(made, file, problem) || take_numbers(made, file, problem) ||
        take_accounts(made, problem))
        goto fail;
    *config = made;
    return 0;
fail:
    talloc_free(made);
    return -1;
}

/* Fills secret[] with what a file of ours holds. Returns NULL, or what is wrong with it. */
static const char *read_secret(const char *path, char *secret, size_t size) {
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return strerror(errno);
    const char *wrong = NULL;
    ssize_t length = 0;
    if (fstat(fd, &status) < 0)
        wrong = strerror(errno);
    else if (!S_ISREG(status.st_mode))
        wrong = "not a file";
    else if (status.st_mode & (S_IRWXG | S_IRWXO))
        wrong = "others than its owner may read it: chmod 600";
    else if ((length = read(fd, secret, size - 1)) < 0)
        wrong = strerror(errno);
    else if (memchr(secret, '\0', (size_t)length))
        wrong = "not a text file";
    close(fd);
    if (!wrong)
        secret[length] = '\0';
    return wrong;
}

/* Reads a secret from a file (only its owner may read it) or an environment variable into *value,
 * which belongs to config. A complaint names the source, never what it holds. */
static int take_secret(struct config *config, const char *where, const char *file, const char *env,
                       size_t least, const char *expected, const char **value,
                       struct yaml_problem *problem) {
    char secret[128];
    const char *wrong = NULL;
    if (file) {
        wrong = read_secret(file, secret, sizeof(secret));
    } else {
        const char *given = getenv(env);
        wrong = given ? NULL : "not in the environment";
        snprintf(secret, sizeof(secret), "%s", given ? given : "");
    }
    if (!wrong) {
        size_t length = strlen(secret), printable = 0;
        while (length > 0 && strchr("\r\n", secret[length - 1]))
            secret[--length] = '\0';
        while (secret[printable] > ' ' && secret[printable] < 0x7f)
            printable++;
        if (printable != length || length < least || length > 64)
            wrong = expected;
        else if (!(*value = talloc_strdup(config, secret)))
            wrong = "out of memory";
    }
    explicit_bzero(secret, sizeof(secret));
    return wrong ? yaml_refuse(config->path, problem, where, "%s: %s", file ? file : env, wrong)
                 : 0;
}

static int take_appsecret(struct config *config, unsigned index, struct yaml_problem *problem) {
    struct config_account *account = &config->accounts[index];
    struct place place = in_account(index, account->secret_file ? "secret_file" : "secret_env");
    return take_secret(config, place.text, account->secret_file, account->secret_env, 16,
                       "does not hold an AppSecret: 16 to 64 printable characters",
                       &account->secret, problem);
}

int config_secrets(struct config *config, struct yaml_problem *problem) {
    for (unsigned i = 0; i < config->accounts_count; i++)
        if (take_appsecret(config, i, problem))
            return -1;
    return 0;
}

int config_redis_password(struct config *config, struct yaml_problem *problem) {
    if (!config->redis_password_file)
        return 0;
    return take_secret(config, "redis_password_file", config->redis_password_file, NULL, 1,
                       "does not hold a password: 1 to 64 printable characters",
                       &config->redis_password, problem);
}

struct key {
    const char *name;
    size_t length;
};

static int compare_key(const void *key, const void *element) {
    const struct key *wanted = key;
    const char *name = (*(const struct config_account *const *)element)->name;
    int order = strncmp(wanted->name, name, wanted->length);
    return order ? order : name[wanted->length] ? -1 : 0;
}

const struct config_account *config_account(const struct config *config, const char *name,
                                            size_t length) {
    if (length == 0 || memchr(name, '\0', length))
        return NULL;
    const struct key key = {name, length};
    const struct config_account **found = bsearch(&key, config->by_name, config->accounts_count,
                                                  sizeof(*config->by_name), compare_key);
    return found ? *found : NULL;
}

const char *config_template_id(const struct config_account *account, const char *notice) {
    for (unsigned i = 0; i < account->templates_count; i++)
        if (strcmp(account->templates[i].notice, notice) == 0)
            return account->templates[i].id;
    return NULL;
}
