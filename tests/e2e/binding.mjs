// instance: --without serve,work,sandbox --
// Who is who: a roster is imported, people bind in chat, guess wrongly, take a second phone, unbind,
// leave the company; and the board knows their names.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { day21, end_all, log, redis as connect, start, variable } from './lib/instance.mjs';
import { accounts, deliver, say, somebody, text } from './lib/wechat.mjs';

const redis = await connect();
await start('serve');
const { demo } = accounts;

const people = [
    ['10086', '张三', '公司/销售部', '1234'], ['E-7', '欧阳娜娜', '公司/市场部', '12'],
    ['10088', '王五', '公司/市场部', ''], ['10089', '赵六', '公司/市场部', '5678'],
    ['10090', '<a>钱七', '公司', '7777'],
];

async function import_roster(list, ...options) {
    const file = path.join(variable, 'roster.csv');
    fs.writeFileSync(file, ['工号,姓名,部门,手机', ...list.map(one => one.join(','))].join('\r\n'));
    const done = await day21('roster', 'import', 'demo', file, '--apply', ...options);
    assert.equal(done.status, 0, done.err);
    return done.out;
}

async function code(number) {
    const made = await day21('roster', 'code', 'demo', number);
    assert.match(made.out, /^\d{8}\n$/, made.err);
    return made.out.trim();
}

const hears = async (openid, words, answer) => {
    const got = await say(demo, openid, words);
    assert.equal(got.status, 200, got.why);
    assert.match(got.content, answer, words);
    return got.content;
};
const employee = openid => redis.say('HGET', `{demo}:learner:${openid}`, 'e');
const number = openid => redis.say('HGET', `{demo}:learner:${openid}`, 'n');
const score = async openid => redis.say('ZSCORE', '{demo}:board:p:all', await number(openid));

const ASK = /工号/, PROOF = /后四位/, WRONG = /从工号/, LIMITED = /一个小时/, UNKNOWN = /没听懂|没学会|没琢磨明白/;

test('step by step, with a keyword in between', async () => {
    await import_roster(people);
    const openid = somebody();
    await hears(openid, '签到', /\+10/);
    await hears(openid, '绑定', ASK);
    await hears(openid, '我的积分', /分/);
    await hears(openid, '10086', PROOF);
    assert.doesNotMatch((await say(demo, openid, '排行榜')).content, /（你）|学友/);
    assert.match(await hears(openid, '1234', /张三/), /绑|认出来/);
    assert.equal(await employee(openid), '10086');
    await hears(openid, '排行榜', /张三（你）/);
    await hears(openid, '我的积分', /^张三，/);
    await hears(openid, '绑定', /张三/);
    await hears(openid, '1234', UNKNOWN);
    await hears(somebody(), '排行榜', /张三　/);
});

test('in one go, however it is written', async () => {
    for (const words of ['绑定e-7，0012', '绑定　Ｅ－７　００１２', '绑定工号：E-7 尾号：0012', '我要 绑定 E-7 0012']) {
        const openid = somebody();
        await hears(openid, words, /欧阳娜娜/);
        assert.equal(await employee(openid), 'e-7', words);
        await hears(openid, '解绑', /欧阳娜娜[^]*确认解绑/);
        await hears(openid, '确认解绑', /解好了/);
        assert.equal(await employee(openid), null);
        await hears(openid, '确认解绑', /还没有绑定/);
    }
});

test('a change of mind', async () => {
    const openid = somebody();
    await hears(openid, '取消', /没有要取消/);
    await hears(openid, '绑定', ASK);
    await hears(openid, '取消', /放一放/);
    await hears(openid, '10086', UNKNOWN);
    await hears(openid, '绑定 10089 5678', /赵六/);
    await hears(openid, '解绑', /赵六/);
    await hears(openid, '取消', /放一放/);
    await hears(openid, '确认解绑', /确认解绑/);
    assert.equal(await employee(openid), '10089');
    await hears(openid, '确认解绑', /解好了/);
});

