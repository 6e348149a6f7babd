// instance: --without serve,work,sandbox --
// Points, levels and streaks as a learner reads them: rest days, make-up days and holidays, a streak that
// broke and is mended, freezes, leave, the certificate; why something gave points, less, or none; and what
// one may do who is not bound.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { away_from_midnight, day21, end_all, redis as connect, start, variable } from './lib/instance.mjs';
import { accounts, deliver, event, say, seconds, somebody, text } from './lib/wechat.mjs';

await away_from_midnight(120);
const redis = await connect(), { demo } = accounts;

// ---- days ----

const TODAY = Math.floor((Date.now() / 1000 + 8 * 3600) / 86400);
const date = day => new Date(day * 86400000);
const iso = day => date(day).toISOString().slice(0, 10);
const chinese = day => `${date(day).getUTCMonth() + 1}月${date(day).getUTCDate()}日`;
const named = day => `${chinese(day)}（周${'日一二三四五六'[date(day).getUTCDay()]}）`;

// ---- accounts of other rules and calendars: a copy of the templates with a change or two ----

let copies = 0;
function templates(changes) {
    const directory = path.join(variable, `templates-${++copies}`);
    fs.cpSync('templates', directory, { recursive: true });
    for (const [file, change] of Object.entries(changes)) {
        const whole = path.join(directory, file);
        const before = fs.existsSync(whole) ? fs.readFileSync(whole, 'utf8') : '', now = change(before);
        assert.notEqual(now, before, file);
        fs.writeFileSync(whole, now);
    }
    return directory;
}

// A calendar in which every day but today's weekday is worked.
const today_is_weekend = () => {
    const weekday = date(TODAY).getUTCDay() || 7;
    return templates({ 'calendar/shop.yaml': () =>
        `week: [${[1, 2, 3, 4, 5, 6, 7].filter(day => day !== weekday)}]\nyears: []\n` });
};

const days_off = (...list) => ['daily', '    rest_days:', ...list.map(one =>
    `      - {${Object.entries(one).map(([key, value]) => `${key}: ${value}`)}}`)].join('\n');

// ---- learners ----

const key = openid => `{demo}:learner:${openid}`;
const learner = openid => redis.hash(key(openid));

// Somebody known whose hash has these fields besides.
async function learner_with(fields) {
    const openid = somebody();
    await say(demo, openid, '菜单');
    for (const [field, value] of Object.entries(fields))
        await redis.say('HSET', key(openid), field, value);
    return openid;
}

// … a streak of so many days that ended so many days ago.
const streak_of = (days, ago, rest = {}) =>
    learner_with({ st: days, ci: days, sd: TODAY - ago, ld: TODAY - ago, ...rest });

// What is said fits a bubble, has no variable left open and no empty part, and its links are whole.
async function hears(openid, words, ...patterns) {
    const answer = await say(demo, openid, words);
    assert.equal(answer.status, 200, answer.why);
    assert.ok(answer.content && Buffer.byteLength(answer.content) <= 2048, answer.plain);
    assert.doesNotMatch(answer.content, /[{}]|\n\n\n|\n$|undefined|NULL|（）|「」/, answer.content);
    for (const pattern of patterns)
        assert.match(answer.content, pattern, words);
    return answer.content;
}

// How wide a line is, in hanzi: a bubble of a phone 360 px wide holds 13 of them and a half.
const BUBBLE = 13.5;
const width = line => [...line].reduce((sum, one) => sum + (one === ' ' ? 0.25 : one < '\u2000' ? 0.56 : 1), 0);

// The changes that are listed, each in one line.
function changes(content) {
    const list = content.match(/【\d+月\d+日】\n([^]*?)\n\n/);
    assert.ok(list, content);
    const lines = list[1].split('\n').filter(line => !/^[【↳]/.test(line));
    for (const line of lines)
        assert.ok(width(line) <= BUBBLE, `too wide for a phone: ${line}`);
    return lines;
}

