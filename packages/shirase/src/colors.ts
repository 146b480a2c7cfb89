/** Colours for people, none for programs: on a terminal only, and never against NO_COLOR. */
import type { Writable } from "node:stream";
import pc from "picocolors";

/** The colour functions of picocolors; without colours they return the text as it is. */
export type Colors = ReturnType<typeof pc.createColors>;

/**
 * @param stream - where the text will go.
 * @see https://no-color.org
 */
export function colorsFor(
  stream: Writable & { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>> = process.env,
): Colors {
  const isForced = env["FORCE_COLOR"] !== undefined && env["FORCE_COLOR"] !== "0";
  const isPlain = Boolean(env["NO_COLOR"]) || env["TERM"] === "dumb";
  return pc.createColors(!isPlain && (isForced || stream.isTTY === true));
}
