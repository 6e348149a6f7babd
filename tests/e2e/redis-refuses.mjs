// instance: --without redis,serve,work,sandbox --
// A Redis that is there and does not do: it is full, cannot write to its disk, may only be read, wants
// a password, is too old, is still reading its data. serve and work say so once, with what to do about
// it; so do the doctor and the commands; learners are answered courteously; and once it is mended,
// service resumes by itself, which is said once as well.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { away_from_midnight, day21, end_all, launch, log, redis as connect, sleep, start, until,
    variable } from './lib/instance.mjs';
import { kind_of } from './lib/crowd.mjs';
import { accounts, ask, say, somebody } from './lib/wechat.mjs';

const PASSWORD = 'open-sesame-2026', WRONG = 'let-me-in-2026';
const ROLES = ['serve', 'work'];

await away_from_midnight(150);
let redis = await start('redis');
let client = await connect();
const config = (...words) => client.say('CONFIG', 'SET', ...words);

const set_soft_limit = bytes =>
    execFileSync('prlimit', ['--pid', String(redis.process.pid), `--fsize=${bytes}:`]);

// How it is broken and mended while it runs, and what is said of it.
const troubles = {
    'is full': {
        now: () => config('maxmemory', '1'),
        mended: () => config('maxmemory', '0'),
        what: /no memory left/, todo: /raise maxmemory/,
    },
    'is a replica': {
        now: () => client.say('REPLICAOF', '127.0.0.1', '1'),
        mended: () => client.say('REPLICAOF', 'NO', 'ONE'),
        what: /replica/, todo: /primary/,
    },
    'lacks replicas': {
        now: () => config('min-replicas-to-write', '1'),
        mended: () => config('min-replicas-to-write', '0'),
        what: /fewer replicas/, todo: /min-replicas-to-write/,
    },
    'cannot write to its disk': { // with appendfsync always it would end itself
        async now() {
            await config('appendfsync', 'everysec');
            set_soft_limit(1);
            await until(async () => {
                await client.say('SET', 'filler', 'x').catch(() => {});
                return /aof_last_write_status:err/.test(await client.say('INFO', 'persistence'));
            }, 'a write fails');
        },
        async mended() {
            set_soft_limit('unlimited');
            await until(async () => /aof_last_write_status:ok/.test(await client.say('INFO', 'persistence')),
                'writes go well again');
            await config('appendfsync', 'always');
        },
        what: /cannot write/, todo: /space left/,
    },
};

const lines_of = (role, from, pattern) =>
    log(role).slice(from).split('\n').filter(line => pattern.test(line));
const lengths = () => Object.fromEntries(ROLES.map(role => [role, log(role).length]));
const health = async () => (await ask('GET', '/healthz')).status;
const check_in = async () => kind_of(await say(accounts.demo, somebody(), '签到'));

// Each role says what and what to do, in one line, and no more while learners come and are answered.
async function is_told(from, { what, todo }, learners = 100) {
    for (const role of ROLES)
        await until(() => lines_of(role, from[role], what).length, `${role} says ${what}`);
    assert.equal(await health(), 503);
    for (let i = 0; i < learners; i++)
        assert.equal(await check_in(), 'busy');
    await sleep(1500);
    for (const role of ROLES) {
        const lines = lines_of(role, from[role], / (error|warn) /);
        assert.equal(lines.length, 1, lines.join('\n'));
        assert.match(lines[0], new RegExp(` error ${role}: Redis `));
        assert.match(lines[0], todo);
    }
}

async function is_told_by_commands({ what, todo }) {
    const doctor = await day21('doctor', 'demo');
    assert.equal(doctor.status, 1);
    const about = doctor.out.match(/^ +FAIL +reachable .*\n +-> .*/m)?.[0] ?? doctor.out;
    assert.match(about, what);
    assert.match(about, todo);
    const begun = performance.now(), command = await day21('roster', 'export', 'demo');
    assert.notEqual(command.status, 0);
    assert.match(command.err, what);
    assert.match(command.err, todo);
    assert.ok(performance.now() - begun < 10000, 'what will not pass is not waited for');
}

async function is_well_again(from) {
    await until(async () => await health() === 200, 'serve is well');
    await until(async () => await check_in() === 'done', 'learners check in');
    for (const role of ROLES) {
        await until(() => lines_of(role, from[role], / info .*Redis is there/).length, `${role} is well`);
        assert.equal(lines_of(role, from[role], /Redis is there/).length, 1);
    }
}

let serve = await start('serve'), work = await start('work');
test('somebody checks in', async () => assert.equal(await check_in(), 'done'));

