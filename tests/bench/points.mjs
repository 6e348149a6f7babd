// Points at scale, in a Redis of its own, by the scripts the program runs. Account by account the learners
// are enrolled and live through some working days; when all accounts are there, boards are looked at, in
// turns. What is told of Redis' time is Redis' own count (INFO commandstats), so it knows nothing of this
// client.

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import Redis from 'ioredis';
import { CHECKIN, MILESTONES, POLICY, REMIND } from './checkin.mjs';
import { load, script } from './script.mjs';
import { spread } from './table.mjs';

const usage = `usage: tests/bench/points [options]
  --sizes 1000x30,100000x30,1000000x30
                               learners of an account, and how many calendar days they live through
                               (working days, and today: check-in by all; every second one a
                               course watched, every fifth a comment)
  --rounds 9                   in which the accounts take turns
  --queries 1000               looks at a board in a round
  --build DIRECTORY            of the program, for the rebuild of balances
  --json FILE                  where the figures go
  --smoke                      some seconds, to see that it measures`;

const TODAY = Math.floor((Date.now() / 1000 + 8 * 3600) / 86400); // the account's days are Shanghai's
const SUNDAY = 3; // 1970-01-04
const KEPT_DAYS = 3;     // of the ledger; the rest is in the archive
const KEPT_PLACES = 100; // of a board that is over
const TAKE = [64, 2, 0, 1e6, 1200]; // as day21 work does
const MEMO_S = 1;        // so that what is remembered for retries is gone when memory is measured
const AT_ONCE = 512;
const WATCH = 'watch;2;0;1;0;0;0;80;6;0;0;0;0;w';
const COMMENT = 'comment;4;1;0;0;0;30;10;16;0;0;0;0;i';

const sum = (list) => list.reduce((total, one) => total + one, 0);
const openid = (i) => `oD21_${String(i).padStart(23, '0')}`;
const employee = (i) => `e${i}`;
const works = (day) => (day - SUNDAY) % 7 !== 0 && (day - SUNDAY) % 7 !== 6;
const next = (day) => (works(day + 1) ? day + 1 : next(day + 1));
const work = (day) => Array.from({ length: 63 }, (_, i) => (works(day - 62 + i) ? '1' : '0')).join('');

