/**
 * What happened to a problem, step by step, kept in few bytes beside it: JSON lists, one after the other, the newest
 * last. A telling that says the same again moves the last step's count and time instead of adding one, so a problem that
 * is told daily for a year has a short history. Pure.
 */
import type { News } from "@shirase/core/observe";
import type { Said } from "@shirase/core/said";

/** One step. */
export type HistoryStep = {
  readonly at: Date;
  readonly news: News;
  /** 0 (INFORMATIONAL) to 4 (CRITICAL): as it stood then. */
  readonly severityRank: number;
  readonly eventId: string;
  /** How many channels were to hear of it. */
  readonly told: number;
  /** Why it is that news, and why nobody heard; with what it is about. */
  readonly said: readonly Said[];
  /** How many tellings said the same; the last of them at `lastAt`. */
  readonly times: number;
  readonly lastAt: Date;
};

/** What is kept of a step at most: its event's id and its reasons are as long as strangers make them. */
const LONGEST_ID = 100;
const LONGEST_FACT = 120;
/** Beyond this the oldest steps but the first are forgotten. */
const MOST_CHARACTERS = 8000;

type Packed = readonly [
  at: number,
  news: News,
  rank: number,
  eventId: string,
  told: number,
  said: readonly (readonly [code: Said["code"], facts?: Said["facts"]])[],
  times?: number,
  lastAt?: number,
];

/** The history with one more step. `history` is as this function made it; "" at first. */
export function withStep(history: string, step: Omit<HistoryStep, "times" | "lastAt">): string {
  const at = step.at.getTime();
  const isRepeat = step.news === "repeated";
  const start = isRepeat ? history.lastIndexOf("\n") + 1 : -1;
  const last = start >= 0 && history.length > start ? unpack(history.slice(start)) : undefined;
  if (last?.news === "repeated") {
    const again = [...pack(last), last.times + 1, at];
    return `${history.slice(0, start)}${JSON.stringify(again)}`;
  }
  const line = JSON.stringify(pack(step));
  const longer = history === "" ? line : `${history}\n${line}`;
  return longer.length > MOST_CHARACTERS ? shortened(longer) : longer;
}

/** A step by itself, as a line of a history. */
export function stepText(step: Omit<HistoryStep, "times" | "lastAt">): string {
  return JSON.stringify(pack(step));
}

/** A line of a history. @param line - as {@link stepText} made it. */
export function stepFrom(line: string): HistoryStep {
  return unpack(line);
}

/** The steps, the oldest first. */
export function stepsOf(history: string): readonly HistoryStep[] {
  return history === "" ? [] : history.split("\n").map(unpack);
}

function pack({ at, news, severityRank, eventId, told, said }: Omit<HistoryStep, "times" | "lastAt">): Packed {
  const reasons = said.map(({ code, facts }) => {
    const kept = Object.entries(facts).map(([name, value]) => [name, value.slice(0, LONGEST_FACT).toWellFormed()]);
    return kept.length === 0 ? ([code] as const) : ([code, Object.fromEntries(kept)] as const);
  });
  return [at.getTime(), news, severityRank, eventId.slice(0, LONGEST_ID).toWellFormed(), told, reasons];
}

function unpack(line: string): HistoryStep {
  const [at, news, severityRank, eventId, told, said, times = 1, lastAt = at] = JSON.parse(line) as Packed;
  const reasons = said.map(([code, facts = {}]) => ({ code, facts }));
  return { at: new Date(at), news, severityRank, eventId, told, said: reasons, times, lastAt: new Date(lastAt) };
}

/** Half as long: the first step says how it began, the newest how it stands. */
function shortened(history: string): string {
  const lines = history.split("\n");
  const [first = "", ...rest] = lines;
  let length = 0;
  const kept: string[] = [];
  for (const line of rest.toReversed()) {
    length += line.length + 1;
    if (length > MOST_CHARACTERS / 2) break;
    kept.unshift(line);
  }
  return [first, ...kept].join("\n");
}
