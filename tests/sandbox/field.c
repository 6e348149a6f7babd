#include "field.h"

#include <regex.h>
#include <stdint.h>
#include <string.h>

#define KEYWORD_SHOWN 20 /* of an old template's keywordN, in characters */

#define DATE  "[0-9]{4}(年[0-9]{1,2}月[0-9]{1,2}日|([-/.])[0-9]{1,2}[-/.][0-9]{1,2})"
#define CLOCK "[0-9]{1,2}[:][0-9]{2}(:[0-9]{2})?"
#define TIME  "(" DATE " ?)?" CLOCK
#define DAY   DATE "( ?" CLOCK ")?"

/* name of the kind, most characters, what its value must match ("": anything), its usual label */
static const struct kind {
    const char *name;
    size_t most;
    const char *pattern;
    const char *label;
} kinds[] = {
    {"thing", 20, "", "事项"},
    {"number", 32, "^-?[0-9]+([.][0-9]+)?$", "数量"},
    {"letter", 32, "^[A-Za-z]+$", "代码"},
    {"symbol", 5, "^[^A-Za-z0-9]+$", "符号"},
    {"character_string", 32, "^[ -~]+$", "编号"},
    {"time", 64, "^" TIME "(~" TIME ")?$", "时间"},
    {"date", 64, "^" DAY "(~" DAY ")?$", "日期"},
    {"amount", 14, "^(¥|￥|[$])?[0-9]{1,10}([.][0-9]{1,2})?(元)?$", "金额"},
    {"phone_number", 17, "^[-+() 0-9]+$", "电话"},
    {"car_number", 8, "", "车牌号"},
    {"name", 20, "", "姓名"},
    {"phrase", 5, "", "状态"},
    {"const", 20, "", "类别"},
    {"keyword", SIZE_MAX, "", "内容"},
};

static bool matches(const char *pattern, const char *value) {
    regex_t compiled;
    if (!*pattern)
        return true;
    if (regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB))
        must(NULL);
    bool matched = !regexec(&compiled, value, 0, NULL, 0);
    regfree(&compiled);
    return matched;
}

static bool is_hanzi(unsigned character) {
    return (character >= 0x3400 && character <= 0x9fff) ||
           (character >= 0x20000 && character <= 0x3134f);
}

/* How many of the characters are Chinese, and whether all can be printed. */
static bool hanzi_count(const char *value, size_t *hanzi) {
    *hanzi = 0;
    for (unsigned c; (c = value_character(&value));) {
        if (c < ' ' || c == 0x7f)
            return false;
        *hanzi += is_hanzi(c);
    }
    return true;
}

static bool fits(const struct kind *kind, const char *value) {
    size_t characters = value_characters(value), hanzi;
    if (!characters || characters > kind->most || !hanzi_count(value, &hanzi))
        return false;
    if (!strcmp(kind->name, "phrase"))
        return hanzi == characters;
    if (!strcmp(kind->name, "name")) /* 10 hanzi, or 20 of anything else */
        return hanzi == 0 || characters <= 10;
    return matches(kind->pattern, value);
}

/* The kind of a field from its name: thing1, time22, …; NULL if there is no such kind. */
static const struct kind *kind_of(const char *field) {
    size_t length = strcspn(field, "0123456789");
    const char *number = field + length;
    if (!*number || strspn(number, "0123456789") != strlen(number))
        return NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strlen(kinds[i].name) == length && !strncmp(kinds[i].name, field, length))
            return &kinds[i];
    return NULL;
}

/* The value as it is shown: an old keyword is cut. */
static json_t *value_shown(const struct kind *kind, const char *value) {
    const char *end = value;
    size_t shown = strcmp(kind->name, "keyword") ? SIZE_MAX : KEYWORD_SHOWN;
    while (shown-- && value_character(&end))
        ;
    return must(json_stringn(value, (size_t)(end - value)));
}

bool field_exists(const char *name) {
    return kind_of(name);
}

const char *field_label(const char *name) {
    return kind_of(name)->label;
}

/* By what a keyword is called. */
static const struct {
    const char *part, *kind;
} usual[] = {
    {"时间", "time"},
    {"日期", "date"},
    {"金额", "amount"},
    {"数", "number"},
    {"电话", "phone_number"},
    {"手机", "phone_number"},
    {"姓名", "name"},
    {"状态", "phrase"},
    {"结果", "phrase"},
    {"编号", "character_string"},
    {"单号", "character_string"},
};

const char *field_of_keyword(void *ctx, const char *keyword, unsigned n) {
    const char *kind = "thing";
    for (size_t i = sizeof usual / sizeof *usual; i-- > 0;)
        if (strstr(keyword, usual[i].part))
            kind = usual[i].kind;
    return must(talloc_asprintf(ctx, "%s%u", kind, n));
}

const char *field_read(const json_t *data, json_t *fields,
                       const char *(*label)(const void *owner, const char *name),
                       const void *owner) {
    const char *name;
    const json_t *entry;
    json_object_foreach((json_t *)data, name, entry) {
        const char *value = json_string_value(json_object_get(entry, "value"));
        if (!strcmp(name, "first") || !strcmp(name, "remark")) /* since 2023 not displayed */
            continue;
        const struct kind *kind = kind_of(name);
        if (!kind || !value || !fits(kind, value))
            return name;
        json_t *field = must(json_pack("{ss ss so}", "name", name, "label", label(owner, name),
                                       "value", value_shown(kind, value)));
        if (json_array_append_new(fields, field))
            must(NULL);
    }
    return NULL;
}

/* ---- contents ---- */

const char *field_in_content(void *ctx, const char *content, const char *name) {
    const char *mark = must(talloc_asprintf(ctx, "{{%s.DATA}}", name));
    const char *at = strstr(content, mark), *begin = at;
    if (!at)
        return NULL;
    while (begin > content && begin[-1] != '\n')
        begin--;
    char *label = must(talloc_strndup(ctx, begin, (size_t)(at - begin)));
    char *colon = strstr(label, "：");
    if (colon)
        *colon = '\0';
    return label;
}

const char *field_missing(void *ctx, const char *content, const json_t *data) {
    for (const char *at = content; (at = strstr(at, "{{")); at += 2) {
        const char *name = must(talloc_strndup(ctx, at + 2, strcspn(at + 2, ".}")));
        if (strcmp(name, "first") != 0 && strcmp(name, "remark") != 0 &&
            !json_object_get(data, name))
            return name;
    }
    return NULL;
}
