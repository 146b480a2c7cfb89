/** Findings and notices out of JSON, where dates are strings; the same in every store. */
import type { Notice } from "@shirase/core/decide";
import type { Finding } from "@shirase/core/finding";

/** A notice out of JSON. @param elsewhere - what its row says, which the JSON need not say again. */
export function noticeFrom(json: string, elsewhere: Partial<Notice> = {}): Notice {
  const notice = { ...(JSON.parse(json) as Notice), ...elsewhere };
  const { openedAt, decidedAt } = notice;
  const finding = revived(notice.finding);
  return { ...notice, key: finding.key, finding, openedAt: new Date(openedAt), decidedAt: new Date(decidedAt) };
}

/** A finding out of JSON. */
export function findingFrom(json: string): Finding {
  return revived(JSON.parse(json) as Finding);
}

/** Facts with a date are known by their names; every other value is text. */
const DATED: ReadonlySet<string> = new Set(["starts", "ends", "sent"]);

function revived(finding: Finding): Finding {
  return {
    ...finding,
    firstSeenAt: new Date(finding.firstSeenAt),
    updatedAt: new Date(finding.updatedAt),
    facts: finding.facts.map(({ name, value }) => ({ name, value: DATED.has(name) ? new Date(value) : value })),
  };
}
