// instance: --without serve,work,sandbox --
// Whatever somebody sends is answered with something useful: keywords however they are written, what is
// not understood by suggestions that work when tapped, menu keys, scans, voice, pictures, and the
// hostile.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { away_from_midnight, day21, end_all, log, redis as connect, start } from './lib/instance.mjs';
import { wordings } from './lib/crowd.mjs';
import * as sandbox from './lib/sandbox.mjs';
import { accounts, deliver, element, event, message, say, somebody } from './lib/wechat.mjs';

await away_from_midnight();
await start('sandbox', {}, ['--people', '10']);
await start('serve');
const redis = await connect(), { demo } = accounts;

// How the answers of each command can be told.
const SHAPE = {
    checkin: /\+10/,
    points: /账本|你的积分|还空着/,
    board: /榜|走在前面|已经出发/,
    help: /每天两步|怎么玩/,
    menu: /^· <a href="weixin:\/\/bizmsgmenu\?msgmenucontent=签到&msgmenuid=1">签到<\/a>/,
    course: /\/h5\/demo\/course\//,
    thanks: /好嘞|有你这句话|嘿嘿/,
};
const shape_of = answer => (answer.plain.includes('<MsgType><![CDATA[news]]>') ? answer.plain : answer.content);

const understood = async (words, command) => {
    const answer = await say(demo, somebody(), words);
    assert.equal(answer.status, 200, answer.why);
    assert.match(shape_of(answer), SHAPE[command], `${JSON.stringify(words)} is ${command}`);
};

const WORDS = {
    checkin: ['签到', '签 到', ' 签到\n', '签到!', '签到！', '「签到」', '签到。。。', '签到🌱', '打卡', '簽到', 'QD', 'qd',
        'ＱＤ', 'ｑｄ', 'Q D', 'Check In', 'CHECKIN', '我要签到', '签到啦', '早安～'],
    points: ['我的积分', '積分', 'ＪＦ', 'points', '我有多少积分呀'],
    board: ['排行榜', '排 行 榜', 'RANK', '看看排名'],
    course: ['今日课程', '课程', 'kc', '今天学什么？'],
    help: ['帮助', '?', '？', '怎么打卡', 'HELP', 'hello'],
    menu: ['菜单', 'MENU'],
    thanks: ['谢谢', '谢谢！', '好的～', 'OK', '哈哈哈', '嗯'],
};
for (const [command, list] of Object.entries(WORDS))
    test(`${command}: ${list.length} ways to say it`, async () => {
        for (const words of list)
            await understood(words, command);
    });

// The words of the links in an answer.
const links = content => [...content.matchAll(
    /<a href="weixin:\/\/bizmsgmenu\?msgmenucontent=([^&"]*)&msgmenuid=\d+">([^<]*)<\/a>/g)]
    .map(([, words, shown]) => ({ words: decodeURIComponent(words), shown }));

const is_unknown = answer => wordings('unknown').some(words => answer.content.startsWith(words));

test('what is not understood gets three suggestions, which work', async () => {
    for (const words of ['今天天气不错', '签刀', '积粉', 'xyzzy', '排形榜', '呃', '1']) {
        const answer = await say(demo, somebody(), words);
        assert.ok(is_unknown(answer), `${words}: ${answer.content}`);
        const suggested = links(answer.content);
        assert.equal(suggested.length, 3, answer.content);
        assert.equal(new Set(suggested.map(one => one.words)).size, 3);
        for (const { words: tapped, shown } of suggested) {
            assert.equal(tapped, shown);
            const then = await say(demo, somebody(), tapped);
            assert.ok(shape_of(then) && !is_unknown(then), `${tapped}: ${then.plain}`);
        }
    }
    const [first] = links((await say(demo, somebody(), '签刀')).content);
    assert.equal(first.words, '签到', 'the nearest comes first');
});

test('every button of the menu does something', async () => {
    const pushed = await day21('menu', 'push', 'demo');
    assert.equal(pushed.status, 0, pushed.err);
    const { menu } = (await sandbox.state()).accounts.find(one => one.name === 'demo');
    const buttons = menu.button.flatMap(button => button.sub_button?.length ? button.sub_button : [button]);
    assert.ok(buttons.length >= 5);
    const person = await sandbox.person();
    await person.does('follow');
    for (const { type, key, name } of buttons) {
        if (type !== 'click')
            continue;
        const item = await person.does('click', { key });
        assert.equal(item.side, 'account', `${name}: ${JSON.stringify(item)}`);
        const said = item.kind === 'news' ? item.articles[0].url : item.text;
        assert.match(said, SHAPE[key] ?? /./, name);
        assert.ok(!is_unknown({ content: said }), name);
    }
});

