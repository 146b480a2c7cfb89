/**
 * Reads fields that may be missing, of another type or absurdly long. Nothing here throws: what is not there reads as
 * "" or an empty list, and the reader above decides what that means.
 */
import { isObject, type Json, type JsonObject } from "../event.ts";
import { READ } from "../limits.ts";

type Value = Json | undefined;

/** The value at a path of keys; undefined as soon as one is missing. */
export function at(value: Value, ...path: readonly string[]): Value {
  let here: Value = value;
  for (const key of path) {
    if (!isObject(here) || !Object.hasOwn(here, key)) return undefined;
    here = here[key];
  }
  return here;
}

/** A string or a number as text without outer spaces, cut to `most` characters; "" for everything else. */
export function textOf(value: Value, most: number = READ.wordChars): string {
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  return typeof value === "string" ? value.slice(0, most).trim().toWellFormed() : "";
}

/** The text at a path. */
export function textAt(value: Value, ...path: readonly string[]): string {
  return textOf(at(value, ...path));
}

/** The first of several texts that says something; "" when none does. */
export function firstOf(...texts: readonly string[]): string {
  return texts.find((text) => text !== "") ?? "";
}

/** A finite number, also when it was written as a string; undefined otherwise. */
export function numberOf(value: Value): number | undefined {
  if (typeof value !== "number" && (typeof value !== "string" || value.trim() === "")) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** The array at a path, or an empty one. */
export function listAt(value: Value, ...path: readonly string[]): readonly Json[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The objects of the array at a path, at most `most`; what is no object is left out. */
export function objectsAt(value: Value, most: number, ...path: readonly string[]): readonly JsonObject[] {
  const found: JsonObject[] = [];
  for (const item of listAt(value, ...path)) {
    if (found.length === most) break;
    if (isObject(item)) found.push(item);
  }
  return found;
}

/** The texts of the array at a path, at most `most`. */
export function textsAt(value: Value, most: number, ...path: readonly string[]): readonly string[] {
  return listAt(value, ...path)
    .slice(0, most)
    .map((item) => textOf(item))
    .filter((text) => text !== "");
}
