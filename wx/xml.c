#include "wx/xml.h"

#include "config/limits.h"
#include "wx/error.h"
#include "wx/utf8.h"

#include <mxml.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#define NAME_MAX_LENGTH 64 /* of an element; WeChat's longest has 24 characters */

/* ---- the gate: what is left after it, mxml and any other reader see alike ---- */

enum token_kind { TOKEN_END, TOKEN_TEXT, TOKEN_CDATA, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_EMPTY };

struct token {
    enum token_kind kind;
    const char *start; /* the text, or the name of the element */
    size_t length;
};

struct gate {
    const char *at, *end;
    int depth, nodes;
};

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool all_space(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (!is_space(text[i]))
            return false;
    return true;
}

static bool is_name(char c, bool first) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (!first && ((c >= '0' && c <= '9') || c == '-' || c == '.'));
}

static bool starts(const char *at, const char *end, const char *prefix) {
    size_t length = strlen(prefix);
    return (size_t)(end - at) >= length && strncasecmp(at, prefix, length) == 0;
}

/* One of the five entities XML itself has, or the number of a character XML allows. */
static bool entity_allowed(const char *at, const char *end) {
    static const char *const named[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if ((size_t)(end - at) >= strlen(named[i]) && memcmp(at, named[i], strlen(named[i])) == 0)
            return true;
    if (end - at < 4 || at[1] != '#')
        return false;
    at += 2;
    uint32_t base = *at == 'x' ? 16 : 10, number = 0;
    if (base == 16)
        at++;
    const char *digits = at;
    for (; at < end && at - digits < 7; at++) {
        const char *all = "0123456789abcdefABCDEF";
        const char *digit = *at ? strchr(all, *at) : NULL;
        uint32_t value = digit ? (uint32_t)(digit - all) : 99;
        value -= value > 15 && value != 99 ? 6 : 0;
        if (value >= base)
            break;
        number = number * base + value;
    }
    return at > digits && at < end && *at == ';' && wx_utf8_allowed_number(number);
}

static int text_token(struct gate *gate, struct token *token) {
    const char *open = memchr(gate->at, '<', (size_t)(gate->end - gate->at));
    const char *end = open ? open : gate->end;
    *token = (struct token){TOKEN_TEXT, gate->at, (size_t)(end - gate->at)};
    if (gate->depth == 0 && !all_space(token->start, token->length))
        return WX_E_XML;
    if (memmem(token->start, token->length, "]]>", 3))
        return WX_E_XML; /* the end of a section that never began */
    for (const char *at = gate->at; (at = memchr(at, '&', (size_t)(end - at))) != NULL; at++)
        if (!entity_allowed(at, end))
            return WX_E_XML;
    gate->at = end;
    return 0;
}

static int cdata_token(struct gate *gate, struct token *token) {
    const char *start = gate->at + strlen("<![CDATA[");
    const char *end = memmem(start, (size_t)(gate->end - start), "]]>", 3);
    if (!end || gate->depth == 0)
        return WX_E_XML;
    *token = (struct token){TOKEN_CDATA, start, (size_t)(end - start)};
    gate->at = end + 3;
    return 0;
}

static int tag_token(struct gate *gate, struct token *token) {
    const char *at = gate->at + 1, *end = gate->end;
    enum token_kind kind = TOKEN_OPEN;
    if (at < end && *at == '/') {
        kind = TOKEN_CLOSE;
        at++;
    }
    const char *name = at;
    while (at < end && is_name(*at, at == name))
        at++;
    size_t length = (size_t)(at - name);
    while (at < end && is_space(*at))
        at++;
    if (kind == TOKEN_OPEN && at < end && *at == '/') {
        kind = TOKEN_EMPTY;
        at++;
    }
    if (length == 0 || length > NAME_MAX_LENGTH || at == end || *at != '>')
        return WX_E_XML;
    *token = (struct token){kind, name, length};
    gate->at = at + 1;

    if (kind == TOKEN_CLOSE)
        return --gate->depth < 0 ? WX_E_XML : 0;
    if (++gate->nodes > LIMIT_XML_NODES || gate->depth >= LIMIT_XML_DEPTH)
        return WX_E_TOO_LARGE;
    /* The first element is <xml>, and all others are in it. */
    if (gate->depth == 0 && (gate->nodes > 1 || length != 3 || memcmp(name, "xml", 3) != 0))
        return WX_E_XML;
    gate->depth += kind == TOKEN_OPEN;
    return 0;
}

static int next_token(struct gate *gate, struct token *token) {
    if (gate->at == gate->end) {
        token->kind = TOKEN_END;
        return gate->depth == 0 && gate->nodes > 0 ? 0 : WX_E_XML;
    }
    if (*gate->at != '<')
        return text_token(gate, token);
    if (starts(gate->at, gate->end, "<!DOCTYPE") || starts(gate->at, gate->end, "<!ENTITY"))
        return WX_E_DOCTYPE;
    size_t left = (size_t)(gate->end - gate->at);
    if (left > 9 && memcmp(gate->at, "<![CDATA[", 9) == 0)
        return cdata_token(gate, token);
    return tag_token(gate, token);
}

/* Starts a gate behind the <?xml …?>, if there is one. */
static int open_gate(struct gate *gate, const char *xml, size_t length) {
    if (length == 0)
        return WX_E_EMPTY;
    if (length > LIMIT_XML)
        return WX_E_TOO_LARGE;
    if (!wx_utf8_allowed(xml, length))
        return WX_E_XML;
    *gate = (struct gate){.at = xml, .end = xml + length};
    while (gate->at < gate->end && is_space(*gate->at))
        gate->at++;
    if (gate->at == gate->end)
        return WX_E_EMPTY;
    if (starts(gate->at, gate->end, "<?xml version=")) {
        const char *close = memmem(gate->at, (size_t)(gate->end - gate->at), "?>", 2);
        if (!close || memchr(gate->at + 1, '<', (size_t)(close - gate->at - 1)))
            return WX_E_XML;
        gate->at = close + 2;
    }
    return 0;
}

static struct wx_xml_wanted *wanted_one(struct wx_xml_wanted wanted[], size_t count,
                                        const struct token *name) {
    for (size_t i = 0; i < count; i++)
        if (strlen(wanted[i].name) == name->length &&
            memcmp(wanted[i].name, name->start, name->length) == 0)
            return &wanted[i];
    return NULL;
}

int wx_xml_pick(const char *xml, size_t length, struct wx_xml_wanted wanted[], size_t count) {
    struct gate gate;
    struct token token = {.kind = TOKEN_TEXT};
    struct wx_xml_wanted *inside = NULL;
    for (size_t i = 0; i < count; i++)
        wanted[i].value = NULL;
    int error = open_gate(&gate, xml, length);
    while (!error && (error = next_token(&gate, &token)) == 0 && token.kind != TOKEN_END) {
        if (token.kind == TOKEN_OPEN || token.kind == TOKEN_EMPTY) {
            bool below_root = gate.depth == (token.kind == TOKEN_OPEN ? 2 : 1) && gate.nodes > 1;
            struct wx_xml_wanted *found = below_root ? wanted_one(wanted, count, &token) : NULL;
            if (inside || (found && found->value))
                return WX_E_XML;
            if (found) {
                found->value = "";
                found->length = 0;
                inside = token.kind == TOKEN_OPEN ? found : NULL;
            }
        } else if (token.kind == TOKEN_CLOSE) {
            inside = NULL;
        } else if (inside && (token.kind == TOKEN_CDATA || !all_space(token.start, token.length))) {
            bool entities = token.kind == TOKEN_TEXT && memchr(token.start, '&', token.length);
            if (inside->length || entities)
                return WX_E_XML;
            inside->value = token.start;
            inside->length = token.length;
        }
    }
    return error;
}

/* ---- mxml ---- */

struct reading {
    wx_xml_element *element;
    void *data;
    int error;
    int depth; /* 1 in the root */
    bool root_closed;
    bool holds[LIMIT_XML_DEPTH + 1]; /* by depth: an element in it has been seen */
    char path[(NAME_MAX_LENGTH + 1) * LIMIT_XML_DEPTH];
    size_t path_length[LIMIT_XML_DEPTH + 1];
    char *values; /* where the next value goes; it never takes more room than its element did */
    char *value;  /* where the one being read began */
};

static void report(struct reading *reading, const char *value, size_t length) {
    if (!reading->error)
        reading->error = reading->element(reading->data, reading->path, value, length);
}

static void opened(struct reading *reading, const char *name) {
    int depth = reading->depth++;
    if (depth > 1 && !reading->holds[depth])
        report(reading, NULL, 0);
    if (depth > 0)
        reading->holds[depth] = true;
    size_t at = reading->path_length[depth];
    if (depth > 0) {
        if (at > 0)
            reading->path[at++] = '/';
        size_t length = strlen(name);
        memcpy(reading->path + at, name, length);
        at += length;
    }
    reading->path[at] = '\0';
    reading->path_length[depth + 1] = at;
    reading->holds[depth + 1] = false;
    reading->values = reading->value;
}

static void gathered(struct reading *reading, const char *text, bool cdata) {
    if (!text) {
        reading->error = WX_E_NOMEM;
        return;
    }
    size_t length = strlen(text);
    if (reading->depth < 2 || reading->holds[reading->depth] || (!cdata && all_space(text, length)))
        return;
    memcpy(reading->values, text, length);
    reading->values += length;
}

static void closed(struct reading *reading) {
    int depth = reading->depth--;
    reading->root_closed = depth == 1;
    if (depth > 1 && !reading->holds[depth]) {
        size_t length = (size_t)(reading->values - reading->value);
        *reading->values++ = '\0';
        report(reading, reading->value, length);
    }
    reading->value = reading->values;
    reading->path[reading->path_length[depth - 1]] = '\0';
}

static void sax(mxml_node_t *node, mxml_sax_event_t event, void *data) {
    struct reading *reading = data;
    if (reading->error)
        return;
    if (event == MXML_SAX_ELEMENT_OPEN)
        opened(reading, mxmlGetElement(node));
    else if (event == MXML_SAX_ELEMENT_CLOSE)
        closed(reading);
    else if (event == MXML_SAX_CDATA)
        gathered(reading, mxmlGetCDATA(node), true);
    else if (event == MXML_SAX_DATA && node)
        gathered(reading, mxmlGetOpaque(node), false);
}

/* What stands between the root's elements is passed over, and comes to sax() without a node. */
static mxml_type_t text_in(mxml_node_t *node) {
    return mxmlGetParent(node) ? MXML_OPAQUE : MXML_IGNORE;
}

/* mxml swallows U+FEFF wherever it stands, and so takes "]]", U+FEFF, ">" for the end of a CDATA
 * section: whoever may write the text in it could write the elements after it too. U+2060 is the
 * character Unicode has put in its place, and takes as many bytes. */
static void replace_byte_order_marks(char *text, size_t length) {
    char *end = text + length;
    while ((text = memmem(text, (size_t)(end - text), "\xef\xbb\xbf", 3)) != NULL)
        memcpy(text, "\xe2\x81\xa0", 3);
}

/* mxml's complaints would go to stderr; that it did not reach the end of the root says enough. */
static void silence(const char *complaint) {
    (void)complaint;
}

int wx_xml_read(void *ctx, const char *xml, size_t length, wx_xml_element *element, void *data) {
    struct gate gate;
    struct token token = {.kind = TOKEN_TEXT};
    int error = open_gate(&gate, xml, length);
    if (error)
        return error;
    const char *root = gate.at;
    while (token.kind != TOKEN_END)
        if ((error = next_token(&gate, &token)) != 0)
            return error;

    /* mxml wants a NUL and a '<' to begin with; the values follow the copy in the same block. */
    while (is_space(*root))
        root++;
    size_t size = (size_t)(xml + length - root);
    char *block = talloc_size(ctx, 2 * size + 1);
    if (!block)
        return WX_E_NOMEM;
    memcpy(block, root, size);
    block[size] = '\0';
    replace_byte_order_marks(block, size);

    struct reading reading = {.element = element, .data = data, .values = block + size + 1};
    reading.value = reading.values;
    mxmlSetErrorCallback(silence);
    mxmlDelete(mxmlSAXLoadString(NULL, block, text_in, sax, &reading));
    if (!reading.error && !reading.root_closed)
        reading.error = WX_E_XML;
    if (reading.error)
        talloc_free(block);
    return reading.error;
}
