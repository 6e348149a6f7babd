// The peers' check-in: Day21's own script with Day21's own arguments, so that Redis does the same
// work for everybody, in one round trip; and a text of the same length in reply.

import Redis from 'ioredis';
import { load, script } from './script.mjs';

// templates/starter/rules.yaml as store_policy_text() and store_rule_text() write it, and quiet hours
// and window of config/day21.yaml
export const POLICY = '0,20,60,130,240,400,650,1000,1600,2500;120;1;7,2,3;10,60;60,300;3;3';
export const CHECKIN = 'checkin;10;1;0;0;0;0;0;0;0;0;0;0;a';
export const MILESTONES = ' 3:checkin_3;5;2;1;0;1;0;0;0;0;0;0;0;a 7:checkin_7;20;5;1;0;1;0;0;0;0;0;0;0;a'
    + ' 14:checkin_14;30;10;1;0;1;0;0;0;0;0;0;0;a 21:checkin_21;60;20;1;0;1;0;0;0;0;0;0;0;a';
const MEMO_S = 1200;
export const REMIND = [510, 1289];
export const WORK = '1'.repeat(63);
const SHANGHAI_S = 8 * 3600;
const DAY_S = 86400;

export async function open(path, enableAutoPipelining) {
    const redis = new Redis({ path, enableAutoPipelining, showFriendlyErrorStack: false });
    await load(redis);
    const checkin_function = script('checkin');
    return async function checkin(account, message) {
        const openid = message.FromUserName;
        const now = Number(message.CreateTime);
        const local = now + SHANGHAI_S;
        const day = Math.floor(local / DAY_S);
        const [, xp, , , given, , , streak, days] = await redis.fcall(
            checkin_function, 1, `{${account}}`,
            `${message.MsgId}:${now}`, openid, now, day, MEMO_S, POLICY, CHECKIN,
            Math.floor((local % DAY_S) / 60), (day + 1) * DAY_S - SHANGHAI_S, ...REMIND, 21,
            MILESTONES, WORK,
        );
        return reply(xp, given, streak, ((days - 1) % 21) + 1);
    };
}

function reply(xp, given, streak, day) {
    return `签到成功，第 ${streak} 个 +${given} 到手。

21 天里的第 ${day} 天，就这样开始了，
也没有多难，对吧？

现在一共 ${xp} 分，再攒一点就升级。
接下来：<a href="weixin://bizmsgmenu?msgmenucontent=今日课程&msgmenuid=2">今日课程</a>`;
}
