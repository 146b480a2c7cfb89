/**
 * Ports of a process that may die at any call: before it is made, or after it was made and before its answer is heard.
 * From then on nothing of that process goes on.
 */
import type { Time } from "./time.ts";

/** What becomes of a process at a call. */
export type Fate = "lives" | "dies before" | "dies after";

/** The process. */
export type Mortal = {
  readonly time: Time;
  readonly self: { readonly isGone: boolean };
  /** Asked at each call. */
  readonly fate: () => Fate;
  /** Sets `self.isGone`. @param why - when it is its own fault. */
  readonly die: (why?: string) => void;
};

/** More calls than this in one moment are no work: it asks the same again and again. */
const MOST_CALLS = 3000;

/** Wraps the functions of a port; one wrapper for all ports of a process, so that its calls are counted together. */
export function mortal({
  time,
  self,
  fate,
  die,
}: Mortal): <T extends object>(port: T, except?: readonly string[]) => T {
  const never = new Promise<never>(() => undefined);
  let atMs = 0;
  let calls = 0;
  const call = (name: string, work: () => Promise<unknown>): Promise<unknown> => {
    if (self.isGone) return never;
    calls = time.now() === atMs ? calls + 1 : 0;
    atMs = time.now();
    const ends = calls > MOST_CALLS ? "spins" : fate();
    if (ends === "spins") die(`the relay calls ${name} and others without end`);
    if (ends === "spins" || ends === "dies before") {
      if (ends === "dies before") die();
      return never;
    }
    return new Promise((resolve, reject) => {
      const heard = (answer: () => void): void => {
        if (ends === "dies after" && !self.isGone) die();
        if (!self.isGone) answer();
      };
      time.busy(work).then(
        (result) => heard(() => resolve(result)),
        (error: unknown) => heard(() => reject(error)),
      );
    });
  };
  return <T extends object>(port: T, except: readonly string[] = []): T => {
    const wrapped = Object.entries(port).map(([name, made]) => {
      if (typeof made !== "function" || except.includes(name)) return [name, made];
      return [name, (...args: readonly unknown[]) => call(name, () => made(...args) as Promise<unknown>)];
    });
    return Object.fromEntries(wrapped) as T;
  };
}