for (const [name, trouble] of Object.entries(troubles)) {
    test(`Redis ${name} while we run`, async () => {
        const from = lengths();
        await trouble.now();
        // the first call that is refused finds out; work asks by itself
        assert.equal(await check_in(), 'busy');
        await is_told(from, trouble);
        await is_told_by_commands(trouble);
        await trouble.mended();
        await is_well_again(from);
    });
}

async function restart_while(now) {
    await serve.end();
    await work.end();
    await now();
    const from = lengths();
    serve = launch('serve');
    work = launch('work');
    return from;
}

for (const [name, trouble] of Object.entries(troubles)) {
    test(`Redis ${name} when we start`, async () => {
        const from = await restart_while(trouble.now);
        await is_told(from, trouble, 10);
        await trouble.mended();
        await is_well_again(from);
    });
}

// A mistake of ours, or somebody's hand: it concerns one call, and Redis is well.
test('Redis has something else where ours should be', async () => {
    const from = lengths(), keys = ['ledger', 'outbox'].map(noun => `{demo}:${noun}`);
    for (const key of keys) {
        await client.say('RENAME', key, `${key}:aside`).catch(() => {}); // there may be none
        await client.say('SET', key, 'x');
    }
    for (let i = 0; i < 100; i++)
        assert.equal(await check_in(), 'busy');
    await until(() => lines_of('work', from.work, / error work: account=demo nothing is sent: .*WRONGTYPE/).length,
        'work says so');
    await sleep(1500);
    assert.equal(await health(), 200);
    assert.equal(lines_of('work', from.work, /nothing is sent/).length, 1);
    const told = lines_of('serve', from.serve, / warn serve: account=demo .*WRONGTYPE/).length;
    assert.ok(told > 0 && told <= 10, `${told} lines for 100 learners`);
    for (const key of keys) {
        await client.say('DEL', key);
        await client.say('RENAME', `${key}:aside`, key).catch(() => {});
    }
    await until(() => lines_of('work', from.work, / info work: account=demo sends go on/).length, 'sends go on');
    assert.equal(await check_in(), 'done');
});

test('Redis wants a password that we have not, then have wrong, then have', async () => {
    const file = path.join(variable, 'secrets/redis');
    fs.writeFileSync(file, `${WRONG}\n`, { mode: 0o600 });
    await serve.end();
    await work.end();
    await config('requirepass', PASSWORD);
    let from = lengths();
    serve = launch('serve');
    work = launch('work');
    const none = { what: /wants a password/, todo: /redis_password_file/ };
    await is_told(from, none, 3);
    await is_told_by_commands(none);
    await serve.end();
    await work.end();

    from = lengths();
    const socket = path.join(variable, 'run/redis.sock');
    const settings = { redis: `${socket}\nredis_password_file: ${file}` };
    serve = launch('serve', settings);
    work = launch('work', settings);
    await is_told(from, { what: /does not take our password/, todo: /requirepass/ }, 3);
    await config('requirepass', WRONG);
    await is_well_again(from);
    for (const role of ROLES)
        assert.doesNotMatch(log(role), new RegExp(`${WRONG}|${PASSWORD}`));
    await config('requirepass', '');
    await serve.end();
    await work.end();
});

test('Redis has no functions, as before 7; then it is upgraded', async () => {
    client.close();
    await redis.end();
    redis = await start('redis', {}, ['--rename-command', 'FUNCTION', '', '--appendonly', 'no']);
    const from = lengths(), old = { what: /no functions/, todo: /Redis 7 or newer/ };
    serve = launch('serve');
    work = launch('work');
    await is_told(from, old, 3);
    await is_told_by_commands(old);
    await redis.end();
    redis = await start('redis');
    await is_well_again(from);
});

test('Redis takes its time to read its data', async () => {
    client = await connect();
    for (let i = 0; i < 3000; i++)
        client.say('SET', `filler:${i}`, 'x'.repeat(100));
    await client.say('PING');
    client.close();
    await redis.end();
    const from = await restart_while(() => {
        redis = launch('redis', {}, ['--key-load-delay', '2000', '--loading-process-events-interval-bytes', '1024']);
        return until(() => connect().then(one => one.say('PING').finally(() => one.close()))
            .then(() => false, error => /LOADING/.test(error.message)), 'it is reading');
    });
    for (const role of ROLES)
        await until(() => lines_of(role, from[role], /reading its data/).length, `${role} says so`);
    assert.equal(await check_in(), 'busy');
    const { status, out, err } = await day21('roster', 'export', 'demo');
    assert.equal(status, 0, `a command waits: ${out}${err}`);
    await is_well_again(from);
});

test('no Redis', async () => {
    await redis.end();
    const from = await restart_while(() => {});
    const none = { what: /cannot be reached at .*redis\.sock: No such file/, todo: /start it/ };
    await is_told(from, none, 3);
    redis = await start('redis');
    await is_well_again(from);
});

test('end', end_all);
