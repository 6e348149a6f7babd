#ifndef DAY21_WX_JSON_H
#define DAY21_WX_JSON_H

/* The JSON that WeChat pushes to an account whose data format (数据格式) is JSON: the names of the
 * XML, without its root. Read through the eyes of wx/xml.h, so that one table reads both. */

#include "wx/xml.h"

/* Reads a document and reports it as wx_xml_read() does. A number is its digits, true and false are
 * words, null is "". The elements of an array are reported each under the path of the array, so
 * that a list with one element and that element alone look alike, as they do in XML. Blanks around
 * a name are dropped (WeChat's own sample has them), as is a character in a value that XML forbids;
 * a member whose name has a "/" in it is passed over.
 * Returns 0, WX_E_EMPTY, WX_E_TOO_LARGE (more than LIMIT_XML bytes, LIMIT_XML_DEPTH levels or
 * LIMIT_XML_NODES values), WX_E_JSON (not JSON, a name twice in one object, no object at its root),
 * WX_E_NOMEM, or what `element` returned. */
int wx_json_read(void *ctx, const char *json, size_t length, wx_xml_element *element, void *data);

/* Finds members of the root in a document nobody has vouched for yet, as wx_xml_pick() does. One
 * that is not a string is WX_E_JSON. The values belong to ctx. */
int wx_json_pick(void *ctx, const char *json, size_t length, struct wx_xml_wanted wanted[],
                 size_t count);

#endif
