#ifndef DAY21_CONTEST_PLAN_H
#define DAY21_CONTEST_PLAN_H

// clang-format off
/* A contest as an operator writes it, in a file for `day21 contest create`:
 *
 *   name: spring             # a-z, 0-9, - and _; by this day21 contest knows it
 *   title: 春季学习赛        # what the players read
 *   from: "2026-11-23 09:00" # by the account's time zone; seconds may follow: 09:00:30
 *   to: "2026-12-01 00:00"   # not included
 *   plays: departments       # persons, departments or teams
 *   only: [公司/销售部]      # departments, with all below them, or teams; left out: every one
 *   counts: [comment, quiz]  # names of rules, or kinds for all rules of the kind; left out: all
 *   scoring: best            # sum, per_head or best; or league
 *   best: 5                  # with scoring best: of how many members the points are summed up
 *   prizes: 前三名请喝奶茶   # a text the players read; may be left out
 *   announce: true           # the players are told the result at the close; left out: no
 *
 * store/contest.h has the rules. A league (store/league.h) takes name, title, from, to, which may
 * be left out, plays: persons and scoring: league; the rest of it stands in rules.yaml. */
// clang-format on

#include "bot/account.h"
#include "store/contest.h"

/* Loads `path` for an account. The plan belongs to ctx; `most` is set. Refuses what cannot be, and
 * what it ends before it begins; what only the store knows, store_contest_create() refuses. Returns
 * 0 or -1 with *problem. */
int contest_plan_load(void *ctx, const char *path, const struct account *account,
                      struct store_contest_plan **plan, struct yaml_problem *problem);

/* "2026-11-23 09:00" or "2026-11-23 09:00:30" in the account's time zone. Returns 0 or -1. */
int contest_plan_moment(struct calendar *calendar, const char *text, int64_t *seconds);

#endif
