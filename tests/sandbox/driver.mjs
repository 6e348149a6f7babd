// What the sandbox's tests share: a day21-sandbox of their own, a FastCGI client to ask it, a bot
// that answers as a test tells it, and WeChat's cryptography written once more, so that a mistake
// in wx/crypto does not cancel out.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

const program = process.env.DAY21_SANDBOX ?? 'build/check/day21-sandbox';

export const accounts = {
    demo: {
        mode: 'safe', appid: 'wxd21d21d21d21d21d', original: 'gh_day21demo',
        token: 'day21demotoken', key: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
        secret: 'd21d21d21d21d21d21d21d21d21d21d2', template: 'TEMPLATE_OF_DEMO_streak_at_risk_00000000001',
    },
    plain: {
        mode: 'plain', appid: 'wxd21d21d21d21d210', original: 'gh_day21plain',
        token: 'day21plaintoken', secret: '0123456789abcdef0123456789abcdef',
        template: 'TEMPLATE_OF_PLAIN_streak_at_risk_0000000001',
    },
    both: {
        mode: 'compatible', appid: 'wxd21d21d21d21d211', original: 'gh_day21both',
        token: 'day21bothtoken', key: 'GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba',
        secret: 'fedcba9876543210fedcba9876543210', template: 'TEMPLATE_OF_BOTH_streak_at_risk_00000000001',
    },
};

function configuration(directory) {
    const lines = ['public_url: http://127.0.0.1:8021', 'templates: templates', 'accounts:'];
    for (const [name, a] of Object.entries(accounts)) {
        const secret = path.join(directory, `secret.${name}`);
        fs.writeFileSync(secret, a.secret, { mode: 0o600 });
        lines.push(`  - name: ${name}`, `    title: ${name} 学习派`, `    appid: ${a.appid}`,
            `    original_id: ${a.original}`, `    mode: ${a.mode}`, `    token: ${a.token}`,
            ...(a.key ? [`    aes_key: ${a.key}`] : []), `    secret_file: ${secret}`,
            '    pack: starter', '    templates:', '      - notice: streak_at_risk',
            `        id: ${a.template}`);
    }
    fs.writeFileSync(path.join(directory, 'day21.yaml'), lines.join('\n') + '\n');
}

// ---- WeChat's cryptography ----

export const sign = (...parts) =>
    crypto.createHash('sha1').update(parts.sort().join('')).digest('hex');

export function open(account, sealed) {
    const key = Buffer.from(`${account.key}=`, 'base64');
    const decipher = crypto.createDecipheriv('aes-256-cbc', key, key.subarray(0, 16));
    decipher.setAutoPadding(false);
    const padded = Buffer.concat([decipher.update(sealed, 'base64'), decipher.final()]);
    const text = padded.subarray(0, padded.length - padded.at(-1));
    const length = text.readUInt32BE(16);
    assert.equal(text.subarray(20 + length).toString(), account.appid);
    return text.subarray(20, 20 + length).toString();
}

export function seal(account, text) {
    const key = Buffer.from(`${account.key}=`, 'base64');
    const cipher = crypto.createCipheriv('aes-256-cbc', key, key.subarray(0, 16));
    cipher.setAutoPadding(false);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(text));
    const bare = Buffer.concat([crypto.randomBytes(16), length, Buffer.from(text),
        Buffer.from(account.appid)]);
    const pad = 32 - bare.length % 32;
    return Buffer.concat([cipher.update(Buffer.concat([bare, Buffer.alloc(pad, pad)])),
        cipher.final()]).toString('base64');
}

export function envelope(account, xml, { timestamp = '1763700000', nonce = '42', signature } = {}) {
    const sealed = seal(account, xml);
    signature ??= sign(account.token, timestamp, nonce, sealed);
    return `<xml><Encrypt><![CDATA[${sealed}]]></Encrypt>` +
        `<MsgSignature><![CDATA[${signature}]]></MsgSignature>` +
        `<TimeStamp>${timestamp}</TimeStamp><Nonce><![CDATA[${nonce}]]></Nonce></xml>`;
}

