// instance: --without serve,work,sandbox --
// serve is restarted under load while somebody else holds its socket, as day21-serve.socket does: every
// message is answered at its first attempt.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { away_from_midnight, configured, log, program, redis as connect, sleep, until, variable } from './lib/instance.mjs';
import { Crowd, disperse } from './lib/crowd.mjs';
import { deliver } from './lib/wechat.mjs';

const RATE = 120; // messages a second

// What systemd does: listens, and for each line it reads starts serve with the socket, saying which
// process that is.
const HOLDER = `
    use Socket;
    $^F = 3; $| = 1; $SIG{CHLD} = 'IGNORE';
    socket(my $socket, PF_UNIX, SOCK_STREAM, 0) or die "no socket: $!";
    bind($socket, sockaddr_un(shift)) && listen($socket, 4096) && fileno($socket) == 3 or die "not bound: $!";
    while (<STDIN>) {
        my $child = fork() // die "no process: $!";
        exec 'sh', '-c', 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"', 'serve', @ARGV unless $child;
        print "$child\\n";
    }`;

const out = fs.openSync(path.join(variable, 'log/serve.log'), 'a');
const holder = spawn('perl', ['-e', HOLDER, path.join(variable, 'run/serve.sock'), program, 'serve', '-c',
    configured('serve')], { stdio: ['pipe', 'pipe', out] });
const children = createInterface({ input: holder.stdout })[Symbol.asyncIterator]();
process.on('exit', () => holder.kill('SIGKILL'));

async function begin() {
    const from = log('serve').length;
    holder.stdin.write('\n');
    const child = Number((await children.next()).value);
    await until(() => log('serve').slice(from).includes('serve: ready'), 'serve is ready');
    return child;
}

async function end(child) {
    process.kill(child, 'SIGTERM');
    await until(() => !fs.existsSync(`/proc/${child}`), 'serve has ended');
}

await away_from_midnight();
const redis = await connect();
let serve = await begin();

test('every message is answered, and at once', async () => {
    const crowd = new Crowd(RATE, deliver);
    for (const phase of ['first', 'second', 'third']) {
        crowd.phase = phase;
        await until(() => crowd.answers.filter(one => one.phase === phase).length >= RATE / 2, phase);
        await end(serve);
        await sleep(500); // systemd checks the configuration between the two
        serve = await begin();
    }
    console.log(await crowd.stop());
    for (const { kind, phase } of crowd.answers)
        assert.equal(kind, 'done', phase);
    assert.equal(crowd.answers.length, crowd.sent);
    await crowd.check_points(redis);
});

test('a socket of another place is refused', async () => {
    await end(serve);
    fs.writeFileSync(path.join(variable, 'run/serve.yaml'), fs.readFileSync(path.join(variable, 'run/serve.yaml'), 'utf8')
        .replace(/^listen: .*$/m, `listen: ${path.join(variable, 'run/other.sock')}`));
    holder.stdin.write('\n');
    await children.next();
    await until(() => /cannot listen on .*other\.sock: the socket that systemd holds is another/.test(log('serve')),
        'it says so');
});

test('end', () => {
    disperse();
    redis.close();
    holder.stdin.end();
});
