// WeChat's API side: media, permanent material, drafts, and what is published of them.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { element, Sandbox } from './driver.mjs';

const png = Buffer.from('\x89PNG\r\n\x1a\n0123456789\0\xff--BOUN\r\n', 'latin1');
const jpg = Buffer.from('\xff\xd8\xff\xe0 a picture', 'latin1');
const mp4 = Buffer.from('\0\0\0\x18ftypmp42 a film', 'latin1');
const amr = Buffer.from('#!AMR\n a voice', 'latin1');
const of = (head, length) => Buffer.concat([head, Buffer.alloc(length - head.length)]);
const KiB = 1024, MiB = KiB * KiB;
let sandbox, token;

before(async () => {
    sandbox = await Sandbox.start();
    token = `access_token=${await sandbox.accessToken('plain')}`;
});
after(() => sandbox.end());
afterEach(() => {
    sandbox.bot.pushes.length = 0;
    return sandbox.page('POST', 'clock', { offset_s: 0 });
});

const post = (endpoint, body) => sandbox.wechat('POST', endpoint, token, body);
const code = async (endpoint, body) => (await post(endpoint, body)).errcode ?? 0;
const upload = (type, bytes, rest) => sandbox.upload('media/upload', `${token}&type=${type}`, bytes, rest);
const fetched = id => sandbox.raw('GET', `/sandbox/wechat/cgi-bin/media/get?${token}&media_id=${id}`);
const material = (type, bytes, rest) =>
    sandbox.upload('material/add_material', `${token}&type=${type}`, bytes, rest);
const path = url => new URL(url).pathname;

describe('media', () => {
    test('come back byte for byte, for three days', async () => {
        const { type, media_id, created_at } = await upload('image', png);
        assert.equal(type, 'image');
        assert.ok(Math.abs(created_at - Date.now() / 1000) < 60);
        const got = await fetched(media_id);
        assert.deepEqual(got.content, png);
        assert.equal(got.headers['content-type'], 'image/png');
        assert.match(got.headers['content-disposition'], /filename=".*\.png"/);
        const shown = await sandbox.raw('GET', `/sandbox/api/media?account=plain&media_id=${media_id}`);
        assert.deepEqual(shown.content, png);
        await sandbox.page('POST', 'clock', { offset_s: 3 * 86400 + 1 });
        assert.equal(JSON.parse((await sandbox.raw('GET', `/sandbox/wechat/cgi-bin/media/get?` +
            `access_token=${await sandbox.accessToken('plain')}&media_id=${media_id}`)).body).errcode, 40007);
    });

    test('of each type have their formats and sizes', async () => {
        for (const [errcode, type, bytes, rest] of [
            [0, 'voice', amr], [0, 'video', mp4], [0, 'thumb', jpg], [0, 'image', of(png, 2 * MiB)],
            [0, 'video', of(mp4, 10 * MiB)],
            [40004, 'hologram', png], [40005, 'image', amr], [40005, 'thumb', png], [40005, 'image', Buffer.from('<svg/>')],
            [40009, 'image', of(png, 2 * MiB + 1)], [40010, 'voice', of(amr, 2 * MiB + 1)],
            [45001, 'video', of(mp4, 10 * MiB + 1)], [40012, 'thumb', of(jpg, 64 * KiB + 1)],
            [44001, 'image', Buffer.alloc(0)],
            [41005, 'image', png, { disposition: "filename*=UTF-8''%E5%9B%BE.png" }],
            [41005, 'image', png, { disposition: 'size=3' }],
        ]) {
            const got = await upload(type, bytes, rest);
            assert.equal(got.errcode ?? 0, errcode, `${type} ${bytes.length} ${JSON.stringify(got)}`);
        }
        assert.ok((await upload('thumb', jpg)).thumb_media_id);
        assert.equal((await post('media/upload', {})).errcode, 41005);
    });

    test('that are videos are given as a URL', async () => {
        const { media_id } = await upload('video', mp4);
        const { video_url } = JSON.parse((await fetched(media_id)).body);
        assert.deepEqual((await sandbox.raw('GET', path(video_url))).content, mp4);
    });

    test('for the bodies of articles are only a URL', async () => {
        const { url } = await sandbox.upload('media/uploadimg', token, jpg);
        assert.deepEqual((await sandbox.raw('GET', path(url))).content, jpg);
        assert.equal((await sandbox.upload('media/uploadimg', token, of(png, MiB + 1))).errcode, 40009);
        assert.equal((await sandbox.upload('media/uploadimg', token, Buffer.from('GIF89a'))).errcode, 40005);
        assert.equal((await sandbox.wechat('GET', 'material/get_materialcount', token)).image_count, 0);
    });

    test('from a person can be fetched, and be sent to one', async () => {
        const person = await sandbox.person('plain', 0);
        await person.act('follow');
        for (const [type, magic] of [['image', '\x89PNG'], ['voice', '#!AMR'], ['video', '\0\0\0\x18ftyp']]) {
            sandbox.bot.pushes.length = 0;
            await person.act(type);
            const { plain } = await sandbox.until(() => sandbox.bot.pushes.find(push =>
                element(push.plain, 'MsgType') === type));
            const id = element(plain, 'MediaId');
            const shown = await sandbox.raw('GET', `/sandbox/api/media?account=plain&media_id=${id}`);
            assert.ok(shown.content.toString('latin1').startsWith(magic), type);
            assert.equal(await code('message/custom/send', { touser: person.openid, msgtype: type,
                [type]: { media_id: id, thumb_media_id: '' } }), 0);
            assert.equal((await person.feed()).items.at(-1).mediaId, id);
        }
    });
});

