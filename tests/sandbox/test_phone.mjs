// The phone: what people do, what reaches the bot, and what is shown of its answer.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { accounts, element, envelope, open, reply, Sandbox, seal, sign, text } from './driver.mjs';

const notice = '该公众号提供的服务出现故障，请稍后再试';
let sandbox;

before(async () => { sandbox = await Sandbox.start(); });
after(() => sandbox.end());
afterEach(() => {
    sandbox.bot.answers = () => 'success';
    sandbox.bot.pushes.length = 0;
});

// Someone who follows, of whom nothing has been pushed yet.
async function follower(name, index) {
    const person = await sandbox.person(name, index);
    if (!(await person.feed()).following) {
        await person.act('follow');
        await sandbox.until(() => sandbox.bot.pushes.length);
    }
    sandbox.bot.pushes.length = 0;
    person.seen = (await person.feed()).seq;
    return person;
}

describe('who is there', () => {
    test('every account has six people with names and openids of its own', async () => {
        const state = await sandbox.page('GET', 'state');
        assert.deepEqual(state.accounts.map(account => [account.name, account.mode]),
            [['demo', 'safe'], ['plain', 'plain'], ['both', 'compatible']]);
        const people = state.accounts.flatMap(account => account.people);
        assert.equal(people.length, 18);
        assert.equal(new Set(people.map(person => person.openid)).size, 18);
        for (const person of people)
            assert.match(person.openid, /^o[A-Za-z0-9_-]{27}$/);
        assert.equal(people[0].name, '林晓雨');
        assert.equal(people[0].following, false);
    });

    test('unknown accounts, people, routes and bad bodies are refused in words', async () => {
        const { openid } = await sandbox.person();
        for (const [status, method, route, body] of [
            [404, 'GET', `feed?account=nobody&openid=${openid}`],
            [404, 'GET', 'feed?account=demo&openid=oNobody'],
            [404, 'GET', 'nothing'],
            [405, 'POST', 'state', {}],
            [400, 'POST', 'act', []],
            [400, 'POST', 'act', { account: 'demo', openid, type: 'dance' }],
            [404, 'GET', 'raw?seq=999999'],
        ])
            assert.ok((await sandbox.page(method, route, body, status)).error);
    });
});

