// Points at scale, in a Redis of its own, by the scripts the program runs: for each size of account the
// learners are enrolled, live through some working days, and then boards are looked at. What is
// told of Redis' time is Redis' own count (INFO commandstats), so it knows nothing of this client.

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import Redis from 'ioredis';
import { CHECKIN, MILESTONES, POLICY, REMIND } from './checkin.mjs';
import { load, script } from './script.mjs';

const usage = `usage: tests/bench/points [options]
  --sizes 1000x30,100000x30,1000000x1
                               learners of an account, and how many calendar days they live through
                               (working days, and today: check-in by all; every second one a
                               course watched, every fifth a comment)
  --queries 3000               looks at a board
  --build DIRECTORY            of the program, for the rebuild of balances
  --json FILE                  where the figures go
  --smoke                      some seconds, to see that it measures`;

const ACCOUNT = '{demo}';
const TODAY = Math.floor((Date.now() / 1000 + 8 * 3600) / 86400); // the account's days are Shanghai's
const SUNDAY = 3; // 1970-01-04
const KEPT_DAYS = 3;     // of the ledger; the rest is in the archive
const MEMO_S = 1;        // so that what is remembered for retries is gone when memory is measured
const AT_ONCE = 512;
const WATCH = 'watch;2;0;1;0;0;0;80;6;0;0;0;0;w';
const COMMENT = 'comment;4;1;0;0;0;30;10;16;0;0;0;0;i';

const openid = (i) => `oD21_${String(i).padStart(23, '0')}`;
const employee = (i) => `e${i}`;
const works = (day) => (day - SUNDAY) % 7 !== 0 && (day - SUNDAY) % 7 !== 6;
const work = (day) => Array.from({ length: 63 }, (_, i) => (works(day - 62 + i) ? '1' : '0')).join('');

