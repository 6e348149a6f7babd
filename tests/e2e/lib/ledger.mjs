// Lines of the ledger, written by the test.

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
