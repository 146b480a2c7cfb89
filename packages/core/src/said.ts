/**
 * Why something was decided, as a code and what it is about, so that it can be read in any language. The sentences
 * are in text/{en,ja}.ts; `simulate` and the relay's log print them.
 */
import type { Because } from "./observe.ts";
import type { ToldNews } from "./route.ts";
import type { Language } from "./text/wording.ts";
import { WORDING } from "./text/wordings.ts";

/** One reason. A fact named `why:ja` is `why` in that language only. Facts are data (account ids, a finding's words): hostile, and filled into the sentence as they are. */
export type Said = { readonly code: SaidCode; readonly facts: Readonly<Record<string, string>> };

/** The questions that are asked of an event and its findings, in order. */
export type Step = "owner" | "source" | "account" | "pattern" | "state" | "severity" | "filter" | "silence" | "channel";

export type SaidCode =
  | "ownedByAccount"
  | "ownedByBus"
  | "nobodysAccount"
  | "foreignBus"
  | "ownSource"
  | "declaredSource"
  | "undeclaredSource"
  | "unknownSource"
  | "heartbeat"
  | "nothingToTell"
  | "patternMatches"
  | "patternRefuses"
  | "patternNotAsked"
  | "ownAccount"
  | "memberAccount"
  | "foreignAccount"
  | ToldNews
  | Because
  | "passing"
  | "putAside"
  | "retired"
  | "takenOn"
  | "toldAlone"
  | "asked"
  | "test"
  | "severityWanted"
  | "severityUnwanted"
  | "severityNotAsked"
  | "noFilter"
  | "filterNotAsked"
  | "filterMatches"
  | "filterRefuses"
  | "silenced"
  | "notSilenced"
  | "toChannel"
  | "byAmazonQ";

/** The reason as a sentence without a full stop. */
export function say({ code, facts }: Said, language: Language): string {
  return WORDING[language].reasons[code].replace(
    /\{(\w+)\}/g,
    (_, name: string) => facts[`${name}:${language}`] ?? facts[name] ?? "",
  );
}
