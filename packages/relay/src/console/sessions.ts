/**
 * Who is signed in: in memory, so a restart signs everybody out. The cookie holds an id that means nothing elsewhere.
 * `now` comes from outside.
 */
import { randomBytes } from "node:crypto";
import type { Visitor } from "./visitor.ts";

const IDLE_MS = 3_600_000;
const AT_MOST_MS = 12 * 3_600_000;
const MOST_SESSIONS = 1000;

type Session = { readonly visitor: Visitor; readonly startedAt: number; readonly seenAt: number };

/** The sessions of one console. */
export type Sessions = {
  /** Signs in; the id is for the cookie. Above {@link MOST_SESSIONS} the one unseen for longest ends. */
  readonly start: (visitor: Visitor, now: Date) => string;
  /**
   * Whose session it is; undefined when it is nobody's, was unused for an hour or is twelve hours old.
   *
   * @param isUse - false for what a page asks by itself: an open page alone keeps nobody signed in.
   */
  readonly find: (id: string, now: Date, isUse: boolean) => Visitor | undefined;
  readonly end: (id: string) => void;
};

/** Makes an empty set of sessions. */
export function createSessions(): Sessions {
  // In the order of their last use: the first is the one unseen for longest.
  const sessions = new Map<string, Session>();
  return {
    start: (visitor, now) => {
      const [oldest] = sessions.keys();
      if (sessions.size >= MOST_SESSIONS && oldest !== undefined) sessions.delete(oldest);
      const id = randomBytes(32).toString("base64url");
      sessions.set(id, { visitor, startedAt: now.getTime(), seenAt: now.getTime() });
      return id;
    },
    find: (id, now, isUse) => {
      const session = sessions.get(id);
      if (!session) return undefined;
      const at = now.getTime();
      const isOver = at - session.seenAt >= IDLE_MS || at - session.startedAt >= AT_MOST_MS;
      if (isOver || isUse) sessions.delete(id);
      if (isOver) return undefined;
      if (isUse) sessions.set(id, { ...session, seenAt: at });
      return session.visitor;
    },
    end: (id) => void sessions.delete(id),
  };
}
