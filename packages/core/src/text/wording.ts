/**
 * Every word that a reader sees, as one shape that each language fills in whole: a missing sentence does not compile.
 * {curly} names are filled in; en.ts and ja.ts hold the words.
 */
import type { FactName, Seen, Severity } from "../finding.ts";
import type { ToldNews } from "../route.ts";
import type { SaidCode, Step } from "../said.ts";

export type Language = "en" | "ja";

export type Wording = {
  readonly severity: Readonly<Record<Severity, string>>;
  /** Before the title, when the finding does not simply fail. */
  readonly seen: Readonly<Record<Exclude<Seen, "failing">, string>>;
  readonly sample: string;
  readonly test: string;
  readonly testTitle: string;
  readonly testDescription: string;
  readonly labels: Readonly<
    Record<
      "account" | "region" | "resource" | "since" | "until" | "control" | "standards" | "finding" | "source",
      string
    >
  >;
  readonly facts: Readonly<Record<FactName, string>>;
  /** What is new, in a card's thread. {before} and {after} are severities. */
  readonly news: Readonly<Record<ToldNews, string>>;
  /** "{count} open", on a card of more than one problem. */
  readonly openCount: string;
  readonly resolvedCount: string;
  readonly suppressedCount: string;
  /** Between two parts of a list. */
  readonly comma: string;
  /** "after {duration}". */
  readonly after: string;
  /** Many at once. */
  readonly burst: {
    readonly title: string;
    readonly more: string;
    /** "{count} {severity}". */
    readonly ofSeverity: string;
    readonly ended: Readonly<Record<"resolved" | "suppressed" | "eased", string>>;
    readonly times: string;
    readonly moreCauses: string;
    readonly threadNote: string;
    readonly named: string;
  };
  /** Heartbeats that stopped and came back, for the people who run shirase. */
  readonly heartbeat: {
    readonly missed: string;
    /** {time} of the last one, {every} how often it is expected. */
    readonly since: string;
    readonly remedy: string;
    readonly back: string;
    readonly more: string;
  };
  /** The digest of a day or a week. */
  readonly digest: {
    readonly daily: string;
    readonly weekly: string;
    /** {opened} and {resolved} since {since}. */
    readonly changed: string;
    readonly nothingNew: string;
    readonly openNow: string;
    readonly nothingOpen: string;
    readonly oldest: string;
    readonly openFor: string;
    readonly silences: string;
    readonly dead: string;
    readonly silent: string;
  };
  /** What a fact's "yes" reads as. */
  readonly yes: string;
  /** Behind a resource's name: "and {count} more". */
  readonly moreResources: string;
  readonly moreStandards: string;
  /** The account as a whole, as a resource. */
  readonly wholeAccount: string;
  /** Link texts. */
  readonly howToFix: string;
  readonly openConsole: string;
  /** The steps of a decision, in `simulate`. */
  readonly steps: Readonly<Record<Step, string>>;
  readonly reasons: Readonly<Record<SaidCode, string>>;
};
