/**
 * How the answer of `shirase simulate` looks: for people every step with its reason and the message as it would be
 * read, or one line a finding; for programs JSON.
 *
 * Everything from an event is a stranger's text. It passes `oneLine` before it is printed, so that no finding can send
 * a command to the terminal.
 */
import { compose } from "@shirase/core/compose";
import type { Verdict } from "@shirase/core/decide";
import type { Prepared } from "@shirase/core/prepare";
import type { Reason } from "@shirase/core/reason";
import { type Step, say } from "@shirase/core/said";
import { oneLine } from "@shirase/core/slack-text";
import { renderMessage } from "@shirase/core/terminal";
import { columnsOf } from "@shirase/core/terminal-columns";
import { filled } from "@shirase/core/text/fill";
import type { Language } from "@shirase/core/text/wording";
import { WORDING } from "@shirase/core/text/wordings";
import type { Colors } from "./colors.ts";
import type { Simulated } from "./simulate.ts";
import { WORDS } from "./simulate-words.ts";

/** How to print. */
export type Look = {
  readonly language: Language;
  readonly columns: number;
  readonly isQuiet: boolean;
  readonly colors: Colors;
};

/** What became of one finding, or of an event that has none. */
type Fate = { readonly place: string } & (
  | {
      readonly kind: "told" | "notTold";
      readonly customerId: string;
      readonly verdict?: Verdict;
      readonly last: Reason;
    }
  | { readonly kind: "quarantined" | "unreadable"; readonly why: string; readonly verdict?: Verdict }
);

/** Every event with its steps and message (or one line each), then the sums. */
export function reportText(simulated: readonly Simulated[], prepared: Prepared, look: Look): string {
  const fates = simulated.map((one) => fatesOf(one, look.language));
  const parts = look.isQuiet
    ? fates.flat().map((fate) => quietLine(fate, look))
    : simulated.map((one, index) => eventText(one, fates[index] ?? [], prepared, look));
  return [...parts, ...(look.isQuiet ? [""] : []), summary(simulated.length, fates.flat(), prepared, look)].join("\n");
}

/** The same as data; sentences in English. */
export function reportJson(simulated: readonly Simulated[], prepared: Prepared): string {
  return JSON.stringify(
    simulated.map((one) => jsonOf(one, prepared)),
    null,
    2,
  );
}

function jsonOf({ from, decision }: Simulated, prepared: Prepared): object {
  if ("problem" in from) return { file: from.place, problem: from.problem };
  if (!decision) throw new Error(`${from.place} was read but not decided: simulate() skipped it`);
  const base = { file: from.place, eventId: from.event.id };
  if ("quarantine" in decision) return { ...base, quarantine: decision.quarantine };
  const { customerId, reasons, verdicts } = decision;
  const customer = prepared.customers.get(customerId);
  const findings = verdicts.map(({ finding, notices, reasons: steps, quarantine }) => ({
    key: finding.key,
    title: finding.title,
    severity: finding.severity,
    channels: notices.map(({ channelId }) => channelId),
    ...(quarantine === undefined ? {} : { quarantine }),
    reasons: steps.map(jsonReason),
    messages: customer ? notices.map((notice) => compose(notice, customer)) : [],
  }));
  return { ...base, customer: customerId, reasons: reasons.map(jsonReason), findings };
}

function jsonReason({ step, held, because }: Reason): object {
  return { step, held, because };
}

function fatesOf({ from, decision }: Simulated, language: Language): readonly Fate[] {
  const { place } = from;
  if ("problem" in from) return [{ place, kind: "unreadable", why: from.problem }];
  if (!decision) return [];
  if ("quarantine" in decision) return [{ place, kind: "quarantined", why: say(decision.said, language) }];
  const { customerId, reasons, verdicts } = decision;
  const refusal = reasons.find(({ held }) => !held);
  if (refusal) return [{ place, kind: "notTold", customerId, last: refusal }];
  return verdicts.flatMap((verdict): readonly Fate[] => {
    const last = verdict.reasons.at(-1);
    if (!last) return [];
    if (verdict.quarantine !== undefined)
      return [{ place, kind: "quarantined", why: say(last.said, language), verdict }];
    return [{ place, kind: verdict.notices.length > 0 ? "told" : "notTold", customerId, verdict, last }];
  });
}

