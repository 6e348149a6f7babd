// WeChat's API side: web login, JS tickets, quotas, rids, and who reaches whom.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { accounts, Sandbox, sign } from './driver.mjs';

let sandbox, person;
const demo = accounts.demo, back = 'http://127.0.0.1:8021/h5/me?a=1#top';

before(async () => {
    sandbox = await Sandbox.start();
    person = await sandbox.person('demo', 1);
});
after(() => sandbox.end());
afterEach(() => sandbox.page('POST', 'clock', { offset_s: 0 }));

const authorize = (rest = {}, more = {}) => sandbox.raw('GET',
    '/sandbox/wechat/connect/oauth2/authorize?' + new URLSearchParams({ appid: demo.appid,
        redirect_uri: back, response_type: 'code', scope: 'snsapi_base', state: 'S1', ...rest }), '',
    { HTTP_COOKIE: `other=1; sandbox_demo=${person.openid}`, ...more });
const sns = async (path, query) => JSON.parse((await sandbox.raw('GET',
    `/sandbox/wechat/sns/${path}?${new URLSearchParams(query)}`)).body);
const codeOf = got => {
    const url = new URL(got.headers.location);
    assert.equal(got.status, 302);
    return url.searchParams.get('code');
};
const tokenOf = (code, rest = {}) => sns('oauth2/access_token', { appid: demo.appid,
    secret: demo.secret, code, grant_type: 'authorization_code', ...rest });
const get = async (endpoint, query = '') => sandbox.wechat('GET', endpoint,
    `access_token=${await sandbox.accessToken()}&${query}`);
const post = async (endpoint, body) => sandbox.wechat('POST', endpoint,
    `access_token=${await sandbox.accessToken()}`, body);

describe('web login', () => {
    test('goes straight back with a code that is good once', async () => {
        const got = await authorize();
        const url = new URL(got.headers.location);
        assert.deepEqual([url.searchParams.get('a'), url.searchParams.get('state'), url.hash], ['1', 'S1', '#top']);
        const code = codeOf(got), token = await tokenOf(code);
        assert.deepEqual([token.openid, token.scope, token.expires_in], [person.openid, 'snsapi_base', 7200]);
        assert.equal(token.is_snapshotuser, undefined);
        assert.equal((await tokenOf(code)).errcode, 40163);
        assert.equal((await sns('userinfo', token)).errcode, 48001);
    });

    test('asks first for more than the openid', async () => {
        const page = await authorize({ scope: 'snsapi_userinfo' });
        assert.equal(page.status, 200);
        const links = [...page.body.matchAll(/class="(allow|deny)" href="([^"]+)"/g)].map(match =>
            Object.fromEntries(new URLSearchParams(match[2].replaceAll('&#38;', '&'))));
        assert.deepEqual(links.map(link => link.sandbox_consent), ['allow', 'deny']);
        const denied = await authorize(links[1], { HTTP_COOKIE: '' });
        assert.equal(codeOf(denied), null);
        const token = await tokenOf(codeOf(await authorize(links[0], { HTTP_COOKIE: '' })));
        const user = await sns('userinfo', { ...token, lang: 'zh_CN' });
        assert.deepEqual([user.openid, user.nickname, user.privilege], [person.openid, '周建国', []]);
        assert.equal((await sns('auth', token)).errcode, 0);
        assert.equal((await sns('auth', { ...token, openid: 'oNobody' })).errcode, 40003);
        const again = await sns('oauth2/refresh_token', { appid: demo.appid,
            grant_type: 'refresh_token', refresh_token: token.refresh_token });
        assert.deepEqual([again.openid, again.refresh_token], [person.openid, token.refresh_token]);
        await sandbox.page('POST', 'clock', { offset_s: 7201 });
        assert.equal((await sns('userinfo', token)).errcode, 42001);
        await sandbox.page('POST', 'clock', { offset_s: 30 * 86400 + 1 });
        assert.equal((await sns('oauth2/refresh_token', { appid: demo.appid,
            grant_type: 'refresh_token', refresh_token: token.refresh_token })).errcode, 42002);
    });

    test('asks whose phone it is when nobody says so', async () => {
        const page = await authorize({}, { HTTP_COOKIE: '' });
        assert.match(page.body, /林晓雨[^]*刘子墨/);
    });

    test('is refused for what is wrong with it', async () => {
        const code = codeOf(await authorize());
        for (const [errcode, rest] of [[40125, { secret: 'x' }], [41004, { secret: '' }],
            [40013, { appid: 'wx0000000000000000' }], [40002, { grant_type: 'x' }], [40029, { code: 'x' }],
            [41008, { code: '' }]])
            assert.equal((await tokenOf(code, rest)).errcode, errcode);
        await sandbox.page('POST', 'clock', { offset_s: 301 });
        assert.equal((await tokenOf(code)).errcode, 42003);
        for (const rest of [{ redirect_uri: 'https://evil.example/' }, { redirect_uri: 'javascript:alert(1)' },
            { redirect_uri: 'http://127.0.0.1@evil.example/' }, { redirect_uri: 'http://127.0.0.1/\r\nX: y' },
            { appid: 'wx0' }, { scope: 'all' }, { state: 'x'.repeat(129) }]) {
            const got = await authorize(rest);
            assert.deepEqual([got.status, got.headers.location], [200, undefined], JSON.stringify(rest));
        }
        assert.match((await authorize({ redirect_uri: 'https://evil.example/' })).body, /10003/);
        assert.equal((await sns('userinfo', { openid: person.openid })).errcode, 41001);
        assert.equal((await sns('userinfo', { access_token: 'x', openid: person.openid })).errcode, 40001);
    });

    test('may be told of a domain, and may bring virtual visitors', async () => {
        const redirect_uri = 'https://learn.example.com/';
        assert.equal((await authorize({ redirect_uri })).status, 200);
        await sandbox.page('POST', 'oauth', { account: 'demo', domain: 'learn.example.com', snapshot: true });
        const token = await tokenOf(codeOf(await authorize({ redirect_uri })));
        assert.equal(token.is_snapshotuser, 1);
        assert.notEqual(token.openid, person.openid);
        assert.deepEqual(await sandbox.page('POST', 'oauth', { account: 'demo', snapshot: false }),
            { domain: 'learn.example.com', snapshot: false });
    });
});

