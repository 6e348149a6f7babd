// instance: --without serve,work,sandbox --
// The war report of the week: made once when it is time, by however many workers, killed or not; its picture
// is there for who has the link; handed once to everybody who may be told; and in chat.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { away_from_midnight, day21, end_all, log, redis as connect, sleep, start, until, url,
    variable } from './lib/instance.mjs';
import { AWAKE } from './lib/reminders.mjs';
import * as sandbox from './lib/sandbox.mjs';

// Due now, whatever day it is: the report of the last week, month or day, of both accounts. (A setting's name
// is a pattern; plain has no line of its own.)
const PLAIN = 'original_id: gh_day21plain\n    mode';
const WEEK_ON = { ...AWAKE, week: 'mon 00:00', [PLAIN]: 'plain\n    war_report: {week: mon 00:00}' };
const MONTH_ON = { ...AWAKE, week: 'off\n      month: 1 00:00' };
const DAY_ON = { ...AWAKE, week: 'off\n      day: "00:00"' };
const SEND = 'message/template/send', SAY = 'message/custom/send';

await away_from_midnight(180);
await start('sandbox', {}, ['--people', '40']);
await start('serve', AWAKE);
const redis = await connect();
const here = new Date(Date.now() + 8 * 3600e3), today = Math.floor(here / 86400e3);
const now = { w: Math.floor((today + 3) / 7), m: here.getUTCFullYear() * 12 + here.getUTCMonth(), d: today };
const last = period => `${period}${now[period] - 1}`;

const rows = { demo: [], plain: [] };
async function colleague(name, account = 'demo') {
    const person = await sandbox.person(account), number = String(rows[account].length + 1);
    await person.does('follow');
    rows[account].push([number, name, '公司/销售部', '1234']);
    const roster = path.join(variable, 'roster.csv');
    fs.writeFileSync(roster, ['工号,姓名,部门,手机', ...rows[account].map(one => one.join(','))].join('\r\n'));
    assert.equal((await day21('roster', 'import', account, roster, '--apply')).status, 0);
    await hears(person, `绑定 ${number} 1234`, new RegExp(name));
    await hears(person, '签到', /\+10/);
    person.number = await redis.say('HGET', `{${account}}:learner:${person.openid}`, 'n');
    return person;
}

async function hears(person, words, answer) {
    const item = await person.does('text', { content: words });
    assert.match(item.text, answer);
    return item.text;
}

// What was earned now was earned in the period before, and nothing is known of reports. Each test that looks at
// what is sent has a period of its own: WeChat, too, sends nobody the same report twice.
async function is_over(period, account = 'demo') {
    const tag = `{${account}}`;
    for (const kind of ['p', 'd', 't'])
        if (await redis.say('EXISTS', `${tag}:board:${kind}:${period}${now[period]}`))
            await redis.say('RENAME', `${tag}:board:${kind}:${period}${now[period]}`,
                `${tag}:board:${kind}:${last(period)}`);
    await forget(account);
}

async function forget(account = 'demo') {
    const keys = await redis.say('KEYS', `{${account}}:report*`);
    const outs = await redis.say('KEYS', `{${account}}:out:war_report:*`);
    if (keys.length + outs.length)
        await redis.say('DEL', ...keys, ...outs);
    fs.rmSync(path.join(variable, 'reports', account), { recursive: true, force: true });
}

const out = (person, period = 'w') =>
    redis.hash(`{${person.account}}:out:war_report:${last(period)}:${person.openid}`);
const pictures = (account = 'demo') => {
    const directory = path.join(variable, 'reports', account);
    return fs.existsSync(directory) ? fs.readdirSync(directory) : [];
};
const told = async (period = 'w', account = 'demo') =>
    await redis.say('HGET', `{${account}}:reports`, period) === String(now[period] - 1) &&
    await redis.say('SCARD', `{${account}}:reports_told`) === 0;
