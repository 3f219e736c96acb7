declare module "htmx.org/dist/htmx.esm.js" {
  const htmx: { ajax(verb: string, path: string, options: { target: string; swap: string; headers?: Record<string, string> }): Promise<void> };
  export default htmx;
}
declare module "htmx.org/dist/ext/hx-csp.js";
declare module "htmx.org/dist/ext/hx-sse.js";
