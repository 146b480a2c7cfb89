/**
 * Who must hear of what is new? One rule: who was told of a problem hears how it goes on; who was not hears of it when
 * it is there and wanted. So "fixed" is never told of what nobody heard of, and a problem that was held back (taken on,
 * below the severities, filtered) is told the first time that nothing holds it back.
 */
import type { HeardFinding } from "./hear.ts";
import type { Known, Observed } from "./observe.ts";
import { type Reason, reason } from "./reason.ts";
import type { SaidCode } from "./said.ts";

/** What is told; `news` of {@link Observed} less what never is. */
export type ToldNews = "opened" | "worsened" | "eased" | "reopened" | "flapped" | "resolved" | "suppressed";

/** Told as what, or not; with every answer up to the first no. */
export type Routed = { readonly tell?: ToldNews; readonly reasons: readonly Reason[] };

/** These bring a problem back to people: they must want it. The others end or soften what they were told. */
const NEEDS_WANTING: ReadonlySet<ToldNews> = new Set(["opened", "worsened", "reopened", "flapped"]);

/** Who must hear of one observed finding? */
export function route({ finding, wanted }: HeardFinding, { known, news, because }: Observed): Routed {
  const facts = { words: finding.seenBecause, severity: known.severity };
  const tell = newsToTell(known, news);
  if (tell === undefined) return { reasons: [reason("state", false, silentCode(known, because), facts)] };
  const state = reason("state", true, tell, facts);
  const asked = NEEDS_WANTING.has(tell) ? wanted : wanted.filter(({ step }) => step === "channel");
  const isWanted = asked.every(({ held }) => held);
  return { ...(isWanted ? { tell } : {}), reasons: [state, ...asked] };
}

function newsToTell(known: Known, news: Observed["news"]): ToldNews | undefined {
  if (known.toldSeverity !== undefined) return news === "repeated" || news === "noted" ? undefined : news;
  return known.standing === "open" && !known.isTakenOn ? "opened" : undefined;
}

/** Why nobody hears: for who was told, what is (not) new; for who was not, how it stands. */
function silentCode({ toldSeverity, standing, isTakenOn }: Known, because: Observed["because"]): SaidCode {
  if (toldSeverity !== undefined) return because;
  if (standing === "open" && isTakenOn) return "takenOn";
  return standing === "open" ? because : NOBODY_HEARD[standing];
}

const NOBODY_HEARD = { resolved: "passing", suppressed: "putAside", away: "retired" } as const;
