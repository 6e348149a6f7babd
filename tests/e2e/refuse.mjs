// instance: --without serve,work,sandbox --
// What is not WeChat's is refused: 403 or 400 without a word outside, one line in the log without
// secrets, and nothing in Redis changes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { end_all, log, redis as connect, start, until } from './lib/instance.mjs';
import { accounts, ask, element, event, query, say, seal, seconds, sign, somebody, text }
    from './lib/wechat.mjs';

const redis = await connect(), serve = await start('serve');
const { demo, plain } = accounts, openid = somebody();
await say(demo, openid, '签到');
await say(plain, openid, '签到');

const search = pairs => new URLSearchParams(pairs).toString();
const post = (account, pairs, body, headers) =>
    ask('POST', `/wx/${account.name}?${typeof pairs === 'string' ? pairs : search(pairs)}`, body, headers);
const envelope = sealed => `<xml><Encrypt><![CDATA[${sealed}]]></Encrypt></xml>`;

// A push of `sealed`, signed as it should be.
const push = (sealed, bend = pairs => pairs) =>
    post(demo, bend(query(demo, sealed)), envelope(sealed));
const push_xml = (xml, account = demo) => account.key ? push(seal(account, xml))
    : post(account, query(account), xml);

const checkin = (account = demo) => text(account, openid, '签到');
const without = name => pairs => Object.fromEntries(Object.entries(pairs).filter(([key]) => key !== name));
const deep = levels => text(demo, openid, '签到').replace('</xml>',
    `${'<a>'.repeat(levels)}${'</a>'.repeat(levels)}</xml>`);

// what, status, words of the log line, the request
const refusals = [
    ['GET check with a wrong signature', 403, 'signature', () =>
        ask('GET', `/wx/demo?${search({ ...query(demo), echostr: '42', signature: '0'.repeat(40) })}`)],
    ['GET check signed with another account\'s token', 403, 'signature', () =>
        ask('GET', `/wx/demo?${search({ ...query(plain), echostr: '42' })}`)],
    ['GET check without echostr', 400, 'query', () => ask('GET', `/wx/demo?${search(query(demo))}`)],
    ['GET check with markup for an echo', 400, 'query', () =>
        ask('GET', `/wx/demo?${search({ ...query(demo), echostr: '<script>' })}`)],
    ['PUT', 400, 'neither GET nor POST', () => ask('PUT', `/wx/plain?${search(query(plain))}`, checkin(plain))],
    ['no query at all', 400, 'query', () => post(plain, '', checkin(plain))],
    ['no signature', 400, 'query', () => post(plain, without('signature')(query(plain)), checkin(plain))],
    ['no timestamp', 400, 'query', () => post(plain, without('timestamp')(query(plain)), checkin(plain))],
    ['two signatures', 400, 'query', () => post(plain,
        `${search(query(plain))}&signature=${'0'.repeat(40)}`, checkin(plain))],
    ['plain mode, a wrong signature', 403, 'signature', () =>
        post(plain, { ...query(plain), signature: sign('sometoken', '1', '2') }, checkin(plain))],
    ['plain mode, no body', 400, 'empty', () => post(plain, query(plain), '')],
    ['plain mode, a body for somebody else', 403, 'ToUserName', () => push_xml(checkin(demo), plain)],
    ['safe mode, msg_signature missing', 400, 'query', () => push(seal(demo, checkin()),
        without('msg_signature'))],
    ['safe mode, msg_signature of another body', 403, 'signature', () => push(seal(demo, checkin()),
        pairs => ({ ...pairs, msg_signature: query(demo, seal(demo, checkin())).msg_signature }))],
    ['safe mode, a signature of the query alone', 403, 'signature', () => push(seal(demo, checkin()),
        pairs => ({ ...pairs, msg_signature: pairs.signature }))],
    ['safe mode, a plain body', 403, 'plain body', () => post(demo, query(demo), checkin())],
    ['safe mode, a plain body that asks for encrypt_type=raw', 403, 'plain body', () =>
        post(demo, { ...query(demo), encrypt_type: 'raw' }, checkin())],
    ['safe mode, no body', 400, 'empty', () => post(demo, query(demo, 'x'), '')],
    ['safe mode, ciphertext of odd length', 403, 'ciphertext', () => push(seal(demo, checkin()).slice(0, -24))],
    ['safe mode, nothing encrypted', 403, 'ciphertext', () => push('AAAA')],
    ['safe mode, no base64', 403, 'ciphertext', () => push('%%%%')],
    ['safe mode, sealed with another key', 403, 'ciphertext', () =>
        push(seal({ ...demo, key: 'GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba' }, checkin()))],
    ['safe mode, another account\'s AppID', 403, 'another AppID', () =>
        push(seal({ ...demo, appid: plain.appid }, checkin()))],
    ['safe mode, sealed for another original id', 403, 'ToUserName', () => push_xml(checkin(plain))],
    ['a time too old', 403, 'time', () => post(plain, query(plain, null,
        { timestamp: String(seconds() - 700) }), checkin(plain))],
    ['a time to come', 403, 'time', () => post(plain, query(plain, null,
        { timestamp: String(seconds() + 700) }), checkin(plain))],
    ['a time that is no number', 400, 'query', () => post(plain, query(plain, null,
        { timestamp: '17e8' }), checkin(plain))],
    ['a DOCTYPE', 400, 'DOCTYPE', () => push_xml(`<!DOCTYPE xml [<!ENTITY a "签到">]>${checkin()}`)],
    ['a DOCTYPE outside the envelope', 400, 'DOCTYPE', () => {
        const sealed = seal(demo, checkin());
        return post(demo, query(demo, sealed), `<!DOCTYPE xml>${envelope(sealed)}`);
    }],
    ['too deep', 400, 'larger|XML', () => push_xml(deep(20))],
    ['too many elements', 400, 'larger|XML', () => push_xml(checkin().replace('</xml>', `${'<a/>'.repeat(600)}</xml>`))],
    ['no XML', 400, 'not the XML', () => push_xml('{"MsgType":"text"}')],
    ['half an XML', 400, 'not the XML', () => push_xml(checkin().slice(0, -10))],
    ['no sender', 400, 'field', () => push_xml(checkin().replace(/<FromUserName>.*<\/FromUserName>/, ''))],
    ['a sender that would be two keys', 400, 'field', () =>
        push_xml(checkin().replace(openid, `x:${openid.slice(2)}`))],
    ['no time', 400, 'field', () => push_xml(checkin().replace(/<CreateTime>.*<\/CreateTime>/, ''))],
    ['an id that is none', 400, 'field', () => push_xml(checkin().replace(/(<MsgId>).*(<\/MsgId>)/, '$1abc$2'))],
];

