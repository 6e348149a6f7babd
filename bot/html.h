#ifndef DAY21_HTML_H
#define DAY21_HTML_H

/* The text as it stands in HTML, between tags or in a quoted attribute. Belongs to ctx; NULL only
 * when out of memory. */
char *html_escape(void *ctx, const char *text);

#endif