function eventText({ from, decision }: Simulated, fates: readonly Fate[], prepared: Prepared, look: Look): string {
  const { colors, language } = look;
  const lines = [colors.bold(from.place)];
  if ("event" in from) {
    const { detailType, account, region } = from.event;
    lines.push(`  ${colors.dim(oneLine(filled(WORDS[language].from, { type: detailType, account, region })))}`);
  }
  if (decision && "reasons" in decision) lines.push(...decision.reasons.map((reason) => reasonLine(reason, look)));
  for (const [index, fate] of fates.entries()) {
    const { verdict } = fate;
    if (verdict && fates.length > 1)
      lines.push(`  ${WORDS[language].finding} ${index + 1}: ${oneLine(verdict.finding.title)}`);
    if (verdict) lines.push(...verdict.reasons.map((reason) => reasonLine(reason, look)));
    lines.push(`  ${fateWord(fate, look)}${"why" in fate && !verdict ? `: ${oneLine(fate.why)}` : ""}`);
    lines.push(...(verdict ? messages(verdict, prepared, look) : []));
  }
  return `${lines.join("\n")}\n`;
}

function messages({ notices }: Verdict, prepared: Prepared, { columns, colors }: Look): readonly string[] {
  return notices.flatMap((notice) => {
    const customer = prepared.customers.get(notice.customerId);
    if (!customer) return [];
    const drawn = renderMessage(compose(notice, customer), { width: columns - 6, color: colors.isColorSupported });
    return ["", ...drawn.split("\n").map((line) => `      ${line}`)];
  });
}

function reasonLine({ step, held, said }: Reason, { language, colors }: Look): string {
  const mark = held ? colors.green("✓") : colors.red("✗");
  return `  ${mark} ${stepName(step, language)}  ${oneLine(say(said, language))}`;
}

function stepName(step: Step, language: Language): string {
  const { steps } = WORDING[language];
  const widest = Math.max(...Object.values(steps).map(columnsOf));
  return steps[step] + " ".repeat(widest - columnsOf(steps[step]));
}

function fateWord(fate: Fate, { language, colors }: Look): string {
  const words = WORDS[language];
  const { kind } = fate;
  if (kind === "told") return colors.bold(colors.green(`→ ${fate.verdict?.notices[0]?.channelId ?? words.told}`));
  return kind === "notTold" ? colors.yellow(`— ${words.notTold}`) : colors.red(`! ${words[kind]}`);
}

/** `→ C0ACME00000  01-….json  acme  CRITICAL Security groups …`; or why not. */
function quietLine(fate: Fate, look: Look): string {
  const { language } = look;
  const start = `${fateWord(fate, look)}  ${fate.place}`;
  if ("why" in fate) return `${start}  ${oneLine(fate.why)}`;
  const { customerId, verdict, last, kind } = fate;
  if (kind === "notTold" || !verdict) return `${start}  ${customerId}: ${oneLine(say(last.said, language))}`;
  return `${start}  ${customerId}: ${verdict.finding.severity} ${oneLine(verdict.finding.title)}`;
}

function summary(events: number, fates: readonly Fate[], prepared: Prepared, look: Look): string {
  const words = WORDS[look.language];
  const count = (kind: Fate["kind"]): number => fates.filter((fate) => fate.kind === kind).length;
  const sums = {
    events,
    findings: fates.filter(({ verdict }) => verdict !== undefined).length,
    told: count("told"),
    notTold: count("notTold"),
    quarantined: count("quarantined"),
  };
  const lines = [look.colors.bold(filled(words.events, sums))];
  if (count("unreadable") > 0) lines.push(look.colors.red(`${words.unreadable}: ${count("unreadable")}`));
  lines.push(
    ...tally(
      words.byChannel,
      fates.flatMap((fate) => channelOf(fate, prepared)),
    ),
  );
  lines.push(
    ...tally(
      words.byReason,
      fates.flatMap((fate) => refusalOf(fate, look.language)),
    ),
  );
  return lines.join("\n");
}

function channelOf({ verdict }: Fate, prepared: Prepared): readonly string[] {
  return (verdict?.notices ?? []).map(({ customerId, channelId }) => {
    return `${prepared.customers.get(customerId)?.name ?? customerId}, ${channelId}`;
  });
}

function refusalOf(fate: Fate, language: Language): readonly string[] {
  return fate.kind === "notTold" ? [WORDING[language].steps[fate.last.step]] : [];
}

/** A heading and how often each word comes, most often first; nothing for no words. */
function tally(heading: string, words: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const rows = [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([word, count]) => `  ${String(count).padStart(4)}  ${word}`);
  return rows.length === 0 ? [] : [heading, ...rows];
}