const settled = (persons, period, states = ['sent', 'skipped', 'failed']) => until(async () => (await Promise.all(
    persons.map(person => out(person, period)))).every(({ state }) => states.includes(state)), 'all are settled');
const cards = async person => (await person.feed()).filter(item => item.title === '学习战报');

const people = [];
for (const name of ['张三', '李四', '王五', '赵六', '孙七']) {
    people.push(await colleague(name));
    await sleep(people.length === 1 ? 1100 : 0); // who was there first stands first
}
const [zhang, li, wang] = people;
const stranger = await sandbox.person('demo'); // follows, and is nobody of the company
await stranger.does('follow');
await is_over('w');

test('not before it is time, and not when it is off', async () => {
    for (const when of here.getUTCDay() === 0 ? ['off'] : ['sun 23:59', 'off']) {
        const work = await start('work', { ...AWAKE, week: when });
        await sleep(700);
        assert.equal(await redis.say('EXISTS', '{demo}:reports'), 0);
        assert.equal(await work.end(), 0);
    }
    assert.deepEqual(pictures(), []);
});

test('two workers make it once, and everybody on the boards is handed it once', async () => {
    await hears(li, '退出排行', /./);
    const from = log('work').length;
    const workers = [await start('work', WEEK_ON), await start('work', WEEK_ON)];
    await until(() => told(), 'handed out');
    const readers = people.filter(one => one !== li);
    await settled(readers);
    assert.equal(log('work').slice(from).match(/account=demo war report made/g).length, 1);
    assert.equal(pictures().length, 1);
    for (const person of readers) {
        const { state, kind } = await out(person);
        assert.deepEqual([state, kind], ['sent', 'notice']);
        const [card, ...more] = await until(async () => (await cards(person)).length && cards(person), 'the card');
        assert.deepEqual(more, []);
        const values = Object.fromEntries(card.fields.map(field => [field.name, field.value]));
        assert.match(values.thing1, /^周战报来了/);
        assert.match(values.thing2, /^\d+月\d+日—\d+月\d+日$/);
        assert.equal(values.thing3, '张三');
        assert.equal(values.number4, '4');
        assert.equal(card.url, `${url}/h5/report/demo/${pictures()[0]}`);
    }
    for (const person of [li, stranger])
        assert.deepEqual([await cards(person), await out(person)], [[], {}]);
    await sleep(300);
    assert.deepEqual((await zhang.sent()).filter(one => one.endpoint === SEND).length, 1);
    for (const work of workers)
        assert.equal(await work.end(), 0);
});

test('its picture is there for who has the link, and for nobody who guesses', async () => {
    const [card] = await cards(zhang), got = await fetch(card.url);
    assert.equal(got.status, 200);
    assert.equal(got.headers.get('content-type'), 'image/png');
    const png = Buffer.from(await got.arrayBuffer());
    assert.equal(png.subarray(1, 4).toString(), 'PNG');
    assert.equal(png.readUInt32BE(16), 1080);
    assert.match(pictures()[0], /^week-\d{4}-\d\d-[0-9a-f]{32}\.png$/);
    if (process.env.DAY21_KEEP)
        fs.writeFileSync(process.env.DAY21_KEEP, png);
    for (const route of ['/h5/report/', '/h5/report/demo/', '/h5/report/demo/week-2026-47.png'])
        assert.ok([403, 404].includes((await fetch(url + route)).status), route);
});

test('started again, on the same day or another, nothing is made again', async () => {
    const before = pictures(), from = log('work').length;
    const work = await start('work', WEEK_ON);
    await sleep(1000);
    assert.equal(await work.end(), 0);
    assert.deepEqual(pictures(), before);
    assert.doesNotMatch(log('work').slice(from), /war report/);
    assert.equal((await cards(zhang)).length, 1);
});

