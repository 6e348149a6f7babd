// instance: --set format=json --without serve,work,sandbox --
// An account whose data format is JSON: pushed JSON, in an envelope of JSON, and answered so. The
// other account goes on in XML.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from '../sandbox/driver.mjs';
import { away_from_midnight, end_all, redis as connect, start } from './lib/instance.mjs';
import { accounts, ask, deliver, message_id, query, seal, seconds, sign, somebody, text }
    from './lib/wechat.mjs';

await away_from_midnight();
const redis = await connect();
await start('serve');
const { demo, plain } = accounts;

// The answer to a push of this, opened.
async function push(fields) {
    const sealed = seal(demo, JSON.stringify({ ToUserName: demo.original, CreateTime: seconds(), ...fields }));
    const search = new URLSearchParams({ ...query(demo, sealed), openid: fields.FromUserName });
    const answer = await ask('POST', `/wx/demo?${search}`,
        JSON.stringify({ ToUserName: demo.original, Encrypt: sealed }),
        { 'content-type': 'application/json' });
    if (answer.status !== 200 || answer.body === 'success')
        return answer;
    assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8');
    const envelope = JSON.parse(answer.body);
    assert.deepEqual(Object.keys(envelope), ['Encrypt', 'MsgSignature', 'TimeStamp', 'Nonce']);
    assert.equal(envelope.MsgSignature,
        sign(demo.token, String(envelope.TimeStamp), envelope.Nonce, envelope.Encrypt));
    return { ...answer, reply: JSON.parse(open(demo, envelope.Encrypt)) };
}

const say = (openid, Content, MsgId = Number(message_id())) =>
    push({ FromUserName: openid, MsgType: 'text', Content, MsgId });

test('text in, text out', async () => {
    const openid = somebody();
    const { reply } = await say(openid, '签到');
    assert.equal(reply.ToUserName, openid);
    assert.equal(reply.FromUserName, demo.original);
    assert.equal(reply.MsgType, 'text');
    assert.equal(typeof reply.CreateTime, 'number');
    assert.match(reply.Content, /\+10/);
    assert.equal((await redis.hash(`{demo}:learner:${openid}`)).xp, '10');
});

test('an article', async () => {
    const { reply } = await say(somebody(), '今日课程');
    assert.equal(reply.MsgType, 'news');
    assert.equal(reply.ArticleCount, 1);
    assert.match(reply.Articles[0].Url, /^http/);
});

test('an event that asks for no answer', async () => {
    const answer = await push({ FromUserName: somebody(), MsgType: 'event', Event: 'unsubscribe', EventKey: '' });
    assert.deepEqual([answer.status, answer.body], [200, 'success']);
});

test('the same message again, its id a string or a number', async () => {
    const openid = somebody(), id = message_id(), CreateTime = seconds();
    const checkin = MsgId => push({ FromUserName: openid, CreateTime, MsgType: 'text', Content: '签到', MsgId });
    assert.deepEqual((await checkin(id)).reply, (await checkin(Number(id))).reply);
    assert.equal((await redis.hash(`{demo}:learner:${openid}`)).xp, '10');
});

test('XML is refused where JSON is set, and the other account speaks XML', async () => {
    const openid = somebody();
    assert.equal((await deliver(demo, text(demo, openid, '签到'))).status, 400);
    assert.match((await deliver(plain, text(plain, openid, '签到'))).content, /\+10/);
});

test('end', async () => {
    redis.close();
    await end_all();
});
