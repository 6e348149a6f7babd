#ifndef DAY21_TESTS_WX_SAMPLE_H
#define DAY21_TESTS_WX_SAMPLE_H

/* A message written once and tried in both formats: JSON, in which ' may stand for ", and what
 * WeChat would send for it as XML. */

#include <jansson.h>
#include <talloc.h>

#include <string.h>

/* What begins every sample. */
#define SAMPLE_HEAD                                                                                \
    "'ToUserName':'gh_day21demo','FromUserName':'oOPENID-_1','CreateTime':1700000000,"

static inline char *sample_json(void *ctx, const char *quoted) {
    char *json = talloc_strdup(ctx, quoted);
    for (char *at = json; (at = strchr(at, '\'')) != NULL; at++)
        *at = '"';
    return json;
}

static inline char *sample_element(char *xml, const char *name, const json_t *value) {
    const char *key;
    json_t *member;
    size_t i;
    if (json_is_array(value)) {
        json_array_foreach(value, i, member) xml = sample_element(xml, name, member);
        return xml;
    }
    xml = talloc_asprintf_append_buffer(xml, "<%s>", name);
    if (json_is_object(value))
        json_object_foreach((json_t *)value, key, member) xml = sample_element(xml, key, member);
    else if (json_is_string(value))
        xml = talloc_asprintf_append_buffer(xml, "<![CDATA[%s]]>", json_string_value(value));
    else if (json_is_integer(value))
        xml =
            talloc_asprintf_append_buffer(xml, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_real(value))
        xml = talloc_asprintf_append_buffer(xml, "%f", json_real_value(value));
    return talloc_asprintf_append_buffer(xml, "</%s>\n", name);
}

/* NULL if the sample is not JSON. */
static inline char *sample_xml(void *ctx, const char *quoted) {
    json_t *root = json_loads(sample_json(ctx, quoted), JSON_REJECT_DUPLICATES, NULL);
    char *xml = root ? sample_element(talloc_strdup(ctx, ""), "xml", root) : NULL;
    json_decref(root);
    return xml;
}

#endif
