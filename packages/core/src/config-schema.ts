/**
 * The config's shape as JSON Schema: for editors (shirase.schema.json), for docs/config.md, and to answer which keys
 * are allowed where when one is not known.
 */
import * as z from "zod";
import { Config } from "./config.ts";

/** What of JSON Schema draft 7 is used here. */
export type JsonSchema = {
  readonly type?: string;
  /** What the value is, in a phrase. */
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly pattern?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly propertyNames?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
};

let made: JsonSchema | undefined;

/** The JSON Schema (draft 7, which YAML editors know) of a config file as it is written. */
export function configJsonSchema(): JsonSchema {
  // Made once: it takes longer than reading a file, and the shape does not change.
  made ??= { title: "shirase.yaml", ...z.toJSONSchema(Config, { io: "input", target: "draft-7" }) } as JsonSchema;
  return made;
}

/** The keys that a mapping at this place may have; empty when any may, or none is known. */
export function keysAt(schema: JsonSchema, path: readonly (string | number)[]): readonly string[] {
  let here: readonly JsonSchema[] = alternatives(schema);
  for (const step of path) here = here.flatMap((one) => stepInto(one, step)).flatMap(alternatives);
  return [...new Set(here.flatMap(ownKeys))];
}

/** Where a key of this name is allowed, as `customers[].slack`; "" is the top of the file. */
export function placesOfKey(schema: JsonSchema, key: string, at = ""): readonly string[] {
  return alternatives(schema).flatMap((one) => {
    const here = ownKeys(one).includes(key) ? [at] : [];
    const inItems = one.items ? placesOfKey(one.items, key, `${at}[]`) : [];
    const inKeys = Object.entries(one.properties ?? {}).flatMap(([name, child]) =>
      placesOfKey(child, key, at === "" ? name : `${at}.${name}`),
    );
    return [...here, ...inItems, ...inKeys];
  });
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  return schema.anyOf ? schema.anyOf.flatMap(alternatives) : [schema];
}

function stepInto(schema: JsonSchema, step: string | number): readonly JsonSchema[] {
  if (typeof step === "number") return schema.items ? [schema.items] : [];
  const property = schema.properties && Object.hasOwn(schema.properties, step) ? schema.properties[step] : undefined;
  return property ? [property] : [];
}

function ownKeys(schema: JsonSchema): readonly string[] {
  return [...Object.keys(schema.properties ?? {}), ...(schema.propertyNames?.enum ?? []).map(String)];
}
