// instance: --without redis,serve,work,sandbox --
// Redis stands still under load, then is killed under load: everybody is answered courteously and in
// time, service resumes by itself, who was told that points had counted has them, nobody has them
// twice.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { away_from_midnight, end_all, log, redis as connect, sleep, start, until } from './lib/instance.mjs';
import { Crowd, disperse } from './lib/crowd.mjs';
import { deliver } from './lib/wechat.mjs';

// Messages a second. While Redis stands still they gather for 3 s, and each takes two of the 1000
// connections that config/nginx.conf allows.
const RATE = 120;
const PATIENCE_MS = 5000; // WeChat's
const TURN_MS = 4400; // a little less than config/day21.yaml's turn_deadline_ms
const STORE_PATIENCE_MS = 3000;

await away_from_midnight();
let redis = await start('redis');
await start('serve');
const crowd = new Crowd(RATE, deliver);

// Goes on with the crowd until so many answers of a kind have been given in a phase from now on.
async function until_answered(phase, kind, times) {
    crowd.phase = phase;
    await until(() => crowd.answers.filter(a => a.phase === phase && a.kind === kind).length >= times,
        `${times} messages ${phase} answered ${kind}: ${JSON.stringify(crowd.summary())}`);
}

test('Redis stands still, and goes on', async () => {
    await until_answered('before', 'done', RATE);
    redis.signal('SIGSTOP');
    crowd.phase = 'standing still';
    await sleep(4500); // past the deadline of calls
    await until_answered('still standing', 'busy', RATE);
    crowd.phase = 'passing over'; // may still fall into the stop
    redis.signal('SIGCONT');
    await until_answered('going on', 'done', RATE);
});

test('Redis stands still for so long that serve gives the connection up', async () => {
    redis.signal('SIGSTOP');
    crowd.phase = 'standing still again';
    await sleep(6500);
    crowd.phase = 'passing over';
    redis.signal('SIGCONT');
    await until_answered('going on again', 'done', RATE);
});

test('Redis is killed, and comes back', async () => {
    await redis.end('SIGKILL');
    await until_answered('without Redis', 'busy', RATE);
    crowd.phase = 'passing over';
    redis = await start('redis');
    await until_answered('with Redis again', 'done', RATE);
});

test('every answer was courteous and came in time', async () => {
    const summary = await crowd.stop();
    console.log(summary);
    for (const { kind, phase, ms } of crowd.answers) {
        // On a busy machine a turn may end before Redis is given up: "success", and that in time.
        assert.match(kind, ms < TURN_MS ? /^(done|busy)$/ : /^(done|busy|later)$/, phase);
        assert.ok(ms < PATIENCE_MS, `${phase}: ${kind} after ${Math.round(ms)} ms`);
        if (phase === 'without Redis')
            assert.ok(ms < STORE_PATIENCE_MS, `${phase}: nothing to wait for, but ${Math.round(ms)} ms`);
    }
    assert.equal(crowd.answers.length, crowd.sent);
});

test('what was told is so', async () => {
    const client = await connect();
    await crowd.check_points(client);
    client.close();
    assert.match(log('serve'), /error serve: Redis does not answer[\s\S]*info serve: Redis is there/);
});

test('end', async () => {
    disperse();
    await end_all();
});