test('wrong tries: never which half, and five an hour', async () => {
    const openid = somebody();
    for (const words of ['绑定 10089 0000', '绑定 99999 5678', '绑定 10088 0000']) {
        await hears(openid, words, WRONG);
        assert.equal(await employee(openid), null);
    }
    await hears(openid, '99998', PROOF); // a number nobody has
    await hears(openid, '5678', WRONG);
    await hears(openid, '10089 1111', WRONG);
    await hears(openid, '绑定 10089 5678', LIMITED);
    assert.equal(await employee(openid), null);
    await hears(somebody(), '绑定 10089 5678', /赵六/);
});

test('a message delivered again is one try', async () => {
    const openid = somebody();
    const wrong = text(demo, openid, '绑定 10090 0000'), right = text(demo, openid, '绑定 10090 7777');
    const first = await deliver(demo, wrong);
    await Promise.all(Array.from({ length: 6 }, async () =>
        assert.equal((await deliver(demo, wrong)).plain, first.plain)));
    assert.equal(await redis.say('GET', `{demo}:tries:learner:${openid}`), '1');
    const bound = await deliver(demo, right);
    assert.match(bound.content, /＜a＞钱七/); // a name is no markup
    assert.equal((await deliver(demo, right)).plain, bound.plain);
});

test('a second phone', async () => {
    const old = somebody(), fresh = somebody();
    await hears(old, '签到', /\+10/);
    await hears(old, `绑定 10088 ${await code('10088')}`, /王五/);
    const used = await code('10088');
    await hears(fresh, `绑定 10088 ${used}`, /王五[^]*换到这个微信/);
    await hears(fresh, '签到', /今天|一天一次|签过啦/); // done on the old one
    await hears(fresh, '我的积分', /^王五，[^]*每日签到/);
    await hears(fresh, '排行榜', /王五（你）/);
    assert.equal((await redis.hash(`{demo}:learner:${fresh}`)).xp, '10');
    assert.equal(await employee(old), null);
    assert.equal(await employee(fresh), '10088');
    await hears(somebody(), `绑定 10088 ${used}`, WRONG); // good once
    assert.equal(await score(old), null);
    // The tail, which colleagues may know, is not enough.
    await import_roster(people.map(one => (one[0] === '10088' ? [...one.slice(0, 3), '2468'] : one)));
    const thief = somebody();
    await hears(thief, '绑定 10088 2468', /另一个微信[^]*一次性验证码/);
    assert.equal(await employee(fresh), '10088');
});

test('a leaver', async () => {
    const [openid] = (await redis.say('HGET', '{demo}:employee:10086', 'u')).split(' ');
    const points = (await redis.hash(`{demo}:learner:${openid}`)).xp;
    const file = path.join(variable, 'roster.csv');
    assert.match(await import_roster(people.filter(([number]) => number !== '10086')),
        /leavers: 1 of 5\n {2}10086 张三, no longer in the file\n/);
    assert.ok(fs.existsSync(file));
    assert.equal(await employee(openid), null);
    assert.equal(await score(openid), null);
    assert.equal((await redis.hash(`{demo}:learner:${openid}`)).xp, points);
    const own = await number(openid);
    assert.ok((await redis.stream('{demo}:ledger')).some(line => line.n === own));
    await hears(openid, '绑定 10086 1234', WRONG);
    await hears(openid, '我的积分', /分/);
    assert.doesNotMatch((await say(demo, somebody(), '排行榜')).content, /张三/);
    assert.match((await day21('roster', 'code', 'demo', '10086')).err, /has left/);
    await import_roster(people);
    await hears(openid, '绑定 10086 1234', /张三/);
    await hears(openid, '排行榜', /张三（你）/);
});

test('what was typed is in no log', () => {
    assert.doesNotMatch(log('serve'), /10086|1234|张三/);
});

test('end', async () => {
    redis.close();
    await end_all();
});
