// Started by tests/bench/callback, which sees to it that everything is there.
//
// One cell is a contestant in a mode in a round: everything forgotten, warm-up, as fast as it goes
// over 32 connections, then 1,500 a second; and then the points are counted.

import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { accounts } from './accounts.mjs';
import { Instance } from './instance.mjs';
import { report, summarize } from './table.mjs';

const usage = `usage: tests/bench/callback [options]
  --rounds N        how often everybody's turn comes (3)
  --seconds S       each time at full speed (2.5); half of it to warm up, as much at the fixed rate
  --rate N          the fixed rate, messages a second (1500)
  --only A,B        these contestants; --list names them
  --modes M         plain,safe
  --fsync WHEN      Redis' appendfsync: always, as in config/redis.conf, or everysec
  --pipelining      ioredis gathers calls by itself (enableAutoPipelining)
  --build DIR       where the programs are built (build/release)
  --json FILE       the result, with every single measurement (build/bench/callback.json)
  --million         instead: the memory of one serve over a million messages
  --smoke           instead: a few messages to each, to see that all of this works`;

const contestants = [
    ...contestant('day21', 'Day21', 1, 2),
    ...contestant('co-wechat', 'co-wechat on koa', 1, 2),
    ...contestant('wechat-http', 'wechat on http', 1, 2),
    ...contestant('wechat-express', 'wechat on express', 1),
];
const CONNECTIONS = 32;
const POINTS = 10; // of a first check-in

function contestant(program, title, ...counts) {
    return counts.map((processes) => ({
        name: processes > 1 ? `${program}-${processes}` : program, program, title, processes,
    }));
}

// ---- the load generator ----

const run = promisify(execFile);

async function load(instance, { name }, mode, options) {
    const account = accounts[mode];
    const args = {
        port: instance.port, host: name, path: `/wx/${account.name}`, to: account.originalId,
        token: account.token, connections: CONNECTIONS, ...options,
        ...(account.encodingAESKey && { appid: account.appid, key: account.encodingAESKey }),
    };
    const list = Object.entries(args).flatMap(([option, value]) => [value].flat()
        .flatMap((each) => (each === true ? [`--${option}`] : [`--${option}`, String(each)])));
    const { stdout } = await run(`${instance.build}/day21-load`, list, { timeout: 120_000 });
    instance.check();
    return JSON.parse(stdout);
}

const errorsOf = ({ errors: { status, reply, lost, wrong } }) => status + reply + lost + wrong;

// ---- before it counts ----

// A message that comes twice is answered twice and counts once; a forged one is refused.
async function preflight(instance, contestant, mode, count) {
    const complain = (what) => { throw new Error(`${contestant.name}, ${mode}: ${what}`); };
    await instance.empty();
    const twice = await load(instance, contestant, mode, { count, repeat: 2 });
    if (errorsOf(twice)) complain(`wrong replies: ${JSON.stringify(twice.errors)}`);
    const forged = await load(instance, contestant, mode, { count: 50, forge: true });
    if (errorsOf(forged)) complain(`forged messages were taken: ${JSON.stringify(forged.errors)}`);
    const wrong = miscounted(await instance.points(accounts[mode].name), count);
    if (wrong) complain(wrong);
}

// What is wrong with the points that so many people should have; nothing if they are right.
function miscounted(counted, people) {
    const expected = {
        learners: people, lines: people, active: people, ledger: people * POINTS,
    };
    const found = JSON.stringify(counted);
    return found === JSON.stringify(expected) ? ''
        : `points do not match the messages: ${found} instead of ${JSON.stringify(expected)}`;
}

// ---- a cell ----

async function measure(instance, contestant, mode, { seconds, rate }) {
    const { parts } = contestant;
    const server = instance.pids(parts);
    const nginx = instance.pids([instance.nginx]);
    const [redis] = instance.pids([instance.parts[0]]);
    await instance.empty();
    const rssBefore = instance.rssKb(parts);
    const half = seconds / 2;
    const warm = await load(instance, contestant, mode, { seconds: half, count: Math.ceil(half * 30_000) });
    const full = await load(instance, contestant, mode, {
        seconds, count: Math.ceil(Math.max(warm.per_second, 1000) * seconds * 1.5),
        watch: [...server, ...nginx, redis],
    });
    const fixed = await load(instance, contestant, mode, { seconds, rate, count: Math.ceil(seconds * rate) });
    const rssAfter = instance.rssKb(parts);
    const people = warm.distinct + full.distinct + fixed.distinct;
    const cpu = (pids) => pids.reduce((sum, pid) => sum + full.cpu_us[pid], 0) / full.right;
    return {
        contestant: contestant.name, mode,
        perSecond: full.per_second, p50: full.p50_us / 1000, p99: full.p99_us / 1000,
        cpu: cpu(server), cpuNginx: cpu(nginx), cpuRedis: cpu([redis]),
        fixedP50: fixed.p50_us / 1000, fixedP99: fixed.p99_us / 1000, fixedPerSecond: fixed.per_second,
        rssBefore: rssBefore / 1024, rssAfter: rssAfter / 1024,
        messages: warm.sent + full.sent + fixed.sent,
        errors: errorsOf(warm) + errorsOf(full) + errorsOf(fixed),
        miscounted: miscounted(await instance.points(accounts[mode].name), people),
    };
}

