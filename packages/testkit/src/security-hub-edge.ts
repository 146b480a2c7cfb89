/**
 * The part of Security Hub that no emulator has: a finding that is imported becomes an event on the account's bus.
 *
 * localemu takes BatchImportFindings, keeps whatever it is given and sends nothing; ministack does not know the call. So
 * this stands where the AWS SDK is sent with AWS_ENDPOINT_URL_SECURITYHUB: it answers as AWS does, refuses what AWS
 * refuses, adds what Security Hub adds, and puts `Security Hub Findings - Imported` on the default bus of the
 * emulator's account that signed the call.
 *
 * Not here: everything else that Security Hub can do. Who may import is not asked of any policy; a test says who may not.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/finding-update-batchimportfindings.html
 * @see https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { asffFault, type Finding } from "./asff-fault.ts";
import type { Emulator } from "./emulators.ts";

/** Where a call comes from, by its signature. */
export type Caller = { readonly account: string; readonly region: string };

/** What the accounts are like. */
export type SecurityHubOptions = {
  /** Default: every account in every region has it switched on. */
  readonly isEnabled?: (caller: Caller) => boolean;
  /** Default: whoever signs may import. */
  readonly mayImport?: (caller: Caller) => boolean;
};

/** A running edge. */
export type SecurityHubEdge = {
  /** For AWS_ENDPOINT_URL_SECURITYHUB. */
  readonly url: string;
  /** What was taken in and sent on as an event, in order, as the event holds it. */
  readonly imported: () => readonly Finding[];
  readonly stop: () => Promise<void>;
};

type Answer = { readonly status: number; readonly type?: string; readonly body: object };

/** Starts an edge on 127.0.0.1 before an emulator. */
export async function startSecurityHubEdge(
  emulator: Emulator,
  options: SecurityHubOptions = {},
): Promise<SecurityHubEdge> {
  const kept = new Map<string, Finding>();
  const imported: Finding[] = [];
  const take = async (request: IncomingMessage): Promise<Answer> => {
    const caller = callerOf(request);
    if (request.method !== "POST" || request.url !== "/findings/import" || caller === undefined) {
      return refusal(404, "UnknownOperationException", "");
    }
    const body: unknown = JSON.parse(await textOf(request));
    const answer = answerTo(body, caller, kept, options);
    if ("refused" in answer) return answer.refused;
    for (const finding of answer.taken) {
      kept.set(keyOf(finding), finding);
      imported.push(finding);
      await announce(emulator, caller, finding);
    }
    return { status: 200, body: answer.result };
  };
  const server = createServer((request, response) => {
    take(request).then(
      (answer) => send(response, answer),
      (error: unknown) => send(response, refusal(500, "InternalException", String(error))),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    imported: () => imported,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

type Taken = { readonly taken: readonly Finding[]; readonly result: object };

function answerTo(
  body: unknown,
  caller: Caller,
  kept: ReadonlyMap<string, Finding>,
  { isEnabled = () => true, mayImport = () => true }: SecurityHubOptions,
): Taken | { readonly refused: Answer } {
  const findings = (body as { readonly Findings?: readonly Finding[] }).Findings ?? [];
  if (findings.length < 1 || findings.length > 100) {
    return { refused: refusal(400, "InvalidInputException", "Invalid parameter 'Findings'.") };
  }
  if (!isEnabled(caller)) {
    const words = `Account ${caller.account} is not subscribed to AWS Security Hub`;
    return { refused: refusal(401, "InvalidAccessException", words) };
  }
  // AWS says the same of a missing permission, of another account's finding and of another region's product.
  const foreign = findings.find((finding) => !isOwn(finding, caller)) ?? (mayImport(caller) ? undefined : findings[0]);
  if (foreign !== undefined) return { refused: notAuthorized(caller, foreign) };
  const failed = findings.flatMap((finding) => {
    const fault = asffFault(finding);
    return fault === undefined ? [] : [{ Id: finding["Id"], ErrorCode: "InvalidInput", ErrorMessage: fault }];
  });
  const good = findings.filter((finding) => asffFault(finding) === undefined);
  const taken = good
    .map((finding) => merged(finding, kept.get(keyOf(finding)), caller))
    .filter((finding) => finding !== undefined);
  return { taken, result: { FailedCount: failed.length, SuccessCount: good.length, FailedFindings: failed } };
}

/** The default product is the account's own, and takes findings about this account in this region alone. */
function isOwn(finding: Finding, { account, region }: Caller): boolean {
  const product = `arn:aws:securityhub:${region}:${account}:product/${account}/default`;
  return finding["AwsAccountId"] === account && finding["ProductArn"] === product;
}

/** What the event holds; undefined when Security Hub knows something as new already and ignores it. */
function merged(finding: Finding, known: Finding | undefined, { region }: Caller): Finding | undefined {
  if (known && Date.parse(String(finding["UpdatedAt"])) <= Date.parse(String(known["UpdatedAt"]))) return undefined;
  const provider = finding["FindingProviderFields"] as { readonly Severity?: object; readonly Types?: object };
  const severity = (finding["Severity"] ?? provider.Severity) as { readonly Label?: string };
  return {
    Region: region,
    CompanyName: "Personal",
    ProductName: "Default",
    RecordState: "ACTIVE",
    ...finding,
    // Of the customer's own fields an update changes none.
    Workflow: known?.["Workflow"] ?? { Status: "NEW" },
    WorkflowState: "NEW",
    Severity: known?.["Severity"] ?? { ...severity, Normalized: NORMALIZED[severity.Label ?? ""] ?? 0 },
    Types: known?.["Types"] ?? finding["Types"] ?? provider.Types,
    FindingProviderFields: { Severity: severity, Types: finding["Types"] ?? provider.Types },
    ProcessedAt: new Date().toISOString(),
  };
}

const NORMALIZED: Readonly<Record<string, number>> = { LOW: 1, MEDIUM: 40, HIGH: 70, CRITICAL: 90 };

async function announce(emulator: Emulator, { account, region }: Caller, finding: Finding): Promise<void> {
  const client = new EventBridgeClient(emulator.clientFor(account, region));
  const entry = {
    Source: "aws.securityhub",
    DetailType: "Security Hub Findings - Imported",
    Resources: [keyOf(finding)],
    Detail: JSON.stringify({ findings: [finding] }),
  };
  await client.send(new PutEventsCommand({ Entries: [entry] }));
  client.destroy();
}

function keyOf(finding: Finding): string {
  return `${finding["ProductArn"]}/${finding["Id"]}`;
}

/** `Credential=222222222222/20261120/us-east-1/securityhub/aws4_request`: the emulators' key is the account. */
function callerOf(request: IncomingMessage): Caller | undefined {
  const scope = /Credential=(\d{12})\/\d{8}\/([a-z0-9-]+)\/securityhub\//.exec(request.headers.authorization ?? "");
  const [, account, region] = scope ?? [];
  return account === undefined || region === undefined ? undefined : { account, region };
}

function notAuthorized({ account }: Caller, finding: Finding): Answer {
  const words = `User: arn:aws:iam::${account}:user/test is not authorized to perform: securityhub:BatchImportFindings on resource: ${finding["ProductArn"]}`;
  return refusal(403, "AccessDeniedException", words);
}

function refusal(status: number, type: string, Message: string): Answer {
  return { status, type, body: { Message } };
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  const errorType = type === undefined ? {} : { "x-amzn-errortype": type };
  response.writeHead(status, { "content-type": "application/json", ...errorType }).end(JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