export const element = (xml, name) =>
    xml.match(new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([\\s\\S]*?)(?:\\]\\]>)?</${name}>`))?.[1];

export const reply = (account, openid, type, rest) =>
    `<xml><ToUserName><![CDATA[${openid}]]></ToUserName>` +
    `<FromUserName><![CDATA[${account.original}]]></FromUserName>` +
    `<CreateTime>1763700000</CreateTime><MsgType><![CDATA[${type}]]></MsgType>${rest}</xml>`;

export const text = (account, openid, content) =>
    reply(account, openid, 'text', `<Content><![CDATA[${content}]]></Content>`);

// ---- FastCGI ----

function record(type, content) {
    const head = Buffer.from([1, type, 0, 1, content.length >> 8, content.length & 255, 0, 0]);
    return Buffer.concat([head, content]);
}

const size = part => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(part) + 0x80000000);
    return length;
};

const params = pairs => Buffer.concat(Object.entries(pairs).flatMap(([name, value]) =>
    [size(name), size(value), Buffer.from(name), Buffer.from(value)]));

function answer(bytes) {
    const out = [];
    for (let at = 0; at + 8 <= bytes.length;) {
        const length = bytes.readUInt16BE(at + 4);
        if (bytes[at + 1] === 6)
            out.push(bytes.subarray(at + 8, at + 8 + length));
        at += 8 + length + bytes[at + 6];
    }
    const bytesOut = Buffer.concat(out), whole = bytesOut.toString('latin1');
    const middle = whole.indexOf('\r\n\r\n');
    const headers = Object.fromEntries(whole.slice(0, middle).split('\r\n')
        .map(line => [line.slice(0, line.indexOf(':')).toLowerCase(),
            line.slice(line.indexOf(':') + 1).trim()]));
    const content = bytesOut.subarray(middle + 4);
    return { status: parseInt(headers.status ?? '200', 10), headers, content, body: content.toString() };
}

// A record holds at most 65535 bytes.
const stdin = bytes => Array.from({ length: Math.ceil(bytes.length / 65535) },
    (_, i) => record(5, bytes.subarray(i * 65535, (i + 1) * 65535)));

function ask(socket, method, uri, body = '', more = {}) {
    const [document, query = ''] = uri.split('?');
    const bytes = Buffer.from(body);
    const pairs = {
        REQUEST_METHOD: method, DOCUMENT_URI: document, QUERY_STRING: query,
        CONTENT_LENGTH: String(bytes.length), REMOTE_ADDR: '127.0.0.1', ...more,
    };
    return new Promise((resolve, reject) => {
        const chunks = [], peer = net.connect(socket);
        peer.on('error', reject);
        peer.on('data', chunk => chunks.push(chunk));
        peer.on('close', () => resolve(answer(Buffer.concat(chunks))));
        peer.write(Buffer.concat([
            record(1, Buffer.from([0, 1, 0, 0, 0, 0, 0, 0])), record(4, params(pairs)),
            record(4, Buffer.alloc(0)), ...stdin(bytes),
            record(5, Buffer.alloc(0))]));
    });
}

// ---- the bot ----

// Notes each push in `pushes` (with `plain`, opened if it was sealed) and answers what
// `answers(push)` returns: a string, {status, body}, a promise of either, or null for silence.
async function startBot() {
    const bot = { pushes: [], answers: () => 'success' };
    bot.server = http.createServer(async (request, response) => {
        const url = new URL(request.url, 'http://bot'), chunks = [];
        for await (const chunk of request)
            chunks.push(chunk);
        const account = accounts[url.pathname.split('/').pop()];
        const body = Buffer.concat(chunks).toString();
        const sealed = body.startsWith('{') ? undefined : element(body, 'Encrypt');
        const push = {
            account, body, sealed, query: Object.fromEntries(url.searchParams),
            type: request.headers['content-type'], at: performance.now(),
            plain: sealed && account.key ? open(account, sealed) : body,
        };
        bot.pushes.push(push);
        const said = await bot.answers(push);
        if (said === null)
            return;
        const { status, body: out } = typeof said === 'string' ? { status: 200, body: said } : said;
        response.writeHead(status).end(out);
    });
    await new Promise(resolve => bot.server.listen(0, '127.0.0.1', resolve));
    bot.url = `http://127.0.0.1:${bot.server.address().port}/wx`;
    return bot;
}

// ---- the sandbox ----

// What a failed test has left running does not keep its file from ending, and ends with it.
const running = new Set();
process.on('exit', () => running.forEach(sandbox => sandbox.process.kill('SIGKILL')));

export class Sandbox {
    // `options` are further ones of the command line; `directory` that of a sandbox before. It waits for
    // the bot as long as a busy machine may make it wait: for a bot that is silent, say --wait-ms.
    static async start({ options = [], directory, callback } = {}) {
        const sandbox = new Sandbox();
        sandbox.directory = directory ?? fs.mkdtempSync(path.join(os.tmpdir(), 'sandbox-'));
        sandbox.socket = path.join(sandbox.directory, 'sandbox.sock');
        configuration(sandbox.directory);
        sandbox.bot = await startBot();
        sandbox.errors = '';
        sandbox.process = spawn(program, ['-c', path.join(sandbox.directory, 'day21.yaml'),
            '--listen', sandbox.socket, '--state', path.join(sandbox.directory, 'state'),
            '--callback', callback ?? sandbox.bot.url, '--wait-ms', '10000', '--finish-ms', '20',
            ...options]);
        running.add(sandbox);
        for (const handle of [sandbox.process, sandbox.process.stdin, sandbox.process.stdout,
            sandbox.process.stderr, sandbox.bot.server])
            handle.unref();
        sandbox.process.stderr.on('data', chunk => { sandbox.errors += chunk; });
        sandbox.ended = new Promise(resolve => sandbox.process.on('close', resolve));
        sandbox.process.on('exit', (code, signal) => { sandbox.code = code ?? signal; });
        sandbox.process.on('error', error => { sandbox.code = error.message; });
        await sandbox.until(async () => {
            assert.equal(sandbox.code, undefined, `it has ended: ${sandbox.errors}`);
            return (await ask(sandbox.socket, 'GET', '/sandbox/api/state').catch(() => null));
        });
        return sandbox;
    }

