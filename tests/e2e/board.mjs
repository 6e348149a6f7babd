// instance: --without serve,work,sandbox --
// The boards, over the wire: top, neighbours and gap; the boards beside each other, by their links;
// departments as a tree; who is left out; what an operator may choose; and what is over.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { away_from_midnight, day21, end_all, redis as connect, start, until, variable } from './lib/instance.mjs';
import { accounts, deliver, say, seconds, somebody, text } from './lib/wechat.mjs';

await away_from_midnight(180);
const redis = await connect();
let serve = await start('serve');
const { demo } = accounts;

const departments = ['公司/销售部/华东', '公司/销售部/华东', '公司/销售部/华南', '公司/市场部', '公司/市场部',
    '公司/技术部/平台', '公司/技术部/平台', '公司/技术部/应用', '公司/人事部', '公司'];
const names = ['沈知夏', '陆远', '江听雨', '欧阳若水', '何田田', '白一舟', '叶知秋', '方小满', '苏念', '唐果'];
const people = names.map((name, i) => ({ number: String(3001 + i), name, department: departments[i], openid: somebody() }));
const [first, , third, , fifth, , , , ninth, last] = people;
const begun = seconds();

const hears = async (openid, words, ...answers) => {
    const got = await say(demo, openid, words);
    assert.equal(got.status, 200, got.why);
    for (const answer of answers)
        assert.match(got.content, answer, words);
    assert.ok(Buffer.byteLength(got.content) <= 2048, `${words}: ${Buffer.byteLength(got.content)} bytes`);
    return got.content;
};
const links = said => [...said.matchAll(/msgmenucontent=([^&]+)&/g)].map(([, word]) => word);
const list = said => said.split('\n').filter(line => /^\d+\. |^……/.test(line));

test('a company of ten', async () => {
    const file = path.join(variable, 'roster.csv');
    fs.writeFileSync(file, ['工号,姓名,部门,手机',
        ...people.map(one => `${one.number},${one.name},${one.department},1234`)].join('\n'));
    assert.equal((await day21('roster', 'import', 'demo', file, '--apply')).status, 0);
});

test('nobody yet', async () => {
    for (const words of ['排行榜', '部门榜', '战队月榜'])
        assert.deepEqual(list(await hears(somebody(), words, /空着|没有名字/, /绑定/)), []);
});

test('the top, me, those beside me, and how far it is', async () => {
    for (const [i, one] of people.entries()) {
        await hears(one.openid, `绑定 ${one.number} 1234`, /绑/);
        assert.match((await say(demo, one.openid, '签到', { time: begun - 100 + i })).content, /\+10/);
    }
    const said = await hears(ninth.openid, '排行榜', /^【个人周榜】10 人在榜/, /你第 9 名，10 分。/, /[^0-9]1 分/);
    assert.deepEqual(list(said).map(line => line.replace(/　.*/, '')), ['1. 沈知夏', '2. 陆远', '3. 江听雨',
        '4. 欧阳若水', '5. 何田田', '……', '7. 叶知秋', '8. 方小满', '9. 苏念（你）', '10. 唐果']
        .filter(line => line !== '……' || said.includes('……')));
    assert.match(await hears(first.openid, '周榜', /你第 1 名/), /前面没有人|领跑/);
    const repeated = text(demo, third.openid, '总榜');
    assert.equal((await deliver(demo, repeated)).plain, (await deliver(demo, repeated)).plain);
});

test('every link leads to the board it names', async () => {
    const seen = new Set(['排行榜']);
    const walk = async word => {
        const said = await hears(first.openid, word);
        if (/榜$/.test(word) && word !== '排行榜')
            assert.ok(said.startsWith(`【${word}`), `${word}: ${said}`);
        for (const next of links(said).filter(one => one.endsWith('榜') && !seen.has(one))) {
            seen.add(next);
            await walk(next);
        }
    };
    await walk('排行榜');
    for (const word of ['个人日榜', '个人月榜', '个人总榜', '战队周榜', '部门周榜', '部门人均周榜', '上级部门总榜'])
        assert.ok(seen.has(word), `no link to ${word}`);
});

