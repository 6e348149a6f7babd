// npm's wechat-api as a contestant: node sender.mjs SOCKET BASE APPID SECRET_FILE TEMPLATE
// Who connects to the socket says to whom to send, as JSON: { openids, concurrency, url }; when all
// have been answered, so is he: { failed, why }.
//
// As its makers recommend, and kept connections besides: without them it is slower.

import { readFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import net from 'node:net';

const WechatAPI = createRequire(import.meta.url)('wechat-api');
const [socket, base, appid, secretFile, template] = process.argv.slice(2);

const api = new WechatAPI(appid, readFileSync(secretFile, 'utf8').trim());
api.endpoint = base;
const agent = new http.Agent({ keepAlive: true });
api.setOpts({ agent, timeout: 15_000 });

const data = {
    thing1: { value: '今天还没签到，来一下就好' },
    number2: { value: '0' },
    time3: { value: '23:59' },
    thing4: { value: '21 天走到第 1 天，别断' },
};
const send = (openid, url) => new Promise((done) => {
    api.sendTemplate(openid, template, url, data, (error) => done(error));
});

// Without a token, each of its first calls would fetch one, and each of those ends the one before.
const haveToken = () => new Promise((done, fail) => {
    api.getLatestToken((error) => (error ? fail(error) : done()));
});

async function sendAll({ openids, concurrency, url }) {
    await haveToken();
    const failures = [];
    let next = 0;
    const lane = async () => {
        while (next < openids.length) {
            const error = await send(openids[next++], url);
            if (error) failures.push(String(error));
        }
    };
    await Promise.all(Array.from({ length: concurrency }, lane));
    return { failed: failures.length, why: failures[0] ?? '' };
}

net.createServer({ allowHalfOpen: true }, (client) => {
    let order = '';
    client.on('error', () => {}); // somebody who only looked whether we are here
    client.on('data', (chunk) => { order += chunk; });
    client.on('end', async () => {
        client.end(order && JSON.stringify(await sendAll(JSON.parse(order))));
    });
}).listen(socket);
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