const tells = word => new RegExp(`msgmenucontent=${word}&`);
const taps = content => [...content.matchAll(/msgmenucontent=([^&"]*)&/g)].map(([, words]) => words);

async function serving(settings, act) {
    const serve = await start('serve', settings);
    try {
        await act();
    } finally {
        assert.equal(await serve.end(), 0);
    }
}

after(async () => {
    redis.close();
    await end_all();
});

describe('every day a working day', async () => {
    const serve = await start('serve');
    after(() => serve.end());

    test('a check-in says what it gave, coins too; on the third day of the plan more', async () => {
        const openid = somebody();
        await hears(openid, '签到', /\+10 分 \+1 金币/);
        const third = await streak_of(2, 1);
        await hears(third, '签到', /\+15 分 \+3 金币/, /🌱 (第 3 天|三天了)/);
        for (const [day, points] of [[7, 30], [14, 40]])
            await hears(await streak_of(day - 1, 1), '签到', new RegExp(`\\+${points} 分`), /[🌿🌳] (满|第) \d+ 天/u);
    });

    test('我的积分: coins, streak, freezes, and a reversal reads as such', async () => {
        const openid = await streak_of(4, 1, { fz: 2, xp: 25, co: 3, lv: 2,
            rc: ['-5 -1 reverse', '0 -2 spend:draw', '10 1 checkin']
                .map(line => `${seconds().toString(36)} ${line}`).join('\n') });
        const content = await hears(openid, '我的积分', /25 分，3 金币/, /Lv\.2/, /连续 4 天，补签卡 2 张/,
            tells('积分明细'));
        assert.deepEqual(changes(content), ['更正先前的一笔 -5 分 -1 金币', '用掉金币 -2 金币', '每日签到 +10 分 +1 金币']);
        assert.doesNotMatch(content, /\+-/);
        await hears(await learner_with({}), '我的积分', tells('签到'));
    });

    test('我的积分 of one who was refused again and again is not that of one who has nothing', async () => {
        const refused = [...'12345'].map(n => `${(seconds() - n * 60).toString(36)} 0 0 comment short`);
        const content = await hears(await learner_with({ xp: 530, co: 78, lv: 6, rc: refused.join('\n') }), '我的积分',
            /530 分，78 金币/, /Lv\.6/, tells('积分明细'));
        assert.doesNotMatch(content, /一笔都没有|还空着|最近几笔/);
    });

    test('the changes of a day stand below it, each in a line', async () => {
        const rules = ['checkin_14 30 10', 'checkin_21 60 20', 'question 5 1', 'answer 6 2', 'comment 4 1', 'case 10 3',
            'checkin_3 5 2', 'follow 5 0', 'watch 2 0'].map(rule => rule.split(' '));
        for (let i = 0; i < rules.length; i += 3) {
            const rc = rules.slice(i, i + 3).map(([rule, points, coins], at) =>
                `${(seconds() - (at > 1 ? 86400 : 0)).toString(36)} ${points} ${coins} ${rule}`).join('\n');
            for (const words of ['积分明细', '我的积分']) {
                const content = await hears(await learner_with({ xp: 500, co: 20, lv: 5, rc }), words);
                assert.equal(changes(content).length, 3, content);
                assert.equal(content.match(/【\d+月\d+日】/g).length, 2, content);
            }
        }
    });

    test('积分明细 says why not, and why less', async () => {
        const at = seconds().toString(36);
        const lines = {
            [`${at} 0 0 watch once`]: /读完一节课 没加分\n↳ .*只算一次/,
            [`${at} 0 0 checkin_3 once`]: /签到满 3 天 没加分\n↳ 只给一次，之前领过了\n/,
            [`${at} 0 0 comment day`]: /留言讨论 没加分\n↳ 一天最多 16 分/,
            [`${at} 0 0 comment week`]: /↳ 一周最多 60 分/,
            [`${at} 0 0 comment subject`]: /同一处得满了/,
            [`${at} 0 0 comment total`]: /一天总共 120 分/,
            [`${at} 0 0 comment cool`]: /挨得太近/,
            [`${at} 0 0 comment short`]: /写满 10 个字/,
            [`${at} 0 0 watch short`]: /看到 80% 才算读完/,
            [`${at} 0 0 checkin unbound`]: tells('绑定'),
            [`${at} 0 0 vanished day`]: /以前的一项活动 没加分\n↳ 按当时的规则/,
            [`${at} 0 0 checkin day`]: /按当时的规则/, // which has no such cap any more
            [`${at} 2 0 comment day`]: /留言讨论 \+2 分\n↳ .*只剩这些/,
            [`${at} 2 1 case week`]: /案例讨论 \+2 分 \+1 金币\n↳ 一周最多 160 分/,
            [`${at} 3 0 checkin total`]: /每日签到 \+3 分\n↳ 一天总共 120 分/,
            [`${at} 10 1 checkin`]: /每日签到 \+10 分 \+1 金币\n/,
        };
        for (const [line, pattern] of Object.entries(lines))
            assert.equal(changes(await hears(await learner_with({ rc: line }), '积分明细', pattern, /金币/)).length, 1);
        const many = Object.keys(lines).slice(0, 5);
        const content = await hears(await learner_with({ rc: many.join('\n') }), '为什么没加分');
        assert.equal(content.match(/ 没加分$/gm).length, 5);
        await hears(somebody(), '积分明细', tells('签到'));
    });

    test('等级: all of them, and where one is', async () => {
        const content = await hears(await learner_with({ xp: 70, lv: 3 }), '等级', /Lv\.3　渐入佳境　60 分 👈/,
            /60 分|70 分/, /Lv\.10　满腹干货　2500 分/, /随手有记/);
        assert.equal(content.match(/👈/g).length, 1);
        await hears(await learner_with({ xp: 3000, lv: 10 }), '我几级了', /Lv\.10　满腹干货　2500 分 👈/);
    });

    test('a freeze is earned, told of, and mends a missed day, once', async () => {
        const openid = await streak_of(6, 1);
        await hears(openid, '签到', /补签卡/);
        assert.equal((await learner(openid)).fz, '1');
        for (const [field, by] of [['sd', -2], ['ld', -2]])
            await redis.say('HINCRBY', key(openid), field, by); // two days later
        await hears(openid, '我的积分', /漏了 1 个|有 1 个/, tells('补签'));
        await hears(openid, '签到', /重新数起|今天开始/, /连续 8 天/, tells('补签'));
        await hears(openid, '签到', /连续 1 天/, /连续 8 天/, tells('补签')); // again: still to be mended
        const ask = text(demo, openid, '补签'), first = await deliver(demo, ask);
        assert.match(first.content, /连续 8 天/);
        assert.equal((await deliver(demo, ask)).content, first.content);
        const now = await learner(openid);
        assert.deepEqual([now.st, now.fz], ['8', '0']);
        await hears(openid, '补签', /连续 8 天/, /没有要补的/);
    });

    test('too few freezes, none, or too long ago', async () => {
        const few = await streak_of(5, 3, { fz: 1 });
        await hears(few, '补签', /漏了 2 个工作日，\n补签卡只有 1 张/, /满 7 天/, tells('签到'));
        await hears(few, '签到', /漏了 2 个工作日，\n补签卡有 1 张/, /满 7 天/);
        assert.equal((await learner(few)).fz, '1');
        const none = await streak_of(5, 2);
        await hears(none, '补签', /还没有补签卡/, /满 7 天/);
        await hears(none, '签到', /漏了 1 个工作日，\n没有补签卡/);
        const late = await streak_of(5, 9, { fz: 2 });
        await hears(late, '补签', /最近 3 个工作日/);
        const back = await hears(late, '签到', /重新数起|今天开始/);
        assert.doesNotMatch(back, /补签/);
        await hears(somebody(), '补签', /没有能补的/, tells('签到'));
    });

    test('the 21st day: a certificate, with the name of who is bound; afterwards, too', async () => {
        const file = path.join(variable, 'roster.csv');
        fs.writeFileSync(file, '工号,姓名,部门,手机\r\n10086,欧阳娜娜,公司/市场部,1234\r\n');
        assert.equal((await day21('roster', 'import', 'demo', file, '--apply')).status, 0);
        const on = `${date(TODAY).getUTCFullYear()} 年 ${date(TODAY).getUTCMonth() + 1} 月 ${date(TODAY).getUTCDate()} 日`;
        const openid = await streak_of(20, 1, { xp: 300, lv: 5 });
        await hears(openid, '证书', /还差 1 天|再来 1 天/, /20 天/);
        await hears(openid, '绑定 10086 1234', /欧阳娜娜/);
        const ask = text(demo, openid, '签到'), first = await deliver(demo, ask);
        assert.match(first.content, /欧阳娜娜\n\d+ 年 \d+ 月 \d+ 日，\n在「21天学习派」\n走完了 21 天。\n至今签到 21 天，370 分/);
        assert.ok(first.content.includes(on), first.content);
        assert.ok(Buffer.byteLength(first.content) <= 2048);
        assert.equal((await deliver(demo, ask)).content, first.content);
        await hears(openid, '证书', /欧阳娜娜\n/, new RegExp(on));
        assert.equal((await learner(openid)).f, `${TODAY}`);
        await redis.say('HSET', key(openid), 'f', TODAY - 400); // it bears the day of the 21st check-in
        const then = date(TODAY - 400);
        await hears(openid, '证书', new RegExp(`${then.getUTCFullYear()} 年 ${then.getUTCMonth() + 1} 月 ${then.getUTCDate()} 日，`));
        await hears(await learner_with({ ci: 30 }), '证书', /学友 \d{4}\n/, /签到 30 天/);
        await hears(openid, '签到', /第 21 天|来过|盖好/); // again, no second certificate
    });

    test('after the 21st day they begin again, and it is said which round it is', async () => {
        await hears(await streak_of(22, 1), '签到', /第 2 轮第 2 天|离第 21 天还有 19 天/);
        const third = await streak_of(23, 1); // beginners are congratulated, not who comes again
        assert.doesNotMatch(await hears(third, '签到', /第 2 轮第 3 天|离第 21 天还有 18 天/), /🌱 (第 3 天|三天了)/);
        await hears(third, '签到', /第 2 轮第 3 天|盖好|来过/);
        assert.doesNotMatch(await hears(await streak_of(5, 1), '签到', /第 6 天|离第 21 天/), /轮/);
    });

    test('leave: however it is said, and what it says back', async () => {
        const cases = {
            '请假 明天': [1, 1], '请假　明天': [1, 1], '明天请假': [1, 1], '请假 3': [0, 2], '请假３天': [0, 2],
            '请三天假': [0, 2], '请假明天起两天': [1, 2],
            [`请假 ${chinese(TODAY + 2)} 到 ${chinese(TODAY + 4)}`]: [2, 4],
            [`请假 ${iso(TODAY + 2)}`]: [2, 2],
        };
        for (const [words, [from, to]] of Object.entries(cases)) {
            const openid = await streak_of(5, 1);
            const said = [named(TODAY + from), named(TODAY + to), named(TODAY + to + 1)];
            const content = await hears(openid, words, tells('销假'), /连续/);
            for (const one of said)
                assert.ok(content.includes(one), `${words}: ${content}`);
            assert.equal((await learner(openid)).va, `${TODAY + from}-${TODAY + to}`, words);
        }
    });

    test('leave that cannot be, and every offer of every answer can be taken', async () => {
        const asked = await hears(somebody(), '请假', /最多 10/, tells('请假3天'));
        const refused = [asked, await hears(somebody(), '请假 昨天', /过去的日子/, tells('补签')),
            await hears(somebody(), '请假 11天', /最多 10/), await hears(somebody(), '请假 2099-01-01', /有点远/),
            await hears(somebody(), '请假2小时', /最多 10/)];
        for (const words of refused.flatMap(taps).filter(one => one.startsWith('请假'))) {
            const openid = somebody();
            await hears(openid, words, tells('销假'));
            assert.match((await learner(openid)).va, /^\d+-\d+$/, words);
        }
    });

    test('leave that goes on from leave is one leave, and no longer for it', async () => {
        const openid = await streak_of(5, 1);
        await hears(openid, '请假 明天', tells('销假'));
        await hears(openid, `请假 ${chinese(TODAY + 2)} 到 ${chinese(TODAY + 11)}`, /11 个工作日/,
            /最多 10 个/, new RegExp(`${named(TODAY + 1)}\n到 ${named(TODAY + 11)}`), /签到/, tells('销假'));
        assert.equal((await learner(openid)).va, `${TODAY + 1}-${TODAY + 1}`);
    });

    test('leave keeps the streak, can be taken back, and is taken once', async () => {
        const openid = await streak_of(5, 3, { va: `${TODAY - 2}-${TODAY}` });
        await hears(openid, '请假', tells('销假'));
        await hears(openid, '我的积分', /./);
        const ask = text(demo, openid, '请假 明天'), first = await deliver(demo, ask);
        assert.match(first.content, /到|：/);
        assert.equal((await deliver(demo, ask)).content, first.content);
        assert.equal((await learner(openid)).va, `${TODAY - 2}-${TODAY + 1}`);
        await hears(openid, '销假', tells('签到'));
        assert.equal((await learner(openid)).va, `${TODAY - 2}-${TODAY - 1}`);
        await hears(openid, '签到', /连续 6 天/);
        await hears(openid, '销假', /没有请着的假/, tells('请假'));
        await hears(somebody(), '取消请假', /没有请着的假/);
    });

    test('menu keys do as words do', async () => {
        const taken = { ledger: /明细|账本/, levels: /Lv\.1/, certificate: /证书/, leave: /请假/, leave_back: /签到/,
            makeup: /补/ };
        for (const [command, pattern] of Object.entries(taken)) {
            const answer = await deliver(demo, event(demo, somebody(), 'CLICK', { EventKey: command }));
            assert.match(answer.content, pattern, command);
        }
    });
});

test('a holiday: it counts for the 21 days and not for the streak', () =>
    serving({ calendar: days_off({ date: iso(TODAY), reason: '国庆节' }) }, async () => {
        const openid = await streak_of(5, 1, { fz: 1 });
        await hears(openid, '签到', /\+10 分/, /国庆节放假/, /第 6 天|6 天/, /连续 5 天，补签卡 1 张/);
        assert.deepEqual([(await learner(openid)).st, (await learner(openid)).ci], ['5', '6']);
        await hears(openid, '签到', /国庆节放假/, /连续 5 天/);
        await hears(somebody(), '签到', /国庆节放假/, /从下个工作日数起/);
        await hears(openid, '请假 今天', /本来就是休息日/, tells(`请假${chinese(TODAY + 1)}`));
        const content = await hears(openid, '请假 3天', /./);
        assert.ok(content.includes(named(TODAY + 1)) && content.includes(named(TODAY + 3)), content);
    }));

test('a weekend; and a make-up day, which counts', async () => {
    const directory = today_is_weekend();
    await serving({ calendar: 'shop', templates: directory }, async () => {
        const openid = await streak_of(5, 1);
        const content = await hears(openid, '签到', /今天休息/, /连续签到 5 天/);
        assert.doesNotMatch(content, /（/);
        const broken = await streak_of(5, 3, { fz: 2 }); // two working days missed before the weekend
        await hears(broken, '签到', /连续 5 天/, tells('补签'));
        await hears(broken, '补签', /连续 5 天/);
        assert.deepEqual([(await learner(broken)).st, (await learner(broken)).fz], ['5', '0']);
    });
    const make_up = `shop\n    work_days:\n      - {date: ${iso(TODAY)}, reason: 春节}`;
    await serving({ calendar: make_up, templates: directory }, async () => {
        const openid = await streak_of(5, 1);
        await hears(openid, '签到', /春节调休，今天上班/);
        assert.equal((await learner(openid)).st, '6');
    });
});

test('the day before a holiday', () =>
    serving({ calendar: days_off({ date: iso(TODAY + 1), to: iso(TODAY + 3), reason: '春节' }) }, async () => {
        const content = await hears(await streak_of(5, 1), '签到', /明天起放假（春节）/, /连续 6 天/);
        assert.ok(content.includes(named(TODAY + 4)), content);
    }));

test('who is not bound: earns nothing, reads no course, and is told how to', async () => {
    const directory = templates({ 'starter/rules.yaml': rules => rules
        .replace(/^unbound: .*$/m, 'unbound: {earn: false, courses: false, boards: true}') });
    await serving({ templates: directory }, async () => {
        const openid = somebody();
        const followed = await deliver(demo, event(demo, openid, 'subscribe'));
        assert.match(followed.content, tells('绑定'));
        assert.doesNotMatch(followed.content, /0 分/);
        await hears(openid, '今日课程', tells('绑定'));
        await hears(openid, '签到', /没有加分/);
        await hears(openid, '积分明细', /每日签到 没加分\n↳ 绑好工号/, tells('绑定'));
        const file = path.join(variable, 'roster2.csv');
        fs.writeFileSync(file, '工号,姓名,部门,手机\r\n10086,欧阳娜娜,公司/市场部,1234\r\n10090,王五,公司/市场部,7777\r\n');
        assert.equal((await day21('roster', 'import', 'demo', file, '--apply')).status, 0);
        await hears(openid, '绑定 10090 7777', /王五/);
        assert.match((await say(demo, openid, '今日课程')).plain, /\/h5\/demo\/course\//);
    });
});

test('reasons as long as can be: the lines that fit, the newest first', async () => {
    const directory = templates({ 'starter/rules.yaml': rules => rules
        .replaceAll('reason: 留言讨论', `reason: ${'长'.repeat(32)}`) });
    await serving({ templates: directory }, async () => {
        const lines = [1, 2, 3, 4, 5, 6].map(n => `${seconds() - n} ${n} 1000 comment total`);
        const content = await hears(await learner_with({ rc: lines.join('\n') }), '积分明细', /\+1 分/);
        assert.match(content, tells('签到|我的积分'));
    });
});

test('rules without leave, and without freezes', async () => {
    const directory = templates({ 'starter/rules.yaml': rules => rules
        .replace(/^streak: .*$/m, 'streak: {freeze_every: 7, freezes: 0, makeup_days: 3, leave_days: 0}') });
    await serving({ templates: directory }, async () => {
        await hears(somebody(), '请假', /不用请假/);
        await hears(somebody(), '请假 明天', /不用请假/);
        const openid = await streak_of(5, 2);
        assert.doesNotMatch(await hears(openid, '签到', /重新数起|今天开始/), /补签/);
        await hears(openid, '补签', /没有补签卡/);
    });
});
