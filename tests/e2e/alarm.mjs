// instance: --without serve,work,sandbox --
// WeChat refuses an account as such (address not allowed, wrong AppID or AppSecret): an operator is
// told once, the account's sends rest in every worker at the cost of a call a minute, the other
// account's go on, and when it is mended everything is sent by itself.
//
// A minute passes by setting the time of the next probe to now in Redis.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { away_from_midnight, day21, end_all, log, redis as connect, sleep, start, until }
    from './lib/instance.mjs';
import { AWAKE, all_are, due_now } from './lib/reminders.mjs';
import * as sandbox from './lib/sandbox.mjs';

const SEND = 'message/template/send', TOKEN = 'stable_token', PROBE = 'menu/get';

await away_from_midnight();
await start('sandbox', {}, ['--people', '40', '--finish-ms', '50']);
await start('serve', AWAKE);
const redis = await connect();

const calls = async endpoint => (await sandbox.calls('demo'))[endpoint] ?? 0;
const lines = pattern => log('work').split('\n').filter(line => pattern.test(line));
const alarm = () => redis.hash('{demo}:alarm');
const a_minute_passes = () => redis.say('HSET', '{demo}:alarm', 'probe', 0);

let waiting;

test('raised once, by whichever worker is first', async () => {
    await sandbox.fault({ account: 'demo', endpoint: TOKEN, errcode: 40164, times: 1000 });
    waiting = await due_now(redis, 12);
    await start('work', AWAKE);
    await start('work', AWAKE);
    await until(alarm_is_on, 'the alarm');
    await sleep(1500); // 75 ticks
    assert.ok(await calls(TOKEN) <= 2, 'a call a worker at most');
    assert.equal(await calls(SEND), 0);
    assert.equal(lines(/ error .*account=demo ALARM.*40164/).length, 1);
    assert.equal(lines(/ error /).length, 1, lines(/ error /).join('\n'));
});

async function alarm_is_on() {
    return (await alarm()).errcode === '40164';
}

test('an operator sees it, and what to do', async () => {
    const { status, out } = await day21('alarm');
    assert.equal(status, 1);
    assert.match(out, /^demo: ALARM since .* 40164 /m);
    assert.match(out, /IP allow list/);
    assert.match(out, /^plain: no alarm$/m);
    assert.equal((await day21('alarm', 'plain')).status, 0);
    assert.match((await day21('alarm', 'nobody')).err, /no account nobody/);
    assert.match((await day21('alarm', 'demo', 'off')).err, /alarm knows clear/);
});

test('the other account sends', async () => {
    await all_are(redis, await due_now(redis, 2, 'plain'), 'sent');
});

test('a probe is one call, however many workers there are', async () => {
    const before = await calls(TOKEN), count = Number((await alarm()).count);
    await a_minute_passes();
    await until(async () => Number((await alarm()).count) > count, 'the probe');
    await sleep(1500);
    assert.equal(await calls(TOKEN), before + 1);
    assert.equal(Number((await alarm()).count), count + 1);
    assert.equal(lines(/ALARM/).length, 1, 'that it is still so is no news');
});

test('mended, all that waited is sent by itself', async () => {
    await sandbox.no_faults();
    await a_minute_passes();
    await all_are(redis, waiting, 'sent', 20);
    for (const person of waiting)
        assert.equal((await person.sent()).length, 1);
    assert.equal(await calls(PROBE), 1);
    assert.equal(lines(/account=demo alarm over/).length, 1);
    await until(() => lines(/account=demo sends go on/).length === 2, 'both workers say so');
    assert.deepEqual(await alarm(), {});
    assert.equal((await day21('alarm')).status, 0);
});

test('an operator lets the sends go on', async () => {
    await sandbox.fault({ account: 'demo', endpoint: SEND, errcode: 40013 });
    const [person] = await due_now(redis, 1);
    await until(async () => (await alarm()).errcode === '40013', 'the alarm');
    const cleared = await day21('alarm', 'demo', 'clear');
    assert.equal(cleared.status, 0);
    assert.match(cleared.out, /alarm cleared/);
    await all_are(redis, [person], 'sent');
    assert.equal((await person.sent()).length, 1);
    assert.match((await day21('alarm', 'demo', 'clear')).out, /no alarm/);
});

test('end', async () => {
    redis.close();
    await end_all();
});
