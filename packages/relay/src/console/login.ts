/**
 * The console's door: who is signed in, who may do what, and the addresses for coming in and leaving. Everything that is
 * not named here as open needs a person; whatever could change something needs an operator.
 */
import { randomBytes } from "node:crypto";
import type { Config } from "@shirase/core/config";
import type { Context, Hono, MiddlewareHandler } from "hono";
import { deleteCookie, getCookie, getSignedCookie, setCookie, setSignedCookie } from "hono/cookie";
import { createForms } from "./guard.ts";
import { createSessions } from "./sessions.ts";
import { type Attempt, beginSignIn, discovery, finishSignIn, type Provider } from "./sign-in.ts";
import { setVisitor, type Visitor, visitorOf } from "./visitor.ts";

/** Why somebody does not get in or may not do what they asked. */
export type Refusal = "signInFailed" | "notInvited" | "onlyOperators" | "signedOut";

/** How people come in. */
export type Login = {
  /** Puts the person on the request, or sends them to sign in. */
  readonly gate: MiddlewareHandler;
  /** Adds `/login` and `/logout`. */
  readonly serve: (app: Hono) => void;
};

/** What the door needs of the console. */
export type LoginParts = {
  readonly now: () => Date;
  readonly refuse: (context: Context, refusal: Refusal, status: 200 | 401 | 403) => Response;
  readonly onFault: (error: unknown) => void;
};

/** The config's login with its secret. */
export type LoginConfig = { readonly console: NonNullable<Config["console"]>; readonly clientSecret: string };

/**
 * The config's login with its secret; undefined: there is none.
 *
 * @throws when the secret was not read: a console must not open without its login.
 */
export function loginOf({ console }: Config, clientSecret: string | undefined): LoginConfig | undefined {
  if (console === undefined) return undefined;
  if (clientSecret === undefined) throw new Error("config.console is set, and its client secret was not read");
  return { console, clientSecret };
}

const SESSION = "shirase_session";
const ATTEMPT = "shirase_sign_in";
const ATTEMPT_SECONDS = 600;
/** Open to everybody: they show nothing of a customer's. */
const OPEN = /^\/(?:assets\/|language\/|login(?:\/|$))/;
/** Posts that change nothing of the relay's. */
const VIEWERS_POSTS: ReadonlySet<string> = new Set(["/playground", "/logout"]);

/** Without a login: everybody who reaches the console is its machine's own. */
export function localGate(): MiddlewareHandler {
  const local: Visitor = { who: "local", role: "operator", scope: undefined, forms: createForms(), isSignedIn: false };
  return async (context, next) => {
    setVisitor(context, local, () => true);
    await next();
  };
}

/** A path of the console to go to; `/` for all else, as `//evil.example` would be another site. */
export function ownPath(to: string | undefined): string {
  return to !== undefined && /^\/(?![/\\])[\x21-\x7e]*$/.test(to) ? to : "/";
}

/** The door with a login. */
export function createLogin({ console: { url, oidc, people }, clientSecret }: LoginConfig, parts: LoginParts): Login {
  const { now, refuse, onFault } = parts;
  const provider: Provider = { ...oidc, clientSecret, redirectUri: `${url}/login/callback` };
  const discovered = discovery(provider, now);
  const sessions = createSessions();
  const cookies = cookiesFor(url.startsWith("https:"));
  const visitor = (context: Context): Visitor | undefined => {
    const id = cookies.session(context);
    return id === undefined ? undefined : sessions.find(id, now(), isUse(context));
  };
  const begin = async (context: Context): Promise<Response> => {
    try {
      const { url: there, attempt } = await beginSignIn(provider, await discovered(), ownPath(context.req.query("to")));
      await cookies.remember(context, attempt);
      return context.redirect(there, 303);
    } catch (error) {
      onFault(error);
      return refuse(context, "signInFailed", 401);
    }
  };
  const finish = async (context: Context): Promise<Response> => {
    try {
      const attempt = await cookies.recall(context);
      if (!attempt) return refuse(context, "signInFailed", 401);
      const query = new URL(context.req.url).searchParams;
      const email = await finishSignIn(provider, await discovered(), { attempt, query });
      const person = people.find((one) => one.email.toLowerCase() === email?.toLowerCase());
      if (!person) return refuse(context, "notInvited", 403);
      const { email: who, role, customers } = person;
      const scope = customers && new Set(customers);
      const id = sessions.start({ who, role, scope, forms: createForms(), isSignedIn: true }, now());
      cookies.keep(context, id);
      return context.redirect(ownPath(attempt.to), 303);
    } catch (error) {
      onFault(error);
      return refuse(context, "signInFailed", 401);
    }
  };
  return {
    gate: async (context, next) => {
      if (OPEN.test(context.req.path)) return next();
      const found = visitor(context);
      if (!found) return sendToSignIn(context, refuse);
      const id = cookies.session(context) ?? "";
      setVisitor(context, found, () => sessions.find(id, now(), false) !== undefined);
      const isRead = context.req.method === "GET" || context.req.method === "HEAD";
      if (isRead || found.role === "operator" || VIEWERS_POSTS.has(context.req.path)) return next();
      return refuse(context, "onlyOperators", 403);
    },
    serve: (app) => {
      app.get("/login", begin);
      app.get("/login/callback", finish);
      app.get("/login/out", (context) => refuse(context, "signedOut", 200));
      app.post("/logout", (context) => {
        const id = cookies.session(context);
        if (id !== undefined && visitorOf(context)) sessions.end(id);
        cookies.drop(context);
        return context.redirect("/login/out", 303);
      });
    },
  };
}

/** What a page asks for by itself is no use of it. */
function isUse(context: Context): boolean {
  return context.req.path !== "/live" && context.req.header("x-fragment") !== "1";
}

function sendToSignIn(context: Context, refuse: LoginParts["refuse"]): Response {
  if (context.req.method !== "GET" || !isUse(context)) return refuse(context, "signedOut", 401);
  const { pathname, search } = new URL(context.req.url);
  return context.redirect(`/login?to=${encodeURIComponent(`${pathname}${search}`)}`, 303);
}

/** The cookies by which a browser is known again. A name with `__Host-` cannot be set by another host or over http. */
function cookiesFor(isHttps: boolean) {
  const secret = randomBytes(32).toString("base64url");
  const prefix = isHttps ? "__Host-" : "";
  const options = { path: "/", httpOnly: true, sameSite: "Lax", secure: isHttps } as const;
  const [session, attempt] = [`${prefix}${SESSION}`, `${prefix}${ATTEMPT}`];
  return {
    session: (context: Context): string | undefined => getCookie(context, session),
    keep: (context: Context, id: string): void => setCookie(context, session, id, options),
    drop: (context: Context): void => void deleteCookie(context, session, options),
    remember: async (context: Context, what: Attempt): Promise<void> =>
      setSignedCookie(context, attempt, JSON.stringify(what), secret, { ...options, maxAge: ATTEMPT_SECONDS }),
    /** Once: an answer of the provider's is good for one sign-in. */
    recall: async (context: Context): Promise<Attempt | undefined> => {
      const text = await getSignedCookie(context, secret, attempt);
      deleteCookie(context, attempt, options);
      return text ? (JSON.parse(text) as Attempt) : undefined;
    },
  };
}
