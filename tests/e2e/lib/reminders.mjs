// Reminders that are due now. Tomorrow comes by moving yesterday: the learner's last check-in (`ld`) and
// the last day of the streak (`sd`) are set back by a day in Redis, and the reminder's moment is now. That
// is what Redis holds a day later, when nothing else has happened, and all that the worker looks at.

import * as sandbox from './sandbox.mjs';
import { accounts, deliver, seconds, text } from './wechat.mjs';
import { until } from './instance.mjs';

// For the configuration: no quiet hours, a worker that looks often.
export const AWAKE = { quiet_from: '"00:00"', quiet_to: '"00:00"', tick_ms: 20 };

const tag = person => `{${person.account}}`;
export const learner = (redis, person) => redis.hash(`${tag(person)}:learner:${person.openid}`);

// What became of the person's reminder of the day.
export const reminder = (redis, person) =>
    redis.hash(`${tag(person)}:out:streak_at_risk:${person.day}:${person.openid}`);

async function moments(redis, person) {
    const { n } = await learner(redis, person), found = [];
    for (const moment of await redis.say('ZRANGE', `${tag(person)}:reminders`, 0, -1))
        if (await redis.say('SISMEMBER', `${tag(person)}:reminder:${moment}`, n))
            found.push(moment);
    return found;
}

// When the person's last reminder is due, or null.
export async function due(redis, person) {
    const moment = (await moments(redis, person)).at(-1);
    return moment ? Number(await redis.say('ZSCORE', `${tag(person)}:reminders`, moment)) : null;
}

// Moves the reminder of the day after the last check-in to now.
export async function make_due(redis, person) {
    const { n, ld } = await learner(redis, person), now = seconds();
    for (const moment of await moments(redis, person))
        await redis.say('SREM', `${tag(person)}:reminder:${moment}`, n);
    const moment = `streak_at_risk:${ld}:${Math.floor(now / 60)}`;
    await redis.say('SADD', `${tag(person)}:reminder:${moment}`, n);
    await redis.say('ZADD', `${tag(person)}:reminders`, now, moment);
}

// Somebody of the sandbox who follows and has checked in today.
export async function checked_in(redis, account = 'demo') {
    const person = await sandbox.person(account);
    await person.act('follow');
    await until(async () => (await learner(redis, person)).on === '1', 'following');
    await deliver(accounts[account], text(accounts[account], person.openid, '签到'));
    person.day = Number((await learner(redis, person)).ld);
    return person;
}

// … so many days before that day.
export async function days_ago(redis, person, days) {
    for (const field of ['ld', 'sd'])
        await redis.say('HINCRBY', `${tag(person)}:learner:${person.openid}`, field, -days);
}

export async function checked_in_yesterday(redis, account) {
    const person = await checked_in(redis, account);
    await days_ago(redis, person, 1);
    return person;
}

// `count` people whose reminders become due together.
export async function due_now(redis, count, account) {
    const persons = [];
    while (persons.length < count)
        persons.push(await checked_in_yesterday(redis, account));
    await Promise.all(persons.map(person => make_due(redis, person)));
    return persons;
}

// Waits until the reminders of all have come to this state.
export async function all_are(redis, persons, state, seconds) {
    let states;
    await until(async () => {
        states = await Promise.all(persons.map(async one => (await reminder(redis, one)).state));
        return states.every(one => one === state);
    }, `all reminders are ${state}`, seconds).catch(error => {
        throw new Error(`${error.message}: they are ${states}`);
    });
}
