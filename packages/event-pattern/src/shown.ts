/** An alternative as a person would write it: `"HIGH"`, `> 5`, `anything-but "PASSED"`. */
import type { Alternative } from "./matcher-types.ts";

/** In English, or rather in the pattern's own words. */
export function shown(alternative: Alternative): string {
  switch (alternative.op) {
    case "string":
    case "address":
      return JSON.stringify(alternative.text);
    case "number":
    case "literal":
      return alternative.text;
    case "exists":
      return alternative.wanted ? "present" : "absent";
    case "cidr":
      return `an address in ${alternative.text}`;
    case "numeric":
      return shownRange(alternative);
    case "anything-but-strings":
      return `anything-but ${[...alternative.texts].map((text) => JSON.stringify(text)).join(", ")}`;
    case "anything-but-numbers":
      return `anything-but ${[...alternative.values].join(", ")}`;
    case "anything-but":
      return `anything-but ${alternative.tests.map((test) => shown(test)).join(", ")}`;
    default:
      return `${alternative.op} ${JSON.stringify(alternative.text)}`;
  }
}

function shownRange({ low, high }: Alternative & { readonly op: "numeric" }): string {
  if (low !== undefined && low === high) return `= ${low.value}`;
  const bounds = [];
  if (low !== undefined) bounds.push(`${low.isOpen ? ">" : ">="} ${low.value}`);
  if (high !== undefined) bounds.push(`${high.isOpen ? "<" : "<="} ${high.value}`);
  return bounds.join(" and ");
}

/** What {@link shown} made, in a language. Values of the pattern are in quotes there, so its own words stand out. */
export function shownIn(text: string, language: "en" | "ja"): string {
  return language === "ja" ? inJapanese(text) : text;
}

function inJapanese(text: string): string {
  if (text === "present") return "値があること";
  if (text === "absent") return "項目がないこと";
  const [, block] = /^an address in (.*)$/.exec(text) ?? [];
  if (block !== undefined) return `${block} の中のアドレス`;
  const [, others] = /^anything-but (.*)$/s.exec(text) ?? [];
  if (others !== undefined) return `${others} 以外`;
  return /^[<>]/.test(text) ? text.replace(" and ", " かつ ") : text;
}
