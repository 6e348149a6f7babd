// Lines of the ledger, and awards: written by the test, or by the store's own functions.

import { library, script as function_of } from '../../bench/script.mjs';

const ZONE_S = 8 * 3600; // both accounts have the days of Shanghai

export const day_of = ms => Math.floor((ms / 1000 + ZONE_S) / 86400);
export const start_of = day => day * 86400 - ZONE_S;

// Writes a line; `fields` may say more of it. Returns its id.
export function line(redis, account, ms, sequence, fields = {}) {
    const all = { n: 1, rule: 'comment', subject: '课程 "一"', points: 4, coins: 1, xp: 4, co: 1,
        at: Math.floor(ms / 1000), day: day_of(ms), d: '', tm: '', id: `m${sequence}`, ...fields };
    return redis.say('XADD', `{${account}}:ledger`, `${ms}-${sequence}`, ...Object.entries(all).flat());
}

// So many lines of one day, from `from_s` seconds after its midnight on. Returns their ids.
export async function lines_of_day(redis, account, day, count, from_s = 30000) {
    const ids = [];
    for (let at = 0; at < count; at += 1000) {
        const some = Array.from({ length: Math.min(1000, count - at) }, (_, i) =>
            line(redis, account, (start_of(day) + from_s) * 1000 + Math.floor((at + i) / 10), (at + i) % 10));
        ids.push(...await Promise.all(some));
    }
    return ids;
}

// ---- by the store's own functions ----

let loaded;

export async function script(redis, account, name, turn, ...args) {
    await (loaded ??= redis.say('FUNCTION', 'LOAD', 'REPLACE', library()));
    return redis.say('FCALL', function_of(name), 1, `{${account}}`, turn.id, turn.openid ?? '', turn.now,
        turn.day, 1200, ...args);
}

// As store_rule_text() and store_policy_text() write them.
const rule_text = ({ name, points, coins = 0, once = 0, day = 0, week = 0, subject = 0, beyond = 0, cooldown = 0 }) =>
    [name, points, coins, once, 0, beyond, cooldown, 0, day, week, 0, 0, subject, 'a'].join(';');
const policy_text = ({ daily_cap = 0 }) => `0,20,60;${daily_cap};1;7,2,3;0,60;0,0;0;0`;

// The learner does what the rule is about, at this time.
export function award(redis, account, openid, now, rule, { subject = '', id, daily_cap } = {}) {
    const turn = { id: id ?? `${openid}:${now}:${rule.name}:${subject}`, openid, now, day: day_of(now * 1000) };
    return script(redis, account, 'award', turn, policy_text({ daily_cap }), rule_text(rule), subject, 100, '', '', 600);
}

// Gives the lines of the stream the ids they would have, had they been written when `at` says.
export async function date_back(redis, account) {
    const key = `{${account}}:ledger`, entries = await redis.say('XRANGE', key, '-', '+');
    await redis.say('DEL', key);
    let last = 0, sequence = 0;
    for (const [, flat] of entries) {
        const ms = Math.max(last, flat[flat.indexOf('at') + 1] * 1000);
        sequence = ms === last ? sequence + 1 : 0;
        last = ms;
        redis.say('XADD', key, `${ms}-${sequence}`, ...flat);
    }
    await redis.say('PING');
}
