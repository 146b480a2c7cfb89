/** A match expression that is refused, as a value, with the node at fault. Messages begin with event-ruler's words. */
import type { ProblemCode } from "./problem.ts";

/** Why, and the offset of the value at fault. */
export type Refusal = { readonly code: ProblemCode; readonly at: number; readonly wrong: string };

/** A refusal. */
export function refuse(code: ProblemCode, at: number, wrong: string): Refusal {
  return { code, at, wrong };
}

/** Did it refuse? */
export function isRefusal<T extends object>(read: T | Refusal): read is Refusal {
  return "wrong" in read;
}

/** event-ruler's words for a number that no double holds. */
export function cannotCompare(text: string): string {
  return `Cannot compare number : ${text} (no 64-bit floating point number is exactly that)`;
}
