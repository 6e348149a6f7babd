// instance: --without serve,work,sandbox --
// day21 points: what the ledger, archive and stream, says of learners, and what operators change.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { away_from_midnight, day21, end_all, redis as connect, start, until, variable }
    from './lib/instance.mjs';
import { award, date_back, day_of, start_of } from './lib/ledger.mjs';

await away_from_midnight(180);
const redis = await connect();
const today = day_of(Date.now());
const PEOPLE = 250;

const RULES = [
    { name: 'checkin', points: 10, coins: 2, day: 10 },
    { name: 'comment', points: 4, coins: 1, day: 16, week: 60, subject: 8 },
    { name: 'case', points: 10, coins: 3, day: 40, once: 1 },
];

const points = (...words) => day21('points', ...words);
const key = (noun, id) => `{demo}:${noun}${id === undefined ? '' : `:${id}`}`;

// As if all were of Shanghai's noon and later, seconds since 1970.
let clock = 0;
const at = (back, minute) => start_of(today - back) + 12 * 3600 + minute * 60;

// People of whom some are bound, some hidden, in departments and teams, earn for some days.
async function populate() {
    await redis.say('FLUSHALL');
    fs.rmSync(path.join(variable, 'archive'), { recursive: true, force: true });
    let seed = 21;
    const random = most => (seed = (seed * 48271) % 2147483647) % most;
    for (let i = 0; i < PEOPLE; i++) {
        const openid = `o${i}`;
        await redis.say('HSET', key('employee', `e${i}`), 'nm', `员工${i}`, 'u', openid);
        await redis.say('HSET', key('learner', openid), 'n', i + 1, 'on', i % 11 ? 1 : 0, 'lv', 1, 'at', at(9, 0));
        await redis.say('HSET', key('who', Math.floor((i + 1) / 100)), i + 1, openid);
        if (i % 5) {
            await redis.say('HSET', key('learner', openid), 'e', `e${i}`, 'd', 1 + i % 7, 'tm', 1 + i % 3);
            await redis.say('HSET', key('called', Math.floor((i + 1) / 100)), i + 1, `员工${i}`);
        }
        if (i % 13 === 0)
            await redis.say('HSET', key('learner', openid), 'hd', 1);
    }
    await redis.say('SET', key('learners'), PEOPLE);
    for (const back of [9, 6, 5, 1, 0])
        await Promise.all(Array.from({ length: 400 }, (_, i) => {
            clock = at(back, 0) + i;
            return award(redis, 'demo', `o${random(PEOPLE - 20)}`, clock, RULES[random(3)],
                { subject: `course:${random(4)}`, daily_cap: 60 });
        }));
    await date_back(redis, 'demo');
}

async function archive() {
    const work = await start('work', { tick_ms: 20 });
    await until(async () => (await redis.say('GET', key('archived')))?.startsWith(
        new Date((today - 1) * 86400e3).toISOString().slice(0, 10)), 'yesterday is archived', 60);
    await until(async () => await redis.say('XLEN', key('ledger')) <= 800, 'the stream is trimmed');
    assert.equal(await work.end(), 0);
    await redis.say('DEL', key('archive_right'));
}

// That Redis holds what it held, without those whose key is like `but`.
async function holds(text, but = /^$/) {
    const lines = all => all.split('\n').filter(one => !but.test(one.split(' ', 1)));
    const before = lines(text), now = lines(await redis.everything());
    assert.deepEqual([...before.filter(one => !now.includes(one)).map(one => `gone: ${one.slice(0, 500)}`),
        ...now.filter(one => !before.includes(one)).map(one => `new: ${one.slice(0, 500)}`)], []);
}

test('rebuild: what the scripts keep is what follows from the ledger', async () => {
    await populate();
    const before = await points('rebuild', 'demo');
    assert.match(before.out, /^\d+ lines of the ledger, 0 files of the archive; all is as it should be\n$/);
    assert.equal(before.status, 0);
    await archive();
    const after = await points('rebuild', 'demo');
    assert.equal(after.out, before.out.replace('0 files', '4 files'));
    assert.equal(after.status, 0);
});

// A file of rules; `change` changes its text.
function rules_file(name, change = text => text) {
    const where = path.join(variable, name);
    fs.writeFileSync(where, change(`daily_cap: 60
rules:
  - {name: checkin, kind: activity, reason: 签到, points: 10, coins: 2, cap: {day: 10}}
  - {name: comment, kind: comment, reason: 留言, points: 4, coins: 1, cap: {day: 16, week: 60, subject: 8}}
  - {name: case, kind: case, reason: 案例, points: 10, coins: 3, once: true, cap: {day: 40}}
levels:
  - {title: 一, xp: 0}
`));
    return where;
}