test('departments, level by level', async () => {
    const rows = async (one, words, ...answers) => list(await hears(one.openid, words, ...answers));
    assert.deepEqual(await rows(first, '部门榜', /^【部门周榜·销售部】\n共 2 个部门/, /你们部门第 1/),
        ['1. 华东　20 分 · 2 人 👈', '2. 华南　10 分 · 1 人']);
    assert.deepEqual(await rows(first, '上级部门周榜', /^【上级部门周榜·公司】\n共 4 个部门/, /你们部门第 1/),
        ['1. 销售部　30 分 · 3 人 👈', '2. 技术部　30 分 · 3 人', '3. 市场部　20 分 · 2 人', '4. 人事部　10 分 · 1 人']);
    assert.deepEqual(await rows(fifth, '本月部门排行', /你们部门第 3/, /[^0-9]11 分/), ['1. 销售部　30 分 · 3 人',
        '2. 技术部　30 分 · 3 人', '3. 市场部　20 分 · 2 人 👈', '4. 人事部　10 分 · 1 人']);
    assert.match((await rows(ninth, '部门人均周榜'))[3], /^4\. 人事部　人均 10 · 1 人 👈$/);
    await hears(last.openid, '部门周榜', /·公司】\n共 4 个部门/, /不在这一层/);
    await hears(somebody(), '部门周榜', /·公司】\n共 4 个部门/, /绑定/);
});

test('who has left the boards, and comes back', async () => {
    await hears(third.openid, '退出排行', /参加排行/);
    await hears(third.openid, '退出排行榜', /不在榜上/);
    await hears(third.openid, '周榜', /^【个人周榜】9 人在榜/, /退出了排行/);
    assert.doesNotMatch(await hears(first.openid, '日榜'), /江听雨/);
    await hears(third.openid, '部门周榜', /华南　10 分/);
    await hears(third.openid, '参加排行', /积分都算数|一分没少/);
    await hears(third.openid, '我要加入排行榜', /一直都在/);
    await hears(third.openid, '周榜', /3\. 江听雨（你）/);
    await hears(somebody(), '参加排行', /绑定/);
    await hears(last.openid, '解绑');
    await hears(last.openid, '确认解绑', /解好了/);
    await hears(last.openid, '总榜', /9 人在榜/, /绑定/);
    await hears(last.openid, `绑定 ${last.number} 1234`, /唐果/);
    await hears(last.openid, '总榜', /唐果（你）/);
});

test('others without names, and nothing for who is not bound, if the account asks for it', async () => {
    const templates = path.join(variable, 'templates'), rules = path.join(templates, 'starter/rules.yaml');
    fs.cpSync('templates', templates, { recursive: true });
    fs.writeFileSync(rules, fs.readFileSync(rules, 'utf8').replace('names: real', 'names: anonymous')
        .replace(/^unbound: .*$/m, 'unbound: {earn: true, courses: true, boards: false}'));
    await serve.end();
    serve = await start('serve', { templates });
    const said = await hears(third.openid, '排行榜', /3\. 江听雨（你）/, /1\. 学友 \d{4}　/);
    assert.doesNotMatch(said, /沈知夏|陆远/);
    await hears(third.openid, '部门周榜', /华南/);
    assert.doesNotMatch(await hears(somebody(), '排行榜', /绑定/), /学友|江听雨/);
});

test('what is over keeps its first hundred', async () => {
    const day = Math.floor((Date.now() / 1000 + 8 * 3600) / 86400), week = Math.floor((day + 3) / 7);
    const over = [`{demo}:board:p:d${day - 1}`, `{demo}:board:p:w${week - 1}`], now = `{demo}:board:p:w${week}`;
    assert.equal(await redis.say('ZCARD', now), 10);
    for (const board of over)
        await redis.say('ZADD', board, ...Array.from({ length: 300 }, (_, i) => [i + 1, 1000 + i]).flat());
    await start('work');
    for (const board of over) {
        await until(async () => await redis.say('ZCARD', board) === 100, `${board} is trimmed`);
        assert.equal(await redis.say('ZSCORE', board, '1299'), '300');
    }
    assert.equal(await redis.say('ZCARD', now), 10);
    await hears(third.openid, '昨日榜', /100 人在榜/, /前 100 名/);
});

test('end', async () => {
    redis.close();
    await end_all();
});
