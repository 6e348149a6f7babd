// What tests/bench/api measures in: Redis, nginx and serve as for tests/bench/callback, with the
// sandbox, `day21 work` and npm's wechat-api besides.

import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import net from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { accounts } from './accounts.mjs';
import { Instance } from './instance.mjs';
import { load, script } from './script.mjs';

export const account = accounts.safe;
const tag = `{${account.name}}`;
const DAY_S = 86400;
const SHANGHAI_S = 8 * 3600;

export class Place extends Instance {
    constructor({ build, concurrency }) {
        super({
            build, fsync: 'always',
            contestants: [{ name: 'day21', program: 'day21', title: 'Day21', processes: 1 }],
        });
        this.concurrency = concurrency;
        mkdirSync(`${this.directory}/sandbox`, { mode: 0o700 });
    }

    async start() {
        await super.start();
        const config = `${this.directory}/run/day21.yaml`;
        this.part('sandbox', [`${this.build}/day21-sandbox`, '-c', config, '--listen',
            this.socket('sandbox'), '--state', `${this.directory}/sandbox`]);
        await this.answers(this.socket('sandbox'));
        this.work = this.part('work', [`${this.build}/day21`, 'work', '-c', config]);
        await this.until(() => this.log('work').includes('work: ready'), 'work is ready');
        const template = readFileSync(config, 'utf8').match(/notice: streak_at_risk\s+id: (\S+)/)[1];
        this.sender = this.part('sender', [process.execPath, 'tests/bench/sender.mjs',
            this.socket('sender'), `http://127.0.0.1:${this.port}/sandbox/wechat`, account.appid,
            `${this.directory}/secrets/${account.name}`, template]);
        await this.answers(this.socket('sender'));
        await load(this.redis);
    }

    end() {
        this.work?.child.kill('SIGCONT');
        return super.end();
    }

    day21Config(contestant) {
        return super.day21Config(contestant).replaceAll('127.0.0.1:8021', `127.0.0.1:${this.port}`)
            .replace(/^( *concurrency: ).*$/m, `$1${this.concurrency}`);
    }

    async until(condition, what, seconds = 60) {
        for (const end = Date.now() + seconds * 1000; ;) {
            const value = await condition();
            if (value) return value;
            this.check();
            if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
            await sleep(10);
        }
    }

    // ---- the sandbox ----

    async sandbox(path, body) {
        const got = await fetch(`http://127.0.0.1:${this.port}/sandbox/api/${path}`,
            body && { method: 'POST', body: JSON.stringify(body) });
        if (!got.ok) throw new Error(`${path}: ${got.status} ${await got.text()}`);
        return got.json();
    }

    latency(ms) {
        return this.sandbox('fault', ms === 0 ? { clear: true } : {
            account: account.name, endpoint: 'message/template/send', latency_ms: ms, times: 0,
        });
    }

    // What the sandbox has been sent, and how often each endpoint was called.
    sent(openid) {
        return this.sandbox(`sent?account=${account.name}${openid ? `&openid=${openid}` : ''}`);
    }

    // So many people who follow, each known to the bot by its own answer to the event.
    async followers(count) {
        const script_of = [{ type: 'view', url: 'http://127.0.0.1/' }];
        await this.sandbox('crowd', {
            account: account.name, people: count * 10, rate: 0, seconds: 300, script: script_of,
        });
        const crowd = () => this.sandbox(`crowd?account=${account.name}`);
        await this.until(async () => (await crowd()).follows >= count, 'the crowd follows', 300);
        await this.sandbox('crowd/stop', { account: account.name });
        await this.until(async () => (await crowd()).in_flight === 0, 'the crowd is answered');
        const { failed } = await crowd();
        if (failed) throw new Error(`${failed} of the crowd got no answer`);
        const keys = await this.redis.keys(`${tag}:learner:*`);
        return keys.map((key) => key.slice(`${tag}:learner:`.length)).sort().slice(0, count);
    }

    // ---- sending ----

    // By way of the outbox. work is stopped while it fills; its tick is due when it goes on.
    async byDay21(openids, serial) {
        const stoppedAt = performance.now();
        this.work.child.kill('SIGSTOP');
        await this.put(openids, serial);
        await sleep(Math.max(0, 1200 - (performance.now() - stoppedAt))); // work.tick_ms and some
        return this.clocked(this.work, async () => {
            this.work.child.kill('SIGCONT');
            await this.until(async () => await this.redis.xlen(`${tag}:outbox`) === 0,
                'all is settled');
        });
    }

    async put(openids, serial) {
        const now = Math.floor(Date.now() / 1000);
        const day = Math.floor((now + SHANGHAI_S) / DAY_S);
        const results = await Promise.all(openids.map((openid) => this.redis.fcall(
            script('put'), 1, tag, '', openid, now, day, 0, `bench${serial}:${openid}`, 'notice',
            'streak_at_risk', '', 1,
        )));
        if (results.some((result) => result !== 1)) throw new Error('not all could be put');
    }

    async byWechatApi(openids, concurrency) {
        const url = `http://127.0.0.1:${this.port}/h5/${account.name}/course/day-01`;
        return this.clocked(this.sender, async () => {
            const socket = net.connect(this.socket('sender'));
            socket.end(JSON.stringify({ openids, concurrency, url }));
            const { failed, why } = await json(socket);
            if (failed) throw new Error(`wechat-api failed ${failed} times: ${why}`);
        });
    }

    // Seconds, and microseconds of processor time of the sender and of Redis.
    async clocked({ child }, doing) {
        const redis = this.parts[0].child.pid;
        const cpu = () => [child.pid, redis].map(cpuNs);
        const before = cpu(), begun = performance.now();
        await doing();
        const seconds = (performance.now() - begun) / 1000;
        const [own, store] = cpu().map((after, i) => (after - before[i]) / 1000);
        return { seconds, own, store };
    }
}

// Of all threads; none ends here.
const cpuNs = (pid) => readdirSync(`/proc/${pid}/task`)
    .map((task) => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]))
    .reduce((sum, ns) => sum + ns, 0);
