// Many learners at once: each a new one, who checks in once, at moments that do not wait for the
// answers.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { sleep } from './instance.mjs';
import { accounts, somebody, text } from './wechat.mjs';

// The wordings of an entry of the starter pack's copy, each by its first line.
export function wordings(entry) {
    const copy = fs.readFileSync('templates/starter/copy.yaml', 'utf8');
    const block = copy.match(new RegExp(`^${entry}:\n((?:  .*\n|\n)+)`, 'm'))[1];
    return [...block.matchAll(/^  - (?:\|-\n    )?(.*)$/gm)].map(match => match[1]);
}

const BUSY = wordings('busy');

// What a check-in was answered: 'done', 'busy', 'later' (success, and nothing more now) or what was
// wrong with the answer.
export function kind_of(answer) {
    if (answer.status !== 200)
        return `status ${answer.status} ${answer.why ?? ''}`;
    if (answer.plain === 'success')
        return 'later';
    if (BUSY.some(wording => answer.content.startsWith(wording)))
        return 'busy';
    return /\+10/.test(answer.content) ? 'done' : `unexpected: ${answer.plain}`;
}

const crowds = new Set();

// For the end of a test: a crowd that went on because something failed would keep it from ending.
export const disperse = () => crowds.forEach(crowd => { crowd.going = false; });

export class Crowd {
    // `push` delivers a message: deliver(), or insist(). `phase` is noted with each answer.
    constructor(rate, push, account = accounts.demo) {
        Object.assign(this, { rate, push, account, phase: 'before', answers: [], sent: 0, going: true,
            waiting: {} });
        crowds.add(this);
        this.ended = this.go();
    }

    async go() {
        const begun = performance.now(), waiting = [];
        while (this.going) {
            while (this.sent < (performance.now() - begun) / 1000 * this.rate) {
                this.sent++;
                waiting.push(this.one());
            }
            await sleep(5);
        }
        await Promise.all(waiting);
    }

    async one() {
        const openid = somebody(), phase = this.phase;
        this.waiting[phase] = (this.waiting[phase] ?? 0) + 1;
        const answer = await this.push(this.account, text(this.account, openid, '签到'));
        this.waiting[phase]--;
        this.answers.push({ openid, phase, ms: answer.ms, kind: kind_of(answer), attempt: answer.attempt });
    }

    // Ends it, after the last answer. Returns what was answered how often.
    async stop() {
        this.going = false;
        await this.ended;
        return this.summary();
    }

    summary() {
        const counts = {};
        for (const { phase, kind, ms } of this.answers) {
            const count = counts[`${phase}: ${kind}`] ??= { times: 0, slowest_ms: 0 };
            count.times++;
            count.slowest_ms = Math.max(count.slowest_ms, Math.round(ms));
        }
        return counts;
    }

    // Who was told so has the points, and nobody has them twice.
    async check_points(redis) {
        const lines = await redis.stream(`{${this.account.name}}:ledger`), times = new Map();
        for (const line of lines)
            times.set(line.n, (times.get(line.n) ?? 0) + 1);
        for (const { openid, kind, phase } of this.answers) {
            const { n, xp = 0 } = await redis.hash(`{${this.account.name}}:learner:${openid}`);
            const counted = times.get(n) ?? 0;
            assert.ok(counted <= 1, `${openid} (${phase}) was counted ${counted} times`);
            if (kind === 'done')
                assert.equal(counted, 1, `${openid} (${phase}) was told 签到 had counted`);
            assert.equal(Number(xp), counted * 10);
        }
    }
}