class Bench {
    async open(build) {
        this.build = build;
        this.directory = mkdtempSync('/tmp/day21-bench-');
        const socket = `${this.directory}/redis.sock`;
        this.config = `${this.directory}/day21.yaml`;
        writeFileSync(this.config, readFileSync('config/day21.yaml', 'utf8')
            .replace(/^redis: .*$/m, `redis: ${socket}`).replace(/(^|[^\w./-])var\//gm, `$1${this.directory}/`));
        // Only in memory: what is measured is the scripts. tests/bench/callback measures with the disk.
        writeFileSync(`${this.directory}/redis.conf`, `port 0\nunixsocket ${socket}\ndir ${this.directory}
appendonly no\nsave ""\n${encodings()}\n`);
        this.server = spawn('setpriv', ['--pdeathsig', 'TERM', '--', 'redis-server',
            `${this.directory}/redis.conf`], { stdio: 'ignore' });
        this.redis = new Redis({ path: socket, retryStrategy: () => 50, showFriendlyErrorStack: false });
        this.redis.on('error', () => {}); // until it is there
        await this.redis.ping();
        await load(this.redis);
        this.turn = 0;
    }

    async close() {
        this.redis?.disconnect();
        const ended = new Promise((done) => this.server.once('exit', done));
        this.server.kill('SIGTERM');
        await ended;
        rmSync(this.directory, { recursive: true, force: true });
    }

    run(verb, who, day, second, ...args) {
        const now = day * 86400 + second;
        return this.redis.fcall(script(verb), 1, ACCOUNT, `b${this.turn++}`, who, now, day, MEMO_S, ...args);
    }

    // make(i) for each i, AT_ONCE in the air.
    async all(count, make) {
        for (let from = 0; from < count; from += AT_ONCE) {
            const batch = [];
            for (let i = from; i < Math.min(count, from + AT_ONCE); i++) batch.push(make(i));
            await Promise.all(batch);
        }
    }

    // Redis' own microseconds for what `doing` had it do, and the seconds by the clock.
    async timed(doing) {
        await this.redis.config('RESETSTAT');
        const began = process.hrtime.bigint();
        await doing();
        const seconds = Number(process.hrtime.bigint() - began) / 1e9;
        const stats = await this.redis.info('commandstats');
        const of = (name) => Number(stats.match(new RegExp(`cmdstat_${name}:calls=\\d+,usec=(\\d+)`))?.[1] ?? 0);
        return { seconds, script_us: of('fcall'), of };
    }

    async memory() {
        await sleep(MEMO_S * 1000 + 200);
        await this.all(2000, () => this.redis.randomkey()); // lets what has expired go
        for (let left = Infinity, before; ;) { // until there is nothing more to expire
            before = left;
            left = await this.redis.dbsize();
            if (left === before) break;
            await sleep(300);
        }
        return Number((await this.redis.info('memory')).match(/used_memory:(\d+)/)[1]);
    }
}

// What of config/redis.conf matters to memory.
const encodings = () => readFileSync('config/redis.conf', 'utf8').match(/^\S+-max-\S+ \d+$/gm).join('\n');

// Everybody is somebody of the roster, in one of a hundred departments.
async function enrol(bench, size) {
    await bench.all(size, (i) => bench.redis.hset(`${ACCOUNT}:learner:${openid(i)}`, 'e', employee(i), 'd', i % 100 + 1));
}

async function live_a_day(bench, size, day, nth) {
    const second = (i) => 8 * 3600 + i % 36000;
    const calendar = work(day);
    await bench.all(size, (i) => bench.run('checkin', openid(i), day, second(i), POLICY, CHECKIN,
        Math.floor(second(i) / 60), (day + 1) * 86400, ...REMIND, 21, MILESTONES, calendar));
    if (nth % 2 === 1)
        await bench.all(size, (i) => bench.run('award', openid(i), day, second(i) + 60, POLICY, WATCH,
            `course-${nth}`, 100, '', '', 600));
    if (nth % 5 === 4)
        await bench.all(size, (i) => bench.run('award', openid(i), day, second(i) + 120, POLICY, COMMENT,
            `course-${nth}`, 30, `words of ${i} on ${day}`, '', 600));
}

// What the worker and time do as days go by: boards of persons of days, weeks and months that are over
// keep their first hundred (day21 work does so with board_trim), and none is kept for long (they
// expire, by a clock that does not run here).
async function tidy(bench, today) {
    const date = new Date(today * 86400_000);
    const now = {
        d: [today, 3], w: [Math.floor((today + 3) / 7), 2],
        m: [date.getUTCFullYear() * 12 + date.getUTCMonth(), 2],
    };
    for (const key of await bench.redis.keys(`${ACCOUNT}:board:*`)) {
        const [, kind, period, number] = key.match(/:([pdt]):([dwm])(\d+)$/) ?? [];
        if (!period) continue;
        const back = now[period][0] - Number(number);
        if (back > now[period][1]) await bench.redis.unlink(key);
        else if (back > 0 && kind === 'p') await bench.redis.zremrangebyrank(key, 0, -101);
    }
}

// The least that keeps points at all: a balance, a place on one board, a line. No rules, nothing once.
async function bare(bench, count) {
    const timed = await bench.timed(() => bench.all(count, (i) => Promise.all([
        bench.redis.hincrby(`bare:${i}`, 'xp', 10), bench.redis.zincrby('bare:board', 10, openid(i)),
        bench.redis.xadd('bare:ledger', '*', 'who', openid(i), 'rule', 'checkin', 'points', 10, 'xp', 10),
    ])));
    const us = ['hincrby', 'zincrby', 'xadd'].reduce((sum, name) => sum + timed.of(name), 0) / count;
    await bench.redis.unlink('bare:board', 'bare:ledger');
    await bench.all(count, (i) => bench.redis.unlink(`bare:${i}`));
    return { us, per_second: count / timed.seconds };
}

async function look(bench, size, day, queries, top, beside) {
    const { script_us } = await bench.timed(async () => {
        for (let i = 0; i < queries; i++) {
            const who = openid(Math.floor(Math.random() * size));
            await bench.run('board', who, day, 43200 + i, 'p', 'all', 0, top, beside);
        }
    });
    return script_us / queries;
}

async function measure(bench, { size, days }, { queries }) {
    await bench.redis.flushall('SYNC');
    const empty = await bench.memory();
    await enrol(bench, size);
    const lines = [];
    let last, nth = 0;
    for (let day = TODAY - days + 1; day <= TODAY; day++) {
        if (!works(day) && day !== TODAY) continue;
        const before = await bench.redis.xlen(`${ACCOUNT}:ledger`);
        last = await bench.timed(() => live_a_day(bench, size, day, nth));
        lines.push(await bench.redis.xlen(`${ACCOUNT}:ledger`) - before);
        nth++;
        await tidy(bench, day);
        progress(`${size} learners: ${TODAY - day} days left`);
    }
    const awarded = { us: last.script_us / lines.at(-1), per_second: lines.at(-1) / last.seconds };
    const rebuilt = rebuild(bench, lines.reduce((sum, one) => sum + one));
    // The worker archives the ledger's older days and trims them.
    await bench.redis.xtrim(`${ACCOUNT}:ledger`, 'MAXLEN', lines.slice(-KEPT_DAYS).reduce((sum, one) => sum + one));
    const with_ledger = await bench.memory();
    await bench.redis.xtrim(`${ACCOUNT}:ledger`, 'MAXLEN', 0);
    const without_ledger = await bench.memory();
    return {
        size, days, working_days: nth, awarded, rebuilt, bare: await bare(bench, Math.min(size, 100_000)),
        bytes: (without_ledger - empty) / size, bytes_with_ledger: (with_ledger - empty) / size,
        board_us: await look(bench, size, TODAY, queries, 5, 2),
        neighbours_us: await look(bench, size, TODAY, queries, 0, 2),
    };
}

// `day21 points rebuild`, which recomputes everything from the ledger: it must find nothing that differs.
function rebuild(bench, lines) {
    const began = process.hrtime.bigint();
    const { status, stdout, stderr } = spawnSync(`${bench.build}/day21`,
        ['-c', bench.config, 'points', 'rebuild', 'demo'], { encoding: 'utf8' });
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    if (status !== 0) throw new Error(`points rebuild: ${status}\n${stdout.slice(0, 2000)}${stderr.slice(-2000)}`);
    return { lines, seconds, per_million: seconds / lines * 1e6 };
}

function report(results) {
    const columns = [
        ['learners', ({ size }) => size], ['days', ({ days }) => days], ['awards/s', ({ awarded }) => Math.round(awarded.per_second)],
        ['Redis us', ({ awarded }) => awarded.us.toFixed(1)],
        ['bare us', ({ bare: { us } }) => us.toFixed(1)],
        ['ratio', ({ awarded, bare: { us } }) => (awarded.us / us).toFixed(1)],
        ['board us', (one) => one.board_us.toFixed(1)], ['neighbours us', (one) => one.neighbours_us.toFixed(1)],
        ['rebuild s/M', (one) => one.rebuilt.per_million.toFixed(1)],
        ['bytes', (one) => Math.round(one.bytes)], ['with ledger', (one) => Math.round(one.bytes_with_ledger)],
    ];
    const row = (texts) => texts.map((text, i) => String(text).padStart(columns[i][0].length + 2)).join('');
    console.log(`awards: check-ins, and on some days courses and comments, of employees in a department, on the last
of the days; bare: the same points by HINCRBY, ZINCRBY and XADD alone, which knows no rule
rebuild: day21 points rebuild, seconds a million lines of the ledger; bytes: Redis memory a learner then; with the ledger's last ${KEPT_DAYS} days\n`);
    console.log(row(columns.map(([title]) => title)));
    for (const one of results) console.log(row(columns.map(([, text]) => text(one))));
    const [first] = results;
    for (const one of results.slice(1)) {
        const logs = Math.log2(one.size) / Math.log2(first.size);
        console.log(`${one.size} against ${first.size}: a board takes ${(one.board_us / first.board_us).toFixed(2)}, neighbours `
            + `${(one.neighbours_us / first.neighbours_us).toFixed(2)} times as long; the logarithm is ${logs.toFixed(2)} times as large`);
    }
}

function progress(text) {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

async function main() {
    const { values } = parseArgs({ options: {
        sizes: { type: 'string', default: '1000x30,100000x30,1000000x1' },
        queries: { type: 'string', default: '3000' }, build: { type: 'string', default: 'build/release' },
        json: { type: 'string', default: 'build/bench/points.json' },
        smoke: { type: 'boolean', default: false }, help: { type: 'boolean', default: false },
    } });
    if (values.help) return void console.log(usage);
    const options = { queries: values.smoke ? 50 : Number(values.queries) };
    const sizes = (values.smoke ? '50x4,500x4' : values.sizes).split(',').map((each) => {
        const [size, days] = each.split('x').map(Number);
        if (!(size > 0 && days > 0 && days < 100)) throw new Error('--sizes wants SIZExDAYS,…');
        return { size, days };
    });
    const bench = new Bench();
    try {
        await bench.open(values.build);
        const results = [];
        for (const size of sizes) results.push(await measure(bench, size, options));
        progress('');
        report(results);
        if (!values.smoke) {
            mkdirSync(dirname(values.json), { recursive: true });
            writeFileSync(values.json, `${JSON.stringify({ when: new Date(), results }, null, 2)}\n`);
        }
    } finally {
        await bench.close();
    }
}

main().catch((error) => {
    progress('');
    console.error(`tests/bench/points: ${error.message}`);
    process.exitCode = 1;
});
