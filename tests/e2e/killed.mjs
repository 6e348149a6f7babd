// `day21 work` is killed again and again while its sends are in the air, and started again. Every
// reminder is shown to its learner, and each once: when WeChat's TEMPLATESENDJOBFINISH tells what became
// of a send, and when it comes too late to do so and the send is repeated under its client_msg_id.
//
// instance: --set claim_after_s=1 --set tick_ms=50 --set concurrency=1 --without work --

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const { DAY21_URL, DAY21_BUILD, DAY21_CONFIG, DAY21_VAR } = process.env;
const SEND = 'message/template/send';
const LATENCY_MS = 200; // how long a send is in the air

async function ask(path, body) {
    const response = await fetch(`${DAY21_URL}/sandbox/api/${path}`,
        body && { method: 'POST', body: JSON.stringify(body) });
    assert.ok(response.ok, `${path}: ${response.status}`);
    return response.json();
}

async function until(what, condition, seconds = 30) {
    const deadline = Date.now() + seconds * 1000;
    while (!await condition()) {
        assert.ok(Date.now() < deadline, `${what} did not come within ${seconds} s`);
        await pause(20);
    }
}

function startWork() {
    const log = openSync(`${DAY21_VAR}/log/work.log`, 'a');
    const work = spawn(`${DAY21_BUILD}/day21`, ['work', '-c', DAY21_CONFIG],
        { stdio: ['ignore', log, log] });
    work.ended = new Promise((done) => work.on('exit', (status, signal) => done(signal ?? status)));
    return work;
}

const { accounts } = await ask('state');
const learners = accounts.flatMap((a) => a.people.map((p) => ({ account: a.name, openid: p.openid })));

async function record() {
    const records = await Promise.all(accounts.map((a) => ask(`sent?account=${a.name}`)));
    return {
        shown: records.flatMap((r) => r.sent).filter((s) => s.endpoint === SEND && s.shown),
        calls: records.reduce((sum, r) => sum + (r.calls[SEND] ?? 0), 0),
    };
}

// The bot may not yet have heard of the follower.
async function nudge({ account, openid }) {
    const run = () => new Promise((done) => execFile(`${DAY21_BUILD}/day21`,
        ['nudge', '--now', account, openid, '-c', DAY21_CONFIG],
        (error, stdout, stderr) => done(error ? stderr : '')));
    for (let tries = 0, said; /seen by|does not follow/.test(said = await run()); tries++) {
        assert.ok(tries < 50, said);
        await pause(100);
    }
}

let work;
process.on('exit', () => work?.kill('SIGKILL'));

// Sends every learner one reminder. Returns how many calls that took, and how many kills.
async function remindAll() {
    const begun = await record();
    const wanted = begun.shown.length + learners.length;
    const nudges = learners.map(nudge);
    let kills = 0;
    await ask('fault', { account: null, endpoint: SEND, latency_ms: LATENCY_MS, times: 1000 });
    for (let now = begun; ; kills++) {
        const { calls } = now;
        work = startWork();
        await until('a send in the air', async () => {
            now = await record();
            return now.calls > calls || now.shown.length >= wanted;
        });
        if (now.calls === calls) break;
        await pause(Math.random() * LATENCY_MS * 1.5);
        work.kill('SIGKILL');
        assert.equal(await work.ended, 'SIGKILL');
        now = await record();
    }
    await Promise.all(nudges);
    await ask('fault', { clear: true });
    await pause(3000); // time for what is claimed wrongly to be sent again
    const ended = await record();
    const earlier = new Set(begun.shown.map((s) => `${s.at} ${s.openid}`));
    assert.deepEqual(
        ended.shown.filter((s) => !earlier.has(`${s.at} ${s.openid}`)).map((s) => s.openid).sort(),
        learners.map((l) => l.openid).sort());
    work.kill('SIGTERM');
    assert.equal(await work.ended, 0);
    return { reminders: learners.length, calls: ended.calls - begun.calls, kills };
}

for (const learner of learners) await ask('act', { ...learner, type: 'follow' });
const told = await remindAll();
console.log('WeChat tells what became of a send:', JSON.stringify(told));
assert.ok(told.kills >= 3);

await ask('fault', { account: null, endpoint: 'callback', latency_ms: 10000, times: 1000 });
const untold = await remindAll();
console.log('WeChat tells too late:', JSON.stringify(untold));
assert.ok(untold.kills >= 3);
assert.ok(untold.calls > untold.reminders, 'no kill hit a send in the air');