async function rounds(instance, options) {
    const { chosen, modes } = options;
    for (const mode of modes) {
        for (const each of chosen) await preflight(instance, each, mode, options.smoke ? 100 : 3000);
    }
    const cells = [];
    for (let round = 0; round < options.rounds; round++) {
        for (const mode of modes) {
            for (const each of round % 2 ? [...chosen].reverse() : chosen) {
                progress(`round ${round + 1} of ${options.rounds}, ${mode}: ${each.name}`);
                cells.push({ round, ...await measure(instance, each, mode, options) });
            }
        }
    }
    progress('');
    return cells;
}

function progress(text) {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

async function compare(instance, options) {
    const { chosen, modes, json } = options;
    const cells = await rounds(instance, options);
    const summary = summarize(cells, chosen, modes);
    report(summary, options);
    if (json) {
        const result = {
            when: new Date(), node: process.version, options: { ...options, chosen: undefined },
            summary, cells,
        };
        mkdirSync(dirname(json), { recursive: true });
        writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`);
    }
    if (cells.some(({ errors, miscounted: wrong }) => errors || wrong)) process.exitCode = 1;
}

// ---- a million ----

// Flat: what is there after the first 200,000 (pools are filled, tables have grown) is all there
// will be. VmRSS moves by some pages by itself.
const SETTLED = 200_000;
const PAGES_KB = 1024;

async function million(instance, { chosen: [contestant] }) {
    const rss = () => instance.rssKb(contestant.parts);
    const print = (messages, kb) =>
        console.log(`${String(messages).padStart(10)} ${(kb / 1024).toFixed(1).padStart(7)} MB`);
    console.log(`${contestant.title}, plain mode: memory of the process over a million messages`);
    console.log('  messages      VmRSS');
    print(0, rss());
    let settled = 0;
    for (let messages = 100_000; messages <= 1_000_000; messages += 100_000) {
        await instance.empty();
        const result = await load(instance, contestant, 'plain', { count: 100_000 });
        const wrong = miscounted(await instance.points('plain'), result.distinct);
        if (errorsOf(result) || wrong) throw new Error(`${JSON.stringify(result.errors)} ${wrong}`);
        print(messages, rss());
        if (messages === SETTLED) settled = rss();
    }
    const flat = rss() - settled <= PAGES_KB;
    console.log(`${flat ? 'flat' : 'NOT FLAT'}: ${rss() - settled} KB more than after ${SETTLED} messages`);
    if (!flat) process.exitCode = 1;
}

// ---- ----

function readOptions() {
    const string = (value) => ({ type: 'string', default: value });
    const flag = { type: 'boolean', default: false };
    const { values } = parseArgs({
        options: {
            rounds: string('3'), seconds: string('2.5'), rate: string('1500'), only: string(''),
            modes: string('plain,safe'), fsync: string('always'), build: string('build/release'),
            json: string('build/bench/callback.json'), pipelining: flag, million: flag,
            smoke: flag, list: flag, help: flag,
        },
    });
    const options = { ...values };
    for (const name of ['rounds', 'seconds', 'rate']) {
        options[name] = Number(values[name]);
        if (!(options[name] > 0 && options[name] <= 10_000)) throw new Error(`--${name} wants a number`);
    }
    options.modes = values.modes.split(',');
    const names = values.only ? values.only.split(',') : contestants.map(({ name }) => name);
    if (values.million) names.splice(0, names.length, 'day21');
    options.chosen = contestants.filter(({ name }) => names.includes(name));
    if (options.chosen.length !== names.length) throw new Error(`--only: --list names the contestants`);
    if (!options.modes.every((mode) => accounts[mode])) throw new Error('--modes: plain, safe');
    if (!['always', 'everysec'].includes(options.fsync)) throw new Error('--fsync: always, everysec');
    if (values.smoke) Object.assign(options, { rounds: 1, seconds: 0.2, rate: 200, json: '' });
    return options;
}

async function main() {
    const options = readOptions();
    if (options.help || options.list) {
        console.log(options.help ? usage : contestants.map(({ name }) => name).join('\n'));
        return;
    }
    const instance = new Instance({ ...options, contestants: options.chosen });
    const interrupted = async () => {
        await instance.stop();
        process.exit(130);
    };
    process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
    try {
        await instance.start();
        await (options.million ? million : compare)(instance, options);
    } finally {
        await instance.stop();
    }
    if (instance.complaints.length) throw new Error(instance.complaints.join('\n'));
}

main().catch((error) => {
    progress('');
    console.error(`tests/bench/callback: ${error.message}`);
    process.exitCode = 1;
});
