/**
 * The crossing: three customers, one who was withdrawn and a stranger, as plain data; and the sample findings as each
 * of them would send it. The emulator's crossing deploys this config and puts these findings; what arrived at its hub
 * was recorded into `packages/testkit/events/crossing`, where unit tests read it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { NewEvent } from "./buses.ts";
import { EVENTS_FOLDER } from "./events.ts";
import type { AwsPlace } from "./queues.ts";

/** Accounts by whose they are. */
export const ACCOUNTS = {
  hub: "111111111111",
  acme: "222222222222",
  globex: "333333333333",
  stranger: "444444444444",
  /** Initech's delegated administrator, who sends its members' findings. */
  initech: "555555555555",
  initechMember: "777777777777",
  umbrella: "888888888888",
} as const;

/** Regions: the hub's, and one more for each customer. */
export const REGIONS = { home: "ap-northeast-1", virginia: "us-east-1", ireland: "eu-west-1" } as const;

const NO_MACIE = { detail: { findings: { ProductName: [{ "anything-but": ["Macie"] }, { exists: false }] } } };

/** Parse it with `Config.parse` of @shirase/core/config. */
export const CROSSING_CONFIG = {
  hub: { account: ACCOUNTS.hub, region: REGIONS.home },
  slack: { workspace: "T0123456789", opsChannel: "C0OPS000000" },
  customers: [
    {
      id: "acme",
      name: "株式会社アクメ",
      language: "ja",
      accounts: [ACCOUNTS.acme],
      regions: [REGIONS.home, REGIONS.virginia],
      filter: NO_MACIE,
      slack: { channel: "C0ACME00000" },
    },
    {
      id: "globex",
      name: "Globex & Sons <Ltd>",
      delivery: "amazon-q",
      accounts: [ACCOUNTS.globex],
      regions: [REGIONS.home, REGIONS.ireland],
      filter: NO_MACIE,
      slack: { channel: "C0GLOBEX000" },
    },
    {
      id: "initech",
      name: "Initech",
      accounts: [ACCOUNTS.initech, ACCOUNTS.initechMember],
      delegatedAdmin: ACCOUNTS.initech,
      regions: [REGIONS.home, REGIONS.virginia],
      filter: NO_MACIE,
      slack: { channel: "C0INITECH00" },
    },
  ],
};

/** A customer that was once in the config beside the others. */
export const WITHDRAWN_CUSTOMER = {
  id: "umbrella",
  name: "Umbrella",
  accounts: [ACCOUNTS.umbrella],
  slack: { channel: "C0UMBRELLA0" },
};

/** Who sends a finding, and of whom it speaks. */
export type Sender = AwsPlace & {
  /** The account that the finding is about, when it is not the sender's own. */
  readonly about?: string;
};

type Json = Record<string, unknown>;

/**
 * A sample finding as this sender's Security Hub would send it: with its account and region, and a mark to know it by.
 *
 * @param file - below `packages/testkit/events`, or `examples/…` of the checkout.
 * @param mark - begins the title, as `[mark]`, and ends the ids of the finding and its resources: another problem.
 */
export function findingFrom({ account, region, about = account }: Sender, file: string, mark: string): NewEvent {
  const checkout = join(import.meta.dirname, "..", "..", "..");
  const text = readFileSync(file.startsWith("examples/") ? join(checkout, file) : join(EVENTS_FOLDER, file), "utf8");
  const sample = JSON.parse(text) as { readonly account: string; readonly region: string };
  const moved = text.replaceAll(sample.account, about).replaceAll(sample.region, region);
  const event = JSON.parse(moved) as {
    readonly source: string;
    readonly "detail-type": string;
    readonly resources: readonly string[];
    readonly detail: { readonly findings: Json[] };
  };
  for (const finding of event.detail.findings) setMark(finding, mark);
  const { source, "detail-type": detailType, resources, detail } = event;
  return { source, detailType, resources, detail };
}

/** Every mark in a text. */
export function marksIn(text: string): readonly string[] {
  return [...text.matchAll(/\[(c\d+)\]/g)].map(([, mark = ""]) => mark);
}

function setMark(finding: Json, mark: string): void {
  const info = finding["finding_info"] as Json | undefined;
  const [titled, titleKey, idKey] = info ? [info, "title", "uid"] : [finding, "Title", "Id"];
  titled[titleKey] = `[${mark}] ${titled[titleKey]}`;
  titled[idKey] = `${titled[idKey]}/${mark}`;
  for (const resource of (finding["Resources"] ?? finding["resources"]) as Json[]) {
    const key = info ? "uid" : "Id";
    resource[key] = `${resource[key]}-${mark}`;
  }
}
