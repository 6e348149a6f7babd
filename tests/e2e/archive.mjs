// instance: --without serve,work,sandbox --
// The ledger's archive: day21 work writes a file a day, checks it, and only then trims the stream;
// killed at any moment, two at once, or looking at another place, it loses no line and has none twice.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { away_from_midnight, end_all, log, redis as connect, sleep, start, until, variable }
    from './lib/instance.mjs';
import { day_of, lines_of_day, start_of } from './lib/ledger.mjs';

await away_from_midnight(120);
const redis = await connect();
const today = day_of(Date.now());
const archive = path.join(variable, 'archive/demo');

// Work that looks for something to do now, and not when the right of one before it has run out.
async function work(settings = {}) {
    await redis.say('DEL', '{demo}:archive_right', '{plain}:archive_right');
    return start('work', { tick_ms: 20, ...settings });
}

const files = () => fs.existsSync(archive) ? fs.readdirSync(archive).filter(name => name.endsWith('.gz')).sort() : [];
const records = name => execFileSync('zcat', [path.join(archive, name)], { encoding: 'utf8', maxBuffer: 1 << 28 })
    .trimEnd().split('\n').map(line => JSON.parse(line));
const note = async () => (await redis.say('GET', '{demo}:archived'))?.split(' ')[0];
const date = day => new Date(day * 86400e3).toISOString().slice(0, 10);
const in_stream = async () => (await redis.say('XRANGE', '{demo}:ledger', '-', '+')).map(entry => entry[0]);

// All lines there are in the archive, in order; the files checked by other people's tools.
function archived() {
    let before = '', after = '0-0';
    const ids = [];
    for (const name of files()) {
        execFileSync('sha256sum', ['-c', '--status', `${name}.sha256`], { cwd: archive });
        const [head, ...lines] = records(name), foot = lines.pop();
        assert.deepEqual(head, { account: 'demo', date: name.slice(0, 10), before, after });
        assert.deepEqual(foot, { lines: lines.length, first: lines[0].line, last: lines.at(-1).line });
        ids.push(...lines.map(line => line.line));
        [before, after] = [head.date, foot.last];
    }
    return ids;
}

async function fresh() {
    await redis.say('FLUSHALL');
    fs.rmSync(path.dirname(archive), { recursive: true, force: true });
}

test('each day that is over becomes a file, and the stream keeps three', async () => {
    await fresh();
    const all = [];
    for (const [back, count] of [[9, 2500], [6, 1], [3, 10], [2, 999], [1, 1000], [0, 5]])
        all.push(...await lines_of_day(redis, 'demo', today - back, count));
    const one = await work();
    await until(async () => await note() === date(today - 1), 'yesterday is archived', 60);
    await until(async () => (await in_stream()).length === 10 + 999 + 1000 + 5, 'the stream is trimmed');
    assert.deepEqual(files(), [9, 6, 3, 2, 1].map(back => `${date(today - back)}.ndjson.gz`));
    assert.deepEqual(archived(), all.slice(0, -5));
    assert.deepEqual(await in_stream(), all.slice(2501));
    const [, line] = records(`${date(today - 6)}.ndjson.gz`);
    assert.deepEqual(Object.keys(line), ['line', 'n', 'rule', 'subject', 'points', 'coins', 'xp', 'co', 'at',
        'day', 'd', 'tm', 'id']);
    assert.equal(line.subject, '课程 "一"');
    assert.equal(await one.end(), 0);
    assert.equal((fs.statSync(path.join(archive, files()[0])).mode & 0o077), 0);
});

test('a day ends at midnight of the account, not before', async () => {
    await fresh();
    const midnight = start_of(today) * 1000;
    for (const ms of [midnight - 86400e3, midnight - 1, midnight, midnight + 1])
        await redis.say('XADD', '{demo}:ledger', `${ms}-0`, 'n', 1, 'rule', 'checkin', 'subject', '', 'points', 1,
            'coins', 0, 'xp', 1, 'co', 0, 'at', Math.floor(ms / 1000), 'day', 1, 'd', '', 'tm', '', 'id', 'x');
    const one = await work();
    await until(async () => await note() === date(today - 1), 'yesterday is archived');
    assert.deepEqual(archived(), [`${midnight - 86400e3}-0`, `${midnight - 1}-0`]);
    assert.equal(await one.end(), 0);
});