test('replay: the rules of then give what they gave', async () => {
    const before = await redis.everything();
    for (const days of [['--days', '3'], []]) {
        const told = await points('replay', 'demo', '--rules', rules_file('same.yaml'), ...days);
        assert.equal(told.status, 0, told.err);
        const [, is, would] = told.out.match(/^all points (\d+) -> (\d+), all coins (\d+) -> \3$/m);
        assert.equal(is, would);
        assert.match(told.out, /^0 learners would have more, 0 less, \d+ the same$/m);
        assert.doesNotMatch(told.out, /gain most|lose most/);
        assert.match(told.out, /^ {3}1 \(was 1\) {2}.* \(#\d+\): (\d+) -> \1$/m);
    }
    await holds(before);
});

test('replay: says who would have what under other rules', async () => {
    const lines = JSON.parse(JSON.stringify(await redis.stream(key('ledger'))));
    const archived = execFileSync('sh', ['-c', `zcat ${variable}/archive/demo/*.gz`], { encoding: 'utf8' })
        .split('\n').filter(one => one.startsWith('{"line":"')).map(one => JSON.parse(one));
    const first = Number(lines[0].at), all = [...archived.filter(one => one.at < first), ...lines.map(one =>
        ({ ...one, n: Number(one.n), points: Number(one.points) }))];
    const sum = (list, rule) => list.filter(one => !rule || one.rule === rule).reduce((total, one) => total + one.points, 0);
    const other = rules_file('other.yaml', text => text.replace('daily_cap: 60\n', '')
        .replace(/  - {name: checkin.*\n/, '').replace('points: 10, coins: 3', 'points: 20, coins: 3').replace('day: 40', 'day: 80'));
    const told = await points('replay', 'demo', '--rules', other);
    assert.equal(told.status, 0, told.err);
    assert.match(told.out, new RegExp(`^  checkin +\\d+ times +${sum(all, 'checkin')} -> +0  not among these rules$`, 'm'));
    assert.match(told.out, new RegExp(`^  comment +\\d+ times +${sum(all, 'comment')} -> +\\d+$`, 'm'));
    // A case that the daily cap cut then gives all of its points now.
    const cases = all.filter(one => one.rule === 'case').length;
    assert.match(told.out, new RegExp(`^  case +${cases} times +${sum(all, 'case')} -> +${20 * cases}$`, 'm'));
    assert.match(told.out, new RegExp(`^all points ${sum(all)} -> `, 'm'));
    const gain = told.out.match(/gain most:\n  \+(\d+)  .*\(#(\d+)\): (\d+) -> (\d+)\n/);
    assert.equal(Number(gain[4]) - Number(gain[3]), Number(gain[1]));
    assert.equal(sum(all.filter(one => one.n === Number(gain[2]))), Number(gain[3]));
    assert.match(told.out, /lose most:\n  -\d+  /);
    assert.match(told.out, /^the first 20 would be:\n( +\d+ \(was \d+\)  .*\n){20}/m);
    const wrong = await points('replay', 'demo', '--rules', rules_file('wrong.yaml', text => text.replace('points: 4', 'points: 0')));
    assert.equal(wrong.status, 1);
    assert.match(wrong.err, /wrong\.yaml:4: rules\[1\]\.points/);
    for (const words of [[], ['--rules'], ['--rules', other, '--days', '0'], [other]])
        assert.equal((await points('replay', 'demo', ...words)).status, 2, words.join(' '));
});

test('rebuild: tells every difference, and puts it right when asked to', async () => {
    const right = await redis.everything();
    const week = Math.floor((today + 3) / 7);
    const [first, second] = await redis.say('ZREVRANGE', key('board', 'p:all'), 0, 1);
    const of = async n => key('learner', await redis.say('HGET', key('who', Math.floor(n / 100)), n));
    await redis.say('HINCRBY', await of(first), 'xp', 100);
    await redis.say('HINCRBY', await of(second), 'co', -1);
    await redis.say('ZADD', key('board', `p:w${week}`), 777 * 2 ** 31 + 1000, 240);
    await redis.say('ZREM', key('board', 'd:all'), 3);
    await redis.say('HSET', key('tally'), 't:2', '1 2 3 4 5');
    const told = await points('rebuild', 'demo');
    assert.equal(told.status, 1);
    assert.match(told.out, new RegExp(`^learner ${first}: points is \\d+, should be \\d+$`, 'm'));
    assert.match(told.out, new RegExp(`^learner ${second}: coins is \\d+, should be \\d+$`, 'm'));
    assert.match(told.out, /^learner 240: the week's board is 777, should be not on it$/m);
    assert.match(told.out, /^department 3: the board of all time is not on it, should be \d+$/m);
    assert.match(told.out, /^team 2: tally is "1 2 3 4 5", should be "\d+ [^"]*"$/m);
    assert.match(told.out, /; 5 differences; --apply puts them right\n$/);
    const mended = await points('rebuild', 'demo', '--apply');
    assert.equal(mended.status, 0);
    assert.match(mended.out, /; 5 differences, 5 put right\n$/);
    await holds(right);
});

test('rebuild: from nothing but the ledger and who there is, all comes back, places included', async () => {
    const right = await redis.everything();
    for (const board of await redis.say('KEYS', '{demo}:board:*'))
        if (!/[dwm]\d+$/.test(board) || [`d${today}`, `w${Math.floor((today + 3) / 7)}`].some(one => board.endsWith(one)))
            await redis.say('DEL', board);
    const tallies = await redis.hash(key('tally'));
    await redis.say('DEL', key('tally'));
    for (let i = 0; i < PEOPLE; i++)
        await redis.say('HDEL', key('learner', `o${i}`), 'xp', 'co', 'tl');
    assert.equal((await points('rebuild', 'demo')).status, 1);
    assert.equal((await points('rebuild', 'demo', '--apply')).status, 0);
    await holds(right, /:learner:|:tally/);
    assert.deepEqual(await redis.hash(key('tally')), tallies);
    for (let i = 0; i < PEOPLE; i++) {
        const one = await redis.hash(key('learner', `o${i}`));
        const was = JSON.parse(right.split('\n').find(line => line.startsWith(`{demo}:learner:o${i} `)).split(/ (.*)/)[1]);
        for (const field of ['xp', 'co', 'tl'])
            assert.equal(one[field] || '0', was[was.indexOf(field) + 1 || was.length] ?? '0', `o${i} ${field}`);
    }
});

test('rebuild: learners may go on earning', async () => {
    let going = true, awards = 0;
    const busy = (async () => {
        for (; going; awards++)
            await award(redis, 'demo', `o${awards % 100}`, ++clock, { name: 'answer', points: 3, coins: 1 });
    })();
    for (let i = 0; i < 5; i++) {
        const told = await points('rebuild', 'demo');
        assert.equal(told.status, 0, told.out);
    }
    await redis.say('HINCRBY', key('learner', 'o7'), 'xp', 1000);
    const mended = await points('rebuild', 'demo', '--apply');
    assert.match(mended.out, /^learner 8: points is \d+, should be \d+$/m);
    going = false;
    await busy;
    assert.equal((await points('rebuild', 'demo')).status, 0);
    console.log(JSON.stringify({ awards }));
});

test('rebuild: a team that has been dissolved stands on no board', async () => {
    await redis.say('HSET', key('team', 3), 'nm', '三队', 'x', 1);
    const told = await points('rebuild', 'demo');
    assert.match(told.out, /^team 3: the board of all time is \d+, should be not on it$/m);
    assert.equal((await points('rebuild', 'demo', '--apply')).status, 0);
    assert.equal(await redis.say('ZSCORE', key('board', 't:all'), 3), null);
    assert.match((await points('rebuild', 'demo')).out, /all is as it should be/);
    await redis.say('DEL', key('team', 3));
    await points('rebuild', 'demo', '--apply');
    assert.notEqual(await redis.say('ZSCORE', key('board', 't:all'), 3), null);
});

test('rebuild: an archive that is not whole is no basis', async () => {
    const place = path.join(variable, 'archive/demo');
    const [, second] = fs.readdirSync(place).filter(name => name.endsWith('.gz')).sort();
    fs.renameSync(path.join(place, second), path.join(variable, second));
    const missing = await points('rebuild', 'demo', '--apply');
    assert.equal(missing.status, 1);
    assert.match(missing.err, new RegExp(`has no file of ${second.slice(0, 10)}`));
    const whole = fs.readFileSync(path.join(variable, second));
    fs.writeFileSync(path.join(place, second), whole.subarray(0, -9));
    assert.match((await points('rebuild', 'demo')).err, new RegExp(`${second}: not whole`));
    fs.writeFileSync(path.join(place, second), whole);
    assert.equal((await points('rebuild', 'demo')).status, 0);
});

const newest = async () => {
    const [[id, flat]] = await redis.say('XREVRANGE', key('ledger'), '+', '-', 'COUNT', 1);
    return { line: id, ...Object.fromEntries(flat.flatMap((value, i) => i % 2 ? [] : [[value, flat[i + 1]]])) };
};
const balance = async openid => (await redis.say('HMGET', key('learner', openid), 'xp', 'co')).map(Number);
const clean = async () => {
    const told = await points('rebuild', 'demo');
    assert.match(told.out, /all is as it should be\n$/);
};

test('grant: a line with its reason, once', async () => {
    const [xp, co] = await balance('o3');
    const given = await points('grant', 'demo', 'e3', '25', '5', '--reason', '分享 "案例"', '--id', 'G1');
    assert.equal(given.status, 0, given.err);
    assert.match(given.out, new RegExp(`^done by line \\d+-\\d+: ${xp + 25} points, ${co + 5} coins now\n$`));
    const { line, ...fields } = await newest();
    assert.deepEqual(fields, { n: '4', rule: 'grant', subject: '分享 "案例"', points: '25', coins: '5',
        xp: String(xp + 25), co: String(co + 5), at: fields.at, day: String(today), d: '4', tm: '1', id: 'grant:G1' });
    const again = await points('grant', 'demo', '#4', '25', '5', '--reason', 'x', '--id', 'G1');
    assert.equal(again.status, 0);
    assert.match(again.out, new RegExp(`^had been done by line ${line}: ${xp + 25} points`));
    assert.deepEqual(await balance('o3'), [xp + 25, co + 5]);
    await points('grant', 'demo', 'o3', '-25', '--reason', 'without an id each is another');
    await points('grant', 'demo', 'o3', '0', '-5', '--reason', 'without an id each is another');
    assert.deepEqual(await balance('o3'), [xp, co]);
    const at_once = await Promise.all([1, 2, 3, 4].map(() =>
        points('grant', 'demo', 'o3', '7', '--reason', 'x', '--id', 'G2')));
    assert.deepEqual(at_once.map(one => one.out.split(' by')[0]).sort(), ['done', 'had been done', 'had been done',
        'had been done']);
    await points('grant', 'demo', 'o3', '-7', '--reason', 'x');
    const short = await points('grant', 'demo', 'o3', String(-xp - 1), '--reason', 'x');
    assert.equal(short.status, 1);
    assert.match(short.err, /not so much to take/);
    assert.deepEqual(await balance('o3'), [xp, co]);
    for (const words of [['o3'], ['o3', '5'], ['o3', '0', '--reason', 'x'], ['o3', '5x', '--reason', 'x'],
        ['o3', '1000001', '--reason', 'x'], ['o3', '5', '--reason', ''], ['o3', '5', '1', '1', '--reason', 'x'],
        ['o3', '5', '--reason', 'a\nb'], ['o3', '5', '--reason', 'x', '--id', 'a b']])
        assert.equal((await points('grant', 'demo', ...words)).status, 2, words.join(' '));
    for (const who of ['nobody', '#0', '#9999', 'e9999'])
        assert.equal((await points('grant', 'demo', who, '5', '--reason', 'x')).status, 1, who);
    await clean();
});

test('reverse: takes back what a line gave, for its day, once, out of the archive, too', async () => {
    const { line } = await newest();
    const place = path.join(variable, 'archive/demo');
    const old = JSON.parse(execFileSync('sh', ['-c', `zcat ${place}/*.gz | grep '"rule":"case"' | tail -n 1`]));
    const openid = `o${old.n - 1}`, [xp, co] = await balance(openid);
    const back = await points('reverse', 'demo', old.line, '--reason', 'twice');
    assert.equal(back.status, 0, back.err);
    assert.match(back.out, new RegExp(`^learner ${old.n}, case: ${old.points} points and ${old.coins} coins are taken `
        + `back\ndone by line \\d+-\\d+: ${xp - old.points} points, ${co - old.coins} coins now\n$`));
    const made = await newest();
    assert.deepEqual([made.rule, made.subject, made.id, made.day, made.d, made.tm], ['reverse', old.line,
        `reverse:${old.line}`, String(old.day), old.d, old.tm]);
    assert.match((await points('reverse', 'demo', old.line)).out, /\nhad been done by line /);
    assert.deepEqual(await balance(openid), [xp - old.points, co - old.coins]);
    await clean();
    assert.equal((await points('reverse', 'demo', line)).status, 0, 'of the stream');
    await clean();
    const reversal = await points('reverse', 'demo', made.line);
    assert.equal(reversal.status, 1);
    assert.match(reversal.err, /is a reversal itself/);
    for (const none of ['1-1', `${old.line}0`, 'x'])
        assert.match((await points('reverse', 'demo', none)).err, /has no line/);
    assert.equal((await points('reverse', 'demo')).status, 2);
});

test('explain: why, and why not', async () => {
    const who = 'o5', [xp, co] = await balance(who), now = Math.floor(Date.now() / 1000);
    for (let i = 0; i < 2; i++)
        await award(redis, 'demo', who, now + i, { name: 'watch', points: 2, coins: 1, once: 1 }, { subject: 'course:9' });
    await award(redis, 'demo', who, now + 2, { name: 'comment', points: 4, day: 3 }, { subject: 'course:9' });
    for (const name of [who, '#6']) {
        const told = await points('explain', 'demo', name);
        assert.equal(told.status, 0, told.err);
        assert.match(told.out, /^learner 6, not bound\n/);
        assert.match(told.out, new RegExp(`^${xp + 5} points, level \\d \\S+; ${co + 1} coins\n`, 'm'));
        assert.match(told.out, new RegExp(`\\n  \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d  \\+2 points, \\+1 coins: ${xp + 2}, `
            + `${co + 1}  读完一节课 \\(watch\\) course:9\n {6}line \\d+-\\d+, once by \\S+\n`));
        assert.match(told.out, /watch\): 0 points, as it has been given for this already\n/);
        assert.match(told.out, /comment\): 3 points, as the rule's points of the day had been given\n/);
    }
    const long = await points('explain', 'demo', who, '--days', '30'), brief = await points('explain', 'demo', who, '--days', '1');
    const lines = text => text.match(/^ {6}line /gm).length;
    assert.ok(lines(long.out) > lines(brief.out));
    const all = execFileSync('sh', ['-c', `zcat ${path.join(variable, 'archive/demo')}/*.gz | grep -c '"n":6,' || true`]);
    const own = (await redis.stream(key('ledger'))).filter(one => one.n === '6');
    assert.ok(lines(long.out) >= Math.max(own.length, Number(all)));
    assert.equal((await points('explain', 'demo', 'nobody')).status, 1);
    for (const words of [[], ['o5', 'o6'], ['o5', '--days'], ['o5', '--days', '0'], ['o5', '--day', '3']])
        assert.equal((await points('explain', 'demo', ...words)).status, 2, words.join(' '));
});

test('flags: what looked like a game, newest first, with names; looked at, it is cleared', async () => {
    assert.match((await points('flags', 'demo')).out, /^nothing is flagged\n$/);
    const at = Math.floor(Date.now() / 1000);
    const flag = (n, kind, rule, detail, back) => redis.say('XADD', key('flags'), '*', 'n', n, 'kind', kind, 'rule', rule,
        'at', at - back, 'day', today, 'detail', detail);
    const ids = [await flag(7, 'burst', 'comment', '10/60s', 300), await flag(8, 'praise', 'answer', '8>9>12', 200),
        await flag(1, 'night', 'comment', '03:12', 100), await flag(9, 'same_text', 'comment', 'x3', 50)];
    const told = await points('flags', 'demo');
    assert.equal(told.status, 0, told.err);
    assert.deepEqual(told.out.split('\n').filter(one => /^ /.test(one)).map(one => one.trim().slice(18)), [
        `员工8 (#9)  same_text: the same words x3 (comment, id ${ids[3]})`,
        `not bound (#1)  night: points at an impossible hour 03:12 (comment, id ${ids[2]})`,
        `员工7 (#8)  praise: a ring of praise 员工7 > 员工8 > 员工11 (answer, id ${ids[1]})`,
        `员工6 (#7)  burst: so many awards within so short a time 10/60s (comment, id ${ids[0]})`,
    ]);
    assert.equal((await points('flags', 'demo', '--clear', ids[2])).status, 0);
    assert.doesNotMatch((await points('flags', 'demo')).out, /night/);
    const none = await points('flags', 'demo', '--clear', ids[2]);
    assert.equal(none.status, 1);
    assert.match(none.err, /no flag/);
    await Promise.all(Array.from({ length: 450 }, (_, i) => flag(7, 'burst', 'comment', `${i}/60s`, 10)));
    const many = await points('flags', 'demo');
    assert.equal(many.out.match(/burst/g).length, 451);
    for (const words of [['--clear'], ['--clear', 'x y'], ['all']])
        assert.equal((await points('flags', 'demo', ...words)).status, 2, words.join(' '));
});

test('a verb or word that is none is refused', async () => {
    for (const words of [['rebild', 'demo'], ['rebuild'], ['rebuild', 'demo', '--aply'], []])
        assert.equal((await points(...words)).status, 2, words.join(' '));
    assert.equal((await points('rebuild', 'nobody')).status, 1);
});

test('end', async () => {
    redis.close();
    await end_all();
});
