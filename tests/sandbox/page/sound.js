// Voices and music, one at a time, as on a phone.

import { ref } from './vue.js';
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
