/**
 * A fault in a config before it has a place in the text: which value, what was expected, what to do. The schema's
 * issues (config-issues.ts) and the rules between keys (config-rules.ts) both end as these.
 */
import type { Path } from "./config-yaml.ts";

/** One fault of one value. */
export type ConfigFault = {
  readonly path: Path;
  /** Mark the value, or the key it stands under. */
  readonly on: "key" | "value";
  /** A phrase that goes after "expected". */
  readonly expected: string;
  /** A phrase that goes after "got"; without it, the value as it stands in the file. */
  readonly got?: string;
  /** Replaces "expected …, got …" where that would be clumsy. Says no value of the file. */
  readonly sentence?: string;
  /** One sentence on what to do, "" when there is nothing to add. */
  readonly fix: string;
  /** Names that would be right here: the nearest to what was written is suggested. */
  readonly allowed?: readonly string[];
  /** Where the other half of a contradiction stands; its line is added to the sentence. */
  readonly other?: Path;
};