test('links of every answer lead somewhere when tapped on the phone', async () => {
    const person = await sandbox.person(), tapped = new Set();
    let answer = await person.does('follow');
    for (const { words } of links(answer.text).concat(links((await person.does('text',
        { content: '帮助' })).text))) {
        answer = await person.does('text', { content: words, menuid: '1' });
        assert.equal(answer.side, 'account', words);
        if (answer.kind === 'text')
            assert.ok(!wordings('unknown').some(first => answer.text.startsWith(first)), words);
        tapped.add(words);
    }
    assert.ok(tapped.size >= 5, [...tapped].join());
});

test('a menu that is no more, a scan, a view, an event nobody knows', async () => {
    const old = await deliver(demo, event(demo, somebody(), 'CLICK', { EventKey: 'gone' }));
    assert.match(old.content, SHAPE.help);
    const scan = await deliver(demo, event(demo, somebody(), 'SCAN', { EventKey: '4711', Ticket: 'T' }));
    assert.match(scan.content, SHAPE.help);
    const followed = await deliver(demo, event(demo, somebody(), 'subscribe', { EventKey: 'qrscene_4711' }));
    assert.match(followed.content, /签到/);
    assert.equal((await deliver(demo, message(demo, somebody(), 'something_new', {}))).body, 'success');
    for (const [name, fields] of [['VIEW', { EventKey: 'http://127.0.0.1/' }], ['LOCATION', {}],
        ['brand_new_event', {}], ['unsubscribe', {}]])
        assert.equal((await deliver(demo, event(demo, somebody(), name, fields))).body, 'success', name);
});

test('voice with what was recognised is as good as typed; without, a picture, a place are not', async () => {
    const voice = fields => deliver(demo, message(demo, somebody(), 'voice',
        { MediaId: 'M', Format: 'amr', ...fields }));
    assert.match((await voice({ Recognition: '签到。' })).content, SHAPE.checkin);
    assert.ok(is_unknown(await voice({ Recognition: '今天天气不错' })));
    const others = [await voice({}), await voice({ Recognition: '' }),
        await deliver(demo, message(demo, somebody(), 'image', { PicUrl: 'http://x/y', MediaId: 'M' })),
        await deliver(demo, message(demo, somebody(), 'location', { Location_X: '31.2', Location_Y: '121.4',
            Scale: '15', Label: '上海' })),
        await deliver(demo, message(demo, somebody(), 'video', { MediaId: 'M', ThumbMediaId: 'T' })),
        await deliver(demo, message(demo, somebody(), 'link', { Title: 'T', Description: 'D', Url: 'U' }))];
    for (const [i, answer] of others.entries()) {
        assert.equal(answer.status, 200);
        assert.ok(wordings('not_text').some(words => answer.content.startsWith(words)), `${i}: ${answer.plain}`);
    }
});

test('the odd and the hostile', async () => {
    const planted = ['<a href="http://evil.example/">点我</a>', ']]>', ']]></Content><MsgType>news</MsgType>',
        '签到]]><a href="weixin://bizmsgmenu?msgmenucontent=x&msgmenuid=1">x</a>', '{keyword}', '{{', '%s%n%d',
        '&lt;a href="http://evil.example/"&gt;', '"><script>alert(1)</script>', '../../etc/passwd'];
    const odd = ['😀', '🌱🌱🌱', '👨‍👩‍👧', '。', '…', '\u200b', '\u202e签到', 'a'.repeat(2000), '签'.repeat(680),
        '签到'.repeat(340), '\n\n\n', ' '];
    for (const words of [...planted, ...odd]) {
        const answer = await say(demo, somebody(), words);
        const what = JSON.stringify(words.slice(0, 40));
        assert.equal(answer.status, 200, `${what}: ${answer.why}`);
        assert.notEqual(answer.content, '', `${what}: ${answer.plain}`);
        assert.ok(Buffer.byteLength(answer.content) <= 2048, what);
        assert.doesNotMatch(answer.plain, /evil\.example|<script|etc\/passwd|msgmenucontent=x/, what);
        assert.equal(element(answer.plain, 'MsgType'), 'text', what);
        for (const [tag] of answer.content.matchAll(/<[^>]*>/g))
            assert.match(tag, /^(<\/a>|<a href="weixin:\/\/bizmsgmenu\?msgmenucontent=[^<>"]*">)$/, what);
    }
    assert.doesNotMatch(log('serve'), /evil\.example|点我/, 'nobody\'s words stand in the log');
});

test('end', async () => {
    redis.close();
    await end_all();
});
