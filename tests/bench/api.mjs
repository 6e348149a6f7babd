// Started by tests/bench/api, which sees to it that everything is there.
//
// A cell is a contestant at a latency in a round: so many template messages, one to each of so many
// followers, as fast as it sends them; then the sandbox is asked what came. Day21's go from the outbox,
// where they are written down before the clock starts, until every outcome is written down, on disk;
// wechat-api's from a list in memory, and nothing is kept.

import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { Place } from './place.mjs';
import { spread, times } from './table.mjs';

const usage = `usage: tests/bench/api [options]
  --rounds N         how often everybody's turn comes (3)
  --sends N          messages in each (3000); the sandbox, like WeChat, takes 100,000 a day
  --latencies A,B    of WeChat's answers, in milliseconds (0,50)
  --concurrency N    Day21's work.concurrency (256); work.tick_ms is the default
  --candidates A,B   wechat-api's concurrency: the fastest of these at each latency (16,64,256)
  --build DIR        where the programs are built (build/release)
  --json FILE        the result, with every single measurement (build/bench/api.json)
  --smoke            instead: a few messages, to see that all of this works`;
const SENDS_A_DAY = 100_000; // WeChat's limit, and the sandbox's

const contestants = {
    day21: {
        title: 'day21 work',
        send: (place, openids, { serial }) => place.byDay21(openids, serial),
    },
    'wechat-api': {
        title: 'wechat-api',
        send: (place, openids, { concurrency }) => place.byWechatApi(openids, concurrency),
    },
};

// ---- what came ----

let lastMsgid = 0; // of what had come before

// Nothing, or what is wrong: each of them shall have been sent one message, in one call.
async function miscounted(place, openids, callsBefore) {
    const { sent, calls } = await place.sent();
    const fresh = sent.filter(({ msgid }) => msgid > lastMsgid);
    lastMsgid = sent.at(-1)?.msgid ?? 0;
    const people = new Set(fresh.filter(({ shown }) => shown).map(({ openid }) => openid));
    const made = calls['message/template/send'] - callsBefore;
    const right = fresh.length === openids.length && people.size === openids.length
        && openids.every((openid) => people.has(openid)) && made === openids.length;
    return right ? '' : `${openids.length} messages: ${made} calls, ${fresh.length} taken, ${people.size} people reached`;
}

async function measure(place, name, openids, settings) {
    const calls = (all, endpoint) => all.calls[endpoint] ?? 0;
    const before = await place.sent(openids[0]);
    const { seconds, own, store } = await contestants[name].send(place, openids, settings);
    // WeChat's word on each comes a little later; the next cell begins after it.
    await place.until(async () => calls(await place.sent(openids[0]), 'callback')
        >= calls(before, 'callback') + openids.length, 'TEMPLATESENDJOBFINISH of all');
    const wrong = await miscounted(place, openids, calls(before, 'message/template/send'));
    if (wrong) throw new Error(`${name}: ${wrong}`);
    const { length } = openids;
    return { perSecond: length / seconds, cpu: own / length, cpuRedis: store / length };
}

// ---- rounds ----

let serial = 0; // no two sends of Day21 have the same name

async function latencyRounds(place, openids, latency, options) {
    const cell = (name, people, concurrency) => {
        progress(`${latency} ms: ${name}${concurrency ? `, ${concurrency} at once` : ''}`);
        return measure(place, name, people, { serial: serial++, concurrency });
    };
    await place.latency(latency);
    const few = openids.slice(0, Math.ceil(openids.length / 3));
    await cell('day21', few); // warm
    await cell('wechat-api', few, 64);
    let best = { perSecond: 0 };
    for (const concurrency of options.candidates) {
        const { perSecond } = await cell('wechat-api', few, concurrency);
        if (perSecond > best.perSecond) best = { perSecond, concurrency };
    }
    const rounds = [];
    for (let round = 0; round < options.rounds; round++) {
        const result = {};
        const names = Object.keys(contestants);
        for (const name of round % 2 ? names.reverse() : names)
            result[name] = await cell(name, openids, name === 'day21' ? 0 : best.concurrency);
        rounds.push(result);
    }
    return { latency, concurrency: { day21: options.concurrency, 'wechat-api': best.concurrency }, rounds };
}

