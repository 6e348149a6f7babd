// A client of the instance's Redis: one connection, RESP2, each command a promise.

import net from 'node:net';

export class RedisError extends Error {}

// Reads one value from `bytes` at `at`. Returns [value, where it ends], or null while it is not whole.
function read(bytes, at) {
    const end = bytes.indexOf('\r\n', at);
    if (end < 0)
        return null;
    const line = bytes.toString('utf8', at + 1, end), next = end + 2;
    switch (String.fromCharCode(bytes[at])) {
    case '+':
        return [line, next];
    case '-':
        return [new RedisError(line), next];
    case ':':
        return [Number(line), next];
    case '$': {
        const length = Number(line);
        if (length < 0)
            return [null, next];
        return bytes.length < next + length + 2 ? null
            : [bytes.toString('utf8', next, next + length), next + length + 2];
    }
    case '*': {
        const list = [];
        let from = next;
        for (let left = Number(line); left > 0; left--) {
            const value = read(bytes, from);
            if (!value)
                return null;
            list.push(value[0]);
            from = value[1];
        }
        return [list, from];
    }
    default:
        throw new RedisError(`no RESP: ${line}`);
    }
}

const bulk = word => `$${Buffer.byteLength(String(word))}\r\n${word}\r\n`;

export class Redis {
    // Fails when nobody listens on the socket.
    static async connect(path) {
        const redis = new Redis();
        redis.waiting = [];
        redis.bytes = Buffer.alloc(0);
        redis.socket = net.connect(path);
        await new Promise((resolve, reject) => redis.socket.once('connect', resolve)
            .once('error', reject));
        redis.socket.on('data', chunk => redis.take(chunk));
        redis.socket.on('error', () => {});
        redis.socket.on('close', () => {
            for (const { reject } of redis.waiting.splice(0))
                reject(new RedisError('the connection is gone'));
        });
        return redis;
    }

    take(chunk) {
        this.bytes = Buffer.concat([this.bytes, chunk]);
        for (let got; this.bytes.length && (got = read(this.bytes, 0));) {
            this.bytes = this.bytes.subarray(got[1]);
            const { resolve, reject } = this.waiting.shift();
            got[0] instanceof RedisError ? reject(got[0]) : resolve(got[0]);
        }
    }

    say(...words) {
        return new Promise((resolve, reject) => {
            if (this.socket.destroyed)
                return reject(new RedisError('the connection is gone'));
            this.waiting.push({ resolve, reject });
            this.socket.write(`*${words.length}\r\n${words.map(bulk).join('')}`);
        });
    }

    // A hash as an object, {} when there is none.
    async hash(key) {
        const flat = await this.say('HGETALL', key), fields = {};
        for (let i = 0; i < flat.length; i += 2)
            fields[flat[i]] = flat[i + 1];
        return fields;
    }

    // A stream's entries as objects, the oldest first.
    async stream(key) {
        const entries = await this.say('XRANGE', key, '-', '+');
        return entries.map(([, flat]) => Object.fromEntries(
            Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]])));
    }

    // All that Redis holds, as text: to see that nothing has changed.
    async everything() {
        const keys = (await this.say('KEYS', '*')).sort();
        const lines = await Promise.all(keys.map(async key => {
            const type = await this.say('TYPE', key);
            const how = { string: ['GET', key], hash: ['HGETALL', key], set: ['SMEMBERS', key],
                zset: ['ZRANGE', key, 0, -1, 'WITHSCORES'], list: ['LRANGE', key, 0, -1],
                stream: ['XRANGE', key, '-', '+'] }[type];
            const value = await this.say(...how);
            return `${key} ${JSON.stringify(type === 'set' ? value.sort() : value)}`;
        }));
        return lines.join('\n');
    }

    close() {
        this.socket.destroy();
    }
}
