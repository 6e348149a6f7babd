// instance: --without serve,work,sandbox --
// What `day21 work` does about each kind of errcode: a dead token is replaced once for all that wait,
// a busy WeChat is asked again later, what cannot work is given up, what needs an operator rests
// without burning calls; and no reminder is lost or sent twice on the way.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { away_from_midnight, day21, end_all, log, redis as connect, sleep, start, until }
    from './lib/instance.mjs';
import { AWAKE, all_are, due_now, learner, reminder } from './lib/reminders.mjs';
import * as sandbox from './lib/sandbox.mjs';
import { seconds } from './lib/wechat.mjs';

const SEND = 'message/template/send', TOKEN = 'stable_token';

await away_from_midnight();
await start('sandbox', {}, ['--people', '40', '--finish-ms', '50']);
await start('serve', AWAKE);
const redis = await connect();
const SETTINGS = { ...AWAKE, concurrency: 8 };
let work = await start('work', SETTINGS);

const calls = async (endpoint, account = 'demo') => (await sandbox.calls(account))[endpoint] ?? 0;

async function each_sent_once(persons) {
    await all_are(redis, persons, 'sent');
    for (const person of persons)
        assert.equal((await person.sent()).length, 1);
}

// What waits for another try, tried now.
async function no_more_waiting() {
    for (const out of await redis.say('ZRANGE', '{demo}:retry', 0, -1))
        await redis.say('ZADD', '{demo}:retry', seconds(), out);
}

// Busy three times on the other account: what comes of it shows at the end, 2 + 4 + 8 s later.
await sandbox.fault({ account: 'plain', endpoint: SEND, errcode: -1, times: 3 });
const [patient] = await due_now(redis, 1, 'plain');

test('a dead token is replaced once, for all that wait', async () => {
    await each_sent_once(await due_now(redis, 1));
    const before = await calls(TOKEN);
    await sandbox.expire_token('demo');
    const persons = await due_now(redis, 8);
    await each_sent_once(persons);
    assert.equal(await calls(TOKEN), before + 1);
    for (const person of persons)
        assert.equal((await reminder(redis, person)).tries, '1', 'of this the store knows nothing');
});

test('who does not follow is marked, and not asked again', async () => {
    const before = await calls(SEND);
    await sandbox.fault({ account: 'demo', endpoint: SEND, errcode: 43004 });
    const [person] = await due_now(redis, 1);
    await all_are(redis, [person], 'failed');
    assert.equal((await reminder(redis, person)).error, '43004');
    assert.equal((await learner(redis, person)).on, '0');
    assert.match((await day21('nudge', '--now', 'demo', person.openid)).err, /does not follow/);
    assert.equal(await calls(SEND), before + 1);
});

test('what WeChat will never take is given up', async () => {
    const before = await calls(SEND);
    await sandbox.fault({ account: 'demo', endpoint: SEND, errcode: 47003 });
    const [person] = await due_now(redis, 1);
    await all_are(redis, [person], 'failed');
    const { error, reason } = await reminder(redis, person);
    assert.equal(error, '47003');
    assert.notEqual(reason, '');
    assert.equal((await learner(redis, person)).on, '1');
    assert.equal(await calls(SEND), before + 1);
});

test('an address that is not on the whitelist costs one call, and no reminder', async () => {
    assert.equal(await work.end(), 0);
    const before = [await calls(TOKEN), await calls(SEND)];
    await sandbox.fault({ account: 'demo', endpoint: TOKEN, errcode: 40164 });
    const persons = await due_now(redis, 12);
    await redis.say('DEL', '{demo}:token:wxd21d21d21d21d21d');
    work = await start('work', SETTINGS);
    await until(() => /40164/.test(log('work')), 'the log says so');
    await sleep(1500); // 75 ticks
    assert.deepEqual([await calls(TOKEN), await calls(SEND)], [before[0] + 1, before[1]]);
    const states = await Promise.all(persons.map(async one => (await reminder(redis, one)).state));
    assert.ok(states.every(state => state === undefined || state === 'queued'), states.join());

    // That was nobody's fault but ours: it does not count as a try when WeChat is busy afterwards.
    await sandbox.fault({ account: 'demo', endpoint: SEND, errcode: -1, times: 12 });
    await no_more_waiting();
    assert.equal((await day21('alarm', 'demo', 'clear')).status, 0);
    await until(async () => await calls(SEND) >= before[1] + 12, 'all were refused');
    await no_more_waiting();
    await each_sent_once(persons);
    for (const person of persons)
        assert.equal((await reminder(redis, person)).tries, '2');
});

test('a busy WeChat is not asked for ever', async () => {
    const before = await calls(SEND);
    await sandbox.fault({ account: 'demo', endpoint: SEND, errcode: -1, times: 2 });
    const [person] = await due_now(redis, 1);
    await until(async () => (await reminder(redis, person)).error === '-1', 'refused once');
    await redis.say('HSET', `{demo}:out:streak_at_risk:${person.day}:${person.openid}`, 'tries', 40);
    await no_more_waiting();
    await all_are(redis, [person], 'failed');
    assert.equal(await calls(SEND), before + 2);
});

test('a quota that is used up is let rest', async () => {
    const before = await calls(SEND);
    await sandbox.fault({ account: 'demo', endpoint: SEND, errcode: 45009, times: 8 });
    const persons = await due_now(redis, 12);
    await until(async () => await calls(SEND) > before, 'refused');
    await sleep(500);
    const made = await calls(SEND) - before;
    assert.ok(made <= SETTINGS.concurrency, `${made} calls: more than were in the air`);
    assert.equal(await work.end(), 0);
    await no_more_waiting();
    work = await start('work', SETTINGS);
    await each_sent_once(persons);
});

test('a busy WeChat is asked again, later each time', async () => {
    await all_are(redis, [patient], 'sent', 20);
    assert.equal((await reminder(redis, patient)).tries, '4');
    assert.equal(await calls(SEND, 'plain'), 4);
    assert.equal((await patient.sent()).length, 1);
});

test('end', async () => {
    redis.close();
    await end_all();
});