describe('material', () => {
    test('is kept, counted, listed and deleted', async () => {
        const image = await material('image', png, { filename: 'logo.png' });
        assert.deepEqual((await sandbox.raw('GET', path(image.url))).content, png);
        const description = { title: '安全', introduction: '三分钟' };
        const video = await material('video', mp4, { description });
        assert.equal((await material('video', mp4)).errcode, 47001);
        const counts = () => sandbox.wechat('GET', 'material/get_materialcount', token);
        assert.deepEqual(await counts(), { voice_count: 0, video_count: 1, image_count: 1, news_count: 0 });
        const list = await post('material/batchget_material', { type: 'image', offset: 0, count: 20 });
        assert.deepEqual([list.total_count, list.item_count, list.item[0].media_id, list.item[0].name],
            [1, 1, image.media_id, 'logo.png']);
        assert.equal(await code('material/batchget_material', { type: 'image', offset: 0, count: 21 }), 40035);
        const film = await post('material/get_material', { media_id: video.media_id });
        assert.deepEqual([film.title, film.description], ['安全', '三分钟']);
        const got = await sandbox.raw('POST', `/sandbox/wechat/cgi-bin/material/get_material?${token}`,
            JSON.stringify({ media_id: image.media_id }));
        assert.deepEqual(got.content, png);
        for (const { media_id } of [image, video])
            assert.equal(await code('material/del_material', { media_id }), 0);
        assert.equal(await code('material/del_material', { media_id: image.media_id }), 40007);
        assert.equal((await counts()).image_count, 0);
    });
});