class Bench {
    async open(build) {
        this.build = build;
        this.directory = mkdtempSync('/tmp/day21-bench-');
        const socket = this.socket = `${this.directory}/redis.sock`;
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

    // Not by KEYS, which would hold up a large Redis day after day.
    async keys(pattern) {
        const found = [];
        for (let cursor = '0', page; ; ) {
            [cursor, page] = await this.redis.scan(cursor, 'MATCH', pattern, 'COUNT', 10_000);
            found.push(...page);
            if (cursor === '0') return found;
        }
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

class Account {
    constructor(bench, { size, days }) {
        Object.assign(this, { bench, redis: bench.redis, size, days, name: `of${size}`, nth: 0 });
    }

    key(rest) {
        return `{${this.name}}:${rest}`;
    }

    run(verb, who, day, second, ...args) {
        const now = day * 86400 + second;
        return this.redis.fcall(script(verb), 1, `{${this.name}}`, `b${this.bench.turn++}`, who, now, day, MEMO_S, ...args);
    }

    everybody(make) {
        return this.bench.all(this.size, make);
    }

    // Everybody is somebody of the roster, in one of a hundred departments. Numbers are given as they come.
    enrol() {
        return this.everybody((i) => Promise.all([
            this.redis.hset(this.key(`learner:${openid(i)}`), 'e', employee(i), 'd', i % 100 + 1),
            this.redis.hset(this.key(`called:${Math.floor((i + 1) / 100)}`), i + 1, '王小明'),
        ]));
    }

    roster() {
        return this.everybody((i) => this.redis.hset(this.key(`employee:${employee(i)}`), 'nm', '王小明',
            'd', i % 100 + 1, 't', i % 10000, 'j', '2024-03-01', 'u', openid(i)));
    }

    async live_a_day(day) {
        const second = (i) => 8 * 3600 + i % 36000, calendar = work(day), nth = this.nth++;
        await this.everybody((i) => this.run('checkin', openid(i), day, second(i), POLICY, CHECKIN,
            Math.floor(second(i) / 60), next(day) * 86400, ...REMIND, 21, MILESTONES, calendar));
        if (nth % 2 === 1)
            await this.everybody((i) => this.run('award', openid(i), day, second(i) + 60, POLICY, WATCH,
                `course-${nth}`, 100, '', '', 600));
        if (nth % 5 === 4)
            await this.everybody((i) => this.run('award', openid(i), day, second(i) + 120, POLICY, COMMENT,
                `course-${nth}`, 30, `words of ${i} on ${day}`, '', 600));
    }

    // What the worker and time do as days go by: boards of persons of days, weeks and months that are over
    // keep their first, none is kept for long, and reminders ripen (by a clock that does not run here).
    async tidy(today) {
        const date = new Date(today * 86400_000);
        const now = {
            d: [today, 3], w: [Math.floor((today + 3) / 7), 2],
            m: [date.getUTCFullYear() * 12 + date.getUTCMonth(), 2],
        };
        for (const key of await this.bench.keys(this.key('board:*'))) {
            const [, period, number] = key.match(/:[pdt]:([dwm])(\d+)$/) ?? [];
            if (period && now[period][0] - Number(number) > now[period][1]) await this.redis.unlink(key);
        }
        await this.run('board_trim', '', today, 0, KEPT_PLACES);
        while ((await this.run('take', '', today, 86399, ...TAKE, work(today), ''))[0]);
    }

    // The whole life; returns what it cost.
    async live() {
        const empty = await this.bench.memory(), lines = [], ledger = this.key('ledger');
        let last;
        await this.enrol();
        for (let day = TODAY - this.days + 1; day <= TODAY; day++) {
            if (!works(day) && day !== TODAY) continue;
            const before = await this.redis.xlen(ledger);
            last = await this.bench.timed(() => this.live_a_day(day));
            lines.push(await this.redis.xlen(ledger) - before);
            await this.tidy(day);
            progress(`${this.size} learners: ${TODAY - day} days left`);
        }
        const rebuilt = this.rebuild(sum(lines));
        // The worker archives the ledger's older days and trims them.
        await this.redis.xtrim(ledger, 'MAXLEN', sum(lines.slice(-KEPT_DAYS)));
        const with_ledger = await this.bench.memory();
        await this.redis.xtrim(ledger, 'MAXLEN', 0);
        const without_ledger = await this.bench.memory();
        await this.roster();
        const with_roster = await this.bench.memory();
        return {
            size: this.size, days: this.days, working_days: this.nth, rebuilt,
            awarded: { us: last.script_us / lines.at(-1), per_second: lines.at(-1) / last.seconds },
            bare: await bare(this.bench, Math.min(this.size, 100_000)),
            bytes: (without_ledger - empty) / this.size, bytes_with_ledger: (with_ledger - empty) / this.size,
            bytes_of_roster: (with_roster - without_ledger) / this.size,
        };
    }

    // `day21 points rebuild`, which recomputes everything from the ledger: it must find nothing that differs.
    rebuild(lines) {
        const { build, directory, socket } = this.bench, config = `${directory}/${this.name}.yaml`;
        writeFileSync(config, readFileSync('config/day21.yaml', 'utf8').replace(/^redis: .*$/m, `redis: ${socket}`)
            .replace(/(^|[^\w./-])var\//gm, `$1${directory}/`).replace(/^  - name: demo$/m, `  - name: ${this.name}`));
        const began = process.hrtime.bigint();
        const { status, stdout, stderr } = spawnSync(`${build}/day21`,
            ['-c', config, 'points', 'rebuild', this.name], { encoding: 'utf8' });
        const seconds = Number(process.hrtime.bigint() - began) / 1e9;
        if (status !== 0) throw new Error(`points rebuild: ${status}\n${stdout.slice(0, 2000)}${stderr.slice(-2000)}`);
        return { lines, seconds, per_million: seconds / lines * 1e6 };
    }

    // Somebody's look at a board: Redis' microseconds.
    async look(queries, top, beside) {
        const { script_us } = await this.bench.timed(async () => {
            for (let i = 0; i < queries; i++) {
                const who = openid(Math.floor(Math.random() * this.size));
                await this.run('board', who, TODAY, 43200 + i, 'p', 'all', 0, top, beside);
            }
        });
        return script_us / queries;
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

// Rounds in which the accounts take turns, so that a machine's mood is everybody's.
async function look(accounts, results, { rounds, queries }) {
    const seen = accounts.map(() => ({ board: [], neighbours: [] }));
    for (let round = 0; round < rounds; round++) {
        for (const [i, account] of accounts.entries()) {
            seen[i].board.push(await account.look(queries, 5, 2));
            seen[i].neighbours.push(await account.look(queries, 0, 2));
        }
        progress(`boards: ${rounds - round - 1} rounds left`);
    }
    for (const [i, { board, neighbours }] of seen.entries())
        Object.assign(results[i], { board_us: spread(board), neighbours_us: spread(neighbours) });
}

function report(results) {
    const of = ({ median, min, max }) => `${median.toFixed(0)} (${min.toFixed(0)}-${max.toFixed(0)})`;
    const columns = [
        ['learners', ({ size }) => size], ['days', ({ days }) => days], ['awards/s', ({ awarded }) => Math.round(awarded.per_second)],
        ['Redis us', ({ awarded }) => awarded.us.toFixed(1)],
        ['bare us', ({ bare: { us } }) => us.toFixed(1)],
        ['ratio', ({ awarded, bare: { us } }) => (awarded.us / us).toFixed(1)],
        ['board us', (one) => of(one.board_us)], ['neighbours us', (one) => of(one.neighbours_us)],
        ['rebuild s/M', (one) => one.rebuilt.per_million.toFixed(1)],
        ['bytes', (one) => Math.round(one.bytes)], ['with ledger', (one) => Math.round(one.bytes_with_ledger)],
        ['roster', (one) => Math.round(one.bytes_of_roster)],
    ];
    const rows = [columns.map(([title]) => title), ...results.map((one) => columns.map(([, text]) => String(text(one))))];
    const widths = columns.map((_, i) => Math.max(...rows.map((row) => row[i].length)) + 2);
    console.log(`awards: check-ins, and on some days courses and comments, of employees in a department, on the last
of the days; bare: the same points by HINCRBY, ZINCRBY and XADD alone, which knows no rule
board: ten places with their names, neighbours: five; the median of the rounds (least-most)
rebuild: day21 points rebuild, seconds a million lines of the ledger
bytes: Redis memory a learner then; with the ledger's last ${KEPT_DAYS} days; what the roster takes beside it\n`);
    for (const row of rows) console.log(row.map((text, i) => text.padStart(widths[i])).join(''));
    const [first] = results;
    for (const one of results.slice(1)) {
        const logs = Math.log2(one.size) / Math.log2(first.size);
        const times = (what) => (one[what].median / first[what].median).toFixed(2);
        console.log(`${one.size} against ${first.size}: a board takes ${times('board_us')}, neighbours `
            + `${times('neighbours_us')} times as long; the logarithm is ${logs.toFixed(2)} times as large`);
    }
}

function progress(text) {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

async function main() {
    const { values } = parseArgs({ options: {
        sizes: { type: 'string', default: '1000x30,100000x30,1000000x30' },
        rounds: { type: 'string', default: '9' }, queries: { type: 'string', default: '1000' },
        build: { type: 'string', default: 'build/release' },
        json: { type: 'string', default: 'build/bench/points.json' },
        smoke: { type: 'boolean', default: false }, help: { type: 'boolean', default: false },
    } });
    if (values.help) return void console.log(usage);
    const options = values.smoke ? { rounds: 2, queries: 20 }
        : { rounds: Number(values.rounds), queries: Number(values.queries) };
    const sizes = (values.smoke ? '50x4,500x4' : values.sizes).split(',').map((each) => {
        const [size, days] = each.split('x').map(Number);
        if (!(size > 0 && days > 0 && days < 100)) throw new Error('--sizes wants SIZExDAYS,…');
        return { size, days };
    });
    const bench = new Bench();
    try {
        await bench.open(values.build);
        const accounts = sizes.map((size) => new Account(bench, size)), results = [];
        for (const account of accounts) results.push(await account.live());
        await look(accounts, results, options);
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
