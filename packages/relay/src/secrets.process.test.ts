/**
 * Secrets in AWS, asked for over HTTP with the real clients. The other end is a small server that knows two secrets
 * and refuses as AWS refuses: by the names of its errors.
 */
import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, suite, test } from "node:test";
import type { SecretRef } from "@shirase/core/config";
import { type Env, resolveSecret } from "./secrets.ts";

const STORED: Readonly<Record<string, string>> = {
  "/shirase/token": "s3cret",
  "shirase/plain": "s3cret",
  "shirase/json": '{"token":"s3cret","count":3}',
  "shirase/broken": "{s3cret",
};

const server = createServer((request, response) => void answer(request, response));
let endpoint = "";
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env["AWS_ACCESS_KEY_ID"] = "test";
  process.env["AWS_SECRET_ACCESS_KEY"] = "test";
});
after(() => server.close());

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const asked = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { Name?: string; SecretId?: string };
  const isParameter = String(request.headers["x-amz-target"]).startsWith("AmazonSSM");
  const name = (isParameter ? asked.Name : asked.SecretId) ?? "";
  response.setHeader("content-type", "application/x-amz-json-1.1");
  if (name.includes("forbidden")) return refuse(response, "AccessDeniedException");
  const value = STORED[name];
  if (value === undefined) return refuse(response, isParameter ? "ParameterNotFound" : "ResourceNotFoundException");
  response.end(JSON.stringify(isParameter ? { Parameter: { Value: value } } : { SecretString: value }));
}

function refuse(response: ServerResponse, name: string): void {
  response.statusCode = 400;
  response.end(JSON.stringify({ __type: name, message: "s3cret must not be quoted" }));
}

suite("resolveSecret asks AWS", () => {
  const env = (): Env => ({ AWS_REGION: "ap-northeast-1", AWS_ENDPOINT_URL: endpoint });
  const found: readonly (readonly [why: string, ref: SecretRef])[] = [
    ["an SSM parameter", { ssm: "/shirase/token" }],
    ["a secret that is plain text", { secretsmanager: "shirase/plain" }],
    ["one key of a secret that is JSON", { secretsmanager: "shirase/json#token" }],
  ];
  for (const [why, ref] of found) {
    test(why, async () => assert.deepEqual(await resolveSecret(ref, env()), { secret: "s3cret" }));
  }

  const refused: readonly (readonly [why: string, ref: SecretRef, says: RegExp])[] = [
    ["the parameter is not there", { ssm: "/nowhere" }, /parameter \/nowhere in ap-northeast-1 does not exist/],
    ["the parameter is not for us", { ssm: "/forbidden" }, /may not be read/],
    ["the secret is not there", { secretsmanager: "nowhere" }, /does not exist/],
    ["the secret is not for us", { secretsmanager: "forbidden" }, /may not be read/],
    ["the secret is JSON and no key is named", { secretsmanager: "shirase/json" }, /holds JSON/],
    ["the key is not there", { secretsmanager: "shirase/json#tokn" }, /no text under "tokn"/],
    ["the key holds a number", { secretsmanager: "shirase/json#count" }, /no text under "count"/],
    ["the secret is no JSON", { secretsmanager: "shirase/broken#token" }, /no text under "token"/],
  ];
  for (const [why, ref, says] of refused) {
    test(why, async () => {
      const read = await resolveSecret(ref, env());
      assert.ok("problem" in read);
      assert.match(read.problem, says);
      assert.doesNotMatch(JSON.stringify(read), /s3cret/);
      assert.notEqual(read.remedy, "");
    });
  }

  test("nobody answers", async () => {
    const read = await resolveSecret(
      { ssm: "/x" },
      { AWS_REGION: "us-east-1", AWS_ENDPOINT_URL: "http://127.0.0.1:1" },
    );
    assert.match("problem" in read ? read.problem : "", /could not be fetched \(ECONNREFUSED\)/);
  });
});
