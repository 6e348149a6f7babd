#ifndef DAY21_HANDLERS_H
#define DAY21_HANDLERS_H

/* Every handler of bot/routes.c, one file a feature. */

#include "bot/turn.h"

turn_handler follow;        /* bot/follow.c: subscribe */
turn_handler unfollow;      /* bot/follow.c: unsubscribe */
turn_handler scan;          /* bot/scan.c: a scene code, by a learner or a newcomer */
turn_handler checkin;       /* bot/checkin.c: 签到 */
turn_handler points;        /* bot/points.c: 我的积分 */
turn_handler ledger;        /* bot/ledger.c: 积分明细 */
turn_handler levels;        /* bot/level.c: 等级 */
turn_handler certificate;   /* bot/certificate.c: 证书 */
turn_handler leave;         /* bot/leave.c: 请假 */
turn_handler leave_back;    /* bot/leave.c: 销假 */
turn_handler makeup;        /* bot/leave.c: 补签 */
turn_handler board;         /* bot/board.c: 排行榜 */
turn_handler hide;          /* bot/show.c: 退出排行 */
turn_handler show;          /* bot/show.c: 参加排行 */
turn_handler course;        /* bot/course.c: 今日课程 */
turn_handler help;          /* bot/help.c: 帮助 */
turn_handler menu;          /* bot/help.c: 菜单 */
turn_handler thanks;        /* bot/help.c: 谢谢, 好的 */
turn_handler unknown;       /* bot/help.c: a text nobody expected; called by answer */
turn_handler not_text;      /* bot/help.c: a picture, a voice message that was not understood … */
turn_handler note;          /* bot/help.c: noted, nothing to say: a link of the menu was opened */
turn_handler bind_employee; /* bot/binding.c: 绑定 */
turn_handler unbind;        /* bot/binding.c: 解绑 */
turn_handler unbind_confirmed;     /* bot/binding.c: 确认解绑 */
turn_handler cancel;               /* bot/binding.c: 取消 */
turn_handler team;                 /* bot/team.c: 我的战队 */
turn_handler team_join;            /* bot/team.c: 加入战队 */
turn_handler team_move_confirmed;  /* bot/team.c: 确认换队 */
turn_handler team_leave;           /* bot/team.c: 退出战队 */
turn_handler team_leave_confirmed; /* bot/team.c: 确认退队 */
turn_handler contest;              /* bot/contest.c: 竞赛 */
turn_handler league;               /* bot/league.c: 联赛 */
turn_handler report;               /* bot/report.c: 战报 */
turn_handler question;             /* bot/question.c: 提问 */
turn_handler question_mine;        /* bot/question.c: 我的提问 */
turn_handler question_desk;        /* bot/question.c: 待答 */
turn_handler question_answer;      /* bot/question.c: 回答 */
turn_handler question_heard;       /* bot/question.c: a text that may be what was waited for; if
                                      not, turn->otherwise has it */
turn_handler answer;    /* bot/binding.c: a text that no keyword took, perhaps an answer */
turn_handler delivered; /* bot/delivered.c: what became of a template message */
turn_handler privacy;   /* bot/privacy.c: what a person took back at WeChat */
turn_handler strange;   /* bot/strange.c: an event or message there is no use for */

#endif