test('a line whose clock went back behind the newest file is in the next one', async () => {
    await fresh();
    const first = await lines_of_day(redis, 'demo', today - 5, 3);
    let one = await work();
    await until(async () => await note() === date(today - 5), 'the first file');
    assert.equal(await one.end(), 0);
    const late = await lines_of_day(redis, 'demo', today - 5, 2, 40000);
    one = await work();
    await until(async () => await note() === date(today - 4), 'the next file');
    assert.deepEqual(archived(), [...first, ...late]);
    assert.equal(await one.end(), 0);
});

test('killed again and again, it ends as if nothing had been', async () => {
    await fresh();
    const all = [];
    for (const back of [8, 7, 6, 5])
        all.push(...await lines_of_day(redis, 'demo', today - back, 4000));
    let kills = 0;
    for (; await note() !== date(today - 5); kills++) {
        assert.ok(kills < 200, 'it gets on although it is killed');
        const one = await work();
        await sleep(Math.random() * 20 * (kills + 1)); // at last it gets through
        await one.end('SIGKILL');
        const done = archived(), [first] = await redis.say('XRANGE', '{demo}:ledger', '-', '+', 'COUNT', 1);
        const trimmed = first ? all.indexOf(first[0]) : all.length;
        assert.equal(await redis.say('XLEN', '{demo}:ledger'), all.length - trimmed);
        assert.deepEqual(done, all.slice(0, done.length));
        assert.ok(done.length >= trimmed, 'what is trimmed is in the archive');
        for (const name of fs.existsSync(archive) ? fs.readdirSync(archive) : [])
            assert.ok(!/^\d.*gz$/.test(name) || fs.existsSync(path.join(archive, `${name}.sha256`)), name);
    }
    console.log(JSON.stringify({ kills }));
    const one = await work();
    await until(async () => (await in_stream()).length === 0, 'the stream is trimmed');
    assert.equal(await one.end(), 0);
    assert.deepEqual(archived(), all);
    assert.deepEqual(fs.readdirSync(archive).filter(name => name.startsWith('.')), []);
    assert.ok(kills >= 3, `only ${kills} kills`);
});

test('two workers write each file once', async () => {
    await fresh();
    const all = [];
    for (const back of [6, 5, 4])
        all.push(...await lines_of_day(redis, 'demo', today - back, 5000));
    const from = log('work').length;
    const workers = [await work(), await start('work', { tick_ms: 20 })];
    await until(async () => await note() === date(today - 4), 'all is archived', 60);
    for (const one of workers)
        assert.equal(await one.end(), 0);
    assert.deepEqual(archived(), all);
    assert.equal(log('work').slice(from).match(/ archived /g).length, 3);
});

test('where the newest file is not, nothing is archived or trimmed', async () => {
    await fresh();
    await lines_of_day(redis, 'demo', today - 6, 100);
    let one = await work();
    await until(async () => await note() === date(today - 6) && !(await in_stream()).length, 'archived');
    assert.equal(await one.end(), 0);
    const more = await lines_of_day(redis, 'demo', today - 5, 100);
    const from = log('work').length;
    one = await work({ archive: path.join(variable, 'elsewhere') });
    await until(() => log('work').slice(from).includes('an archive has one place'), 'it says so');
    assert.equal(await one.end(), 0);
    assert.deepEqual(await in_stream(), more);
    assert.equal(await note(), date(today - 6));
    assert.ok(!fs.existsSync(path.join(variable, 'elsewhere/demo')));
});

test('a place that cannot be written is told once, and nothing is trimmed', async () => {
    await fresh();
    const all = await lines_of_day(redis, 'demo', today - 6, 100), from = log('work').length;
    const one = await work({ archive: '/dev/null/archive' });
    await until(() => log('work').slice(from).includes('/dev/null/archive'), 'it says so');
    assert.match(log('work').slice(from), /error work: account=demo the ledger is not archived, and not trimmed: /);
    assert.equal(await one.end(), 0);
    assert.deepEqual(await in_stream(), all);
    assert.equal(await note(), undefined);
});

test('told to stop, it ends at once and leaves nothing half done', async () => {
    await fresh();
    const all = await lines_of_day(redis, 'demo', today - 6, 20000);
    const one = await work();
    await sleep(100);
    assert.equal(await one.end(), 0);
    const next = await work();
    await until(async () => await note() === date(today - 6), 'archived', 60);
    assert.equal(await next.end(), 0);
    assert.deepEqual(archived(), all);
});

test('end', async () => {
    redis.close();
    await end_all();
});
