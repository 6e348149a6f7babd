// The sandbox's page API (tests/sandbox/API.md), through nginx as the page reaches it.

import assert from 'node:assert/strict';
import { until, url } from './instance.mjs';

async function call(method, route, body) {
    const got = await fetch(`${url}/sandbox/api/${route}`, { method, body: body && JSON.stringify(body) });
    const json = await got.json();
    assert.equal(got.status, 200, `${method} ${route}: ${JSON.stringify(json)}`);
    return json;
}

export const state = () => call('GET', 'state');
export const fault = settings => call('POST', 'fault', settings);
export const no_faults = () => fault({ clear: true });
export const expire_token = account => call('POST', 'token/expire', { account });
export const token_life = (account, life) => call('POST', 'token/life', { account, ...life });

export const sent = async (account, openid) =>
    (await call('GET', `sent?account=${account}${openid ? `&openid=${openid}` : ''}`)).sent;
export const calls = async account => (await call('GET', `sent?account=${account}`)).calls;
export const raw = seq => call('GET', `raw?seq=${seq}`);

export const people = async account =>
    (await state()).accounts.find(one => one.name === account).people;

const used = {};

// Somebody of the account whom no other part of the test has to do with.
export async function person(account = 'demo') {
    used[account] = (used[account] ?? -1) + 1;
    const one = (await people(account))[used[account]];
    assert.ok(one, 'the sandbox has no more people: start it with --people');
    return new Person(account, one.openid);
}

export class Person {
    constructor(account, openid) {
        this.account = account;
        this.openid = openid;
    }

    async feed(after = 0) {
        const chat = `account=${this.account}&openid=${this.openid}`;
        return (await call('GET', `feed?${chat}&after=${after}`)).items;
    }

    // Does something; returns the seq of what was done.
    async act(type, rest = {}) {
        return (await call('POST', 'act', { account: this.account, openid: this.openid, type, ...rest }))
            .seq;
    }

    // … and waits for the account's answer to it.
    async does(type, rest) {
        const seq = await this.act(type, rest);
        return until(async () => (await this.feed(seq)).find(item => item.re === seq),
            `an answer to ${type} ${JSON.stringify(rest ?? {})}`, 20);
    }

    sent() {
        return sent(this.account, this.openid);
    }
}
