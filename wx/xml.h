#ifndef DAY21_WX_XML_H
#define DAY21_WX_XML_H

/* The XML that goes between WeChat and an account: one <xml> root, elements, text and CDATA. The
 * only file that knows mxml.
 *
 * WeChat never writes attributes, comments, processing instructions or declarations (but for one
 * <?xml …?> at the front), and each of them is a way to make two readers see two documents: they
 * are refused, before mxml sees a byte. A U+FEFF in a text is read as U+2060. */

#include <stddef.h>

/* One element, in the order of the document (a container before what it holds). `path` is its place
 * below the root ("ScanCodeInfo/ScanResult") and lives until the function returns. `value` is its
 * text with CDATA and entities resolved, NUL-terminated, below the ctx given to wx_xml_read();
 * white space alone, outside CDATA, is no text. An element that holds elements has `value` NULL,
 * its own text is dropped. Returns 0, or an error that wx_xml_read() is to return. */
typedef int wx_xml_element(void *data, const char *path, const char *value, size_t length);

/* Reads a document. Returns 0, WX_E_EMPTY, WX_E_TOO_LARGE (more than LIMIT_XML bytes,
 * LIMIT_XML_DEPTH levels or LIMIT_XML_NODES elements), WX_E_DOCTYPE, WX_E_XML, WX_E_NOMEM, or what
 * `element` returned. */
int wx_xml_read(void *ctx, const char *xml, size_t length, wx_xml_element *element, void *data);

/* What wx_xml_pick() looks for: the element of this name directly below the root. */
struct wx_xml_wanted {
    const char *name;
    const char *value; /* into the document, not NUL-terminated; NULL if there is no such element */
    size_t length;
};

/* Finds elements in a document nobody has vouched for yet, without building anything: neither mxml
 * nor an allocation is involved. The value is as it stands, so that one with entities or of several
 * pieces is WX_E_XML, and so is a wanted element that comes twice. The rest as wx_xml_read(), but
 * for the names of closing tags, which are not compared. */
int wx_xml_pick(const char *xml, size_t length, struct wx_xml_wanted wanted[], size_t count);

#endif
