/** What `shirase simulate` says around the reasons, in both languages. A table: no logic here. */
import type { Language } from "@shirase/core/text/wording";

type Words = Readonly<
  Record<
    "from" | "told" | "notTold" | "quarantined" | "unreadable" | "finding" | "events" | "byChannel" | "byReason",
    string
  >
>;

export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    from: "{type} from account {account} in {region}",
    told: "told",
    notTold: "not told",
    quarantined: "quarantine",
    unreadable: "no event",
    finding: "finding",
    events: "Events: {events}. Findings: {findings}. Told {told}, not told {notTold}, in quarantine {quarantined}.",
    byChannel: "Told:",
    byReason: "Not told, by the step that said no:",
  },
  ja: {
    from: "{type}（アカウント {account}、{region}）",
    told: "通知する",
    notTold: "通知しない",
    quarantined: "隔離",
    unreadable: "イベントではない",
    finding: "検出結果",
    events: "イベント{events}件、検出結果{findings}件：通知 {told}、通知しない {notTold}、隔離 {quarantined}",
    byChannel: "通知先：",
    byReason: "通知しないと決めた段階：",
  },
};
