// From measurements to what one reads: the median of the rounds, and how far they were apart.

import { cpus } from 'node:os';

export const median = (list) => {
    const sorted = [...list].sort((a, b) => a - b);
    const half = sorted.length >> 1;
    return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};
export const spread = (list) => ({ median: median(list), min: Math.min(...list), max: Math.max(...list) });

const FIGURES = ['perSecond', 'p50', 'p99', 'cpu', 'cpuNginx', 'cpuRedis', 'fixedP50', 'fixedP99',
    'fixedPerSecond', 'rssBefore', 'rssAfter'];

// [{ mode, contestants: [{ name, title, processes, figure: { median, min, max }… }], ratios }]
export function summarize(cells, chosen, modes) {
    return modes.map((mode) => {
        const of = (name) => cells.filter((cell) => cell.mode === mode && cell.contestant === name);
        return {
            mode,
            contestants: chosen.map(({ name, title, processes }) => ({
                name, title, processes,
                ...Object.fromEntries(FIGURES.map((figure) => [
                    figure, spread(of(name).map((cell) => cell[figure])),
                ])),
                messages: of(name).reduce((sum, cell) => sum + cell.messages, 0),
                errors: of(name).reduce((sum, cell) => sum + cell.errors, 0),
                miscounted: of(name).map((cell) => cell.miscounted).filter(Boolean),
            })),
            ratios: ratios(cells.filter((cell) => cell.mode === mode)),
        };
    });
}

// Day21 against the best of the others, round by round: machines have moods, and both share them.
function ratios(cells) {
    const ours = (cell) => cell.contestant.startsWith('day21');
    const one = (cell) => cell.contestant === 'day21';
    const inRound = (round, which) => cells.filter((cell) => cell.round === round && which(cell));
    const compare = (ratio) => {
        const list = [...new Set(cells.map(({ round }) => round))].map((round) => {
            const [day21] = inRound(round, one);
            const peers = inRound(round, (cell) => !ours(cell));
            return day21 && peers.length ? ratio(day21, peers) : NaN;
        }).filter(Number.isFinite);
        return list.length ? spread(list) : null;
    };
    const least = (list) => Math.min(...list);
    const most = (list) => Math.max(...list);
    return {
        perSecond: compare((day21, peers) => day21.perSecond / most(peers.map((peer) => peer.perSecond))),
        cpu: compare((day21, peers) => least(peers.map((peer) => peer.cpu)) / day21.cpu),
        fixedP99: compare((day21, peers) => least(peers.map((peer) => peer.fixedP99)) / day21.fixedP99),
    };
}

// ---- printing ----

const COLUMNS = [
    ['', 24, ({ title, processes }) => (processes > 1 ? `${title}, ${processes} proc.` : title)],
    ['messages/s', 10, ({ perSecond }) => Math.round(perSecond.median)],
    ['(min-max)', 15, ({ perSecond }) => `${Math.round(perSecond.min)}-${Math.round(perSecond.max)}`],
    ['p50 ms', 7, ({ p50 }) => p50.median.toFixed(2)],
    ['p99 ms', 7, ({ p99 }) => p99.median.toFixed(2)],
    ['CPU us', 7, ({ cpu }) => cpu.median.toFixed(1)],
    ['(min-max)', 13, ({ cpu }) => `${cpu.min.toFixed(1)}-${cpu.max.toFixed(1)}`],
    ['p99 fixed', 9, ({ fixedP99 }) => fixedP99.median.toFixed(2)],
    ['memory MB', 11, ({ rssBefore, rssAfter }) => `${rssBefore.min.toFixed(0)}-${rssAfter.max.toFixed(0)}`],
    ['nginx us', 8, ({ cpuNginx }) => cpuNginx.median.toFixed(1)],
    ['Redis us', 8, ({ cpuRedis }) => cpuRedis.median.toFixed(1)],
    ['points', 8, ({ errors, miscounted }) => (errors || miscounted.length ? 'WRONG' : 'right')],
];

const row = (texts) => texts.map((text, i) => (i === 0 ? String(text).padEnd(COLUMNS[i][1])
    : String(text).padStart(COLUMNS[i][1]))).join(' ').trimEnd();

// Measured elsewhere, quoted for scale: there is no Go registry where this is developed.
const QUOTED = {
    plain: 'best Go SDK, measured elsewhere, quoted: 10,200 messages/s, 89 us of CPU',
    safe: 'best Go SDK, measured elsewhere, quoted: 8,600 messages/s, 116 us of CPU',
};
const QUOTED_CPU = { plain: 89, safe: 116 };

export function report(summary, { rounds, seconds, rate, fsync, smoke }) {
    const [{ model }] = cpus();
    console.log(`${cpus().length} x ${model.trim()}, shared with nginx, Redis and the load generator; node ${process.version}
32 connections, median of ${rounds} rounds of ${seconds} s; appendfsync ${fsync}
CPU: of the server processes alone, a message, at full speed; p99 fixed: at ${rate}/s, from the planned moment`);
    for (const { mode, contestants, ratios: ratio } of summary) {
        console.log(`\n${mode} mode\n${row(COLUMNS.map(([title]) => title))}`);
        for (const each of contestants) console.log(row(COLUMNS.map(([, , text]) => text(each))));
        console.log(`(${QUOTED[mode]})`);
        for (const { title, errors, miscounted } of contestants) {
            if (errors) console.log(`! ${title}: ${errors} wrong replies`);
            for (const wrong of miscounted) console.log(`! ${title}: ${wrong}`);
        }
        printRatios(ratio);
    }
    if (!smoke) printAims(summary, rate);
}

export const times = ({ median: middle, min, max }) =>
    `${middle.toFixed(2)} (${min.toFixed(2)}-${max.toFixed(2)})`;

function printRatios({ perSecond, cpu, fixedP99 }) {
    if (!perSecond) return;
    console.log('Day21, one process, against the best of the others in each round:');
    console.log(`  messages/s ${times(perSecond)} times as many`);
    console.log(`  CPU a message: the others use ${times(cpu)} times as much`);
    console.log(`  p99 at the fixed rate: the others take ${times(fixedP99)} times as long`);
}

function printAims(summary, rate) {
    const lines = summary.flatMap(({ mode, contestants, ratios: ratio }) => {
        const find = (name) => contestants.find((each) => each.name === name);
        const day21 = find('day21');
        const peer = find('co-wechat');
        if (!day21) return [];
        const aim = (what, measured, ok) => `  ${ok ? 'reached' : 'MISSED '}  ${mode}: ${what}: ${measured}`;
        return [
            ratio.perSecond && aim('messages/s at least twice the best Node set-up',
                ratio.perSecond.median.toFixed(2), ratio.perSecond.median >= 2),
            peer && aim('CPU a message at most a quarter of co-wechat\'s',
                (day21.cpu.median / peer.cpu.median).toFixed(3),
                day21.cpu.median * 4 <= peer.cpu.median),
            aim('CPU a message at most half of the Go SDK\'s (quoted)',
                `${day21.cpu.median.toFixed(1)} of ${QUOTED_CPU[mode]} us`,
                day21.cpu.median * 2 <= QUOTED_CPU[mode]),
            aim('p99 under 5 ms at 32 connections', day21.p99.median.toFixed(2), day21.p99.median < 5),
            aim(`p99 under 3 ms at ${rate}/s`, day21.fixedP99.median.toFixed(2),
                day21.fixedP99.median < 3),
        ].filter(Boolean);
    });
    if (lines.length) console.log(`\naims\n${lines.join('\n')}`);
}
