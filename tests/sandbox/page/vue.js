// The one place that knows where Vue lies. The runtime-only build has no template compiler, so the
// page works under a Content-Security-Policy without 'unsafe-eval'; components are render functions.
export * from './node_modules/vue/dist/vue.runtime.esm-browser.prod.js';
