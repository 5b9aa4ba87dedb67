/** Lets node import a screen's script as a browser does: what it calls "/static/shared/…" lies in checkin_server/shared/static. */
import { register } from "node:module";

const HOOK = `
  const SHARED = new URL("checkin_server/shared/static/", ${JSON.stringify(new URL("../../", import.meta.url).href)});
  export function resolve(specifier, context, next) {
    const name = specifier.startsWith("/static/shared/") ? specifier.slice("/static/shared/".length) : null;
    return next(name === null ? specifier : new URL(name, SHARED).href, context);
  }
`;
register(`data:text/javascript,${encodeURIComponent(HOOK)}`);