describe('a push', () => {
    test('in plain mode is signed and says who wrote what', async () => {
        const person = await follower('plain', 0);
        await person.act('text', { content: '签到]]>签到' });
        const [push] = await sandbox.until(() => sandbox.bot.pushes.length && sandbox.bot.pushes);
        const { signature, timestamp, nonce, openid, ...rest } = push.query;
        assert.equal(signature, sign(accounts.plain.token, timestamp, nonce));
        assert.ok(Math.abs(timestamp - Date.now() / 1000) < 60);
        assert.equal(openid, person.openid);
        assert.deepEqual(rest, {});
        assert.match(push.type, /^text\/xml/);
        assert.equal(element(push.body, 'FromUserName'), person.openid);
        assert.equal(element(push.body, 'ToUserName'), accounts.plain.original);
        assert.equal(element(push.body, 'MsgType'), 'text');
        assert.match(push.body,
            /<Content><!\[CDATA\[签到\]\]\]\]><!\[CDATA\[>签到\]\]><\/Content>/);
        assert.match(element(push.body, 'MsgId'), /^[0-9]{17,20}$/);
    });

    test('in safe mode shows nothing but its recipient outside the envelope', async () => {
        const person = await follower('demo', 0);
        await person.act('text', { content: '你好' });
        const [push] = await sandbox.until(() => sandbox.bot.pushes.length && sandbox.bot.pushes);
        const { signature, timestamp, nonce, encrypt_type, msg_signature } = push.query;
        assert.equal(encrypt_type, 'aes');
        assert.equal(signature, sign(accounts.demo.token, timestamp, nonce));
        assert.equal(msg_signature, sign(accounts.demo.token, timestamp, nonce, push.sealed));
        assert.equal(element(push.body, 'FromUserName'), undefined);
        assert.equal(element(push.body, 'ToUserName'), accounts.demo.original);
        assert.equal(element(push.plain, 'Content'), '你好');
    });

    test('in compatible mode carries both', async () => {
        const person = await follower('both', 0);
        await person.act('text', { content: '你好' });
        const [push] = await sandbox.until(() => sandbox.bot.pushes.length && sandbox.bot.pushes);
        assert.equal(element(push.body, 'Content'), '你好');
        assert.equal(element(push.plain, 'Content'), '你好');
    });

    test('is the event WeChat has for each thing a person does', async () => {
        const person = await follower('plain', 1);
        for (const [type, rest, expected] of [
            ['click', { key: 'today' }, { MsgType: 'event', Event: 'CLICK', EventKey: 'today' }],
            ['view', { url: 'https://a.b/c' },
                { MsgType: 'event', Event: 'VIEW', EventKey: 'https://a.b/c' }],
            ['scan', { scene: 'lift' }, { MsgType: 'event', Event: 'SCAN', EventKey: 'lift' }],
            ['voice', { content: '签到' }, { MsgType: 'voice', Recognition: '签到' }],
            ['image', { url: 'https://a.b/c.png' },
                { MsgType: 'image', PicUrl: 'https://a.b/c.png' }],
            ['location', { content: '北京' }, { MsgType: 'location', Label: '北京' }],
            ['text', { content: '好', menuid: '7' }, { MsgType: 'text', bizmsgmenuid: '7' }],
            ['unfollow', {}, { MsgType: 'event', Event: 'unsubscribe' }],
            ['scan', { scene: 'lift' },
                { MsgType: 'event', Event: 'subscribe', EventKey: 'qrscene_lift' }],
        ]) {
            sandbox.bot.pushes.length = 0;
            await person.act(type, rest);
            const [push] = await sandbox.until(() => sandbox.bot.pushes.length && sandbox.bot.pushes);
            for (const [name, value] of Object.entries(expected))
                assert.equal(element(push.body, name), value, `${type}: ${name}`);
        }
    });

    test('is only made by someone who follows', async () => {
        const person = await sandbox.person('plain', 5);
        await person.act('text', { content: '在吗' }, 409);
        await person.act('unfollow', {}, 409);
        await person.act('follow');
        await person.act('follow', {}, 409);
        await person.act('text', { content: '' }, 400);
        assert.equal((await person.feed()).items.length, 1);
    });
});

