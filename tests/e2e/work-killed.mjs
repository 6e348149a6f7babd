// instance: --without serve,work,sandbox --
// `day21 work` is killed at any moment while the reminders of many learners go out, several in the air
// at once, some of whose answers get lost: everybody is shown theirs, and nobody twice. Beside killed,
// which nudges one by one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { away_from_midnight, end_all, redis as connect, sleep, start, until } from './lib/instance.mjs';
import { AWAKE, all_are, due_now, reminder } from './lib/reminders.mjs';
import * as sandbox from './lib/sandbox.mjs';

const SEND = 'message/template/send', LEARNERS = 24, LATENCY_MS = 150;
const SETTINGS = { ...AWAKE, claim_after_s: 1, concurrency: 2 };

await away_from_midnight();
await start('sandbox', {}, ['--people', '70', '--finish-ms', '300']);
await start('serve', AWAKE);
const redis = await connect();

// Kills work until every reminder has been shown to somebody, then lets it finish.
async function kill_often(persons) {
    let kills = 0;
    const shown = async () => (await sandbox.sent('demo')).filter(one => one.shown &&
        persons.some(person => person.openid === one.openid)).length;
    while (await shown() < persons.length) {
        assert.ok(kills < 60, 'it gets on although it is killed');
        const work = await start('work', SETTINGS);
        await sleep(Math.random() * 2 * LATENCY_MS * (1 + kills / 20)); // at last it gets through
        await work.end('SIGKILL');
        kills++;
    }
    const work = await start('work', SETTINGS);
    await all_are(redis, persons, 'sent');
    await until(async () => await redis.say('XLEN', '{demo}:outbox') === 0, 'the outbox is empty');
    await work.end();
    return kills;
}

async function each_shown_once(persons) {
    let doubles = 0;
    for (const person of persons) {
        const sent = await person.sent(), cards = await person.feed();
        assert.equal(sent.filter(one => one.shown).length, 1,
            `${person.openid}: ${JSON.stringify(sent)} ${JSON.stringify(await reminder(redis, person))}`);
        assert.equal(cards.filter(item => item.kind === 'template').length, 1);
        doubles += sent.filter(one => !one.shown).length;
    }
    return doubles;
}

test('killed while sends are in the air', async () => {
    const persons = await due_now(redis, LEARNERS);
    await sandbox.fault({ account: 'demo', endpoint: SEND, latency_ms: LATENCY_MS, times: 1000 });
    const kills = await kill_often(persons), doubles = await each_shown_once(persons);
    console.log(JSON.stringify({ kills, doubles_suppressed: doubles }));
    assert.ok(kills >= 5, `only ${kills} kills`);
    await sandbox.no_faults();
});

test('killed, and WeChat\'s answers get lost', async () => {
    const persons = await due_now(redis, LEARNERS);
    for (let i = 0; i < 6; i++)
        await sandbox.fault({ account: 'demo', endpoint: SEND, latency_ms: LATENCY_MS, drop: i % 2 === 0 });
    await sandbox.fault({ account: 'demo', endpoint: SEND, latency_ms: LATENCY_MS, times: 1000 });
    // What became of a send, WeChat tells too late as well.
    await sandbox.fault({ account: 'demo', endpoint: 'callback', latency_ms: 8000, times: 20 });
    const kills = await kill_often(persons), doubles = await each_shown_once(persons);
    console.log(JSON.stringify({ kills, doubles_suppressed: doubles }));
    assert.ok(doubles >= 1, 'what is uncertain is sent again, under its client_msg_id');
    await sandbox.no_faults();
});

test('two workers do not send more than one', async () => {
    const persons = await due_now(redis, LEARNERS / 2);
    const workers = [await start('work', { ...SETTINGS, claim_after_s: 60 }),
        await start('work', { ...SETTINGS, claim_after_s: 60 })];
    await all_are(redis, persons, 'sent');
    for (const person of persons)
        assert.equal((await person.sent()).length, 1, 'not even a double that WeChat suppresses');
    for (const work of workers)
        assert.equal(await work.end(), 0);
});

test('told to stop, it waits for what is in the air', async () => {
    const persons = await due_now(redis, 4);
    const before = (await sandbox.calls('demo'))[SEND];
    await sandbox.fault({ account: 'demo', endpoint: SEND, latency_ms: 1000, times: 100 });
    const work = await start('work', SETTINGS);
    await until(async () => (await sandbox.calls('demo'))[SEND] >= before + 2, 'two in the air');
    assert.equal(await work.end(), 0);
    const states = await Promise.all(persons.map(async one => (await reminder(redis, one)).state));
    assert.deepEqual(states.sort(), [undefined, undefined, 'sent', 'sent'].sort());
});

test('end', async () => {
    redis.close();
    await end_all();
});
