// Times as WeChat writes them between messages: 下午 3:20, 昨天 下午 3:20, 星期三 …, 11月3日 …

const GAP_MS = 5 * 60 * 1000; // WeChat says the time again after five minutes of silence
const DAY_MS = 24 * 60 * 60 * 1000;
const PERIODS = [[6, '凌晨'], [9, '早上'], [12, '上午'], [13, '中午'], [18, '下午'], [24, '晚上']];

function clock(date) {
    const hour = date.getHours();
    const [, period] = PERIODS.find(([until]) => hour < until);
    return `${period} ${hour % 12 || 12}:${String(date.getMinutes()).padStart(2, '0')}`;
}

const dayOf = (date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY_MS;

export function when(ms, now = Date.now()) {
    const date = new Date(ms);
    const today = new Date(now);
    const ago = dayOf(today) - dayOf(date);
    if (ago === 0) return clock(date);
    if (ago === 1) return `昨天 ${clock(date)}`;
    if (ago > 1 && ago < 7) return `星期${'日一二三四五六'[date.getDay()]} ${clock(date)}`;
    const year = date.getFullYear() === today.getFullYear() ? '' : `${date.getFullYear()}年`;
    return `${year}${date.getMonth() + 1}月${date.getDate()}日 ${clock(date)}`;
}

export const needsTime = (item, before) => !before || item.time - before.time > GAP_MS;

export function exact(ms) {
    const d = new Date(ms);
    const two = (n) => String(n).padStart(2, '0');
    const time = [d.getHours(), d.getMinutes(), d.getSeconds()].map(two).join(':');
    return `${time}.${String(d.getMilliseconds()).padStart(3, '0')}`;
}

export function statusBar(ms) {
    const d = new Date(ms);
    return `${d.getHours()}:${String(d.getMinutes()).padStart(2, '0')}`;
}
