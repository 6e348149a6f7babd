// The panel 故障: a switch for each thing that goes wrong in the world.

import { h, onMounted } from './vue.js';
import { account } from './session.js';
import {
    aim, clearAll, CLOCKS, count, ENDPOINTS, ERRCODES, faults, killToken, refresh, setClock, SWITCHES, turn,
} from './faults.js';

// What is set from elsewhere may be none of the choices.
const offered = (choices, value) => (choices.some(([known]) => known === value)
    ? choices : [...choices, [value, String(value)]]);

export const Select = ({ value, choices, label, testid, onPick }) => h('select', {
    class: ['select', value && value !== '*' && 'select-on'], 'aria-label': label, 'data-testid': testid,
    onChange: (event) => onPick(offered(choices, value)[event.target.selectedIndex][0]),
}, offered(choices, value).map(([known, words]) => h('option', {
    key: known, value: String(known), selected: known === value,
}, words)));
Select.props = ['value', 'choices', 'label', 'testid', 'onPick'];

const row = (label, ...controls) => h('div', { class: 'row' }, [h('span', { class: 'row-label' }, label), ...controls]);

const switchRow = ({ id, label, choices }) => [
    row(label, h(Select, {
        key: id, value: faults.on[id], choices, label, testid: `fault-${id}`, onPick: (value) => turn(id, value),
    })),
    id === 'error' && faults.on.error ? h('div', { class: 'row row-more' }, [
        h(Select, {
            value: faults.endpoint, choices: ENDPOINTS, label: '哪个接口', testid: 'fault-endpoint',
            onPick: (endpoint) => aim(endpoint, faults.errcode),
        }),
        h(Select, {
            value: faults.errcode, choices: ERRCODES, label: '什么错误', testid: 'fault-errcode',
            onPick: (errcode) => aim(faults.endpoint, errcode),
        })]) : null,
];

const group = (title, rows) => [h('h3', { class: 'group' }, title), h('div', { class: 'rows' }, rows)];

export const Switches = {
    setup() {
        onMounted(refresh);
        return () => h('div', { class: 'panel', 'data-testid': 'faults' }, [
            h('p', { class: 'panel-words' }, '真的微信会慢、会断、会重复。在这里让它发生，看后台怎么办。'),
            ...[...new Set(SWITCHES.map(({ of }) => of))].flatMap((title) => group(title,
                SWITCHES.filter(({ of }) => of === title).map(switchRow))),
            ...group('令牌和钟', [
                row(`${account.value?.title ?? ''}的令牌`, h('button', {
                    type: 'button', class: 'weui-btn weui-btn_mini weui-btn_default', 'data-testid': 'kill-token',
                    onClick: killToken,
                }, '现在就失效')),
                row('微信的钟', h(Select, {
                    value: faults.offset, choices: CLOCKS, label: '微信的钟', testid: 'clock', onPick: setClock,
                })),
            ]),
            h('button', {
                type: 'button', class: 'weui-btn weui-btn_default panel-do', 'data-testid': 'faults-clear',
                disabled: count.value === 0, onClick: clearAll,
            }, '全部恢复正常'),
        ]);
    },
};

// Stands on the phone while something is on.
export const FaultBadge = () => (count.value === 0 ? null : h('button', {
    type: 'button', class: 'fault-badge', 'data-testid': 'fault-badge', onClick: clearAll,
    'aria-label': `开着 ${count.value} 个故障，点一下全部恢复正常`,
}, `故障 ${count.value} · 恢复`));
