// Line icons, drawn for this page on a 24-unit grid; they take the colour of the text around them.

import { h } from './vue.js';

const SHAPES = {
    back: ['M15 4.5 7.5 12l7.5 7.5'],
    chevron: ['M9 5l7 7-7 7'],
    close: ['M6 6l12 12M18 6 6 18'],
    more: ['M6 12h.01M12 12h.01M18 12h.01'],
    keyboard: ['M12 2.8a9.2 9.2 0 1 1 0 18.4 9.2 9.2 0 0 1 0-18.4z',
        'M8 9.4h.01M12 9.4h.01M16 9.4h.01M8 12.4h.01M12 12.4h.01M16 12.4h.01', 'M9 15.7h6'],
    menu: ['M12 2.8a9.2 9.2 0 1 1 0 18.4 9.2 9.2 0 0 1 0-18.4z', 'M8 9h8M8 12h8M8 15h8'],
    bars: ['M5 7.5h14M5 12h14M5 16.5h14'],
    plus: ['M12 2.8a9.2 9.2 0 1 1 0 18.4 9.2 9.2 0 0 1 0-18.4z', 'M12 7.6v8.8M7.6 12h8.8'],
    photo: ['M4.5 5h15a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1z',
        'M4 17l5-5.2 3.6 3.7 2.6-2.6L20 17', 'M15.6 9h.01'],
    mic: ['M12 3.5a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0v-5a3 3 0 0 1 3-3z',
        'M5.8 11.2a6.2 6.2 0 0 0 12.4 0M12 17.5v3'],
    pin: ['M12 21s-6.8-5.8-6.8-11a6.8 6.8 0 0 1 13.6 0c0 5.2-6.8 11-6.8 11z',
        'M12 7.6a2.4 2.4 0 1 1 0 4.8 2.4 2.4 0 0 1 0-4.8z'],
    scan: ['M4 8.5V6a2 2 0 0 1 2-2h2.5M15.5 4H18a2 2 0 0 1 2 2v2.5M20 15.5V18a2 2 0 0 1-2 2h-2.5',
        'M8.5 20H6a2 2 0 0 1-2-2v-2.5', 'M4 12h16'],
    code2d: ['M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4z', 'M14 14h2.5v2.5M20 14v3M14 20h2M19 20h1', 'M7 7h.01M17 7h.01M7 17h.01'],
    play: ['M9.5 7.2v9.6l7.6-4.8z'],
    pause: ['M9 7v10M15 7v10'],
    note: ['M9 18V6l10-2v12', 'M6.5 20.5A2.5 2.5 0 1 0 6.5 15.5a2.5 2.5 0 0 0 0 5z',
        'M16.5 18.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z'],
    wave: ['M7 9.4a4.2 4.2 0 0 1 0 5.2M10.6 6.8a8 8 0 0 1 0 10.4M14.2 4.2a12 12 0 0 1 0 15.6'],
    code: ['M8.5 7.5 4 12l4.5 4.5M15.5 7.5 20 12l-4.5 4.5'],
    again: ['M12 6.5v6.5M12 17h.01'],
};

export const Icon = ({ name }) => h('svg', {
    class: `icon icon-${name}`, viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false',
}, SHAPES[name].map((d) => h('path', { d })));
Icon.props = ['name'];

// The sign of mini programs.
export const MiniProgramMark = () => h('svg', {
    class: 'program-mark', viewBox: '4 4 16 16', 'aria-hidden': 'true', focusable: 'false',
}, [h('path', { d: 'M8.6 12.4a3 3 0 1 0 3.4 3V8.6a3 3 0 1 1 3.4 3' })]);

// The status bar's right corner: signal, wifi, battery.
export const StatusIcons = () => h('svg', {
    class: 'status-icons', viewBox: '0 0 66 14', 'aria-hidden': 'true', focusable: 'false',
}, [
    h('path', { d: 'M1 9.5h2.6v3H1zM5.6 7h2.6v5.5H5.6zM10.2 4.5h2.6v8h-2.6zM14.8 2h2.6v10.5h-2.6z' }),
    h('path', { d: 'M29.5 12.5l2.3-2.8a3.6 3.6 0 0 0-4.6 0zM24.3 6.2l1.3 1.6a6.2 6.2 0 0 1 7.8 0l1.3-1.6a8.3 8.3 0 0 0-10.4 0zM21.5 2.8l1.3 1.6a10.7 10.7 0 0 1 13.4 0l1.3-1.6a12.8 12.8 0 0 0-16 0z' }),
    h('path', { class: 'battery-shell', d: 'M44 2h17a2 2 0 0 1 2 2v6.5a2 2 0 0 1-2 2H44a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2z' }),
    h('path', { d: 'M44 4h15v6.5H44zM64.2 5.5h1.3v3.5h-1.3z' }),
]);
