// A contestant from npm: node peer.mjs wechat-http|wechat-express|co-wechat SOCKET REDIS [pipelining]
// Answers the callbacks of both accounts on a unix socket, over HTTP.
//
// Everything is as its makers recommend for production, and what is not needed is left out: no
// logger, no session, no error pages. ioredis' automatic pipelining is for trying: with
// `appendfsync always` it made neither library faster, by five rounds of each.

import http from 'node:http';
import { parse } from 'node:querystring';
import coWechat from 'co-wechat';
import express from 'express';
import Koa from 'koa';
import wechat from 'wechat';
import { accounts } from './accounts.mjs';
import { open } from './checkin.mjs';

const [kind, socket, redis, pipelining] = process.argv.slice(2);
const checkin = await open(redis, pipelining === 'pipelining');

const credentials = ({ token, appid, encodingAESKey }) =>
    encodingAESKey ? { token, appid, encodingAESKey } : token;

const byPath = (make) => new Map(Object.values(accounts).map(
    (account) => [`/wx/${account.name}`, make(account)],
));

const onWechat = (account) => wechat(credentials(account), (req, res, next) => {
    checkin(account.name, req.weixin).then((text) => res.reply(text), next);
});

const makers = {
    'wechat-http'() {
        const middlewares = byPath(onWechat);
        return http.createServer((req, res) => {
            const fail = (status) => res.writeHead(status).end();
            const mark = req.url.indexOf('?');
            const middleware = middlewares.get(mark < 0 ? req.url : req.url.slice(0, mark));
            if (!middleware) return fail(404);
            req.query = parse(mark < 0 ? '' : req.url.slice(mark + 1));
            middleware(req, res, () => fail(500));
        });
    },

    'wechat-express'() {
        const app = express().disable('x-powered-by').disable('etag');
        for (const [path, middleware] of byPath(onWechat)) app.use(path, middleware);
        return http.createServer(app);
    },

    'co-wechat'() {
        const middlewares = byPath((account) => coWechat(credentials(account)).middleware(
            (message) => checkin(account.name, message),
        ));
        const app = new Koa();
        app.use((ctx, next) => middlewares.get(ctx.path)?.(ctx, next));
        return http.createServer(app.callback());
    },
};

const server = makers[kind]();
server.keepAliveTimeout = 75_000; // nginx closes first
server.listen(socket);
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
