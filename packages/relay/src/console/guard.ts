/**
 * Who may see the console, and who may do something in it.
 *
 * Without a login it is served on loopback only, to whoever can reach that: the machine's own people. What else can
 * reach it is a page in their browser: a foreign name that leads to 127.0.0.1 (so the Host header must be a loopback
 * name), and a foreign form (so a post must come from this console's own page and show the token that only such a page
 * has). With a login (login.ts) the name must be the one of the config.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";

/** Only from this console: no script or style in a page, nothing from elsewhere, in nobody's frame. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const PROXY_HEADERS = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

/** Is it an address that only this machine can reach? */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** What a form must show. A new one each time the relay starts. */
export type Forms = { readonly token: string; readonly isOwn: (shown: unknown) => boolean };

/** Makes the token. */
export function createForms(): Forms {
  const key = randomBytes(32);
  const token = randomBytes(24).toString("base64url");
  const digest = (text: string): Buffer => createHmac("sha256", key).update(text).digest();
  return {
    token,
    isOwn: (shown) => typeof shown === "string" && timingSafeEqual(digest(shown), digest(token)),
  };
}

/**
 * Puts the policy on every answer and refuses a foreign name.
 *
 * @param url - the console's own address, when it has a login; without it only this machine's names are good.
 */
export function guard(url: string | undefined): MiddlewareHandler {
  return async (context, next) => {
    if (url !== undefined && new URL(context.req.url).host !== new URL(url).host) {
      return context.text("The console answers only under the address that the config gives it.\n", 421);
    }
    const name = new URL(context.req.url).hostname.replace(/^\[|\]$/g, "");
    // A proxy on this machine would let everybody in as if they sat here; most say that they stand between.
    const isForwarded = PROXY_HEADERS.some((header) => context.req.header(header) !== undefined);
    if (url === undefined && (isForwarded || !isLoopback(name))) {
      return context.text(
        "The console answers only on 127.0.0.1, ::1 and localhost: open it under one of these.\n",
        421,
      );
    }
    await next();
    context.header("content-security-policy", POLICY);
    context.header("x-content-type-options", "nosniff");
    context.header("referrer-policy", "same-origin");
    context.header("cross-origin-opener-policy", "same-origin");
    if (!context.res.headers.has("cache-control")) context.header("cache-control", "no-store");
    return undefined;
  };
}

/** Does a post come from a page of this console? Browsers say where it comes from; the token proves it. */
export function isOwnPost(
  context: Context,
  { forms, url }: { readonly forms: Forms; readonly url?: string | undefined },
  shown: unknown,
): boolean {
  const origin = context.req.header("origin");
  if (origin !== undefined && origin !== (url ?? new URL(context.req.url).origin)) return false;
  const site = context.req.header("sec-fetch-site");
  if (site !== undefined && site !== "same-origin") return false;
  return forms.isOwn(shown);
}
