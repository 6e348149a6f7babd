// instance: --without serve,work,sandbox --
// serve is told to stop, or one of its processes is killed, under load: what is in hand is answered,
// and when WeChat repeats what was not, nothing is lost and nothing counts twice.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { away_from_midnight, children_of, configured, end_all, log, program, redis as connect, sleep,
    start, until } from './lib/instance.mjs';
import { Crowd, disperse } from './lib/crowd.mjs';
import { insist } from './lib/wechat.mjs';

const RATE = 150; // messages a second

await away_from_midnight();
const redis = await connect();
const redis_pid = (await redis.say('INFO', 'server')).match(/process_id:(\d+)/)[1];
let serve;

const answered = (crowd, phase) =>
    crowd.answers.filter(one => one.phase === phase && one.kind === 'done').length;

async function goes_on(crowd, phase) {
    crowd.phase = phase;
    await until(() => answered(crowd, phase) >= RATE / 2,
        `answers ${phase}: ${JSON.stringify(crowd.summary())}`);
}

// Nobody lost, nobody twice.
async function check(crowd) {
    const summary = await crowd.stop(), attempts = {};
    for (const { attempt } of crowd.answers)
        attempts[attempt] = (attempts[attempt] ?? 0) + 1;
    console.log(JSON.stringify({ summary, attempts }));
    for (const { kind, phase } of crowd.answers)
        assert.equal(kind, 'done', phase);
    assert.equal(crowd.answers.length, crowd.sent);
    await crowd.check_points(redis);
}

for (const processes of [1, 2]) {
    test(`${processes === 1 ? 'one process' : 'two processes'} told to stop`, async () => {
        await serve?.end();
        serve = await start('serve', { processes });
        const crowd = new Crowd(RATE, insist);
        await goes_on(crowd, 'before');
        for (let round = 1; round <= 2; round++) {
            crowd.phase = `stop ${round}`;
            assert.equal(await serve.end(), 0);
            serve = await start('serve', { processes });
            await goes_on(crowd, `after ${round}`);
            await until(() => !crowd.waiting[`stop ${round}`], 'answers to all that came at the stop');
        }
        await check(crowd);
    });

    test('… with much in hand, as Redis hesitates', async () => {
        const crowd = new Crowd(RATE, insist);
        await goes_on(crowd, 'before');
        process.kill(redis_pid, 'SIGSTOP');
        crowd.phase = 'in hand';
        await sleep(500);
        crowd.phase = 'perhaps in hand'; // what was sent last has not reached serve yet
        await sleep(700);
        crowd.phase = 'stop';
        serve.signal('SIGTERM');
        await sleep(500);
        assert.equal(serve.status, undefined, 'it waits for what is in hand');
        process.kill(redis_pid, 'SIGCONT');
        assert.equal(await serve.ended, 0);
        const in_hand = crowd.answers.filter(one => one.phase === 'in hand');
        assert.ok(in_hand.length > RATE / 5, `${in_hand.length} in hand`);
        for (const { kind, attempt } of in_hand)
            assert.deepEqual([kind, attempt], ['done', 1], 'answered before it ended');
        serve = await start('serve', { processes });
        await goes_on(crowd, 'after');
        await check(crowd);
    });
}

test('a process that is killed is replaced', async () => {
    const crowd = new Crowd(RATE, insist);
    await goes_on(crowd, 'before');
    const [killed, other] = serve.children;
    crowd.phase = 'killed';
    process.kill(killed, 'SIGKILL');
    await until(() => serve.children.length === 2 && !serve.children.includes(killed), 'another process');
    assert.ok(serve.children.includes(other));
    await goes_on(crowd, 'after');
    await check(crowd);
    assert.match(log('serve'), new RegExp(`process ${killed} ended \\(signal 9\\), starting another`));
});

test('told to stop while its processes begin, it ends', async () => {
    assert.equal(await serve.end(), 0);
    const config = configured('serve', { processes: 8 });
    for (let round = 0; round < 24; round++) {
        const child = spawn(program, ['serve', '-c', config], { stdio: 'ignore' });
        while (child.exitCode === null && !children_of(child.pid).length)
            await sleep(1);
        child.kill('SIGTERM');
        await until(() => child.exitCode !== null || child.signalCode, 'its end').catch(error => {
            [...children_of(child.pid), child.pid].forEach(pid => process.kill(pid, 'SIGKILL'));
            throw error;
        });
        assert.equal(child.exitCode, 0);
    }
});

test('end', async () => {
    disperse();
    redis.close();
    await end_all();
});
