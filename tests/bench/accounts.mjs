// The two demo accounts of config/day21.yaml, as the contestants and the load generator need them.

export const accounts = {
    plain: {
        name: 'plain',
        appid: 'wxd21d21d21d21d210',
        originalId: 'gh_day21plain',
        token: 'day21plaintoken',
    },
    safe: {
        name: 'demo',
        appid: 'wxd21d21d21d21d21d',
        originalId: 'gh_day21demo',
        token: 'day21demotoken',
        encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
    },
};
