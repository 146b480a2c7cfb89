/**
 * What may a piece of a block look like? A small vocabulary in which the tables beside this file are written, and the
 * one function that holds a value against it.
 *
 * Slack's own sentences are used where public bug reports show them ("must be less than 3001 characters", "no more
 * than 10 items allowed"), because that is what an app's log will say. Lengths count UTF-16 units.
 */
import { isObject, type Json, type JsonObject } from "../json.ts";

/** One thing wrong: where, and in Slack's words what. */
export type Fault = { readonly pointer: string; readonly message: string };

/** A rule over several properties of one object. */
export type Rule = (value: JsonObject, pointer: string) => readonly Fault[];

type Shapes = Readonly<Record<string, Shape>>;

export type ObjectShape = {
  readonly is: "object";
  readonly required: Shapes;
  readonly optional: Shapes;
  readonly rules: readonly Rule[];
};

/** What a value may be. */
export type Shape =
  | { readonly is: "text"; readonly min: number; readonly max: number; readonly form?: RegExp; readonly say?: string }
  | { readonly is: "flag" }
  | { readonly is: "number"; readonly min: number; readonly max: number }
  | { readonly is: "choice"; readonly of: readonly (string | number)[] }
  | { readonly is: "list"; readonly of: Shape; readonly min: number; readonly max: number }
  | ObjectShape
  | { readonly is: "typed"; readonly of: () => Readonly<Record<string, ObjectShape>> };

/** Text of `min` (1 unless given) to `max` characters. */
export function text(max: number, options: { min?: number; form?: RegExp; say?: string } = {}): Shape {
  return { is: "text", min: 1, max, ...options };
}

/** `true` or `false`, never a string. */
export const flag: Shape = { is: "flag" };

/** A number of `min` to `max`, both allowed. */
export function number(min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY): Shape {
  return { is: "number", min, max };
}

/** One of these. */
export function choice(...of: readonly (string | number)[]): Shape {
  return { is: "choice", of };
}

/** A list of `min` (1 unless given) to `max` items. */
export function list(of: Shape, max: number, min = 1): Shape {
  return { is: "list", of, min, max };
}

/** An object with these properties and no others. `type` is allowed where the object stands in a `typed`. */
export function object(required: Shapes, optional: Shapes = {}, ...rules: readonly Rule[]): ObjectShape {
  return { is: "object", required, optional, rules };
}

/** An object whose `type` says which shape it has. A function, so that shapes may contain themselves. */
export function typed(of: () => Readonly<Record<string, ObjectShape>>): Shape {
  return { is: "typed", of };
}

/** A web address, at most 3,000 characters. */
export const url: Shape = text(3000, { form: /^[a-z][a-z0-9+.-]*:\S+$/i, say: "must be a valid url" });
/** An address Slack itself fetches or embeds. */
export const webUrl: Shape = text(3000, { form: /^https?:\/\/\S+$/i, say: "must be a valid url" });

/** Everything wrong with a value of this shape at this place. */
export function check(shape: Shape, value: Json | undefined, pointer: string): readonly Fault[] {
  switch (shape.is) {
    case "text":
      return checkText(shape, value, pointer);
    case "flag":
      return typeof value === "boolean" ? [] : [{ pointer, message: "must provide a boolean" }];
    case "number":
      return checkNumber(shape, value, pointer);
    case "choice":
      return shape.of.some((allowed) => allowed === value) ? [] : [{ pointer, message: "must be a valid enum value" }];
    case "list":
      return checkList(shape, value, pointer);
    case "object":
      return isObject(value) ? checkObject(shape, value, pointer) : [{ pointer, message: "must provide an object" }];
    case "typed":
      return checkTyped(shape.of(), value, pointer);
  }
}

function checkText(shape: Extract<Shape, { is: "text" }>, value: Json | undefined, pointer: string): readonly Fault[] {
  if (typeof value !== "string") return [{ pointer, message: "must provide a string" }];
  if (value.length < shape.min) return [{ pointer, message: `must be more than ${shape.min - 1} characters` }];
  if (value.length > shape.max) return [{ pointer, message: `must be less than ${shape.max + 1} characters` }];
  const fits = shape.form === undefined || shape.form.test(value);
  return fits ? [] : [{ pointer, message: shape.say ?? "must match the expected format" }];
}

function checkNumber(shape: { min: number; max: number }, value: Json | undefined, pointer: string): readonly Fault[] {
  if (typeof value !== "number") return [{ pointer, message: "must provide a number" }];
  if (value < shape.min) return [{ pointer, message: `must be at least ${shape.min}` }];
  return value > shape.max ? [{ pointer, message: `must be at most ${shape.max}` }] : [];
}

function checkList(shape: Extract<Shape, { is: "list" }>, value: Json | undefined, pointer: string): readonly Fault[] {
  if (!Array.isArray(value)) return [{ pointer, message: "must provide an array" }];
  const items: readonly Json[] = value;
  const count = [
    ...(items.length < shape.min ? [{ pointer, message: `no fewer than ${shape.min} items allowed` }] : []),
    ...(items.length > shape.max ? [{ pointer, message: `no more than ${shape.max} items allowed` }] : []),
  ];
  return [...count, ...items.flatMap((item, index) => check(shape.of, item, `${pointer}/${index}`))];
}

function checkTyped(
  shapes: Readonly<Record<string, ObjectShape>>,
  value: Json | undefined,
  pointer: string,
): readonly Fault[] {
  if (!isObject(value)) return [{ pointer, message: "must provide an object" }];
  const type = value["type"];
  if (type === undefined) return [{ pointer, message: "missing required field: type" }];
  const shape = typeof type === "string" && Object.hasOwn(shapes, type) ? shapes[type] : undefined;
  if (!shape) return [{ pointer: `${pointer}/type`, message: `unsupported type: ${String(type)}` }];
  const { type: _, ...rest } = value;
  return checkObject(shape, rest, pointer);
}

function checkObject(shape: ObjectShape, value: JsonObject, pointer: string): readonly Fault[] {
  const known = { ...shape.required, ...shape.optional };
  const given = Object.entries(value).filter(([, part]) => part !== undefined);
  const faults = [
    ...Object.keys(shape.required)
      .filter((name) => value[name] === undefined)
      .map((name) => ({ pointer, message: `missing required field: ${name}` })),
    ...given.flatMap(([name, part]) => checkProperty(known, name, part, pointer)),
  ];
  // Rules over several properties may trust each property's own shape.
  return faults.length > 0 ? faults : shape.rules.flatMap((rule) => rule(value, pointer));
}

function checkProperty(known: Shapes, name: string, part: Json | undefined, pointer: string): readonly Fault[] {
  const shape = Object.hasOwn(known, name) ? known[name] : undefined;
  if (!shape) return [{ pointer, message: `invalid additional property: ${name}` }];
  return check(shape, part, `${pointer}/${escapePointer(name)}`);
}

/** JSON pointer escapes, RFC 6901. */
function escapePointer(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
