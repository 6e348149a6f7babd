#ifndef DAY21_STORE_KEYS_H
#define DAY21_STORE_KEYS_H

/* Every key, its type, its lifetime. A key is "{account}:noun" or "{account}:noun:id": the account
 * is the hash tag, so that one account lives in one slot of a cluster and every script is
 * single-slot. Scripts build them with key(noun, id) of store/lua/lib; tests/rooms checks that
 * each noun they use stands here.
 *
 * noun, type, id, lifetime, what it holds */
#define STORE_KEYS(X)                                                                              \
    X("turn", string, "ID:VERB", "memo_s of the turn", "what the verb answered, MessagePack")      \
    X("learner", hash, "OPENID", "for ever", "the learner: fields below")                          \
    X("learners", string, "", "for ever", "how many there are; the last number given")             \
    X("profile", hash, "OPENID", "until revoked", "what WeChat's authorisations gave: see below")  \
    X("who", hash, "NUMBER / 100", "for ever", "OPENID by the learner's number")                   \
    X("called", hash, "NUMBER / 100", "while bound",                                               \
      "the employee's name by the learner's number")                                               \
    X("done", bitmap, "RULE:SUBJECT", "for ever", "bit = learner's number: given once for ever")   \
    X("subject", hash, "NUMBER", "for ever", "by RULE:SUBJECT, a counter: below")                  \
    X("active", bitmap, "DAY", "for ever", "bit = learner's number: wrote or tapped that day")     \
    X("watched", bitmap, "DAY", "for ever", "… watched a course")                                  \
    X("interacted", bitmap, "DAY", "for ever", "… commented, asked or answered")                   \
    X("discussed", bitmap, "DAY", "for ever", "… discussed a case")                                \
    X("ledger", stream, "", "until archived", "every change of points: fields below")              \
    X("corrected", hash, "", "for ever",                                                           \
      "AT LINE REASON by reverse:LINE or grant:ID: what operators changed, and which line did it") \
    X("archived", string, "", "for ever",                                                          \
      "DATE LINE: the archive's newest file, and its last line of the ledger")                     \
    X("archive_right", string, "", "a minute", "fence of the one process that may archive")        \
    X("archive_fence", string, "", "for ever", "how often that right has been given")              \
    X("board", sorted set, "KIND:PERIOD", "all: for ever; d 3, w 15, m 62 days", "see below")      \
    X("ranked", string, "PERIOD", "62 days",                                                       \
      "how many persons stood on a board that was over, before it was cut to its first")           \
    X("rolled", hash, "PERIOD", "seconds",                                                         \
      "boards of departments with what is below each, packed, by the id of what is above them")    \
    X("reports", hash, "", "for ever", "which war reports are made: fields below")                 \
    X("report", hash, "PERIOD", "62 days", "one that is: fields below")                            \
    X("report_right", string, "PERIOD", "seconds",                                                 \
      "the picture that the one process makes which may make it")                                  \
    X("reports_told", set, "", "until told", "PERIODs whose reports are being told")               \
    X("tally", hash, "", "for ever", "what d:ID and t:ID, departments and teams, have earned")     \
    X("heads", hash, "", "for ever", "how many bound employees d:ID and t:ID have")                \
    X("team", hash, "TEAM", "for ever", "a team, by id from 1: fields below")                      \
    X("team_last", string, "", "for ever", "the last id given")                                    \
    X("teams", hash, "", "for ever", "id by folded name")                                          \
    X("teams_open", sorted set, "", "for ever", "ids of those that anybody may join")              \
    X("members", set, "TEAM", "for ever", "who plays for it: learners' numbers")                   \
    X("awaiting", set, "TEAM", "for ever", "who will as soon as they bind: employees' KEY")        \
    X("contests", string, "", "while there are any",                                               \
      "a line for each contest that runs or will: see below")                                      \
    X("contest", hash, "NAME", "for ever", "a contest: fields below")                              \
    X("contest_names", sorted set, "", "for ever", "NAME by when it begins")                       \
    X("contests_over", sorted set, "", "for ever", "NAME by when it ended")                        \
    X("contests_told", set, "", "until told", "NAMEs whose players are being told the result")     \
    X("contest_board", sorted set, "NAME", "400 days after its end",                               \
      "who plays by value; then the result")                                                       \
    X("contest_player", sorted set, "NAME", "62 days after its end",                               \
      "points in it by learner's number")                                                          \
    X("contest_sum", hash, "NAME", "62 days after its end", "points by id of department or team")  \
    X("contest_member", sorted set, "NAME:ID", "until its end",                                    \
      "points by number, earned for that one")                                                     \
    X("contest_head", hash, "NAME", "62 days after its end",                                       \
      "heads of listed departments, all below included")                                           \
    X("contest_name", hash, "NAME", "400 days after its end",                                      \
      "what those of the result were called")                                                      \
    X("contest_told", bitmap, "NAME", "62 days after its end",                                     \
      "bit = learner's number: told the result")                                                   \
    X("leagues", hash, "", "for ever", "the league's week that is now: fields below")              \
    X("league", sorted set, "WEEK.TIER.GROUP", "62 days",                                          \
      "a group: numbers by points of the week")                                                    \
    X("flags", stream, "", "the last 10000", "what looked like a game with the points: see below") \
    X("praise", hash, "WEEK", "21 days", "by learner's number: whom they praised, NUMBER:TIMES …") \
    X("question", hash, "ID", "for ever", "a question to a mentor, by id from 1: fields below")    \
    X("question_last", string, "", "for ever", "the last id given")                                \
    X("questions", sorted set, "", "for ever", "ids of those that are open, by until when")        \
    X("unassigned", sorted set, "", "until given out",                                             \
      "ids of open ones that are no mentor's, by when it is tried next")                           \
    X("asked", list, "NUMBER", "for ever", "ids of what a learner asked, the newest last")         \
    X("waiting", set, "NUMBER", "until answered", "… of those that are open")                      \
    X("desk", sorted set, "NUMBER", "until answered",                                              \
      "ids of what a mentor has to answer, by when they are reminded; once they were: inf")        \
    X("mentors", sorted set, "DEPARTMENT, or nothing: all", "for ever",                            \
      "mentors' numbers by open questions, times 2^32, plus when they were last told of one")      \
    X("reminders", sorted set, "", "each until then", "NOTICE:DAY:MINUTE by when")                 \
    X("reminder", set, "NOTICE:DAY:MINUTE", "until then",                                          \
      "learners' numbers: whom to look at in that minute since 1970; made on that day")            \
    X("retry", sorted set, "", "each until then", "OUT ids by when they are tried again")          \
    X("outbox", stream, "", "each until settled", "OUT ids to be sent, consumer group work")       \
    X("out", hash, "OUT", "7 days", "one outgoing message and what became of it: fields below")    \
    X("job", string, "MSGID", "2 days", "OUT id, for WeChat's TEMPLATESENDJOBFINISH")              \
    X("token", string, "APPID", "the token's own", "WeChat's access token: a secret")              \
    X("token_right", string, "APPID", "seconds",                                                   \
      "fence of the one process that may fetch the token")                                         \
    X("token_fence", string, "APPID", "for ever", "how often that right has been given")           \
    X("alarm", hash, "", "until mended", "why all sends of the account rest: fields below")        \
    X("employee", hash, "KEY", "for ever", "somebody of the roster: fields below")                 \
    X("roster", sorted set, "", "for ever", "employees' KEY by their place in the last file")      \
    X("roster_head", string, "", "for ever", "how that file was written, for the export")          \
    X("roster_lock", string, "", "60 s after the last step", "the import that is under way")       \
    X("department", hash, "", "for ever", "path by id, from 1; ids stay when a path changes")      \
    X("departments", hash, "", "for ever", "id by path, parents included")                         \
    X("code", string, "KEY", "a day", "SALT:HASH of an employee's one-time code")                  \
    X("tries", string, "WHO", "an hour", "wrong tries to bind, by learner:OPENID or employee:KEY") \
    X("dialogue", string, "OPENID", "ten minutes", "the question the learner was asked last")

