#ifndef DAY21_WAR_REPORT_GATHER_H
#define DAY21_WAR_REPORT_GATHER_H

/* A war report of what the store knows. */

#include "bot/account.h"
#include "bot/war_report.h"
#include "store/store.h"

/* The last day of the newest period that is over on day number `today`. */
int64_t war_report_last_day(enum war_report_period period, int64_t today);

/* `report` is NULL on error (a store's); it lives until this returns. */
typedef void war_report_done(void *data, int error, const struct war_report *report);

/* The report of the period that day number `day` lies in, which may not be over yet. Boards are
 * kept for the two periods that were over last. Persons have the names the account's rules show. */
void war_report_gather(struct store *store, const struct account *account,
                       enum war_report_period period, int64_t day, war_report_done *done,
                       void *data);

#endif
