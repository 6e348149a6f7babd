// Redis, nginx, and every contestant behind it, in a directory of their own: started once, so that
// what compiles as it runs stays warm. Settings come from config/: the same Redis and the same nginx
// for all, but for the way nginx passes a request on.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import Redis from 'ioredis';

const PATIENCE_MS = 20_000;
const read = (file) => readFileSync(file, 'utf8');

export class Instance {
    // contestants: [{ name, program: 'day21' or an argument of peer.mjs, processes }]
    constructor({ build, fsync, pipelining, contestants }) {
        Object.assign(this, { build, fsync, pipelining, contestants, parts: [] });
        this.directory = mkdtempSync('/tmp/day21-bench-');
        for (const name of ['run', 'log', 'redis', 'nginx', 'secrets']) {
            mkdirSync(`${this.directory}/${name}`, { mode: 0o700 });
        }
        for (const name of ['demo', 'plain']) {
            writeFileSync(`${this.directory}/secrets/${name}`, 'for-measuring-only', { mode: 0o600 });
        }
    }

    socket(name) {
        return `${this.directory}/run/${name}.sock`;
    }

    log(name) {
        return read(`${this.directory}/log/${name}.log`);
    }

    async start() {
        this.port = await freePort();
        this.part('redis', ['redis-server', this.write('redis.conf', this.redisConf())]);
        await this.answers(this.socket('redis'));
        this.redis = new Redis({ path: this.socket('redis') });
        for (const contestant of this.contestants) this.startContestant(contestant);
        for (const contestant of this.contestants) {
            for (const socket of contestant.sockets) await this.answers(socket);
        }
        const user = process.getuid() === 0 ? 'user root;' : '';
        this.nginx = this.part('nginx', [
            'nginx', '-e', `${this.directory}/log/nginx.error.log`, '-p', `${process.cwd()}/`,
            '-c', this.write('nginx.conf', this.nginxConf()), '-g', `daemon off; ${user}`,
        ]);
        await this.answers(this.port);
    }

    startContestant(contestant) {
        const { name, program, processes } = contestant;
        if (program === 'day21') { // one socket, however many processes
            contestant.sockets = [this.socket(name)];
            const config = this.write(`${name}.yaml`, this.day21Config(contestant));
            contestant.parts = [this.part(name, [`${this.build}/day21`, 'serve', '-c', config])];
            return;
        }
        const names = Array.from({ length: processes }, (_, i) => `${name}.${i}`);
        contestant.sockets = names.map((each) => this.socket(each));
        contestant.parts = names.map((each) => this.part(each, [
            process.execPath, 'tests/bench/peer.mjs', program, this.socket(each),
            this.socket('redis'), ...(this.pipelining ? ['pipelining'] : []),
        ]));
    }

    part(name, command) {
        const log = openSync(`${this.directory}/log/${name}.log`, 'a');
        // Should this process be killed outright, its parts are told to end.
        const child = spawn('setpriv', ['--pdeathsig', 'TERM', '--', ...command], {
            stdio: ['ignore', log, log],
            env: { ...process.env, NODE_ENV: 'production', NODE_NO_WARNINGS: '1' },
        });
        const part = { name, child, ended: new Promise((done) => child.once('exit', done)) };
        child.once('error', (error) => { part.error = error; });
        this.parts.push(part);
        return part;
    }

    // Throws when a part has ended, with the last it said.
    check() {
        for (const { name, child, error } of this.parts) {
            if (!error && child.exitCode === null && child.signalCode === null) continue;
            const said = this.log(name).split('\n').slice(-15).join('\n');
            throw new Error(`${name} ended (${error ?? child.exitCode ?? child.signalCode})\n${said}`);
        }
    }

    async answers(address) {
        const deadline = Date.now() + PATIENCE_MS;
        while (!(await connects(address))) {
            this.check();
            if (Date.now() > deadline) throw new Error(`nobody answers on ${address}`);
            await sleep(50);
        }
    }

    stop() {
        this.stopped ??= this.end();
        return this.stopped;
    }

    async end() {
        this.redis?.disconnect();
        for (const { child, ended } of [...this.parts].reverse()) {
            if (child.exitCode !== null || child.signalCode !== null || !child.pid) continue;
            child.kill('SIGTERM');
            const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
            await ended;
            clearTimeout(late);
        }
        this.complaints = this.parts.flatMap(({ name }) => sanitizers(this.log(name)));
        rmSync(this.directory, { recursive: true, force: true });
    }

    // ---- configuration ----

    write(name, text) {
        const file = `${this.directory}/run/${name}`;
        writeFileSync(file, text);
        return file;
    }