test('killed at any moment, it is made once and handed to each once', async () => {
    await is_over('m');
    const before = new Map();
    for (const person of people)
        before.set(person, (await cards(person)).length);
    // Many who are on the board, of whom WeChat knows nothing: telling takes its time.
    const newest = Number(await redis.say('GET', '{demo}:learners')), CROWD = 6000;
    for (let n = newest + 1; n <= newest + CROWD; n += 500) {
        const names = [], scores = [];
        for (let i = n; i < n + 500; i++) {
            scores.push(2 ** 31, i);
            names.push(redis.say('HSET', `{demo}:who:${Math.floor(i / 100)}`, i, `oCrowd${i}`));
        }
        await Promise.all([...names, redis.say('ZADD', '{demo}:board:p:all', ...scores)]);
    }
    await redis.say('SET', '{demo}:learners', newest + CROWD);
    let kills = 0;
    for (; !await told('m'); kills++) {
        assert.ok(kills < 60, 'it gets on although it is killed');
        await redis.say('DEL', `{demo}:report_right:${last('m')}`);
        const work = await start('work', MONTH_ON);
        await sleep(Math.random() * 40 * (kills + 1));
        await work.end('SIGKILL');
    }
    const work = await start('work', { ...MONTH_ON, claim_after_s: 1 });
    await settled(people.filter(one => one !== li), 'm', ['sent']);
    await until(async () => await redis.say('XLEN', '{demo}:outbox') === 0, 'the outbox is empty', 60);
    assert.equal(await work.end(), 0);
    for (const person of people)
        assert.equal((await cards(person)).length - before.get(person), person === li ? 0 : 1);
    for (const n of [newest + 1, newest + CROWD])
        assert.equal((await redis.hash(`{demo}:out:war_report:${last('m')}:oCrowd${n}`)).reason, 'not following');
    const [, file] = (await redis.say('HGET', '{demo}:reports', 'picture:m')).split(' ');
    assert.ok(pictures().includes(file), 'the one that is told of is there');
    console.log(JSON.stringify({ kills, pictures: pictures().length }));
    await redis.say('ZREMRANGEBYSCORE', '{demo}:board:p:all', 2 ** 31, 2 ** 31);
    await redis.say('SET', '{demo}:learners', newest);
});

test('goes through the gate: unfollowed, hidden since, quiet hours, daily cap', async () => {
    await is_over('d');
    const clock = hours => `"${new Date(Date.now() + (8 + hours) * 3600e3).toISOString().slice(11, 16)}"`;
    const quiet = await start('work', { ...DAY_ON, quiet_from: clock(-1), quiet_to: clock(1) });
    await until(() => told('d'), 'handed out');
    await until(async () => await redis.say('XLEN', '{demo}:outbox') === 0, 'all wait');
    assert.equal(await quiet.end(), 0);
    const waiting = (await redis.say('ZRANGE', '{demo}:retry', 0, -1)).filter(one => one.startsWith('war_report:'));
    assert.equal(waiting.length, 4);
    await hears(wang, '退出排行', /./);
    await people[3].act('unfollow');
    await until(async () => (await redis.hash(`{demo}:learner:${people[3].openid}`)).on === '0', 'unfollowed');
    await redis.say('HSET', `{demo}:learner:${people[4].openid}`, 'od', today, 'oc', 2);
    await redis.say('HSET', `{demo}:learner:${zhang.openid}`, 'oc', 0);
    for (const one of waiting)
        await redis.say('ZADD', '{demo}:retry', 1, one);
    const work = await start('work', DAY_ON);
    await settled([zhang, wang, people[3], people[4]], 'd');
    const states = await Promise.all([zhang, wang, people[3], people[4]].map(person => out(person, 'd')));
    assert.equal(states[0].state, 'sent');
    assert.deepEqual(states.slice(1).map(({ state, reason }) => [state, reason]), [['skipped', 'on no board'],
        ['skipped', 'not following'], ['skipped', 'daily cap']]);
    assert.equal(await work.end(), 0);
    await hears(wang, '参加排行', /./);
});

