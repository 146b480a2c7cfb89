/** The table of docs/lifecycle.md, made from the table that decides. */
import { STEPS } from "@shirase/core/observe";
import { WORDING } from "@shirase/core/text/wordings";

const STOOD = { unknown: "never seen", open: "open", suppressed: "suppressed", resolved: "resolved" } as const;
const STANDS = { open: "open", suppressed: "suppressed", resolved: "resolved", away: "all records put away" } as const;
const SILENT: ReadonlySet<string> = new Set(["noted", "repeated"]);

/** How it stood x how it stands -> news and reason, as a Markdown table. */
export function lifecycleTable(): string {
  const rows = Object.entries(STEPS).flatMap(([stood, row]) =>
    Object.entries(row).map(([stands, { news, because }]) => {
      const told = SILENT.has(news) ? `${news}, not told` : `**${news}**`;
      const why = WORDING.en.reasons[because].replace(/: \{words\}$/, "");
      return `| ${STOOD[stood as keyof typeof STOOD]} | ${STANDS[stands as keyof typeof STANDS]} | ${told} | ${why} |`;
    }),
  );
  return ["| it stood | it stands | news | because |", "|---|---|---|---|", ...rows].join("\n");
}