describe('a draft', () => {
    let thumb_media_id;
    before(async () => { thumb_media_id = (await material('image', png)).media_id; });

    const article = (rest = {}) => ({ title: '今日一课', author: '学习派', digest: '三分钟',
        content: '<p>正文</p>', thumb_media_id, ...rest });
    const add = (...articles) => post('draft/add', { articles });

    test('is kept, changed, listed and deleted', async () => {
        const { media_id } = await add(article({ content:
            '<p>正文<script>alert(1)</script><img src="http://evil/x.png"></p>' }), article({ title: '二' }));
        const { news_item } = await post('draft/get', { media_id });
        assert.deepEqual(news_item.map(({ title }) => title), ['今日一课', '二']);
        assert.equal(news_item[0].content, '<p>正文</p>');
        assert.equal(await code('draft/update', { media_id, index: 1, articles: article({ title: '三' }) }), 0);
        assert.equal(await code('draft/update', { media_id, index: 2, articles: article() }), 40114);
        assert.equal((await post('draft/get', { media_id })).news_item[1].title, '三');
        assert.equal((await sandbox.wechat('GET', 'draft/count', token)).total_count, 1);
        const list = await post('draft/batchget', { offset: 0, count: 20, no_content: 1 });
        assert.equal(list.item[0].media_id, media_id);
        assert.equal(list.item[0].content.news_item[0].content, undefined);
        assert.equal(await code('draft/delete', { media_id }), 0);
        assert.equal(await code('draft/get', { media_id }), 40007);
    });

    test('that WeChat would not take is refused', async () => {
        const temporary = (await upload('thumb', jpg)).thumb_media_id;
        for (const [errcode, ...articles] of [
            [44003], [45008, ...Array(9).fill(article())], [45003, article({ title: '长'.repeat(33) })],
            [45003, article({ title: '' })], [45110, article({ author: '长'.repeat(17) })],
            [45004, article({ digest: '长'.repeat(129) })], [44004, article({ content: '' })],
            [45002, article({ content: 'x'.repeat(20000) })],
            [45005, article({ content_source_url: `https://a.b/${'x'.repeat(1024)}` })],
            [40007, article({ thumb_media_id: temporary })],
            [40007, article({ article_type: 'newspic', image_info: { image_list: [{ image_media_id: 'none' }] } })],
            [40008, article({ article_type: 'song' })],
        ])
            assert.equal((await add(...articles)).errcode, errcode);
        assert.ok((await add(article({ article_type: 'newspic',
            image_info: { image_list: [{ image_media_id: thumb_media_id }] } }))).media_id);
        assert.equal(await code('draft/add', '{"articles":[{"title":"\\u4e00"}]}'), 40033);
    });

    test('that is published becomes an article, and its end is told', async () => {
        const { media_id } = await add(article({ title: '<发布>' }));
        const { publish_id } = await post('freepublish/submit', { media_id });
        assert.ok(publish_id);
        const { plain } = await sandbox.until(() => sandbox.bot.pushes.find(push =>
            element(push.plain, 'Event') === 'PUBLISHJOBFINISH'));
        const article_id = element(plain, 'article_id');
        assert.deepEqual([element(plain, 'publish_id'), element(plain, 'publish_status')],
            [publish_id, '0']);
        const got = await post('freepublish/get', { publish_id });
        assert.deepEqual([got.publish_status, got.article_id, got.article_detail.count], [0, article_id, 1]);
        const url = got.article_detail.item[0].article_url;
        const page = await sandbox.raw('GET', path(url));
        assert.match(page.body, /&#60;发布&#62;.*正文/);
        assert.equal(page.headers['content-security-policy'], 'sandbox');
        assert.equal(await code('draft/get', { media_id }), 40007, 'the draft is gone');
        assert.equal((await post('freepublish/getarticle', { article_id })).news_item[0].url, url);
        assert.equal((await post('freepublish/batchget', { offset: 0, count: 1 })).item[0].article_id, article_id);
        assert.equal(await code('freepublish/delete', { article_id, index: 0 }), 0);
        assert.equal((await sandbox.raw('GET', path(url))).status, 404);
        assert.equal((await post('freepublish/get', { publish_id })).publish_status, 5);
        assert.equal(await code('freepublish/submit', { media_id }), 40007);
    });

    test('that is sent to many is shown with its articles', async () => {
        const person = await sandbox.person('plain', 1), other = await sandbox.person('plain', 2);
        await person.act('follow');
        await other.act('follow');
        const { media_id } = await add(article(), article({ title: '二' }));
        const touser = [person.openid, other.openid];
        const got = await post('message/mass/send', { touser, msgtype: 'mpnews', mpnews: { media_id } });
        assert.ok(got.msg_data_id, JSON.stringify(got));
        const item = await sandbox.until(async () =>
            (await person.feed()).items.find(({ kind }) => kind === 'news'));
        assert.deepEqual(item.articles.map(({ title }) => title), ['今日一课', '二']);
        assert.match((await sandbox.raw('GET', path(item.articles[1].url))).body, /<h1>二<\/h1>/);
        assert.deepEqual((await sandbox.raw('GET', path(item.articles[0].picurl))).content, png);
    });
});