describe('an answer', () => {
    test('of success or nothing shows nothing', async () => {
        const person = await follower('demo', 1);
        for (const body of ['success', '', ' success\n']) {
            sandbox.bot.answers = () => body;
            const seq = await person.act('text', { content: '一' });
            await sandbox.until(async () =>
                (await sandbox.page('GET', `raw?seq=${seq}`)).exchanges.length);
            assert.deepEqual((await person.feed(seq)).items, []);
        }
    });

    test('of every kind is shown', async () => {
        const person = await follower('plain', 2), { account, openid } = person;
        const news = '<ArticleCount>1</ArticleCount><Articles><item><Title>甲</Title>' +
            '<Description>乙</Description><PicUrl>http://p/</PicUrl><Url>http://u/</Url></item></Articles>';
        for (const [type, rest, expected] of [
            ['text', '<Content><![CDATA[你好 <a href="https://a.b">这里</a>]]></Content>',
                { text: '你好 <a href="https://a.b">这里</a>' }],
            ['news', news, { articles: [
                { title: '甲', description: '乙', picurl: 'http://p/', url: 'http://u/' }] }],
            ['image', '<Image><MediaId>m</MediaId></Image>', { mediaId: 'm' }],
            ['voice', '<Voice><MediaId>m</MediaId></Voice>', { mediaId: 'm' }],
            ['video', '<Video><MediaId>m</MediaId><Title>t</Title></Video>',
                { mediaId: 'm', title: 't', description: '' }],
            ['music', '<Music><ThumbMediaId>m</ThumbMediaId><HQMusicUrl>h</HQMusicUrl></Music>',
                { thumbMediaId: 'm', hqMusicUrl: 'h', musicUrl: '' }],
        ]) {
            sandbox.bot.answers = () => reply(account, openid, type, rest);
            const item = await person.says('text', { content: '来' });
            assert.equal(item.side, 'account');
            assert.equal(item.kind, type);
            for (const [name, value] of Object.entries(expected))
                assert.deepEqual(item[name], value, type);
        }
    });

    test('that is sealed is opened, its signature verified', async () => {
        const person = await follower('demo', 2), { account, openid } = person;
        sandbox.bot.answers = () => envelope(account, text(account, openid, '密文'));
        const item = await person.says('text', { content: '来' });
        assert.equal(item.text, '密文');
        const { exchanges: [exchange] } = await sandbox.page('GET', `raw?seq=${item.seq}`);
        assert.match(exchange.request.plain, /<!\[CDATA\[来\]\]>/);
        assert.equal(exchange.response.plain, text(account, openid, '密文'));
    });

    test('that WeChat would not take is the failure notice, without another attempt', async () => {
        const person = await follower('demo', 3), { account, openid } = person;
        const article = '<item><Title>t</Title></item>', box = xml => envelope(account, xml);
        const news = (count, said = count) => reply(account, openid, 'news',
            `<ArticleCount>${said}</ArticleCount><Articles>${article.repeat(count)}</Articles>`);
        const cases = {
            'garbage': '<html>502</html>',
            'neither': 'Success!',
            'a plain reply in safe mode': text(account, openid, '明文'),
            'another signature': envelope(account, text(account, openid, 'x'), { signature: '0'.repeat(40) }),
            'another key': envelope({ ...account, key: accounts.both.key }, text(account, openid, 'x')),
            'another AppID': envelope({ ...account, appid: accounts.both.appid }, text(account, openid, 'x')),
            'to somebody else': box(text(account, 'oSomebody', 'x')),
            'from somebody else': box(text(accounts.plain, openid, 'x')),
            'an empty text': box(text(account, openid, '')),
            '2049 bytes': box(text(account, openid, 'x'.repeat(2049))),
            'no such type': box(reply(account, openid, 'hologram', '')),
            'two articles after a message': box(news(2)),
            'a wrong ArticleCount': box(news(1, 3)),
            'no article': box(news(0)),
            'an image without its id': box(reply(account, openid, 'image', '<Image></Image>')),
            'a DOCTYPE': box(`<!DOCTYPE xml>${text(account, openid, 'x')}`),
            'a thing nested without end': box('<xml>' + '<a>'.repeat(40000)),
            'no time': box(text(account, openid, 'x').replace(/<CreateTime>.*<\/CreateTime>/, '')),
        };
        for (const [name, body] of Object.entries(cases)) {
            sandbox.bot.answers = () => body;
            sandbox.bot.pushes.length = 0;
            const item = await person.says('text', { content: '来' });
            assert.deepEqual([item.kind, item.side, item.text, item.attempts],
                ['failure', 'system', notice, 1], name);
            assert.ok(item.reason, name);
            assert.equal(sandbox.bot.pushes.length, 1, name);
        }
    });

    test('of 2048 bytes, or of eight articles after an event, is shown', async () => {
        const person = await follower('plain', 3), { account, openid } = person;
        sandbox.bot.answers = () => text(account, openid, '啊'.repeat(682) + 'xx');
        assert.equal((await person.says('text', { content: '来' })).kind, 'text');
        const items = '<item><Title>t</Title></item>'.repeat(8);
        sandbox.bot.answers = () => reply(account, openid, 'news',
            `<ArticleCount>8</ArticleCount><Articles>${items}</Articles>`);
        assert.equal((await person.says('click', { key: 'k' })).articles.length, 8);
    });

    test('with an entity that is no character is shown without it', async () => {
        const person = await follower('plain', 3), { account, openid } = person;
        sandbox.bot.answers = () => reply(account, openid, 'text', '<Content>a&#xD800;b&lt;</Content>');
        assert.match((await person.says('text', { content: '来' })).text, /^a\uFFFD+b<$/);
    });

    test('in compatible mode may be sealed or not', async () => {
        const person = await follower('both', 1), { account, openid } = person;
        for (const body of [text(account, openid, '明'), envelope(account, text(account, openid, '密'))]) {
            sandbox.bot.answers = () => body;
            assert.equal((await person.says('text', { content: '来' })).kind, 'text');
        }
    });

    test('to unfollowing or to opening a link is shown to nobody', async () => {
        const person = await follower('plain', 4);
        sandbox.bot.answers = () => ({ status: 200, body: text(accounts.plain, person.openid, '别走') });
        for (const [type, rest] of [['view', { url: 'https://a.b' }], ['unfollow', {}]]) {
            const seq = await person.act(type, rest);
            await sandbox.until(async () =>
                (await sandbox.page('GET', `raw?seq=${seq}`)).exchanges.length);
            assert.deepEqual((await person.feed(seq)).items, []);
        }
    });
});

