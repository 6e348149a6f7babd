// instance: --without serve,work,sandbox --
// What nginx writes when day21 is not there, or hangs: that it was so, and no query: those carry
// signatures and openids.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { log, until, url, variable } from './lib/instance.mjs';

const socket = path.join(variable, 'run/serve.sock');
const QUERY = '?signature=5ec2e7&timestamp=1&nonce=2&openid=oSecretSecret';
const ask = (where, options) => fetch(url + where + QUERY, options).then(answer => answer.status);
const told = (...words) => until(() => log('nginx.access').split('\n').some(line => words.every(word =>
    line.includes(word))), `the log says ${words.join(' ')}`);

// serve with no more than its socket.
async function listening(act, on_connection = () => {}) {
    const sockets = [], server = net.createServer(one => {
        sockets.push(one.on('error', () => {}));
        on_connection(one);
    });
    await new Promise(done => server.listen(socket, done));
    await act();
    sockets.forEach(one => one.destroy());
    await new Promise(done => server.close(done));
}

test('no socket, a socket nobody listens at, one that closes, one that is silent', async () => {
    assert.equal(await ask('/wx/demo'), 502);
    await told(' GET /wx/demo 502 ');
    await listening(() => fs.renameSync(socket, `${socket}.dead`));
    fs.renameSync(`${socket}.dead`, socket);
    assert.equal(await ask('/wx/dead', { method: 'POST', body: '<xml/>' }), 502);
    await told(' POST /wx/dead 502 ');
    fs.unlinkSync(socket);
    await listening(async () => assert.equal(await ask('/wx/closed'), 502), one => one.destroy());
    await listening(async () => assert.equal(await ask('/h5/silent'), 504));
    await told(' GET /h5/silent 504 ');
});

test('a page that names a file there is not, and a message that is too long', async () => {
    assert.equal(await ask('/h5/static/none.js', { headers: { referer: `${url}/h5/course${QUERY}` } }), 404);
    await told(' GET /h5/static/none.js 404 ');
    assert.equal(await ask('/wx/long', { method: 'POST', body: 'x'.repeat(70000) }), 413);
    await told(' POST /wx/long 413 ');
});

test('no query is in any log', () => {
    for (const name of ['nginx.access', 'nginx.error'])
        assert.doesNotMatch(log(name), /5ec2e7|oSecret/, name);
});
