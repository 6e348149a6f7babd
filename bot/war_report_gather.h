#ifndef DAY21_WAR_REPORT_GATHER_H
#define DAY21_WAR_REPORT_GATHER_H

/* A war report of what the store knows. */

#include "bot/account.h"
#include "bot/war_report.h"
#include "store/board.h"

/* The last day of the newest period that is over on day number `today`. */
int64_t war_report_last_day(enum war_report_period period, int64_t today);

/* What the store calls such a period, and the number it has there. */
enum store_period war_report_store_period(enum war_report_period period);
int64_t war_report_number(enum war_report_period period, int64_t day);

struct war_report_query {
    enum war_report_period period;
    int64_t day;                   /* that the period has in it, which may not be over yet */
    const struct store_turn *turn; /* of the learner who asks; NULL: nobody does */
};

/* `report` is NULL on error (a store's). */
typedef void war_report_done(void *data, int error, const struct war_report *report);

/* The report belongs to ctx, which must live until then. Boards are kept for the two periods that
 * were over last. Persons have the names the account's rules show. */
void war_report_gather(void *ctx, struct store *store, const struct account *account,
                       const struct war_report_query *query, war_report_done *done, void *data);

/* What others may read of a person whose name is this, or "" when there is none; belongs to ctx.
 * NULL: out of memory. */
const char *war_report_name(void *ctx, const struct account *account, int64_t number,
                            const char *name);

#endif
