// A script of store/lua, put together as store/lua/embed.cmake does.

import { readFileSync, readdirSync } from 'node:fs';

const LUA = new URL('../../store/lua/', import.meta.url);
const read = (name) => readFileSync(new URL(name, LUA), 'utf8');

export function script(verb) {
    let text = read(`${verb}.lua`);
    for (const name of readdirSync(new URL('lib/', LUA)).filter((file) => file.endsWith('.lua')).sort().reverse())
        if (name === '1_turn.lua' || text.includes(`${name.match(/_(.*)\.lua/)[1]}.`))
            text = read(`lib/${name}`) + text;
    return text;
}