async function second_answers(first) {
    const person = await follower('plain', 0), { account, openid } = person;
    sandbox.bot.answers = () => sandbox.bot.pushes.length === 1 ? first : text(account, openid, '来了');
    assert.equal((await person.says('text', { content: '在吗' })).text, '来了');
    assert.equal(sandbox.bot.pushes.length, 2);
}

describe('a bot that is silent', () => {
    let patient;
    before(async () => {
        patient = sandbox;
        sandbox = await Sandbox.start({ options: ['--wait-ms', '1500'] });
    });
    after(async () => {
        await sandbox.end();
        sandbox = patient;
    });

    test('is asked three times with one MsgId and fresh signatures, then excused', async () => {
        const person = await follower('demo', 4);
        sandbox.bot.answers = () => null;
        const item = await person.says('text', { content: '在吗' });
        assert.deepEqual([item.kind, item.text, item.attempts], ['failure', notice, 3]);
        const pushes = sandbox.bot.pushes;
        assert.equal(pushes.length, 3);
        assert.equal(new Set(pushes.map(push => push.plain)).size, 1);
        assert.equal(new Set(pushes.map(push => push.query.nonce)).size, 3);
        for (const { query, sealed } of pushes)
            assert.equal(query.msg_signature,
                sign(accounts.demo.token, query.timestamp, query.nonce, sealed));
        const { exchanges } = await sandbox.page('GET', `raw?seq=${item.re}`);
        assert.deepEqual(exchanges.map(exchange => exchange.response.status), [0, 0, 0]);
        assert.match(exchanges[2].note, /^attempt 3 of 3: /);
    });

    test('and answers the second attempt has answered', async () => {
        await second_answers(null);
    });
});

describe('a bot in trouble', () => {
    test('that answers the second attempt has answered', async () => {
        await second_answers({ status: 502, body: 'bad gateway' });
    });

    test('may lose its answer on the way', async () => {
        const person = await follower('plain', 0), { account, openid } = person;
        await sandbox.page('POST', 'fault', { account: 'plain', endpoint: 'callback', drop: true });
        sandbox.bot.answers = () => text(account, openid, `第${sandbox.bot.pushes.length}次`);
        assert.equal((await person.says('text', { content: '在吗' })).text, '第2次');
    });

    test('that cannot be reached is the failure notice too', async () => {
        const lonely = await Sandbox.start({ callback: 'http://127.0.0.1:1/wx' });
        const person = await lonely.person('plain');
        const item = await person.says('follow');
        assert.deepEqual([item.kind, item.attempts], ['failure', 3]);
        await lonely.end();
    });
});

describe('the feed', () => {
    test('waits for what comes, and only for that person', async () => {
        const person = await follower('plain', 0), other = await follower('plain', 1);
        const { seq } = await person.feed();
        let answered = false;
        const waiting = person.feed(seq, 25).then(got => { answered = true; return got; });
        await other.act('text', { content: '别人' });
        assert.equal(answered, false);
        const mine = await person.act('text', { content: '我' });
        const got = await waiting;
        assert.deepEqual(got.items.map(item => [item.seq, item.side, item.text]), [[mine, 'me', '我']]);
        assert.equal(got.seq, mine);
    });

    test('without news answers empty when its time is over', async () => {
        const person = await follower('plain', 0);
        const { seq } = await person.feed();
        assert.deepEqual(await person.feed(seq, 1),
            { seq, following: true, typing: false, menu: null, items: [] });
    });

    test('counts as unread what the account said and nobody fetched', async () => {
        const person = await follower('plain', 0), { account, openid } = person;
        const unread = async () => (await sandbox.people('plain'))[0].unread;
        await person.feed();
        assert.equal(await unread(), 0);
        sandbox.bot.answers = () => text(account, openid, '好');
        await person.act('text', { content: '一' });
        await sandbox.until(async () => await unread() === 1);
        await person.feed();
        assert.equal(await unread(), 0);
    });

    test('counts as unread what went to somebody who waited and may have gone', async () => {
        const person = await follower('plain', 0), { account, openid } = person;
        const unread = async () => (await sandbox.people('plain'))[0].unread;
        const waiting = person.feed((await person.feed()).seq, 20);
        sandbox.bot.answers = () => text(account, openid, '好');
        await person.act('text', { content: '一' });
        let { seq } = await waiting;
        await sandbox.until(async () => await unread() === 1);
        ({ seq } = await person.feed(seq));
        await person.feed(seq);
        assert.equal(await unread(), 0);
    });
});

