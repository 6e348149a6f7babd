// The sandbox's HTTP API (tests/sandbox/API.md), one function a call. What goes wrong on the way is
// thrown as Trouble, with the status if there was one.

export class Trouble extends Error {
    constructor(message, status = 0) {
        super(message);
        this.status = status;
    }
}

async function ask(path, options = {}) {
    let response;
    try {
        response = await fetch(`api/${path}`, options);
    } catch (error) {
        throw new Trouble(error.message);
    }
    const body = await response.json().catch(() => null);
    if (!response.ok || body === null) throw new Trouble(body?.error ?? 'no JSON', response.status);
    return body;
}

export const state = () => ask('state');

// wait: seconds the sandbox may hold the answer back until there is something new
export function feed(chat, wait, signal) {
    const query = new URLSearchParams({
        account: chat.account, openid: chat.openid, after: chat.seq, wait,
    });
    return ask(`feed?${query}`, { signal });
}

const tell = (path, body) => ask(path, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
});

export const act = (chat, type, fields) => tell('act', { account: chat.account, openid: chat.openid, type, ...fields });

// The bytes the account uploaded, or a person sent.
export const mediaUrl = (account, mediaId) => `api/media?${new URLSearchParams({ account, media_id: mediaId })}`;

export const raw = (seq) => ask(`raw?seq=${seq}`);

// Codes with a scene that the account has made.
export const qrcodes = (account) => ask(`qrcodes?${new URLSearchParams({ account })}`);

// Kinds of notices the account may ask people to accept.
export const notices = (account) => ask(`notices?${new URLSearchParams({ account })}`);

// What goes wrong, on purpose.
export const faults = () => ask('faults');
export const fault = (settings) => tell('fault', settings);
export const clock = () => ask('clock');
export const setClock = (seconds) => tell('clock', { offset_s: seconds });
export const expireToken = (account) => tell('token/expire', { account });

// People who follow, chat and tap by themselves.
export const crowd = (account) => ask(`crowd?${new URLSearchParams({ account })}`);
export const startCrowd = (account, settings) => tell('crowd', { account, ...settings });
export const stopCrowd = (account) => tell('crowd/stop', { account });
