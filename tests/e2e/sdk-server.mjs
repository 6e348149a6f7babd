// instance: --without serve,work,sandbox --
// Another server in our place behind the sandbox: npm `wechat`, in safe and in plain mode. What it
// reads of the sandbox's messages and what the sandbox shows of its replies is WeChat's protocol as
// strangers understand it, so that sandbox and day21 do not merely agree with each other.

import assert from 'node:assert/strict';
import http from 'node:http';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { end_all, start } from './lib/instance.mjs';
import * as sandbox from './lib/sandbox.mjs';
import { accounts } from './lib/wechat.mjs';

const wechat = createRequire(import.meta.url)('wechat');

const heard = []; // what the server has read, newest last
const article = { title: '今日课程', description: '两分钟', picurl: 'https://a.example/1.png', url: 'https://a.example/1' };
const answers = {
    文字: '收到 <b> & "引号" ]] > 😀', // not "]]>": wechat 2.1.0 breaks its own XML with that
    空: '',
    图文: [article],
    图片: { type: 'image', content: { mediaId: 'MEDIA-1' } },
    语音: { type: 'voice', content: { mediaId: 'MEDIA-2' } },
    音乐: { type: 'music', content: { title: '早安', description: '轻音乐', musicUrl: 'https://a.example/m.mp3',
        hqMusicUrl: 'https://a.example/hq.mp3', thumbMediaId: 'MEDIA-3' } },
};

const middleware = Object.fromEntries(Object.values(accounts).map(account => [account.name,
    wechat({ token: account.token, appid: account.appid, encodingAESKey: account.key },
        (request, response) => {
            const message = request.weixin;
            heard.push(message);
            response.reply(answers[message.Content] ?? `${message.MsgType} ${message.Event ?? ''}`.trim());
        })]));

const server = http.createServer((request, response) => {
    const url = new URL(request.url, 'http://127.0.0.1');
    request.query = Object.fromEntries(url.searchParams);
    middleware[url.pathname.split('/').pop()](request, response, error => {
        response.writeHead(error ? 500 : 404);
        response.end();
    });
});
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
await start('sandbox', {}, ['--callback', `http://127.0.0.1:${server.address().port}/wx`]);
after(async () => {
    await end_all();
    server.close();
    server.closeAllConnections();
});

for (const name of Object.keys(accounts)) {
    const person = await sandbox.person(name);

    test(`${name}: follows, and is known by openid`, async () => {
        const item = await person.does('follow');
        assert.equal(item.text, 'event subscribe');
        assert.equal(heard.at(-1).FromUserName, person.openid);
        assert.equal(heard.at(-1).ToUserName, accounts[name].original);
        assert.match(heard.at(-1).CreateTime, /^\d{10}$/);
    });

    test(`${name}: text arrives and comes back as it was`, async () => {
        const item = await person.does('text', { content: '文字' });
        assert.equal(heard.at(-1).Content, '文字');
        assert.match(heard.at(-1).MsgId, /^\d+$/);
        assert.equal(item.text, answers.文字);
    });

    test(`${name}: news, pictures, voice and music are shown as what they are`, async () => {
        const news = await person.does('text', { content: '图文' });
        assert.equal(news.kind, 'news');
        assert.deepEqual(news.articles, [article]);
        assert.equal((await person.does('text', { content: '图片' })).mediaId, 'MEDIA-1');
        assert.equal((await person.does('text', { content: '语音' })).kind, 'voice');
        const music = await person.does('text', { content: '音乐' });
        assert.equal(music.kind, 'music');
        assert.equal(music.title, '早安');
    });

    test(`${name}: menu, location and voice are read by the stranger, too`, async () => {
        assert.equal((await person.does('click', { key: 'KEY' })).text, 'event CLICK');
        assert.equal(heard.at(-1).EventKey, 'KEY');
        assert.equal((await person.does('location', {})).text, 'location');
        assert.ok(Number(heard.at(-1).Location_X));
        assert.equal((await person.does('voice', {})).text, 'voice');
        assert.equal((await person.does('image', {})).text, 'image');
    });

    test(`${name}: an empty answer shows nothing, and no failure`, async () => {
        const seq = await person.act('text', { content: '空' });
        await person.does('text', { content: '文字' });
        assert.deepEqual((await person.feed(seq)).filter(item => item.re === seq), []);
    });
}
