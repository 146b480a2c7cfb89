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

/** A customer's accounts, which remember what is wrong in them. */
export type Accounts = {
  /** The first thing to see: a CRITICAL control, so that every channel has a message at once. */
  readonly first: (now: Date) => DemoEvent;
  /**
   * The next thing that one of them has to say: mostly one event about something new, told again, worse or fixed; now
   * and then a deployment that went wrong, with many at once.
   *
   * @param now - becomes the events' time, in whole seconds as EventBridge gives it.
   */
  readonly next: (now: Date) => readonly DemoEvent[];
};

/** A failing control on one resource, told again and again under the same Id. */
type Problem = {
  readonly where: Omit<Where, "now">;
  readonly control: ControlProblem;
  readonly findingId: string;
  readonly resource: string;
  readonly createdAt: Date;
  readonly severity: ControlProblem["severity"];
};

/** One step in so many is a deployment that goes wrong everywhere. */
const DEPLOYMENT_ONCE_IN = 40;
const MOST_OPEN = 30;

/** Nothing is wrong in them yet. */
export function accountsOf(customer: Customer, dice: Dice): Accounts {
  let open: Problem[] = [];
  const place = (account: string, region: string): Problem["where"] => {
    return { account, sender: customer.delegatedAdmin ?? account, region, dice };
  };
  const anywhere = (): Problem["where"] =>
    place(pick(customer.accounts, dice).id, pick(customer.regions ?? ["ap-northeast-1"], dice));
  const begin = (where: Problem["where"], control: ControlProblem, now: Date): DemoEvent => {
    const problem = problemOf(where, control, now);
    open = [...open.slice(-MOST_OPEN), problem];
    return told(problem, now, "FAILED");
  };
  const replace = (old: Problem, by?: Problem): void => {
    open = open.flatMap((one) => (one === old ? (by ?? []) : one));
  };
  return {
    first: (now) => {
      const where = place(customer.accounts.at(-1)?.id ?? "", customer.regions?.[0] ?? "ap-northeast-1");
      const critical = CONTROLS.filter((control) => control.severity === "CRITICAL");
      return begin(where, pick(critical, dice), now);
    },
    next: (now) => {
      if (dice(DEPLOYMENT_ONCE_IN) === 0) {
        const [where, control] = [anywhere(), pick(CONTROLS, dice)];
        return Array.from({ length: 12 + dice(20) }, () => begin(where, control, now));
      }
      if (customer.sources.includes("guardduty") && dice(6) === 0) {
        return [threatEvent({ ...anywhere(), now }, pick(THREATS, dice))];
      }
      const old = open.length > 0 ? pick(open, dice) : undefined;
      switch (old ? dice(8) : 7) {
        case 0:
        case 1:
          replace(old as Problem);
          return [told(old as Problem, now, "PASSED")];
        case 2:
          return [told(old as Problem, now, "FAILED")];
        case 3: {
          const worse = { ...(old as Problem), severity: "CRITICAL" as const };
          replace(old as Problem, worse);
          return [told(worse, now, "FAILED")];
        }
        default:
          return [begin(anywhere(), pick(CONTROLS, dice), now)];
      }
    },
  };
}

/** Something from an account that no customer has: it must end in quarantine. */
export function strangersEvent(dice: Dice, now: Date): DemoEvent {
  const where = { account: "999999999999", sender: "999999999999", region: "us-east-1", dice };
  return told(problemOf(where, pick(CONTROLS, dice), now), now, "FAILED");
}

/** A sign of life of an account and region, as its heartbeat schedule sends it. */
export function heartbeatEvent(account: string, region: string, dice: Dice, now: Date): DemoEvent {
  const where = { account, sender: account, region, now, dice };
  return envelope(where, "shirase.heartbeat", "shirase heartbeat", [], {});
}

type Where = {
  readonly account: string;
  /** Whose bus it is put on: the delegated administrator's, when there is one. */
  readonly sender: string;
  readonly region: string;
  readonly now: Date;
  readonly dice: Dice;
};

function problemOf(where: Problem["where"], control: ControlProblem, now: Date): Problem {
  const { account, region, dice } = where;
  const resource = control.resource(account, region, hex(dice, 8));
  const findingId = `arn:aws:securityhub:${region}:${account}:security-control/${control.controlId}/finding/${uuid(dice)}`;
  return { where, control, findingId, resource, createdAt: now, severity: control.severity };
}

function told(problem: Problem, now: Date, status: "FAILED" | "PASSED"): DemoEvent {
  const { control, findingId, resource, createdAt } = problem;
  const where = { ...problem.where, now };
  const { account, region } = where;
  const passed = status === "PASSED";
  const productArn = `arn:aws:securityhub:${region}::product/aws/securityhub`;
  const severity = passed ? "INFORMATIONAL" : problem.severity;
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
    FirstObservedAt: createdAt.toISOString(),
    LastObservedAt: now.toISOString(),
    CreatedAt: createdAt.toISOString(),
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
      Status: status,
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
