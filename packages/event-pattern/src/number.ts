/**
 * Numbers as EventBridge compares them: as doubles, but only those that a double holds exactly as written. Others
 * (1e400, 0.1000000000000000055) are only ever equal to their own spelling.
 *
 * @see https://github.com/aws/event-ruler: "numeric" in its README, and SEMANTICS.md here.
 */
import { javaDecimal } from "./java-double.ts";

/** Up to 15 digits without an exponent: a double holds every one of them, and Java writes them back unchanged. */
const PLAIN = /^-?(?=[\d.]{1,16}$)\d{1,15}(?:\.\d+)?$/;

/**
 * @param text - a JSON number as written.
 * @returns the double, or undefined when the double nearest to it is another number.
 */
export function comparable(text: string): number | undefined {
  const value = Number(text);
  if (value === 0) return isZero(text) ? 0 : undefined;
  if (PLAIN.test(text)) return value;
  if (!Number.isFinite(value)) return undefined;
  const { digits, exponent } = javaDecimal(Math.abs(value));
  return decimal(text.replace(/^-/, "")) === decimal(`${digits}e${exponent}`) ? value : undefined;
}

/** A number too small for any double reads as zero, and is not zero. */
function isZero(text: string): boolean {
  return /^[-0.]*(?:e|$)/i.test(text);
}

/** One spelling for each decimal: `123e-1` for 12.30. */
function decimal(text: string): string {
  const [, whole = "", fraction = "", exponent = "0"] = /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const trimmed = digits.replace(/0+$/, "");
  return `${trimmed}e${Number(exponent) - fraction.length + digits.length - trimmed.length}`;
}
