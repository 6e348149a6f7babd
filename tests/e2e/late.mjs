// instance: --without serve,work,sandbox --
// A reply that is late: success at the deadline, and then the reply, once, as a customer-service
// message, whatever WeChat repeats.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { away_from_midnight, end_all, log, redis as connect, sleep, start, until } from './lib/instance.mjs';
import { wordings } from './lib/crowd.mjs';
import * as sandbox from './lib/sandbox.mjs';
import { accounts, deliver, text } from './lib/wechat.mjs';

const SUCCESS = 'success', SEND = 'message/custom/send';

await away_from_midnight();
// A fifth of its patience passes between two attempts: three fit well into the store's 3 s.
await start('sandbox', {}, ['--people', '10', '--wait-ms', '1000']);
const serve_settings = { turn_deadline_ms: 100 };
let serve = await start('serve', serve_settings);
await start('work', { tick_ms: 20 });
const redis = await connect();
const redis_pid = (await redis.say('INFO', 'server')).match(/process_id:(\d+)/)[1];

// Does something while Redis stands still, for less than the store's patience.
async function stalled(act) {
    process.kill(redis_pid, 'SIGSTOP');
    try {
        return await act();
    } finally {
        process.kill(redis_pid, 'SIGCONT');
    }
}

async function follower(account) {
    const person = await sandbox.person(account);
    await person.does('follow');
    return person;
}

// What customer-service messages somebody gets, once nothing more is under way.
async function told(person, after) {
    const is_told = async () => (await person.feed(after)).filter(item => item.side === 'account');
    await until(async () => (await is_told()).length, 'a customer-service message');
    await until(async () => {
        const states = await Promise.all((await redis.say('KEYS', `{${person.account}}:out:late:*`))
            .map(key => redis.say('HGET', key, 'state')));
        return states.every(state => state === 'sent');
    }, 'all late replies are settled');
    return is_told();
}

for (const account of Object.values(accounts)) {
    test(`${account.name}: a text`, async () => {
        const person = await follower(account.name), before = (await person.feed()).at(-1).seq;
        const xml = text(account, person.openid, '签到');
        const late = await stalled(() => deliver(account, xml));
        // At its deadline: once the store has lost patience, the answer is another.
        assert.deepEqual([late.status, late.body], [200, SUCCESS]);
        const items = await told(person, before);
        assert.deepEqual(items.map(item => item.kind), ['text'], JSON.stringify(items));
        const lines = items[0].text.split('\n');
        assert.ok(wordings('late').includes(lines[0]) && lines[1] === '', items[0].text);
        assert.match(items[0].text, /\+10/);
        const sent = await person.sent();
        assert.deepEqual(sent.map(one => one.endpoint), [SEND]);
    });
}

test('a card', async () => {
    const person = await follower('demo'), before = (await person.feed()).at(-1).seq;
    const late = await stalled(() =>
        deliver(accounts.demo, text(accounts.demo, person.openid, '今日课程')));
    assert.equal(late.body, SUCCESS);
    const items = await told(person, before);
    assert.equal(items.length, 1);
    assert.equal(items[0].kind, 'news');
    assert.match(items[0].articles[0].url, /\/h5\/demo\/course\//);
});

test('WeChat repeats a message whose success was lost', async () => {
    const person = await follower('demo');
    await sandbox.fault({ account: 'demo', endpoint: 'callback', drop: true, times: 2 });
    const seq = await stalled(async () => {
        const seq = await person.act('text', { content: '签到' });
        await until(async () => (await sandbox.raw(seq)).exchanges.length === 3, 'three attempts', 2.5);
        return seq;
    });
    const { exchanges } = await sandbox.raw(seq);
    assert.deepEqual(exchanges.map(one => one.direction), ['push', 'push', 'push']);
    const items = await told(person, seq);
    assert.deepEqual(items.map(item => item.kind), ['text'], JSON.stringify(items));
    assert.match(items[0].text, /\+10/);
    assert.equal((await person.sent()).length, 1);
    const { xp } = await redis.hash(`{demo}:learner:${person.openid}`);
    assert.equal(xp, '15');
});

test('twenty at once, over two processes', async () => {
    assert.equal(await serve.end(), 0);
    serve = await start('serve', { ...serve_settings, processes: 2 });
    const person = await follower('demo'), before = (await person.feed()).at(-1).seq;
    const xml = text(accounts.demo, person.openid, '签到');
    const answers = await stalled(() =>
        Promise.all(Array.from({ length: 20 }, () => deliver(accounts.demo, xml))));
    for (const answer of answers)
        assert.deepEqual([answer.status, answer.body], [200, SUCCESS]);
    const items = await told(person, before);
    assert.deepEqual(items.map(item => item.kind), ['text'], JSON.stringify(items));
    assert.equal((await person.sent()).length, 1);
});

test('what nobody would have read is not sent late', async () => {
    const person = await follower('demo');
    await stalled(async () => {
        await person.act('unfollow');
        await sleep(300);
    });
    await until(async () => (await redis.hash(`{demo}:learner:${person.openid}`)).on === '0', 'noted');
    assert.deepEqual(await person.sent(), []);
});

test('serve is told to stop while a reply is late', async () => {
    const person = await follower('demo'), before = (await person.feed()).at(-1).seq;
    await stalled(async () => {
        const late = await deliver(accounts.demo, text(accounts.demo, person.openid, '签到'));
        assert.equal(late.body, SUCCESS);
        serve.signal('SIGTERM');
        await sleep(300);
        assert.equal(serve.status, undefined, 'it waits for the reply');
    });
    assert.equal(await serve.ended, 0);
    const items = await told(person, before);
    assert.match(items[0].text, /\+10/);
    assert.doesNotMatch(log('serve'), /late reply lost/);
});

test('end', async () => {
    redis.close();
    await end_all();
});