describe('a JS ticket', () => {
    test('stays the same until its end is near', async () => {
        const first = await get('ticket/getticket', 'type=jsapi');
        assert.deepEqual([first.errcode, first.expires_in], [0, 7200]);
        assert.equal((await get('ticket/getticket', 'type=jsapi')).ticket, first.ticket);
        assert.notEqual((await get('ticket/getticket', 'type=wx_card')).ticket, first.ticket);
        await sandbox.page('POST', 'clock', { offset_s: 7000 });
        assert.notEqual((await get('ticket/getticket', 'type=jsapi')).ticket, first.ticket);
        assert.equal((await get('ticket/getticket', 'type=bus')).errcode, 40097);
    });
});

describe('quotas', () => {
    const used = async cgi_path => (await post('openapi/quota/get', { cgi_path })).quota;

    test('are told, and cleared ten times a month', async () => {
        await get('menu/get');
        assert.deepEqual(await used('/cgi-bin/menu/get'), { daily_limit: 10000, used: 1, remain: 9999 });
        const { rate_limit } = await post('openapi/quota/get', { cgi_path: '/cgi-bin/message/mass/send' });
        assert.deepEqual(rate_limit, { call_count: 60, refresh_second: 60 });
        for (const [errcode, cgi_path] of [[76021, '/cgi-bin/dance'], [76022, '/sns/userinfo'], [76021, '']])
            assert.equal((await post('openapi/quota/get', { cgi_path })).errcode, errcode);
        assert.equal((await post('clear_quota', { appid: demo.appid })).errcode, 0);
        assert.equal((await used('/cgi-bin/menu/get')).used, 0);
        const v2 = rest => sandbox.wechat('POST', 'clear_quota/v2', '',
            { appid: demo.appid, appsecret: demo.secret, ...rest });
        assert.equal((await v2({ appsecret: 'x' })).errcode, 40125);
        for (let i = 0; i < 9; i++)
            assert.equal((await v2()).errcode, 0);
        assert.equal((await v2()).errcode, 48006);
        assert.equal((await post('clear_quota', { appid: demo.appid })).errcode, 48006);
        await sandbox.page('POST', 'clock', { offset_s: 32 * 86400 });
        assert.equal((await v2()).errcode, 0);
    });
});

describe('a rid', () => {
    test('tells what was asked and answered', async () => {
        const refused = await post('tags/create', { tag: { name: '' } });
        const rid = refused.errmsg.match(/rid: (\S+)$/)[1];
        const { request } = await post('openapi/rid/get', { rid });
        assert.equal(request.request_url, '/cgi-bin/tags/create?access_token=***');
        assert.deepEqual(JSON.parse(request.response_body), refused);
        assert.deepEqual(JSON.parse(request.request_body), { tag: { name: '' } });
        assert.equal((await post('openapi/rid/get', { rid: 'x' })).errcode, 76003);
        assert.equal((await post('openapi/rid/get', { rid: rid.replace(/^./, c => (c === '0' ? '1' : '0')) })).errcode, 76001);
    });
});

describe('addresses', () => {
    test('of both sides are listed', async () => {
        assert.ok((await get('getcallbackip')).ip_list.includes('127.0.0.1'));
        assert.ok((await get('get_api_domain_ip')).ip_list.length);
    });

    test('are checked by really asking the callback', async () => {
        const check = (action, check_operator = 'DEFAULT') =>
            post('callback/check', { action, check_operator });
        sandbox.bot.answers = ({ query }) => query.echostr;
        const well = await check('all');
        const { query } = sandbox.bot.pushes.at(-1);
        assert.equal(query.signature, sign(demo.token, query.timestamp, query.nonce));
        assert.deepEqual([well.dns[0].ip, well.ping[0].package_loss], ['127.0.0.1', '0%']);
        assert.equal((await check('dns')).ping, undefined);
        sandbox.bot.answers = () => 'something else';
        assert.equal((await check('ping')).ping[0].package_loss, '100%');
        assert.equal((await check('dance')).errcode, 40201);
        assert.equal((await check('all', 'MARS')).errcode, 40201);
    });
});
