// What shall go wrong: the switches, and what each asks of the sandbox (tests/sandbox/API.md, fault).
// The sandbox keeps what is on; a page that is opened later finds it there.

import { computed, reactive } from './vue.js';
import * as api from './api.js';
import { account, toast } from './session.js';

const RATES = [[0, '关'], [0.1, '十次里一次'], [0.5, '一半'], [1, '每次']];
const WAITS = [[0, '关'], [200, '0.2 秒'], [1000, '1 秒'], [3000, '3 秒'], [6000, '6 秒']];
const CUT_AFTER = 12; // bytes of the answer that still arrive

// value: what the select holds, 0 for off; fault(value): what is armed for it. Of faults that concern
// one call the first that strikes is taken, so what always strikes stands last.
export const SWITCHES = [
    { id: 'error', label: '接口报错', choices: RATES, of: '微信接口',
        fault: (rate) => ({ endpoint: faults.endpoint, errcode: faults.errcode, rate }) },
    { id: 'cut', label: '应答断在半路', choices: RATES, of: '微信接口',
        fault: (rate) => ({ endpoint: '*', cut: CUT_AFTER, rate }) },
    { id: 'drop', label: '办了，应答却丢了', choices: RATES, of: '微信接口',
        fault: (rate) => ({ endpoint: '*', drop: true, rate }) },
    { id: 'slow', label: '接口变慢', choices: WAITS, of: '微信接口',
        fault: (ms) => ({ endpoint: '*', latency_ms: ms, rate: 1 }) },
    { id: 'again', label: '同一条推三遍', choices: RATES, of: '给服务端的推送',
        fault: (rate) => ({ endpoint: 'callback', again: 2, rate }) },
    { id: 'hold', label: '后发的先到', choices: RATES, of: '给服务端的推送',
        fault: (rate) => ({ endpoint: 'callback', hold: true, rate }) },
    { id: 'lost', label: '回复在路上丢了', choices: RATES, of: '给服务端的推送',
        fault: (rate) => ({ endpoint: 'callback', drop: true, rate }) },
    { id: 'late', label: '推送晚到', choices: WAITS, of: '给服务端的推送',
        fault: (ms) => ({ endpoint: 'callback', latency_ms: ms, rate: 1 }) },
];

export const ENDPOINTS = [
    ['*', '所有接口'], ['stable_token', '取令牌'], ['message/template/send', '模板消息'],
    ['message/subscribe/bizsend', '订阅通知'], ['message/custom/send', '客服消息'],
    ['message/mass/sendall', '群发'], ['menu/create', '菜单'], ['media/upload', '素材上传'],
];
export const ERRCODES = [
    [-1, '-1 系统繁忙'], [40001, '40001 令牌无效'], [40164, '40164 IP 不在白名单'], [45009, '45009 次数用完'],
    [45011, '45011 太频繁'], [43004, '43004 没有关注'], [47003, '47003 参数不对'], [48001, '48001 没有权限'],
];
export const CLOCKS = [[0, '准'], [600, '快 10 分钟'], [-600, '慢 10 分钟'], [86400, '快一天']];

export const faults = reactive({
    on: Object.fromEntries(SWITCHES.map(({ id }) => [id, 0])), // what each switch holds
    others: 0, // armed by somebody else, in a way that is none of the switches
    endpoint: '*', errcode: -1, // of the switch `error`
    offset: 0, // of the clock, seconds
});

export const count = computed(() => Object.values(faults.on).filter(Boolean).length
    + faults.others + (faults.offset ? 1 : 0));

// Which switch an armed fault belongs to.
const MARKS = [
    ['cut', (f) => f.endpoint === '*' && f.cut >= 0], ['drop', (f) => f.endpoint === '*' && f.drop],
    ['again', (f) => f.endpoint === 'callback' && f.again > 0], ['hold', (f) => f.endpoint === 'callback' && f.hold],
    ['lost', (f) => f.endpoint === 'callback' && f.drop],
    ['late', (f) => f.endpoint === 'callback' && f.latency_ms > 0],
    ['error', (f) => f.errcode], ['slow', (f) => f.endpoint === '*' && f.latency_ms > 0],
];

function takeArmed(armed) {
    for (const id of Object.keys(faults.on)) faults.on[id] = 0;
    faults.others = 0;
    for (const fault of armed) {
        const id = fault.times === 0 && MARKS.find(([, is]) => is(fault))?.[0];
        if (!id || faults.on[id]) {
            faults.others++;
            continue;
        }
        faults.on[id] = id === 'slow' || id === 'late' ? fault.latency_ms : fault.rate;
        if (id === 'error') Object.assign(faults, { endpoint: fault.endpoint, errcode: fault.errcode });
    }
}

// One thing after the other, and what the sandbox says counts once nothing more is wished; not what it
// said before something was.
let wished = 0, wishes = 0;
let last = Promise.resolve();

async function look() {
    const before = wishes;
    const armed = (await api.faults()).faults;
    const clock = await api.clock();
    if (wished > 0 || wishes !== before) return;
    takeArmed(armed);
    faults.offset = clock.offset_s;
}

function wish(doing) {
    wished++;
    wishes++;
    last = last.then(doing).catch((error) => {
        if (!(error instanceof api.Trouble)) throw error;
        toast('沙盒没有照办，请再试一次');
    }).finally(() => { wished--; }).then(refresh);
    return last;
}

// Looks what is on. When the sandbox is away, the chat says so.
export const refresh = () => look().catch((error) => {
    if (!(error instanceof api.Trouble)) throw error;
});

// Everything the switches say, from the beginning: their order counts.
const arm = () => wish(async () => {
    await api.fault({ clear: true });
    for (const { id, fault } of SWITCHES) {
        if (faults.on[id]) await api.fault({ account: null, times: 0, ...fault(faults.on[id]) });
    }
});

export function turn(id, value) {
    faults.on[id] = value;
    return arm();
}

export function aim(endpoint, errcode) {
    Object.assign(faults, { endpoint, errcode });
    return faults.on.error ? arm() : undefined;
}

export function setClock(offset) {
    faults.offset = offset;
    return wish(() => api.setClock(offset));
}

export function clearAll() {
    for (const id of Object.keys(faults.on)) faults.on[id] = 0;
    if (faults.offset) setClock(0);
    return arm();
}

export const killToken = () => wish(async () => {
    const { name, title } = account.value;
    await api.expireToken(name);
    toast(`${title}的令牌都失效了`);
});
