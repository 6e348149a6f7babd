// instance: --without serve,work,sandbox --
// A message delivered again is answered as it was the first time and has no second effect: one after
// the other, twenty times at once, over two processes, and when the first serve was killed between
// the effect and the answer.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { away_from_midnight, end_all, redis as connect, sleep, start, until } from './lib/instance.mjs';
import { accounts, deliver, event, message_id, say, seconds, somebody, text } from './lib/wechat.mjs';

await away_from_midnight();
const redis = await connect(), redis_pid = (await redis.say('INFO', 'server')).match(/process_id:(\d+)/)[1];
let serve = await start('serve');

const learner = (account, openid) => redis.hash(`{${account.name}}:learner:${openid}`);
const ledger = async (account, openid) => {
    const { n } = await learner(account, openid);
    return (await redis.stream(`{${account.name}}:ledger`)).filter(line => line.n === n);
};

async function has_points(account, openid, rules) {
    const lines = await ledger(account, openid);
    assert.deepEqual(lines.map(line => line.rule).sort(), rules.slice().sort());
    const sum = lines.reduce((all, line) => all + Number(line.points), 0);
    assert.equal(Number((await learner(account, openid)).xp ?? 0), sum, 'xp is what the ledger says');
}

function same(answers) {
    for (const answer of answers) {
        assert.equal(answer.status, 200, answer.why);
        assert.equal(answer.plain, answers[0].plain);
    }
}

for (const account of Object.values(accounts)) {
    test(`${account.name}: one after the other`, async () => {
        const openid = somebody();
        const followed = event(account, openid, 'subscribe'), checked_in = text(account, openid, '签到');
        same([await deliver(account, followed), await deliver(account, followed)]);
        const first = await deliver(account, checked_in);
        assert.match(first.content, /\+10/);
        await sleep(1100); // a clock that goes on shall not show
        same([first, await deliver(account, checked_in), await deliver(account, checked_in)]);
        await has_points(account, openid, ['follow', 'checkin']);
    });

    test(`${account.name}: twenty at once`, async () => {
        const openid = somebody(), xml = text(account, openid, '签到');
        same(await Promise.all(Array.from({ length: 20 }, () => deliver(account, xml))));
        await has_points(account, openid, ['checkin']);
    });
}

test('what was said stays said when there is news in between', async () => {
    const account = accounts.demo, openid = somebody();
    const asked = text(account, openid, '我的积分');
    const before = await deliver(account, asked);
    await say(account, openid, '签到');
    same([before, await deliver(account, asked)]);
    const board = text(account, openid, '排行榜'), course = text(account, openid, '今日课程');
    const then = [await deliver(account, board), await deliver(account, course)];
    await deliver(account, event(account, openid, 'unsubscribe'));
    same([then[0], await deliver(account, board)]);
    same([then[1], await deliver(account, course)]);
});

test('events: by sender, time, event and key', async () => {
    const account = accounts.demo, openid = somebody(), time = seconds();
    const click = key => event(account, openid, 'CLICK', { EventKey: key }, { time });
    same(await Promise.all([deliver(account, click('checkin')), deliver(account, click('checkin'))]));
    await has_points(account, openid, ['checkin']);
    const [checked_in, points] = [await deliver(account, click('checkin')),
        await deliver(account, click('points'))];
    assert.notEqual(points.plain, checked_in.plain, 'another key in the same second is another event');
    const later = await deliver(account,
        event(account, openid, 'CLICK', { EventKey: 'checkin' }, { time: time + 1 }));
    assert.notEqual(later.plain, checked_in.plain, 'the same a second later is another event');
    const follow = event(account, openid, 'subscribe', {}, { time });
    same(await Promise.all(Array.from({ length: 3 }, () => deliver(account, follow))));
    await has_points(account, openid, ['checkin', 'follow']);
});

test('two messages of one second are two', async () => {
    const account = accounts.plain, openid = somebody(), time = seconds();
    const one = text(account, openid, '签到', { time, id: message_id() });
    const two = text(account, openid, '签到', { time, id: message_id() });
    const [first, second] = [await deliver(account, one), await deliver(account, two)];
    assert.match(first.content, /\+10/);
    assert.doesNotMatch(second.content, /\+10/, 'checked in already');
    same([first, await deliver(account, one)]);
    same([second, await deliver(account, two)]);
});

test('serve killed between the effect and the answer', async () => {
    const account = accounts.demo;
    // Whether serve had handed its call to the stopped Redis shows when that goes on: until it had.
    const { openid, xml, lost } = await until(async () => {
        const openid = somebody(), xml = text(account, openid, '签到');
        process.kill(redis_pid, 'SIGSTOP');
        const attempt = deliver(account, xml);
        await sleep(150);
        await serve.end('SIGKILL');
        process.kill(redis_pid, 'SIGCONT');
        const lost = await attempt;
        const done = (await ledger(account, openid)).length;
        serve = await start('serve');
        return done && { openid, xml, lost };
    }, 'an effect without an answer');
    assert.equal(lost.status, 502);
    await has_points(account, openid, ['checkin']);
    const again = await deliver(account, xml);
    assert.equal(again.status, 200);
    assert.match(again.content, /\+10/, 'as if it were the first time');
    same([again, await deliver(account, xml)]);
    await has_points(account, openid, ['checkin']);
});

test('over two processes', async () => {
    assert.equal(await serve.end(), 0);
    serve = await start('serve', { processes: 2 });
    const sockets = pid => fs.readdirSync(`/proc/${pid}/fd`).filter(fd =>
        fs.readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith('socket:')).length;
    assert.equal(serve.children.length, 2);
    const at_rest = serve.children.map(sockets);
    await until(async () => {
        const openid = somebody(), account = accounts.demo, xml = text(account, openid, '签到');
        const answers = Array.from({ length: 40 }, () => deliver(account, xml));
        const busy = serve.children.map(sockets);
        same(await Promise.all(answers));
        await has_points(account, openid, ['checkin']);
        const after = serve.children.map(sockets);
        return [0, 1].every(i => Math.max(busy[i], after[i]) > at_rest[i]);
    }, 'both processes have taken connections');
});

test('end', async () => {
    redis.close();
    await end_all();
});
