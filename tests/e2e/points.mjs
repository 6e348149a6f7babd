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
        await hears(openid, '签到', /\+10 分，\+1 金币/);
        const third = await streak_of(2, 1);
        await hears(third, '签到', /\+15 分，\+3 金币/, /🌱 (第 3 天|三天了)/);
        for (const [day, points] of [[7, 30], [14, 40]])
            await hears(await streak_of(day - 1, 1), '签到', new RegExp(`\\+${points} 分`), /[🌿🌳] (满|第) \d+ 天/u);
    });

    test('我的积分: coins, streak, freezes, and a reversal reads as such', async () => {
        const openid = await streak_of(4, 1, { fz: 2, xp: 25, co: 3, lv: 2,
            rc: ['-5 -1 reverse', '0 -2 spend:draw', '10 1 checkin']
                .map(line => `${seconds().toString(36)} ${line}`).join('\n') });
        const content = await hears(openid, '我的积分', /25 分，3 金币/, /Lv\.2/, /连续签到 4 天，补签卡 2 张/,
            /-5 分，-1 金币　更正先前的一笔/, /　-2 金币　用掉金币/, /\+10 分，\+1 金币　每日签到/, tells('积分明细'));
        assert.doesNotMatch(content, /\+-/);
        await hears(await learner_with({}), '我的积分', tells('签到'));
    });

    test('积分明细 says why not, and why less', async () => {
        const at = seconds().toString(36);
        const lines = {
            [`${at} 0 0 watch once`]: /没加分　读完一节课\n　↳ 同一份只算一次/,
            [`${at} 0 0 checkin_3 once`]: /签到满 3 天\n　↳ 这一份只给一次，之前已经领过了\n/,
            [`${at} 0 0 comment day`]: /没加分　留言讨论\n　↳ 这一项一天最多 16 分/,
            [`${at} 0 0 comment week`]: /这一项一周最多 60 分/,
            [`${at} 0 0 comment subject`]: /同一处的分得满了/,
            [`${at} 0 0 comment total`]: /一天一共最多 120 分/,
            [`${at} 0 0 comment cool`]: /挨得太近/,
            [`${at} 0 0 comment short`]: /写满 10 个字/,
            [`${at} 0 0 watch short`]: /看到 80% 才算读完/,
            [`${at} 0 0 checkin unbound`]: tells('绑定'),
            [`${at} 0 0 vanished day`]: /没加分　以前的一项活动\n　↳ 按当时的规则/,
            [`${at} 0 0 checkin day`]: /按当时的规则/, // which has no such cap any more
            [`${at} 2 0 comment day`]: /\+2 分　留言讨论\n　↳ .*只剩这些/,
            [`${at} 2 1 case week`]: /\+2 分，\+1 金币　案例讨论\n　↳ .*一周最多 160 分/,
            [`${at} 3 0 checkin total`]: /\+3 分　每日签到\n　↳ .*一共最多 120 分/,
            [`${at} 10 1 checkin`]: /\+10 分，\+1 金币　每日签到\n/,
        };
        for (const [line, pattern] of Object.entries(lines))
            await hears(await learner_with({ rc: line }), '积分明细', pattern, /金币/);
        const many = Object.keys(lines).slice(0, 5);
        const content = await hears(await learner_with({ rc: many.join('\n') }), '为什么没加分');
        assert.equal(content.match(/没加分/g).length, 5);
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
        await hears(openid, '签到', /第 1 天|第 1 个/, /连续 8 天/, tells('补签'));
        await hears(openid, '签到', /连续 1 天/, /连续 8 天/, tells('补签')); // again: still to be mended
        const ask = text(demo, openid, '补签'), first = await deliver(demo, ask);
        assert.match(first.content, /连续 8 天/);
        assert.equal((await deliver(demo, ask)).content, first.content);
        const now = await learner(openid);
        assert.deepEqual([now.st, now.fz], ['8', '0']);
        await hears(openid, '补签', /连续 8 天/, /没有/);
    });

    test('too few freezes, none, or too long ago', async () => {
        const few = await streak_of(5, 3, { fz: 1 });
        await hears(few, '补签', /漏了 2 个工作日，补签卡只有 1 张/, /每满 7 天/, tells('签到'));
        await hears(few, '签到', /漏了 2 个工作日，补签卡有 1 张/, /每满 7 天/);
        assert.equal((await learner(few)).fz, '1');
        const none = await streak_of(5, 2);
        await hears(none, '补签', /手里还没有补签卡/, /每满 7 天/);
        await hears(none, '签到', /漏了 1 个工作日，手里没有补签卡/);
        const late = await streak_of(5, 9, { fz: 2 });
        await hears(late, '补签', /3 个工作日以内/);
        const back = await hears(late, '签到', /第 1 天|第 1 个/);
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
        assert.match(first.content, /欧阳娜娜\n\d+ 年 \d+ 月 \d+ 日，\n在「21天学习派」走完了 21 天。\n至今签到 21 天，攒下 370 分/);
        assert.ok(first.content.includes(on), first.content);
        assert.ok(Buffer.byteLength(first.content) <= 2048);
        assert.equal((await deliver(demo, ask)).content, first.content);
        await hears(openid, '证书', /欧阳娜娜\n/, new RegExp(on));
        assert.equal((await learner(openid)).f, `${TODAY}`);
        await redis.say('HSET', key(openid), 'f', TODAY - 400); // it bears the day of the 21st check-in
        const then = date(TODAY - 400);
        await hears(openid, '证书', new RegExp(`${then.getUTCFullYear()} 年 ${then.getUTCMonth() + 1} 月 ${then.getUTCDate()} 日，`));
        await hears(await learner_with({ ci: 30 }), '证书', /学友 \d{4}\n/, /签到 30 天/);
        await hears(openid, '签到', /第 21 天|完成|盖好/); // again, no second certificate
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
            await hears(somebody(), '请假 11天', /最多请 10/), await hears(somebody(), '请假 2099-01-01', /有点远/),
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
        await hears(openid, `请假 ${chinese(TODAY + 2)} 到 ${chinese(TODAY + 11)}`, /一共 11 个工作日/,
            /最多请 10 个/, new RegExp(`${named(TODAY + 1)}.*${named(TODAY + 11)}`), /签到/, tells('销假'));
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
        await hears(somebody(), '取消请假', tells('签到'));
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
        await hears(openid, '签到', /\+10 分/, /今天休息（国庆节）/, /第 6 天|6 天/, /连续签到 5 天，补签卡 1 张/);
        assert.deepEqual([(await learner(openid)).st, (await learner(openid)).ci], ['5', '6']);
        await hears(openid, '签到', /今天休息（国庆节）/, /连续签到 5 天/);
        await hears(somebody(), '签到', /今天休息（国庆节）/, /从下个工作日数起/);
        await hears(openid, '请假 今天', /本来就休息/, tells(`请假${chinese(TODAY + 1)}`));
        const content = await hears(openid, '请假 3天', /./);
        assert.ok(content.includes(named(TODAY + 1)) && content.includes(named(TODAY + 3)), content);
    }));

test('a weekend; and a make-up day, which counts', async () => {
    const directory = today_is_weekend();
    await serving({ calendar: 'shop', templates: directory }, async () => {
        const openid = await streak_of(5, 1);
        const content = await hears(openid, '签到', /今天是休息日/, /连续签到 5 天/);
        assert.doesNotMatch(content, /（/);
        const broken = await streak_of(5, 3, { fz: 2 }); // two working days missed before the weekend
        await hears(broken, '签到', /连续 5 天/, tells('补签'));
        await hears(broken, '补签', /连续 5 天/);
        assert.deepEqual([(await learner(broken)).st, (await learner(broken)).fz], ['5', '0']);
    });
    const make_up = `shop\n    work_days:\n      - {date: ${iso(TODAY)}, reason: 春节}`;
    await serving({ calendar: make_up, templates: directory }, async () => {
        const openid = await streak_of(5, 1);
        await hears(openid, '签到', /调休上班（春节）/);
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
        await hears(openid, '积分明细', /没加分　每日签到\n　↳ 绑好工号/, tells('绑定'));
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
        assert.doesNotMatch(await hears(openid, '签到', /第 1/), /补签/);
        await hears(openid, '补签', /没有补签卡/);
    });
});
