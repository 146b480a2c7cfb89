/** The console's own files: stylesheet, script, icon. Read once, served with a name for what they hold. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Hono } from "hono";

/** They lie in src, in a checkout and in what is published: nothing is built for them. */
const FOLDER = new URL("../../src/console/", import.meta.url);
const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  "styles.css": ["styles.css", "text/css; charset=utf-8"],
  "console.js": ["client/console.js", "text/javascript; charset=utf-8"],
  "editor.js": ["client/editor.js", "text/javascript; charset=utf-8"],
  "icon.svg": ["client/icon.svg", "image/svg+xml"],
};

/** Adds `/assets/…`. */
export function serveAssets(app: Hono): void {
  for (const [name, [file, type]] of Object.entries(FILES)) {
    const body = readFileSync(new URL(file, FOLDER), "utf8");
    const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 16)}"`;
    app.get(`/assets/${name}`, (context) => {
      const headers = { "content-type": type, etag, "cache-control": "no-cache" };
      if (context.req.header("if-none-match") === etag) return context.body(null, 304, headers);
      return context.body(body, 200, headers);
    });
  }
}