    // Waits for what `condition` returns to be true, and returns it.
    async until(condition) {
        for (const end = Date.now() + 30000; Date.now() < end;) {
            const value = await condition();
            if (value)
                return value;
            await new Promise(resolve => setTimeout(resolve, 10));
        }
        assert.fail('it never happened');
    }

    // `more` are further params of FastCGI.
    async raw(method, uri, body, more) {
        return ask(this.socket, method, uri, body, more);
    }

    // The page's API. Returns the JSON of a 200; fails on anything else, unless `status` is expected.
    async page(method, route, body, status = 200) {
        const got = await this.raw(method, `/sandbox/api/${route}`, body && JSON.stringify(body));
        assert.equal(got.status, status, got.body);
        assert.match(got.headers['content-type'], /^application\/json/);
        return JSON.parse(got.body);
    }

    // WeChat's API. `body` may be a string, sent as it is.
    async wechat(method, endpoint, query = '', body = undefined) {
        const got = await this.raw(method, `/sandbox/wechat/cgi-bin/${endpoint}?${query}`,
            typeof body === 'object' ? JSON.stringify(body) : body);
        assert.equal(got.status, 200);
        return JSON.parse(got.body);
    }

    // Uploads a file as multipart/form-data; `disposition` replaces what stands behind the name.
    async upload(endpoint, query, bytes, { filename = 'a.png', disposition, description } = {}) {
        const line = disposition ?? `filename="${filename}"`;
        const parts = [`--BOUND\r\nContent-Disposition: form-data; name="media"; ${line}\r\n` +
            'Content-Type: application/octet-stream\r\n\r\n', bytes, '\r\n'];
        if (description)
            parts.push('--BOUND\r\nContent-Disposition: form-data; name="description"\r\n\r\n',
                JSON.stringify(description), '\r\n');
        const got = await this.raw('POST', `/sandbox/wechat/cgi-bin/${endpoint}?${query}`,
            Buffer.concat([...parts, '--BOUND--\r\n'].map(part => Buffer.from(part))),
            { CONTENT_TYPE: 'multipart/form-data; boundary=BOUND' });
        return JSON.parse(got.body);
    }

    async accessToken(name = 'demo') {
        const { appid, secret } = accounts[name];
        const got = await this.wechat('POST', 'stable_token', '',
            { grant_type: 'client_credential', appid, secret });
        assert.ok(got.access_token, JSON.stringify(got));
        return got.access_token;
    }

    async people(name = 'demo') {
        const state = await this.page('GET', 'state');
        return state.accounts.find(account => account.name === name).people;
    }

    // Someone to play with: act() returns the seq, next() the items since the last next().
    async person(name = 'demo', index = 0) {
        const { openid } = (await this.people(name))[index];
        const person = { openid, account: accounts[name], seen: 0 };
        const chat = `account=${name}&openid=${openid}`;
        person.act = async (type, rest = {}, status = 200) =>
            (await this.page('POST', 'act', { account: name, openid, type, ...rest }, status)).seq;
        person.feed = (after = 0, wait = 0) =>
            this.page('GET', `feed?${chat}&after=${after}&wait=${wait}`);
        person.next = async () => {
            const got = await person.feed(person.seen, 25);
            person.seen = got.seq;
            return got.items;
        };
        // Acts, and returns the first item that answers it.
        person.says = async (type, rest) => {
            const seq = await person.act(type, rest);
            return this.until(async () =>
                (await person.feed(seq)).items.find(item => item.re === seq));
        };
        return person;
    }

    async stop() {
        this.process.ref();
        this.process.kill('SIGTERM');
        await this.ended;
        running.delete(this);
        this.bot.server.closeAllConnections();
        await new Promise(resolve => this.bot.server.close(resolve));
        assert.equal(this.code, 0, this.errors);
        assert.equal(this.errors, '');
    }

    // Stops it and removes its directory.
    async end() {
        await this.stop();
        fs.rmSync(this.directory, { recursive: true });
    }
}