describe('POST push', () => {
    test('sends the XML as it is, several times at once', async () => {
        const { openid } = await sandbox.person('demo');
        const xml = text(accounts.demo, openid, '重复').replace('</xml>', '<MsgId>42</MsgId></xml>');
        sandbox.bot.answers = async push => {
            await sandbox.until(() => sandbox.bot.pushes.length === 5);
            return envelope(accounts.demo, text(accounts.demo, openid, element(push.plain, 'MsgId')));
        };
        const { replies } = await sandbox.page('POST', 'push', { account: 'demo', xml, repeat: 5 });
        assert.deepEqual(replies.map(({ status, plain }) => [status, element(plain, 'Content')]),
            Array(5).fill([200, '42']));
        assert.deepEqual(sandbox.bot.pushes.map(push => push.plain), Array(5).fill(xml));
    });

    test('hands back refusals as they are', async () => {
        sandbox.bot.answers = () => ({ status: 403, body: '' });
        const { replies } = await sandbox.page('POST', 'push', { account: 'plain', xml: '<xml/>' });
        assert.deepEqual(replies, [{ status: 403, body: '' }]);
        assert.equal(sandbox.bot.pushes.length, 1);
    });
});

test('the clock can be shifted', async () => {
    const person = await follower('plain', 0);
    await sandbox.page('POST', 'clock', { offset_s: -86400 });
    await person.act('text', { content: '昨天' });
    const [push] = await sandbox.until(() => sandbox.bot.pushes.length && sandbox.bot.pushes);
    await sandbox.page('POST', 'clock', { offset_s: 0 });
    assert.ok(Math.abs(push.query.timestamp - (Date.now() / 1000 - 86400)) < 60);
    assert.ok(Math.abs(element(push.body, 'CreateTime') - (Date.now() / 1000 - 86400)) < 60);
});

describe('an account that has chosen JSON', () => {
    afterEach(async () => {
        for (const account of ['demo', 'plain', 'both'])
            await sandbox.page('POST', 'format', { account, format: 'xml' });
    });

    test('is pushed to in JSON, and answers in it', async () => {
        for (const [name, account] of Object.entries(accounts)) {
            sandbox.bot.answers = () => 'success';
            const person = await follower(name, 5);
            await sandbox.page('POST', 'format', { account: name, format: 'json' });
            sandbox.bot.answers = ({ body }) => {
                const envelope = JSON.parse(body), { mode } = account;
                const { Encrypt } = envelope;
                assert.equal(Boolean(Encrypt), mode !== 'plain');
                const plain = Encrypt ? JSON.parse(open(account, Encrypt)) : envelope;
                assert.deepEqual([plain.Content, plain.MsgType, typeof plain.CreateTime, typeof plain.MsgId],
                    ['<一>&', 'text', 'number', 'number']);
                const answer = JSON.stringify({ ToUserName: person.openid, FromUserName: account.original,
                    CreateTime: 1763700000, MsgType: 'news', ArticleCount: 1,
                    Articles: [{ Title: ']]>题', Description: '', PicUrl: '', Url: 'https://a.b' }] });
                if (mode === 'plain')
                    return answer;
                const sealed = seal(account, answer), TimeStamp = 1763700000, Nonce = '42';
                return JSON.stringify({ Encrypt: sealed, TimeStamp, Nonce,
                    MsgSignature: sign(account.token, String(TimeStamp), Nonce, sealed) });
            };
            const item = await person.says('text', { content: '<一>&' });
            assert.deepEqual([item.kind, item.reason, item.articles?.[0].title], ['news', undefined, ']]>题']);
        }
    });
});
