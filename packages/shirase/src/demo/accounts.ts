/**
 * The demo's AWS accounts: what Security Hub and GuardDuty would put on their default buses. Deterministic for a
 * seed, so that two people who run `shirase demo --seed 7` see the same findings.
 *
 * It makes events only. Whether one leaves its account is for the customer's real pattern to say (demo.ts), and most
 * do not: mild ones and passed ones stay at home, as in life.
 */
import type { Customer } from "@shirase/core/config";
import { CONTROLS, type ControlProblem, THREATS, type ThreatProblem } from "./problems.ts";

/** An event as the account's default bus sees it. */
export type DemoEvent = { readonly [key: string]: unknown };

/** Whole numbers from 0 up to, not including, `below`; the same ones for the same seed. */
export type Dice = (below: number) => number;

/** A seeded die (mulberry32): good enough to look random, small enough to read. */
export function diceFrom(seed: number): Dice {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

/**
 * The next thing that one of the customer's accounts has to say.
 *
 * @param now - becomes the event's time, in whole seconds as EventBridge gives it.
 */
export function nextEvent(customer: Customer, dice: Dice, now: Date): DemoEvent {
  const account = pick(customer.accounts, dice).id;
  const region = pick(customer.regions ?? ["ap-northeast-1"], dice);
  const where: Where = { account, sender: customer.delegatedAdmin ?? account, region, now, dice };
  const hasThreats = customer.sources.includes("guardduty") && dice(5) === 0;
  return hasThreats ? threatEvent(where, pick(THREATS, dice)) : controlEvent(where, pick(CONTROLS, dice));
}

/** The first thing to see: a CRITICAL control, so that every channel has a message at once. */
export function firstEvent(customer: Customer, dice: Dice, now: Date): DemoEvent {
  const account = customer.accounts.at(-1)?.id ?? "";
  const region = customer.regions?.[0] ?? "ap-northeast-1";
  const critical = CONTROLS.filter((control) => control.severity === "CRITICAL");
  const where: Where = { account, sender: customer.delegatedAdmin ?? account, region, now, dice };
  return controlEvent(where, pick(critical, dice), "FAILED");
}

/** Something from an account that no customer has: it must end in quarantine. */
export function strangersEvent(dice: Dice, now: Date): DemoEvent {
  const where: Where = { account: "999999999999", sender: "999999999999", region: "us-east-1", now, dice };
  return controlEvent(where, pick(CONTROLS, dice), "FAILED");
}

type Where = {
  readonly account: string;
  /** Whose bus it is put on: the delegated administrator's, when there is one. */
  readonly sender: string;
  readonly region: string;
  readonly now: Date;
  readonly dice: Dice;
};

function controlEvent(where: Where, control: ControlProblem, status?: "FAILED"): DemoEvent {
  const { account, region, now, dice } = where;
  const passed = status === undefined && dice(6) === 0;
  const resource = control.resource(account, region, hex(dice, 8));
  const findingId = `arn:aws:securityhub:${region}:${account}:security-control/${control.controlId}/finding/${uuid(dice)}`;
  const productArn = `arn:aws:securityhub:${region}::product/aws/securityhub`;
  const severity = passed ? "INFORMATIONAL" : control.severity;
  const finding = {
    SchemaVersion: "2018-10-08",
    Id: findingId,
    ProductArn: productArn,
    ProductName: "Security Hub",
    CompanyName: "AWS",
    Region: region,
    GeneratorId: `security-control/${control.controlId}`,
    AwsAccountId: account,
    Types: ["Software and Configuration Checks/Industry and Regulatory Standards"],
    FirstObservedAt: now.toISOString(),
    LastObservedAt: now.toISOString(),
    CreatedAt: now.toISOString(),
    UpdatedAt: now.toISOString(),
    Severity: { Label: severity, Original: severity },
    Title: control.title,
    Description: `This control checks the following: ${control.title}.`,
    Remediation: {
      Recommendation: {
        Text: "For information on how to correct this issue, consult the AWS Security Hub controls documentation.",
        Url: `https://docs.aws.amazon.com/console/securityhub/${control.controlId}/remediation`,
      },
    },
    Resources: [{ Type: control.resourceType, Id: resource, Partition: "aws", Region: region }],
    Compliance: {
      Status: passed ? "PASSED" : "FAILED",
      SecurityControlId: control.controlId,
      AssociatedStandards: [{ StandardsId: "standards/aws-foundational-security-best-practices/v/1.0.0" }],
    },
    Workflow: { Status: passed ? "RESOLVED" : "NEW" },
    RecordState: "ACTIVE",
  };
  const detail = { findings: [finding] };
  return envelope(where, "aws.securityhub", "Security Hub Findings - Imported", [`${productArn}/${findingId}`], detail);
}

function threatEvent(where: Where, threat: ThreatProblem): DemoEvent {
  const { account, region, now, dice } = where;
  const id = hex(dice, 32);
  const instanceId = `i-0${hex(dice, 16)}`;
  const detail = {
    schemaVersion: "2.0",
    accountId: account,
    region,
    partition: "aws",
    id,
    arn: `arn:aws:guardduty:${region}:${account}:detector/12abc34d567e8fa901bc2d34e56789f0/finding/${id}`,
    type: threat.type,
    resource: {
      resourceType: "Instance",
      instanceDetails: { instanceId, instanceType: "t3.micro", tags: [{ key: "Name", value: "web-1" }] },
    },
    service: {
      serviceName: "guardduty",
      eventFirstSeen: now.toISOString(),
      eventLastSeen: now.toISOString(),
      archived: false,
      count: 1,
    },
    severity: threat.severity,
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
    title: threat.title(instanceId),
    description: threat.title(instanceId),
  };
  return envelope({ ...where, sender: account }, "aws.guardduty", "GuardDuty Finding", [], detail);
}

function envelope(
  where: Where,
  source: string,
  detailType: string,
  resources: readonly string[],
  detail: DemoEvent,
): DemoEvent {
  return {
    version: "0",
    id: uuid(where.dice),
    "detail-type": detailType,
    source,
    account: where.sender,
    time: `${where.now.toISOString().slice(0, 19)}Z`,
    region: where.region,
    resources,
    detail,
  };
}

function pick<T>(items: readonly T[], dice: Dice): T {
  const item = items[dice(items.length)];
  if (item === undefined) throw new Error("the demo has nothing to pick from: a customer without accounts or regions");
  return item;
}

function hex(dice: Dice, digits: number): string {
  return Array.from({ length: digits }, () => dice(16).toString(16)).join("");
}

function uuid(dice: Dice): string {
  return [8, 4, 4, 4, 12].map((digits) => hex(dice, digits)).join("-");
}
