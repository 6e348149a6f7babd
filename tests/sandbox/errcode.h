#ifndef SANDBOX_ERRCODE_H
#define SANDBOX_ERRCODE_H

/* WeChat's usual text for an errcode. */
const char *errcode_text(int errcode);

#endif
