// WeChat as it calls us, without the sandbox: messages written, signed, sealed and delivered one by
// one, so that a test can repeat, bend and interrupt them. The cryptography is the sandbox's tests'.

import assert from 'node:assert/strict';
import http from 'node:http';
import { element, open, seal, sign } from '../../sandbox/driver.mjs';
import { sleep, url } from './instance.mjs';

export { element, seal, sign };

// As in config/day21.yaml.
export const accounts = {
    demo: {
        name: 'demo', appid: 'wxd21d21d21d21d21d', original: 'gh_day21demo',
        token: 'day21demotoken', key: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
        title: '21天学习派',
    },
    plain: {
        name: 'plain', appid: 'wxd21d21d21d21d210', original: 'gh_day21plain',
        token: 'day21plaintoken', title: '每日一课俱乐部',
    },
};

export const seconds = () => Math.floor(Date.now() / 1000);

// ---- messages ----

let last_id = Date.now() * 1000, last_person = 0;

export const message_id = () => String(++last_id);

// Somebody nobody has seen before; 28 characters, as WeChat's.
export const somebody = () =>
    `oD21${process.pid.toString(36)}_`.padEnd(20, 'x') + String(++last_person).padStart(8, '0');

const cdata = text => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;

function write(account, openid, time, fields) {
    const lines = Object.entries(fields).map(([name, value]) => `<${name}>${cdata(value)}</${name}>`);
    return `<xml><ToUserName>${cdata(account.original)}</ToUserName>` +
        `<FromUserName>${cdata(openid)}</FromUserName><CreateTime>${time}</CreateTime>` +
        `${lines.join('')}</xml>`;
}

export const message = (account, openid, type, fields, { time = seconds(), id = message_id() } = {}) =>
    write(account, openid, time, { MsgType: type, ...fields, MsgId: id });

export const text = (account, openid, content, options) =>
    message(account, openid, 'text', { Content: content }, options);

export const event = (account, openid, name, fields = {}, { time = seconds() } = {}) =>
    write(account, openid, time, { MsgType: 'event', Event: name, ...fields });

// ---- delivery ----

const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });

// One HTTP request. Resolves to { status, headers, body, ms }; status 0 when there was no answer
// within 5 s, which is how long WeChat waits, or none at all.
export function ask(method, route, body = '', headers = {}) {
    const begun = performance.now();
    return new Promise(resolve => {
        const nothing = why => resolve({ status: 0, body: '', why, ms: performance.now() - begun });
        const request = http.request(url + route, { method, agent, timeout: 5000, headers: {
            'content-type': 'text/xml', 'content-length': Buffer.byteLength(body), ...headers,
        } }, response => {
            const chunks = [];
            response.on('data', chunk => chunks.push(chunk));
            response.on('error', () => nothing('cut off'));
            response.on('end', () => resolve({ status: response.statusCode, headers: response.headers,
                body: Buffer.concat(chunks).toString(), ms: performance.now() - begun }));
        });
        const hang_up = setTimeout(() => request.destroy(new Error('no answer in 5 s')), 5000);
        request.on('close', () => clearTimeout(hang_up));
        request.on('error', error => nothing(error.message));
        request.end(body);
    });
}

// The query of a push, signed for `sealed` (the ciphertext of the body, when there is one).
export function query(account, sealed, { timestamp = String(seconds()), nonce = '21' } = {}) {
    const pairs = { signature: sign(account.token, timestamp, nonce), timestamp, nonce };
    if (sealed)
        Object.assign(pairs, { encrypt_type: 'aes',
            msg_signature: sign(account.token, timestamp, nonce, sealed) });
    return pairs;
}

// What an answer says once opened; its signature is checked.
function opened(account, answer) {
    const sealed = element(answer.body, 'Encrypt');
    if (answer.status !== 200 || !sealed)
        return answer.body;
    assert.equal(element(answer.body, 'MsgSignature'), sign(account.token,
        element(answer.body, 'TimeStamp'), element(answer.body, 'Nonce'), sealed));
    return open(account, sealed);
}

// One attempt to push a message. Adds to ask()'s answer `plain` and, of a text reply, `content`.
export async function deliver(account, xml, options) {
    const sealed = account.key && seal(account, xml);
    const body = sealed ? `<xml><ToUserName>${cdata(account.original)}</ToUserName>` +
        `<Encrypt>${cdata(sealed)}</Encrypt></xml>` : xml;
    const search = new URLSearchParams({ ...query(account, sealed, options),
        openid: element(xml, 'FromUserName') ?? '' });
    const answer = await ask('POST', `/wx/${account.name}?${search}`, body);
    answer.plain = opened(account, answer);
    answer.content = content(answer.plain);
    return answer;
}

const content = plain => element(plain, 'Content')?.replaceAll(']]]]><![CDATA[>', ']]>') ?? '';

export const say = (account, openid, words, options) =>
    deliver(account, text(account, openid, words, options));

// As WeChat does: up to three attempts, until one is answered 200.
export async function insist(account, xml) {
    for (let attempt = 1; ; attempt++) {
        const answer = await deliver(account, xml);
        if (answer.status === 200 || attempt === 3)
            return { ...answer, attempt };
        await sleep(2000);
    }
}
