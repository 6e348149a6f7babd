// A picture or a video over the whole screen, black around it; a tap puts it away.

import { h } from './vue.js';
import { session, toast } from './session.js';
import { Icon } from './icons.js';
import { modal, useModal } from './sheet.js';

export const Viewer = {
    setup() {
        const close = () => { session.viewer = null; };
        const { panel, onKeydown } = useModal(close);
        const unplayable = () => {
            close();
            toast('这段视频放不出来');
        };
        const shown = ({ kind, src, alt }) => (kind === 'video'
            ? h('video', { src, controls: true, autoplay: true, playsinline: true, onError: unplayable })
            : h('img', { src, alt, referrerpolicy: 'no-referrer', onClick: close }));
        return () => h('div', modal(panel, session.viewer.alt || '大图', onKeydown, {
            class: 'viewer', 'data-testid': 'viewer',
            onClick: (event) => { if (event.target === event.currentTarget) close(); },
        }), [
            shown(session.viewer),
            h('button', {
                type: 'button', class: 'plain-button viewer-close', 'aria-label': '关闭', 'data-first': '',
                onClick: close,
            }, h(Icon, { name: 'close' })),
        ]);
    },
};