function progress(text) {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

// ---- printing ----

const COLUMNS = [['', 12], ['at once', 8], ['sends/s', 9], ['(min-max)', 12], ['CPU us', 8], ['(min-max)', 14], ['Redis us', 9]];
const row = (texts) => texts.map((text, i) => (i === 0 ? String(text).padEnd(COLUMNS[i][1])
    : String(text).padStart(COLUMNS[i][1]))).join(' ').trimEnd();
const range = ({ min, max }, digits) => `${min.toFixed(digits)}-${max.toFixed(digits)}`;

function report(results, { sends, rounds }) {
    console.log(`${cpus().length} x ${cpus()[0].model.trim()}, shared with nginx, the sandbox, serve and Redis; node ${process.version}
${sends} template messages, each to another follower; median of ${rounds} rounds; each arrived once
CPU: of the sending process, a message; Redis: Day21 writes down intent and outcome (appendfsync always),
wechat-api keeps nothing (what Redis does meanwhile is serve's, for TEMPLATESENDJOBFINISH)`);
    for (const { latency, concurrency, rounds: list } of results) {
        console.log(`\nWeChat answers after ${latency} ms\n${row(COLUMNS.map(([title]) => title))}`);
        const of = (name, figure) => spread(list.map((round) => round[name][figure]));
        for (const [name, { title }] of Object.entries(contestants)) {
            const perSecond = of(name, 'perSecond'), cpu = of(name, 'cpu');
            console.log(row([title, concurrency[name], perSecond.median.toFixed(0), range(perSecond, 0),
                cpu.median.toFixed(1), range(cpu, 1), of(name, 'cpuRedis').median.toFixed(1)]));
        }
        const ratio = (of_) => times(spread(list.map(of_)));
        console.log('Day21 against wechat-api in each round:');
        console.log(`  sends/s ${ratio((each) => each.day21.perSecond / each['wechat-api'].perSecond)} times as many`);
        console.log(`  CPU a message: wechat-api uses ${ratio((each) => each['wechat-api'].cpu / each.day21.cpu)} times as much`);
    }
}

// ---- ----

function readOptions() {
    const string = (value) => ({ type: 'string', default: value });
    const flag = { type: 'boolean', default: false };
    const { values } = parseArgs({
        options: {
            rounds: string('3'), sends: string('3000'), latencies: string('0,50'),
            concurrency: string('256'), candidates: string('16,64,256'),
            build: string('build/release'), json: string('build/bench/api.json'), smoke: flag, help: flag,
        },
    });
    const options = { ...values };
    if (values.smoke) Object.assign(options, { rounds: '1', sends: '60', latencies: '0,20', candidates: '8', json: '' });
    const number = (name, text, least, most) => {
        const value = Number(text);
        if (!(Number.isInteger(value) && value >= least && value <= most))
            throw new Error(`--${name}: whole numbers from ${least} to ${most}`);
        return value;
    };
    for (const [name, least, most] of [['rounds', 1, 1000], ['sends', 10, 10_000], ['concurrency', 1, 256]])
        options[name] = number(name, options[name], least, most);
    for (const [name, least, most] of [['latencies', 0, 4000], ['candidates', 1, 1000]])
        options[name] = options[name].split(',').map((text) => number(name, text, least, most));
    const { rounds, sends, latencies, candidates } = options;
    const all = latencies.length * sends * (2 * rounds + Math.ceil((2 + candidates.length) / 3));
    if (all > SENDS_A_DAY) throw new Error(`that would be ${all} messages, of ${SENDS_A_DAY} a day`);
    return options;
}

async function main() {
    const options = readOptions();
    if (options.help) {
        console.log(usage);
        return;
    }
    const place = new Place(options);
    const interrupted = async () => {
        await place.stop();
        process.exit(130);
    };
    process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
    try {
        await place.start();
        progress('people follow');
        const openids = await place.followers(options.sends);
        const results = [];
        for (const latency of options.latencies)
            results.push(await latencyRounds(place, openids, latency, options));
        progress('');
        report(results, options);
        if (options.json) {
            mkdirSync(dirname(options.json), { recursive: true });
            writeFileSync(options.json, `${JSON.stringify({ when: new Date(), node: process.version, options, results }, null, 2)}\n`);
        }
    } finally {
        await place.stop();
    }
    if (place.complaints.length) throw new Error(place.complaints.join('\n'));
}

main().catch((error) => {
    progress('');
    console.error(`tests/bench/api: ${error.message}`);
    process.exitCode = 1;
});
