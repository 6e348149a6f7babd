// The instance that tests/instance has started for a test, and the parts of it that a test runs
// itself, so that it can stop, kill and start them again. Which parts config/up shall leave to the
// test stands in its first line:   // instance: --without serve,work --

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Redis } from './redis.mjs';

export const url = process.env.DAY21_URL, variable = process.env.DAY21_VAR;
const build = process.env.DAY21_BUILD, configuration = process.env.DAY21_CONFIG;
assert.ok(url && variable && build && configuration, 'run by tests/instance');
export const program = path.join(build, 'day21');

// Of what the test starts and runs; lib/clock.mjs puts a clock there.
export const environment = { ...process.env };

export const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

// Waits until `condition` returns something true, and returns that.
export async function until(condition, what, seconds = 30) {
    for (const end = Date.now() + seconds * 1000; ;) {
        const value = await condition();
        if (value)
            return value;
        if (Date.now() > end)
            assert.fail(`not within ${seconds} s: ${what}`);
        await sleep(20);
    }
}

// The days of both accounts are Shanghai's. A test that would run over midnight waits for it.
export async function away_from_midnight(seconds = 60) {
    const left = 86400 - (Date.now() / 1000 + 8 * 3600) % 86400;
    if (left < seconds)
        await sleep((left + 1) * 1000);
}

// ---- logs ----

const log_file = name => path.join(variable, 'log', `${name}.log`);
export const log = name =>
    fs.existsSync(log_file(name)) ? fs.readFileSync(log_file(name), 'utf8') : '';

// ---- parts ----

// The instance's configuration with some settings changed, as a file of this name.
export function configured(name, settings = {}) {
    let text = fs.readFileSync(configuration, 'utf8');
    for (const [key, value] of Object.entries(settings)) {
        const line = new RegExp(`^( *${key}: ).*$`, 'm');
        assert.match(text, line, `no setting ${key}`);
        text = text.replace(line, `$1${value}`);
    }
    const file = path.join(variable, 'run', `${name}.yaml`);
    fs.writeFileSync(file, text);
    return file;
}

const answers = async (route, patience = 5000) => {
    const got = await fetch(url + route, { signal: AbortSignal.timeout(patience) })
        .catch(() => null);
    await got?.arrayBuffer();
    return got?.status === 200;
};

const said_ready = part => log(part.name).slice(part.log_from).includes(`${part.name}: ready`);

// program, arguments after the configuration, and when it is there
const kinds = {
    redis: {
        // Past a limit on files a write shall fail, as on a full disk, not end it.
        command: (config, args) => ['env', '--ignore-signal=XFSZ', 'redis-server', path.join(variable, 'run/redis.conf'), ...args],
        ready: () => redis().then(one => one.say('PING').finally(() => one.close()), () => false)
            .catch(() => false),
    },
    sandbox: {
        command: (config, args) => [path.join(build, 'day21-sandbox'), '-c', config, '--listen',
            path.join(variable, 'run/sandbox.sock'), '--state', path.join(variable, 'sandbox'),
            ...args],
        ready: () => answers('/sandbox/api/state'),
    },
    serve: {
        command: config => [program, 'serve', '-c', config],
        ready: part => said_ready(part) && answers('/healthz'),
    },
    work: {
        command: config => [program, 'work', '-c', config],
        ready: said_ready,
    },
};

export const children_of = pid => fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ').filter(Boolean).map(Number);

const running = new Set();
process.on('exit', () => running.forEach(part => part.process.kill('SIGKILL')));

class Part {
    signal(name) {
        this.process.kill(name);
    }

    // Resolves to the exit status, or the name of the signal that ended it.
    async end(signal = 'SIGTERM') {
        const hold = setInterval(() => {}, 1000); // the process is not, the loop would end
        this.signal(signal);
        await this.ended;
        clearInterval(hold);
        return this.status;
    }

    get children() {
        return children_of(this.process.pid);
    }
}

// Starts redis, sandbox, serve or work. Its log is that of config/up.
export function launch(name, settings = {}, args = []) {
    const part = new Part();
    const [file, ...rest] = kinds[name].command(configured(name, settings), args);
    const out = fs.openSync(log_file(name), 'a');
    part.name = name;
    part.log_from = log(name).length;
    part.process = spawn(file, rest, { stdio: ['ignore', out, out], env: environment });
    part.process.unref();
    fs.closeSync(out);
    running.add(part);
    part.ended = new Promise(resolve => part.process.on('exit', (code, signal) => {
        running.delete(part);
        part.status = code ?? signal;
        resolve(part.status);
    }));
    part.process.on('error', error => { part.status = error.message; });
    return part;
}

// Likewise, and waits until it is there.
export async function start(name, settings = {}, args = []) {
    const part = launch(name, settings, args);
    await until(async () => {
        assert.equal(part.status, undefined, `${name} has ended:\n${log(name).slice(-2000)}`);
        return kinds[name].ready(part);
    }, `${name} is ready`);
    return part;
}

// Ends what the test has started, in order, so that a sanitizer can say what it found at the end.
export async function end_all() {
    for (const part of [...running].reverse()) {
        const status = await part.end();
        assert.equal(status, 0, `${part.name} ended with ${status}:\n${log(part.name).slice(-2000)}`);
    }
}

export const redis = () => Redis.connect(path.join(variable, 'run/redis.sock'));

// Runs a verb of day21. Returns { status, out, err }.
export const day21 = (...args) => new Promise(resolve =>
    execFile(program, [...args, '-c', configuration], { env: environment },
        (error, out, err) => resolve({ status: error ? error.code : 0, out, err })));
