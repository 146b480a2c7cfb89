/**
 * Stands between the AWS SDK and an emulator's CloudFormation for the states in which AWS's stacks get stuck. It refuses
 * changes in AWS's words, as an emulator never does; and a first deployment that failed is `ROLLBACK_COMPLETE` as on
 * AWS, where localemu says `CREATE_FAILED`.
 */
import { createServer, type IncomingMessage } from "node:http";

/** A running edge. */
export type CloudFormationEdge = { readonly url: string; readonly stop: () => Promise<void> };

/**
 * Starts it on 127.0.0.1.
 *
 * @param status - the state that forbids changes, `UPDATE_IN_PROGRESS` for one; without it none is refused.
 */
export async function startCloudFormationEdge(endpoint: string, status?: string): Promise<CloudFormationEdge> {
  const server = createServer((request, response) => {
    answer(request, endpoint, status).then(
      ({ code, body }) => response.writeHead(code, { "content-type": "text/xml" }).end(body),
      (error: unknown) => response.writeHead(502).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const FAILED = "<StackStatus>CREATE_FAILED</StackStatus>";
const ROLLED_BACK = "<StackStatus>ROLLBACK_COMPLETE</StackStatus>";

type Answer = { readonly code: number; readonly body: string };

async function answer(request: IncomingMessage, endpoint: string, status: string | undefined): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString("utf8");
  const asked = new URLSearchParams(body);
  const isChange = /^(?:CreateChangeSet|CreateStack|UpdateStack)$/.test(asked.get("Action") ?? "");
  if (isChange && status !== undefined) return { code: 400, body: refusal(asked.get("StackName") ?? "", status) };
  const headers = {
    "content-type": request.headers["content-type"] ?? "",
    authorization: request.headers.authorization ?? "",
  };
  const passed = await fetch(endpoint, { method: "POST", headers, body });
  return { code: passed.status, body: (await passed.text()).replaceAll(FAILED, ROLLED_BACK) };
}

function refusal(stackName: string, status: string): string {
  const arn = `arn:aws:cloudformation:ap-northeast-1:111111111111:stack/${stackName}/1c9c83fe-b9eb-4b32-ae1e-b9b15cfde4cd`;
  const message = `Stack:${arn} is in ${status} state and can not be updated.`;
  const error = `<Error><Type>Sender</Type><Code>ValidationError</Code><Message>${message}</Message></Error>`;
  const xmlns = "http://cloudformation.amazonaws.com/doc/2010-05-15/";
  return `<ErrorResponse xmlns="${xmlns}">${error}<RequestId>00000000-0000-4000-8000-000000000000</RequestId></ErrorResponse>`;
}
