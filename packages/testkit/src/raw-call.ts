/** AWS calls of an emulator's without a client of their own: for what a test asks once. Emulators check no signature. */
import type { Emulator } from "./emulators.ts";
import type { AwsPlace } from "./queues.ts";

/** A call as it goes over the wire. */
export type RawCall = {
  /** As the signature names it: `ssm`, `s3`, `lambda`. */
  readonly service: string;
  readonly method?: string;
  readonly path?: string;
  /** Of services that name the operation in a header: `AmazonSSM.PutParameter`. */
  readonly target?: string;
  readonly body?: string;
};

/** @returns the answer's text. @throws with it when the emulator refuses. */
export async function rawCall(emulator: Emulator, { account, region }: AwsPlace, call: RawCall): Promise<string> {
  const { service, method = "POST", path = "/", target, body } = call;
  const scope = `${account}/20260101/${region}/${service}/aws4_request`;
  const answer = await fetch(`${emulator.endpoint}${path}`, {
    method,
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
      ...(target === undefined ? {} : { "x-amz-target": target, "content-type": "application/x-amz-json-1.1" }),
    },
    ...(body === undefined ? {} : { body }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${service} ${target ?? path}: HTTP ${answer.status} ${text}`);
  return text;
}
