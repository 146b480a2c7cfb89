/**
 * Numbers as EventBridge compares them: as doubles, but only those that a double holds exactly as written. Others
 * (1e400, 0.1000000000000000055) are only ever equal to their own spelling.
 *
 * @see https://github.com/aws/event-ruler: "numeric" in its README, and SEMANTICS.md here.
 */

/**
 * @param text - a JSON number as written.
 * @returns the double, or undefined when the double nearest to it is another number.
 */
export function comparable(text: string): number | undefined {
  const value = Number(text);
  if (!Number.isFinite(value)) return undefined;
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER && /^-?\d{1,15}$/.test(text)) return value === 0 ? 0 : value;
  if (decimal(text) !== decimal(javaText(value))) return undefined;
  return value === 0 ? 0 : value;
}

/**
 * The spelling that event-ruler takes for exact, Java's: the shortest that reads back as the same double, but of at
 * least two digits. So the smallest double is 4.9e-324 there, and 5e-324 is not it.
 *
 * @see https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/Double.html#toString(double)
 */
function javaText(value: number): string {
  const shortest = String(value);
  if (!/^-?\d(?:e[+-]\d+)?$/.test(shortest)) return shortest;
  const twoDigits = value.toPrecision(2);
  return Number(twoDigits) === value ? twoDigits : shortest;
}

/** One spelling for each decimal: `-123e-1` for -12.30. */
function decimal(text: string): string {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (parts === null) return text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = parts;
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const trimmed = digits.replace(/0+$/, "");
  if (trimmed === "") return "0";
  return `${sign}${trimmed}e${Number(exponent) - fraction.length + digits.length - trimmed.length}`;
}
