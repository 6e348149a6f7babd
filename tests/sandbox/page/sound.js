// Voices and music, one at a time, as on a phone.

import { reactive, ref } from './vue.js';
import { toast } from './session.js';

export const playing = ref(null); // the item that sounds

let audio = null;

export function hush() {
    audio?.pause();
    audio = null;
    playing.value = null;
}

// Starts it, or stops it when it is the one that sounds.
export function play(item, src) {
    const again = playing.value?.seq === item.seq;
    hush();
    if (again) return;
    const mine = new Audio(src);
    const over = () => { if (audio === mine) hush(); };
    audio = mine;
    playing.value = item;
    mine.addEventListener('ended', over);
    mine.play().catch(() => {
        if (audio === mine) toast('这段声音在浏览器里放不出来');
        over();
    });
}

const lengths = reactive({});
const measured = new Set();

// Seconds, 0 while or when they are not known.
export function secondsOf(src) {
    if (!measured.has(src)) {
        measured.add(src);
        const probe = new Audio();
        probe.preload = 'metadata';
        probe.addEventListener('loadedmetadata', () => {
            if (Number.isFinite(probe.duration)) lengths[src] = probe.duration;
        });
        probe.src = src;
    }
    return lengths[src] ?? 0;
}
