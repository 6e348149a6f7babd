#ifndef DAY21_WAR_REPORT_NOTICE_H
#define DAY21_WAR_REPORT_NOTICE_H

/* What readers are told of a war report that was made. It is the same for all of them, so it is
 * written once, kept in Redis, and becomes a message when it is sent. */

#include "bot/account.h"
#include "bot/vars.h"
#include "bot/war_report.h"

/* The address of a picture by the name of its file; belongs to ctx, NULL when out of memory. */
char *war_report_notice_url(void *ctx, const struct account *account, const char *picture);

/* What to keep of a report that has people, of the period that ends with day number `last`; belongs
 * to ctx, NULL when out of memory. */
char *war_report_notice_words(void *ctx, const struct account *account,
                              const struct war_report *report, int64_t last, const char *picture);

/* … as variables of the notice war_report; they belong to ctx. Returns 0, or -1: out of memory, or
 * these are no such words. */
int war_report_notice_vars(void *ctx, const char *words, struct vars *vars);

/* … as a text; belongs to ctx, NULL as above. */
char *war_report_notice_text(void *ctx, const struct account *account, const char *words);

#endif