/* Who can read Redis, or its files, can act as the account for as long as the token lives (2 hours)
 * and see what learners do: socket and directory belong to the user day21 runs as and nobody else.
 */

/* In the lists below a field has a line of its own. */
// clang-format off

/* A person is a number: learner:OPENID is what one telephone shows, and says by `n` who it is; all
 * else that belongs to a person goes by the number. Who moves to another telephone takes the hash
 * along, but for `on` and `air`.
 *
 * Fields of a learner (short: there are a million of them; the hash stays a listpack):
 *   n   number, from 1, in the order of first contact
 *   at  first contact, seconds
 *   on  1 while following
 *   xp  experience: points earned, never spent
 *   co  coins in hand
 *   lv  highest level ever reached, from 1
 *   ci  days checked in, ever
 *   ld  day number of the last check-in
 *   f   the day on which all days of the plan had been checked in, the last time; only who has
 *   st  streak: working days in a row up to sd
 *   sd  the last day that the streak covers
 *   fz  freezes in hand
 *   bs  the streak that broke last
 *   bm  how many days were missed then; 0 once mended
 *   va  leave, "FROM-TO …", day numbers
 *   hr  minutes of the day of the last check-ins, newest first, base 36, two digits each, 7 at most
 *   tl  tally: below
 *   rc  newest first, the last 5 lines of "AT POINTS COINS RULE WHY", AT in base 36: changes, and
 *       what a rule did not give; WHY, if there is one, is once, day, week, subject, total, cool,
 *       short or unbound
 *   c:RULE  a counter: below
 *   dc  a counter, too: what all rules gave that are under the daily cap
 *   od  the day on which reminders were sent last
 *   oc  how many, on that day
 *   air the OUT that was last in the air for this learner
 *   e   KEY of the employee the learner is bound to
 *   d   id of that employee's department
 *   tm  id of the team that employee plays for
 *   hd  1: asked to be left out of the boards
 *   mt  of a mentor who is bound and follows: the id they stand under in `mentors`; 0: none
 *   lg  "WEEK.TIER.GROUP" of the league's last group; tiers from 0, groups from 1
 *   go  1 once that employee has left the company: on no board, until bound again
 *   bu  "SINCE:COUNT" of the present burst of awards, for the guard of points
 *   sa  hashes of the last texts, for the guard
 *   fg  "DAY:KINDS" of the flags raised, for the guard
 *
 * A counter is "dDAY:POINTS,wWEEK:POINTS,ePOINTS,lAT", as much of it as there is a cap for: what
 * was given on that day, in that week, ever; and when last. Weeks count from Monday; a month's
 * number is twelve times the year, and the months before it.
 *
 * A tally is "ALL DAY WEEK MONTH D": experience earned ever, and on day D, in its week and month.
 *
 * A board's KIND is p (members are learners' numbers), d (ids of departments) or t (of teams), its
 * PERIOD all, dDAY, wWEEK or mMONTH. Score: the sum times 2^31, plus the seconds until 2088: among
 * equals who was there first stands higher. Persons stand there who are bound, follow, and did not
 * ask to be left out.
 *
 * Fields of a ledger line, in this order, all of them always: n, rule, subject, points, coins (what
 * was given, less than 0 when taken), xp and co (in hand afterwards), at (seconds), day (the day it
 * counts for: a reversal's is that of what it reverses), d and tm (department and team it counts
 * for, or ""), id (what made it unique). Rules besides those of the pack: reverse (subject: the
 * line it reverses), grant (subject: an operator's reason), spend:WHAT.
 *
 * Fields of a flag: n, kind (burst, night, same_text, praise), rule, at, day, detail.
 *
 * Fields of a team:
 *   nm  name
 *   fn  the same, folded
 *   at  when it was made, seconds
 *   op  1: anybody may join it in chat, and leave it
 *   cp  KEY of its captain
 *   dr  how it was drawn, so that a draw that was killed can go on
 *   x   1 once it is dissolved: nobody's team, on no board; nm and at are kept
 *
 * A line of `contests`: NAME FROM TO KIND SCORING K COUNTS WHO, as in lib/2_contest.lua. Score of a
 * contest's board: the value, times 2^26, and the steps that are left; of a league's group the sum,
 * times 2^31, and the same.
 *
 * Fields of a contest: from, to, kind, scoring, k, counts, who, as in that line; title, prizes
 *   print     a hash of what it was created with
 *   announce  1: its players are told the result, or have been
 *   state     on, or over
 *   ended     when that was
 *   step      how often somebody came to another value
 *   teller    of contest_player, how many have been looked at to tell them
 *
 * Fields of leagues: w, the week that is now; gTIER, "GROUP COUNT" of the group that is being
 * filled; rWEEK, "SIZE,UP,DOWN,TIERS" that held in that week; s, how often a sum has changed in it.
 *
 * Fields of reports:
 *   d, w, m       number of the newest day, week and month whose report is made, or had no reader
 *   picture:d, …  "NUMBER PICTURE" of the newest that has one; PICTURE is the name of a file
 *
 * Fields of a report:
 *   how     notice or text, the kind of its OUTs
 *   words   what they tell, as bot/war_report_notice.h writes it
 *   teller  the learner's number up to which all before have been told
 *
 * Fields of a question:
 *   n   the asker's number
 *   q   the question
 *   at  when it was asked, seconds
 *   by  until when it is to be answered
 *   rm  when its mentor is reminded
 *   m   number of the mentor who has it, or answered it; of one in `unassigned`: who had it
 *   a   the answer
 *   c   id of the course that came with it
 *   ad  when it was answered
 *   x   1 once the asker has left the company: closed
 *
 * KEY is an employee number as it is compared: folded, so that width and case do not matter.
 *
 * Fields of an employee, those that are not empty:
 *   no  the number as it is written, unless that is KEY
 *   nm  name
 *   d   id of the department
 *   m   manager, as it is written
 *   t   mobile tail
 *   j   when they joined, as it is written
 *   l   when they left, as it is written
 *   g   tags
 *   q   which cells came in quotes without need, for the export
 *   x   1 once the employee has left: of no use for binding
 *   mt  1: is tagged as a mentor
 *   u   openid of the learner bound to the employee
 *   tm  id of the team the employee plays for, bound or not
 * Of one whom the roster no longer lists, no, nm, d, l and x are kept.
 *
 * A dialogue is `number` (an employee number is expected), `proof:KEY` (that one's code or mobile
 * tail), `question` (a question to a mentor), `answer:ID:COURSE` (the answer to one), or a
 * confirmation: `unbind`, `team` (to leave it), `team:TEAM` (to leave one for another).
 *
 * Fields of a profile: NUMBER:WHAT, where NUMBER is the one by which WeChat names the authorisation
 * when it is revoked (201 address, 202 invoice, 203 card, 204 microphone, 205 name and picture, 206
 * place, 207 chosen media), so that what is revoked is what is erased (store/privacy.h). What an
 * authorisation gave may be kept nowhere else.
 *
 * Fields of an OUT:
 *   kind   notice (template message), reply (customer-service message) or text (a notice as a
 *          customer-service message). Of question_… it is chosen when it is taken.
 *   name   of the notice
 *   to     openid
 *   day    the day it is for
 *   body   the JSON of a reply
 *   force  1: only "still following" is asked at the gate
 *   state  queued, air, sent, failed, skipped, unknown
 *   at     when the state was entered
 *   first  when it first went into the air
 *   capped 1 once it has been counted in the learner's oc
 *   tries, error, reason, msgid, delivered
 *
 * Fields of an alarm:
 *   class, errcode, reason   what WeChat said last
 *   since  when it was raised, seconds
 *   count  refusals since then, those of the probes included
 *   probe  when the next call may try whether it is mended
 */

// clang-format on

#endif
