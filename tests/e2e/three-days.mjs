// instance: --without redis,serve,work,sandbox --
// Three days of a newcomer, on a phone: follows, binds, joins a team, checks in day after day, is reminded,
// goes up a level, takes leave and comes back, wins a contest with the team, against rivals who act over
// the wire, and reads of it in the report of the week. The days really go by, for Redis, the sandbox, serve
// and work alike.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import * as clock from './lib/clock.mjs';
import { day21, end_all, redis as connect, start, until, variable } from './lib/instance.mjs';
import { complaints, expect, PHONE, Phone, walk } from './lib/phone.mjs';
import * as sandbox from './lib/sandbox.mjs';

const DAYS = ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26']; // from a Monday on
const NEXT_MONDAY = '2026-11-30';
const ACCOUNT = 'demo';

let phone, me, mate, rival, late; // 林小满, 周野; 许愿, 程安安
let work;

// ---- time ----

async function at(moment) {
    clock.set(moment);
    await phone?.page.clock.setFixedTime(clock.now());
}

// The worker looks at once for what there is to archive when it starts, and then once a minute.
async function next_morning(moment) {
    expect(await work.end() === 0, 'the worker did not end well');
    await at(moment);
    work = await start('work', { tick_ms: 20 });
}

// ---- operators ----

async function does(...words) {
    const done = await day21(...words);
    expect(done.status === 0, `day21 ${words.join(' ')}: ${done.out}${done.err}`);
    return done.out;
}

function contest_file() {
    const file = path.join(variable, 'contest.yaml');
    fs.writeFileSync(file, `name: tea
title: 新茶对抗赛
from: "${DAYS[0]} 09:00"
to: "${DAYS[3]} 00:00"
plays: teams
scoring: sum
prizes: 赢的一队，下午茶一份
announce: true
`);
    return file;
}

const result = () => does('contest', 'show', ACCOUNT, 'tea');

// ---- people ----

// What somebody else is answered.
async function hears(person, content, pattern) {
    const item = await person.does('text', { content });
    expect(pattern.test(item.text ?? ''), `${content}: ${JSON.stringify(item)}`);
}

async function colleague(number, team) {
    const person = await sandbox.person(ACCOUNT);
    await person.does('follow');
    await hears(person, `绑定 ${number} 1234`, /绑/);
    await hears(person, `加入战队 ${team}`, /欢迎加入/);
    return person;
}

const checks_in = (person, points) => hears(person, '签到', new RegExp(`\\+${points} 分`));

// ---- the phone ----

// Does something, and looks whether the answer says all of this.
async function answered(doing, ...patterns) {
    const text = await (await phone.answerTo(doing)).innerText();
    for (const pattern of patterns)
        expect(pattern.test(text), `no ${pattern} in:\n${text}`);
    return text;
}

const says = (words, ...patterns) => answered(() => phone.type(words), ...patterns);
const link = (words) => phone.answers.last().locator('button.text-link', { hasText: words }).first();
const taps = (words, ...patterns) => answered(() => link(words).click(), ...patterns);
const menu = (name, ...patterns) => answered(async () => {
    expect(await phone.tapMenu(name), `no ${name} in the menu`);
}, ...patterns);

// A picture without what comes for the others who share this phone.
async function shot(step) {
    const close = phone.page.getByRole('button', { name: '收起通知' });
    if (await close.isVisible()) await close.click({ timeout: 1000 }).catch(() => {}); // or it went by itself
    await phone.shot(step);
}

