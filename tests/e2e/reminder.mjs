// instance: --without serve,work,sandbox --
// A check-in schedules tomorrow's reminder, which is sent once, at its time, to those it is still true
// for; and `day21 nudge --now` sends one at once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { away_from_midnight, day21, end_all, redis as connect, start, until } from './lib/instance.mjs';
import * as reminders from './lib/reminders.mjs';
import { AWAKE } from './lib/reminders.mjs';
import { seconds, somebody } from './lib/wechat.mjs';

const SEND = 'message/template/send';

await away_from_midnight();
await start('sandbox', {}, ['--people', '30', '--finish-ms', '50']);
await start('serve', AWAKE);
const redis = await connect();
let work;

const due = person => reminders.due(redis, person);
const learner = person => reminders.learner(redis, person);
const reminder = person => reminders.reminder(redis, person);
const checked_in = () => reminders.checked_in(redis);
const make_due = person => reminders.make_due(redis, person);
const due_now = async () => (await reminders.due_now(redis, 1))[0];

// Everything due before now has been dealt with when somebody else's later reminder has.
async function worker_has_been_there() {
    const person = await due_now();
    await until(async () => (await person.sent()).length, 'a later reminder');
}

// "HH:MM" of the accounts' clock, so many hours from now.
const clock = hours => `"${new Date(Date.now() + (8 + hours) * 3600e3).toISOString().slice(11, 16)}"`;

test('a check-in schedules tomorrow\'s, at the learner\'s hour', async () => {
    const person = await checked_in(), at = await due(person);
    assert.ok(Math.abs(at - (seconds() + 86400)) <= 120, `due ${at - seconds()} s from now`);
});

test('it is sent once, and WeChat\'s word on it is kept', async () => {
    const person = await due_now(), seq = (await person.feed()).at(-1).seq;
    work = await start('work', AWAKE);
    const [card] = await until(async () => {
        const items = await person.feed(seq);
        return items.length && items;
    }, 'the reminder');
    assert.equal(card.kind, 'template');
    assert.equal(card.title, '学习打卡提醒');
    assert.match(card.url, /\/h5\/demo\/course\//);
    const values = Object.fromEntries(card.fields.map(field => [field.name, field.value]));
    assert.equal(values.number2, '1', 'one day in a row');
    assert.match(values.thing4, /第 2 天/);

    const out = await until(async () => {
        const out = await reminder(person);
        return out.delivered && out;
    }, 'TEMPLATESENDJOBFINISH');
    assert.equal(out.delivered, 'success');
    assert.equal(out.state, 'sent');
    assert.equal(out.tries, '1');
    assert.equal(await due(person), null);

    await make_due(person); // twice for one day is once
    await worker_has_been_there();
    const sent = await person.sent();
    assert.deepEqual(sent.map(one => one.endpoint), [SEND]);
    assert.notEqual(sent[0].client_msg_id, '');
    assert.equal(Number(out.msgid), sent[0].msgid);
});

test('checking in first cancels it', async () => {
    await work.end();
    const person = await due_now();
    const answer = await person.does('text', { content: '签到' });
    assert.match(answer.text, /连续/);
    assert.ok(await due(person) > seconds() + 3600, 'now it is tomorrow\'s');
    const late = await checked_in(); // the reminder was on its way when the check-in came
    await make_due(late);
    work = await start('work', AWAKE);
    await worker_has_been_there();
    assert.deepEqual(await person.sent(), []);
    assert.deepEqual(await late.sent(), []);
    const { state, reason } = await reminder(late);
    assert.deepEqual([state, reason], ['skipped', 'checked in']);
});

test('who has left gets none', async () => {
    await work.end();
    const left = await due_now();
    await left.act('unfollow');
    await until(async () => (await learner(left)).on === '0', 'unfollowed');
    work = await start('work', AWAKE);
    await worker_has_been_there();
    assert.deepEqual(await left.sent(), []);
    assert.equal((await reminder(left)).reason, 'not following');
});

test('who has missed a day has no streak to lose', async () => {
    const person = await checked_in();
    await reminders.days_ago(redis, person, 2);
    await make_due(person);
    await worker_has_been_there();
    assert.deepEqual(await person.sent(), []);
    assert.equal((await reminder(person)).reason, 'no streak to lose');
});

test('in quiet hours it waits for their end', async () => {
    await work.end();
    const person = await due_now();
    work = await start('work', { tick_ms: 20, quiet_from: clock(-1), quiet_to: clock(1) });
    const [, at] = await until(async () => {
        const waiting = await redis.say('ZRANGE', '{demo}:retry', 0, -1, 'WITHSCORES');
        const i = waiting.findIndex(member => member.endsWith(person.openid));
        return i >= 0 && waiting.slice(i, i + 2);
    }, 'the reminder is put off');
    assert.ok(Math.abs(Number(at) - (seconds() + 3600)) <= 120, `put off by ${at - seconds()} s`);
    assert.deepEqual(await person.sent(), []);
});

test('nudge --now sends at once, in quiet hours too', async () => {
    const person = await checked_in();
    const said = await day21('nudge', '--now', 'demo', person.openid);
    assert.deepEqual(said, { status: 0, out: 'sent\n', err: '' });
    assert.equal((await person.sent()).length, 1);
});

test('nudge says clearly why not', async () => {
    const stranger = await day21('nudge', '--now', 'demo', somebody());
    assert.equal(stranger.status, 1);
    assert.match(stranger.err, /nobody of this openid/);
    const person = await checked_in();
    await person.act('unfollow');
    await until(async () => (await learner(person)).on === '0', 'unfollowed');
    const left = await day21('nudge', '--now', 'demo', person.openid);
    assert.equal(left.status, 1);
    assert.match(left.err, /does not follow/);
    const nowhere = await day21('nudge', '--now', 'nobody', person.openid);
    assert.deepEqual([nowhere.status, nowhere.out], [1, '']);
    assert.match(nowhere.err, /no account nobody/);
    for (const words of [['nudge'], ['nudge', '--later', 'demo', 'o']]) {
        const { status, err } = await day21(...words);
        assert.equal(status, 2);
        assert.match(err, /^(usage|day21): /);
    }
    assert.deepEqual(await person.sent(), []);
});

test('nudge without a worker says so, and the reminder is not lost', async () => {
    await work.end();
    const person = await checked_in();
    const said = await day21('nudge', '--now', 'demo', person.openid);
    assert.equal(said.status, 1);
    assert.match(said.err, /does day21 work run\?/);
    work = await start('work', AWAKE);
    await until(async () => (await person.sent()).length, 'the worker sends it');
});

test('end', async () => {
    redis.close();
    await end_all();
});
