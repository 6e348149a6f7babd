// instance: --without serve,work,sandbox --
// day21 report: people bind and check in, and the war report of the day says so, as text and as a
// picture; that of yesterday says who climbed.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { away_from_midnight, day21, end_all, redis as connect, start, variable } from './lib/instance.mjs';
import { accounts, say, somebody } from './lib/wechat.mjs';

const redis = await connect();
await start('serve');
const { demo } = accounts;
await away_from_midnight();

const roster = path.join(variable, 'roster.csv');
fs.writeFileSync(roster, ['工号,姓名,部门,手机', '1,张三,公司/华东/销售部,0001', '2,"<b>李四",公司/研发部,0002',
    '3,欧阳娜娜 👩‍👩‍👧‍👦,公司/研发部,0003'].join('\r\n'));
assert.equal((await day21('roster', 'import', 'demo', roster, '--apply')).status, 0);

const picture = path.join(variable, 'report.png');
const people = [];
for (const i of [1, 2, 3]) {
    const openid = somebody();
    await say(demo, openid, `绑定 ${i} 000${i}`);
    await say(demo, openid, '签到');
    people.push({ openid, n: await redis.say('HGET', `{demo}:learner:${openid}`, 'n') });
}
const today = Math.floor((Date.now() / 1000 + 8 * 3600) / 86400);

test('nothing has been earned on a day without anybody', async () => {
    const report = await day21('report', 'demo', 'day');
    assert.equal(report.status, 0, report.err);
    assert.match(report.out, /日战报/);
    assert.match(report.out, /榜还空着/);
});

test('the day that is now, as text', async () => {
    const { status, out, err } = await day21('report', 'demo', 'day', '--now');
    assert.equal(status, 0, err);
    assert.match(out, /一共 3 人，来了 3 人。\n/);
    assert.match(out, /\n签到　/);
    assert.doesNotMatch(out, /<|>/); // links are by their words, as there is nothing to tap
    assert.match(out, /走在前面的：\n🥇 .*　10 分\n🥈 .*　10 分\n🥉 .*　10 分\n/u); // in one second
    for (const name of ['张三', '＜b＞李四', '欧阳娜娜 👩‍👩‍👧‍👦'])
        assert.match(out, new RegExp(`. ${name}　10 分\n`, 'u'));
    assert.match(out, /部门：\n🥇 研发部　20 分，人均 10\n🥈 华东\/销售部　10 分，人均 10\n\n/u);
    for (const period of ['week', 'month'])
        assert.match((await day21('report', 'demo', period, '--now')).out, / 张三　10 分/);
});

test('as a picture, which is there whole', async () => {
    const { status, err } = await day21('report', 'demo', '--now', 'week', '--picture', picture);
    assert.equal(status, 0, err);
    assert.equal(err, '');
    const png = fs.readFileSync(picture);
    assert.equal(png.subarray(1, 4).toString(), 'PNG');
    assert.equal(png.readUInt32BE(16), 1080);
    assert.equal(png.subarray(-8, -4).toString(), 'IEND');
    assert.deepEqual(fs.readdirSync(variable).filter(name => name.startsWith('report.png')),
        ['report.png']);
});

test('yesterday, and who climbed since the day before', async () => {
    const board = back => `{demo}:board:p:d${today - back}`;
    const [one, two, three] = people.map(({ n }) => n);
    const score = points => points * 2 ** 31 + 1000;
    await redis.say('ZADD', board(2), score(30), one, score(20), two);
    await redis.say('ZADD', board(1), score(40), three, score(30), two, score(20), one);
    const { out } = await day21('report', 'demo', 'day');
    assert.match(out, /比前一天多 1 人/);
    assert.match(out, /往前冲得最猛的：\n欧阳娜娜 👩‍👩‍👧‍👦　榜外 → 第 1 名\n\n/u);
    assert.match(out, /咬得最紧的是＜b＞李四：再得 11 分，就超过欧阳娜娜/);
});

test('what cannot be understood or written is said', async () => {
    const wrong = await day21('report', 'demo', 'year');
    assert.equal(wrong.status, 2);
    assert.match(wrong.err, /^usage: .* report ACCOUNT \[day\|week\|month\]/);
    const nowhere = await day21('report', 'demo', '--picture', path.join(variable, 'no/x.png'));
    assert.equal(nowhere.status, 1);
    assert.match(nowhere.err, /no\/x\.png: No such file/);
    assert.equal((await day21('report', 'nobody')).status, 1);
});

test('end', async () => {
    redis.close();
    await end_all();
});