const steps = [
    ['day 1: opens the page', async (browser) => {
        await at(`${DAYS[0]} 07:50:00`);
        await start('redis');
        await start('sandbox');
        await start('serve');
        work = await start('work', { tick_ms: 20 });
        await does('menu', 'push', ACCOUNT);
        await does('roster', 'import', ACCOUNT, 'templates/starter/roster.csv', '--apply');
        for (const team of ['龙井队', '毛尖队'])
            await does('team', 'create', ACCOUNT, team, '--open');
        await does('contest', 'create', ACCOUNT, contest_file());
        me = await sandbox.person(ACCOUNT);
        phone = await Phone.open(browser, 'three-days', PHONE, `#${ACCOUNT}/${me.openid}`,
            one => one.page.clock.setFixedTime(clock.now()));
        await phone.get('follow').waitFor();
        await shot('01-opened');
    }],
    ['follows, and is welcomed with points', async () => {
        await answered(() => phone.get('follow').click(), /5 分/, /签到/);
        await shot('02-welcome');
    }],
    ['binds by number and tail', async () => {
        await menu(/绑定/, /工号/);
        await says('2101', /后四位/);
        await says('1234', /林小满/);
        await shot('03-bound');
    }],
    ['joins a team', async () => {
        await says('我的战队', /还没有战队/, /龙井队/, /毛尖队/);
        await taps('龙井队', /欢迎加入龙井队/, /1 人/);
        await shot('04-team');
    }],
    ['sees when the contest begins', async () => {
        await menu(/竞赛/, /新茶对抗赛/, /1 小时 \d+ 分后开始/, /下午茶/);
        await shot('05-contest-coming');
    }],
    ['checks in for the first time', async () => {
        [mate, rival, late] = [await colleague(2102, '龙井队'), await colleague(2103, '毛尖队'),
            await colleague(2104, '毛尖队')];
        await at(`${DAYS[0]} 09:05:00`);
        await menu(/签到/, /\+10 分/, /第 1 天|往后还有 20 天|第一个/, /翻开扉页/);
        await shot('06-day-1');
    }],
    ['is behind with the team', async () => {
        await at(`${DAYS[0]} 12:10:00`);
        await checks_in(rival, 10);
        await at(`${DAYS[0]} 12:30:00`);
        await checks_in(late, 10);
        await says('竞赛', /龙井队第 2，10 分，共 2 队/, /毛尖队/, /(^|[^0-9])11 分/m, /其中有你的 10 分/);
        await shot('07-contest-behind');
        await says('我的战队', /这周 10 分，2 队里排第 2/, /今天全队都到了/);
        await shot('08-team-behind');
    }],
    ['reads the points, why, and the board', async () => {
        await menu(/我的积分/, /15 分/, /1 金币/, /Lv\.1「初来乍到」/, /每日签到/, /关注见面礼/);
        await shot('09-points');
        await taps('积分明细', /【11月23日】\n每日签到 \+10 分 \+1 金币\n关注见面礼 \+5 分/);
        await shot('10-ledger');
        await says('排行榜', /【个人周榜】4 人在榜/, /1\. 林小满（你）/);
        await shot('11-board');
    }],
    ['takes leave for tomorrow, and is back', async () => {
        await menu(/请假/, /明天|11月24日/);
        await shot('12-leave-offers');
        await says('请假 明天', /11月24日（周二）/, /11月25日（周三）/);
        await taps('销假', /往后照常算/);
        await shot('13-leave-back');
    }],
    ['day 2: is reminded at the hour of the day before', async () => {
        await next_morning(`${DAYS[1]} 09:20:00`);
        await phone.get('card-template').waitFor();
        const card = await phone.get('card-template').innerText();
        expect(/21 天走到第 2 天/.test(card) && /已连续天数\s+1/.test(card), `an odd reminder: ${card}`);
        await shot('14-day-2-reminder');
    }],
    ['has yesterday behind: the board of the day is empty, the ledger of the day in the archive', async () => {
        await says('个人日榜', /空着|没有名字|还没/);
        await shot('15-day-2-board');
        const file = path.join(variable, `archive/${ACCOUNT}/${DAYS[0]}.ndjson.gz`);
        await until(() => fs.existsSync(file), 'the first day is archived');
        const lines = execFileSync('zcat', [file], { encoding: 'utf8' }).trim().split('\n').map(line => JSON.parse(line));
        expect(lines.length === 2 + 7, `${lines.length - 2} lines in the archive`); // 4 follow, 3 check in
    }],
    ['checks in, and goes up a level', async () => {
        await menu(/签到/, /\+10 分/, /连续 2 天/, /升.*Lv\.2/, /「翻开扉页」/);
        await shot('16-day-2-level-up');
        await says('等级', /Lv\.2　翻开扉页　20 分 👈/);
        await says('我的战队', /还有 1 位队友没来/);
        await shot('17-levels');
    }],
    ['leads with the team, being first', async () => {
        await checks_in(mate, 10);
        await at(`${DAYS[1]} 10:30:00`);
        await checks_in(rival, 10);
        await says('竞赛', /龙井队第 1，30 分，共 2 队/, /1 天 13 小时/);
        await shot('18-contest-ahead');
        await says('我的战队', /排第 1/, /周野/, /今天全队都到了/);
        await shot('19-team-ahead');
    }],
    ['day 3: comes before the reminder, and has come three days', async () => {
        await next_morning(`${DAYS[2]} 08:40:00`);
        await checks_in(rival, 15);
        await menu(/签到/, /\+15 分/, /连续 3 天/, /🌱/);
        await shot('20-day-3');
    }],
    ['sees the board of the week, of persons and of departments', async () => {
        await at(`${DAYS[2]} 18:00:00`);
        await checks_in(mate, 10);
        await says('排行榜', /【个人周榜】4 人在榜/, /林小满（你）/);
        await shot('21-board');
        await taps('部门周榜', /部门周榜/, /城东店/);
        await shot('22-departments');
        await menu(/我的积分/, /40 分/, /5 金币/, /Lv\.2/, /连续签到 3 天/);
        await shot('23-points');
    }],
    ['sees the contest in its last minute', async () => {
        await at(`${DAYS[2]} 23:59:00`);
        await says('竞赛', /龙井队第 1，55 分/, /1 分钟后结束/, /其中有你的 35 分/);
        await shot('24-last-minute');
        expect(/^tea {2}running/.test(await result()), await result());
    }],
    ['wins, as what comes after the closing second does not count', async () => {
        await at(`${DAYS[3]} 00:00:00`);
        await checks_in(late, 10);
        await until(async () => /^tea {2}over/.test(await result()), 'the contest is over');
        const said = await result();
        expect(/ 1 +55 +龙井队\n +2 +45 +毛尖队\n/.test(said), said);
        await checks_in(rival, 10);
        expect(await result() === said, 'the result has changed');
        const redis = await connect();
        await until(async () => await redis.say('ZCARD', `{${ACCOUNT}}:retry`) === 4, 'the news waits for the morning');
        redis.close();
    }],
    ['day 4: is told in the morning, not at midnight', async () => {
        const before = await phone.answers.count();
        await next_morning(`${DAYS[3]} 08:35:00`);
        await phone.answers.nth(before).waitFor();
        const told = await phone.answers.nth(before).innerText();
        expect(/🏆 新茶对抗赛[^]*🥇 龙井队　55 分[^]*🥈 毛尖队　45 分[^]*龙井队第 1，55 分。\n恭喜/.test(told), told);
        await shot('25-won');
        for (const person of [me, mate, rival, late]) {
            await until(async () => (await person.feed()).some(item => item.text?.includes('🏆')), 'all are told');
            const [news] = (await person.feed()).filter(item => item.text?.includes('🏆'));
            expect(news.time >= Date.parse(`${DAYS[3]}T08:30:00+08:00`), 'somebody was woken up');
        }
        await says('竞赛', /🏆 新茶对抗赛/, /恭喜/);
        await shot('26-result');
    }],
    ['stands in the war report of the day', async () => {
        const said = await does('report', ACCOUNT, 'day');
        expect(/日战报[^]*林小满　15 分[^]*龙井队　25 分/.test(said), said);
    }],
    ['gets the war report of the week on Monday, and asks for more', async () => {
        await next_morning(`${NEXT_MONDAY} 09:01:00`);
        await phone.get('card-template').nth(1).waitFor();
        await shot('27-report');
        await says('战报', /周战报/, /11月23日—11月29日/, /第 2 名，40 分/, /龙井队　55 分/);
        await shot('28-report-in-chat');
    }],
    ['left everything in order', async () => {
        const cards = (await me.feed()).filter(item => item.kind === 'template').map(item => item.title);
        expect(String(cards) === '学习打卡提醒,学习战报', `sent: ${cards}`);
        expect((await sandbox.calls(ACCOUNT)).stable_token >= 3, 'an access token outlived its day');
        await does('points', 'rebuild', ACCOUNT); // from the archive and the stream
        expect(await phone.page.locator('[data-kind="failure"]').count() === 0, 'WeChat showed its failure text');
        expect(complaints.length === 0, `the browser complained:\n  ${complaints.join('\n  ')}`);
        await end_all();
    }],
];

await walk(steps, () => phone);