    // As config/up does for another place than var.
    moved(file) {
        return read(file).replace(/(^|[^\w./-])var\//gm, `$1${this.directory}/`);
    }

    redisConf() {
        const text = replaced(this.moved('config/redis.conf'), /^appendfsync .*$/m,
            `appendfsync ${this.fsync}`);
        // The file is rewritten between two measurements, never in the middle of one.
        return `${text}\nauto-aof-rewrite-percentage 0\n`;
    }

    day21Config({ name, processes }) {
        let text = this.moved('config/day21.yaml');
        text = replaced(text, /^listen: .*$/m, `listen: ${this.socket(name)}`);
        return replaced(text, /^processes: .*$/m, `processes: ${processes}`);
    }

    // config/nginx.conf with its `server` once for each contestant, chosen by Host.
    nginxConf() {
        const text = this.moved('config/nginx.conf');
        const [server] = text.match(/^    server \{\n[^]*?^    \}\n/m) ?? [];
        if (!server) throw new Error('config/nginx.conf has no server block');
        const blocks = this.contestants.map(({ name, program, sockets }) => {
            const members = sockets.map((socket) => `        server unix:${socket};\n`).join('');
            const upstream = `    upstream ${name} {\n${members}        keepalive 32;\n    }\n`;
            const pass = program === 'day21' ? `fastcgi_pass ${name};` : `
            proxy_pass http://${name};
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_connect_timeout 2s;
            proxy_send_timeout 6s;
            proxy_read_timeout 6s;
            proxy_next_upstream off;`;
            const own = replaced(server, /listen .*;/, `listen 127.0.0.1:${this.port};
        server_name ${name};`);
            return upstream + replaced(own, /(location \/wx\/ \{[^}]*)fastcgi_pass serve;/, `$1${pass}`);
        });
        return text.replace(server, () => blocks.join('\n'));
    }

    // ---- looking ----

    // The process ids of a contestant, or of nginx: each part and its children.
    pids(parts) {
        return parts.flatMap(({ child: { pid } }) => [
            pid, ...read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number),
        ]);
    }

    rssKb(parts) {
        return this.pids(parts)
            .map((pid) => Number(read(`/proc/${pid}/status`).match(/^VmRSS:\s+(\d+)/m)?.[1] ?? 0))
            .reduce((sum, kb) => sum + kb, 0);
    }

    // Nothing of an earlier run is left, neither in memory nor in the append-only file.
    async empty() {
        await this.redis.flushall('SYNC');
        await this.redis.bgrewriteaof();
        const busy = /aof_rewrite_(in_progress|scheduled):1/;
        while (busy.test(await this.redis.info('persistence'))) await sleep(20);
    }

    // What an account's learners have: how many they are, how many were active, and points by the ledger.
    async points(account) {
        const [learners, lines, active, ledger] = await this.redis.eval(COUNT, 1, `{${account}}`);
        return { learners: Number(learners), lines, active, ledger };
    }
}

const COUNT = `
local ledger, lines, from = 0, 0, '-'
repeat
  local part = redis.call('XRANGE', KEYS[1] .. ':ledger', from, '+', 'COUNT', 1000)
  for _, entry in ipairs(part) do
    lines, from = lines + 1, '(' .. entry[1]
    for i = 1, #entry[2], 2 do
      if entry[2][i] == 'points' then ledger = ledger + tonumber(entry[2][i + 1]) end
    end
  end
until #part < 1000
local active = 0
for _, day in ipairs(redis.call('KEYS', KEYS[1] .. ':active:*')) do
  active = active + redis.call('BITCOUNT', day)
end
return { redis.call('GET', KEYS[1] .. ':learners') or '0', lines, active, ledger }`;

function replaced(text, pattern, by) {
    if (!pattern.test(text)) throw new Error(`${pattern} is not in the configuration any more`);
    return text.replace(pattern, by);
}

// What a program built with sanitizers had to say, if it had.
function sanitizers(log) {
    return log.match(/^.*(runtime error:|(Address|Leak|UndefinedBehavior)Sanitizer)[^]{0,3000}/m) ?? [];
}

function connects(address) {
    return new Promise((done) => {
        const socket = net.connect(typeof address === 'number'
            ? { host: '127.0.0.1', port: address } : { path: address });
        socket.once('connect', () => { socket.destroy(); done(true); });
        socket.once('error', () => done(false));
    });
}

function freePort() {
    return new Promise((done, fail) => {
        const server = net.createServer().once('error', fail);
        server.listen(0, '127.0.0.1', () => {
            const { port } = server.address();
            server.close(() => done(port));
        });
    });
}
