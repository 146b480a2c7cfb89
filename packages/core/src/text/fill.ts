/** Fills a sentence's {curly} names. A name without a value becomes nothing; values are put in as they are. */
export function filled(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) =>
    Object.hasOwn(values, name) ? String(values[name] ?? "") : "",
  );
}
