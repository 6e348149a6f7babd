// The sandbox's HTTP API (tests/sandbox/API.md), one function a call. Failures throw.

async function ask(path, options = {}) {
    const response = await fetch(`api/${path}`, options);
    const body = await response.json().catch(() => null);
    if (!response.ok || body === null) {
        const error = new Error(body?.error ?? `HTTP ${response.status}`);
        error.status = response.status;
        throw error;
    }
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

export function act(chat, type, fields) {
    return ask('act', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ account: chat.account, openid: chat.openid, type, ...fields }),
    });
}

export const raw = (seq) => ask(`raw?seq=${seq}`);