test('without a template it is a text, to those who were there lately', async () => {
    const lately = await colleague('周八', 'plain');
    await sleep(1100);
    const gone = await colleague('吴九', 'plain');
    await is_over('w', 'plain');
    for (const back of [0, 1])
        await redis.say('SETBIT', `{plain}:active:${today - back}`, gone.number, 0);
    const seq = (await lately.feed()).at(-1).seq, work = await start('work', WEEK_ON);
    const [item] = await until(async () => {
        const items = await lately.feed(seq);
        return items.length && items;
    }, 'the text');
    assert.match(item.text, /^📣 周战报来了\n.*\n\n周八以 15 分领跑，一共 2 人上榜。\n/);
    const [, link] = item.text.match(/<a href="([^"]*\/h5\/report\/plain\/[^"]*)">/);
    assert.equal((await fetch(link)).status, 200);
    await until(() => told('w', 'plain'), 'handed out');
    assert.deepEqual(await out(gone), {});
    assert.deepEqual((await lately.sent()).filter(one => one.endpoint === SAY).length, 1);
    assert.equal((await out(lately)).kind, 'text');
    assert.equal(await work.end(), 0);
});

test('a week in which nobody did anything is no news', async () => {
    await forget();
    await redis.say('RENAME', `{demo}:board:p:${last('w')}`, '{demo}:board:p:kept');
    const before = (await cards(zhang)).length, work = await start('work', WEEK_ON);
    await until(() => told(), 'looked at');
    await sleep(300);
    assert.equal(await work.end(), 0);
    assert.deepEqual(pictures(), []);
    assert.equal((await cards(zhang)).length, before);
    await redis.say('RENAME', '{demo}:board:p:kept', `{demo}:board:p:${last('w')}`);
});

test('the last ten pictures are kept', async () => {
    await forget();
    const directory = path.join(variable, 'reports/demo');
    fs.mkdirSync(directory, { recursive: true });
    for (let i = 1; i <= 12; i++)
        fs.writeFileSync(path.join(directory, `week-2025-${String(i).padStart(2, '0')}-x.png`), '');
    fs.writeFileSync(path.join(directory, 'month-2025-01-x.png'), '');
    const work = await start('work', WEEK_ON);
    await until(() => told(), 'handed out');
    assert.equal(await work.end(), 0);
    const left = pictures().sort();
    assert.equal(left.length, 11);
    assert.deepEqual(left.slice(0, 2), ['month-2025-01-x.png', 'week-2025-04-x.png']);
});

test('in chat, with the reader\'s own gap and the last picture', async () => {
    for (const period of ['w', 'd', 'm']) // who came back to the boards stands on those of now
        await redis.say('DEL', `{demo}:board:p:${period}${now[period]}`);
    const picture = (await redis.say('HGET', '{demo}:reports', 'picture:w')).split(' ')[1], sun = people[4];
    const text = await hears(sun, '战报', /周战报\n[^]*🥇 张三　15 分/); // this week nobody has any points yet
    assert.match(text, /那一期你是第 2 名，15 分。\n当时再得 1 分，就超过张三。/);
    assert.ok(text.includes(`<a href="${url}/h5/report/demo/${picture}">`));
    assert.equal((await hears(sun, '上周战报', /周战报/)).split('\n')[1], text.split('\n')[1]);
    await hears(sun, '本周战报', /榜还空着/);
    await hears(sun, '上月战报', /月战报\n[^]*那一期你是第 2 名，15 分。/);
    await hears(sun, '月度战报', /月战报\n[^]*榜还空着/);
    await hears(sun, '昨日战报', /日战报\n[^]*那一期你是第 2 名，15 分。/);
    await hears(zhang, '战报', /你在第 1 名/);
    await hears(li, '战报', /张三[^]*参加排行/);
    await hears(stranger, '战报', /张三[^]*绑定/);
    assert.match((await sun.does('click', { key: 'report' })).text, /周战报/);
});

test('end', async () => {
    redis.close();
    await end_all();
});
