// A clock that the test moves: what it starts with start() and runs with day21() from the first set() on
// lives by it, Redis too (tests/fixture/clock.c). Timers keep the real seconds, so that a night is over at
// once and nothing runs into a timeout. nginx and the test itself stay in the present.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { environment, variable } from './instance.mjs';

let file, ahead_ms;

// Milliseconds since 1970 by this clock.
export const now = () => Date.now() + ahead_ms;

function begin() {
    const name = path.join(variable, 'run/clock');
    file = fs.openSync(name, 'w');
    Object.assign(environment, {
        LD_PRELOAD: path.resolve(process.env.DAY21_BUILD, 'tests/clock.so'),
        DAY21_CLOCK: name,
        // AddressSanitizer wants to be the first library, and works as the second
        ASAN_OPTIONS: [process.env.ASAN_OPTIONS, 'verify_asan_link_order=0'].filter(Boolean).join(':'),
    });
}

// Puts it to "2026-11-23 08:05:00" in Shanghai, from where it goes on; never back.
export function set(moment) {
    const to = Date.parse(`${moment.replace(' ', 'T')}+08:00`);
    assert.ok(ahead_ms === undefined || to >= now(), `${moment} is over`);
    ahead_ms = to - Date.now();
    if (!file)
        begin();
    fs.writeSync(file, new BigInt64Array([BigInt(ahead_ms) * 1_000_000n]), 0, 8, 0);
}
