// The library of store/lua, put together as store/lua/embed.cmake does, under a name of its own.

import { readFileSync, readdirSync } from 'node:fs';

const LUA = new URL('../../store/lua/', import.meta.url);
const NAME = 'bench';
const files = (folder) => readdirSync(new URL(folder, LUA)).filter((file) => file.endsWith('.lua')).sort();
const read = (file) => readFileSync(new URL(file, LUA), 'utf8');

export function library() {
    const libs = files('lib/').map((file) => read(`lib/${file}`));
    const verbs = files('.').map((file) => `redis.register_function('${NAME}_${file.replace('.lua', '')}', function(keys, args)
  KEYS, ARGV = keys, args
  turn.begin()
  return (function()
${read(file)}
  end)()
end)
`);
    return [`#!lua name=${NAME}\nlocal KEYS, ARGV\n`, ...libs, ...verbs].join('');
}

// Has Redis load it; then it is called as FCALL `script(verb)` ….
export async function load(redis) {
    await redis.call('FUNCTION', 'LOAD', 'REPLACE', library());
}

export const script = (verb) => `${NAME}_${verb}`;
