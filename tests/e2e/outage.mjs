// Redis is killed while messages come in, and started again. Every message is answered within WeChat's
// five seconds all the while, service resumes by itself, and nobody's points are lost or doubled.
//
// instance: --without redis --

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

const { DAY21_URL, DAY21_VAR } = process.env;
const ACCOUNT = 'demo';
const SENDERS = 8;

async function ask(path, body) {
    const response = await fetch(`${DAY21_URL}/sandbox/api/${path}`,
        body && { method: 'POST', body: JSON.stringify(body) });
    assert.ok(response.ok, `${path}: ${response.status}`);
    return response.json();
}

function startRedis() {
    const redis = spawn('redis-server', [`${DAY21_VAR}/run/redis.conf`], { stdio: 'ignore' });
    redis.ended = new Promise((done) => redis.on('exit', done));
    return redis;
}

const healthy = async () => (await fetch(`${DAY21_URL}/healthz`)).status;
async function health(expected) {
    const deadline = Date.now() + 20000;
    while (await healthy() !== expected) {
        assert.ok(Date.now() < deadline, `/healthz did not become ${expected}`);
        await pause(50);
    }
}

let serial = 0;
async function say(person, content) {
    const now = Math.floor(Date.now() / 1000);
    const xml = `<xml><ToUserName><![CDATA[${account.original_id}]]></ToUserName>`
        + `<FromUserName><![CDATA[${person.openid}]]></FromUserName><CreateTime>${now}</CreateTime>`
        + `<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${content}]]></Content>`
        + `<MsgId>${now}${String(++serial).padStart(6, '0')}</MsgId></xml>`;
    const begun = performance.now();
    const [reply] = (await ask('push', { account: ACCOUNT, xml })).replies;
    return { content, ms: performance.now() - begun, at: phase, ...reply };
}

let phase = 'before';
const replies = [];
async function keepTalking(i) {
    for (let n = 0; phase !== 'over'; n++) {
        const person = account.people[(i + n) % account.people.length];
        replies.push(await say(person, n % 3 ? '我的积分' : '签到'));
    }
}

let redis = startRedis();
process.on('exit', () => redis.kill('SIGKILL'));
await health(200);
const account = (await ask('state')).accounts.find((a) => a.name === ACCOUNT);
for (const person of account.people) {
    await ask('act', { account: ACCOUNT, openid: person.openid, type: 'follow' });
}
await pause(1000);

const talking = Array.from({ length: SENDERS }, (_, i) => keepTalking(i));
await pause(1500);
redis.kill('SIGKILL');
await redis.ended;
phase = 'without';
await health(503);
await pause(3000);
phase = 'again';
redis = startRedis();
await health(200);
await pause(1500);
phase = 'over';
await Promise.all(talking);

const summary = {};
for (const r of replies) {
    assert.equal(r.status, 200, `${r.content} (${r.at}) was answered ${r.status} after ${r.ms} ms`);
    assert.ok(r.ms < 5000, `${r.content} (${r.at}) took ${r.ms} ms`);
    assert.match(r.plain, /<MsgType><!\[CDATA\[text\]\]>/, `${r.content} (${r.at}): ${r.plain}`);
    const s = summary[r.at] ??= { replies: 0, slowest_ms: 0 };
    s.replies++;
    s.slowest_ms = Math.max(s.slowest_ms, Math.round(r.ms));
}
console.log(JSON.stringify(summary));
assert.ok(summary.before?.replies > 50 && summary.without?.replies > 5, 'too little was said');

// What is said without Redis is not what is said with it.
const textOf = (reply) => reply.plain.match(/<Content><!\[CDATA\[(.*?)\]\]><\/Content>/s)[1];
const courteous = new Set(replies.filter((r) => r.at === 'without').map(textOf));
courteous.forEach((text) => assert.match(text, /\p{Script=Han}/u));
const points = await say(account.people[0], '我的积分');
assert.ok(!courteous.has(textOf(points)), `no service yet: ${points.plain}`);

// 5 for following and 10 for one check-in, whatever was said how often.
for (const { openid } of account.people) {
    await say({ openid }, '签到');
    const xp = execFileSync('redis-cli', ['-s', `${DAY21_VAR}/run/redis.sock`, 'hget',
        `{${ACCOUNT}}:learner:${openid}`, 'xp'], { encoding: 'utf8' }).trim();
    assert.equal(xp, '15', `${openid} has ${xp} points`);
}
redis.kill('SIGTERM');
await redis.ended;
