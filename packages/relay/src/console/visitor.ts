/** Who asks: somebody on this machine when there is no login, else the person of a session. */
import type { Context } from "hono";
import type { Forms } from "./guard.ts";
import type { Scope } from "./scope.ts";

/** Who asks, and what they may do. */
export type Visitor = {
  /** For the audit log: an e-mail address, or `local`. */
  readonly who: string;
  readonly role: "viewer" | "operator";
  /** The only customers they may see; undefined: all. */
  readonly scope: Scope | undefined;
  /** What this visitor's forms must show. */
  readonly forms: Forms;
  /** False on a console without login: there is nothing to sign out of. */
  readonly isSignedIn: boolean;
};

const KEY = "visitor";
const STILL = "is-still-in";

/**
 * Remembers who asks for as long as the request lasts.
 *
 * @param isStill - says whether their session lasts.
 */
export function setVisitor(context: Context, visitor: Visitor, isStill: () => boolean): void {
  context.set(KEY, visitor);
  context.set(STILL, isStill);
}

/** Is the visitor still in? For answers that last: a session may end under them. */
export function isStillIn(context: Context): boolean {
  return (context.get(STILL) as (() => boolean) | undefined)?.() ?? false;
}

/** Who asks; undefined on what is open to everybody, such as the login. */
export function visitorOf(context: Context): Visitor | undefined {
  return context.get(KEY) as Visitor | undefined;
}

/** Who acts, for the audit log. The gate lets no nameless visitor act. */
export function whoActs(context: Context): string {
  return visitorOf(context)?.who ?? "nobody";
}
