#ifndef DAY21_COPY_H
#define DAY21_COPY_H

/* Everything a learner reads in chat: <pack>/copy.yaml, one entry a line of the table below, each
 * with one or more wordings. Variables stand in {braces}; which an entry may use is said here and
 * checked when the file is loaded, so that nothing can go wrong when it is sent. What they mean
 * stands at the head of templates/starter/copy.yaml, for whoever writes a pack. */

#include "bot/wording.h"
#include "bot/yaml.h"

#include <stdint.h>

/* name, variables it may use. `account` (the account's title) may be used everywhere. */
#define COPY_ENTRIES(X)                                                                            \
    X(welcome, "points", "menu")  /* followed for the first time */                                \
    X(welcome_back, "xp", "menu") /* followed again */                                             \
    X(welcome_bind, "menu")       /* … where only who is bound earns anything */                 \
    X(checkin_done, "gain", "xp", "streak", "day", "nth", "days_left", "next", "also")             \
    X(checkin_first, "gain", "xp", "day", "days_left", "next", "also") /* first ever: streak 1 */  \
    X(checkin_anew, "gain", "xp", "day", "nth", "days_left", "next",                               \
      "also") /* the streak is 1 again */                                                          \
    X(checkin_rest, "gain", "xp", "going", "day", "nth", "next", "rest",                           \
      "also")                                              /* on a rest day */                     \
    X(checkin_again, "streak", "day", "nth", "xp", "also") /* already checked in today */          \
    X(checkin_again_rest, "going", "day", "nth", "xp", "rest", "also") /* … on a rest day */     \
    X(nth_day, "day")                /* the {nth} of the above */                                  \
    X(nth_day_again, "day", "round") /* … when the 21 days have begun again */                   \
    X(checkin_21, "gain", "xp", "going", "certificate", "also") /* the 21st day */                 \
    X(milestone_3) /* the {also} of the above: that day of the 21 */                               \
    X(milestone_7)                                                                                 \
    X(milestone_14)                                                                                \
    X(freeze_earned, "streak", "freezes") /* … a freeze was earned */                            \
    X(makeup_day, "festival")             /* … a working day that is none by its weekday */      \
    X(holiday_ahead, "festival", "date")  /* … no work from tomorrow to before that day */       \
    X(mend_offer, "missed", "streak", "freezes", "every") /* … what was missed can be mended */  \
    X(mend_few, "missed", "streak", "freezes", "every")   /* … not with so few freezes */        \
    X(mend_no_freeze, "missed", "streak", "freezes", "every")                                      \
    X(rest_festival, "festival") /* the {rest} of the above: why today is no working day */        \
    X(rest_weekend)                                                                                \
    X(streak, "streak", "freezes") /* the {going} of others */                                     \
    X(streak_freezes, "streak", "freezes")                                                         \
    X(streak_none, "streak", "freezes")                                                            \
    X(streak_none_rest, "streak", "freezes") /* … on a rest day */                               \
    X(amount_points, "points", "coins")      /* the {gain} and {amount} of others */               \
    X(amount_coins, "points", "coins")                                                             \
    X(amount_both, "points", "coins")                                                              \
    X(amount_none, "points", "coins")                                                              \
    X(certificate, "who", "days", "xp", "title", "year", "month", "day") /* {certificate} */       \
    X(certificate_shown, "certificate")                                                            \
    X(certificate_later, "days", "days_left") /* not yet */                                        \
    X(level_up, "level", "title")             /* appended to the reply in which it was reached */  \
    X(points, "hello", "xp", "coins", "level", "title", "next", "going", "mend", "lines")          \
    X(hello, "who")                            /* the {hello} of others, for one who is bound */   \
    X(points_line, "when", "amount", "reason") /* one change */                                    \
    X(points_refused)                          /* the {lines}: the newest gave nothing */          \
    X(points_none, "next")                     /* nothing was ever earned */                       \
    X(ledger_day, "date")                      /* above the changes of a day */                    \
    X(ledger, "hello", "xp", "coins", "lines") /* {lines}: points_line, ledger_cut, … */         \
    X(ledger_none)                                                                                 \
    X(ledger_cut, "when", "amount", "reason", "why") /* it was less than the rule says */          \
    X(ledger_refused, "when", "amount", "reason", "why")                                           \
    X(why_once, "most") /* the {why} of the above, nothing was given: had been given before */     \
    X(why_once_activity, "most") /* … and there is no other to go to */                          \
    X(why_day, "most")                                                                             \
    X(why_week, "most")                                                                            \
    X(why_subject, "most")                                                                         \
    X(why_total, "most")                                                                           \
    X(why_cool, "most")                                                                            \
    X(why_short, "most")                                                                           \
    X(why_short_watch, "most")                                                                     \
    X(why_unbound, "most")                                                                         \
    X(why_gone, "most") /* the rule has changed since then */                                      \
    X(cut_day, "most")  /* less was given */                                                       \
    X(cut_week, "most")                                                                            \
    X(cut_subject, "most")                                                                         \
    X(cut_total, "most")                                                                           \
    X(levels, "lines", "level", "title", "xp", "next")                                             \
    X(levels_line, "level", "title", "xp")                                                         \
    X(levels_own, "level", "title", "xp") /* the learner's own */                                  \
    X(leave_ask, "most", "tomorrow", "date")                                                       \
    X(leave_on, "most", "tomorrow", "date")     /* … on leave today */                           \
    X(leave_day, "from", "to", "count", "date") /* taken, a day */                                 \
    X(leave_days, "from", "to", "count", "date")                                                   \
    X(leave_past, "most", "tomorrow", "date") /* not taken */                                      \
    X(leave_far, "most", "tomorrow", "date")                                                       \
    X(leave_rest, "most", "tomorrow", "date")                                                      \
    X(leave_long, "most", "tomorrow", "date")                                                      \
    X(leave_chain, "from", "to", "count", "most") /* … with what is there already */             \
    X(leave_never)                                /* the account's rules have none */              \
    X(leave_back, "tomorrow", "date")             /* taken back */                                 \
    X(leave_none, "tomorrow", "date")             /* … there was none */                         \
    X(makeup_mended, "missed", "streak", "freezes", "every", "most")                               \
    X(makeup_few, "missed", "streak", "freezes", "every", "most")                                  \
    X(makeup_no_freeze, "missed", "streak", "freezes", "every", "most")                            \
    X(makeup_whole, "missed", "streak", "freezes", "every", "most") /* nothing to mend */          \
    X(makeup_late, "missed", "streak", "freezes", "every", "most")  /* … and no streak */        \
    X(makeup_never, "missed", "streak", "freezes", "every", "most")                                \
    X(course_bind)                   /* courses are for who is bound */                            \
    X(reason_reverse)                /* the {reason} of a line taken back */                       \
    X(reason_grant)                  /* … of one an operator gave */                             \
    X(reason_spend)                  /* … of coins spent */                                      \
    X(reason_gone)                   /* … of a rule the file has no more */                      \
    X(next_level, "points", "title") /* the {next} of the above: "再得 N 分…" */              \
    X(next_none)                     /* the {next} at the highest level */                         \
    X(board, "board", "count", "top", "around", "own", "links") /* somewhere below the top */      \
    X(board_top, "board", "count", "top", "own", "links")       /* among the top, or just below */ \
    X(board_unranked, "board", "count", "top", "why", "links")  /* not on it */                    \
    X(board_empty, "board", "why", "links")                     /* nobody is */                    \
    X(board_closed)                                             /* not for who is not bound */     \
    X(board_inside, "board", "who") /* the {board}: those below one department */                  \
    X(board_count, "total")         /* the {count} */                                              \
    X(board_team_count, "total")                                                                   \
    X(board_department_count, "total")                                                             \
    X(board_line, "rank", "who", "xp")                                                             \
    X(board_me, "rank", "who", "xp")                          /* the learner's own line */         \
    X(board_group_line, "rank", "who", "xp", "heads", "each") /* teams and departments */          \
    X(board_group_us, "rank", "who", "xp", "heads", "each")                                        \
    X(board_each_line, "rank", "who", "xp", "heads", "each") /* ranked per head */                 \
    X(board_each_us, "rank", "who", "xp", "heads", "each")                                         \
    X(board_nameless) /* a team that is no more */                                                 \
    X(board_own, "rank", "xp", "gap")                                                              \
    X(board_team_own, "rank", "xp", "gap")                                                         \
    X(board_department_own, "rank", "xp", "gap")                                                   \
    X(board_gap, "points") /* the {gap} */                                                         \
    X(board_team_gap, "points")                                                                    \
    X(board_department_gap, "points")                                                              \
    X(board_first)                                                                                 \
    X(board_over)    /* … of a period that is over */                                            \
    X(board_unbound) /* the {why} */                                                               \
    X(board_hidden)                                                                                \
    X(board_none) /* no points in the period */                                                    \
    X(board_team_none)                                                                             \
    X(board_department_none)                                                                       \
    X(board_team_nowhere) /* in none */                                                            \
    X(board_department_nowhere)                                                                    \
    X(board_department_below)        /* these are below one's own */                               \
    X(board_over_none)               /* had none */                                                \
    X(board_over_kept)               /* was not among those that are kept */                       \
    X(board_link, "keyword", "name") /* one of {links}: what a tap says, what it is called */      \
    X(hide_done)                                                                                   \
    X(hide_already)                                                                                \
    X(show_done)                                                                                   \
    X(show_already)                                                                                \
    X(show_unbound)                                                                                \
    X(anonymous, "number") /* how a learner without a name appears, "学友 0042" */               \
    X(bind_ask)            /* asks for the employee number */                                      \
    X(bind_proof)          /* … and for one-time code or mobile tail */                          \
    X(bind_done, "who")    /* bound */                                                             \
    X(bind_moved, "who")   /* … and another WeChat is so no more */                              \
    X(bind_already, "who") /* was bound before */                                                  \
    X(bind_wrong)          /* one of both, never which; asks for the number again */               \
    X(bind_code)           /* bound elsewhere: asks for a one-time code */                         \
    X(bind_limited)        /* too many wrong tries */                                              \
    X(unbind_none)         /* is not bound */                                                      \
    X(unbind_sure, "who")  /* asks for 确认解绑 */                                             \
    X(unbind_done, "who")                                                                          \
    X(team, "name", "heads", "captain", "place", "lines") /* my team */                            \
    X(team_captain, "who")                                /* the {captain} of it … */            \
    X(team_captain_me)                                                                             \
    X(team_place, "xp", "rank", "total", "points", "ahead") /* the {place} of it … */            \
    X(team_first, "xp", "total")                                                                   \
    X(team_unranked)        /* no points yet this week */                                          \
    X(team_best, "lines")   /* in its {lines}; board_line, board_me */                             \
    X(team_absent, "count") /* members who have not written or tapped today */                     \
    X(team_all_here)                                                                               \
    X(team_unbound)                  /* has to bind first */                                       \
    X(team_none, "offers")           /* plays for no team */                                       \
    X(team_which, "offers")          /* wants to join, and names none */                           \
    X(team_missing, "offers")        /* … or one that does not exist */                          \
    X(team_closed, "name", "offers") /* … or one that an operator fills */                       \
    X(team_fixed, "name")            /* plays for such a one */                                    \
    X(team_already, "name")                                                                        \
    X(team_joined, "name", "heads")                                                                \
    X(team_sure, "name", "other") /* asks for 确认换队, from other to name */                  \
    X(team_leave, "name")         /* asks for 确认退队 */                                      \
    X(team_left, "name", "offers")                                                                 \
    X(team_offers, "lines")        /* the {offers}; lines: team_offer */                           \
    X(team_no_offers)              /* … when there are none */                                   \
    X(team_offer, "name", "heads") /* an open team, tappable */                                    \
    X(cancelled)                                                                                   \
    X(cancel_nothing)                                                                              \
    X(contests, "lines")      /* 竞赛; {lines}: contest_on, contest_coming, contest_result */    \
    X(contests_bind, "lines") /* … of one who is on no board */                                  \
    X(contests_over, "lines") /* … all of them over */                                           \
    X(contests_none)          /* none in which the learner plays */                                \
    X(contests_unbound)       /* … since they are on no board */                                 \
    X(contest_on, "title", "standing", "span", "prizes")                                           \
    X(contest_coming, "title", "span", "prizes")                                                   \
    X(contest_rank, "rank", "total", "value", "gap") /* the {standing} in one of persons … */    \
    X(contest_unranked)                                                                            \
    X(contest_rank_group, "who", "rank", "total", "value", "gap", "points") /* … of others */    \
    X(contest_unranked_group, "who")                                                               \
    X(contest_leads)                  /* the {gap} of the first … */                             \
    X(contest_gap, "points", "ahead") /* … and of everybody else */                              \
    X(contest_who, "who")             /* a name */                                                 \
    X(contest_points, "points")       /* a value, … */                                           \
    X(contest_per_head, "points")     /* … of a contest per head */                              \
    X(contest_prizes, "prizes")                                                                    \
    X(contest_result, "title", "lines", "own", "prizes") /* it is over; {lines}: contest_place */  \
    X(contest_empty, "title")                            /* … and nobody played */               \
    X(contest_place, "place", "who", "value")                                                      \
    X(contest_own, "rank", "total", "value") /* the {own} of it, of persons … */                 \
    X(contest_own_group, "who", "rank", "total", "value")                                          \
    X(contest_won, "value") /* the same of who is first */                                         \
    X(contest_won_group, "who", "value")                                                           \
    X(span_days, "days", "hours")                                                                  \
    X(span_hours, "hours", "minutes")                                                              \
    X(span_minutes, "minutes")                                                                     \
    X(league, "tier", "rank", "total", "xp", "lines", "fate", "left") /* 联赛 */                 \
    X(league_line, "mark", "rank", "who", "xp")                                                    \
    X(league_me, "mark", "rank", "who", "xp") /* the learner's own line */                         \
    X(league_up)                              /* the {mark} of who rises, … */                   \
    X(league_down)                                                                                 \
    X(league_same)                                                                                 \
    X(league_rises, "tier")           /* the {fate}: as it is now the learner rises, … */        \
    X(league_falls, "tier", "points") /* … {points} are missing to stay */                       \
    X(league_gap, "tier", "points")   /* … stays; missing to rise */                             \
    X(league_stays)                   /* … stays; nobody rises */                                \
    X(league_left, "days")                                                                         \
    X(league_waiting, "tier", "last", "left") /* no points yet this week */                        \
    X(league_rose, "rank", "tier")            /* the {last}: what the last week led to */          \
    X(league_fell, "rank", "tier")                                                                 \
    X(league_stayed, "rank", "tier")                                                               \
    X(league_none) /* there is no league */                                                        \
    X(league_bind) /* on no board: plays in none */                                                \
    X(report_day)  /* what a war report of a day is called: {kind} */                              \
    X(report_week)                                                                                 \
    X(report_month)                                                                                \
    X(report_when_day, "from") /* the {when} of others */                                          \
    X(report_when_week, "week", "from", "to")                                                      \
    X(report_when_month, "year", "month")                                                          \
    X(report_before_day) /* the {before} of others */                                              \
    X(report_before_week)                                                                          \
    X(report_before_month)                                                                         \
    X(report_head, "kind", "when") /* leads the text */                                            \
    X(report_nobody)               /* there is nobody to report of */                              \
    X(report_numbers, "active", "total", "change")                                                 \
    X(report_more, "before", "count") /* the {change}, also in the picture */                      \
    X(report_fewer, "before", "count")                                                             \
    X(report_same, "before")                                                                       \
    X(report_people, "lines") /* {lines}: report_line */                                           \
    X(report_teams, "lines")  /* {lines}: report_group, or report_line */                          \
    X(report_departments, "lines")                                                                 \
    X(report_movers, "lines") /* {lines}: report_mover, report_mover_new */                        \
    X(report_first)           /* the {place} of the first, … */                                  \
    X(report_second)                                                                               \
    X(report_third)                                                                                \
    X(report_place, "rank") /* … and of everybody else */                                        \
    X(report_line, "place", "who", "points")                                                       \
    X(report_group, "place", "who", "points", "heads", "each")                                     \
    X(report_mover, "who", "from", "to", "count")                                                  \
    X(report_mover_new, "who", "to")                                                               \
    X(report_chase, "who", "ahead", "points")              /* the closest two below the first */   \
    X(report_reader, "rank", "xp", "points", "ahead")      /* the reader, and who is next up */    \
    X(report_reader_over, "rank", "xp", "points", "ahead") /* … when the period is over */       \
    X(report_reader_top, "xp")                                                                     \
    X(report_picture, "when", "url") /* the last one there is */                                   \
    X(report_close)                                                                                \
    X(report_others) /* below it, in chat: other reports, tappable */                              \
    X(report_notice, "kind", "when", "who", "points", "active", "url") /* a new one, told */       \
    X(picture_account)                                                                             \
    X(picture_people) /* headings in the picture */                                                \
    X(picture_more)   /* … of the list below the first three */                                  \
    X(picture_nobody) /* instead of them */                                                        \
    X(picture_teams)                                                                               \
    X(picture_departments)                                                                         \
    X(picture_movers)                                                                              \
    X(picture_active) /* captions of its numbers */                                                \
    X(picture_total)                                                                               \
    X(picture_share)                                                                               \
    X(picture_percent, "count")                                                                    \
    X(picture_points, "points")       /* of the first three */                                     \
    X(picture_unit)                   /* behind points */                                          \
    X(picture_gap, "points")          /* below a person's points */                                \
    X(picture_heads, "heads", "each") /* below a group's */                                        \
    X(picture_from_to, "from", "to")                                                               \
    X(picture_new, "to")                                                                           \
    X(picture_climb, "count")                                                                      \
    X(picture_climb_new)                                                                           \
    X(picture_close)                   /* a sentence at its end */                                 \
    X(picture_from)                    /* who it is from, below it */                              \
    X(question_ask, "hours")           /* 提问: asks for the question */                         \
    X(question_bind)                   /* … which only who is bound may ask */                   \
    X(question_many, "count", "hours") /* … has so many open */                                  \
    X(question_asked, "number", "who", "hours", "gain")                                            \
    X(question_asked_nobody, "number", "hours", "gain") /* there is no mentor yet */               \
    X(question_gain, "gain")                            /* the {gain} of the above */              \
    X(question_no_gain, "why")                                                                     \
    X(question_mentor)             /* the {who} of a mentor whose name is not known any more */    \
    X(question_which)              /* 回答, and not which */                                     \
    X(question_no_course, "count") /* … a course that is none of so many */                      \
    X(question_reply, "number", "who", "text", "left", "course",                                   \
      "offers") /* … asks for the answer */                                                      \
    X(question_answered, "number", "who", "gain", "more")                                          \
    X(question_offers, "lines")                    /* the {offers} of it: courses that may fit */  \
    X(question_offer, "number", "course", "title") /* one of them, tappable */                     \
    X(question_more, "count")                      /* the {more} of it */                          \
    X(question_no_more)                                                                            \
    X(question_unknown, "number") /* not answered */                                               \
    X(question_elsewhere, "number")                                                                \
    X(question_before, "number")                                                                   \
    X(question_left, "number")                                                                     \
    X(question_course, "title", "url") /* the {course} that goes with an answer */                 \
    X(question_left_hours, "hours")    /* the {left} of others */                                  \
    X(question_left_soon)              /* less than an hour */                                     \
    X(question_late, "hours")          /* too late already */                                      \
    X(question_just_late)                                                                          \
    X(question_desk, "count", "lines") /* 待答 */                                                \
    X(question_desk_line, "number", "who", "text", "left")                                         \
    X(question_desk_empty)                                                                         \
    X(question_desk_stranger) /* … of who is no mentor */                                        \
    X(question_mine, "lines") /* 我的提问 */                                                   \
    X(question_mine_none)                                                                          \
    X(question_mine_open, "number", "text", "who", "left")                                         \
    X(question_mine_nobody, "number", "text")                                                      \
    X(question_mine_answered, "number", "text", "who", "answer", "course")                         \
    X(question_mine_closed, "number", "text")                                                      \
    X(question_asked_notice, "count", "number", "text", "left") /* the notices, as messages */     \
    X(question_waiting_notice, "count", "number", "text", "left")                                  \
    X(question_answered_notice, "number", "who", "text", "answer", "course", "url")                \
    X(help, "menu")                                                                                \
    X(menu)                   /* the {menu} of others: what one can say, tappable */               \
    X(thanks)                 /* to who is polite */                                               \
    X(unknown, "suggestions") /* a text nobody expected */                                         \
    X(suggestion, "keyword")  /* one line of {suggestions}, tappable */                            \
    X(not_text)               /* a picture, a voice message … */                                 \
    X(busy)                   /* the store is away: a courteous sentence */                        \
    X(late)                   /* leads a reply that comes after the deadline */

enum copy_entry {
#define X(name, ...) COPY_##name,
    COPY_ENTRIES(X)
#undef X
        COPY_COUNT
};

struct copy;

/* Loads <directory>/copy.yaml. A missing entry, an unknown one, an unknown variable, a brace or a
 * link left open, a wording over LIMIT_COPY_TEXT are errors. Returns 0 or -1 with *problem. */
int copy_load(void *ctx, const char *directory, const char *account_title, struct copy **copy,
              struct yaml_problem *problem);

/* The entry's wording number `seed` modulo their count, so that a retry reads the same. A variable
 * the entry may use must be given; one that is not reads as "". The text belongs to ctx; NULL only
 * when out of memory. */
char *copy_render(void *ctx, const struct copy *copy, enum copy_entry entry, uint32_t seed,
                  const struct copy_var *vars, size_t var_count);

#endif
