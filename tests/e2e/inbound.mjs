// instance: --without serve,work,sandbox --
// What WeChat pushes besides what a learner says: scans, what nobody knows yet, and what a person
// took back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { away_from_midnight, end_all, log, redis as connect, start, until } from './lib/instance.mjs';
import { accounts, deliver, event, message, say, somebody } from './lib/wechat.mjs';

await away_from_midnight();
const redis = await connect();
await start('serve');

const { demo, plain } = accounts;
const lines = words => log('serve').split('\n').filter(line => line.includes(words));
const exists = key => redis.say('EXISTS', `{demo}:${key}`);
// WeChat's push service, in whose name it tells what a person took back.
const push_service = 'oPushService00000000000000000';
const about = (name, openid, fields = {}) =>
    event(demo, push_service, name, { OpenID: openid, AppID: demo.appid, ...fields });

test('somebody who came by a scan is a follower, welcomed as any', async () => {
    const openid = somebody(), other = somebody();
    const scanned = await deliver(demo,
        event(demo, openid, 'subscribe', { EventKey: 'qrscene_canteen', Ticket: 'T' }));
    const searched = await deliver(demo, event(demo, other, 'subscribe', { EventKey: '' }));
    assert.equal(scanned.status, 200);
    assert.notEqual(scanned.content, '');
    for (const who of [openid, other])
        assert.equal((await redis.hash(`{demo}:learner:${who}`)).xp, '5');
    assert.equal(searched.status, 200);
    const again = await deliver(demo, event(demo, openid, 'SCAN', { EventKey: 'canteen' }));
    assert.match(again.content, /签到/, 'a learner who scans is told what there is to do');
});

test('what nobody knows is answered success and named in the log once', async () => {
    const openid = somebody();
    const strange = [
        event(demo, openid, 'hatched'), event(demo, openid, 'hatched', { EventKey: 'again' }),
        event(plain, openid, 'hatched'), message(demo, openid, 'hologram', { Depth: '3' }),
        message(demo, openid, 'hologram', { Depth: '4' }),
        message(demo, openid, 'device_text', { DeviceID: 'D', Content: 'MTIz' }),
    ];
    for (const xml of strange) {
        const answer = await deliver(xml.includes(demo.original) ? demo : plain, xml);
        assert.deepEqual([answer.status, answer.body], [200, 'success']);
    }
    for (const name of ['event hatched', 'message hologram', 'message device_text'])
        assert.equal(lines(`no use for ${name},`).length, 1);
    assert.equal(await exists(`learner:${openid}`), 0);
});

test('more unknown names than a process remembers are not all named', async () => {
    const openid = somebody();
    for (let i = 0; i < 100; i++)
        await deliver(plain, event(plain, openid, `invented${i}`));
    assert.ok(lines('no use for event invented').length < 70);
    assert.equal(lines('no more will be named').length, 1);
});

test('what was revoked is erased, and nothing else', async () => {
    const openid = somebody();
    await say(demo, openid, '签到');
    await redis.say('HSET', `{demo}:profile:${openid}`, '205:nickname', 'N', '206:place', 'P',
        '201:address', 'A');
    const revoke = number => deliver(demo,
        about('user_authorization_revoke', openid, { RevokeInfo: number }));
    assert.equal((await revoke('206')).body, 'success');
    assert.deepEqual(await redis.hash(`{demo}:profile:${openid}`),
        { '205:nickname': 'N', '201:address': 'A' });
    assert.equal((await deliver(demo, about('user_info_modified', openid))).body, 'success');
    assert.deepEqual(await redis.hash(`{demo}:profile:${openid}`), { '201:address': 'A' });
    await revoke('1'); // as in WeChat's sample: no number of its own list
    assert.equal(await exists(`profile:${openid}`), 0);
    assert.equal((await redis.hash(`{demo}:learner:${openid}`)).xp, '10');
});

test('of somebody who is no more at WeChat nothing stays but the ledger', async () => {
    const openid = somebody(), other = somebody();
    await say(demo, openid, '签到');
    await say(demo, other, '签到');
    const number = await redis.say('HGET', `{demo}:learner:${openid}`, 'n');
    await redis.say('HSET', `{demo}:profile:${openid}`, '205:nickname', 'N');
    const xml = about('user_authorization_cancellation', openid);
    assert.equal((await deliver(demo, xml)).body, 'success');
    assert.deepEqual(await redis.say('KEYS', `*${openid}*`), []);
    assert.equal(await redis.say('HGET', '{demo}:who:0', number), null);
    const ledger = await redis.stream('{demo}:ledger');
    assert.ok(ledger.some(line => line.n === number), 'an account stays an account');
    assert.equal((await redis.hash(`{demo}:learner:${other}`)).xp, '10');
    assert.equal(await exists(`learner:${push_service}`), 0, 'who tells it is no learner');
    const told = lines('user_authorization_cancellation');
    assert.match(told[0], new RegExp(`openid=…${openid.slice(-6)} .*erased`));
    assert.ok(!log('serve').includes(openid));
});

test('two people who leave in one second are two', async () => {
    const people = [somebody(), somebody()];
    for (const openid of people)
        await say(demo, openid, '签到');
    await Promise.all(people.map(openid =>
        deliver(demo, about('user_authorization_cancellation', openid))));
    for (const openid of people)
        assert.equal(await exists(`learner:${openid}`), 0);
});

test('another account\'s people are none of ours', async () => {
    const openid = somebody();
    await say(demo, openid, '签到');
    const foreign = { AppID: plain.appid };
    for (const xml of [about('user_authorization_cancellation', openid, foreign),
        about('user_authorization_cancellation', 'o}:{demo', {})])
        assert.equal((await deliver(demo, xml)).body, 'success');
    assert.equal(await exists(`learner:${openid}`), 1);
    assert.equal(lines('about nobody of ours').length, 2);
});

test('while Redis stands still WeChat is asked to tell it again', async () => {
    const openid = somebody(), xml = about('user_authorization_cancellation', openid);
    await say(demo, openid, '签到');
    const redis_pid = Number((await redis.say('INFO', 'server')).match(/process_id:(\d+)/)[1]);
    process.kill(redis_pid, 'SIGSTOP');
    const failed = await deliver(demo, xml).finally(() => process.kill(redis_pid, 'SIGCONT'));
    assert.equal(failed.status, 503);
    assert.ok(lines('not erased').length > 0);
    await until(async () => (await deliver(demo, xml)).body === 'success', 'Redis is there again');
    assert.equal(await exists(`learner:${openid}`), 0);
});

test('end', async () => {
    redis.close();
    await end_all();
});
