#ifndef DAY21_ALARM_H
#define DAY21_ALARM_H

/* The part of `day21 work` in an account's alarm (store/alarm.h): raises it when WeChat refuses the
 * account as such, and once a minute, all workers together, tries whether that is mended. What
 * happens is logged once, not once a send. `day21 alarm` shows and clears it. */

#include "bot/account.h"

struct store;
struct wx_api;
struct wx_result;

struct alarm_watch {
    const struct account *account;
    struct store *store;
    struct wx_api *api;
    bool resting;      /* the log has been told that sends rest */
    bool busy;         /* a call of this watch is under way; an orderly stop waits for it */
    int64_t looked_at; /* seconds */
    int errcode;       /* what is being written to the store */
    char reason[256];
};

/* A call has ended with an errcode whose policy is of WX_SCOPE_ACCOUNT (wx/error.h). */
void alarm_refused(struct alarm_watch *watch, const struct wx_result *result);

/* store_take() said STORE_E_ALARM. */
void alarm_rest(struct alarm_watch *watch);

/* store_take() gave what there was. */
void alarm_over(struct alarm_watch *watch);

#endif