// Whatever must never be seen: outside, or in a log.
const secrets = [demo.token, plain.token, demo.key, openid, demo.appid];

const lines = () => log('serve').split('\n').filter(Boolean);

test('what is right is let in', async () => {
    const answer = await ask('GET', `/wx/demo?${search({ ...query(demo), echostr: '4711' })}`);
    assert.deepEqual([answer.status, answer.body], [200, '4711']);
    assert.equal((await push_xml(checkin())).status, 200);
    assert.equal((await push_xml(checkin(plain), plain)).status, 200);
});

for (const [what, status, words, request] of refusals)
    test(`refused: ${what}`, async () => {
        const before = await redis.everything(), said = lines().length;
        const answer = await request();
        assert.equal(answer.status, status, answer.body || answer.why);
        assert.equal(answer.body, '');
        assert.equal(await redis.everything(), before, 'Redis holds what it held');
        const told = await until(() => lines().length > said && lines().slice(said), 'a line in the log');
        assert.equal(told.length, 1, told.join('\n'));
        assert.match(told[0], /^\S+ warn serve: account=(demo|plain) request=\d+ refused: [a-z]/i);
        assert.match(told[0], new RegExp(words, 'i'));
    });

test('refused: a body of more than 64 KiB', async () => {
    const before = await redis.everything();
    const answer = await post(plain, query(plain), checkin(plain).replace('签到', '签'.repeat(30000)));
    assert.equal(answer.status, 413);
    assert.equal(await redis.everything(), before);
});

test('an account that is not there is not found', async () => {
    for (const path of ['/wx/', '/wx/nobody', '/wx/demo/', '/wx/demo/x', '/wx/DEMO', '/wx/demo%00']) {
        const answer = await ask('POST', `${path}?${search(query(demo))}`, checkin());
        assert.ok([400, 404].includes(answer.status), `${path}: ${answer.status}`);
        assert.doesNotMatch(answer.body, /serve|redis|day21/i);
    }
});

test('no secret stands in the log, no openid in full', () => {
    for (const secret of secrets)
        assert.ok(!log('serve').includes(secret), `the log holds ${secret}`);
});

test('and it still works', async () => {
    const answer = await say(demo, openid, '我的积分');
    assert.equal(answer.status, 200);
    assert.match(answer.content, /10 分/);
});

test('end', async () => {
    redis.close();
    await end_all();
});
