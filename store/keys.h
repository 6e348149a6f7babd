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
    X("once", set, "OPENID", "for ever", "RULE:SUBJECT already awarded")                           \
    X("active", bitmap, "DAY", "for ever", "bit = learner's number: wrote or tapped that day")     \
    X("ledger", stream, "", "until archived", "every change of points")                            \
    X("archived", string, "", "for ever",                                                          \
      "DATE LINE: the archive's newest file, and its last line of the ledger")                     \
    X("archive_right", string, "", "a minute", "fence of the one process that may archive")        \
    X("archive_fence", string, "", "for ever", "how often that right has been given")              \
    X("recent", list, "OPENID", "for ever, last 10", "the learner's own newest ledger lines")      \
    X("board", sorted set, "all", "for ever", "openid by xp, ties by who was first")               \
    X("due", sorted set, "", "each until due", "NOTICE:OPENID or retry:OUT by when it is due")     \
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

/* Fields of a learner (short: there are a million of them; the hash stays a listpack):
 *   n   number, from 1, in the order of first contact
 *   at  first contact, seconds
 *   on  1 while following
 *   xp  experience: all points ever earned
 *   lv  level reached, from 1
 *   ci  days checked in, ever
 *   ld  day number of the last check-in
 *   st  streak: days in a row up to ld
 *   hr  minutes of the day of the last check-ins, newest first, comma-separated, at most 7
 *   c:RULE  "DAY:POINTS", what the rule gave that day, for its daily cap
 *   od, oc  day of, and how many, reminders were put into the outbox on that day
 *   air the OUT that was last in the air for this learner
 *       (a learner whose binding moves to another telephone, that is openid, takes number, points
 *       and all along, but for `on` and `air`)
 *   e   KEY of the employee the learner is bound to
 *   go  1 once that employee has left the company: on no board, until bound again
 *
 * KEY is an employee number as it is compared: folded, so that width and case do not matter.
 *
 * Fields of an employee, those that are not empty:
 *   no  the number as it is written, unless that is KEY
 *   nm  name           d   id of the department        m   manager, as it is written
 *   t   mobile tail    j, l  joined, left, as written  g   tags
 *   q   which cells came in quotes without need, for the export
 *   x   1 once the employee has left: of no use for binding
 *   u   openid of the learner bound to the employee
 * Of one whom the roster no longer lists, no, nm, d, l and x are kept.
 *
 * A dialogue is `number` (an employee number is expected), `proof:KEY` (that one's code or mobile
 * tail) or `unbind` (a confirmation).
 *
 * Fields of a profile: NUMBER:WHAT, where NUMBER is the one by which WeChat names the authorisation
 * when it is revoked (201 address, 202 invoice, 203 card, 204 microphone, 205 name and picture, 206
 * place, 207 chosen media), so that what is revoked is what is erased (store/privacy.h). What an
 * authorisation gave may be kept nowhere else.
 *
 * Fields of an OUT:
 *   kind   notice (template message) or reply (customer-service message)
 *   name   of the notice
 *   to     openid
 *   day    the day it is for
 *   body   the JSON of a reply
 *   force  1: only "still following" is asked at the gate
 *   state  queued, air, sent, failed, skipped, unknown
 *   at     when the state was entered; first: when it first went into the air
 *   capped 1 once it has been counted in the learner's oc
 *   tries, error, reason, msgid, delivered
 *
 * Fields of an alarm:
 *   class, errcode, reason   what WeChat said last
 *   since  when it was raised, seconds
 *   count  refusals since then, those of the probes included
 *   probe  when the next call may try whether it is mended
 */

#endif
