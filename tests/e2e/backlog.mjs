// instance: --without serve,work,sandbox --
// A worker that has more to send than it may have in the air goes on as soon as there is room, also
// when nothing of what it took may be sent, and waits for its tick only when WeChat asks for patience.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { away_from_midnight, end_all, redis as connect, sleep, start, until } from './lib/instance.mjs';
import { AWAKE, all_are, checked_in, due_now, make_due } from './lib/reminders.mjs';
import * as sandbox from './lib/sandbox.mjs';

const SEND = 'message/template/send';
const SLOW = { ...AWAKE, tick_ms: 10000, concurrency: 2 };

await away_from_midnight();
await start('sandbox', {}, ['--people', '40', '--finish-ms', '50']);
await start('serve', AWAKE);
const redis = await connect();

const calls = async () => (await sandbox.calls('demo'))[SEND] ?? 0;

async function each_sent_once(persons, seconds) {
    await all_are(redis, persons, 'sent', seconds);
    for (const person of persons)
        assert.equal((await person.sent()).length, 1);
}

test('twelve go two by two within one tick', async () => {
    const persons = await due_now(redis, 12);
    const work = await start('work', SLOW);
    await each_sent_once(persons, 30); // by the tick they would take 50 s
    assert.equal(await work.end(), 0);
});

test('behind reminders that are no longer true, nobody waits for the tick', async () => {
    const before = await calls(), persons = [];
    while (persons.length < 8)
        persons.push(await checked_in(redis));
    await Promise.all(persons.map(person => make_due(redis, person)));
    const work = await start('work', SLOW);
    await all_are(redis, persons, 'skipped', 20); // by the tick they would take 30 s
    assert.equal(await calls(), before);
    assert.equal(await work.end(), 0);
});

test('when WeChat is busy the rest comes with the tick', async () => {
    const before = await calls(), persons = await due_now(redis, 8);
    await sandbox.fault({ account: 'demo', endpoint: SEND, errcode: -1, times: 2 });
    const work = await start('work', SLOW);
    await until(async () => await calls() === before + 2, 'two are refused');
    await sleep(2000);
    assert.equal(await calls(), before + 2);
    await each_sent_once(persons, 60);
    assert.equal(await work.end(), 0);
});

test('end', async () => {
    redis.close();
    await end_all();
});
